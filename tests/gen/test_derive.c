/* Derived numbers against numbers worked out by hand from docs/engine.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "derive.h"

static struct bitlet_derived derive(const char *text)
{
	struct bitlet_config c;
	struct bitlet_derived d;
	assert_true(config_parse("t.yaml", text, strlen(text), &c, stderr));
	bitlet_derive(&c, &d);
	return d;
}

static void logarithm(void **state)
{
	(void)state;
	static const unsigned rows[][2] = { { 0, 0 }, { 1, 0 }, { 2, 1 }, { 3, 2 }, { 4, 2 }, { 5, 3 }, { 64, 6 }, { 65, 7 }, { 128, 7 }, { 65536, 16 },
					    { 0x80000000u, 31 } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(bitlet_clog2(rows[i][0]), rows[i][1]);
}

static void float_and_fixed(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 4\npes: 2\nprecisions: [fp32, int8, int4]\npreprocess_rate: 2\nmax_groups: 16\nresult_bits: 24\n"
					 "pipeline: {decoder: 1, tree: 2, accumulator: 3, packager: 2}\n");
	assert_int_equal(d.modes, 3);
	assert_int_equal(d.mode_bits, 2);
	assert_true(d.has_float && d.has_fixed);
	assert_int_equal(d.mode[0].lanes, 24);
	assert_int_equal(d.mode[0].bias, 127);
	assert_int_equal(d.mode[0].scale, 2 * 127 + 2 * 23);
	assert_int_equal(d.mode[0].exp_offset, 0);
	assert_int_equal(d.mode[0].sum_bits, 24 + 24 + 2 + 1);
	assert_int_equal(d.mode[1].lanes, 8);
	assert_int_equal(d.mode[1].sub_lanes, 8);
	assert_int_equal(d.mode[1].sum_bits, 16 + 2 + 4); /* 4 * 16 products of up to 2^14 */
	assert_int_equal(d.mode[2].sum_bits, 8 + 2 + 4);
	assert_int_equal(d.w_slot_bits, 32);
	assert_int_equal(d.a_slot_bits, 32);
	assert_int_equal(d.zero_bits, 8);
	assert_int_equal(d.lanes, 24);
	assert_int_equal(d.select_bits, 24);
	assert_int_equal(d.sign_blocks, 1);
	assert_int_equal(d.group_cycles, 2);
	assert_int_equal(d.exp_bits, 9);
	assert_int_equal(d.post_exp_bits, 9); /* 2 * 254 */
	assert_int_equal(d.scale_max, 300);
	assert_int_equal(d.sum_bits, 51);
	assert_int_equal(d.acc_bits, 55);
	assert_int_equal(d.out_bits, 32);
	assert_int_equal(d.slots, 1);
	assert_int_equal(d.latency, 1 + 2 + 3 + 2 + 3);
	assert_int_equal(d.post_wait, 3);
}

static void several_floats(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 64\npes: 1\nprecisions: [fp32, tf32, bf16, fp16]\nguard_bits: 3\naccumulation: wide\n"
					 "pipeline: {decoder: 0, tree: 0, accumulator: 1, packager: 0}\n");
	assert_false(d.has_fixed);
	assert_int_equal(d.mode[0].lanes, 27);
	assert_int_equal(d.mode[1].lanes, 14);
	assert_int_equal(d.mode[2].lanes, 11);
	assert_int_equal(d.mode[3].lanes, 14);
	assert_int_equal(d.lanes, 27);
	assert_int_equal(d.scale_max, 254 + 46 + 3);
	assert_int_equal(d.mode[1].exp_offset, 2 * (23 - 10));
	assert_int_equal(d.mode[2].exp_offset, 2 * (23 - 7));
	assert_int_equal(d.mode[3].exp_offset, 2 * (127 - 15) + 2 * (23 - 10));
	assert_int_equal(d.post_exp_bits, 10); /* bf16: 508 + 32 */
	assert_int_equal(d.mode[0].sum_bits, 27 + 24 + 6 + 1);
	assert_int_equal(d.acc_bits, 58 + 9);
	assert_int_equal(d.out_bits, 32);
	assert_int_equal(d.zero_bits, 1);
	assert_int_equal(d.latency, 4);
	assert_int_equal(d.post_wait, 0);
}

static void packed(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 16\npes: 4\nprecisions: [fp32, bf16, int16, int8, w4a8, int2, uint1]\npacking: [1, 2, 3, 12]\n");
	static const unsigned packs[] = { 1, 1, 1, 3, 3, 12, 12 };
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(d.mode[i].pack, packs[i]);
	assert_int_equal(d.mode_bits, 3);
	assert_int_equal(d.mode[2].lanes, 16);
	assert_int_equal(d.mode[3].lanes, 24);
	assert_int_equal(d.mode[3].sub_lanes, 8);
	assert_int_equal(d.mode[3].w_word_bits, 24);
	assert_int_equal(d.mode[4].w_word_bits, 12);
	assert_int_equal(d.mode[4].a_word_bits, 24);
	assert_int_equal(d.mode[5].sub_lanes, 2);
	assert_int_equal(d.mode[3].sum_bits, 16 + 6 + 9); /* 48 pairs, 512 groups */
	assert_int_equal(d.mode[6].sum_bits, 2 + 8 + 9 + 1); /* 192 pairs, unsigned */
	assert_int_equal(d.sign_blocks, 12);
	assert_int_equal(d.block_lanes, 2);
	assert_int_equal(d.blocks, 12);
	assert_int_equal(d.select_bits, 24);
}

static void packing_needs_lanes(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 16\npes: 1\nprecisions: [int4, w2a6]\npacking: [6]\n");
	assert_int_equal(d.lanes, 24);
	assert_int_equal(d.select_bits, 24);
	assert_int_equal(d.mode[0].pack, 6);
	assert_int_equal(d.mode[1].pack, 1);
	assert_int_equal(d.mode[1].lanes, 2);
	assert_int_equal(d.block_lanes, 4);
}

static void fixed_sums(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 5\npes: 1\nprecisions: [w8au8, wu8a8, uint8, int8]\nmax_groups: 3\nzero_point: yes\nresult_bits: 20\n");
	/* |w| <= 128 or 255, |a - zero| <= 255, 5 * 3 of them fill 3 + 2 more bits */
	assert_int_equal(d.mode[0].sum_bits, 16 + 5);
	assert_int_equal(d.mode[1].sum_bits, 16 + 5 + 1);
	assert_int_equal(d.mode[2].sum_bits, 16 + 5 + 1);
	assert_int_equal(d.mode[3].sum_bits, 16 + 5);
	assert_int_equal(d.out_bits, 20);
	assert_int_equal(d.exp_bits, 2);
	assert_int_equal(d.scale_max, 0);
	d = derive("n: 5\npes: 1\nprecisions: [wu8a8]\nmax_groups: 3\n");
	assert_int_equal(d.mode[0].sum_bits, 16 + 5);
	assert_int_equal(d.mode_bits, 1);
	assert_int_equal(d.latency, 4);
}

static void activation_side(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 16\npes: 1\nprecisions: [w4a16, int8]\nside: activation\nrun_ahead: 3\n");
	assert_int_equal(d.mode[0].lanes, 16);
	assert_int_equal(d.select_bits, 8);
	assert_int_equal(d.w_slot_bits, 8);
	assert_int_equal(d.a_slot_bits, 16);
	assert_int_equal(d.slots, 4);
}

struct rate {
	const char *text;
	unsigned group, cuts, exponent, align, slice;
};

static void preprocess_split(void **state)
{
	static const struct rate rates[] = {
		{ "n: 16\npes: 1\nprecisions: [fp32]\n", 1, 0, 0, 1, 16 },
		{ "n: 16\npes: 1\nprecisions: [fp32]\npreprocess_rate: 8\n", 2, 0, 1, 1, 16 },
		{ "n: 16\npes: 1\nprecisions: [fp32]\npreprocess_rate: 2\n", 8, 0, 4, 4, 4 },
		{ "n: 16\npes: 1\nprecisions: [fp32]\npreprocess_rate: 2\npipeline: {preprocess: 2}\n", 8, 2, 3, 3, 6 },
		{ "n: 16\npes: 1\nprecisions: [fp32]\npreprocess_rate: 8\npipeline: {preprocess: 2}\n", 2, 0, 1, 1, 16 },
		{ "n: 16\npes: 1\nprecisions: [int8]\npreprocess_rate: 3\n", 6, 0, 0, 6, 3 },
		{ "n: 16\npes: 1\nprecisions: [int8]\npreprocess_rate: 1\npipeline: {preprocess: 2}\n", 16, 1, 0, 8, 2 },
		{ "n: 7\npes: 1\nprecisions: [int8]\npreprocess_rate: 5\n", 2, 0, 0, 2, 4 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		struct bitlet_derived d = derive(rates[i].text);
		assert_int_equal(d.group_cycles, rates[i].group);
		assert_int_equal(d.pre_cuts, rates[i].cuts);
		assert_int_equal(d.exp_cycles, rates[i].exponent);
		assert_int_equal(d.align_cycles, rates[i].align);
		assert_int_equal(d.slice, rates[i].slice);
		assert_true(d.exp_cycles + d.align_cycles + d.pre_cuts <= d.group_cycles);
	}
}

/* Memory and buffers around the engine (docs/core.md section 2). */
static void core(void **state)
{
	(void)state;
	struct bitlet_derived d = derive("n: 12\npes: 5\nprecisions: [fp32, bf16, w9a17, w8a4, int2]\npacking: [3, 6]\naxi_bits: 128\nwgt_buffer: 64\n"
					 "max_groups: 40\n");
	static const unsigned bytes[][4] = { { 4, 4, 48, 48 }, { 2, 2, 24, 24 }, { 2, 4, 24, 48 }, { 1, 1, 36, 36 }, { 1, 1, 72, 72 } };
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(d.mode[i].w_bytes, bytes[i][0]);
		assert_int_equal(d.mode[i].a_bytes, bytes[i][1]);
		assert_int_equal(d.mode[i].w_group_bytes, bytes[i][2]);
		assert_int_equal(d.mode[i].a_group_bytes, bytes[i][3]);
	}
	assert_int_equal(d.bus_bytes, 16);
	assert_int_equal(d.w_lines, 5); /* 72 bytes */
	assert_int_equal(d.a_lines, 5);
	assert_int_equal(d.tile_groups, 32);
	assert_int_equal(d.run_beats, 3); /* 20 bytes, begun within a beat */
	assert_true(d.hash_low == (uint32_t)d.hash && d.hash_high == d.hash >> 32);
	d = derive("n: 2\npes: 64\nprecisions: [w1a16]\naxi_bits: 32\nmax_groups: 3\n");
	assert_int_equal(d.w_lines, 1);
	assert_int_equal(d.a_lines, 1);
	assert_int_equal(d.tile_groups, 3);
	assert_int_equal(d.run_beats, 65);
}

/* Every parameter but the name changes the hash. */
static void hash_of_everything(void **state)
{
	static const char *const base = "n: 16\npes: 2\nprecisions: [fp32, int8, int4]\n";
	static const char *const more[] = {
		"", "guard_bits: 1\n", "selector: window\n", "run_ahead: 1\n", "packing: [3]\n", "packing: [6]\n", "preprocess_rate: 3\n",
		"gate_zero_activations: yes\n", "zero_point: yes\n", "array_fifo: 1\n", "accumulation: wide\n", "max_groups: 8\n", "result_bits: 31\n",
		"result_fifo: 3\n", "pipeline: {preprocess: 1}\n", "pipeline: {decoder: 0}\n", "pipeline: {tree: 2}\n", "pipeline: {accumulator: 1}\n",
		"pipeline: {packager: 1}\n", "axi_bits: 32\n", "axi_address_bits: 33\n", "axi_burst: 17\n", "axi_outstanding: 15\n", "act_buffer: 32\n",
		"wgt_buffer: 128\n", "psum_buffer: 32\n", "out_buffer: 64\n", "output_lanes: 2\n", "parity: yes\n",
	};
	enum { COUNT = sizeof more / sizeof *more };
	uint64_t hash[COUNT + 4];
	char text[256];
	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(text, sizeof text, "%s%s", base, more[i]);
		hash[i] = derive(text).hash;
	}
	hash[COUNT] = derive("n: 17\npes: 2\nprecisions: [fp32, int8, int4]\npreprocess_rate: 16\n").hash;
	hash[COUNT + 1] = derive("n: 16\npes: 3\nprecisions: [fp32, int8, int4]\n").hash;
	hash[COUNT + 2] = derive("n: 16\npes: 2\nprecisions: [fp32, int4, int8]\n").hash;
	hash[COUNT + 3] = derive("n: 16\npes: 2\nprecisions: [fp32, int8]\n").hash;
	for (unsigned i = 0; i < COUNT + 4; i++)
		for (unsigned j = 0; j < i; j++)
			assert_true(hash[i] != hash[j]);
	assert_true(hash[0] == derive("name: other\nn: 16\npes: 2\nprecisions: [fp32, int8, int4]\npreprocess_rate: full\npacking: [1]\n").hash);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logarithm),
		cmocka_unit_test(float_and_fixed),
		cmocka_unit_test(several_floats),
		cmocka_unit_test(packed),
		cmocka_unit_test(packing_needs_lanes),
		cmocka_unit_test(fixed_sums),
		cmocka_unit_test(activation_side),
		cmocka_unit_test(preprocess_split),
		cmocka_unit_test(core),
		cmocka_unit_test(hash_of_everything),
	};
	return cmocka_run_group_tests_name("derived numbers", tests, NULL, NULL);
}
