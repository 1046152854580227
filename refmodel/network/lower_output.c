#include "lower_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layer_encode.h"
#include "requantize.h"

static uint32_t bits_of(float v)
{
	uint32_t bits;
	memcpy(&bits, &v, sizeof bits);
	return bits;
}

void lower_output_format(struct lower_source *s)
{
	struct layer_output *o = &s->t->output;
	bool codes = s->result == RESULT_CODES || s->result == RESULT_TFLITE;
	size_t bytes = tensor_type_bytes(s->y->type);
	o->rounding = s->result == RESULT_TFLITE ? ROUND_TFLITE_DOUBLE : ROUND_HALF_EVEN;
	o->format = codes ? bytes == 1 ? FORMAT_INT8 : bytes == 2 ? FORMAT_INT16 : FORMAT_INT32 : FORMAT_FP32;
	if (s->result == RESULT_SUMS) {
		o->format = FORMAT_INT32; /* clamp is open */
	} else if (codes) {
		o->is_unsigned = s->y->type == TENSOR_UINT8 || s->y->type == TENSOR_UINT16;
		o->zero = s->y_zero;
		o->clamp_low = s->code_low;
		o->clamp_high = s->code_high;
	} else {
		o->clamp_low = (int32_t)bits_of(s->low);
		o->clamp_high = (int32_t)bits_of(s->high);
	}
	s->l->exact = s->quantised;
}

static float w_scale(const struct lower_source *s, size_t channel)
{
	return s->w_scale[s->w_scales == 1 ? 0 : channel];
}

static float real_bias(const struct lower_source *s, size_t channel)
{
	return s->bias ? s->beta * ((const float *)s->bias->data)[s->bias->count == 1 ? 0 : channel] : 0;
}

static int code_channel(struct lower_source *s, uint32_t c)
{
	struct layer_output *o = &s->t->output;
	struct requantize r;
	if (!requantize_set(&r, s->x_scale, w_scale(s, c), s->y_scale))
		return lower_why(s, "scales give no multiplier for channel %u", c);
	if (r.shift < -7) /* 24 + 7 bits fit */
		return lower_why(s, "multiplier of 2^%d for channel %u; expected less than 2^31", 24 - r.shift, c);
	bool vanishes = r.shift > 56; /* |sum| < 2^31 times 2^24 is less than half of 2^56 */
	o->multiplier[c] = vanishes ? 0 : (uint32_t)r.mantissa << (r.shift < 0 ? -r.shift : 0);
	o->shift[c] = (int8_t)(vanishes || r.shift < 0 ? 0 : r.shift);
	return 1;
}

static int real_channel(struct lower_source *s, uint32_t c)
{
	volatile float scale = s->x_scale * w_scale(s, c); /* one rounding, as the definition says */
	if (!(scale > 0) || !isfinite(scale))
		return lower_why(s, "scales give no multiplier for channel %u", c);
	s->t->output.multiplier[c] = bits_of(scale);
	return 1;
}

int lower_output_channels(struct lower_source *s)
{
	struct layer_output *o = &s->t->output;
	struct lower_layer *l = s->l;
	l->factor = s->alpha;
	if (l->dynamic && !(l->real_bias = calloc(s->t->out_channels, sizeof *l->real_bias)))
		return fault_set(s->why, "out of memory for a layer's biases"), -1;
	for (uint32_t c = 0; c < s->t->out_channels; c++) {
		int good = 1;
		if (l->dynamic)
			l->real_bias[c] = real_bias(s, c);
		else if (s->result == RESULT_FLOAT) /* (sum + bias / alpha) * alpha */
			o->bias[c] = (int32_t)bits_of(s->alpha == 1 ? real_bias(s, c) : real_bias(s, c) / s->alpha);
		else if (s->bias)
			o->bias[c] = ((const int32_t *)s->bias->data)[s->bias->count == 1 ? 0 : c];
		if (s->result == RESULT_FLOAT)
			o->multiplier[c] = bits_of(s->alpha);
		else if (s->result == RESULT_CODES)
			good = code_channel(s, c);
		else if (s->result == RESULT_REAL)
			good = real_channel(s, c);
		else if (s->result == RESULT_TFLITE)
			good = lower_tflite_channel(s, c);
		if (good <= 0)
			return good;
	}
	return 1;
}

/* What one step of a field is worth; one signed bit is -1 or 0. */
static float step_of(float top, unsigned bits, bool is_signed)
{
	int32_t largest = layer_field_max(bits, is_signed);
	return top / (float)(largest ? largest : 1);
}

void lower_output_dynamic(struct lower_layer *l, const struct bitlet_precision *p, float a_top)
{
	struct layer_output *o = &l->task.output;
	float a = step_of(a_top, p->a_bits, p->a_signed);
	for (uint32_t c = 0; c < l->task.out_channels; c++) {
		float scale = a * step_of(l->weight_top[c], p->w_bits, p->w_signed) * l->factor;
		if (!isnormal(scale)) /* all zero: nothing but the bias counts */
			scale = 1.0f / 65536;
		double code = rint((double)l->real_bias[c] / (double)scale);
		o->bias[c] = code > INT32_MAX ? INT32_MAX : code < INT32_MIN ? INT32_MIN : (int32_t)code;
		o->multiplier[c] = bits_of(scale);
	}
}
