/*
 * run_network.c: `bitlet run MODEL`.
 */
#include "run_network.h"

#include "command.h"
#include "run_network_options.h"

int run_network(int argc, char **argv)
{
	static struct run_network_options o; /* large */
	enum options_verdict verdict = run_network_options_parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	fprintf(stderr, "bitlet run: %s: networks do not run yet\n", o.model);
	return EXIT_INPUT;
}
