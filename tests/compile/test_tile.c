/*
 * The tiler by hand-made layers: axes beyond a record's fields, many pixels, long dot products, what a program shows; and every complaint. Large layers are
 * compared with their definition at some outputs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "interpret.h"
#include "layer_oracle.h"
#include "random_fill.h"
#include "tile.h"
#include "tile_plan.h"

static struct bitlet_config config;
static struct bitlet_derived derived;

static void use(const char *text)
{
	assert_true(strchr(text, '\n') ? config_parse("t.yaml", text, strlen(text), &config, stderr) : config_load(text, &config, stderr));
	bitlet_derive(&config, &derived);
}

static struct layer_task conv2(uint32_t height, uint32_t width, uint32_t kernel, uint32_t pad, uint32_t in, uint32_t out)
{
	struct layer_task t;
	layer_task_init(&t);
	t.mode = 1;
	t.rank = 2;
	t.in[1] = height;
	t.in[2] = width;
	t.kernel[1] = height < kernel ? 1 : kernel;
	t.kernel[2] = kernel;
	t.pad_begin[1] = t.pad_end[1] = height < kernel ? 0 : (int32_t)pad;
	t.pad_begin[2] = t.pad_end[2] = (int32_t)pad;
	t.in_channels = in;
	t.out_channels = out;
	return t;
}

static struct program_tile tile_at(const struct compiled *p, uint32_t i)
{
	struct program_tile r;
	uint32_t block[PROGRAM_BLOCK_WORDS];
	memcpy(block, image_at(&p->image, p->program + (i + 1) * (uint64_t)PROGRAM_BLOCK_BYTES, sizeof block), sizeof block);
	program_get_tile(block, &r);
	return r;
}

/* Fills, compiles, runs, compares about `checked` outputs; *p is what was compiled. */
static void check(struct layer_task *t, size_t checked, struct compiled *p)
{
	struct fault f = { "" };
	struct bitlet_rng r = { 7 };
	struct interpret_result result;
	uint8_t flags;
	assert_true(layer_task_alloc(t, &derived, &f));
	random_fill(t, &derived, &r, true);
	bool good = compile_layer(t, &config, &derived, p, &f);
	assert_string_equal(f.text, "");
	assert_true(good);
	assert_true(interpret(&config, &derived, &p->image, p->program, p->program_bytes, 1, &result, &f));
	assert_int_equal(result.error.fault, CORE_FAULT_NONE);
	assert_int_equal(result.out_bytes, p->out_bytes);
	uint8_t *got = image_at(&p->image, p->out, p->out_bytes), *want = malloc(p->out_bytes);
	memcpy(want, got, p->out_bytes);
	size_t every = p->out_bytes / layer_format_bytes(t->output.format) / checked + 1;
	assert_true(layer_oracle(t, &config, &derived, every / 2, every, want, &flags, &f));
	assert_memory_equal(got, want, p->out_bytes);
	free(want);
	layer_task_free(t);
}

/* ---- shapes ---- */

/* An axis with padding that is longer than a record's limit: pieces of one filter tile that keep the weights. */
static void long_axis(void **state)
{
	(void)state;
	use("tiny");
	struct layer_task t = conv2(1, 131073, 3, 1, 1, 3);
	struct compiled p;
	t.stride[2] = 2;
	check(&t, 1000, &p);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < p.tiles; i++)
		kept += !tile_at(&p, i).load_weights && !tile_at(&p, i).load_params;
	assert_int_equal(p.tiles, 10); /* 2 filter tiles of 5 boxes, the first and the last beside padding */
	assert_int_equal(kept, 8);
	compiled_free(&p);
}

/* 1 x 1 over more pixels than a loop counts: one run of all of it, and so few tiles. */
static void many_pixels(void **state)
{
	(void)state;
	use("tiny");
	struct layer_task t = conv2(300, 301, 1, 0, 2, 2);
	struct compiled p;
	check(&t, 1000, &p);
	assert_int_equal(p.tiles, 2);
	struct program_tile r = tile_at(&p, 0);
	assert_int_equal(r.pixels, 45150);
	assert_int_equal(r.act_run_bytes, 45150 * 2);
	assert_int_equal(r.act_merge_bytes, 0);
	assert_int_equal(r.out_loop[0].count_less_1, 45149);
	compiled_free(&p);
}

static void long_products(void **state)
{
	(void)state;
	use("tiny");
	struct compiled p;
	struct layer_task t = conv2(5, 5, 3, 1, 33, 3); /* 9 * 33 elements, 32 a tile: by taps and channels */
	check(&t, 200, &p);
	compiled_free(&p);
	layer_task_init(&t);
	t.op = LAYER_DENSE;
	t.mode = 1;
	t.batch = 3;
	t.in_channels = 70001;
	t.out_channels = 3;
	check(&t, 9, &p);
	compiled_free(&p);
	layer_task_init(&t);
	t.op = LAYER_MATMUL;
	t.mode = 2;
	t.rank = 1;
	t.in[2] = 17;
	t.in_channels = 301;
	t.out_channels = 5;
	t.by_column = true;
	check(&t, 85, &p);
	compiled_free(&p);
}

/* Weights of a tile beyond a run's 24 bits: one run a filter. */
static void large_weights(void **state)
{
	(void)state;
	use("n: 128\npes: 8\nprecisions: [int8, int16]\nwgt_buffer: 32768\nmax_groups: 16384\n");
	struct layer_task t;
	struct compiled p;
	layer_task_init(&t);
	t.op = LAYER_DENSE;
	t.mode = 1;
	t.in_channels = 1100000;
	t.out_channels = 8;
	check(&t, 8, &p);
	struct program_tile r = tile_at(&p, 0);
	assert_int_equal(r.wgt_loop[0].count_less_1, 7);
	assert_int_equal(r.wgt_run_bytes, r.wgt_vector_bytes);
	compiled_free(&p);
}

static void far_steps(void **state)
{
	(void)state;
	use("tiny");
	struct compiled p;
	struct layer_task t = conv2(1, 50000, 2, 0, 1, 2); /* nothing outside: steps need no bits */
	t.dilation[2] = 20000;
	t.stride[2] = 9000;
	check(&t, 100, &p);
	compiled_free(&p);
	t = conv2(1, 30000, 2, 5, 1, 2);
	t.stride[2] = 8191; /* the largest step */
	check(&t, 100, &p);
	compiled_free(&p);
	t = conv2(1, 6, 3, 0, 1, 2);
	t.pad_begin[2] = 32767;
	check(&t, 1000, &p);
	compiled_free(&p);
	t = conv2(3, 4, 1, 0, 2, 2); /* no kernel, but the output is larger or smaller than the input */
	t.pad_end[1] = -1;
	t.pad_end[2] = 2;
	check(&t, 100, &p);
	compiled_free(&p);
	t = conv2(1, 9, 3, 0, 1, 2);
	t.pad_begin[2] = -4;
	t.pad_end[2] = -2;
	check(&t, 100, &p);
	compiled_free(&p);
}

/* Seven loops of more than one index each, all three axes with padding. */
static void seven_loops(void **state)
{
	(void)state;
	use("edge-int8");
	struct layer_task t;
	struct compiled p;
	layer_task_init(&t);
	t.rank = 3;
	t.batch = 2;
	t.in_channels = 5;
	t.out_channels = 9;
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		t.in[a] = 5 + a;
		t.kernel[a] = 2 + a % 2;
		t.dilation[a] = 2;
		t.stride[a] = a == 1 ? 2 : 1;
		t.pad_begin[a] = 1;
		t.pad_end[a] = 2;
	}
	t.zero = -7;
	check(&t, 3000, &p);
	for (unsigned i = 0; i < PROGRAM_ACT_LOOPS; i++)
		assert_true(tile_at(&p, 0).act_loop[i].count_less_1 > 0);
	assert_true(tile_at(&p, 0).out_loop[3].count_less_1 == 0);
	compiled_free(&p);
}

static void transposed(void **state)
{
	(void)state;
	use("tiny");
	struct compiled p;
	struct layer_task t = conv2(3, 4, 2, 0, 3, 3); /* stride above the kernel: phases without taps */
	t.op = LAYER_CONV_TRANSPOSE;
	t.stride[1] = t.stride[2] = 3;
	t.output_padding[1] = t.output_padding[2] = 2;
	t.zero = 5;
	check(&t, 1000, &p);
	assert_int_equal(p.tiles, 9 * 2);
	assert_int_equal(tile_at(&p, 17).act_limit_0, 0);
	compiled_free(&p);
	t = conv2(4, 4, 4, 3, 2, 2);
	t.op = LAYER_CONV_TRANSPOSE;
	t.stride[1] = t.stride[2] = 4;
	t.dilation[1] = 2;
	t.dilation[2] = 6;
	check(&t, 1000, &p);
	compiled_free(&p);
}

/* ---- what a program shows ---- */

static void layout(void **state)
{
	(void)state;
	use("edge-int8");
	struct layer_task t = conv2(14, 14, 3, 1, 32, 24);
	struct compiled p;
	t.mode = 0;
	t.place = (struct layer_place){ .base = 0x80001000, .act_offset = 3, .out_offset = 61, .layer = 77, .wait = true };
	check(&t, 500, &p);
	assert_int_equal(p.act % 64, 3);
	assert_int_equal(p.out % 64, 61);
	assert_int_equal(p.program % 256, 0);
	assert_int_equal(p.tiles, 3);
	assert_int_equal(p.macs, 14 * 14 * 24 * 32 * 9);
	assert_int_equal(p.groups, 3 * 14 * 14 * 18);
	for (uint32_t i = 0; i < p.tiles; i++) {
		struct program_tile r = tile_at(&p, i);
		assert_int_equal(r.wait, i == 0);
		assert_int_equal(r.layer, 77);
		assert_int_equal(r.tile, i);
		assert_true(r.load_weights && r.load_params);
		assert_int_equal(r.wgt_run_bytes, 8 * 32 * 9); /* one run a tile */
		assert_int_equal(r.wgt_base % derived.bus_bytes, 0);
		assert_int_equal(r.params_base % derived.bus_bytes, 0);
		assert_int_equal(r.act_merge_bytes, 3 * 32); /* rows of the kernel are contiguous */
		assert_int_equal(r.act_merge_span, 2);
	}
	compiled_free(&p);
}

/* Tensors at places of another's choice: an image of weights, parameters and program that is put beside them gives the same outputs. */
static void placed(void **state)
{
	(void)state;
	use("edge-int8");
	for (int product = 0; product < 2; product++) {
		struct layer_task t = conv2(6, 5, product ? 1 : 3, product ? 0 : 1, 20, 11);
		struct compiled p, other;
		struct fault f = { "" };
		struct image m;
		struct interpret_result result;
		uint64_t at[3], base;
		t.mode = 0;
		if (product) {
			t.op = LAYER_MATMUL;
			t.rank = 1;
			t.in[1] = 1;
		}
		check(&t, 500, &p);
		t.place = (struct layer_place){ .placed = true };
		image_init(&m, 0x10000);
		assert_true(image_alloc(&m, "tensors", 64, 64, 3 * 4096, &at[0], &f));
		at[1] = at[0] + 4096;
		at[2] = at[1] + 4096;
		t.place.out_at = at[0];
		t.place.act_at = at[1];
		t.place.operand_at = at[2];
		t.place.base = m.base + m.bytes;
		memcpy(image_at(&m, at[1], p.act_bytes), image_at(&p.image, p.act, p.act_bytes), p.act_bytes);
		if (product)
			memcpy(image_at(&m, at[2], 20 * 11), image_at(&p.image, image_find(&p.image, "b")->address, 20 * 11), 20 * 11);
		assert_true(layer_task_alloc(&t, &derived, &f));
		struct bitlet_rng r = { 7 };
		random_fill(&t, &derived, &r, true);
		free(t.act);
		t.act = NULL;
		assert_true(compile_layer(&t, &config, &derived, &other, &f));
		assert_null(image_find(&other.image, "act"));
		assert_null(image_find(&other.image, "out"));
		assert_true(image_alloc(&m, NULL, 4096, 0, other.image.bytes, &base, &f));
		assert_int_equal(base, other.image.base);
		memcpy(image_at(&m, base, other.image.bytes), other.image.data, other.image.bytes);
		assert_true(interpret(&config, &derived, &m, other.program, other.program_bytes, 1, &result, &f));
		assert_int_equal(result.error.fault, CORE_FAULT_NONE);
		assert_memory_equal(image_at(&m, at[0], p.out_bytes), image_at(&p.image, p.out, p.out_bytes), p.out_bytes);
		assert_int_equal(m.regions, 1);
		layer_task_free(&t);
		compiled_free(&p);
		compiled_free(&other);
		image_free(&m);
	}
}

/* Depthwise layers take several channels a tile, in fewer groups than one by one. */
static void depthwise(void **state)
{
	(void)state;
	use("edge-int8");
	struct layer_task t = conv2(9, 9, 3, 1, 20, 20);
	struct compiled p;
	t.mode = 0;
	t.groups = 20;
	check(&t, 2000, &p);
	assert_true(p.tiles < 20 && p.groups < 20 * 81);
	compiled_free(&p);
}

/* ---- complaints ---- */

static void expect(struct layer_task *t, const char *text)
{
	struct fault f = { "" };
	struct compiled p;
	if (!t->act)
		assert_true(layer_task_alloc(t, &derived, &f));
	assert_false(compile_layer(t, &config, &derived, &p, &f));
	assert_string_equal(f.text, text);
	layer_task_free(t);
}

#define WRONG(change, text) \
	do { \
		struct layer_task t = conv2(4, 4, 3, 1, 2, 2); \
		struct fault none = { "" }; \
		assert_true(layer_task_alloc(&t, &derived, &none)); \
		change; \
		expect(&t, text); \
	} while (0)

static void task_faults(void **state)
{
	(void)state;
	use("tiny");
	WRONG(t.mode = 3, "mode is 3; expected 0..2");
	WRONG(t.batch = 0, "batch is 0; expected 1..16777216");
	WRONG(t.groups = 3, "3 groups do not divide 2 input and 2 output channels; expected a common divisor");
	WRONG(t.in_channels = 0, "input channels is 0; expected 1..16777216");
	WRONG(t.out_channels = 1 << 25, "output channels is 33554432; expected 1..16777216");
	WRONG(t.rank = 4, "spatial axes is 4; expected 0..3");
	WRONG(t.rank = 1, "conv has a kernel, stride, dilation or pad on an axis that it has not; expected none");
	WRONG(t.op = LAYER_DENSE, "spatial axes is 2; expected 0..0");
	WRONG(t.in[1] = 0, "an input extent is 0; expected 1..16777216");
	WRONG(t.kernel[2] = 0, "a kernel extent is 0; expected 1..16777216");
	WRONG(t.stride[2] = 0, "a stride is 0; expected 1..16777216");
	WRONG(t.dilation[2] = 0, "a dilation is 0; expected 1..16777216");
	WRONG(t.pad_begin[1] = 32768, "a pad is 32768; expected -16777216..32767");
	WRONG(t.output_padding[1] = 1, "output_padding is 1; expected 0..0");
	WRONG(t.kernel[1] = 9, "the output's height is 0; expected 1..16777216");
	WRONG(t.in[1] = t.in[2] = 1 << 16, "a tensor of more than 268435456 elements; expected smaller ones");
	WRONG(t.zero = -129, "the zero point is -129; expected -128..127");
	WRONG((t.mode = 0, t.output.format = FORMAT_FP32, t.zero = 1), "a float layer's zero point is 1; expected 0..0");
	WRONG(t.mode = 0, "an integer output format for a float precision; expected fp32");
	WRONG((t.output.format = FORMAT_FP32, t.output.zero = 1), "an output zero point with format fp32; expected 0");
	WRONG(t.output.format = (enum program_format)4, "format is 4; expected 0..3");
	WRONG(t.output.rounding = (enum program_rounding)3, "rounding is 3; expected 0..2");
	WRONG(t.output.multiplier[1] = 0x80000000, "a multiplier is 2147483648; expected 0..2147483647");
	WRONG(t.output.shift[1] = -1, "a shift is -1; expected 0..62");
	WRONG((t.output.rounding = ROUND_TFLITE_DOUBLE, t.output.shift[0] = 31), "a shift is 31; expected -31..30");
	WRONG(t.output.format = FORMAT_INT8, "clamp's lower end is -2147483648; expected -128..255");
	WRONG((t.output.clamp_low = 5, t.output.clamp_high = 3), "clamp's upper end is 3; expected 5..2147483647");
}

static void more_faults(void **state)
{
	(void)state;
	use("tiny");
	WRONG((t.output.format = FORMAT_FP32, t.output.clamp_low = 0x7fc00000), "clamp is NaN; expected numbers");
	WRONG((t.output.format = FORMAT_FP32, t.output.clamp_low = 0x40000000, t.output.clamp_high = -0x800000), "clamp's lower end is above its upper end");
	WRONG(t.place.base = 1024, "the image's address is 0x400; expected a multiple of 4096");
	WRONG((t.place.placed = true, t.place.out_at = 32), "a tensor's address is not a multiple of 64");
	WRONG((t.place.placed = true, t.place.act_at = UINT64_C(1) << 32), "the activations end at 0x10000001f; expected addresses of 32 bits");
	WRONG((t.place.placed = true, t.place.out_at = UINT64_C(1) << 32), "the outputs end at 0x10000007f; expected addresses of 32 bits");
	WRONG(t.place.base = UINT64_C(1) << 32, "the image's address is 0x100000000; expected one of 32 bits");
	WRONG(t.place.act_offset = 4096, "act_offset is 4096; expected 0..4095");
	WRONG(t.place.layer = 65536, "the layer's number is 65536; expected 0..65535");
	WRONG((t.zero = 127, t.output.bias[1] = INT32_MIN, memset(t.weights, 1, 36)),
	      "bias of output channel 1 less zero point times weights is -2147485934; expected 32 bits, or a configuration with zero_point: yes");
	struct layer_task t = conv2(30, 100, 1, 0, 1, 1);
	t.place.base = 0xfffff000;
	expect(&t, "the image ends at 0x100002fff; expected addresses of 32 bits");
	t = conv2(1, 40000, 2, 1, 1, 1);
	t.dilation[2] = 39000;
	expect(&t, "the kernel reaches over more than 32000 elements beside padding; expected less");
	t = conv2(1, 40000, 2, 1, 1, 1);
	t.stride[2] = 8192;
	expect(&t, "a stride, pad, dilation or extent is beyond what a program's record holds; expected smaller ones");
	t = conv2(1, 2, 1, 0, 1, 1);
	t.op = LAYER_CONV_TRANSPOSE;
	t.stride[2] = 2000000;
	expect(&t, "the strides make more than 1048576 phases; expected smaller strides");
	layer_task_init(&t);
	t.op = LAYER_MATMUL;
	t.mode = 1;
	t.rank = 1;
	t.zero = 1;
	expect(&t, "a zero point with weights that are not constant; expected a configuration with zero_point: yes, or zero point 0");
	layer_task_init(&t);
	t.op = LAYER_MATMUL;
	t.mode = 1;
	t.rank = 1;
	t.batch = 2000;
	t.out_channels = 2000;
	t.in_channels = 16;
	expect(&t, "the layer needs more than 1048576 tiles; expected a smaller layer or larger buffers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_axis),  cmocka_unit_test(many_pixels), cmocka_unit_test(long_products), cmocka_unit_test(large_weights), cmocka_unit_test(far_steps),
		cmocka_unit_test(seven_loops), cmocka_unit_test(transposed), cmocka_unit_test(layout), cmocka_unit_test(placed),      cmocka_unit_test(depthwise),     cmocka_unit_test(task_faults),   cmocka_unit_test(more_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
