/*
 * stats.c: `bitlet stats`: bit sparsity of a network's layers.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "bit_stats.h"
#include "command.h"
#include "config_load.h"
#include "image_run.h"
#include "network_load.h"
#include "stats_report.h"

const char command_stats_help[] =
	"usage: bitlet stats MODEL [options]\n"
	"\n"
	"Shows how many weights, and how many bits of the weights of each layer are zero, and how evenly the ones load the lanes (docs/quantize.md).\n"
	"MODEL is an ONNX or TFLite file.\n"
	"  --precision P     of all layers; may come several times. Default: what the network's own numbers need (its codes, or fp32)\n"
	"  --config CONFIG   N, packing and preparation of groups: a configuration file or a preset's name; default paper\n"
	"  --images X.npy    activations too, on images along the first dimension\n"
	"  --image-count N   the first N of them; default 16, or all\n"
	"  --json FILE       the tables as JSON, ones by significance of each layer among it\n"
	"Exit status: 0 good, 2 wrong usage or a file at fault.\n";

enum { PRECISION = 1, CONFIG, IMAGES, IMAGE_COUNT, JSON, HELP, MOST_PRECISIONS = 16 };

struct stats_command {
	const char *model, *config_name, *images, *json;
	size_t image_count;         /* 0: up to 16 */
	struct bitlet_precision precision[MOST_PRECISIONS];
	size_t precisions;
};

/* ---- the command line */

static bool take_precision(struct stats_command *o)
{
	if (o->precisions == MOST_PRECISIONS)
		return command_refuse("stats", "more than %d precisions", MOST_PRECISIONS) == EXIT_GOOD;
	if (bitlet_precision_parse(optarg, &o->precision[o->precisions++]))
		return true;
	return command_refuse("stats", "--precision '%s'; expected one such as int8, w4a8 (widths 1 to 24), fp32, tf32, bf16 or fp16", optarg) == EXIT_GOOD;
}

static bool take_count(struct stats_command *o)
{
	char *end;
	unsigned long n = strtoul(optarg, &end, 10);
	o->image_count = n;
	return (*optarg >= '1' && *optarg <= '9' && !*end && n <= 1000000000) ||
	       command_refuse("stats", "--image-count '%s'; expected a number from 1 to 1000000000", optarg) == EXIT_GOOD;
}

static bool take(int option, struct stats_command *o)
{
	switch (option) {
	case PRECISION:
		return take_precision(o);
	case CONFIG:
		o->config_name = optarg;
		return true;
	case IMAGES:
		o->images = optarg;
		return true;
	case IMAGE_COUNT:
		return take_count(o);
	case JSON:
		o->json = optarg;
		return true;
	default:
		return false; /* getopt has said why */
	}
}

static enum options_verdict parse(int argc, char **argv, struct stats_command *o)
{
	static const struct option rows[] = {
		{"precision", required_argument, NULL, PRECISION}, {"config", required_argument, NULL, CONFIG}, {"images", required_argument, NULL, IMAGES},
		{"image-count", required_argument, NULL, IMAGE_COUNT}, {"json", required_argument, NULL, JSON}, {"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0},
	};
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "", rows, NULL)) != -1;) {
		if (option == HELP) {
			fputs(command_stats_help, stdout);
			return OPTIONS_HELP;
		}
		if (!take(option, o))
			return OPTIONS_BAD;
	}
	if (optind + 1 == argc) {
		o->model = argv[optind];
		return OPTIONS_RUN;
	}
	command_refuse("stats", "%s; expected one network", optind < argc ? "too many arguments" : "no network given");
	return OPTIONS_BAD;
}

/* ---- layers */

static bool add_layer(struct stats_table *t, const struct lower_layer *l, struct fault *f)
{
	struct stats_layer *grown = realloc(t->layer, (t->layers + 1) * sizeof *grown);
	if (!grown)
		return fault_set(f, "out of memory for layers");
	t->layer = grown;
	grown[t->layers++] = (struct stats_layer){.lower = *l, .macs = layer_macs(&l->task)};
	return true;
}

static void count_weights(const struct stats_table *t, struct stats_layer *s)
{
	const struct layer_task *k = &s->lower.task;
	const struct bitlet_mode *m = &t->derived.mode[k->mode];
	size_t bytes = layer_weight_bytes(k, &t->derived), rows = k->out_channels;
	if (s->lower.weights == GRAPH_NONE)
		bit_stats_add(&s->weights, m, true, 0, k->weights, rows, bytes / m->w_bytes / rows, t->config.n, t->derived.group_cycles);
}

/* All nodes that the core can do in that precision; what it cannot is counted with the first reason. */
static bool find_layers(struct stats_table *t, const struct graph *g, const struct shapes *s, int mode, struct fault *f)
{
	for (size_t i = 0; i < g->nodes; i++) {
		struct lower_layer l;
		struct fault why = {""};
		int found = lower_node(g, s, g->order[i], &t->config, &t->derived, mode, &l, &why);
		if (found < 0)
			return fault_set(f, "%s", why.text);
		if (found == 0 && why.text[0]) {
			if (!t->left++)
				snprintf(t->why, sizeof t->why, "%.60s: %.150s", g->node[g->order[i]].name, why.text);
			continue;
		}
		if (found == 0)
			continue;
		if (!add_layer(t, &l, f)) {
			lower_free(&l);
			return false;
		}
		count_weights(t, &t->layer[t->layers - 1]);
	}
	return t->layers || fault_set(f, "no convolution or product can run in %s%s%s", t->name, t->why[0] ? ": " : "", t->why);
}

/* ---- activations */

static const struct tensor *value_of(const struct execution *e, int value)
{
	return value == GRAPH_NONE ? NULL : e->value[value];
}

/* A value has come: layers that have all their operands now look at them. */
static bool count_acts(void *context, const struct execution *e, int value, struct fault *f)
{
	struct stats_table *t = context;
	for (size_t i = 0; i < t->layers; i++) {
		struct stats_layer *s = &t->layer[i];
		struct lower_layer *l = &s->lower;
		const struct tensor *act = value_of(e, l->act), *weights = value_of(e, l->weights);
		if ((value != l->act && value != l->weights) || !act || (l->weights != GRAPH_NONE && !weights))
			continue;
		if (!lower_operands(l, &t->derived, act, weights, f))
			return false;
		const struct bitlet_mode *m = &t->derived.mode[l->task.mode];
		bit_stats_add(&s->acts, m, false, m->precision.is_float ? 0 : l->task.zero, l->task.act, 1, layer_act_bytes(&l->task, &t->derived) / m->a_bytes, 0, 0);
	}
	return true;
}

/* Open sizes are those of the images in a run, so that layers and runs agree. */
static bool shapes_for(const struct graph *g, const struct tensor *images, struct shapes *s, struct fault *f)
{
	struct tensor one;
	size_t batch;
	if (!images)
		return shapes_of(g, NULL, s, f);
	if (!image_batch(g, images, &batch, f))
		return false;
	one = *images;
	one.dim[0] = (int64_t)batch;
	one.count = images->dim[0] ? images->count / (size_t)images->dim[0] * batch : 0;
	one.data = NULL;
	return shapes_of(g, (const struct tensor *const[]){&one}, s, f);
}

/* ---- one precision after the other */

static void table_free(struct stats_table *t)
{
	for (size_t i = 0; i < t->layers; i++)
		lower_free(&t->layer[i].lower);
	free(t->layer);
	t->layer = NULL;
	t->layers = 0;
}

/* mode: LOWER_AUTO: of all the configuration's precisions what each layer needs. */
static bool table_fill(struct stats_table *t, const struct graph *g, const struct tensor *images, size_t count, int mode, struct fault *f)
{
	struct shapes s;
	bitlet_derive(&t->config, &t->derived);
	snprintf(t->name, sizeof t->name, "%s", mode >= 0 ? t->config.precision[mode].name : "its own precision");
	if (!shapes_for(g, images, &s, f))
		return false;
	struct image_visitor v = {count_acts, NULL, t, 1};
	bool good = find_layers(t, g, &s, mode, f) && (!images || image_run(g, images, 0, count, &v, f));
	shapes_free(&s);
	return good;
}

/* Loads the configuration; a precision that it lacks is added to it. */
static bool config_of(const struct stats_command *o, const struct bitlet_precision *p, struct bitlet_config *c, int *mode)
{
	struct config_complaint complaint;
	*mode = LOWER_AUTO;
	if (!config_load(o->config_name ? o->config_name : "paper", c, stderr))
		return false;
	for (unsigned i = 0; p && i < c->precisions; i++)
		if (!strcmp(c->precision[i].name, p->name))
			*mode = (int)i;
	if (!p || *mode >= 0)
		return true;
	*mode = (int)c->precisions;
	if (c->precisions == BITLET_MAX_PRECISIONS)
		return command_refuse("stats", "--precision %s is none of the %d that configuration %s has", p->name, BITLET_MAX_PRECISIONS, c->name) == EXIT_GOOD;
	c->precision[c->precisions++] = *p;
	return config_check(c, &complaint) || command_refuse("stats", "--precision %s with configuration %s: %s", p->name, c->name, complaint.text) == EXIT_GOOD;
}

static bool show(const struct stats_command *o, const struct graph *g, const struct tensor *images, size_t count, cJSON *json)
{
	static struct stats_table t; /* large */
	bool good = true;
	for (size_t i = 0; good && i < (o->precisions ? o->precisions : 1); i++) {
		const struct bitlet_precision *p = o->precisions ? &o->precision[i] : NULL;
		struct fault f = {""};
		memset(&t, 0, sizeof t);
		t.graph = g;
		t.images = count;
		int mode;
		good = config_of(o, p, &t.config, &mode);
		if (good && !table_fill(&t, g, images, count, mode, &f)) {
			fprintf(stderr, "bitlet stats: %s: %s\n", o->model, f.text);
			good = false;
		}
		if (good)
			stats_print(&t, stdout);
		if (good && json)
			cJSON_AddItemToArray(json, stats_object(&t));
		table_free(&t);
	}
	return good;
}

static bool load_images(const struct stats_command *o, struct tensor **images, size_t *count)
{
	struct fault f = {""};
	*count = 0;
	if (!o->images)
		return true;
	*images = npy_load(o->images, &f);
	size_t all = *images && (*images)->rank ? (size_t)(*images)->dim[0] : 0;
	*count = o->image_count ? o->image_count : all < 16 ? all : 16;
	if (*images && (!all || *count > all))
		fault_set(&f, "%s: %zu images; expected %zu", o->images, all, *count ? *count : 1);
	if (!f.text[0])
		return true;
	fprintf(stderr, "bitlet stats: %s\n", f.text);
	return false;
}

static int run(const struct stats_command *o)
{
	struct fault f = {""};
	enum network_kind kind;
	struct tensor *images = NULL;
	size_t count;
	struct graph *g = network_load(o->model, false, &kind, &f);
	if (!g)
		fprintf(stderr, "bitlet stats: %s\n", f.text);
	cJSON *list = o->json ? cJSON_CreateArray() : NULL;
	bool good = g && load_images(o, &images, &count) && show(o, g, images, count, list);
	good = good && (!o->json || json_write(list, o->json, "stats", stderr));
	cJSON_Delete(list);
	tensor_free(images);
	graph_free(g);
	return good ? EXIT_GOOD : EXIT_INPUT;
}

int command_stats(int argc, char **argv)
{
	struct stats_command o = {.model = NULL};
	enum options_verdict verdict = parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	return run(&o);
}
