/*
 * Random layers: compiled, interpreted, and compared byte for byte with the layer's definition (layer_oracle.h), flags included, for configurations of every
 * kind. What lies around the output in the image must stay as it was.
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
#include "random_layer.h"
#include "tile.h"

enum { CYCLES = 6000 };

static void setup(const char *text, struct bitlet_config *c, struct bitlet_derived *d)
{
	const char *preset = strchr(text, '\n') ? NULL : text;
	assert_true(preset ? config_load(preset, c, stderr) : config_parse("t.yaml", text, strlen(text), c, stderr));
	bitlet_derive(c, d);
}

/* First byte that differs between the outputs, or size. */
static size_t first_difference(const uint8_t *a, const uint8_t *b, size_t size)
{
	size_t i = 0;
	while (i < size && a[i] == b[i])
		i++;
	return i;
}

/* Bytes that the run changed outside of the output. */
static bool others_kept(const struct compiled *p, const struct image *after)
{
	size_t at = (size_t)(p->out - p->image.base), behind = at + p->out_bytes;
	return !memcmp(p->image.data, after->data, at) && !memcmp(p->image.data + behind, after->data + behind, p->image.bytes - behind);
}

/* What records there were, over all layers of a configuration. */
struct seen {
	unsigned op[LAYER_OPS], layers;
	unsigned psum, merge, clip, kept_weights, empty, block, loops;
};

static void look_at(struct seen *seen, const struct layer_task *t, const struct compiled *p)
{
	seen->op[t->op]++;
	seen->layers++;
	for (uint32_t i = 1; i <= p->tiles; i++) {
		struct program_tile r;
		uint32_t block[PROGRAM_BLOCK_WORDS];
		memcpy(block, image_at(&p->image, p->program + i * (uint64_t)PROGRAM_BLOCK_BYTES, sizeof block), sizeof block);
		program_get_tile(block, &r);
		seen->psum += r.psum_in && r.psum_out;
		seen->merge += r.act_merge_bytes != 0;
		seen->clip += r.act_start_0 < 0 || r.act_limit_0 > 1 || r.act_limit_1 > 1 || r.act_limit_2 > 1;
		seen->kept_weights += !r.load_weights;
		seen->empty += !r.act_limit_0;
		seen->block += t->groups > 1 && (uint32_t)r.pes_less_1 + 1 > t->out_channels / t->groups;
		seen->loops += r.act_loop[5].count_less_1 > 0;
	}
}

/* Returns whether the layer came out right. */
static bool layer_good(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, const char *name, uint64_t seed, struct seen *seen)
{
	struct compiled p;
	struct image after;
	struct interpret_result r;
	struct fault f = { "" };
	char text[400];
	uint8_t flags = 0, *want = calloc(layer_out_bytes(t), 1);
	assert_non_null(want);
	assert_true(compile_layer(t, c, d, &p, &f));
	assert_true(image_copy(&after, &p.image, &f));
	assert_true(interpret(c, d, &after, p.program, p.program_bytes, 1, &r, &f));
	assert_true(layer_oracle(t, c, d, 0, 1, want, &flags, &f));
	const uint8_t *got = image_at(&after, p.out, p.out_bytes);
	size_t at = first_difference(got, want, p.out_bytes);
	bool good = !r.error.fault && at == p.out_bytes && others_kept(&p, &after) && r.flags == flags && r.tiles == p.tiles && r.groups == p.groups &&
	            r.out_bytes == p.out_bytes;
	if (!good)
		print_error("%s seed %llu: %s: fault %d, byte %zu of %zu, flags %x want %x, %u tiles\n", name, (unsigned long long)seed,
		            layer_task_text(t, d, text, sizeof text), (int)r.error.fault, at, p.out_bytes, r.flags, flags, p.tiles);
	look_at(seen, t, &p);
	image_free(&after);
	compiled_free(&p);
	free(want);
	return good;
}

/* `count` layers from the seed on. */
static void check(const char *name, const char *text, uint64_t seed, unsigned count, bool finite)
{
	struct bitlet_config c;
	struct bitlet_derived d;
	struct seen seen = { .layers = 0 };
	unsigned bad = 0;
	setup(text, &c, &d);
	for (unsigned i = 0; i < count; i++) {
		struct bitlet_rng r = { seed + i };
		struct layer_task t;
		struct fault f = { "" };
		assert_true(random_layer(&c, &d, &r, &(struct random_layer_limits){ CYCLES, finite }, &t, &f));
		bad += !layer_good(&t, &c, &d, name, seed + i, &seen);
		layer_task_free(&t);
	}
	assert_int_equal(bad, 0);
	for (unsigned i = 0; i < LAYER_OPS; i++)
		assert_true(seen.op[i] > 0);
	print_message("# %s: %u layers; tiles: %u middle chunks, %u merge, %u clip, %u keep weights, %u without taps, %u blocks, %u with 6 loops\n", name, seen.layers,
	              seen.psum, seen.merge, seen.clip, seen.kept_weights, seen.empty, seen.block, seen.loops);
	assert_true(seen.merge && seen.clip && seen.empty);
}

static void tiny(void **state)
{
	(void)state;
	check("tiny", "tiny", 1000, 300, false);
}

static void edge(void **state)
{
	(void)state;
	check("edge-int8", "edge-int8", 2000, 200, false);
}

static void floats(void **state)
{
	(void)state;
	check("fp32-n16", "fp32-n16", 3000, 200, false);
	check("fp32-n16", "fp32-n16", 3500, 100, true);
}

static void packed(void **state)
{
	(void)state;
	check("packed", "n: 3\npes: 5\nprecisions: [int2, w4au8, int12, uint1]\npacking: [1, 2, 3, 6, 12, 24]\nwgt_buffer: 16\naxi_bits: 32\n", 4000, 300, false);
}

static void zero_point(void **state)
{
	(void)state;
	check("zero", "n: 8\npes: 4\nprecisions: [int8, w8au8, int16, int24]\nzero_point: yes\nwgt_buffer: 32\nresult_bits: 24\n", 5000, 300, false);
}

static void small_buffers(void **state)
{
	(void)state;
	check("small", "n: 5\npes: 3\nprecisions: [int8, fp16, bf16, tf32, w4a16]\nwgt_buffer: 4\nact_buffer: 4\npsum_buffer: 2\nmax_groups: 3\nout_buffer: 16\n"
	               "axi_address_bits: 40\n", 6000, 400, false);
}

static void wide_bus(void **state)
{
	(void)state;
	check("wide", "n: 12\npes: 9\nprecisions: [int6, fp32]\naccumulation: wide\naxi_bits: 512\naxi_address_bits: 64\nwgt_buffer: 8\npsum_buffer: 4\n", 7000, 200, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tiny),          cmocka_unit_test(edge),       cmocka_unit_test(floats),   cmocka_unit_test(packed),
		cmocka_unit_test(zero_point),    cmocka_unit_test(small_buffers), cmocka_unit_test(wide_bus),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
