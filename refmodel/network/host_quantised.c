#include "host_quantised.h"

#include <math.h>
#include <stdlib.h>

#include "attribute.h"
#include "requantize.h"

__extension__ typedef __int128 wide;

static bool is_code(const struct tensor *t)
{
	return t && !tensor_type_is_float(t->type) && t->type != TENSOR_BOOL && t->type != TENSOR_INT64;
}

enum tensor_type quantised_type(struct host_call *c, const struct quantised_inputs *in)
{
	const struct tensor *bias = host_in(c, in->bias), *zero = host_in(c, in->y_scale + 1);
	bool real = !host_in(c, in->y_scale);
	bool good = is_code(c->in[0]) && is_code(c->in[3]) && (real ? !zero : is_code(zero)) && (!bias || bias->type == TENSOR_INT32);
	if (good)
		return real ? TENSOR_FLOAT32 : zero->type;
	host_fault(c, "operands are %s and %s; expected codes of 8 to 32 bits, a result's scale with its zero point or neither, a bias of int32",
	           tensor_type_name(c->in[0]->type), tensor_type_name(c->in[3]->type));
	return TENSOR_TYPE_COUNT;
}

/* Codes less zero points, and the largest magnitude. */
static bool take_codes(struct quantised *q, const struct tensor *t, const struct host_quant *zero, size_t channels, size_t inner, int32_t *to, int64_t *most)
{
	*most = 0;
	for (size_t i = 0; i < t->count; i++) {
		int64_t v = tensor_integer(t, i) - host_quant_zero(zero, i / inner % channels);
		if (v < INT32_MIN || v > INT32_MAX)
			return host_fault(q->c, "code %lld less its zero point leaves 32 bits", (long long)tensor_integer(t, i));
		to[i] = (int32_t)v;
		*most = llabs(v) > *most ? llabs(v) : *most;
	}
	return true;
}

static bool take_bias(struct quantised *q, const struct tensor *t, size_t channels)
{
	if (t && t->count != 1 && t->count != channels)
		return host_fault(q->c, "bias of %zu elements; expected 1 or %zu", t->count, channels);
	for (size_t i = 0; i < channels; i++)
		q->bias[i] = t ? ((const int32_t *)t->data)[t->count == 1 ? 0 : i] : 0;
	return true;
}

static bool take_result(struct quantised *q, const struct quantised_inputs *in, const struct host_quant *xq, const struct host_quant *wq, size_t channels)
{
	struct host_call *c = q->c;
	struct host_quant yq = {NULL, 0, NULL};
	bool codes = q->y->type != TENSOR_FLOAT32, is_unsigned = q->y->type == TENSOR_UINT8 || q->y->type == TENSOR_UINT16;
	int bits = 8 * (int)tensor_type_bytes(q->y->type);
	int64_t low = is_unsigned ? 0 : -(INT64_C(1) << (bits - 1)), high = (INT64_C(1) << (bits - !is_unsigned)) - 1;
	if (codes && (!host_quant(c, in->y_scale, 0, q->y->type, &yq) || !attribute_range(c->node, "clamp_low", low, low, high, &q->low, c->fault) ||
	              !attribute_range(c->node, "clamp_high", high, q->low, high, &q->high, c->fault)))
		return false;
	if (!codes && !host_clamp(c, &q->clamp))
		return false;
	q->zero = codes ? host_quant_zero(&yq, 0) : 0;
	for (size_t i = 0; i < channels; i++) {
		volatile float scale = xq->scale[0] * host_quant_scale(wq, i);
		q->scale[i] = scale;
		if (codes ? !requantize_set(&q->multiplier[i], xq->scale[0], host_quant_scale(wq, i), yq.scale[0]) : !isfinite(q->scale[i]))
			return host_fault(c, "the scales of output %zu make no finite multiplier", i);
	}
	return true;
}

bool quantised_open(struct quantised *q, struct host_call *c, const struct quantised_inputs *in, size_t channels, size_t inner, size_t k)
{
	struct host_quant xq, wq;
	int64_t x_most, w_most;
	*q = (struct quantised){.c = c, .y = c->out[0]};
	q->x = host_scratch(c, c->in[0]->count, sizeof *q->x);
	q->w = host_scratch(c, c->in[3]->count, sizeof *q->w);
	q->bias = host_scratch(c, channels, sizeof *q->bias);
	q->scale = host_scratch(c, channels, sizeof *q->scale);
	q->multiplier = host_scratch(c, channels, sizeof *q->multiplier);
	if (!q->x || !q->w || !q->bias || !q->scale || !q->multiplier)
		return false;
	if (!host_quant(c, 1, 0, c->in[0]->type, &xq) || !host_quant(c, 4, channels, c->in[3]->type, &wq) || !take_result(q, in, &xq, &wq, channels) ||
	    !take_bias(q, host_in(c, in->bias), channels) || !take_codes(q, c->in[0], &xq, 1, 1, q->x, &x_most) ||
	    !take_codes(q, c->in[3], &wq, channels, inner, q->w, &w_most))
		return false;
	/* sums and their partial sums stay far within 64 bits */
	return (double)x_most * (double)w_most * (double)k < 0x1p61 || host_fault(c, "sums of %zu products could leave 62 bits", k);
}

void quantised_free(struct quantised *q)
{
	free(q->x);
	free(q->w);
	free(q->bias);
	free(q->scale);
	free(q->multiplier);
}

/* sum * scale, rounded once. */
static float real(int64_t sum, float scale)
{
	int exponent;
	wide product = (wide)sum * (int32_t)ldexpf(frexpf(scale, &exponent), 24);
	return ldexpf((float)product, exponent - 24);
}

static void store(struct tensor *t, size_t i, int64_t v)
{
	switch (tensor_type_bytes(t->type)) {
	case 1:
		((uint8_t *)t->data)[i] = (uint8_t)v;
		return;
	case 2:
		((uint16_t *)t->data)[i] = (uint16_t)v;
		return;
	default:
		((uint32_t *)t->data)[i] = (uint32_t)v;
	}
}

void quantised_put(const struct quantised *q, size_t i, size_t channel, int64_t sum)
{
	sum += q->bias[channel];
	if (q->y->type == TENSOR_FLOAT32) {
		((float *)q->y->data)[i] = host_clamped(&q->clamp, (double)real(sum, q->scale[channel]));
		return;
	}
	int64_t v = (int64_t)requantize_round(&q->multiplier[channel], sum) + q->zero;
	store(q->y, i, v < q->low ? q->low : v > q->high ? q->high : v);
}
