/* ADD, SUB, MUL, DIV. */
#include <math.h>

#include "tflite_binary.h"
#include "tflite_fixed.h"

/* An activation bounds integers, too. */
static bool no_activation(struct host_call *c)
{
	float low, high;
	if (!graph_attribute_find(c->node, "fused_activation_function"))
		return true;
	if (!tflite_clamp_floats(c, &low, &high))
		return false;
	return (low < 0 && isinf(high) && isinf(low)) || host_fault(c, "a fused activation on integers; expected NONE");
}

/* ---- sums: both operands are brought to twice the larger scale, with 20 places more */

enum { SUM_PLACES = 20 };

static int32_t sum_operand(int32_t v, struct tflite_multiplier m)
{
	return tflite_divide(tflite_high(v * (1 << SUM_PLACES), m.mantissa), -m.shift);
}

static int32_t add_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	return tflite_scale(sum_operand(a, s->a_scale) + sum_operand(b, s->b_scale), s->y_scale);
}

static int32_t sub_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	return tflite_scale(sum_operand(a, s->a_scale) - sum_operand(b, s->b_scale), s->y_scale);
}

static float add_floats(float a, float b)
{
	return a + b;
}

static float sub_floats(float a, float b)
{
	return a - b;
}

static int64_t add_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	(void)s;
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t sub_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	(void)s;
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static bool sum(struct host_call *c, struct tflite_binary *s)
{
	bool is_float, is_code;
	struct tflite_code a, b, y;
	if (!tflite_binary_types(c, s, &is_float, &is_code))
		return false;
	if (is_float)
		return tflite_clamp_floats(c, &s->least, &s->most) && tflite_binary(c, s);
	if (!is_code)
		return no_activation(c) && tflite_binary(c, s);
	if (!tflite_binary_codes(c, s, &a, &b, &y) || !tflite_clamp_codes(c, &y, &s->low, &s->high))
		return false;
	double twice = 2 * (double)fmaxf(a.scale, b.scale);
	return tflite_real(c, (double)a.scale / twice, &s->a_scale) && tflite_real(c, (double)b.scale / twice, &s->b_scale) &&
	       tflite_real(c, twice / ((1 << SUM_PLACES) * (double)y.scale), &s->y_scale) && tflite_binary(c, s);
}

bool tflite_add(struct host_call *c)
{
	struct tflite_binary s = {.codes = add_codes, .floats = add_floats, .integers = add_integers};
	return sum(c, &s);
}

bool tflite_sub(struct host_call *c)
{
	struct tflite_binary s = {.codes = sub_codes, .floats = sub_floats, .integers = sub_integers};
	return sum(c, &s);
}

/* ---- product and quotient */

static int32_t mul_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	return tflite_scale(a * b, s->y_scale);
}

static float mul_floats(float a, float b)
{
	return a * b;
}

static int64_t mul_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	(void)s;
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

/* a / b with b's reciprocal in 31 places and a shifted left as far as it goes. */
static int32_t div_codes(struct tflite_binary *s, int32_t a, int32_t b)
{
	int over;
	if (b == 0) {
		s->by_zero = true;
		return 0;
	}
	if (b < 0) {
		a = -a;
		b = -b;
	}
	int32_t inverse = tflite_fixed_reciprocal((uint32_t)b, 31, &over);
	int room = __builtin_clrsb(a);
	int32_t quotient = tflite_high((int32_t)((uint32_t)a << room), inverse);
	int shift = s->y_scale.shift - over - room;
	if (shift > 0) { /* the framework has no such case: its quotient would not be a code */
		int64_t v = (int64_t)tflite_high(quotient, s->y_scale.mantissa) * ((int64_t)1 << (shift < 31 ? shift : 31));
		return v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : (int32_t)v;
	}
	return -shift > 31 ? 0 : tflite_divide(tflite_high(quotient, s->y_scale.mantissa), -shift);
}

static float div_floats(float a, float b)
{
	return a / b;
}

static int64_t div_integers(struct tflite_binary *s, int64_t a, int64_t b)
{
	s->by_zero = s->by_zero || b == 0;
	return b == 0 ? 0 : b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
}

/* real: of the codes' scales. */
static bool product(struct host_call *c, struct tflite_binary *s, double (*real)(const struct tflite_code *a, const struct tflite_code *b,
                                                                           const struct tflite_code *y))
{
	bool is_float, is_code;
	struct tflite_code a, b, y;
	if (!tflite_binary_types(c, s, &is_float, &is_code))
		return false;
	if (is_float)
		return tflite_clamp_floats(c, &s->least, &s->most) && tflite_binary(c, s);
	if (!is_code)
		return no_activation(c) && tflite_binary(c, s);
	return tflite_binary_codes(c, s, &a, &b, &y) && tflite_clamp_codes(c, &y, &s->low, &s->high) && tflite_real(c, real(&a, &b, &y), &s->y_scale) &&
	       tflite_binary(c, s);
}

static double mul_scale(const struct tflite_code *a, const struct tflite_code *b, const struct tflite_code *y)
{
	return (double)a->scale * (double)b->scale / (double)y->scale;
}

/* In float, as the framework has it. */
static double div_scale(const struct tflite_code *a, const struct tflite_code *b, const struct tflite_code *y)
{
	float divisor = b->scale * y->scale;
	float quotient = a->scale / divisor;
	return (double)quotient;
}

bool tflite_mul(struct host_call *c)
{
	struct tflite_binary s = {.codes = mul_codes, .floats = mul_floats, .integers = mul_integers};
	return product(c, &s, mul_scale);
}

bool tflite_div(struct host_call *c)
{
	struct tflite_binary s = {.codes = div_codes, .floats = div_floats, .integers = div_integers};
	return product(c, &s, div_scale);
}
