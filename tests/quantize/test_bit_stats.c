/* Bit statistics against counts by hand and against a slow second count. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bit_stats.h"
#include "layer_encode.h"

#define assert_near(a, b) assert_true(fabs((double)(a) - (double)(b)) <= 1e-12)

static struct bitlet_mode mode_of(const char *name, unsigned pack)
{
	struct bitlet_mode m = {.pack = pack};
	assert_true(bitlet_precision_parse(name, &m.precision));
	m.w_bytes = (unsigned)layer_element_bytes(m.precision.w_bits);
	m.a_bytes = (unsigned)layer_element_bytes(m.precision.a_bits);
	return m;
}

static void test_by_hand(void **state)
{
	(void)state;
	struct bitlet_mode m = mode_of("int4", 1);
	const uint8_t v[] = {0x0, 0x1, 0xf, 0x7, 0x9, 0x8}; /* 0 1 -1 7 -7 -8 */
	struct bit_stats s = {0};
	bit_stats_add(&s, &m, true, 0, v, 1, 6, 4, 2);
	assert_int_equal(s.width, 3);
	assert_int_equal(s.numbers, 6);
	assert_int_equal(s.zeros, 1);
	assert_true(s.ones[0] == 4 && s.ones[1] == 2 && s.ones[2] == 2 && s.ones[3] == 1);
	assert_int_equal(bit_stats_ones(&s), 9);
	assert_near(bit_stats_zero_bits(&s), 0.5);
	/* groups {0 1 -1 7}: bit 0 three times; {-7 -8}: every bit once, so T = 2 counts */
	assert_int_equal(s.groups, 2);
	assert_int_equal(s.busiest, 3 + 1);
	assert_int_equal(s.cycles, 3 + 2);
	assert_near(s.average, 5 / 3.0 + 4 / 3.0);
	assert_near(bit_stats_speed(&s), 6 / 5.0);
	assert_near(bit_stats_share(&s, 0), 4 / 6.0);
}

static void test_zero_point(void **state)
{
	(void)state;
	struct bitlet_mode m = mode_of("w4a8", 1);
	const uint8_t v[] = {0x80, 0x81, 0x7f}; /* -128 -127 127 */
	struct bit_stats s = {0};
	bit_stats_add(&s, &m, false, -128, v, 1, 3, 0, 0);
	assert_true(s.width == 7 && s.zeros == 1 && s.groups == 0 && bit_stats_ones(&s) == 0 + 1 + 8);
	assert_true(bit_stats_speed(&s) == 0);
}

static void test_empty(void **state)
{
	(void)state;
	struct bit_stats s = {0};
	assert_true(bit_stats_zeros(&s) == 0 && bit_stats_zero_bits(&s) == 0 && bit_stats_share(&s, 0) == 0 && bit_stats_speed(&s) == 0);
}

/* 1.0, 1.5, 0.25, 0, -2.0 in bf16: significands 80 c0 80 00 80, exponents 0 0 -2 - 1. */
static void test_floats(void **state)
{
	(void)state;
	struct bitlet_mode m = mode_of("bf16", 1);
	const uint16_t v[] = {0x3f80, 0x3fc0, 0x3e80, 0x8000, 0xc000};
	struct bit_stats s = {0};
	bit_stats_add(&s, &m, true, 0, (const uint8_t *)v, 1, 5, 8, 1);
	assert_true(s.width == 8 && s.zeros == 1 && s.ones[7] == 4 && s.ones[6] == 1 && bit_stats_ones(&s) == 5);
	/* aligned to exponent 1: 40 60 10 00 80: bit 6 twice */
	assert_int_equal(s.busiest, 2);
	assert_near(s.average, 5 / 8.0);
	/* far apart: the small one is cut off */
	const uint16_t w[] = {0x7f00, 0x0001};
	s = (struct bit_stats){0};
	bit_stats_add(&s, &m, true, 0, (const uint8_t *)w, 1, 2, 8, 0);
	assert_true(bit_stats_ones(&s) == 2 && s.busiest == 1 && s.cycles == 1);
	assert_near(s.average, 1 / 8.0);
}

/* Rows, groups and packing, counted again the slow way. */
static void check_random(const char *name, unsigned pack, unsigned n, size_t rows, size_t k)
{
	struct bitlet_mode m = mode_of(name, pack);
	const struct bitlet_precision *p = &m.precision;
	uint8_t *data = calloc(rows * k, m.w_bytes);
	long *number = calloc(rows * k, sizeof *number);
	uint32_t seed = 5;
	for (size_t i = 0; i < rows * k; i++) {
		seed = seed * 1664525u + 1013904223u;
		number[i] = layer_field_min(p->w_bits, p->w_signed) + (long)((seed >> 4) % (1u << p->w_bits));
		layer_store(data, m.w_bytes, i, layer_field((int32_t)number[i], p->w_bits));
	}
	struct bit_stats s = {0};
	bit_stats_add(&s, &m, true, 0, data, rows, k, n, 3);
	uint64_t busiest = 0, cycles = 0, groups = 0;
	for (size_t row = 0; row < rows; row++)
		for (size_t at = 0; at < k; at += n * pack, groups++) {
			unsigned most = 0;
			for (unsigned part = 0; part < pack; part++)
				for (unsigned bit = 0; bit < 24; bit++) {
					unsigned count = 0;
					for (size_t i = at + part; i < k && i < at + n * pack; i += pack)
						count += labs(number[row * k + i]) >> bit & 1;
					most = count > most ? count : most;
				}
			busiest += most;
			cycles += most > 3 ? most : 3;
		}
	assert_true(s.groups == groups && s.grouped == rows * k && s.busiest == busiest && s.cycles == cycles);
	free(number);
	free(data);
}

static void test_random(void **state)
{
	(void)state;
	check_random("int8", 1, 16, 5, 50);
	check_random("int8", 3, 4, 3, 100);
	check_random("uint4", 6, 8, 4, 48);
	check_random("int1", 24, 2, 4, 97);
	check_random("int24", 1, 64, 2, 65);
	check_random("w12a8", 2, 16, 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand), cmocka_unit_test(test_zero_point), cmocka_unit_test(test_empty), cmocka_unit_test(test_floats), cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
