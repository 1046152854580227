#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

/* Output that did not arrive is a failure: a full disk must not look like success. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "bitlet: standard output cannot be written: %s\n", strerror(errno));
	return EXIT_INPUT;
}

static int run(int argc, char **argv)
{
	const struct command *c = command_find(argv[0]);
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h"))
		return command_help(1, argv);
	if (!strcmp(argv[0], "--version")) {
		puts("bitlet " BITLET_VERSION);
		return EXIT_GOOD;
	}
	if (!c) {
		fprintf(stderr, "bitlet: unknown %s '%s'; try 'bitlet --help'\n", argv[0][0] == '-' ? "option" : "verb", argv[0]);
		return EXIT_INPUT;
	}
	if (argc > 1 && !strcmp(argv[1], "--help")) {
		fputs(c->help, stdout);
		return EXIT_GOOD;
	}
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts("bitlet " BITLET_VERSION);
		return EXIT_GOOD;
	}
	return c->run(argc, argv);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("bitlet: no verb is given; try 'bitlet --help'\n", stderr);
		return EXIT_INPUT;
	}
	return finish(run(argc - 1, argv + 1));
}
