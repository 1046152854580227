/* Numbers as words of a precision: rounding, clamping, every float word there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "layer_encode.h"

/* ---- fixed fields */

static void quantise_rule(void **state)
{
	(void)state;
	static const struct {
		float v, top;
		unsigned bits;
		bool is_signed;
		int32_t code;
	} rows[] = {
		{1, 1, 8, true, 127},  {-1, 1, 8, true, -127}, {0, 0, 8, true, 0},    {1, 1, 8, false, 255},  {-1, 1, 8, false, 0},
		{1, 2, 2, true, 0},    {2, 2, 2, true, 1},     {1.5f, 3, 2, true, 0}, {1, 4, 3, true, 1},     {-0.1f, 1, 1, true, -1},
		{0.9f, 1, 1, true, 0}, {1, 1, 1, false, 1},    {0.5f, 1, 1, false, 0}, {1, 1, 24, true, 8388607}, {1, 1, 24, false, 16777215},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(layer_quantise(rows[i].v, rows[i].top, rows[i].bits, rows[i].is_signed), rows[i].code);
	assert_int_equal(layer_field_min(8, true), -128);
	assert_int_equal(layer_field(-1, 4), 15);
}

/* ---- float words */

static float as_float(uint32_t word)
{
	float v;
	memcpy(&v, &word, sizeof v);
	return v;
}

/* The value of a word, from the definition. */
static double word_value(uint32_t word, unsigned exp_bits, unsigned man_bits)
{
	uint32_t man = word & ((1u << man_bits) - 1), exp = word >> man_bits & ((1u << exp_bits) - 1);
	double magnitude = exp ? 1 + ldexp(man, -(int)man_bits) : ldexp(man, -(int)man_bits);
	magnitude = ldexp(magnitude, (int)(exp ? exp : 1) - (1 << (exp_bits - 1)) + 1);
	if (exp == (1u << exp_bits) - 1)
		magnitude = man ? NAN : INFINITY;
	return word >> (exp_bits + man_bits) ? -magnitude : magnitude;
}

/* Every word comes back; so does what lies between two neighbours: below, at and above the middle. */
static void nearest_even(unsigned exp_bits, unsigned man_bits)
{
	uint32_t infinity = ((1u << exp_bits) - 1) << man_bits;
	for (uint32_t w = 0; w < infinity; w++) {
		double low = word_value(w, exp_bits, man_bits);
		double high = w + 1 == infinity ? 2 * low - word_value(w - 1, exp_bits, man_bits) : word_value(w + 1, exp_bits, man_bits);
		float middle = (float)((low + high) / 2); /* exact: fp32 has more bits in all formats tried */
		uint32_t sign = 1u << (exp_bits + man_bits);
		if (layer_float_word((float)low, exp_bits, man_bits) != w || layer_float_word(-(float)low, exp_bits, man_bits) != (w | sign) ||
		    layer_float_word(middle, exp_bits, man_bits) != w + (w & 1) ||
		    layer_float_word(nextafterf(middle, 0), exp_bits, man_bits) != w ||
		    layer_float_word(nextafterf(middle, INFINITY), exp_bits, man_bits) != w + 1)
			fail_msg("e%um%u, word %x", exp_bits, man_bits, w);
	}
}

static void float_words(void **state)
{
	(void)state;
	nearest_even(5, 10);
	nearest_even(8, 7);
	nearest_even(8, 10);
	assert_int_equal(layer_float_word(INFINITY, 5, 10), 0x7c00);
	assert_int_equal(layer_float_word(-INFINITY, 8, 7), 0xff80);
	assert_int_equal(layer_float_word(1e30f, 5, 10), 0x7c00);
	assert_int_equal(layer_float_word(as_float(0x7f800001), 8, 7), 0x7fc0);
	assert_int_equal(layer_float_word(as_float(0xffc12345), 5, 10), 0xfe09);
	assert_int_equal(layer_float_word(as_float(0x7f800001), 8, 23), 0x7f800001);
	assert_int_equal(layer_float_word(-0.0f, 5, 10), 0x8000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(quantise_rule), cmocka_unit_test(float_words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
