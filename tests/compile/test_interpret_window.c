/* Many tiles at once give the bytes, flags, counts and faults of tile after tile: random layers, as they are and with records changed at random. */
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
#include "program.h"
#include "random_layer.h"
#include "tile.h"

enum { LAYERS = 60, CHANGES = 25 };

static struct bitlet_config config;
static struct bitlet_derived derived;
static size_t faults, good;

static struct interpret_result run(const struct compiled *p, unsigned threads, struct image *m)
{
	struct interpret_result r;
	struct fault f = { "" };
	assert_true(image_copy(m, &p->image, &f));
	assert_true(interpret(&config, &derived, m, p->program, p->program_bytes, threads, &r, &f));
	return r;
}

static void compare(const struct compiled *p, unsigned threads, const char *text)
{
	struct image a, b;
	struct interpret_result x = run(p, 0, &a), y = run(p, threads, &b);
	bool same = x.error.fault == y.error.fault && x.error.channel == y.error.channel && x.error.address == y.error.address && x.flags == y.flags &&
	            x.position == y.position && x.tiles == y.tiles && x.groups == y.groups && x.outputs == y.outputs && x.act_bytes == y.act_bytes &&
	            x.wgt_bytes == y.wgt_bytes && x.out_bytes == y.out_bytes && x.act_runs == y.act_runs && x.wgt_runs == y.wgt_runs;
	if (!same)
		fail_msg("%s: fault %d %d at 0x%llx, tiles %llu, runs %llu, flags %x; expected %d %d 0x%llx %llu %llu %x", text, y.error.fault, y.error.channel,
		         (unsigned long long)y.error.address, (unsigned long long)y.tiles, (unsigned long long)y.act_runs, y.flags, x.error.fault, x.error.channel,
		         (unsigned long long)x.error.address, (unsigned long long)x.tiles, (unsigned long long)x.act_runs, x.flags);
	if (memcmp(a.data, b.data, a.bytes))
		fail_msg("%s: other bytes", text);
	faults += x.error.fault != CORE_FAULT_NONE;
	good += x.error.fault == CORE_FAULT_NONE;
	image_free(&a);
	image_free(&b);
}

/* A low bit of a word that says where and what, none that makes the run long. */
static void change(struct compiled *p, struct bitlet_rng *rng)
{
	static const uint8_t word[] = { 0, 0, 0, 0, 2, 3, 4, 5, 6, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 30, 32, 33, 34, 35, 42, 44, 44, 44, 47, 48, 50, 52, 55, 56, 57 };
	uint32_t block[PROGRAM_BLOCK_WORDS];
	uint8_t *at = image_at(&p->image, p->program + (1 + bitlet_random_below(rng, p->tiles)) * (uint64_t)PROGRAM_BLOCK_BYTES, sizeof block);
	memcpy(block, at, sizeof block);
	unsigned w = word[bitlet_random_below(rng, sizeof word)], bit = w == 0 ? 8 + bitlet_random_below(rng, 5) : w == 2 ? 8 + bitlet_random_below(rng, 3) : bitlet_random_below(rng, w == 44 || w == 6 ? 12 : 6);
	block[w] ^= UINT32_C(1) << bit;
	block[PROGRAM_CRC_WORD] = program_crc(block, PROGRAM_CRC_WORD);
	memcpy(at, block, sizeof block);
}

static void check(const char *name, const char *text)
{
	struct bitlet_rng rng = { 99 };
	const struct random_layer_limits limits = { .cycles = 3000 };
	assert_true(text ? config_parse("t.yaml", text, strlen(text), &config, stderr) : config_load(name, &config, stderr));
	bitlet_derive(&config, &derived);
	faults = good = 0;
	for (unsigned n = 0; n < LAYERS; n++) {
		struct layer_task t;
		struct compiled p;
		struct fault f = { "" };
		char title[256];
		assert_true(random_layer(&config, &derived, &rng, &limits, &t, &f));
		assert_true(compile_layer(&t, &config, &derived, &p, &f));
		layer_task_text(&t, &derived, title, sizeof title);
		compare(&p, 1 + n % 3, title);
		for (unsigned i = 0; i < CHANGES; i++) {
			struct compiled other = p;
			assert_true(image_copy(&other.image, &p.image, &f));
			for (unsigned k = 1 + bitlet_random_below(&rng, 3); k > 0; k--)
				change(&other, &rng);
			compare(&other, 1 + i % 3, title);
			compiled_free(&other);
		}
		layer_task_free(&t);
		compiled_free(&p);
	}
	print_message("# %s: %zu programs to the end, %zu to a fault\n", name, good, faults);
	assert_true(good > LAYERS * CHANGES / 2 && faults > LAYERS * CHANGES / 20);
}

static void tiny(void **state)
{
	(void)state;
	check("tiny", NULL);
}

static void edge(void **state)
{
	(void)state;
	check("edge-int8", NULL);
}

static void floats(void **state)
{
	(void)state;
	check("fp32-n16", NULL);
}

static void zero_point(void **state)
{
	(void)state;
	check("zero", "n: 8\npes: 4\nprecisions: [int8, w8au8, int16, int24]\nzero_point: yes\nwgt_buffer: 32\nresult_bits: 24\n");
}

/* Nearly all dot products go through the partial sums. */
static void small_buffers(void **state)
{
	(void)state;
	check("small", "n: 5\npes: 3\nprecisions: [int8, fp16, bf16, tf32, w4a16]\nwgt_buffer: 4\nact_buffer: 4\npsum_buffer: 16\nmax_groups: 3\nout_buffer: 16\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tiny), cmocka_unit_test(edge), cmocka_unit_test(floats), cmocka_unit_test(zero_point),
		                            cmocka_unit_test(small_buffers) };
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
