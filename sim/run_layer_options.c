#include "run_layer_options.h"

#include <string.h>

#include "command.h"
#include "config_load.h"
#include "option_value.h"

enum { CONFIG = 1, ON, FAST, INPUT, OUTPUT, JSON, THREADS, HELP };

static const struct option long_options[] = {
	{"config", required_argument, NULL, CONFIG}, {"on", required_argument, NULL, ON}, {"fast", no_argument, NULL, FAST},
	{"input", required_argument, NULL, INPUT}, {"output", required_argument, NULL, OUTPUT}, {"json", required_argument, NULL, JSON},
	{"threads", required_argument, NULL, THREADS}, {"help", no_argument, NULL, HELP}, OPTION_MEMORY_ROWS, {NULL, 0, NULL, 0},
};

static bool parse_on(const char *text, enum run_on *on)
{
	static const char *const word[] = {"model", "rtl", "both", "icarus", NULL};
	int i = 0;
	bool good = option_word("--on", text, word, "model, rtl, both or icarus", &i);
	*on = (enum run_on)i;
	return good;
}

static bool take(int option, struct run_layer_options *o)
{
	switch (option) {
	case CONFIG:
		o->config_name = optarg;
		return true;
	case ON:
		return parse_on(optarg, &o->on);
	case FAST:
		o->fast = true;
		return true;
	case INPUT:
		o->input = optarg;
		return true;
	case OUTPUT:
		o->output = optarg;
		return true;
	case JSON:
		o->json = optarg;
		return true;
	case THREADS:
		return option_whole("--threads", optarg, 1, 256, &o->threads);
	default:
		return option >= OPTION_MEMORY && option_memory(option, optarg, &o->memory);
	}
}

static bool fits(const struct run_layer_options *o)
{
	if (!o->config_name || !o->output) {
		fprintf(stderr, "bitlet run: no %s given; try 'bitlet run --help'\n", o->config_name ? "--output" : "--config");
		return false;
	}
	if (o->fast && o->on != RUN_MODEL) {
		fprintf(stderr, "bitlet run: --fast goes with --on model only\n");
		return false;
	}
	return true;
}

enum options_verdict run_layer_options_parse(int argc, char **argv, struct run_layer_options *o)
{
	memset(o, 0, sizeof *o);
	memory_defaults(&o->memory, 8);
	o->threads = 1;
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(command_run_help, stdout);
			return OPTIONS_HELP;
		}
		if (!take(option, o))
			return OPTIONS_BAD;
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "bitlet run: %s; expected one LAYER.yaml (see bitlet run --help)\n", optind < argc ? "too many arguments" : "no layer given");
		return OPTIONS_BAD;
	}
	o->layer = argv[optind];
	if (!fits(o) || !config_load(o->config_name, &o->config, stderr))
		return OPTIONS_BAD;
	bitlet_derive(&o->config, &o->derived);
	o->memory.bus_bytes = o->derived.bus_bytes;
	return OPTIONS_RUN;
}
