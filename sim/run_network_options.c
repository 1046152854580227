#include "run_network_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config_load.h"
#include "option_value.h"

enum {
	CONFIG = 1, ON, CYCLES, INPUT, OUTPUT, JSON, THREADS, PRECISION, PRECISIONS, IMAGES, BATCH, LABELS, TOP, NAMES, LAYERS, REFERENCE, SAMPLE, SHARD, TENSORS,
	NO_COMPARE, QUANTIZE_INPUT, RESIZE, LAYOUT, SCALE, MEAN, STD, FAST, HELP
};

const struct option run_network_long_options[] = {
	{"config", required_argument, NULL, CONFIG}, {"on", required_argument, NULL, ON}, {"cycles", no_argument, NULL, CYCLES},
	{"input", required_argument, NULL, INPUT}, {"output", required_argument, NULL, OUTPUT}, {"json", required_argument, NULL, JSON},
	{"threads", required_argument, NULL, THREADS}, {"precision", required_argument, NULL, PRECISION}, {"precisions", required_argument, NULL, PRECISIONS},
	{"images", required_argument, NULL, IMAGES}, {"batch", required_argument, NULL, BATCH}, {"labels", required_argument, NULL, LABELS},
	{"top", required_argument, NULL, TOP}, {"names", required_argument, NULL, NAMES}, {"layers", required_argument, NULL, LAYERS}, {"reference", required_argument, NULL, REFERENCE},
	{"sample", required_argument, NULL, SAMPLE}, {"shard", required_argument, NULL, SHARD}, {"tensors", required_argument, NULL, TENSORS},
	{"no-compare", no_argument, NULL, NO_COMPARE}, {"quantize-input", no_argument, NULL, QUANTIZE_INPUT}, {"resize", required_argument, NULL, RESIZE},
	{"layout", required_argument, NULL, LAYOUT}, {"scale", required_argument, NULL, SCALE}, {"mean", required_argument, NULL, MEAN},
	{"std", required_argument, NULL, STD}, {"fast", no_argument, NULL, FAST}, {"help", no_argument, NULL, HELP}, OPTION_MEMORY_ROWS, {NULL, 0, NULL, 0},
};

/* Two whole numbers with a character between them. */
static bool parse_pair(const char *name, const char *text, char between, const char *expected, double most, double *a, double *b)
{
	char *end;
	errno = 0;
	unsigned long long x = strtoull(text, &end, 10);
	bool good = text[0] >= '0' && text[0] <= '9' && *end == between && end[1] >= '0' && end[1] <= '9';
	unsigned long long y = good ? strtoull(end + 1, &end, 10) : 0;
	good = good && !*end && !errno && (double)x <= most && (double)y <= most;
	*a = (double)x;
	*b = (double)y;
	return good || option_complain(name, text, expected);
}

static bool parse_images(const char *text, struct run_network_options *o)
{
	static const char expected[] = "FIRST:COUNT, COUNT from 1 to 10000000, such as 0:20";
	double first, count;
	o->images = true;
	if (!parse_pair("--images", text, ':', expected, RUN_IMAGES_MAX, &first, &count))
		return false;
	o->first = (size_t)first;
	o->count = (size_t)count;
	return o->count || option_complain("--images", text, expected);
}

static bool parse_shard(const char *text, struct run_network_options *o)
{
	static const char expected[] = "K/N with K from 1 to N, such as 3/16";
	double k, n;
	if (!parse_pair("--shard", text, '/', expected, 1e6, &k, &n))
		return false;
	o->shard = (unsigned)k;
	o->shards = (unsigned)n;
	return (k >= 1 && k <= n) || option_complain("--shard", text, expected);
}

static bool parse_resize(const char *text, struct run_network_options *o)
{
	static const char expected[] = "WIDTHxHEIGHT, each from 1 to 16384, such as 256x256";
	double width, height;
	if (!parse_pair("--resize", text, 'x', expected, 16384, &width, &height))
		return false;
	o->prepare.width = (unsigned)width;
	o->prepare.height = (unsigned)height;
	return (width >= 1 && height >= 1) || option_complain("--resize", text, expected);
}

static bool parse_on(const char *text, struct run_network_options *o)
{
	static const char *const word[] = {"model", "rtl", "rtl-alone", "icarus", NULL};
	static const enum backend_kind kind[] = {BACKEND_FAST, BACKEND_RTL, BACKEND_RTL_ALONE, BACKEND_ICARUS};
	int i = 0;
	bool good = option_word("--on", text, word, "model, rtl, rtl-alone or icarus", &i);
	o->kind = kind[i];
	return good;
}

static bool parse_layout(const char *text, struct run_network_options *o)
{
	static const char *const word[] = {"nchw", "nhwc", NULL};
	int i = 0;
	bool good = option_word("--layout", text, word, "nchw or nhwc", &i);
	o->prepare.layout = i ? LAYOUT_NHWC : LAYOUT_NCHW;
	return good;
}

static bool parse_scale(const char *text, double *scale)
{
	return option_real("--scale", text, -1e30, 1e30, scale) && (*scale != 0 || option_complain("--scale", text, "a number other than 0"));
}

static bool parse_std(const char *text, struct network_input_options *p)
{
	bool good = option_reals("--std", text, 3, p->std, &p->stds);
	for (unsigned i = 0; good && i < p->stds; i++)
		good = p->std[i] != 0 || option_complain("--std", text, "numbers other than 0");
	return good;
}

static bool add_input(const char *text, struct run_network_options *o)
{
	if (o->inputs == RUN_INPUTS)
		return option_complain("--input", text, "at most 64 of them");
	o->input[o->inputs++] = text;
	return true;
}

/* Options whose argument is kept as it is. */
static bool take_text(int option, struct run_network_options *o)
{
	const char **to[] = {
		[CONFIG] = &o->config_name, [OUTPUT] = &o->output, [JSON] = &o->json, [PRECISION] = &o->precision, [PRECISIONS] = &o->precisions,
		[LABELS] = &o->labels, [NAMES] = &o->names, [LAYERS] = &o->layers, [REFERENCE] = &o->reference, [TENSORS] = &o->tensors,
	};
	if (option < 0 || option > TENSORS || !to[option])
		return false;
	*to[option] = optarg;
	return true;
}

static bool take(int option, struct run_network_options *o, bool *cycles)
{
	switch (option) {
	case ON:
		return parse_on(optarg, o);
	case CYCLES:
		return *cycles = true;
	case INPUT:
		return add_input(optarg, o);
	case THREADS:
		return option_whole("--threads", optarg, 1, 256, &o->threads);
	case IMAGES:
		return parse_images(optarg, o);
	case BATCH:
		return option_whole("--batch", optarg, 1, 65536, &o->batch);
	case TOP:
		return option_whole("--top", optarg, 1, RUN_TOP_MAX, &o->top);
	case SAMPLE:
		return option_real("--sample", optarg, 1e-9, 1, &o->sample);
	case SHARD:
		return parse_shard(optarg, o);
	case NO_COMPARE:
		o->compare = false;
		return true;
	case QUANTIZE_INPUT:
		return o->prepare.quantise = true;
	case RESIZE:
		return parse_resize(optarg, o);
	case LAYOUT:
		return parse_layout(optarg, o);
	case SCALE:
		return parse_scale(optarg, &o->prepare.scale);
	case MEAN:
		return option_reals("--mean", optarg, 3, o->prepare.mean, &o->prepare.means);
	case STD:
		return parse_std(optarg, &o->prepare);
	case FAST:
		fprintf(stderr, "bitlet run: --fast is for a layer; a network runs by the interpreter unless --cycles or --on says otherwise\n");
		return false;
	default:
		return option >= OPTION_MEMORY ? option_memory(option, optarg, &o->memory) : take_text(option, o);
	}
}

static bool refuse(const char *text)
{
	fprintf(stderr, "bitlet run: %s; try 'bitlet run --help'\n", text);
	return false;
}

static bool fits(struct run_network_options *o, bool cycles)
{
	if (!o->config_name || !o->output)
		return refuse(o->config_name ? "no --output given" : "no --config given");
	if (cycles && o->kind != BACKEND_FAST)
		return refuse("--cycles goes with --on model only");
	if (cycles)
		o->kind = BACKEND_MODEL;
	if (o->kind == BACKEND_FAST && (o->layers || o->sample < 1 || o->shards > 1))
		return refuse("--layers, --sample and --shard go with --cycles or --on rtl, rtl-alone or icarus");
	if (o->precision && o->precisions)
		return refuse("--precision and --precisions exclude each other");
	if (o->reference && !o->compare)
		return refuse("--reference and --no-compare exclude each other");
	if (o->names && !o->top)
		return refuse("--names goes with --top");
	if (o->batch && !o->images)
		return refuse("--batch goes with --images");
	return true;
}

int run_network_mode(const struct run_network_options *o)
{
	char list[BITLET_MAX_PRECISIONS * 18 + 40] = "";
	for (unsigned i = 0; i < o->config.precisions; i++) {
		const char *name = o->config.precision[i].name;
		if (!strcmp(o->precision, name))
			return (int)i;
		strcat(strcat(list, i ? ", " : ""), name);
	}
	option_complain("--precision", o->precision, strcat(list, ", as the configuration has them"));
	return -1;
}

static void defaults(struct run_network_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	memset(o, 0, sizeof *o);
	memory_defaults(&o->memory, 8);
	o->threads = cores < 1 ? 1 : cores > 64 ? 64 : (unsigned)cores;
	o->kind = BACKEND_FAST;
	o->sample = 1;
	o->shard = o->shards = 1;
	o->compare = true;
}

enum options_verdict run_network_options_parse(int argc, char **argv, struct run_network_options *o)
{
	bool cycles = false;
	defaults(o);
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "", run_network_long_options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(command_run_help, stdout);
			return OPTIONS_HELP;
		}
		if (!take(option, o, &cycles))
			return OPTIONS_BAD;
	}
	if (optind + 1 != argc) {
		refuse(optind < argc ? "too many arguments; expected one MODEL" : "no MODEL given");
		return OPTIONS_BAD;
	}
	o->model = argv[optind];
	if (!fits(o, cycles) || !config_load(o->config_name, &o->config, stderr))
		return OPTIONS_BAD;
	bitlet_derive(&o->config, &o->derived);
	o->memory.bus_bytes = o->derived.bus_bytes;
	return o->precision && run_network_mode(o) < 0 ? OPTIONS_BAD : OPTIONS_RUN;
}
