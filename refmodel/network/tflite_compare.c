/* MAXIMUM, MINIMUM, SQUARED_DIFFERENCE, POW, PRELU. */
#include <math.h>

#include "tflite_binary.h"

static bool unbounded(struct host_call *c, struct tflite_binary *s)
{
	return tflite_float_range("NONE", &s->least, &s->most) && tflite_binary(c, s);
}

/* ---- the larger and the smaller one: codes of one scale are compared as they are */

static int32_t max_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	(void)s;
	return a > b ? a : b;
}

static int32_t min_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	(void)s;
	return a < b ? a : b;
}

static float max_floats(float a, float b)
{
	return a > b ? a : b;
}

static float min_floats(float a, float b)
{
	return a < b ? a : b;
}

static int64_t max_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	(void)s;
	return a > b ? a : b;
}

static int64_t min_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	(void)s;
	return a < b ? a : b;
}

static bool choose(struct host_call *c, struct tflite_binary *s)
{
	bool is_float, is_code;
	if (!tflite_binary_types(c, s, &is_float, &is_code) || !tflite_same_code(c, 0) || !tflite_same_code(c, 1))
		return false;
	s->low = tflite_code_min(tflite_out_value(c, 0)->type);
	s->high = tflite_code_max(tflite_out_value(c, 0)->type);
	return unbounded(c, s);
}

bool tflite_maximum(struct host_call *c)
{
	struct tflite_binary s = {.codes = max_codes, .floats = max_floats, .integers = max_integers};
	return choose(c, &s);
}

bool tflite_minimum(struct host_call *c)
{
	struct tflite_binary s = {.codes = min_codes, .floats = min_floats, .integers = min_integers};
	return choose(c, &s);
}

/* ---- (a - b)^2: operands brought to twice the larger scale with 7 places more, so that the square has 32 bits */

enum { SQUARE_PLACES = 7 };

static int32_t square_operand(int32_t v, struct tflite_multiplier m)
{
	return tflite_divide(tflite_high(v * (1 << SQUARE_PLACES), m.mantissa), -m.shift);
}

static int32_t square_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	int32_t d = square_operand(a, s->a_scale) - square_operand(b, s->b_scale);
	return tflite_scale((int32_t)((uint32_t)d * (uint32_t)d), s->y_scale);
}

static float square_floats(float a, float b)
{
	float d = a - b;
	return d * d;
}

static int64_t square_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	(void)s;
	uint64_t d = (uint64_t)a - (uint64_t)b;
	return (int64_t)(d * d);
}

bool tflite_squared_difference(struct host_call *c)
{
	struct tflite_binary s = {.codes = square_codes, .floats = square_floats, .integers = square_integers};
	bool is_float, is_code;
	struct tflite_code a, b, y;
	if (!tflite_binary_types(c, &s, &is_float, &is_code))
		return false;
	if (!is_code)
		return unbounded(c, &s);
	if (!tflite_binary_codes(c, &s, &a, &b, &y))
		return false;
	double twice = 2 * (double)fmaxf(a.scale, b.scale);
	return tflite_real(c, (double)a.scale / twice, &s.a_scale) && tflite_real(c, (double)b.scale / twice, &s.b_scale) &&
	       tflite_real(c, twice * twice / ((1 << 2 * SQUARE_PLACES) * (double)y.scale), &s.y_scale) && tflite_binary(c, &s);
}

static float power(float a, float b)
{
	return (float)pow((double)a, (double)b);
}

bool tflite_pow(struct host_call *c)
{
	struct tflite_binary s = {.floats = power};
	bool is_float, is_code;
	return tflite_binary_types(c, &s, &is_float, &is_code) && unbounded(c, &s);
}

/* ---- a, or a times the slope b below 0 */

static int32_t prelu_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	return a >= 0 ? tflite_scale(a, s->a_scale) : tflite_scale(a * b, s->b_scale);
}

static float prelu_floats(float a, float b)
{
	return a >= 0 ? a : a * b;
}

bool tflite_prelu(struct host_call *c)
{
	struct tflite_binary s = {.codes = prelu_codes, .floats = prelu_floats};
	bool is_float, is_code;
	struct tflite_code a, b, y;
	if (!tflite_binary_types(c, &s, &is_float, &is_code))
		return false;
	if (is_float)
		return unbounded(c, &s);
	return tflite_binary_codes(c, &s, &a, &b, &y) && tflite_real(c, (double)a.scale / (double)y.scale, &s.a_scale) &&
	       tflite_real(c, (double)a.scale * (double)b.scale / (double)y.scale, &s.b_scale) && tflite_binary(c, &s);
}
