/* What the interpreter says about programs that are at fault, and about addresses outside of the image: docs/core.md section 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "interpret.h"
#include "program.h"
#include "tile.h"

static struct bitlet_config config;
static struct bitlet_derived derived;
static struct layer_task task;
static struct compiled layer;

/* A convolution of a few tiles, some of them chunks. */
static int setup(void **state)
{
	struct fault f = { "" };
	(void)state;
	if (!config_load("tiny", &config, stderr))
		return 1;
	bitlet_derive(&config, &derived);
	layer_task_init(&task);
	task.mode = 1;
	task.rank = 2;
	task.in[1] = task.in[2] = 4;
	task.kernel[1] = task.kernel[2] = 3;
	task.pad_begin[1] = task.pad_begin[2] = task.pad_end[1] = task.pad_end[2] = 1;
	task.in_channels = 12;
	task.out_channels = 3;
	task.place.base = 0x40000;
	if (!layer_task_alloc(&task, &derived, &f))
		return 1;
	for (size_t i = 0; i < layer_act_bytes(&task, &derived); i++)
		task.act[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < layer_weight_bytes(&task, &derived); i++)
		task.weights[i] = (uint8_t)(i * 11);
	return !compile_layer(&task, &config, &derived, &layer, &f);
}

static int teardown(void **state)
{
	(void)state;
	layer_task_free(&task);
	compiled_free(&layer);
	return 0;
}

static struct interpret_result run(struct image *m, uint64_t address, uint32_t bytes)
{
	struct interpret_result r;
	struct fault f = { "" };
	assert_true(interpret(&config, &derived, m, address, bytes, 1, &r, &f));
	return r;
}

static struct image copy(void)
{
	struct image m;
	struct fault f = { "" };
	assert_true(image_copy(&m, &layer.image, &f));
	return m;
}

static void expect(struct image *m, uint64_t address, uint32_t bytes, enum core_fault fault, enum core_channel channel, uint64_t where, uint64_t tiles)
{
	struct interpret_result r = run(m, address, bytes);
	assert_int_equal(r.error.fault, fault);
	assert_int_equal(r.error.channel, channel);
	assert_int_equal(r.error.address, where);
	assert_int_equal(r.tiles, tiles);
	image_free(m);
}

/* The words of block i; seal() puts the CRC right again. */
static uint32_t *block(const struct image *m, unsigned i)
{
	return (uint32_t *)(void *)image_at(m, layer.program + (uint64_t)i * PROGRAM_BLOCK_BYTES, PROGRAM_BLOCK_BYTES);
}

static void seal(uint32_t *words)
{
	words[PROGRAM_CRC_WORD] = program_crc(words, PROGRAM_CRC_WORD);
}

static void good(void **state)
{
	(void)state;
	struct image m = copy();
	assert_true(layer.tiles >= 4);
	struct interpret_result r = run(&m, layer.program, layer.program_bytes);
	assert_int_equal(r.error.fault, CORE_FAULT_NONE);
	assert_int_equal(r.tiles, layer.tiles);
	assert_int_equal(r.groups, layer.groups);
	assert_int_equal(r.position, (layer.tiles - 1) << 16);
	assert_int_equal(r.out_bytes, layer.out_bytes);
	image_free(&m);
}

static void no_tiles(void **state)
{
	(void)state;
	struct image m = copy();
	uint32_t *h = block(&m, 0);
	h[4] = PROGRAM_BLOCK_BYTES;
	h[5] = 0;
	seal(h);
	expect(&m, layer.program, PROGRAM_BLOCK_BYTES, CORE_FAULT_NONE, CHANNEL_NONE, 0, 0);
}

static void header_faults(void **state)
{
	(void)state;
	static const struct {
		unsigned word;
		enum core_fault fault;
	} cases[] = { { 0, CORE_FAULT_MAGIC }, { 1, CORE_FAULT_VERSION }, { 2, CORE_FAULT_HASH }, { 3, CORE_FAULT_HASH }, { 4, CORE_FAULT_TRUNCATED }, { 5, CORE_FAULT_TRUNCATED } };
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct image m = copy();
		block(&m, 0)[cases[i].word] ^= 1u << 9;
		seal(block(&m, 0));
		expect(&m, layer.program, layer.program_bytes, cases[i].fault, CHANNEL_NONE, layer.program, 0);
		m = copy();
		block(&m, 0)[cases[i].word] ^= 1u << 9;
		expect(&m, layer.program, layer.program_bytes, CORE_FAULT_CRC, CHANNEL_NONE, layer.program, 0);
	}
	struct image m = copy();
	expect(&m, layer.program, layer.program_bytes - PROGRAM_BLOCK_BYTES, CORE_FAULT_TRUNCATED, CHANNEL_NONE, layer.program, 0);
	m = copy();
	expect(&m, layer.program + 4, layer.program_bytes, CORE_FAULT_ADDRESS, CHANNEL_NONE, layer.program + 4, 0);
}

static void record_faults(void **state)
{
	(void)state;
	const struct {
		unsigned word;
		uint32_t value;
	} cases[] = {
		{ 0, 0x302 }, { 2, 0x3 }, { 2, 0x1 | 2 << 8 }, { 3, 0 }, { 3, derived.tile_groups + 1 }, { 4, 0 }, { 8, 0 }, { 8, 1 }, { 8, 4096 }, { 32, 0 }, { 32, 4 },
		{ 32, 4096 }, { 9, 0 }, { 33, 0 }, { 46, 0 }, { 55, 3 << 4 }, { 2, 0 },
	};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct image m = copy();
		block(&m, 2)[cases[i].word] = cases[i].value;
		expect(&m, layer.program, layer.program_bytes, CORE_FAULT_CRC, CHANNEL_NONE, layer.program + 2 * PROGRAM_BLOCK_BYTES, 1);
		m = copy();
		block(&m, 2)[cases[i].word] = cases[i].value;
		seal(block(&m, 2));
		expect(&m, layer.program, layer.program_bytes, CORE_FAULT_RECORD, CHANNEL_NONE, layer.program + 2 * PROGRAM_BLOCK_BYTES, 1);
	}
}

/* A vector longer than a tile's, sound otherwise. */
static void too_many_groups(void **state)
{
	(void)state;
	struct image m = copy();
	uint32_t *r = block(&m, 2), groups = derived.tile_groups + 1;
	r[3] = groups;
	r[8] = groups * derived.mode[1].a_group_bytes;
	r[32] = groups * derived.mode[1].w_group_bytes;
	seal(r);
	expect(&m, layer.program, layer.program_bytes, CORE_FAULT_RECORD, CHANNEL_NONE, layer.program + 2 * PROGRAM_BLOCK_BYTES, 1);
}

/* More pixels than partial sums: the second record adds to those of the first. */
static void partial_sums(void **state)
{
	(void)state;
	struct image m = copy();
	assert_true(block(&m, 2)[0] & 1u << 10);
	block(&m, 2)[4] = config.psum_buffer + 1;
	seal(block(&m, 2));
	expect(&m, layer.program, layer.program_bytes, CORE_FAULT_RECORD, CHANNEL_NONE, layer.program + 2 * PROGRAM_BLOCK_BYTES, 1);
}

/* A base address behind the image's end. */
static void outside(void **state)
{
	(void)state;
	static const struct {
		unsigned word;
		enum core_channel channel;
	} cases[] = { { 6, CHANNEL_ACT }, { 30, CHANNEL_WGT }, { 42, CHANNEL_WGT }, { 44, CHANNEL_OUT } };
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct image m = copy();
		uint64_t end = m.base + m.bytes;
		unsigned last = cases[i].channel == CHANNEL_OUT ? 2 : 1; /* an output address counts where the chunks end */
		while (cases[i].channel == CHANNEL_OUT && block(&m, last)[0] & 1u << 11)
			last++;
		block(&m, last)[cases[i].word] = (uint32_t)end;
		block(&m, last)[0] |= 1u << 9;
		/* padding needs no memory: let the first run be within the tensor */
		block(&m, last)[12] &= 0xffff0000;
		block(&m, last)[13] &= 0xffff0000;
		seal(block(&m, last));
		expect(&m, layer.program, layer.program_bytes, CORE_FAULT_DECERR, cases[i].channel, end, last);
	}
	struct image m = copy();
	uint64_t end = m.base + m.bytes;
	expect(&m, end, layer.program_bytes, CORE_FAULT_DECERR, CHANNEL_PROGRAM, end, 0);
}

/* A program whose last block is missing from memory. */
static void cut_off(void **state)
{
	(void)state;
	struct image m = copy();
	size_t size = (size_t)(layer.program - m.base) + layer.program_bytes;
	uint64_t last = layer.program + layer.program_bytes - PROGRAM_BLOCK_BYTES;
	m.bytes = size - PROGRAM_BLOCK_BYTES;
	expect(&m, layer.program, layer.program_bytes, CORE_FAULT_DECERR, CHANNEL_PROGRAM, last, layer.tiles - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(good), cmocka_unit_test(no_tiles), cmocka_unit_test(header_faults), cmocka_unit_test(record_faults),
		                            cmocka_unit_test(too_many_groups), cmocka_unit_test(partial_sums), cmocka_unit_test(outside), cmocka_unit_test(cut_off) };
	return cmocka_run_group_tests(tests, setup, teardown);
}
