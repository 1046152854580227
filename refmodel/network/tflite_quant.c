#include "tflite_quant.h"

#include <math.h>
#include <string.h>

enum { PLACES = 31, SHIFT_MIN = -31, SHIFT_MAX = 30 };

bool tflite_multiplier(double real, struct tflite_multiplier *m)
{
	int shift;
	*m = (struct tflite_multiplier){0, 0};
	if (!isfinite(real) || real < 0)
		return false;
	if (real == 0)
		return true;
	double part = frexp(real, &shift);
	int64_t mantissa = (int64_t)round(part * 2147483648.0);
	if (mantissa == (int64_t)1 << PLACES) {
		mantissa /= 2;
		shift++;
	}
	if (shift > SHIFT_MAX)
		return false;
	if (shift >= SHIFT_MIN)
		*m = (struct tflite_multiplier){(int32_t)mantissa, shift};
	return true;
}

int32_t tflite_high(int32_t a, int32_t b)
{
	int64_t product = (int64_t)a * b;
	int64_t nudge = product >= 0 ? (int64_t)1 << (PLACES - 1) : 1 - ((int64_t)1 << (PLACES - 1));
	return a == INT32_MIN && b == INT32_MIN ? INT32_MAX : (int32_t)((product + nudge) / ((int64_t)1 << PLACES));
}

int32_t tflite_divide(int32_t x, int n)
{
	int64_t half = n ? (int64_t)1 << (n - 1) : 0;
	/* away from 0: below 0, a half goes down */
	return (int32_t)(((int64_t)x + half - (x < 0 && n)) >> n);
}

int32_t tflite_scale(int32_t x, struct tflite_multiplier m)
{
	int left = m.shift > 0 ? m.shift : 0;
	return tflite_divide(tflite_high((int32_t)((uint32_t)x << left), m.mantissa), left - m.shift);
}

static bool product_in_float(const struct graph_node *n, const struct graph_value *x, const struct graph_value *w)
{
	if (x->type == TENSOR_UINT8 || !strcmp(n->op, "tflite.BATCH_MATMUL"))
		return true;
	return !strcmp(n->op, "tflite.FULLY_CONNECTED") && w->quant->count == 1;
}

double tflite_layer_scale(const struct graph_node *n, const struct graph_value *x, const struct graph_value *w, const struct graph_value *y,
                          size_t channel)
{
	float x_scale = x->quant->scale[0], w_scale = w->quant->scale[w->quant->count == 1 ? 0 : channel];
	double y_scale = (double)y->quant->scale[0];
	if (product_in_float(n, x, w)) {
		float product = x_scale * w_scale;
		return (double)product / y_scale;
	}
	return (double)x_scale * (double)w_scale / y_scale;
}

bool tflite_is_code(enum tensor_type t)
{
	return t == TENSOR_INT8 || t == TENSOR_UINT8 || t == TENSOR_INT16;
}

int32_t tflite_code_min(enum tensor_type t)
{
	return t == TENSOR_INT8 ? INT8_MIN : t == TENSOR_INT16 ? INT16_MIN : 0;
}

int32_t tflite_code_max(enum tensor_type t)
{
	return t == TENSOR_INT8 ? INT8_MAX : t == TENSOR_INT16 ? INT16_MAX : UINT8_MAX;
}

bool tflite_float_range(const char *activation, float *low, float *high)
{
	static const struct {
		const char *name;
		float low, high;
	} range[] = {{"NONE", -INFINITY, INFINITY}, {"RELU", 0, INFINITY}, {"RELU_N1_TO_1", -1, 1}, {"RELU6", 0, 6}};
	for (size_t i = 0; i < sizeof range / sizeof range[0]; i++)
		if (!strcmp(range[i].name, activation)) {
			*low = range[i].low;
			*high = range[i].high;
			return true;
		}
	return false;
}

/* A bound as a code, halves away from 0; false when it is no int32. */
static bool bound(float v, float scale, int32_t zero, int64_t *code)
{
	float r = roundf(v / scale);
	if (!(r >= -2147483648.0f && r < 2147483648.0f))
		return false;
	*code = (int64_t)r + zero;
	return *code >= INT32_MIN && *code <= INT32_MAX;
}

bool tflite_code_range(const char *activation, enum tensor_type t, float scale, int32_t zero, int32_t *low, int32_t *high)
{
	float from, to;
	int64_t code;
	*low = tflite_code_min(t);
	*high = tflite_code_max(t);
	if (!tflite_float_range(activation, &from, &to))
		return false;
	if (isfinite(from)) {
		if (!bound(from, scale, zero, &code))
			return false;
		*low = code > *low ? (int32_t)code : *low;
	}
	if (isfinite(to)) {
		if (!bound(to, scale, zero, &code))
			return false;
		*high = code < *high ? (int32_t)code : *high;
	}
	return true;
}
