#include "run_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "config_load.h"

const char command_run_help[] =
	"usage: bitlet run LAYER.yaml --config CONFIG --output DIR [options]\n"
	"Compiles a layer into a program, runs it in the whole core from memory, and writes its outputs to DIR/output.npy.\n"
	"LAYER.yaml is a layer's description with its tensors (docs/layers.md); CONFIG is a configuration file or a preset's name.\n"
	"  --on model|rtl|both  cycle model (default), simulated RTL, or both with every port compared in every cycle\n"
	"  --fast             on the model: results without cycles, by the interpreter of programs\n"
	"  --input X.npy      activations in place of the layer's own\n"
	"  --json FILE        the table as JSON\n"
	"  --clock MHZ        of the core, for bandwidth and frames per second; default 200\n"
	"  --bandwidth GBPS   of each DRAM channel, 0: no limit; default 12.8 (DDR3-1600); act and out share one, wgt has the other\n"
	"  --latency CYCLES   of memory; default 30\n"
	"  --outstanding N    bursts that memory takes before it answers the first; default 64\n"
	"  --stalls PERCENT   of the bus events wait at random; default 0\n"
	"  --seed S           of these stalls; default 1\n"
	"  --threads T        for --fast; default 1\n"
	"Exit status: 0 good, 1 RTL and model differ, a result is not the interpreter's, or the core stopped, 2 wrong usage or a tool that fails.\n"
	"Simulators are built in $BITLET_BUILD, else in ./build when it is there, else in a temporary folder.\n";

enum { CONFIG = 1, ON, FAST, INPUT, OUTPUT, JSON, CLOCK, BANDWIDTH, LATENCY, OUTSTANDING, STALLS, SEED, THREADS, HELP };

static const struct option long_options[] = {
	{"config", required_argument, NULL, CONFIG}, {"on", required_argument, NULL, ON}, {"fast", no_argument, NULL, FAST},
	{"input", required_argument, NULL, INPUT}, {"output", required_argument, NULL, OUTPUT}, {"json", required_argument, NULL, JSON},
	{"clock", required_argument, NULL, CLOCK}, {"bandwidth", required_argument, NULL, BANDWIDTH}, {"latency", required_argument, NULL, LATENCY},
	{"outstanding", required_argument, NULL, OUTSTANDING}, {"stalls", required_argument, NULL, STALLS}, {"seed", required_argument, NULL, SEED},
	{"threads", required_argument, NULL, THREADS}, {"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0},
};

static bool complain(const char *what, const char *got, const char *expected)
{
	fprintf(stderr, "bitlet run: %s '%s'; expected %s\n", what, got, expected);
	return false;
}

/* A number from least to most. */
static bool parse_real(const char *name, const char *text, double least, double most, double *value)
{
	char *end, expected[64];
	errno = 0;
	double v = strtod(text, &end);
	if (end != text && !*end && !errno && v >= least && v <= most) { /* not for NaN */
		*value = v;
		return true;
	}
	snprintf(expected, sizeof expected, "a number from %g to %g", least, most);
	return complain(name, text, expected);
}

static bool parse_whole(const char *name, const char *text, double least, double most, unsigned *value)
{
	double v = 0;
	if (!parse_real(name, text, least, most, &v))
		return false;
	*value = (unsigned)v;
	return (double)*value == v || complain(name, text, "a whole number");
}

static bool parse_on(const char *text, enum run_on *on)
{
	static const char *const word[] = {"model", "rtl", "both"};
	for (int i = 0; i < 3; i++)
		if (!strcmp(text, word[i])) {
			*on = (enum run_on)i;
			return true;
		}
	return complain("--on", text, "model, rtl or both");
}

static bool parse_seed(const char *text, uint64_t *seed)
{
	char *end;
	errno = 0;
	*seed = strtoull(text, &end, 0);
	return (text[0] >= '0' && text[0] <= '9' && !*end && !errno) || complain("--seed", text, "a number from 0 to 2^64 - 1");
}

static bool take(int option, struct run_options *o)
{
	double v = 0;
	bool good = true;
	switch (option) {
	case CONFIG:
		o->config_name = optarg;
		break;
	case ON:
		return parse_on(optarg, &o->on);
	case FAST:
		o->fast = true;
		break;
	case INPUT:
		o->input = optarg;
		break;
	case OUTPUT:
		o->output = optarg;
		break;
	case JSON:
		o->json = optarg;
		break;
	case CLOCK:
		good = parse_real("--clock", optarg, 0.001, 1e5, &v);
		o->memory.clock_hz = (uint64_t)(v * 1e6);
		break;
	case BANDWIDTH:
		good = parse_real("--bandwidth", optarg, 0, 1e4, &v);
		for (int i = 0; i < MEMORY_CHANNELS; i++)
			o->memory.bandwidth[i] = (uint64_t)(v * 1e9);
		break;
	case LATENCY:
		return parse_whole("--latency", optarg, 1, 1e6, &o->memory.latency);
	case OUTSTANDING:
		return parse_whole("--outstanding", optarg, 1, MEMORY_MAX_BURSTS, &o->memory.outstanding);
	case STALLS:
		return parse_whole("--stalls", optarg, 0, 100, &o->memory.stalls);
	case SEED:
		return parse_seed(optarg, &o->memory.seed);
	case THREADS:
		return parse_whole("--threads", optarg, 1, 256, &o->threads);
	default:
		return false;
	}
	return good;
}

static bool fits(const struct run_options *o)
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

enum options_verdict run_options_parse(int argc, char **argv, struct run_options *o)
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
