#include "quantize_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "config_load.h"

const char command_quantize_help[] =
	"usage: bitlet quantize MODEL.onnx --images X.npy --precision P -o OUT.onnx [options]\n"
	"\n"
	"Makes a network of small integers from a float one (docs/quantize.md): 8 bits as plain ONNX (QuantizeLinear, DequantizeLinear), other widths with\n"
	"operators of domain bitlet; bf16, fp16 and tf32 by rounding the weights. Prints what each layer became and how far the outputs are off.\n"
	"  --images X.npy         images along the first dimension, type and shape as the network's one input\n"
	"  --image-count N        the first N of them calibrate; default 100, or all\n"
	"  --check-count M        images for the check, behind the first N if there are so many; default N\n"
	"  --labels L.npy         right classes, one an image: accuracy instead of distance alone\n"
	"  --precision P          of all layers: int8, int4, w4a8, w8au8, bf16, ... (1 to 24 bits)\n"
	"  --precisions FILE      of single layers, by node name or glob (YAML); --precision or fp32 for the rest\n"
	"  --calibrate HOW        activations' ranges: minmax, percentile[=99.9], mse (least squared error; default)\n"
	"  --weights HOW          weights' scales: top (largest weight, largest code), error (least squared error), auto (default: error below 8 bits)\n"
	"  --keep-bias            no correction of biases for what rounding does to the mean of the outputs (done for weights of less than 8 bits)\n"
	"  --per-tensor           one scale for all weights of a layer, instead of one an output channel\n"
	"  --symmetric            activations without zero point\n"
	"  -o, --output OUT.onnx  the network\n"
	"  --save-precisions FILE what each layer got, as --precisions reads it\n"
	"  --json FILE            the tables as JSON\n"
	"  --threads T            of the runs; default 1\n"
	"Search of precisions, instead of --precision:\n"
	"  --search               each layer as cheap as the budget lets it be\n"
	"  --candidates LIST      precisions to choose from, the start first; default the fixed ones of --config, widest first, else int8,w4a8,int4\n"
	"  --budget-accuracy D    with labels: largest loss of accuracy, in percent of the images; without: largest mean relative error of the outputs, in percent\n"
	"  --budget-cycles C      largest number of cycles an image, by the compiler's estimate; needs --config\n"
	"  --config CONFIG        a configuration file or a preset's name: cost in cycles; without: in multiplications of 8 by 8 bits\n"
	"Exit status: 0 good, 1 no choice of precisions keeps the budget, 2 wrong usage or a file at fault.\n";

enum { IMAGES = 1, IMAGE_COUNT, CHECK_COUNT, LABELS, PRECISION, PRECISIONS, CALIBRATE, WEIGHTS, KEEP_BIAS, PER_TENSOR, SYMMETRIC, SAVE, JSON, THREADS, SEARCH, CANDIDATES,
       ACCURACY, CYCLES, CONFIG, HELP };

static const struct option long_options[] = {
	{"images", required_argument, NULL, IMAGES}, {"image-count", required_argument, NULL, IMAGE_COUNT}, {"check-count", required_argument, NULL, CHECK_COUNT},
	{"labels", required_argument, NULL, LABELS}, {"precision", required_argument, NULL, PRECISION}, {"precisions", required_argument, NULL, PRECISIONS},
	{"calibrate", required_argument, NULL, CALIBRATE}, {"weights", required_argument, NULL, WEIGHTS}, {"keep-bias", no_argument, NULL, KEEP_BIAS}, {"per-tensor", no_argument, NULL, PER_TENSOR},
	{"symmetric", no_argument, NULL, SYMMETRIC}, {"output", required_argument, NULL, 'o'}, {"save-precisions", required_argument, NULL, SAVE},
	{"json", required_argument, NULL, JSON}, {"threads", required_argument, NULL, THREADS}, {"search", no_argument, NULL, SEARCH},
	{"candidates", required_argument, NULL, CANDIDATES}, {"budget-accuracy", required_argument, NULL, ACCURACY}, {"budget-cycles", required_argument, NULL, CYCLES},
	{"config", required_argument, NULL, CONFIG}, {"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0},
};

static bool complain(const char *name, const char *text, const char *expected)
{
	fprintf(stderr, "bitlet quantize: %s '%s'; expected %s\n", name, text, expected);
	return false;
}

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

static bool parse_count(const char *name, const char *text, double most, size_t *value)
{
	double v = 0;
	if (!parse_real(name, text, 1, most, &v))
		return false;
	*value = (size_t)v;
	return (double)*value == v || complain(name, text, "a whole number");
}

static bool parse_precision(const char *name, const char *text, struct bitlet_precision *p)
{
	return bitlet_precision_parse(text, p) || complain(name, text, "a precision such as int8, w4a8, uint8 (widths 1 to 24), bf16, fp16, tf32 or fp32");
}

static bool parse_calibrate(const char *text, struct calibrate_rule *rule)
{
	rule->percentile = 99.9;
	if (!strcmp(text, "minmax"))
		rule->method = CALIBRATE_MINMAX;
	else if (!strcmp(text, "mse"))
		rule->method = CALIBRATE_MSE;
	else if (!strncmp(text, "percentile", 10) && (!text[10] || text[10] == '='))
		rule->method = CALIBRATE_PERCENTILE;
	else
		return complain("--calibrate", text, "minmax, percentile, percentile=P or mse");
	return rule->method != CALIBRATE_PERCENTILE || !text[10] || parse_real("--calibrate percentile", text + 11, 50.001, 100, &rule->percentile);
}

static bool parse_weights(const char *text, enum quant_weight_rule *rule)
{
	static const char *const word[] = {"auto", "top", "error"};
	for (int i = 0; i < 3; i++)
		if (!strcmp(text, word[i])) {
			*rule = (enum quant_weight_rule)i;
			return true;
		}
	return complain("--weights", text, "auto, top or error");
}

static bool parse_candidates(char *text, struct quantize_command *o)
{
	char *rest = NULL;
	for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		if (o->candidates == QUANT_CANDIDATES)
			return complain("--candidates", word, "at most 16 precisions");
		if (!parse_precision("--candidates", word, &o->candidate[o->candidates]))
			return false;
		for (size_t i = 0; i < o->candidates; i++)
			if (!strcmp(o->candidate[i].name, o->candidate[o->candidates].name))
				return complain("--candidates", word, "each precision once");
		o->candidates++;
	}
	return o->candidates || complain("--candidates", "", "precisions between commas");
}

static bool take_config(const char *name, struct quantize_command *o)
{
	if (!config_load(name, &o->config, stderr))
		return false;
	bitlet_derive(&o->config, &o->derived);
	return o->has_config = true;
}

static bool take_number(int option, struct quantize_command *o)
{
	size_t n = 0;
	switch (option) {
	case IMAGE_COUNT:
		return parse_count("--image-count", optarg, 1e9, &o->image_count);
	case CHECK_COUNT:
		return parse_count("--check-count", optarg, 1e9, &o->check_count);
	case THREADS:
		if (!parse_count("--threads", optarg, 256, &n))
			return false;
		o->threads = (unsigned)n;
		return true;
	case ACCURACY:
		if (!parse_real("--budget-accuracy", optarg, 0, 100, &o->accuracy))
			return false;
		o->accuracy /= 100;
		return true;
	default:
		return parse_real("--budget-cycles", optarg, 1, 1e18, &o->cycles);
	}
}

static bool take(int option, struct quantize_command *o)
{
	switch (option) {
	case IMAGES:
		o->images = optarg;
		return true;
	case LABELS:
		o->labels = optarg;
		return true;
	case 'o':
		o->output = optarg;
		return true;
	case SAVE:
		o->save = optarg;
		return true;
	case JSON:
		o->json = optarg;
		return true;
	case PRECISIONS:
		o->precisions = optarg;
		return true;
	case PRECISION:
		return o->has_precision = parse_precision("--precision", optarg, &o->precision);
	case CALIBRATE:
		return parse_calibrate(optarg, &o->options.activations);
	case WEIGHTS:
		return parse_weights(optarg, &o->options.weights);
	case KEEP_BIAS:
		return o->options.keep_bias = true;
	case PER_TENSOR:
		return o->options.per_tensor = true;
	case SYMMETRIC:
		return o->options.activations.symmetric = true;
	case SEARCH:
		return o->search = true;
	case CANDIDATES:
		return parse_candidates(optarg, o);
	case CONFIG:
		return take_config(optarg, o);
	case IMAGE_COUNT:
	case CHECK_COUNT:
	case THREADS:
	case ACCURACY:
	case CYCLES:
		return take_number(option, o);
	default:
		return false; /* getopt has said why */
	}
}

/* Fixed precisions of the configuration by falling width, or a usual choice. */
static void default_candidates(struct quantize_command *o)
{
	static const char *const usual[] = {"int8", "w4a8", "int4"};
	if (o->candidates)
		return;
	for (size_t i = 0; !o->has_config && i < sizeof usual / sizeof usual[0]; i++)
		bitlet_precision_parse(usual[i], &o->candidate[o->candidates++]);
	for (unsigned i = 0; o->has_config && i < o->derived.modes; i++) {
		const struct bitlet_precision *p = &o->derived.mode[i].precision;
		size_t at = o->candidates;
		if (p->is_float || !p->w_signed)
			continue;
		for (; at && o->candidate[at - 1].w_bits + o->candidate[at - 1].a_bits < p->w_bits + p->a_bits; at--)
			o->candidate[at] = o->candidate[at - 1];
		o->candidate[at] = *p;
		o->candidates++;
	}
}

static bool fits_search(struct quantize_command *o)
{
	bool budget = o->accuracy >= 0 || o->cycles > 0;
	if (!o->search && (budget || o->candidates || o->has_config))
		return command_refuse("quantize", "--candidates, --config and budgets go with --search") == EXIT_GOOD;
	if (!o->search)
		return true;
	if (!budget)
		return command_refuse("quantize", "--search without a budget; expected --budget-accuracy or --budget-cycles") == EXIT_GOOD;
	if (o->has_precision || o->precisions)
		return command_refuse("quantize", "--search chooses precisions itself; expected no --precision or --precisions") == EXIT_GOOD;
	if (o->cycles > 0 && !o->has_config)
		return command_refuse("quantize", "--budget-cycles needs --config") == EXIT_GOOD;
	default_candidates(o);
	return o->candidates > 1 || command_refuse("quantize", "%zu precisions to choose from; expected two or more (--candidates)", o->candidates) == EXIT_GOOD;
}

/* The float network would be lost. */
static bool overwrites(const struct quantize_command *o)
{
	struct stat from, to;
	return o->output && stat(o->model, &from) == 0 && stat(o->output, &to) == 0 && from.st_dev == to.st_dev && from.st_ino == to.st_ino;
}

static bool fits(struct quantize_command *o)
{
	if (overwrites(o))
		return command_refuse("quantize", "-o %s is the network itself; expected another file", o->output) == EXIT_GOOD;
	if (!o->images)
		return command_refuse("quantize", "no --images given") == EXIT_GOOD;
	if (!o->output && !(o->search && o->save))
		return command_refuse("quantize", "no -o given") == EXIT_GOOD;
	if (!o->search && !o->has_precision && !o->precisions)
		return command_refuse("quantize", "no --precision, --precisions or --search given") == EXIT_GOOD;
	return fits_search(o);
}

enum options_verdict quantize_options_parse(int argc, char **argv, struct quantize_command *o)
{
	memset(o, 0, sizeof *o);
	o->options.activations = (struct calibrate_rule){CALIBRATE_MSE, 99.9, false};
	o->accuracy = -1;
	o->threads = 1;
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(command_quantize_help, stdout);
			return OPTIONS_HELP;
		}
		if (!take(option, o))
			return OPTIONS_BAD;
	}
	if (optind + 1 != argc) {
		command_refuse("quantize", "%s; expected one MODEL.onnx", optind < argc ? "too many arguments" : "no network given");
		return OPTIONS_BAD;
	}
	o->model = argv[optind];
	return fits(o) ? OPTIONS_RUN : OPTIONS_BAD;
}
