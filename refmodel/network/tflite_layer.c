#include "tflite_layer.h"

#include <stdlib.h>
#include <string.h>

#include "gemm.h"

static bool check_bias(struct host_call *c, struct tflite_layer *l, size_t bias)
{
	l->bias = host_in(c, bias);
	if (!l->bias)
		return true;
	if (!host_type(c, bias, l->is_float ? TENSOR_FLOAT32 : TENSOR_INT32))
		return false;
	return l->bias->count == l->channels ||
	       host_fault(c, "bias of %zu elements; expected one an output channel, %zu", l->bias->count, l->channels);
}

/* One scale, or one a channel and then only zero points of 0. */
static bool check_weights(struct host_call *c, struct tflite_layer *l, size_t w, unsigned axis)
{
	const struct graph_quant *q = tflite_in_value(c, w)->quant;
	if (!q)
		return host_fault(c, "the weights have no scale");
	if (q->count != 1 && (l->x->type != TENSOR_INT8 || q->count != l->channels || q->axis != axis))
		return host_fault(c, "%zu scales of weights along dimension %u; expected 1, or for int8 %zu along dimension %u", q->count, q->axis,
		                  l->channels, axis);
	for (size_t i = 0; q->count > 1 && i < q->count; i++)
		if (q->zero[i])
			return host_fault(c, "zero point %d of channel %zu of the weights; expected 0", q->zero[i], i);
	l->w_zero = q->zero[0];
	return true;
}

/* The reference kernels of int8 convolutions leave the weights' zero point out: a file that has one means something else than they compute. */
static bool check_zero(struct host_call *c, const struct tflite_layer *l)
{
	bool product = !strcmp(c->node->op, "tflite.FULLY_CONNECTED") || !strcmp(c->node->op, "tflite.BATCH_MATMUL");
	return product || l->x->type != TENSOR_INT8 || !l->w_zero || host_fault(c, "zero point %d of the weights; expected 0", l->w_zero);
}

static bool set_codes(struct host_call *c, struct tflite_layer *l, size_t x, size_t w, unsigned axis, bool activated)
{
	struct tflite_code xq, yq;
	if (!tflite_in_code(c, x, &xq) || !tflite_out_code(c, &yq) || !check_weights(c, l, w, axis) || !check_zero(c, l))
		return false;
	l->x_zero = xq.zero;
	l->y_zero = yq.zero;
	l->low = tflite_code_min(l->x->type);
	l->high = tflite_code_max(l->x->type);
	if (activated && !tflite_clamp_codes(c, &yq, &l->low, &l->high))
		return false;
	if (!(l->scale = host_scratch(c, l->channels, sizeof *l->scale)))
		return false;
	for (size_t i = 0; i < l->channels; i++)
		if (!tflite_real(c, tflite_layer_scale(c->node, tflite_in_value(c, x), tflite_in_value(c, w), tflite_out_value(c, 0), i), &l->scale[i]))
			return false;
	return true;
}

bool tflite_layer(struct host_call *c, struct tflite_layer *l, size_t x, size_t w, size_t bias, size_t channels, unsigned axis, bool activated)
{
	enum tensor_type t = tflite_out_value(c, 0)->type;
	*l = (struct tflite_layer){.x = c->in[x], .w = c->in[w], .channels = channels, .is_float = t == TENSOR_FLOAT32};
	if (!l->is_float && t != TENSOR_INT8 && t != TENSOR_UINT8)
		return host_fault(c, "the output is %s; expected float32, int8 or uint8", tensor_type_name(t));
	if (!host_type(c, x, t) || !host_type(c, w, t) || !check_bias(c, l, bias))
		return false;
	if (!l->is_float)
		return set_codes(c, l, x, w, axis, activated);
	return !activated ? tflite_float_range("NONE", &l->least, &l->most) : tflite_clamp_floats(c, &l->least, &l->most);
}

void tflite_layer_free(struct tflite_layer *l)
{
	free(l->scale);
	l->scale = NULL;
}

static void store_floats(const struct tflite_layer *l, size_t at, size_t first, size_t count, const double *sum)
{
	float *y = (float *)l->y->data + at;
	const float *bias = l->bias ? (const float *)l->bias->data + first : NULL;
	for (size_t i = 0; i < count; i++) {
		float v = (float)(bias ? sum[i] + (double)bias[i] : sum[i]);
		y[i] = v < l->least ? l->least : v > l->most ? l->most : v;
	}
}

/* The sum is an exact integer; the framework adds in 32 bits. */
static int32_t code_sum(double sum, int32_t bias)
{
	return (int32_t)((uint32_t)(int64_t)sum + (uint32_t)bias);
}

void tflite_layer_store(const struct tflite_layer *l, size_t at, size_t first, size_t count, const double *sum)
{
	if (l->is_float) {
		store_floats(l, at, first, count, sum);
		return;
	}
	const int32_t *bias = l->bias ? (const int32_t *)l->bias->data + first : NULL;
	for (size_t i = 0; i < count; i++) {
		int32_t v = tflite_scale(code_sum(sum[i], bias ? bias[i] : 0), l->scale[first + i]);
		tflite_put(l->y, at + i, (int64_t)v + l->y_zero, l->low, l->high);
	}
}

void tflite_layer_x(const struct tflite_layer *l, size_t at, size_t count, double *to)
{
	gemm_numbers(l->x, at, 1, count, l->x_zero, to);
}

void tflite_layer_w(const struct tflite_layer *l, size_t at, size_t from_step, size_t count, double *to)
{
	gemm_numbers(l->w, at, from_step, count, l->w_zero, to);
}
