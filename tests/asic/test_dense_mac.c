/* The dense reference MACs (asic/dense_mac*.v) in Icarus against C: integer sums, and the host's IEEE fp32 operations. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "stimulus.h"

enum { LINES = 20000 };

static uint32_t fp32_bits(float f)
{
	uint32_t u;
	memcpy(&u, &f, sizeof u);
	return isnan(f) ? 0x7fc00000u : u;
}

static float fp32_value(uint32_t u)
{
	float f;
	memcpy(&f, &u, sizeof f);
	return f;
}

/* Mostly ordinary numbers of nearby exponents; corners and any bits in between. */
static uint32_t fp32_operand(struct bitlet_rng *r)
{
	static const uint32_t corner[] = { 0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x3f7fffff, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x34000000 };
	uint32_t bits = (uint32_t)bitlet_random(r);
	switch (bitlet_random_below(r, 8)) {
	case 0: return corner[bitlet_random_below(r, 10)] | (bits & 0x80000000u);
	case 1: return bits;
	case 2: return (bits & 0x807fffffu) | (bitlet_random_below(r, 64) + 32) << 23; /* products near the smallest */
	default: return (bits & 0x807fffffu) | (bitlet_random_below(r, 6) + 124) << 23;
	}
}

static void put_line(FILE *f, unsigned valid, unsigned first, uint32_t w, uint32_t a, uint64_t sum)
{
	fprintf(f, "%x %x %" PRIx32 " %" PRIx32 " %" PRIx64 "\n", valid, first, w, a, sum);
}

static void write_fp32(FILE *f, struct bitlet_rng *r)
{
	volatile float sum = 0, product;
	for (unsigned i = 0; i < LINES; i++) {
		unsigned valid = i == 0 || bitlet_random_below(r, 4), first = i == 0 || bitlet_random_below(r, 6) == 0;
		uint32_t w = fp32_operand(r), a = fp32_operand(r);
		if (valid) {
			product = fp32_value(w) * fp32_value(a);
			sum = (first ? 0.0f : sum) + product;
		}
		put_line(f, valid, first, w, a, fp32_bits(sum));
	}
}

static int32_t fixed_operand(struct bitlet_rng *r, unsigned width)
{
	int32_t limit = (int32_t)1 << (width - 1);
	switch (bitlet_random_below(r, 8)) {
	case 0: return -limit;
	case 1: return limit - 1;
	default: return (int32_t)bitlet_random_below(r, 2u << (width - 1)) - limit;
	}
}

static void write_fixed(FILE *f, struct bitlet_rng *r, unsigned width)
{
	int64_t sum = 0;
	for (unsigned i = 0; i < LINES; i++) {
		unsigned valid = i == 0 || bitlet_random_below(r, 4), first = i == 0 || bitlet_random_below(r, 50) == 0;
		int32_t w = fixed_operand(r, width), a = fixed_operand(r, width);
		if (valid)
			sum = (first ? 0 : sum) + (int64_t)w * a;
		put_line(f, valid, first, (uint32_t)w, (uint32_t)a, (uint64_t)sum);
	}
}

/* Compiles the bench for one kind of MAC, runs it, and returns its verdict's numbers. */
static void simulate(unsigned width, unsigned acc, long *checked, long *wrong)
{
	char dir[] = "/tmp/bitlet-dense-XXXXXX", path[64], command[600], line[200];
	struct bitlet_rng r = { 77 + width };
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/lines", dir);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	if (width == 0)
		write_fp32(f, &r);
	else
		write_fixed(f, &r, width);
	assert_int_equal(fclose(f), 0);
	snprintf(command, sizeof command,
	         "iverilog -g2005 -o %s/bench -s dense_bench -Pdense_bench.FLOAT=%d -Pdense_bench.WIDTH=%u -Pdense_bench.ACC=%u "
	         "tests/asic/dense_bench.v asic/dense_*.v && vvp %s/bench +file=%s/lines",
	         dir, width == 0, width ? width : 8, acc, dir, dir);
	FILE *out = popen(command, "r");
	assert_non_null(out);
	*checked = *wrong = -1;
	while (fgets(line, sizeof line, out))
		if (sscanf(line, "checked %ld wrong %ld", checked, wrong) != 2)
			print_message("%s", line);
	assert_int_equal(pclose(out), 0);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void test_width(unsigned width, unsigned acc)
{
	long checked, wrong;
	simulate(width, acc, &checked, &wrong);
	assert_true(checked > LINES - 4);
	assert_int_equal(wrong, 0);
}

static void test_int8(void **state)
{
	(void)state;
	test_width(8, 32);
}

static void test_int16(void **state)
{
	(void)state;
	test_width(16, 48);
}

static void test_fp32(void **state)
{
	(void)state;
	test_width(0, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_int8), cmocka_unit_test(test_int16), cmocka_unit_test(test_fp32) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
