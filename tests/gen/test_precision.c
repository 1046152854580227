/* Names of precisions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"

struct row {
	const char *name, *canonical;
	unsigned is_float, exp_bits, man_bits, w_bits, a_bits, w_signed, a_signed;
};

static const struct row rows[] = {
	{ "fp32", "fp32", 1, 8, 23, 32, 32, 1, 1 },
	{ "tf32", "tf32", 1, 8, 10, 19, 19, 1, 1 },
	{ "bf16", "bf16", 1, 8, 7, 16, 16, 1, 1 },
	{ "fp16", "fp16", 1, 5, 10, 16, 16, 1, 1 },
	{ "int8", "int8", 0, 0, 0, 8, 8, 1, 1 },
	{ "uint4", "uint4", 0, 0, 0, 4, 4, 0, 0 },
	{ "int1", "int1", 0, 0, 0, 1, 1, 1, 1 },
	{ "int24", "int24", 0, 0, 0, 24, 24, 1, 1 },
	{ "uint24", "uint24", 0, 0, 0, 24, 24, 0, 0 },
	{ "w4a16", "w4a16", 0, 0, 0, 4, 16, 1, 1 },
	{ "w8au8", "w8au8", 0, 0, 0, 8, 8, 1, 0 },
	{ "wu8a8", "wu8a8", 0, 0, 0, 8, 8, 0, 1 },
	{ "w8a8", "int8", 0, 0, 0, 8, 8, 1, 1 },
	{ "wu8au8", "uint8", 0, 0, 0, 8, 8, 0, 0 },
	{ "wu24au1", "wu24au1", 0, 0, 0, 24, 1, 0, 0 },
	{ "wu23au24", "wu23au24", 0, 0, 0, 23, 24, 0, 0 },
};

static void good_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct bitlet_precision p;
		memset(&p, 0xff, sizeof p);
		assert_true(bitlet_precision_parse(r->name, &p));
		assert_string_equal(p.name, r->canonical);
		assert_int_equal(p.is_float, r->is_float);
		assert_int_equal(p.exp_bits, r->exp_bits);
		assert_int_equal(p.man_bits, r->man_bits);
		assert_int_equal(p.w_bits, r->w_bits);
		assert_int_equal(p.a_bits, r->a_bits);
		assert_int_equal(p.w_signed, r->w_signed);
		assert_int_equal(p.a_signed, r->a_signed);
	}
}

static void bad_names(void **state)
{
	static const char *const names[] = {
		"", " ", "fp", "fp64", "fp8", "fp32 ", " fp32", "FP32", "bf17", "int", "int0", "int25", "int99", "int100", "int08", "int-1", "int8x", "i8",
		"uint", "uint0", "uint25", "uuint8", "sint8", "w", "w8", "a8", "w8a", "wa8", "w0a8", "w8a0", "w25a8", "w8a25", "w8 a8", "w8a8u", "w8ua8",
		"wuu8a8", "w8auu8", "w08a8", "w8a08", "w8a8a8", "8", "int4294967304", "w100a1", "int2\n",
	};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct bitlet_precision p, before;
		memset(&p, 0x5a, sizeof p);
		before = p;
		if (bitlet_precision_parse(names[i], &p))
			fail_msg("%s is taken", names[i]);
		assert_memory_equal(&p, &before, sizeof p);
	}
}

/* Every width and signedness by its own name, and the name that comes back is a name again. */
static void all_fixed(void **state)
{
	unsigned count = 0;
	(void)state;
	for (unsigned w = 1; w <= 24; w++)
		for (unsigned a = 1; a <= 24; a++)
			for (unsigned sign = 0; sign < 4; sign++) {
				char name[16];
				struct bitlet_precision p, again;
				snprintf(name, sizeof name, "w%s%ua%s%u", sign & 1 ? "u" : "", w, sign & 2 ? "u" : "", a);
				assert_true(bitlet_precision_parse(name, &p));
				assert_true(bitlet_precision_parse(p.name, &again));
				assert_memory_equal(&p, &again, sizeof p);
				assert_true(p.w_bits == w && p.a_bits == a && p.w_signed == !(sign & 1) && p.a_signed == !(sign & 2));
				count++;
			}
	assert_int_equal(count, 24 * 24 * 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_names),
		cmocka_unit_test(bad_names),
		cmocka_unit_test(all_fixed),
	};
	return cmocka_run_group_tests_name("precisions", tests, NULL, NULL);
}
