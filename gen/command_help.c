#include "command.h"

#include <stdio.h>
#include <string.h>

#include "config_help.h"
#include "registers.h"

static void print_overview(void)
{
	puts("bitlet " BITLET_VERSION ": generator of bit-interleaving DNN accelerators\n"
	     "\n"
	     "usage: bitlet VERB [ARGUMENT...]\n");
	for (const struct command *c = commands; c->name; c++)
		printf("  %-10s %s\n", c->name, c->summary);
	puts("\n"
	     "  --help     this text; bitlet VERB --help explains the verb\n"
	     "  --version  the version\n"
	     "\n"
	     "Exit status: 0 good, 1 the answer is no, 2 the input is at fault.");
}

int command_help(int argc, char **argv)
{
	const struct command *c;
	if (argc > 2)
		return command_refuse("help", "unexpected '%s'", argv[2]);
	if (argc < 2) {
		print_overview();
	} else if (!strcmp(argv[1], "config")) {
		config_help(stdout);
	} else if (!strcmp(argv[1], "registers")) {
		registers_markdown(NULL, NULL, stdout);
	} else if ((c = command_find(argv[1])) != NULL) {
		fputs(c->help, stdout);
	} else {
		return command_refuse("help", "there is no verb '%s'", argv[1]);
	}
	return EXIT_GOOD;
}
