/*
 * network.c: real layers of a network through RTL and model: the network runs as `bitlet run` runs it, and what the program of a layer brings to the array
 * goes to the engine under test.
 */
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "layer_choice.h"
#include "network_source.h"
#include "schedule.h"

/* A network on its way. */
struct passage {
	struct campaign *c;
	struct schedule schedule;
	bool *chosen;               /* [steps] */
	size_t left;                /* chosen steps to come */
	bool ended;                 /* by ready() itself, for nothing of the network is wanted any more */
	bool failed;                /* after a message */
};

/* "conv2 Conv 32x144": outputs and multiplications of each; of a grouped convolution by group: "depthwise Conv 32 of 1x9". */
static void name_row(const struct passage *a, const struct schedule_step *p, char name[ROW_NAME])
{
	const struct layer_task *t = &p->layer.task;
	const struct graph_node *n = &a->schedule.graph->node[p->node];
	size_t outputs = t->out_channels / t->groups, k = t->in_channels / t->groups;
	size_t first = strcspn(n->name, ";"), length = first < 100 ? first : 100; /* of TFLite's lists of fused names the first */
	char parts[24] = "", precision[24] = "";
	for (unsigned i = 0; i < LAYER_AXES; i++)
		k *= t->kernel[i];
	if (t->groups > 1)
		snprintf(parts, sizeof parts, "%u of ", t->groups);
	if (a->c->options->mode < 0)
		snprintf(precision, sizeof precision, " %s", options_mode_name(a->c->options, (int)t->mode));
	snprintf(name, ROW_NAME, "%.*s %.30s %s%zux%zu%s", (int)length, n->name, n->op, parts, outputs, k, precision);
}

/* Some of the groups that the step's program brings; pairs are the layer's multiplications, without what fills up groups. */
static struct feed *layer_feed(const struct options *o, const struct schedule_step *p, const struct image *m, struct fault *f)
{
	struct program_groups g;
	if (!program_groups_of(&o->config, &o->derived, m, p->compiled.program, p->compiled.program_bytes, &g, f))
		return NULL;
	struct feed *feed = feed_program(&g, (o->groups + o->config.pes - 1) / o->config.pes, feed_seed(o->seed, "layer", p->node), f);
	if (feed)
		feed->pairs = (uint64_t)((double)p->compiled.macs * (double)feed->beats / (double)g.groups);
	program_groups_free(&g);
	return feed;
}

static bool play_layer(const struct passage *a, const struct schedule_step *p, const struct image *m)
{
	struct campaign *c = a->c;
	const struct options *o = c->options;
	struct fault f = {""};
	char name[ROW_NAME];
	name_row(a, p, name);
	struct feed *feed = layer_feed(o, p, m, &f);
	bool good = feed && campaign_row(c, name, (int)p->layer.task.mode);
	bool law = feed && traffic_law_holds(&o->config, &o->derived, feed_shortest(feed));
	for (int stall = STALL_NONE; good && stall < STALL_KINDS && c->mismatch.kind == MISMATCH_NONE; stall++)
		if (stall == o->stall || (o->stall == EVERY_STALL && stall == STALL_NONE))
			good = campaign_play(c, feed, (enum stall_kind)stall, 0, law && stall == STALL_NONE, 0);
	feed_free(feed);
	if (!good)
		fprintf(stderr, "bitlet check: layer %s could not be run (%s)\n", name, f.text[0] ? f.text : "out of memory, or a tool failed");
	return good;
}

/* The operands of a step are in memory. */
static bool ready(void *context, const struct schedule_step *p, const struct image *m, struct fault *f)
{
	struct passage *a = context;
	(void)f;
	if (!a->chosen[p - a->schedule.step])
		return true;
	a->failed = !play_layer(a, p, m);
	a->left--;
	a->ended = a->failed || !a->left || a->c->mismatch.kind != MISMATCH_NONE;
	return !a->ended;
}

/* Those of --layer, or all that the core can do; the others are told. */
static bool choose(struct passage *a, struct fault *f)
{
	const struct options *o = a->c->options;
	const struct schedule *s = &a->schedule;
	struct fault why = {""};
	a->chosen = calloc(s->steps + 1, sizeof *a->chosen);
	if (!a->chosen)
		return fault_set(f, "out of memory");
	for (size_t i = 0; i < s->steps; i++) {
		a->chosen[i] = s->step[i].on_core;
		if (s->step[i].why[0])
			graph_node_fault(&s->graph->node[s->step[i].node], &why, "%s", s->step[i].why);
	}
	if (!s->core_steps)
		return fault_set(f, "%.200s", why.text[0] ? why.text : "no convolution or product; expected at least one");
	if (o->layer && !layer_choice("--layer", o->layer, s, a->chosen, f))
		return false;
	if (!o->layer && why.text[0])
		printf("  left out, for it stays on the host: %s\n", why.text);
	for (size_t i = 0; i < s->steps; i++)
		a->left += a->chosen[i];
	return true;
}

static bool run(struct passage *a, const struct tensor *const *input, struct fault *f)
{
	const struct options *o = a->c->options;
	struct schedule_hooks h = {.ready = ready, .context = a};
	struct execution e;
	printf("%s, %s%s\n", o->network, o->mode < 0 ? "each layer in its own precision" : "precision ", o->mode < 0 ? "" : options_mode_name(o, o->mode));
	if (!choose(a, f))
		return false;
	if (schedule_run(&a->schedule, input, &h, &e, f))
		execution_free(&e);
	return a->ended;
}

enum campaign_verdict campaign_network(struct campaign *c)
{
	const struct options *o = c->options;
	struct schedule_options so = {.config = &o->config, .derived = &o->derived, .mode = o->mode < 0 ? LOWER_AUTO : o->mode};
	struct passage a = {.c = c};
	struct network_source source;
	struct fault f = {""};
	bool good = network_source_load(&source, o, &f);
	if (good) {
		const struct tensor *const *input = network_source_input(&source);
		good = (schedule_new(source.graph, input, &so, &a.schedule, &f) && run(&a, input, &f)) || fault_prefix(&f, o->network);
	}
	if (!good)
		fprintf(stderr, "bitlet check: %s\n", f.text);
	free(a.chosen);
	if (a.schedule.graph)
		schedule_free(&a.schedule);
	network_source_free(&source);
	return good && !a.failed ? CAMPAIGN_GOOD : CAMPAIGN_FAILED;
}
