/* Requantisation against exact rational arithmetic, and the fault text that everything here reports through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "fault.h"
#include "requantize.h"

static struct requantize multiplier(float m)
{
	struct requantize r;
	assert_true(requantize_set(&r, m, 1, 1));
	return r;
}

/*
 * The definition: of the integers around sum * m the nearest, of two equally near ones the even one. Splits off the integer part in binary, bit
 * by bit, so that nothing is rounded on the way.
 */
static int64_t by_definition(int64_t sum, float m)
{
	int exponent;
	int64_t mantissa = (int64_t)ldexpf(frexpf(m, &exponent), 24), sign = sum < 0 ? -1 : 1;
	uint64_t low = 0, whole = 0;
	int shift = 24 - exponent; /* |sum| * mantissa / 2^shift; all tried here stay below 2^64 */
	uint64_t product = (uint64_t)(sign * sum) * (uint64_t)mantissa;
	for (int bit = 63; bit >= 0; bit--) {
		uint64_t one = product >> bit & 1;
		if (bit >= shift)
			whole = whole * 2 + one;
		else if (bit == shift - 1)
			low |= one << 1;
		else
			low |= one;
	}
	for (int i = 0; i > shift; i--)
		whole *= 2;
	bool up = low == 3 || (low == 2 && (whole & 1));
	return sign * (int64_t)(whole + up);
}

static void random_products(void **state)
{
	(void)state;
	uint64_t seed = 20210101;
	for (size_t i = 0; i < 300000; i++) {
		seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
		int64_t sum = (int64_t)(seed % 16777216) - 8388608;
		float m = ldexpf((float)(8388608 + (seed >> 40) % 8388608), (int)(seed >> 32 & 31) - 48);
		int64_t expected = by_definition(sum, m);
		expected = expected > INT32_MAX ? INT32_MAX : expected < INT32_MIN ? INT32_MIN : expected;
		struct requantize r = multiplier(m);
		if (requantize_round(&r, sum) != expected)
			fail_msg("%lld * %a gives %d; expected %lld", (long long)sum, (double)m, requantize_round(&r, sum), (long long)expected);
	}
}

static void ties(void **state)
{
	(void)state;
	struct requantize half = multiplier(0.5f), small = multiplier(ldexpf(1, -30)), one = multiplier(1);
	for (int64_t i = -1000; i <= 1000; i++) {
		assert_int_equal(requantize_round(&half, 2 * i), i);
		assert_int_equal(requantize_round(&half, 2 * i + 1), i + (i & 1));
		assert_int_equal(requantize_round(&one, i), i);
	}
	assert_int_equal(requantize_round(&small, (int64_t)1 << 29), 0);
	assert_int_equal(requantize_round(&small, ((int64_t)1 << 29) + 1), 1);
	assert_int_equal(requantize_round(&small, -(((int64_t)1 << 29) + 1)), -1);
	assert_int_equal(requantize_round(&small, (int64_t)3 << 29), 2);
}

static void extremes(void **state)
{
	(void)state;
	struct requantize tiny = multiplier(ldexpf(1, -149)), least = multiplier(FLT_MIN), large = multiplier(FLT_MAX), two = multiplier(2);
	const int64_t far = ((int64_t)1 << 62) - 1;
	assert_int_equal(requantize_round(&tiny, far), 0);
	assert_int_equal(requantize_round(&tiny, -far), 0);
	assert_int_equal(requantize_round(&least, far), 0);
	assert_int_equal(requantize_round(&large, 1), INT32_MAX);
	assert_int_equal(requantize_round(&large, -1), INT32_MIN);
	assert_int_equal(requantize_round(&large, 0), 0);
	assert_int_equal(requantize_round(&two, INT32_MAX / 2), INT32_MAX - 1);
	assert_int_equal(requantize_round(&two, INT32_MAX / 2 + 1), INT32_MAX);
	assert_int_equal(requantize_round(&two, INT32_MIN / 2), INT32_MIN);
	assert_int_equal(requantize_round(&two, INT32_MIN / 2 - 1), INT32_MIN);
	struct requantize huge = multiplier(ldexpf(1, 40));
	assert_int_equal(requantize_round(&huge, 1), INT32_MAX);
	assert_int_equal(requantize_round(&huge, -1), INT32_MIN);
	struct requantize million = multiplier(ldexpf(1, 24));
	assert_int_equal(requantize_round(&million, 3), 3 << 24);
	assert_int_equal(requantize_round(&million, -129), INT32_MIN);
}

/* Two roundings to float32, in that order; bad scales. */
static void scales(void **state)
{
	(void)state;
	struct requantize r;
	float x = 0.1f, w = 0.3f, y = 0.7f;
	assert_true(requantize_set(&r, x, w, y));
	volatile float product = x * w, quotient = product / y;
	assert_true(ldexp(r.mantissa, -r.shift) == (double)quotient);
	const float bad[] = {0, -1, INFINITY, NAN};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(requantize_set(&r, bad[i], 1, 1));
		assert_false(requantize_set(&r, 1, bad[i], 1));
		assert_false(requantize_set(&r, 1, 1, bad[i]));
	}
	assert_false(requantize_set(&r, 1e30f, 1e30f, 1));
	assert_false(requantize_set(&r, 1, 1e30f, 1e-30f));
	assert_true(requantize_set(&r, 1e-30f, 1e-30f, 1));
	assert_int_equal(requantize_round(&r, 1000), 0);
}

static void fault_text(void **state)
{
	(void)state;
	struct fault f = {""};
	char name[600];
	memset(name, 'n', sizeof name);
	name[599] = '\0';
	assert_false(fault_set(&f, "first\n%s", name));
	assert_int_equal(strlen(f.text), sizeof f.text - 1);
	assert_int_equal(strncmp(f.text, "first?n", 7), 0);
	assert_false(fault_set(&f, "second"));
	assert_int_equal(strncmp(f.text, "first", 5), 0);
	assert_false(fault_prefix(&f, "path"));
	assert_int_equal(strlen(f.text), sizeof f.text - 1);
	assert_int_equal(strncmp(f.text, "path: first?n", 13), 0);
	assert_false(fault_prefix(&f, name));
	assert_int_equal(strlen(f.text), sizeof f.text - 1);
	struct fault g = {"what"};
	fault_prefix(&g, "where");
	assert_string_equal(g.text, "where: what");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_products), cmocka_unit_test(ties),       cmocka_unit_test(extremes),
		cmocka_unit_test(scales),          cmocka_unit_test(fault_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
