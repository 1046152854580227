/* The output stage's arithmetic against other formulations: TensorFlow Lite's, exact rationals, the host's floats with their flags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "output_math.h"
#include "requantize.h"
#include "result.h"

__extension__ typedef __int128 wide;

enum { ROUNDS = 300000 };

static uint64_t state = 1;

static uint64_t next(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
	return (unsigned)(next() % n);
}

/* Every size, and the ends. */
static int64_t some_int(unsigned bits)
{
	int64_t low = INT64_MIN >> (64 - bits), v = (int64_t)next() >> (64 - bits);
	switch (below(12)) {
	case 0: return low;
	case 1: return ~low;
	case 2: return (int64_t)below(5) - 2;
	case 3: return (int64_t)1 << below(bits - 1);
	default: return v >> below(bits);
	}
}

static uint32_t some_multiplier(void)
{
	return (uint32_t)(some_int(32) & INT32_MAX);
}

static uint32_t some_float(void)
{
	static const uint32_t corners[] = {
		0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffc12345, 0x3f800000,
		0x3f7fffff, 0x3f800001, 0x00ffffff, 0x34000000,
	};
	uint32_t r = (uint32_t)next();
	switch (below(4)) {
	case 0: return corners[below(sizeof corners / sizeof *corners)];
	case 1: return r;
	case 2: return (r & 0x807fffff) | (100 + below(56)) << 23;
	default: return (r & 0x80700000) | (r % 2 ? below(3) : 60 + below(8)) << 23 | below(4);
	}
}

static float as_float(uint32_t bits)
{
	float f;
	memcpy(&f, &bits, sizeof f);
	return f;
}

static uint32_t as_bits(float f)
{
	uint32_t bits;
	memcpy(&bits, &f, sizeof bits);
	return isnan(f) ? BITLET_NAN : bits;
}

static bool is_signalling(uint32_t x)
{
	return (x & 0x7fffffff) > 0x7f800000 && !(x & 0x00400000);
}

/* gemmlowp/fixedpoint.h, as TensorFlow Lite's MultiplyByQuantizedMultiplier calls it. */
static int32_t doubling_high_mul(int32_t a, int32_t b)
{
	bool overflow = a == b && a == INT32_MIN;
	int64_t ab_64 = (int64_t)a * (int64_t)b;
	int32_t nudge = ab_64 >= 0 ? (1 << 30) : (1 - (1 << 30));
	int32_t ab_x2_high32 = (int32_t)((ab_64 + nudge) / ((int64_t)1 << 31));
	return overflow ? INT32_MAX : ab_x2_high32;
}

static int32_t rounding_divide_by_pot(int32_t x, int exponent)
{
	const int32_t mask = (int32_t)((INT64_C(1) << exponent) - 1);
	const int32_t remainder = x & mask;
	const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
	return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

static int32_t tflite(int32_t x, int32_t quantized_multiplier, int shift)
{
	int left_shift = shift > 0 ? shift : 0, right_shift = shift > 0 ? 0 : -shift;
	int64_t shifted = (int64_t)x * (INT64_C(1) << left_shift);
	shifted = shifted > INT32_MAX ? INT32_MAX : shifted < INT32_MIN ? INT32_MIN : shifted; /* there: undefined */
	return rounding_divide_by_pot(doubling_high_mul((int32_t)shifted, quantized_multiplier), right_shift);
}

static void test_tflite(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		int32_t v = (int32_t)some_int(32);
		uint32_t m = some_multiplier();
		int shift = (int)below(62) - 31;
		assert_int_equal(output_requantize(v, m, (uint8_t)shift, ROUND_TFLITE_DOUBLE), tflite(v, (int32_t)m, shift));
	}
	/* half away from zero in the second rounding, half up in the first */
	assert_int_equal(output_requantize(3, 1 << 30, (uint8_t)0, ROUND_TFLITE_DOUBLE), 2);
	assert_int_equal(output_requantize(-3, 1 << 30, (uint8_t)0, ROUND_TFLITE_DOUBLE), -1);
	assert_int_equal(output_requantize(-6, 1 << 30, (uint8_t)-1, ROUND_TFLITE_DOUBLE), -2);
	assert_int_equal(output_requantize(INT32_MIN, INT32_MAX, (uint8_t)-32, ROUND_TFLITE_DOUBLE), 0);
}

static int32_t clip(wide v)
{
	return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
}

/* The integers next to p / 2^shift, by division: the nearest, of two equally near ones the even one or the upper one. */
static int32_t nearest(wide p, unsigned shift, bool even)
{
	wide one = (wide)1 << shift, floor = p / one - (p % one < 0), rest = p - floor * one;
	if (2 * rest > one || (2 * rest == one && (!even || floor % 2 != 0)))
		floor++;
	return clip(floor);
}

static void test_half_even_and_up(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		int32_t v = (int32_t)some_int(32);
		uint32_t m = some_multiplier();
		uint8_t shift = (uint8_t)below(63);
		wide p = (wide)v * m;
		assert_int_equal(output_requantize(v, m, shift, ROUND_HALF_EVEN), nearest(p, shift, true));
		assert_int_equal(output_requantize(v, m, shift, ROUND_HALF_UP), nearest(p, shift, false));
	}
}

/* What ONNX models ask for. */
static void test_requantize_h(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		struct requantize r;
		float scale = ldexpf(1 + (float)below(1 << 23) / (1 << 23), -(int)below(40));
		assert_true(requantize_set(&r, scale, 1, 1));
		int32_t v = (int32_t)some_int(32);
		if (r.shift <= 62)
			assert_int_equal(output_requantize(v, (uint32_t)r.mantissa, (uint8_t)r.shift, ROUND_HALF_EVEN), requantize_round(&r, v));
	}
}

static void test_unused_bits(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS / 10; i++) {
		int32_t v = (int32_t)some_int(32);
		uint32_t m = some_multiplier();
		uint8_t shift = (uint8_t)next();
		for (int r = 0; r < 3; r++)
			assert_int_equal(output_requantize(v, m, shift, (enum program_rounding)r),
			                 output_requantize(v, m | 0x80000000, (uint8_t)(shift ^ (below(4) << 6)), (enum program_rounding)r));
	}
}

static void test_clamp(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		int32_t y = (int32_t)some_int(32), zero = (int32_t)some_int(32), low = (int32_t)some_int(32), high = (int32_t)some_int(32);
		int32_t z = clip((wide)y + zero), raised = z > low ? z : low;
		assert_int_equal(output_clamp(y, zero, low, high), raised < high ? raised : high);
	}
}

static void test_sums(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		struct output_stage s = { .result_bits = 8 + below(57) };
		int64_t a = some_int(s.result_bits), b = some_int(s.result_bits);
		wide sum = (wide)a + b, limit = (wide)1 << (s.result_bits - 1);
		uint8_t flags = BITLET_INEXACT, bias_flags = 0;
		bool over = sum >= limit || sum < -limit;
		int64_t expected = (int64_t)(!over ? sum : sum < 0 ? -limit : limit - 1);
		assert_true(output_accumulate(&s, a, b, &flags) == expected);
		assert_int_equal(flags, BITLET_INEXACT | (over ? BITLET_OVERFLOW : 0));
		int32_t bias = (int32_t)some_int(32);
		assert_int_equal(output_bias(a, bias, &bias_flags), clip((wide)a + bias));
		assert_int_equal(bias_flags, clip((wide)a + bias) != (wide)a + bias ? BITLET_OVERFLOW : 0);
	}
}

/* Runs one host operation and gives its flags; underflow is told apart before rounding. */
static uint32_t host(float (*operation)(float, float), uint32_t x, uint32_t y, uint8_t *flags)
{
	volatile float fx = as_float(x), fy = as_float(y);
	feclearexcept(FE_ALL_EXCEPT);
	volatile float result = operation(fx, fy);
	int raised = fetestexcept(FE_ALL_EXCEPT);
	*flags = (uint8_t)((raised & FE_INVALID ? BITLET_INVALID : 0) | (raised & FE_OVERFLOW ? BITLET_OVERFLOW : 0) | (raised & FE_INEXACT ? BITLET_INEXACT : 0));
	if (is_signalling(x) || is_signalling(y))
		*flags |= BITLET_INVALID; /* a load may have made it quiet */
	return as_bits(result);
}

static float host_add(float x, float y)
{
	return x + y;
}

static float host_multiply(float x, float y)
{
	return x * y;
}

static void test_float_add(void **unused)
{
	(void)unused;
	struct output_stage s = { .is_float = true };
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t x = some_float(), y = below(8) ? some_float() : x ^ (0x80000000 | below(3));
		uint8_t flags = 0, sum_flags = 0, expected_flags;
		uint32_t expected = host(host_add, x, y, &expected_flags);
		assert_int_equal(output_add(x, y, &flags), expected);
		assert_int_equal(flags, expected_flags); /* a tiny sum is exact */
		assert_int_equal((uint32_t)output_accumulate(&s, x, y, &sum_flags), expected);
		assert_int_equal(sum_flags, expected_flags);
	}
}

static void test_multiply(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t x = some_float(), y = some_float();
		uint8_t flags = 0, expected_flags;
		uint32_t expected = host(host_multiply, x, y, &expected_flags);
		double exact = (double)as_float(x) * (double)as_float(y); /* 48 bits, far from a double's ends */
		if ((expected_flags & BITLET_INEXACT) && fabs(exact) < 0x1p-126)
			expected_flags |= BITLET_UNDERFLOW;
		assert_int_equal(output_multiply(x, y, &flags), expected);
		assert_int_equal(flags, expected_flags);
	}
}

/* 32 bits times 24 fit in the 64 of a long double: the conversion is the only rounding. */
static void test_scale_fixed(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		int32_t v = (int32_t)some_int(32);
		uint32_t scale = some_float();
		volatile long double exact = (long double)v * (long double)as_float(scale);
		feclearexcept(FE_ALL_EXCEPT);
		volatile float rounded = (float)exact;
		uint8_t flags = 0, expected = 0;
		if ((v == 0 && isinf(as_float(scale))) || is_signalling(scale))
			expected = BITLET_INVALID;
		else if (isfinite(as_float(scale)) && (long double)rounded != exact)
			expected = (uint8_t)(BITLET_INEXACT | (isinf(rounded) ? BITLET_OVERFLOW : 0) | (fabsl(exact) < 0x1p-126L ? BITLET_UNDERFLOW : 0));
		assert_int_equal(output_scale_fixed(v, scale, &flags), as_bits(rounded));
		assert_int_equal(flags, expected);
	}
}

/* Less than as in IEEE's total order, NaN apart. */
static bool is_less(uint32_t x, uint32_t y)
{
	float a = as_float(x), b = as_float(y);
	return a < b || (a == 0 && b == 0 && signbit(a) && !signbit(b));
}

static uint32_t some_number(void)
{
	uint32_t x;
	do
		x = some_float();
	while (isnan(as_float(x)));
	return x;
}

static void test_clamp_float(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t x = some_float(), low = some_number(), high = some_number();
		uint32_t raised = is_less(x, low) ? low : x, expected = is_less(high, raised) ? high : raised;
		assert_int_equal(output_clamp_float(x, low, high), isnan(as_float(x)) ? BITLET_NAN : expected);
	}
	assert_int_equal(output_clamp_float(0x80000000, 0, 0x40c00000), 0); /* ReLU6 of -0 */
}

/* The steps in their order, with every kind of output. */
static void test_finish(void **unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		struct output_stage s = { .is_float = below(3) == 0, .result_bits = 64, .format = (enum program_format)below(4), .rounding = (enum program_rounding)below(3) };
		s.format = s.is_float ? FORMAT_FP32 : s.format;
		s.zero = (int32_t)some_int(32);
		bool scaled = s.format == FORMAT_FP32;
		s.clamp_low = scaled ? some_number() : (uint32_t)some_int(32);
		s.clamp_high = scaled ? some_number() : (uint32_t)some_int(32);
		struct output_params p = { s.is_float ? some_float() : (uint32_t)some_int(32), scaled ? some_float() : some_multiplier(), (uint8_t)next() };
		int64_t r = s.is_float ? (int64_t)some_float() : some_int(64);
		uint8_t flags = 0, expected_flags = 0;
		uint32_t expected;
		if (s.is_float)
			expected = output_multiply(output_add((uint32_t)r, p.bias, &expected_flags), p.multiplier, &expected_flags);
		else if (scaled)
			expected = output_scale_fixed(output_bias(r, (int32_t)p.bias, &expected_flags), p.multiplier, &expected_flags);
		else
			expected = (uint32_t)output_requantize(output_bias(r, (int32_t)p.bias, &expected_flags), p.multiplier, p.shift, s.rounding);
		expected = scaled ? output_clamp_float(expected, s.clamp_low, s.clamp_high)
		                  : (uint32_t)output_clamp((int32_t)expected, s.zero, (int32_t)s.clamp_low, (int32_t)s.clamp_high);
		assert_int_equal(output_finish(&s, r, &p, &flags), expected);
		assert_int_equal(flags, expected_flags);
	}
}

static void test_from_record(void **unused)
{
	(void)unused;
	struct bitlet_config c = { .result_bits = 40 };
	c.precision[1].is_float = true;
	struct program_tile t = { .mode = 1, .format = 3, .rounding = 2, .zero_out = -5, .clamp_low = -1, .clamp_high = 7 };
	struct output_stage s = output_stage_of(&c, &t);
	assert_true(s.is_float && s.result_bits == 40 && s.format == FORMAT_FP32 && s.rounding == ROUND_HALF_UP && s.zero == -5);
	assert_true(s.clamp_low == 0xffffffff && s.clamp_high == 7);
	struct output_params p = output_params_of((const uint32_t[]){ 1, 2, 0x1ff, 4 });
	assert_true(p.bias == 1 && p.multiplier == 2 && p.shift == 0xff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tflite),
		cmocka_unit_test(test_half_even_and_up),
		cmocka_unit_test(test_requantize_h),
		cmocka_unit_test(test_unused_bits),
		cmocka_unit_test(test_clamp),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_float_add),
		cmocka_unit_test(test_multiply),
		cmocka_unit_test(test_scale_fixed),
		cmocka_unit_test(test_clamp_float),
		cmocka_unit_test(test_finish),
		cmocka_unit_test(test_from_record),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
