#include "command.h"

#include <stdio.h>

#include "config_load.h"

int command_presets(int argc, char **argv)
{
	if (argc > 1)
		return command_refuse("presets", "unexpected '%s'", argv[1]);
	for (const char *const *name = config_presets(); *name; name++)
		puts(*name);
	return EXIT_GOOD;
}
