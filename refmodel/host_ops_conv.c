/* Conv, QLinearConv, ConvInteger: sums from conv_run.h, each finished in its own way. */
#include <stdlib.h>

#include "conv_run.h"
#include "host_ops.h"
#include "requantize.h"

/* Resolves and makes the output; NULL with the fault set. bias: NULL where there is none. */
static struct tensor *start(struct host_call *c, struct conv *v, const struct tensor *w, const struct tensor *bias, enum tensor_type t)
{
	int64_t dim[TENSOR_MAX_RANK];
	if (!conv_resolve(c->node, c->in[0], w, v, c->fault))
		return NULL;
	if (bias && bias->count != v->groups * v->outputs) {
		host_fault(c, "bias of %zu elements; expected one an output, %zu", bias->count, v->groups * v->outputs);
		return NULL;
	}
	if (!host_steps(c, v->images * v->groups * v->outputs, v->window.pixels, v->k))
		return NULL;
	return host_out(c, 0, t, conv_shape(v, dim), dim);
}

static bool run(struct host_call *c, const struct conv_run *r)
{
	return conv_run(r, c->threads) || host_fault(c, "out of memory");
}

/* ---- float: the sum and the bias are added in double precision and rounded once */

struct float_conv {
	const float *bias;
	struct host_clamp clamp;
	float *y;
};

static void float_done(void *context, size_t row, size_t at, size_t count, const double *sum)
{
	const struct float_conv *s = context;
	double bias = s->bias ? (double)s->bias[row] : 0;
	for (size_t i = 0; i < count; i++)
		s->y[at + i] = host_clamped(&s->clamp, sum[i] + bias);
}

bool host_conv(struct host_call *c)
{
	const struct tensor *bias = host_in(c, 2);
	struct float_conv s;
	struct conv v;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || (bias && !host_type(c, 2, TENSOR_FLOAT32)) ||
	    !host_clamp(c, &s.clamp))
		return false;
	struct tensor *y = start(c, &v, c->in[1], bias, TENSOR_FLOAT32);
	if (!y || c->dry)
		return y;
	s.bias = bias ? bias->data : NULL;
	s.y = y->data;
	struct conv_run r = {.conv = &v, .x = c->in[0], .w = c->in[1], .context = &s, .done = float_done};
	return run(c, &r);
}

/* ---- quantised */

struct code_conv {
	const int32_t *bias;
	struct tensor *y;
	int32_t y_zero, low, high;
	struct requantize *scale;   /* one an output */
	int32_t *w_zero;            /* likewise */
};

static void code_done(void *context, size_t row, size_t at, size_t count, const double *sum)
{
	const struct code_conv *s = context;
	int64_t bias = s->bias ? s->bias[row] : 0;
	uint8_t *y = (uint8_t *)s->y->data + at;
	for (size_t i = 0; i < count; i++) {
		int64_t code = (int64_t)requantize_round(&s->scale[row], (int64_t)sum[i] + bias) + s->y_zero;
		code = code < s->low ? s->low : code;
		y[i] = (uint8_t)(code > s->high ? s->high : code); /* int8 alike: the same byte */
	}
}

/* Inputs: x, its scale and zero point, w, its scales and zero points, the result's scale and zero point, bias. */
static bool code_run(struct host_call *c, const struct conv *v, struct code_conv *s)
{
	size_t rows = v->groups * v->outputs;
	struct conv_run r = {.conv = v, .x = c->in[0], .w = c->in[3], .w_zero = s->w_zero, .context = s, .done = code_done};
	struct host_quant xq, wq, yq;
	if (!s->scale || !s->w_zero || !host_quant(c, 1, 0, r.x->type, &xq) || !host_quant(c, 4, rows, r.w->type, &wq) ||
	    !host_quant(c, 6, 0, s->y->type, &yq))
		return false;
	r.x_zero = host_quant_zero(&xq, 0);
	s->y_zero = host_quant_zero(&yq, 0);
	for (size_t i = 0; i < rows; i++) {
		s->w_zero[i] = host_quant_zero(&wq, i);
		if (!requantize_set(&s->scale[i], xq.scale[0], host_quant_scale(&wq, i), yq.scale[0]))
			return host_fault(c, "the scales of output %zu make no finite multiplier", i);
	}
	return run(c, &r);
}

bool host_q_linear_conv(struct host_call *c)
{
	const struct tensor *bias = host_in(c, 8), *w = c->in[3];
	struct conv v;
	if (!host_is_code(c->in[0]->type) || !host_is_code(w->type) || !host_is_code(c->in[7]->type))
		return host_fault(c, "inputs 0, 3 and 7 are %s, %s and %s; expected int8 or uint8", tensor_type_name(c->in[0]->type),
		                  tensor_type_name(w->type), tensor_type_name(c->in[7]->type));
	if (bias && !host_type(c, 8, TENSOR_INT32))
		return false;
	struct tensor *y = start(c, &v, w, bias, c->in[7]->type);
	if (!y || c->dry)
		return y;
	struct code_conv s = {.bias = bias ? bias->data : NULL, .y = y, .low = host_code_min(y->type), .high = host_code_max(y->type)};
	s.scale = host_scratch(c, v.groups * v.outputs, sizeof *s.scale);
	s.w_zero = host_scratch(c, v.groups * v.outputs, sizeof *s.w_zero);
	bool good = code_run(c, &v, &s);
	free(s.scale);
	free(s.w_zero);
	return good;
}

/* ---- codes to sums: x, w, zero point of x, zero points of w */

static void integer_done(void *context, size_t row, size_t at, size_t count, const double *sum)
{
	int32_t *y = ((struct tensor *)context)->data;
	(void)row;
	for (size_t i = 0; i < count; i++)
		y[at + i] = (int32_t)(uint32_t)(uint64_t)(int64_t)sum[i]; /* beyond int32 it wraps */
}

/* Input i as zero points of type t, one or `count` of them (0: one only): into zero[], all 0 when it is left out. */
static bool zero_points(struct host_call *c, size_t i, enum tensor_type t, size_t count, int32_t *zero)
{
	const struct tensor *z = host_in(c, i);
	size_t all = count ? count : 1;
	if (z && (!host_type(c, i, t) || (z->count != 1 && z->count != all)))
		return z->type == t && host_fault(c, "input %zu has %zu zero points; expected 1%s", i, z->count, count ? " or one an output" : "");
	for (size_t j = 0; j < all; j++)
		zero[j] = z ? (int32_t)tensor_integer(z, z->count == 1 ? 0 : j) : 0;
	return true;
}

bool host_conv_integer(struct host_call *c)
{
	const struct tensor *x = c->in[0], *w = c->in[1];
	struct conv v;
	if (!host_is_code(x->type) || !host_is_code(w->type))
		return host_fault(c, "inputs 0 and 1 are %s and %s; expected int8 or uint8", tensor_type_name(x->type), tensor_type_name(w->type));
	struct tensor *y = start(c, &v, w, NULL, TENSOR_INT32);
	if (!y || c->dry)
		return y;
	int32_t *zero = host_scratch(c, v.groups * v.outputs, sizeof *zero);
	struct conv_run r = {.conv = &v, .x = x, .w = w, .w_zero = zero, .context = y, .done = integer_done};
	bool good = zero && zero_points(c, 2, x->type, 0, &r.x_zero) && zero_points(c, 3, w->type, v.groups * v.outputs, zero) && run(c, &r);
	free(zero);
	return good;
}
