/* What can be exhausted, through naive, lane and fast alike: every fp16 and bf16 value, every pair of 8-bit operands. */
#include "model.h"

/* The fp32 that a float of e exponent and m mantissa bits is, as the engine gives it: +0 for both zeros, one NaN. */
static struct bitlet_result widen(uint32_t word, unsigned e, unsigned m)
{
	uint32_t fraction = word & ((1u << m) - 1), exponent = word >> m & ((1u << e) - 1), sign = word >> (e + m) << 31;
	int bias = (1 << (e - 1)) - 1;
	if (exponent == (1u << e) - 1 && fraction)
		return (struct bitlet_result){ BITLET_NAN, fraction >> (m - 1) ? 0 : BITLET_INVALID };
	if (exponent == (1u << e) - 1)
		return (struct bitlet_result){ sign | 0x7f800000, 0 };
	if (exponent == 0 && fraction == 0)
		return (struct bitlet_result){ 0, 0 };
	if (exponent == 0 && e == 8)
		return (struct bitlet_result){ sign | fraction << (23 - m), 0 };
	int field = (int)exponent - bias + 127;
	if (exponent == 0)
		for (field = 1 - bias + 127; !(fraction >> m); field--)
			fraction <<= 1;
	return (struct bitlet_result){ sign | (uint32_t)field << 23 | (fraction & ((1u << m) - 1)) << (23 - m), 0 };
}

static struct bitlet_result naive_one(const struct bitlet_config *c, const struct bitlet_derived *d, uint32_t x, uint32_t y)
{
	struct bitlet_naive_group g;
	bitlet_naive_group(c, d, 0, (const uint32_t[]){ 0, x }, (const uint32_t[]){ 0, y }, 0, &g);
	return bitlet_naive_output(c, d, 0, &g, 1);
}

static void assert_result(struct bitlet_result got, struct bitlet_result want, uint32_t x, const char *who)
{
	if (got.bits != want.bits || got.flags != want.flags)
		fail_msg("%s of %x: %llx flags %x, expected %llx flags %x", who, x, (unsigned long long)got.bits, got.flags,
		         (unsigned long long)want.bits, want.flags);
}

/* x * 1.0 and 1.0 * x for every x of 16 bits. */
static void every_half(const char *precision, unsigned e, unsigned m, uint16_t one)
{
	enum { ALL = 1 << 16 };
	struct bitlet_config c = model_config(2, precision);
	struct bitlet_derived d;
	uint16_t *values = model_alloc(ALL, sizeof *values);
	uint64_t *bits = model_alloc(ALL, sizeof *bits);
	uint8_t *flags = model_alloc(ALL, 1);
	bitlet_derive(&c, &d);
	struct bitlet_lane *lane = bitlet_lane_new(&c, &d);
	for (uint32_t x = 0; x < ALL; x++)
		values[x] = (uint16_t)x;
	for (int swapped = 0; swapped < 2; swapped++) {
		struct bitlet_operand *w = bitlet_operand_new(&c, &d, 0, BITLET_WEIGHTS, swapped ? values : &one, swapped ? ALL : 1, 1, 0);
		struct bitlet_operand *a = bitlet_operand_new(&c, &d, 0, BITLET_ACTIVATIONS, swapped ? &one : values, swapped ? 1 : ALL, 1, 0);
		assert_true(w && a && bitlet_fast_multiply(w, a, 2, bits, flags));
		bitlet_lane_reset(lane);
		for (uint32_t sent = 0, got = 0; got < ALL;) {
			const uint32_t x[2] = { 0, sent }, y[2] = { 0, one };
			struct bitlet_lane_in in = { sent < ALL, true, 0, 0, swapped ? y : x, sent < ALL, swapped ? x : y, 1 };
			struct bitlet_lane_out out;
			bitlet_lane_step(lane, &in, &out);
			if (out.out_valid)
				assert_result(out.result[0], widen(got, e, m), got, "lane");
			got += out.out_valid & 1;
			sent += out.wgt_ready & 1;
		}
		for (uint32_t x = 0; x < ALL; x++) {
			assert_result(naive_one(&c, &d, swapped ? x : one, swapped ? one : x), widen(x, e, m), x, "naive");
			assert_result((struct bitlet_result){ bits[x], flags[x] }, widen(x, e, m), x, "fast");
		}
		bitlet_operand_free(w);
		bitlet_operand_free(a);
	}
	bitlet_lane_free(lane);
	free(values);
	free(bits);
	free(flags);
}

static void test_every_fp16(void **state)
{
	(void)state;
	every_half("fp16", 5, 10, 0x3c00);
}

static void test_every_bf16(void **state)
{
	(void)state;
	every_half("bf16", 8, 7, 0x3f80);
}

/* Every pair of 8-bit operands, naive and fast against the host's product; the lane model's turn is in test_lane.c. */
static void every_byte_pair(const char *precision, bool w_signed, bool a_signed)
{
	struct bitlet_config c = model_config(2, precision);
	struct bitlet_derived d;
	uint8_t values[256], flags[256 * 256];
	uint64_t *bits = model_alloc(256 * 256, sizeof *bits);
	bitlet_derive(&c, &d);
	for (unsigned i = 0; i < 256; i++)
		values[i] = (uint8_t)i;
	struct bitlet_operand *w = bitlet_operand_new(&c, &d, 0, BITLET_WEIGHTS, values, 256, 1, 0);
	struct bitlet_operand *a = bitlet_operand_new(&c, &d, 0, BITLET_ACTIVATIONS, values, 256, 1, 0);
	assert_true(w && a && bitlet_fast_multiply(w, a, 2, bits, flags));
	for (uint32_t x = 0; x < 256; x++) {
		for (uint32_t y = 0; y < 256; y++) {
			int want = (a_signed ? (int8_t)x : (int)x) * (w_signed ? (int8_t)y : (int)y);
			struct bitlet_result r = naive_one(&c, &d, y, x);
			assert_int_equal(bitlet_result_value(&d, bits[x * 256 + y]), want);
			assert_int_equal(bitlet_result_value(&d, r.bits), want);
			assert_int_equal(flags[x * 256 + y] | r.flags, 0);
		}
	}
	bitlet_operand_free(w);
	bitlet_operand_free(a);
	free(bits);
}

static void test_every_byte_pair(void **state)
{
	(void)state;
	every_byte_pair("int8", true, true);
	every_byte_pair("uint8", false, false);
	every_byte_pair("w8au8", true, false);
	every_byte_pair("wu8a8", false, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_fp16),
		cmocka_unit_test(test_every_bf16),
		cmocka_unit_test(test_every_byte_pair),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
