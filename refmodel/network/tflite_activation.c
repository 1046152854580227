/* RELU, RELU6, RELU_N1_TO_1, LEAKY_RELU, HARD_SWISH. */
#include <math.h>
#include <stdlib.h>

#include "attribute.h"
#include "tflite_kernel.h"

struct activation {
	const struct tensor *x;
	struct tensor *y;
	struct tflite_code xq, yq;
};

/* float32 or int8 (`wide`: uint8 and int16, too), and the output; with codes their scales. */
static bool start(struct host_call *c, struct activation *a, bool wide)
{
	a->x = c->in[0];
	if (a->x->type != TENSOR_FLOAT32 && a->x->type != TENSOR_INT8 && !(wide && tflite_is_code(a->x->type)))
		return host_type_fault(c, 0, wide ? "float32, int8, uint8 or int16" : "float32 or int8");
	if (!tflite_same_type(c, 0) || !host_steps(c, a->x->count, 1, 1))
		return false;
	if (a->x->type != TENSOR_FLOAT32 && (!tflite_in_code(c, 0, &a->xq) || !tflite_out_code(c, &a->yq)))
		return false;
	return (a->y = tflite_out(c, 0, a->x->rank, a->x->dim));
}

/* ---- bounds */

static bool bounded(struct host_call *c, const char *activation)
{
	struct activation a;
	struct tflite_multiplier scale;
	float least, most;
	int32_t low, high;
	if (!start(c, &a, true) || !tflite_float_range(activation, &least, &most))
		return false;
	if (a.x->type == TENSOR_FLOAT32) {
		for (size_t i = 0; !c->dry && i < a.x->count; i++) {
			float v = ((const float *)a.x->data)[i];
			((float *)a.y->data)[i] = v < least ? least : v > most ? most : v;
		}
		return true;
	}
	if (!tflite_real(c, (double)a.xq.scale / (double)a.yq.scale, &scale))
		return false;
	if (!tflite_code_range(activation, a.y->type, a.yq.scale, a.yq.zero, &low, &high))
		return host_fault(c, "scale %g makes bounds that are no codes", (double)a.yq.scale);
	for (size_t i = 0; !c->dry && i < a.x->count; i++)
		tflite_put(a.y, i, (int64_t)tflite_scale(tflite_get(a.x, i) - a.xq.zero, scale) + a.yq.zero, low, high);
	return true;
}

bool tflite_relu(struct host_call *c)
{
	return bounded(c, "RELU");
}

bool tflite_relu6(struct host_call *c)
{
	return bounded(c, "RELU6");
}

bool tflite_relu_n1_to_1(struct host_call *c)
{
	return bounded(c, "RELU_N1_TO_1");
}

/* ---- slope below 0, which may be any number */

static void leaky_floats(const struct activation *a, float alpha)
{
	for (size_t i = 0; i < a->x->count; i++) {
		float v = ((const float *)a->x->data)[i];
		((float *)a->y->data)[i] = v > 0 ? v : v * alpha;
	}
}

/* Quotients are formed in float, as in the framework. A negative slope is a negative mantissa. */
static bool leaky_scales(struct host_call *c, const struct activation *a, float alpha, struct tflite_multiplier *above, struct tflite_multiplier *below)
{
	float same = a->xq.scale / a->yq.scale, slope = a->xq.scale * alpha;
	slope /= a->yq.scale;
	if (!tflite_real(c, (double)same, above) || !tflite_real(c, (double)fabsf(slope), below))
		return false;
	if (slope < 0)
		below->mantissa = -below->mantissa;
	return true;
}

bool tflite_leaky_relu(struct host_call *c)
{
	struct activation a;
	struct tflite_multiplier above, below;
	float alpha;
	if (!attribute_float(c->node, "alpha", 0, &alpha, c->fault) || !start(c, &a, true))
		return false;
	if (a.x->type == TENSOR_FLOAT32) {
		if (!c->dry)
			leaky_floats(&a, alpha);
		return true;
	}
	if (!leaky_scales(c, &a, alpha, &above, &below))
		return false;
	for (size_t i = 0; !c->dry && i < a.x->count; i++) {
		int32_t v = tflite_get(a.x, i) - a.xq.zero;
		tflite_put(a.y, i, (int64_t)tflite_scale(v, v >= 0 ? above : below) + a.yq.zero, tflite_code_min(a.y->type), tflite_code_max(a.y->type));
	}
	return true;
}

/* ---- x * min(6, max(0, x + 3)) / 6, codes in 16-bit arithmetic */

struct swish {
	int16_t output, reluish;    /* multipliers */
	int output_shift, reluish_shift;
};

static int16_t saturate16(int64_t v)
{
	return (int16_t)(v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v);
}

static int16_t high16(int16_t a, int16_t b)
{
	int32_t product = a * b, nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
	return saturate16((product + nudge) / (1 << 15));
}

static int16_t upper_half(int32_t mantissa)
{
	return saturate16(((int64_t)mantissa + (1 << 15)) >> 16);
}

static bool swish_scales(struct host_call *c, const struct activation *a, struct swish *s)
{
	struct tflite_multiplier output, reluish;
	float fine = (1.0f / 128.0f) * a->xq.scale, unit = 3.0f / 32768.0f;
	float to_output = fine / a->yq.scale, to_unit = fine / unit;
	if (!tflite_real(c, (double)to_output, &output) || !tflite_real(c, (double)to_unit, &reluish))
		return false;
	if (output.shift > 0)
		return host_fault(c, "input scale %g over output scale %g; expected less than 128", (double)a->xq.scale, (double)a->yq.scale);
	*s = (struct swish){upper_half(output.mantissa), upper_half(reluish.mantissa), output.shift, reluish.shift};
	return true;
}

static int8_t swish_code(const struct activation *a, const struct swish *s, int32_t code)
{
	int16_t fine = (int16_t)((code - a->xq.zero) * 128), before = high16(fine, s->output), gate = fine;
	if (s->reluish_shift > 0)
		gate = saturate16((int64_t)gate * ((int64_t)1 << (s->reluish_shift - 1)));
	gate = high16(gate, s->reluish);
	if (s->reluish_shift > 0)
		gate = saturate16((int64_t)gate * 2);
	else
		gate = (int16_t)tflite_divide(gate, -s->reluish_shift);
	gate = (int16_t)((gate + (1 << 15)) >> 1);
	int16_t v = saturate16((int32_t)gate * before / (1 << 15)); /* towards 0 */
	v = (int16_t)(tflite_divide(v, -s->output_shift) + a->yq.zero); /* wraps, as in the framework */
	return (int8_t)(v < INT8_MIN ? INT8_MIN : v > INT8_MAX ? INT8_MAX : v);
}

static void swish_floats(const struct activation *a)
{
	for (size_t i = 0; i < a->x->count; i++) {
		double v = (double)((const float *)a->x->data)[i];
		((float *)a->y->data)[i] = (float)(v * fmin(6, fmax(0, v + 3)) / 6);
	}
}

bool tflite_hard_swish(struct host_call *c)
{
	struct activation a;
	struct swish s = {0};
	if (!start(c, &a, false))
		return false;
	if (a.x->type == TENSOR_FLOAT32) {
		if (!c->dry)
			swish_floats(&a);
		return true;
	}
	if (!swish_scales(c, &a, &s))
		return false;
	for (size_t i = 0; !c->dry && i < a.x->count; i++)
		((int8_t *)a.y->data)[i] = swish_code(&a, &s, ((const int8_t *)a.x->data)[i]);
	return true;
}
