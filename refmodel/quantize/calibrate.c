#include "calibrate.h"

#include <stdlib.h>

#include "attribute.h"
#include "image_run.h"

struct looker {
	const struct quant_plan *plan;
	struct calibration *c;
	bool *wanted;               /* constants, by value index */
	size_t *seen;               /* by layer: numbers of each channel so far */
};

static bool want(struct calibration *c, const struct quant_plan *p, int value, struct fault *f)
{
	if (p->constant[value] || c->histogram[value])
		return true;
	c->histogram[value] = calloc(1, sizeof **c->histogram);
	return c->histogram[value] || fault_set(f, "out of memory for histograms");
}

static bool want_layers(struct looker *l, struct fault *f)
{
	const struct quant_plan *p = l->plan;
	for (size_t i = 0; i < p->layers; i++) {
		const struct quant_layer *q = &p->layer[i];
		if (!want(l->c, p, p->root[q->act], f) || !want(l->c, p, q->weights, f) || !want(l->c, p, q->out, f))
			return false;
		l->wanted[q->weights] = p->constant[q->weights];
		if (q->bias != GRAPH_NONE)
			l->wanted[q->bias] = true;
	}
	return true;
}

static bool keep_constant(struct looker *l, int value, const struct tensor *t, struct fault *f)
{
	if (!l->wanted[value] || l->c->constant[value])
		return true;
	if (t->type != TENSOR_FLOAT32)
		return fault_set(f, "weights '%.80s' are %s; expected a float32 network", l->plan->graph->value[value].name, tensor_type_name(t->type));
	l->c->constant[value] = tensor_copy(t, f);
	return l->c->constant[value];
}

unsigned calibrate_axis(const struct quant_plan *p, const struct quant_layer *l, unsigned rank)
{
	struct fault ignored = {""};
	int64_t turned = 0;
	if (l->kind == QUANT_CONV || l->kind == QUANT_CONV_TRANSPOSE)
		return rank > 1 ? 1 : 0;
	attribute_int(&p->graph->node[l->node], "transA", 0, &turned, &ignored);
	return turned || rank == 0 ? 0 : rank - 1;
}

/* Adds to the sums of a layer's input channels; they become means at the end. */
static bool add_means(struct looker *l, size_t layer, const struct tensor *t, struct fault *f)
{
	struct calibration *c = l->c;
	unsigned axis = calibrate_axis(l->plan, &l->plan->layer[layer], t->rank);
	size_t channels = t->rank ? (size_t)t->dim[axis] : 1, inner = 1;
	for (unsigned i = axis + 1; i < t->rank; i++)
		inner *= (size_t)t->dim[i];
	if (!c->mean[layer] && !(c->mean[layer] = calloc(channels + 1, sizeof **c->mean)))
		return fault_set(f, "out of memory for %zu channels", channels);
	if (c->channels[layer] && c->channels[layer] != channels)
		return fault_set(f, "activation '%.80s' changes its shape from image to image", l->plan->graph->value[l->plan->layer[layer].act].name);
	c->channels[layer] = channels;
	for (size_t i = 0; i < t->count; i++)
		c->mean[layer][i / inner % channels] += (double)((const float *)t->data)[i];
	l->seen[layer] += channels ? t->count / channels : 0;
	return true;
}

static bool look_at_layers(struct looker *l, int value, const struct tensor *t, struct fault *f)
{
	const struct quant_plan *p = l->plan;
	for (size_t i = 0; i < p->layers; i++)
		if (p->layer[i].act == value && p->constant[p->layer[i].weights] && t->type == TENSOR_FLOAT32 && !add_means(l, i, t, f))
			return false;
	return true;
}

static void finish_means(struct looker *l)
{
	for (size_t i = 0; i < l->plan->layers; i++)
		for (size_t c = 0; l->c->mean[i] && c < l->c->channels[i]; c++)
			l->c->mean[i][c] /= l->seen[i] ? (double)l->seen[i] : 1;
}

static bool look(void *context, const struct execution *e, int value, struct fault *f)
{
	struct looker *l = context;
	const struct tensor *t = e->value[value];
	const char *name = e->graph->value[value].name;
	if (!keep_constant(l, value, t, f) || !look_at_layers(l, value, t, f))
		return false;
	if (!l->c->histogram[value])
		return true;
	if (t->type != TENSOR_FLOAT32)
		return fault_set(f, "activation '%.80s' is %s; expected a float32 network", name, tensor_type_name(t->type));
	return histogram_add(l->c->histogram[value], t->data, t->count) || fault_set(f, "activation '%.80s' is not finite on these images; expected finite numbers", name);
}

static bool keep_outputs(void *context, const struct execution *e, size_t first, size_t count, struct fault *f)
{
	struct looker *l = context;
	(void)first;
	(void)count;
	for (size_t i = 0; i < e->graph->outputs; i++) {
		const struct tensor *t = e->value[e->graph->output[i]];
		if (!l->c->output[i] && !(l->c->output[i] = tensor_shape(t->type, t->rank, t->dim, f)))
			return false;
	}
	return true;
}

/* Weights that the file holds never come by as results of nodes. */
static bool keep_weights(struct looker *l, struct fault *f)
{
	const struct graph *g = l->plan->graph;
	for (size_t i = 0; i < g->values; i++)
		if (g->value[i].constant && !keep_constant(l, (int)i, g->value[i].constant, f))
			return false;
	return true;
}

bool calibrate(const struct quant_plan *p, const struct tensor *images, size_t first, size_t count, unsigned threads, struct calibration *c, struct fault *f)
{
	const struct graph *g = p->graph;
	struct looker l = {p, c, calloc(g->values, sizeof *l.wanted), calloc(p->layers, sizeof *l.seen)};
	*c = (struct calibration){.values = g->values, .layers = p->layers};
	c->histogram = calloc(g->values, sizeof(void *));
	c->constant = calloc(g->values, sizeof(void *));
	c->mean = calloc(p->layers, sizeof(void *));
	c->channels = calloc(p->layers, sizeof *c->channels);
	c->output = calloc(g->outputs + 1, sizeof(void *));
	struct image_visitor v = {look, keep_outputs, &l, threads};
	bool good = (l.wanted && l.seen && c->histogram && c->constant && c->mean && c->channels && c->output) || fault_set(f, "out of memory for %zu values", g->values);
	good = good && want_layers(&l, f) && keep_weights(&l, f) && image_run(g, images, first, count, &v, f);
	if (good)
		finish_means(&l);
	free(l.wanted);
	free(l.seen);
	if (!good)
		calibration_free(c);
	return good;
}

void calibration_free(struct calibration *c)
{
	for (size_t i = 0; i < c->values; i++) {
		if (c->histogram)
			free(c->histogram[i]);
		if (c->constant)
			tensor_free(c->constant[i]);
	}
	for (size_t i = 0; c->mean && i < c->layers; i++)
		free(c->mean[i]);
	for (size_t i = 0; c->output && c->output[i]; i++)
		tensor_free(c->output[i]);
	free(c->histogram);
	free(c->constant);
	free(c->mean);
	free(c->channels);
	free(c->output);
	*c = (struct calibration){0};
}
