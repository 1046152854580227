/* QuantizeLinear, DequantizeLinear, and what the quantised operators share. */
#include <math.h>

#include "attribute.h"
#include "host_ops.h"

bool host_is_code(enum tensor_type t)
{
	return t == TENSOR_INT8 || t == TENSOR_UINT8;
}

int32_t host_code_min(enum tensor_type t)
{
	return t == TENSOR_INT8 ? INT8_MIN : 0;
}

int32_t host_code_max(enum tensor_type t)
{
	return t == TENSOR_INT8 ? INT8_MAX : UINT8_MAX;
}

void host_store_code(struct tensor *t, size_t i, int64_t v)
{
	int32_t low = host_code_min(t->type), high = host_code_max(t->type);
	int32_t code = v < low ? low : v > high ? high : (int32_t)v;
	if (t->type == TENSOR_INT8)
		((int8_t *)t->data)[i] = (int8_t)code;
	else
		((uint8_t *)t->data)[i] = (uint8_t)code;
}

static bool check_scales(struct host_call *c, size_t input, const struct tensor *scale)
{
	for (size_t i = 0; scale->data && i < scale->count; i++) {
		float s = ((const float *)scale->data)[i];
		if (!isfinite(s) || s <= 0)
			return host_fault(c, "scale in input %zu is %g; expected a finite number above 0", input, (double)s);
	}
	return true;
}

static bool count_fits(const struct tensor *t, size_t channels)
{
	return t->count == 1 || (channels && t->count == channels);
}

bool host_quant(struct host_call *c, size_t scale, size_t channels, enum tensor_type t, struct host_quant *q)
{
	const struct tensor *s = host_in(c, scale), *z = host_in(c, scale + 1);
	if (!host_type(c, scale, TENSOR_FLOAT32))
		return false;
	if (!count_fits(s, channels) || (z && !count_fits(z, channels)))
		return host_fault(c, "inputs %zu and %zu have %zu scales and %zu zero points; expected 1%s", scale, scale + 1, s->count,
		                  z ? z->count : 0, channels ? " or one a channel" : "");
	if (z && t != TENSOR_TYPE_COUNT && z->type != t)
		return host_type_fault(c, scale + 1, tensor_type_name(t));
	if (z && tensor_type_is_float(z->type))
		return host_type_fault(c, scale + 1, "an integer type");
	*q = (struct host_quant){s->data, s->count, z};
	return check_scales(c, scale, s);
}

float host_quant_scale(const struct host_quant *q, size_t channel)
{
	return q->scale[q->count == 1 ? 0 : channel];
}

int32_t host_quant_zero(const struct host_quant *q, size_t channel)
{
	return q->zero ? (int32_t)tensor_integer(q->zero, q->zero->count == 1 ? 0 : channel) : 0;
}

/* How an axis cuts a tensor: channel of element i = i / inner % channels. One scale: no axis is needed. */
static bool axis_of(struct host_call *c, const struct tensor *x, size_t scales, size_t *channels, size_t *inner)
{
	unsigned axis = 0;
	*channels = *inner = 1;
	if (scales == 1)
		return true;
	if (!attribute_axis(c->node, 1, x->rank, &axis, c->fault))
		return false;
	*channels = (size_t)x->dim[axis];
	for (unsigned i = axis + 1; i < x->rank; i++)
		*inner *= (size_t)x->dim[i];
	return true;
}

/* Rounds half to even; what is no number becomes 0; far outside the codes' range it only matters on which side. */
static int64_t round_code(float v)
{
	return isnan(v) ? 0 : (int64_t)rintf(fminf(fmaxf(v, -65536.0f), 65536.0f));
}

bool host_quantize_linear(struct host_call *c)
{
	const struct tensor *x = c->in[0], *zero = host_in(c, 2);
	enum tensor_type type = zero ? zero->type : TENSOR_UINT8;
	struct host_quant q;
	size_t channels, inner;
	if (!host_type(c, 0, TENSOR_FLOAT32))
		return false;
	if (!host_is_code(type))
		return host_type_fault(c, 2, "int8 or uint8");
	if (!axis_of(c, x, c->in[1]->count, &channels, &inner) || !host_quant(c, 1, channels, type, &q))
		return false;
	struct tensor *y = host_out(c, 0, type, x->rank, x->dim);
	if (!y || !host_steps(c, x->count, 1, 1))
		return false;
	if (c->dry)
		return true;
	for (size_t i = 0; i < x->count; i++) {
		size_t channel = i / inner % channels;
		float v = ((const float *)x->data)[i] / host_quant_scale(&q, channel);
		host_store_code(y, i, round_code(v) + host_quant_zero(&q, channel));
	}
	return true;
}

bool host_dequantize_linear(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct host_quant q;
	size_t channels, inner;
	if (!host_is_code(x->type) && x->type != TENSOR_INT32)
		return host_type_fault(c, 0, "int8, uint8 or int32");
	if (!axis_of(c, x, c->in[1]->count, &channels, &inner) || !host_quant(c, 1, channels, x->type, &q))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, x->rank, x->dim);
	if (!y || !host_steps(c, x->count, 1, 1))
		return false;
	if (c->dry)
		return true;
	for (size_t i = 0; i < x->count; i++) {
		size_t channel = i / inner % channels;
		float v = (float)(tensor_integer(x, i) - host_quant_zero(&q, channel));
		((float *)y->data)[i] = v * host_quant_scale(&q, channel);
	}
	return true;
}
