#include "quantize_network.h"

#include <stdlib.h>
#include <string.h>

#include "quantize.h"
#include "quantize_maker.h"

/* ---- which activations become codes */

static bool named(const struct maker *m, struct graph_node *n, const char *name)
{
	n->name = graph_strdup(m->b.to, name, m->b.f);
	return n->name;
}

/* Q and DQ behind a value; its name is that of the value with endings. */
static bool add_pair(struct maker *m, struct mark *k)
{
	const char *name = maker_name(m, k->value);
	int in, scale = maker_floats(m, name, "_scale", &k->param.scale, 1, true), zero = maker_zeros(m, name, "_zero", k->field, k->param.zero, 1, true);
	int codes = graph_build_new(&m->b, name, "_codes", NULL);
	k->real = graph_build_new(&m->b, name, "_real", NULL);
	if (scale == GRAPH_NONE || zero == GRAPH_NONE || codes == GRAPH_NONE || k->real == GRAPH_NONE || !graph_build_value(&m->b, k->value, &in))
		return false;
	for (int back = 0; back < 2; back++) {
		struct graph_node *n = maker_scale_node(m, !back, k->field, "", -1, 3);
		if (!n || !named(m, n, m->b.to->value[back ? k->real : codes].name))
			return false;
		n->input[0] = back ? codes : in;
		n->input[1] = scale;
		n->input[2] = zero;
		n->output[0] = back ? k->real : codes;
	}
	return true;
}


static bool same_field(struct quant_field a, struct quant_field b)
{
	return a.bits == b.bits && a.is_signed == b.is_signed;
}

struct mark *maker_mark(const struct maker *m, int value, struct quant_field q)
{
	for (size_t i = 0; i < m->marks; i++)
		if (m->mark[i].value == value && same_field(m->mark[i].field, q))
			return &m->mark[i];
	return NULL;
}

/* The numbers that decide a value's scale. */
const struct histogram *maker_histogram(const struct maker *m, int value)
{
	return m->c->histogram[m->c->histogram[m->p->root[value]] ? m->p->root[value] : value];
}

static bool mark_set(struct maker *m, int value, struct quant_field q, bool symmetric)
{
	struct calibrate_rule rule = m->o->activations;
	rule.symmetric = rule.symmetric || symmetric;
	if (maker_mark(m, value, q))
		return true;
	struct mark *k = &m->mark[m->marks++];
	*k = (struct mark){value, q, histogram_param(maker_histogram(m, value), q, &rule), GRAPH_NONE};
	return add_pair(m, k);
}

/* What codes a layer's result takes: those of an activation that it becomes, or else the layer's own. */
static struct quant_field field_behind(const struct maker *m, const struct quant_layer *l, const struct bitlet_precision *own)
{
	for (size_t i = 0; i < m->marks; i++)
		if (m->p->root[m->mark[i].value] == l->out)
			return m->mark[i].field;
	return maker_act_field(own);
}

static bool marked(const struct maker *m, int value)
{
	for (size_t i = 0; i < m->marks; i++)
		if (m->mark[i].value == value)
			return true;
	return false;
}

static bool set_marks(struct maker *m)
{
	const struct quant_plan *p = m->p;
	for (size_t i = 0; i < p->layers; i++) {
		const struct quant_layer *l = &p->layer[i];
		if (m->precision[i].is_float)
			continue;
		if (!mark_set(m, l->act, maker_act_field(&m->precision[i]), false))
			return false;
		if (!p->constant[l->weights] && !mark_set(m, l->weights, maker_weight_field(&m->precision[i]), true))
			return false;
	}
	for (size_t i = 0; i < p->layers; i++) {
		const struct quant_layer *l = &p->layer[i];
		if (m->precision[i].is_float || marked(m, l->out) || !quant_plan_wants_codes(p, l->out))
			continue;
		if (!mark_set(m, l->out, field_behind(m, l, &m->precision[i]), false))
			return false;
	}
	return true;
}

/* ---- the rest */

/* Of several codes the widest. */
bool maker_input(struct maker *m, int value, int *to)
{
	const struct mark *best = NULL;
	bool from_layer = false;
	for (size_t i = 0; value != GRAPH_NONE && i < m->p->layers; i++)
		from_layer = from_layer || (m->p->layer[i].out == value && !m->precision[i].is_float);
	for (size_t i = 0; from_layer && i < m->marks; i++)
		if (m->mark[i].value == value && (!best || m->mark[i].field.bits > best->field.bits))
			best = &m->mark[i];
	if (!best)
		return graph_build_value(&m->b, value, to);
	*to = best->real;
	return true;
}

static bool put_float(struct maker *m, const struct graph_node *n, const struct quant_layer *l)
{
	struct graph_node *copy = graph_build_copy(&m->b, n, NULL);
	bool rounds = l && m->precision[l - m->p->layer].man_bits < 23 && m->p->constant[l->weights];
	for (size_t i = 0; copy && i < n->inputs; i++)
		if (!(i == 1 && rounds) && !maker_input(m, n->input[i], &copy->input[i]))
			return false;
	if (copy && rounds)
		copy->input[1] = maker_rounded_weights(m, (size_t)(l - m->p->layer));
	return copy && (!rounds || copy->input[1] != GRAPH_NONE);
}

static bool put_node(struct maker *m, size_t node)
{
	const struct quant_layer *l = quant_plan_layer(m->p, node);
	size_t layer = l ? (size_t)(l - m->p->layer) : 0;
	if (l && !m->precision[layer].is_float)
		return maker_fixed_layer(m, layer);
	return put_float(m, &m->p->graph->node[node], l);
}

/* Does the new network need input i of the node as it was? Weights and biases that are replaced are not needed. */
static bool needs_input(const struct maker *m, const struct graph_node *n, const struct quant_layer *l, size_t i)
{
	if (n->input[i] == GRAPH_NONE)
		return false;
	return !l || i != 1 || !m->p->constant[l->weights];
}

static void find_live(struct maker *m)
{
	const struct graph *g = m->p->graph;
	for (size_t i = 0; i < g->outputs; i++)
		if (g->value[g->output[i]].producer != GRAPH_NONE)
			m->live[g->value[g->output[i]].producer] = true;
	for (size_t i = g->nodes; i-- > 0;) {
		const struct graph_node *n = &g->node[g->order[i]];
		const struct quant_layer *l = quant_plan_layer(m->p, g->order[i]);
		bool as_it_was = l && m->precision[l - m->p->layer].is_float && m->precision[l - m->p->layer].man_bits == 23;
		for (size_t j = 0; m->live[g->order[i]] && j < n->inputs; j++)
			if (needs_input(m, n, as_it_was ? NULL : l, j) && g->value[n->input[j]].producer != GRAPH_NONE)
				m->live[g->value[n->input[j]].producer] = true;
	}
}

/* Types of the outputs, as the first run had them, where the file did not say; the batch stays open when the input's is. */
static void type_outputs(struct maker *m)
{
	const struct graph *from = m->p->graph;
	struct graph *to = m->b.to;
	bool open = from->value[from->input[0]].rank && from->value[from->input[0]].dim[0] < 0;
	for (size_t i = 0; i < to->outputs; i++) {
		struct graph_value *v = &to->value[to->output[i]];
		const struct tensor *t = m->c->output[i];
		if (v->typed || !t)
			continue;
		v->typed = true;
		v->type = t->type;
		v->rank = t->rank;
		memcpy(v->dim, t->dim, sizeof v->dim);
		if (open && t->rank)
			v->dim[0] = -1;
	}
}

static bool make(struct maker *m)
{
	const struct graph *g = m->p->graph;
	if (!set_marks(m))
		return false;
	find_live(m);
	for (size_t i = 0; i < g->nodes; i++)
		if (m->live[g->order[i]] && !put_node(m, g->order[i]))
			return false;
	if (!graph_build_close(&m->b))
		return false;
	type_outputs(m);
	return true;
}

struct graph *quantize_network(const struct quant_plan *p, const struct calibration *c, const struct quantize_options *o, const struct bitlet_precision *precision,
                               struct quantize_result *result, struct fault *f)
{
	const struct graph *g = p->graph;
	struct maker m = {.p = p, .c = c, .o = o, .precision = precision, .result = result};
	if (result)
		memset(result, 0, p->layers * sizeof *result);
	/* of each layer up to three values become codes, by two nodes each; weights and bias take one */
	if (!graph_build_open(&m.b, g, g->nodes + 8 * p->layers, g->opset, f))
		return NULL;
	m.mark = calloc(3 * p->layers, sizeof *m.mark);
	m.live = calloc(g->nodes, sizeof *m.live);
	bool good = m.mark && m.live ? make(&m) : fault_set(f, "out of memory");
	free(m.mark);
	free(m.live);
	if (!good) {
		graph_free(m.b.to);
		return NULL;
	}
	return m.b.to;
}
