#include "command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "config_load.h"
#include "generate.h"

struct options {
	const char *config, *dir;
};

/* The value of -o DIR, -oDIR, --output DIR, --output=DIR at argv[*i]; NULL when that is another word. Sets *lacks when DIR is missing. */
static const char *output_option(int argc, char **argv, int *i, bool *lacks)
{
	const char *word = argv[*i];
	if (!strcmp(word, "-o") || !strcmp(word, "--output")) {
		*lacks = *i + 1 >= argc;
		return *lacks ? NULL : argv[++*i];
	}
	if (!strncmp(word, "--output=", 9))
		return word + 9;
	if (!strncmp(word, "-o", 2))
		return word + 2;
	return NULL;
}

static int parse(int argc, char **argv, struct options *o)
{
	bool words_only = false;
	for (int i = 1; i < argc; i++) {
		bool lacks = false;
		const char *word = argv[i];
		const char *dir = words_only ? NULL : output_option(argc, argv, &i, &lacks);
		if (lacks)
			return command_refuse("gen", "%s needs a directory", word);
		if (dir && o->dir)
			return command_refuse("gen", "-o is given twice");
		if (dir)
			o->dir = dir;
		else if (!words_only && !strcmp(word, "--"))
			words_only = true;
		else if (!words_only && word[0] == '-' && word[1])
			return command_refuse("gen", "unknown option '%s'", word);
		else if (o->config)
			return command_refuse("gen", "more than one configuration: '%s' and '%s'", o->config, word);
		else
			o->config = word;
	}
	if (!o->config)
		return command_refuse("gen", "no configuration is given");
	if (!o->dir)
		return command_refuse("gen", "no output directory is given");
	return EXIT_GOOD;
}

int command_gen(int argc, char **argv)
{
	struct options o = { NULL, NULL };
	struct bitlet_config c;
	int status = parse(argc, argv, &o);
	if (status != EXIT_GOOD)
		return status;
	if (!config_load(o.config, &c, stderr))
		return EXIT_INPUT;
	return generate(&c, o.dir, stderr) ? EXIT_GOOD : EXIT_INPUT;
}
