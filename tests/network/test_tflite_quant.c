/*
 * TensorFlow Lite's arithmetic of codes: against rational arithmetic in 128 bits, against real functions, and against the core's output stage, which
 * gets the same multipliers.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "output_math.h"
#include "tflite_fixed.h"
#include "tflite_quant.h"

enum { RANDOM = 200000, SEED = 5 };

static uint64_t state_of = SEED;

static uint32_t random_word(void)
{
	state_of = state_of * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state_of >> 32);
}

/* Corners often, and all sizes alike. */
static int32_t random_number(void)
{
	static const int32_t corner[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT32_MIN + 1, 1 << 30, -(1 << 30)};
	uint32_t r = random_word();
	return r % 8 ? (int32_t)random_word() >> (r >> 8) % 32 : corner[r >> 8 & 7];
}

/* The nearest integer to p / q, q > 0; halves away from 0. */
static __int128 nearest(__int128 p, __int128 q)
{
	__int128 size = p < 0 ? -p : p, v = (2 * size + q) / (2 * q);
	return p < 0 ? -v : v;
}

/* The framework cuts the nudged product off towards 0: below 0 a half goes towards 0. */
static __int128 high_by_definition(int32_t a, int32_t b)
{
	__int128 p = (__int128)a * b, unit = (__int128)1 << 31, v = nearest(p, unit);
	bool half = (2 * p) % unit == 0 && (2 * p / unit) % 2 != 0;
	if (half && p < 0)
		v++;
	return v > INT32_MAX ? INT32_MAX : v;
}

static void parts(void **state)
{
	(void)state;
	for (int i = 0; i < RANDOM; i++) {
		int32_t a = random_number(), b = random_number();
		int n = (int)(random_word() % 32);
		assert_int_equal(tflite_high(a, b), (int32_t)high_by_definition(a, b));
		assert_int_equal(tflite_divide(a, n), (int32_t)nearest(a, (__int128)1 << n));
	}
	assert_int_equal(tflite_divide(1, 1), 1);
	assert_int_equal(tflite_divide(-1, 1), -1);
	assert_int_equal(tflite_high(1 << 15, 1 << 15), 1);
	assert_int_equal(tflite_high(-(1 << 15), 1 << 15), 0);
}

static void multipliers(void **state)
{
	(void)state;
	struct tflite_multiplier m;
	assert_true(tflite_multiplier(1, &m) && m.mantissa == 1 << 30 && m.shift == 1);
	assert_true(tflite_multiplier(0.75, &m) && m.mantissa == 3 << 29 && m.shift == 0);
	assert_true(tflite_multiplier(0, &m) && m.mantissa == 0 && m.shift == 0);
	assert_true(tflite_multiplier(0x1p-32, &m) && m.mantissa == 1 << 30 && m.shift == -31);
	assert_true(tflite_multiplier(0x1.fffffp-33, &m) && m.mantissa == 0 && m.shift == 0);
	/* what rounds up to 1 doubles the exponent's step */
	assert_true(tflite_multiplier(1 - 0x1p-40, &m) && m.mantissa == 1 << 30 && m.shift == 1);
	assert_true(tflite_multiplier(0x1.fffffffp29, &m) && m.shift == 30);
	assert_false(tflite_multiplier(0x1p30, &m));
	assert_false(tflite_multiplier(-1, &m));
	assert_false(tflite_multiplier((double)INFINITY, &m));
	assert_false(tflite_multiplier((double)NAN, &m));
	for (int i = 0; i < RANDOM; i++) {
		double real = ldexp(1 + random_word() * 0x1p-32, (int)(random_word() % 60) - 31);
		assert_true(tflite_multiplier(real, &m));
		assert_true(fabs(ldexp(m.mantissa, m.shift - 31) - real) <= ldexp(real, -31));
		assert_true(m.mantissa >= 1 << 30);
	}
}

/* The output stage of the core, with the same multiplier and shift, where nothing overflows on the way. */
static void as_the_core(void **state)
{
	(void)state;
	size_t compared = 0;
	for (int i = 0; i < RANDOM; i++) {
		struct tflite_multiplier m;
		int32_t x = random_number();
		assert_true(tflite_multiplier(ldexp(1 + random_word() * 0x1p-32, (int)(random_word() % 40) - 31), &m));
		if (m.shift > 0 && (x >= 1 << (31 - m.shift) || x < -(1 << (31 - m.shift))))
			continue;
		compared++;
		assert_int_equal(tflite_scale(x, m), output_requantize(x, (uint32_t)m.mantissa, (uint8_t)(m.shift & 63), ROUND_TFLITE_DOUBLE));
	}
	assert_true(compared > RANDOM / 2);
}

/* In double per channel, in float for whole products and uint8; the three differ. */
static void layer_scales(void **state)
{
	(void)state;
	float a = 0.1f, b = 0.3f, c = 0.7f, many[] = {0.2f, 0.3f};
	int32_t zero[] = {0, 0};
	struct graph_quant one = {1, &a, zero, 0}, w1 = {1, &b, zero, 0}, w2 = {2, many, zero, 0}, out = {1, &c, zero, 0};
	struct graph_value x = {.type = TENSOR_INT8, .quant = &one}, w = {.type = TENSOR_INT8, .quant = &w1}, y = {.type = TENSOR_INT8, .quant = &out};
	struct graph_node conv = {.op = (char[]){"tflite.CONV_2D"}}, dense = {.op = (char[]){"tflite.FULLY_CONNECTED"}},
	                  product = {.op = (char[]){"tflite.BATCH_MATMUL"}};
	float rounded = a * b;
	double exact = (double)a * (double)b / (double)c, in_float = (double)rounded / (double)c;
	assert_true(exact != in_float);
	assert_true(tflite_layer_scale(&conv, &x, &w, &y, 0) == exact);
	assert_true(tflite_layer_scale(&dense, &x, &w, &y, 0) == in_float);
	assert_true(tflite_layer_scale(&product, &x, &w, &y, 0) == in_float);
	x.type = TENSOR_UINT8;
	assert_true(tflite_layer_scale(&conv, &x, &w, &y, 0) == in_float);
	x.type = TENSOR_INT8;
	w.quant = &w2;
	assert_true(tflite_layer_scale(&dense, &x, &w, &y, 1) == exact);
}

static void ranges(void **state)
{
	(void)state;
	int32_t low, high;
	float least, most;
	assert_true(tflite_code_range("NONE", TENSOR_INT8, 1, 0, &low, &high) && low == -128 && high == 127);
	assert_true(tflite_code_range("RELU", TENSOR_INT8, 0.5f, -28, &low, &high) && low == -28 && high == 127);
	assert_true(tflite_code_range("RELU6", TENSOR_UINT8, 0.04f, 7, &low, &high) && low == 7 && high == 157);
	assert_true(tflite_code_range("RELU6", TENSOR_INT8, 4, -128, &low, &high) && low == -128 && high == -126); /* 1.5 away from 0 */
	assert_true(tflite_code_range("RELU_N1_TO_1", TENSOR_INT8, 0.4f, 0, &low, &high) && low == -3 && high == 3); /* so is -2.5 */
	assert_true(tflite_code_range("RELU6", TENSOR_INT8, 0.001f, 0, &low, &high) && high == 127);
	assert_false(tflite_code_range("RELU6", TENSOR_INT8, 1e-20f, 0, &low, &high));
	assert_false(tflite_code_range("TANH", TENSOR_INT8, 1, 0, &low, &high));
	assert_true(tflite_float_range("RELU_N1_TO_1", &least, &most) && least == -1 && most == 1);
	assert_false(tflite_float_range("SIGN_BIT", &least, &most));
}

/* Fixed-point functions beside the real ones, to about their last places. */
static void functions(void **state)
{
	(void)state;
	for (int i = 0; i < RANDOM / 10; i++) {
		double x4 = ldexp((int32_t)random_word(), -27), x5 = -ldexp(random_word() >> 1, -26);
		assert_true(fabs(ldexp(tflite_fixed_logistic((int32_t)ldexp(x4, 27)), -31) - 1 / (1 + exp(-x4))) < 3e-7);
		assert_true(fabs(ldexp(tflite_fixed_tanh((int32_t)ldexp(x4, 27)), -31) - tanh(x4)) < 1e-6);
		assert_true(fabs(ldexp(tflite_fixed_exp((int32_t)ldexp(x5, 26), 5), -31) - exp(x5)) < 3e-7);
		int32_t n = (int32_t)(random_word() >> 1 >> random_word() % 30), mantissa, shift;
		n = n < 2 ? 2 : n;
		tflite_fixed_inverse_root(n, &mantissa, &shift);
		assert_true(fabs(ldexp(mantissa, shift - 31) * sqrt(n) - 1) < 2e-6);
		int over;
		double inverse = ldexp(tflite_fixed_reciprocal((uint32_t)n, 31, &over), -31);
		assert_true(fabs(ldexp(inverse, -over) * n - 1) < 1e-6);
	}
	assert_int_equal(tflite_fixed_logistic(0), 1 << 30);
	assert_int_equal(tflite_fixed_tanh(0), 0);
	assert_int_equal(tflite_fixed_exp(0, 5), INT32_MAX);
	/* e^-8.25 and e^-16.25 as scripts/tflite_case_math.py has them: one factor each, to the last place */
	assert_int_equal(tflite_fixed_exp(-(33 << 24), 5), 561049);
	assert_int_equal(tflite_fixed_exp(-(65 << 24), 5), 188);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(parts), cmocka_unit_test(multipliers), cmocka_unit_test(as_the_core), cmocka_unit_test(layer_scales),
	                                   cmocka_unit_test(ranges), cmocka_unit_test(functions)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
