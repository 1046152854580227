/*
 * Quantised layers from ONNX's quantise-dequantise form. Weights and activations come through DequantizeLinear; the result goes through
 * QuantizeLinear or stays float. Operators with clamps, narrow codes, a bias behind a product or a float result are bitlet's (host_quantised.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "fuse_graph.h"
#include "layer_encode.h"
#include "quantize.h"
#include "requantize.h"

/* One DequantizeLinear or QuantizeLinear, its numbers known. */
struct codes {
	int value;                  /* the codes; of a QuantizeLinear GRAPH_NONE */
	int scale, zero;            /* values; zero GRAPH_NONE: 0 */
	const struct tensor *scales, *zeros; /* zeros NULL: 0 */
	enum tensor_type type;
	unsigned bits;
	bool is_signed;
	int64_t axis;
};

struct layer {
	struct graph_node *n;
	struct codes x, w, y;
	bool has_y;
	bool conv, gemm;
	size_t channels;
};

static bool is_integer(enum tensor_type t)
{
	return !tensor_type_is_float(t) && t != TENSOR_BOOL && t != TENSOR_INT64;
}

static const struct tensor *constant(const struct fuser *u, const struct graph_node *n, size_t i)
{
	return fuser_weights(u, n, i);
}

/* Type of the codes: that of the zero point, else what makes them says. False when nobody knows. */
static bool type_of(const struct fuser *u, const struct graph_node *n, struct codes *c)
{
	const struct graph_value *v = &u->g->value[n->input[0]];
	unsigned bits;
	bool is_signed;
	struct fault ignored = {""};
	if (c->zeros)
		c->type = c->zeros->type;
	else if (!strncmp(n->op, "bitlet.", 7) && quantize_field(n, TENSOR_INT8, &bits, &is_signed, &ignored))
		c->type = quantize_container(bits, is_signed);
	else if (!strcmp(n->op, "QuantizeLinear"))
		c->type = TENSOR_UINT8;
	else if (v->constant)
		c->type = v->constant->type;
	else if (v->typed)
		c->type = v->type;
	else if (v->producer != GRAPH_NONE && !strcmp(u->g->node[v->producer].op, "QuantizeLinear"))
		c->type = TENSOR_UINT8; /* its zero point, were there one, would be here, too */
	else
		return false;
	return is_integer(c->type);
}

static bool read_codes(const struct fuser *u, const struct graph_node *n, struct codes *c)
{
	struct fault ignored = {""};
	if (!fuser_has(n, 0))
		return false;
	*c = (struct codes){.value = n->input[0], .zero = GRAPH_NONE, .scales = constant(u, n, 1), .zeros = constant(u, n, 2)};
	if (!c->scales || c->scales->type != TENSOR_FLOAT32 || !c->scales->count || (fuser_has(n, 2) && (!c->zeros || c->zeros->count != c->scales->count)))
		return false;
	for (size_t i = 0; i < c->scales->count; i++)
		if (!(((const float *)c->scales->data)[i] > 0) || !isfinite(((const float *)c->scales->data)[i]))
			return false;
	c->scale = n->input[1];
	if (c->zeros)
		c->zero = n->input[2];
	return attribute_int(n, "axis", 1, &c->axis, &ignored) && type_of(u, n, c) && quantize_field(n, c->type, &c->bits, &c->is_signed, &ignored);
}

static bool source_codes(const struct fuser *u, const struct graph_node *n, size_t input, struct codes *c)
{
	const struct graph_node *source = fuser_source(u, n, input, "DequantizeLinear " DEQUANTIZE_OP);
	return source && read_codes(u, source, c);
}

/* ---- is it one? */

static bool is_field(const struct codes *c)
{
	return c->scales->count == 1 && c->bits <= QUANTIZE_MAX_BITS;
}

/* Weights' scales: one, or one a channel along the axis that the sums of a channel share. */
static bool weights_fit(const struct fuser *u, struct layer *l)
{
	const struct tensor *t = u->g->value[l->w.value].constant;
	int64_t turned, axis;
	struct fault ignored = {""};
	if (!t) /* computed: a product of two tensors with one scale each */
		return !l->conv && !l->gemm && l->w.scales->count == 1;
	if (l->conv ? t->rank < 3 : t->rank != 2)
		return !l->conv && !l->gemm && t->rank > 2 && l->w.scales->count == 1;
	if (!attribute_range(l->n, "transB", 0, 0, 1, &turned, &ignored))
		return false;
	axis = l->conv || turned ? 0 : 1;
	l->channels = (size_t)t->dim[axis];
	return l->w.scales->count == 1 || (l->w.scales->count == l->channels && l->w.axis + (l->w.axis < 0 ? (int64_t)t->rank : 0) == axis);
}

static bool attributes_fit(const struct layer *l)
{
	float alpha, beta;
	struct fault ignored = {""};
	return attribute_float(l->n, "alpha", 1, &alpha, &ignored) && attribute_float(l->n, "beta", 1, &beta, &ignored) && alpha == 1 && beta == 1;
}

static bool read_layer(const struct fuser *u, struct graph_node *n, struct layer *l)
{
	*l = (struct layer){.n = n, .conv = fuser_is(n, "Conv"), .gemm = fuser_is(n, "Gemm")};
	return source_codes(u, n, 0, &l->x) && is_field(&l->x) && source_codes(u, n, 1, &l->w) && l->w.bits <= QUANTIZE_MAX_BITS && weights_fit(u, l) && attributes_fit(l);
}

/* ---- bias */

static double sum_scale(const struct layer *l, size_t channel)
{
	const float *x = l->x.scales->data, *w = l->w.scales->data;
	volatile float product = x[0] * w[l->w.scales->count == 1 ? 0 : channel];
	return (double)product;
}

/* The bias as a real number: weights, or codes that are dequantised. */
static bool real_bias(const struct fuser *u, const struct layer *l, size_t channel, size_t count, const struct codes *c, double *v)
{
	const struct tensor *t = c ? u->g->value[c->value].constant : constant(u, l->n, 2);
	size_t at = count == 1 ? 0 : channel;
	if (!c) {
		*v = (double)((const float *)t->data)[at];
	} else {
		size_t s = c->scales->count == 1 ? 0 : at;
		*v = (double)(tensor_integer(t, at) - (c->zeros ? tensor_integer(c->zeros, s) : 0)) * (double)((const float *)c->scales->data)[s];
	}
	return isfinite(*v);
}

/*
 * The bias in steps of the sum, a new value; GRAPH_NONE in *value: there is none. 0: it cannot be (computed, of another shape, beyond 32 bits); -1: a
 * fault.
 */
static int bias_codes(struct fuser *u, const struct layer *l, int *value)
{
	struct codes c;
	*value = GRAPH_NONE;
	if (!fuser_has(l->n, 2))
		return 1;
	bool coded = source_codes(u, l->n, 2, &c);
	const struct tensor *t = coded ? u->g->value[c.value].constant : constant(u, l->n, 2);
	if (!t || !l->channels || (!coded && t->type != TENSOR_FLOAT32) || (t->count != 1 && t->count != l->channels) ||
	    (t->count > 1 && t->dim[t->rank - 1] != (int64_t)t->count) || (coded && c.scales->count != 1 && c.scales->count != t->count))
		return 0;
	struct tensor *b = tensor_new(TENSOR_INT32, 1, (int64_t[]){(int64_t)l->channels}, u->f);
	if (!b)
		return -1;
	for (size_t i = 0; i < l->channels; i++) {
		double real, code;
		bool good = real_bias(u, l, i, t->count, coded ? &c : NULL, &real);
		code = good ? rint(real / sum_scale(l, i)) : NAN;
		if (!(code >= INT32_MIN && code <= INT32_MAX)) {
			tensor_free(b);
			return 0;
		}
		((int32_t *)b->data)[i] = (int32_t)code;
	}
	*value = fuser_add(u, u->g->value[l->n->input[2]].name, b);
	return *value == GRAPH_NONE ? -1 : 1;
}

/* ---- result */

static void code_limits(const struct codes *c, int32_t *low, int32_t *high)
{
	*low = layer_field_min(c->bits, c->is_signed);
	*high = layer_field_max(c->bits, c->is_signed);
}

static int32_t code_of(const struct codes *c, float v, int32_t low, int32_t high)
{
	int32_t zero = c->zeros ? (int32_t)tensor_integer(c->zeros, 0) : 0;
	double code = rint((double)(v / *(const float *)c->scales->data)) + zero;
	return code < low ? low : code > high ? high : (int32_t)code;
}

/* Quantising is monotonous: a clamp of floats is one of codes. False when there is nothing to clamp beyond what the type does. */
static bool result_clamps(const struct layer *l, int32_t *low, int32_t *high)
{
	float least, most;
	struct fault ignored = {""};
	int bits = 8 * (int)tensor_type_bytes(l->y.type);
	bool is_unsigned = l->y.type == TENSOR_UINT8 || l->y.type == TENSOR_UINT16;
	code_limits(&l->y, low, high);
	attribute_float(l->n, "clamp_low", -INFINITY, &least, &ignored);
	attribute_float(l->n, "clamp_high", INFINITY, &most, &ignored);
	int32_t type_low = is_unsigned ? 0 : (int32_t)-(INT64_C(1) << (bits - 1)), type_high = (int32_t)((INT64_C(1) << (bits - !is_unsigned)) - 1);
	int32_t a = code_of(&l->y, least, *low, *high), b = code_of(&l->y, most, *low, *high);
	*low = a;
	*high = b;
	return a != type_low || b != type_high;
}

/* A multiplier that the core's output stage and the host have. */
static bool multipliers_fit(const struct layer *l)
{
	struct requantize r;
	const float *w = l->w.scales->data, *x = l->x.scales->data, *y = l->has_y ? l->y.scales->data : NULL;
	for (size_t i = 0; i < l->w.scales->count; i++)
		if (y ? !requantize_set(&r, x[0], w[i], y[0]) : !isnormal(sum_scale(l, i)))
			return false;
	return true;
}

/* ---- the new node */

static bool plain_code(const struct codes *c)
{
	return c->bits == 8 && tensor_type_bytes(c->type) == 1;
}

/* Zero points are inputs that may not be left out. */
static bool need_zero(struct fuser *u, struct codes *c)
{
	if (c->zero != GRAPH_NONE)
		return true;
	struct tensor *t = tensor_new(c->type, 0, NULL, u->f);
	return t && (c->zero = fuser_add(u, "zero_point", t)) != GRAPH_NONE;
}

static bool set_field(struct fuser *u, struct graph_node *n, const struct codes *c, const char *bits, const char *is_signed)
{
	return plain_code(c) || (fuser_set_int(u, n, bits, c->bits) && fuser_set_int(u, n, is_signed, c->is_signed));
}

static bool set_inputs(struct fuser *u, const struct layer *l, bool linear, int bias)
{
	int y_scale = l->has_y ? l->y.scale : GRAPH_NONE, y_zero = l->has_y ? l->y.zero : GRAPH_NONE;
	int conv[] = {l->x.value, l->x.scale, l->x.zero, l->w.value, l->w.scale, l->w.zero, y_scale, y_zero, bias};
	int product[] = {l->x.value, l->x.scale, l->x.zero, l->w.value, l->w.scale, l->w.zero, bias, y_scale, y_zero};
	if (l->conv || linear) /* QLinearMatMul has no bias: its y_scale comes where a convolution's does */
		return fuser_set_inputs(u, l->n, conv, l->conv && bias != GRAPH_NONE ? 9 : 8);
	return fuser_set_inputs(u, l->n, product, 9);
}

static bool transform(struct fuser *u, struct layer *l, int bias, struct graph_node *last)
{
	int32_t low = 0, high = 0;
	bool clamped = l->has_y && result_clamps(l, &low, &high);
	bool linear = l->has_y && !clamped && plain_code(&l->x) && plain_code(&l->w) && plain_code(&l->y) && !l->gemm && (l->conv || bias == GRAPH_NONE);
	if (!need_zero(u, &l->x) || !need_zero(u, &l->w) || (l->has_y && !need_zero(u, &l->y)) || !set_inputs(u, l, linear, bias))
		return false;
	if (l->has_y) {
		fuser_drop(l->n, "clamp_low");
		fuser_drop(l->n, "clamp_high");
		fuser_replace(u, l->n, last);
	}
	fuser_drop(l->n, "alpha");
	fuser_drop(l->n, "beta");
	if (clamped && (!fuser_set_int(u, l->n, "clamp_low", low) || !fuser_set_int(u, l->n, "clamp_high", high)))
		return false;
	if (!set_field(u, l->n, &l->x, "x_bits", "x_signed") || (!l->conv && !l->gemm && !set_field(u, l->n, &l->w, "w_bits", "w_signed")))
		return false;
	return fuser_set_operator(u, l->n, l->conv ? linear ? "QLinearConv" : "bitlet.QConv" : l->gemm ? "bitlet.QGemm" : linear ? "QLinearMatMul" : "bitlet.QMatMul");
}

static bool try_layer(struct fuser *u, struct graph_node *n, struct graph_node *last)
{
	struct layer l;
	int bias;
	if (!read_layer(u, n, &l))
		return true;
	if (last && (!read_codes(u, last, &l.y) || !is_field(&l.y)))
		return true;
	l.has_y = last;
	if (!multipliers_fit(&l))
		return true;
	int good = bias_codes(u, &l, &bias);
	return good > 0 ? transform(u, &l, bias, last) : good == 0;
}

bool fuse_quantised(struct fuser *u)
{
	for (size_t i = 0; i < u->g->nodes; i++) {
		struct graph_node *last = &u->g->node[u->g->order[i]];
		if (u->dead[u->g->order[i]] || !fuser_is(last, "QuantizeLinear " QUANTIZE_OP))
			continue;
		struct graph_node *n = fuser_only_source(u, last, 0, "Conv Gemm MatMul");
		if (n && !try_layer(u, n, last))
			return false;
	}
	for (size_t i = 0; i < u->g->nodes; i++) {
		struct graph_node *n = &u->g->node[u->g->order[i]];
		if (!u->dead[u->g->order[i]] && fuser_is(n, "Conv Gemm MatMul") && !try_layer(u, n, NULL))
			return false;
	}
	return true;
}
