#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config_load.h"
#include "feed.h"

enum { GROUPS_VERILATOR = 2000, GROUPS_IVERILOG = 500 };

const char command_check_help[] =
	"usage: bitlet check CONFIG [options]\n"
	"Simulates the generated RTL and the lane model together and compares every port in every cycle, and all results with the oracle.\n"
	"CONFIG is a configuration file or a preset's name.\n"
	"  --precision P      only this one (int8, fp32, ...), or mixed: another one for every output; default: all, then mixed\n"
	"  --groups K         groups times PEs, each precision; of each network layer about that many, drawn over the layer; default 2000, 500\n"
	"                     with iverilog\n"
	"  --seed S           of vectors, drawn groups and stall patterns; default 1\n"
	"  --stall PATTERN    none, in, out, both, or all: K groups without stalls, K / 8 with each of the others; default all\n"
	"  --stimulus KIND    uniform, gauss, relu, sparse, corner, finite, extreme, cancel, lanes or mixed; default: all of them in turn\n"
	"  --exhaustive       all operand pairs (w_bits + a_bits <= 16), or all words times 1.0 (16-bit floats)\n"
	"  --network MODEL --images X  real layers instead of random vectors: of an ONNX or TFLite file, as its program brings them to the array\n"
	"                     (bitlet run); X: .npy or picture, NAME=X and once more for each input when it has several\n"
	"  --image-count I    the first I rows of X, default 1, or the batch that MODEL declares; 0: all of it\n"
	"  --layer LIST       only these: name, glob or number in the table of bitlet run, 3..7, commas between them\n"
	"  --layers K         K random layers through the whole core and its memory, results against the interpreter of programs\n"
	"  --first I          the first of them is layer I of the seed; default 0\n"
	"  --faults           each with bus errors, aborts, resets and damaged programs, then once more\n"
	"  --dut array|pe|core   simulate bitlet_array (default), a single bitlet_pe or, with --network or --layers, the whole bitlet_top:\n"
	"                     the network's layers then run from memory, their outputs compared with the host's operators\n"
	"  --sim verilator|iverilog\n"
	"  --netlist FILE     Verilog of the simulated module in place of the generated RTL, as synthesis writes it, with models of its cells;\n"
	"                     may be given again; iverilog, with --dut pe or array or with --layers (short ones)\n"
	"  --dump FILE        changes of all its nets (VCD) of the last run; with --netlist\n"
	"  --break rtl|model  flip one bit of one result, to see that it is found\n"
	"  --json FILE        the report as JSON\n"
	"Exit status: 0 all agree, 1 they differ, 2 wrong usage or a tool that fails.\n"
	"Simulators are built in $BITLET_BUILD, else in ./build when it is there, else in a temporary folder.\n";

static bool complain(const char *what, const char *got, const char *expected)
{
	fprintf(stderr, "bitlet check: %s '%s'; expected %s\n", what, got, expected);
	return false;
}

static bool parse_number(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
	char *end;
	errno = 0;
	unsigned long long v = strtoull(text, &end, 0);
	if (isdigit((unsigned char)text[0]) && !*end && !errno && v >= least && v <= most) {
		*value = v;
		return true;
	}
	fprintf(stderr, "bitlet check: %s '%s'; expected a number from %llu to %llu\n", name, text, (unsigned long long)least,
	        (unsigned long long)most);
	return false;
}

/* Index of a word among `count` ones, or -1. */
static int find_word(const char *text, const char *const *word, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(text, word[i]) == 0)
			return i;
	return -1;
}

static bool parse_two(const char *name, const char *text, const char *first, const char *second, int *value)
{
	const char *const word[] = {first, second};
	char expected[64];
	snprintf(expected, sizeof expected, "%s or %s", first, second);
	*value = find_word(text, word, 2);
	return *value >= 0 || complain(name, text, expected);
}

static bool parse_dut(const char *text, struct options *o)
{
	static const char *const word[] = {"array", "pe", "core"};
	static const enum dut_top top[] = {TOP_ARRAY, TOP_PE, TOP_CORE};
	int i = find_word(text, word, 3);
	o->top = i < 0 ? TOP_ARRAY : top[i];
	return i >= 0 || complain("--dut", text, "array, pe or core");
}

static bool parse_stall(const char *text, struct options *o)
{
	static const char *const word[] = {"none", "in", "out", "both", "all"};
	int i = find_word(text, word, 5);
	o->stall = i == 4 ? EVERY_STALL : i;
	return i >= 0 || complain("--stall", text, "none, in, out, both or all");
}

static bool parse_kind(const char *text, struct options *o)
{
	for (unsigned i = 0; bitlet_stimulus_name(i); i++)
		if (strcmp(text, bitlet_stimulus_name(i)) == 0) {
			o->kind = (int)i;
			return true;
		}
	return complain("--stimulus", text, "a kind that --help lists");
}

static bool parse_precision(const char *text, struct options *o)
{
	if (strcmp(text, "mixed") == 0) {
		o->mode = FEED_MIXED;
		return true;
	}
	char list[BITLET_MAX_PRECISIONS * 18 + 16] = "";
	for (unsigned i = 0; i < o->config.precisions; i++) {
		const char *name = o->config.precision[i].name;
		if (strcmp(text, name) == 0) {
			o->mode = (int)i;
			return true;
		}
		strcat(strcat(list, name), ", ");
	}
	return complain("--precision", text, strcat(list, "or mixed"));
}

enum { PRECISION = 1, GROUPS, SEED, STALL, STIMULUS, EXHAUSTIVE, NETWORK, IMAGES, IMAGE_COUNT, LAYER, LAYERS, FIRST, FAULTS, DUT, SIM, NETLIST, DUMP, BREAK, JSON, HELP };

static const struct option long_options[] = {
	{"precision", required_argument, NULL, PRECISION}, {"groups", required_argument, NULL, GROUPS},
	{"seed", required_argument, NULL, SEED}, {"stall", required_argument, NULL, STALL},
	{"stimulus", required_argument, NULL, STIMULUS}, {"exhaustive", no_argument, NULL, EXHAUSTIVE},
	{"network", required_argument, NULL, NETWORK}, {"images", required_argument, NULL, IMAGES}, {"input", required_argument, NULL, IMAGES},
	{"image-count", required_argument, NULL, IMAGE_COUNT}, {"layer", required_argument, NULL, LAYER}, {"layers", required_argument, NULL, LAYERS},
	{"first", required_argument, NULL, FIRST}, {"faults", no_argument, NULL, FAULTS}, {"dut", required_argument, NULL, DUT},
	{"sim", required_argument, NULL, SIM}, {"netlist", required_argument, NULL, NETLIST}, {"dump", required_argument, NULL, DUMP}, {"break", required_argument, NULL, BREAK},
	{"json", required_argument, NULL, JSON}, {"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0},
};

static bool add_netlist(struct options *o, const char *file)
{
	for (int i = 0; i < OPTIONS_NETLIST; i++)
		if (!o->netlist[i]) {
			o->netlist[i] = file;
			return access(file, R_OK) == 0 || complain("--netlist", file, "a file that can be read");
		}
	fprintf(stderr, "bitlet check: more than %d times --netlist\n", OPTIONS_NETLIST);
	return false;
}

static bool add_input(struct options *o, const char *file)
{
	if (o->inputs == OPTIONS_INPUTS) {
		fprintf(stderr, "bitlet check: more than %d times --images\n", OPTIONS_INPUTS);
		return false;
	}
	o->input[o->inputs++] = file;
	return true;
}

/* One option with its argument; what depends on the configuration waits. */
static bool take(int option, struct options *o, const char **precision)
{
	uint64_t number = 0;
	int word = 0;
	bool good = true;
	switch (option) {
	case PRECISION:
		*precision = optarg;
		break;
	case GROUPS:
		good = parse_number("--groups", optarg, 1, UINT64_C(1000000000), &number);
		o->groups = (size_t)number;
		break;
	case SEED:
		good = parse_number("--seed", optarg, 0, UINT64_MAX, &o->seed);
		break;
	case STALL:
		good = parse_stall(optarg, o);
		break;
	case STIMULUS:
		good = parse_kind(optarg, o);
		break;
	case EXHAUSTIVE:
		o->exhaustive = true;
		break;
	case NETWORK:
		o->network = optarg;
		break;
	case IMAGES:
		return add_input(o, optarg);
	case IMAGE_COUNT:
		good = parse_number("--image-count", optarg, 0, 10000, &number);
		o->image_count = (size_t)number;
		break;
	case LAYER:
		o->layer = optarg;
		break;
	case LAYERS:
		good = parse_number("--layers", optarg, 1, UINT64_C(1000000000), &o->layers);
		break;
	case FIRST:
		good = parse_number("--first", optarg, 0, UINT64_C(1000000000), &o->first_layer);
		break;
	case FAULTS:
		o->faults = true;
		break;
	case DUT:
		good = parse_dut(optarg, o);
		break;
	case SIM:
		good = parse_two("--sim", optarg, "verilator", "iverilog", &word);
		o->sim = word ? SIM_IVERILOG : SIM_VERILATOR;
		break;
	case NETLIST:
		return add_netlist(o, optarg);
	case DUMP:
		o->dump = optarg;
		break;
	case BREAK:
		good = parse_two("--break", optarg, "rtl", "model", &word);
		o->broken = word ? BREAK_MODEL : BREAK_RTL;
		break;
	case JSON:
		o->json = optarg;
		break;
	default:
		good = false;
	}
	return good;
}

static bool load(struct options *o, const char *precision)
{
	if (!config_load(o->config_name, &o->generated, stderr))
		return false;
	o->config = o->generated;
	if (o->top == TOP_PE) { /* one PE has no array around it */
		o->config.pes = 1;
		o->config.array_fifo = 0;
	}
	bitlet_derive(&o->config, &o->derived);
	return !precision || parse_precision(precision, o);
}

/* The whole core takes no engine's options. */
static bool layers_fit(const struct options *o, const char *precision)
{
	if (!o->layers && (o->faults || o->first_layer)) {
		fprintf(stderr, "bitlet check: --faults and --first belong to --layers\n");
		return false;
	}
	if (o->layers && (o->network || o->exhaustive || precision || o->stall != EVERY_STALL || o->kind != FEED_ANY || o->top == TOP_PE ||
	                  o->dump || o->groups)) {
		fprintf(stderr, "bitlet check: --layers goes with --first, --faults, --seed, --sim, --netlist, --break and --json only\n");
		return false;
	}
	if (o->sim == SIM_IVERILOG && o->faults) {
		fprintf(stderr, "bitlet check: --faults runs in verilator only\n");
		return false;
	}
	if (o->top == TOP_CORE && o->network && (o->stall != EVERY_STALL || o->kind != FEED_ANY || o->groups || o->broken || o->sim == SIM_IVERILOG)) {
		fprintf(stderr, "bitlet check: --dut core --network goes with --images, --image-count, --precision and --json only\n");
		return false;
	}
	return true;
}

static bool fits(const struct options *o)
{
	if (!o->network != !o->inputs) {
		fprintf(stderr, "bitlet check: --network and --images belong together\n");
		return false;
	}
	if (o->layer && (!o->network || o->top == TOP_CORE)) {
		fprintf(stderr, "bitlet check: --layer goes with --network and --dut array or pe\n");
		return false;
	}
	if (o->network && o->exhaustive) {
		fprintf(stderr, "bitlet check: --exhaustive and --network exclude each other\n");
		return false;
	}
	if (o->sim == SIM_IVERILOG && o->exhaustive) {
		fprintf(stderr, "bitlet check: --exhaustive runs in verilator only\n");
		return false;
	}
	if (o->netlist[0] && (o->sim != SIM_IVERILOG || (o->top == TOP_CORE && !o->layers))) {
		fprintf(stderr, "bitlet check: --netlist goes with --sim iverilog and --dut array or pe, or --layers\n");
		return false;
	}
	if (o->dump && !o->netlist[0]) {
		fprintf(stderr, "bitlet check: --dump goes with --netlist\n");
		return false;
	}
	if (o->top == TOP_CORE && !o->network && !o->layers) {
		fprintf(stderr, "bitlet check: --dut core goes with --network or --layers\n");
		return false;
	}
	if (o->mode == FEED_MIXED && (o->network || o->exhaustive)) {
		fprintf(stderr, "bitlet check: --precision mixed is for random vectors only\n");
		return false;
	}
	return true;
}

enum options_verdict options_parse(int argc, char **argv, struct options *o)
{
	const char *precision = NULL;
	memset(o, 0, sizeof *o);
	o->mode = EVERY_MODE;
	o->seed = 1;
	o->stall = EVERY_STALL;
	o->kind = FEED_ANY;
	o->image_count = 1;
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(command_check_help, stdout);
			return OPTIONS_HELP;
		}
		if (!take(option, o, &precision))
			return OPTIONS_BAD;
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "bitlet check: %s; expected one CONFIG (see bitlet check --help)\n",
		        optind < argc ? "too many arguments" : "no configuration given");
		return OPTIONS_BAD;
	}
	o->config_name = argv[optind];
	if (!layers_fit(o, precision))
		return OPTIONS_BAD;
	if (o->layers)
		o->top = TOP_CORE;
	if (!o->groups)
		o->groups = o->sim == SIM_IVERILOG ? GROUPS_IVERILOG : GROUPS_VERILATOR;
	return load(o, precision) && fits(o) ? OPTIONS_RUN : OPTIONS_BAD;
}

const char *options_mode_name(const struct options *o, int mode)
{
	return mode == FEED_MIXED ? "mixed" : o->config.precision[mode].name;
}
