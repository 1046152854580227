#include "quant_field.h"

#include <float.h>
#include <math.h>

#include "layer_encode.h"

int32_t quant_low(struct quant_field q)
{
	return layer_field_min(q.bits, q.is_signed);
}

int32_t quant_high(struct quant_field q)
{
	return layer_field_max(q.bits, q.is_signed);
}

/* As float32, kept normal: a scale must not vanish or overflow. */
static float as_scale(double s)
{
	return s < (double)FLT_MIN ? FLT_MIN : s > (double)FLT_MAX ? FLT_MAX : (float)s;
}

static double symmetric_scale(struct quant_field q, double low, double high)
{
	if (!q.is_signed)
		return high / quant_high(q);
	if (q.bits == 1)
		return -low;
	return fmax(-low, high) / quant_high(q);
}

struct quant_param quant_param(struct quant_field q, bool symmetric, double low, double high)
{
	double span = symmetric ? symmetric_scale(q, low, high) : (high - low) / ((double)quant_high(q) - quant_low(q));
	struct quant_param p = {span > 0 ? as_scale(span) : 1.0f, 0};
	if (symmetric || !(span > 0))
		return p;
	double zero = quant_low(q) - rint(low / (double)p.scale);
	p.zero = zero < quant_low(q) ? quant_low(q) : zero > quant_high(q) ? quant_high(q) : (int32_t)zero;
	return p;
}

int32_t quant_code(struct quant_field q, struct quant_param p, float v)
{
	const float far = 0x1p30f; /* outside every field */
	float quotient = rintf(fminf(fmaxf(v / p.scale, -far), far));
	int64_t code = (isnan(v) ? 0 : (int64_t)quotient) + p.zero;
	return code < quant_low(q) ? quant_low(q) : code > quant_high(q) ? quant_high(q) : (int32_t)code;
}

double quant_real(struct quant_param p, int32_t code)
{
	return ((double)code - p.zero) * (double)p.scale;
}

void quant_store(struct tensor *t, size_t i, int64_t code)
{
	switch (t->type) {
	case TENSOR_INT8:
		((int8_t *)t->data)[i] = (int8_t)code;
		return;
	case TENSOR_UINT8:
		((uint8_t *)t->data)[i] = (uint8_t)code;
		return;
	case TENSOR_INT16:
		((int16_t *)t->data)[i] = (int16_t)code;
		return;
	case TENSOR_UINT16:
		((uint16_t *)t->data)[i] = (uint16_t)code;
		return;
	default:
		((int32_t *)t->data)[i] = (int32_t)code;
	}
}
