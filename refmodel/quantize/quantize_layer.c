#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "layer_encode.h"
#include "quantize_maker.h"

/* Along which axis weights have their own scales; -1: none. */
static bool weight_axis(const struct maker *m, const struct quant_layer *l, const struct tensor *w, int *axis)
{
	const struct graph_node *n = &m->p->graph->node[l->node];
	int64_t turned, groups;
	*axis = -1;
	if (!attribute_int(n, "transB", 0, &turned, m->b.f) || !attribute_int(n, "group", 1, &groups, m->b.f))
		return false;
	if (m->o->per_tensor || w->rank < 2)
		return true;
	if (l->kind == QUANT_CONV)
		*axis = 0;
	else if (l->kind == QUANT_CONV_TRANSPOSE)
		*axis = groups == 1 ? 1 : -1;
	else if (l->kind == QUANT_GEMM)
		*axis = turned ? 0 : 1;
	else
		*axis = (int)w->rank - 1;
	return true;
}

static size_t channels_of(const struct maker *m, const struct quant_layer *l, const struct tensor *w)
{
	const struct graph_node *n = &m->p->graph->node[l->node];
	int64_t groups = 1, turned = 0;
	struct fault ignored = {""};
	attribute_int(n, "group", 1, &groups, &ignored);
	attribute_int(n, "transB", 0, &turned, &ignored);
	if (w->rank < 2)
		return 1;
	switch (l->kind) {
	case QUANT_CONV:
		return (size_t)w->dim[0];
	case QUANT_CONV_TRANSPOSE:
		return (size_t)(w->dim[1] * groups);
	case QUANT_GEMM:
		return (size_t)w->dim[turned ? 0 : 1];
	default:
		return (size_t)w->dim[w->rank - 1];
	}
}

/* Fills *s; *folds: Gemm's alpha and beta go into the numbers. */
static bool weights_source(const struct maker *m, const struct quant_layer *l, float act_scale, unsigned act_bits, struct quant_weights_source *s, bool *folds)
{
	const struct graph_node *n = &m->p->graph->node[l->node];
	const struct tensor *w = m->c->constant[l->weights], *bias = l->bias == GRAPH_NONE ? NULL : m->c->constant[l->bias];
	float alpha = 1, beta = 1;
	*s = (struct quant_weights_source){.w = w, .factor = 1, .bias_factor = 1, .act_scale = act_scale, .act_bits = act_bits};
	if (!weight_axis(m, l, w, &s->axis))
		return false;
	bool is_vector = bias && bias->count == channels_of(m, l, w) && bias->rank && (size_t)bias->dim[bias->rank - 1] == bias->count;
	bool no_bias = n->inputs < 3 || n->input[2] == GRAPH_NONE;
	*folds = l->kind == QUANT_GEMM && (is_vector || no_bias);
	if (*folds && (!attribute_float(n, "alpha", 1, &alpha, m->b.f) || !attribute_float(n, "beta", 1, &beta, m->b.f)))
		return false;
	s->bias = is_vector ? bias : NULL;
	s->factor = (double)alpha;
	s->bias_factor = (double)beta;
	return true;
}

static int add_weights(struct maker *m, const struct quant_layer *l, struct quant_field q, struct quant_weights *w)
{
	const char *name = maker_name(m, l->weights);
	bool scalar = w->axis < 0;
	int scale = maker_floats(m, name, "_scale", w->scale, w->scales, scalar), zero = maker_zeros(m, name, "_zero", q, 0, w->scales, scalar);
	int codes = graph_build_new(&m->b, name, "_codes", w->codes), real = graph_build_new(&m->b, name, "_real", NULL);
	w->codes = NULL;
	if (scale == GRAPH_NONE || zero == GRAPH_NONE || codes == GRAPH_NONE || real == GRAPH_NONE)
		return GRAPH_NONE;
	struct graph_node *n = maker_scale_node(m, false, q, m->b.to->value[real].name, w->axis, 3);
	if (!n)
		return GRAPH_NONE;
	n->input[0] = codes;
	n->input[1] = scale;
	n->input[2] = zero;
	n->output[0] = real;
	return real;
}

/* A bias that was not there before is named after the weights. */
static const char *bias_name(const struct maker *m, const struct quant_layer *l)
{
	return l->bias != GRAPH_NONE ? maker_name(m, l->bias) : maker_name(m, l->weights);
}

/* The scale of a bias is the product of the others, as float32. */
static int add_bias(struct maker *m, const struct quant_layer *l, struct quant_weights *w, float act_scale)
{
	const char *name = bias_name(m, l);
	float *scale = malloc(w->scales * sizeof *scale);
	if (!scale) {
		fault_set(m->b.f, "out of memory");
		return GRAPH_NONE;
	}
	for (size_t i = 0; i < w->scales; i++)
		scale[i] = act_scale * w->scale[i];
	int scales = maker_floats(m, name, l->bias == GRAPH_NONE ? "_bias_scale" : "_scale", scale, w->scales, w->axis < 0);
	int codes = graph_build_new(&m->b, name, l->bias == GRAPH_NONE ? "_bias_codes" : "_codes", w->bias);
	int real = graph_build_new(&m->b, name, l->bias == GRAPH_NONE ? "_bias_real" : "_real", NULL);
	w->bias = NULL;
	free(scale);
	if (scales == GRAPH_NONE || codes == GRAPH_NONE || real == GRAPH_NONE)
		return GRAPH_NONE;
	struct graph_node *n = maker_scale_node(m, false, (struct quant_field){8, true}, m->b.to->value[real].name, w->axis < 0 ? -1 : 0, 2);
	if (!n)
		return GRAPH_NONE;
	n->input[0] = codes;
	n->input[1] = scales;
	n->output[0] = real;
	return real;
}

/* A float bias that keeps its place: times beta, as that attribute goes. */
static int add_float_bias(struct maker *m, const struct quant_layer *l, const struct quant_weights_source *s)
{
	struct tensor *t = tensor_copy(s->bias, m->b.f);
	for (size_t i = 0; t && i < t->count; i++)
		((float *)t->data)[i] = (float)((double)((float *)t->data)[i] * s->bias_factor);
	return t ? graph_build_new(&m->b, bias_name(m, l), "_float", t) : GRAPH_NONE;
}

static struct quantize_result *result_of(const struct maker *m, size_t layer)
{
	static struct quantize_result ignored;
	return m->result ? &m->result[layer] : &ignored;
}

/* ---- what rounded weights do to the mean of the outputs */

/* Output and input channel of a weight. */
struct place {
	size_t outputs, inputs;     /* of the layer */
	size_t output, input;
};

static struct place place_of(const struct maker *m, const struct quant_layer *l, const struct tensor *w, size_t i)
{
	const struct graph_node *n = &m->p->graph->node[l->node];
	struct fault ignored = {""};
	int64_t groups = 1, turned = 0;
	size_t d0 = (size_t)w->dim[0], d1 = (size_t)w->dim[1], inner = w->count / (d0 * d1), a = i / inner / d1, b = i / inner % d1;
	attribute_int(n, "group", 1, &groups, &ignored);
	attribute_int(n, "transB", 0, &turned, &ignored);
	size_t g = (size_t)groups;
	if (l->kind == QUANT_CONV)
		return (struct place){d0, d1 * g, a, a / (d0 / g) * d1 + b};
	if (l->kind == QUANT_CONV_TRANSPOSE)
		return (struct place){d1 * g, d0, a / (d0 / g) * d1 + b, a};
	return turned ? (struct place){d0, d1, a, b} : (struct place){d1, d0, b, a};
}

/* The bias that gives the float layer's mean outputs, before bias_factor; NULL where that cannot be told, or with the fault set. */
static struct tensor *corrected_bias(const struct maker *m, size_t layer, const struct quant_weights_source *s, const struct quant_weights *w)
{
	const struct quant_layer *l = &m->p->layer[layer];
	const double *mean = m->c->mean[layer];
	if (l->kind == QUANT_MATMUL || l->kind == QUANT_CONV_TRANSPOSE || s->w->rank < 2 || !s->w->count || !mean)
		return NULL; /* no place for a bias; taps of a transposed convolution do not all meet each output */
	struct place p = place_of(m, l, s->w, 0);
	struct tensor *t = tensor_new(TENSOR_FLOAT32, 1, (const int64_t[]){(int64_t)p.outputs}, m->b.f);
	double *sum = calloc(p.outputs, sizeof *sum);
	if (!sum)
		fault_set(m->b.f, "out of memory");
	for (size_t i = 0; sum && i < s->w->count && p.inputs == m->c->channels[layer]; i++) {
		p = place_of(m, l, s->w, i);
		double v = (double)((const float *)s->w->data)[i] * s->factor;
		sum[p.output] += (v - (double)tensor_integer(w->codes, i) * (double)w->scale[w->scales == 1 ? 0 : p.output]) * mean[p.input];
	}
	for (size_t i = 0; t && sum && i < p.outputs; i++)
		((float *)t->data)[i] = (float)(sum[i] + (s->bias ? (double)((const float *)s->bias->data)[i] * s->bias_factor : 0));
	free(sum);
	return t;
}

/* Weights once more, with the corrected bias, which s has then; free it with the weights. */
static bool correct_bias(struct maker *m, size_t layer, struct quant_field q, struct quant_weights_source *s, struct quant_weights *w, struct tensor **bias)
{
	const struct graph_node *n = &m->p->graph->node[m->p->layer[layer].node];
	bool other = !s->bias && n->inputs > 2 && n->input[2] != GRAPH_NONE;
	*bias = NULL;
	if (m->o->keep_bias || q.bits >= 8 || other || !(*bias = corrected_bias(m, layer, s, w)))
		return !m->b.f->text[0];
	quant_weights_free(w);
	s->bias = *bias;
	s->bias_factor = 1;
	return quant_weights_new(s, q, m->o->weights, w, m->b.f);
}

/* Says of which node the fault is. */
static bool layer_fault(struct maker *m, const struct graph_node *n)
{
	struct fault inner = *m->b.f;
	m->b.f->text[0] = '\0';
	return graph_node_fault(n, m->b.f, "%s", inner.text);
}

/* Weights and bias of a fixed layer: input[1], input[2] of the new node, which has room for both. */
static bool put_weights(struct maker *m, size_t layer, const struct mark *act, struct graph_node *copy, struct quant_weights_source *s)
{
	const struct quant_layer *l = &m->p->layer[layer];
	struct quant_field q = maker_weight_field(&m->precision[layer]);
	struct quant_weights w;
	struct tensor *bias = NULL;
	if (!quant_weights_new(s, q, m->o->weights, &w, m->b.f))
		return layer_fault(m, copy);
	bool good = correct_bias(m, layer, q, s, &w, &bias);
	if (good) {
		result_of(m, layer)->weight_noise = w.noise;
		result_of(m, layer)->float_bias = s->bias && !w.bias;
		copy->input[1] = add_weights(m, l, q, &w);
		good = copy->input[1] != GRAPH_NONE;
	}
	if (good && s->bias) {
		copy->input[2] = w.bias ? add_bias(m, l, &w, act->param.scale) : add_float_bias(m, l, s);
		copy->inputs = 3;
		good = copy->input[2] != GRAPH_NONE;
	}
	quant_weights_free(&w);
	tensor_free(bias);
	return good;
}

bool maker_fixed_layer(struct maker *m, size_t layer)
{
	static const char *const gemm_factors[] = {"alpha", "beta", NULL};
	const struct quant_layer *l = &m->p->layer[layer];
	const struct graph_node *n = &m->p->graph->node[l->node];
	const struct mark *act = maker_mark(m, l->act, maker_act_field(&m->precision[layer]));
	struct quantize_result *r = result_of(m, layer);
	struct quant_weights_source s = {.bias = NULL};
	bool folds = false, computed = !m->p->constant[l->weights];
	if (!computed && !weights_source(m, l, act->param.scale, act->field.bits, &s, &folds))
		return false;
	struct graph_node *copy = graph_build_copy(&m->b, n, folds ? gemm_factors : NULL);
	if (!copy)
		return false;
	r->act = act->param;
	r->act_noise = histogram_noise(maker_histogram(m, l->act), act->field, act->param);
	copy->input[0] = act->real;
	for (size_t i = 2; i < n->inputs; i++)
		if (!(i == 2 && s.bias) && !maker_input(m, n->input[i], &copy->input[i]))
			return false;
	if (!computed)
		return put_weights(m, layer, act, copy, &s);
	copy->input[1] = maker_mark(m, l->weights, maker_weight_field(&m->precision[layer]))->real;
	return true;
}

/* ---- float precisions */

/* A word of layer_float_word() as a number. */
static float word_value(uint32_t word, unsigned exp_bits, unsigned man_bits)
{
	uint32_t man = word & ((1u << man_bits) - 1), exp = word >> man_bits & ((1u << exp_bits) - 1);
	int least = 2 - (1 << (exp_bits - 1)) - (int)man_bits;
	double size = exp == (1u << exp_bits) - 1 ? man ? NAN : INFINITY : exp ? ldexp(man | 1u << man_bits, (int)exp - 1 + least) : ldexp(man, least);
	return (float)(word >> (exp_bits + man_bits) & 1 ? -size : size);
}

int maker_rounded_weights(struct maker *m, size_t layer)
{
	const struct quant_layer *l = &m->p->layer[layer];
	const struct bitlet_precision *p = &m->precision[layer];
	struct tensor *t = tensor_copy(m->c->constant[l->weights], m->b.f);
	char suffix[24] = "_";
	for (size_t i = 0; t && i < t->count; i++) {
		float *v = &((float *)t->data)[i], rounded = word_value(layer_float_word(*v, p->exp_bits, p->man_bits), p->exp_bits, p->man_bits);
		if (isinf(rounded) && !isinf(*v)) {
			graph_node_fault(&m->p->graph->node[l->node], m->b.f, "weight %g is beyond %s; expected another precision", (double)*v, p->name);
			tensor_free(t);
			return GRAPH_NONE;
		}
		*v = rounded;
	}
	strcat(suffix, p->name);
	return t ? graph_build_new(&m->b, maker_name(m, l->weights), suffix, t) : GRAPH_NONE;
}
