/* Conv and QLinearConv: a patch of the input is laid out once for each pixel and group, then multiplied with every row of weights. */
#include <stdlib.h>

#include "conv.h"
#include "host_ops.h"
#include "requantize.h"

double host_dot_float(const float *a, const float *b, size_t count)
{
	double sum[4] = {0}; /* four chains, so that additions overlap */
	size_t i = 0;
	for (; i + 4 <= count; i += 4)
		for (size_t j = 0; j < 4; j++)
			sum[j] += (double)a[i + j] * (double)b[i + j];
	for (; i < count; i++)
		sum[0] += (double)a[i] * (double)b[i];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

int64_t host_dot_int(const int32_t *a, const int32_t *b, size_t count)
{
	int64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (int64_t)a[i] * b[i];
	return sum;
}

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

/* ---- float */

struct float_conv {
	const struct conv *v;
	const float *x, *w, *bias;
	float *y;
	int32_t *offset;
	float *patch;
};

static void float_pixel(const struct float_conv *s, size_t image, size_t group, size_t pixel)
{
	const struct conv *v = s->v;
	conv_patch_float(v, s->x + conv_input(v, image, group), s->offset, s->patch);
	for (size_t o = 0; o < v->outputs; o++) {
		size_t row = group * v->outputs + o;
		double sum = host_dot_float(s->w + row * v->k, s->patch, v->k);
		if (s->bias)
			sum += (double)s->bias[row];
		s->y[conv_output(v, image, group, o) + pixel] = (float)sum;
	}
}

bool host_conv(struct host_call *c)
{
	const struct tensor *bias = host_in(c, 2);
	struct conv v;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || (bias && !host_type(c, 2, TENSOR_FLOAT32)))
		return false;
	struct tensor *y = start(c, &v, c->in[1], bias, TENSOR_FLOAT32);
	if (!y || c->dry)
		return y;
	struct float_conv s = {&v, c->in[0]->data, c->in[1]->data, bias ? bias->data : NULL, y->data, NULL, NULL};
	s.offset = host_scratch(c, v.window.taps, sizeof *s.offset);
	s.patch = host_scratch(c, v.k, sizeof *s.patch);
	for (size_t pixel = 0; s.offset && s.patch && pixel < v.window.pixels; pixel++) {
		window_offsets(&v.window, pixel, s.offset);
		for (size_t i = 0; i < v.images * v.groups; i++)
			float_pixel(&s, i / v.groups, i % v.groups, pixel);
	}
	bool good = s.offset && s.patch;
	free(s.offset);
	free(s.patch);
	return good;
}

/* ---- quantised */

struct code_conv {
	const struct conv *v;
	const struct tensor *x, *bias;
	struct tensor *y;
	int32_t x_zero, y_zero;
	struct requantize *scale;   /* one an output */
	int32_t *w;                 /* weights less their zero points */
	int32_t *offset, *patch;
};

/* Patch less the zero point. */
static void code_patch(const struct code_conv *s, size_t image, size_t group)
{
	size_t at = conv_input(s->v, image, group);
	if (s->x->type == TENSOR_INT8)
		conv_patch_int8(s->v, (const int8_t *)s->x->data + at, s->offset, s->x_zero, s->patch);
	else
		conv_patch_uint8(s->v, (const uint8_t *)s->x->data + at, s->offset, s->x_zero, s->patch);
	for (size_t i = 0; i < s->v->k; i++)
		s->patch[i] -= s->x_zero;
}

static void code_pixel(const struct code_conv *s, size_t image, size_t group, size_t pixel)
{
	const struct conv *v = s->v;
	code_patch(s, image, group);
	for (size_t o = 0; o < v->outputs; o++) {
		size_t row = group * v->outputs + o;
		int64_t sum = host_dot_int(s->w + row * v->k, s->patch, v->k);
		if (s->bias)
			sum += ((const int32_t *)s->bias->data)[row];
		host_store_code(s->y, conv_output(v, image, group, o) + pixel,
		                (int64_t)requantize_round(&s->scale[row], sum) + s->y_zero);
	}
}

/* Inputs: x, its scale and zero point, w, its scales and zero points, the result's scale and zero point, bias. */
static bool code_prepare(struct host_call *c, struct code_conv *s)
{
	const struct tensor *w = c->in[3];
	size_t rows = s->v->groups * s->v->outputs;
	struct host_quant xq, wq, yq;
	if (!host_quant(c, 1, 0, c->in[0]->type, &xq) || !host_quant(c, 4, rows, w->type, &wq) ||
	    !host_quant(c, 6, 0, s->y->type, &yq))
		return false;
	s->x_zero = host_quant_zero(&xq, 0);
	s->y_zero = host_quant_zero(&yq, 0);
	for (size_t i = 0; i < rows; i++)
		if (!requantize_set(&s->scale[i], xq.scale[0], host_quant_scale(&wq, i), yq.scale[0]))
			return host_fault(c, "the scales of output %zu make no finite multiplier", i);
	for (size_t i = 0; i < w->count; i++)
		s->w[i] = (int32_t)tensor_integer(w, i) - host_quant_zero(&wq, i / s->v->k);
	return true;
}

static bool code_run(struct host_call *c, struct code_conv *s)
{
	const struct conv *v = s->v;
	if (!s->scale || !s->w || !s->offset || !s->patch || !code_prepare(c, s))
		return false;
	for (size_t pixel = 0; pixel < v->window.pixels; pixel++) {
		window_offsets(&v->window, pixel, s->offset);
		for (size_t i = 0; i < v->images * v->groups; i++)
			code_pixel(s, i / v->groups, i % v->groups, pixel);
	}
	return true;
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
	struct code_conv s = {.v = &v, .x = c->in[0], .bias = bias, .y = y};
	s.scale = host_scratch(c, v.groups * v.outputs, sizeof *s.scale);
	s.w = host_scratch(c, w->count, sizeof *s.w);
	s.offset = host_scratch(c, v.window.taps, sizeof *s.offset);
	s.patch = host_scratch(c, v.k, sizeof *s.patch);
	bool good = code_run(c, &s);
	free(s.scale);
	free(s.w);
	free(s.offset);
	free(s.patch);
	return good;
}
