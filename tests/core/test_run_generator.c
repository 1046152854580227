/* The affine walk of the model against nested loops with multiplications, as docs/core.md section 5 words it. RTL against model: test_loaders.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run_generator.h"

enum { MAX_RUNS = 4096, ROUNDS = 4000 };

static uint64_t random_state = 1;

static uint32_t below(uint32_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(((random_state >> 32) * n) >> 32);
}

static int64_t between(int64_t low, int64_t high)
{
	return low + below((uint32_t)(high - low + 1));
}

struct walk {
	unsigned loops, address_bits;
	bool clip;
	struct run_descriptor d;
	struct core_run run[MAX_RUNS];
	unsigned runs;
};

static int64_t at(const struct walk *w, unsigned axis, const uint32_t *index)
{
	int64_t c = w->d.start[axis];
	for (unsigned l = 0; l < w->loops; l++)
		if (w->d.loop[l].axis == (int64_t)axis)
			c += index[l] * w->d.loop[l].step;
	return c;
}

static bool beyond(const struct walk *w, unsigned axis, int64_t c)
{
	return c < 0 || c >= (int64_t)w->d.limit[axis];
}

/* Appends one run, of `bytes`, at these indices. */
static void expect(struct walk *w, const uint32_t *index, uint32_t bytes)
{
	struct core_run *r = &w->run[w->runs++];
	uint64_t address = w->d.base;
	memset(r, 0, sizeof *r);
	for (unsigned l = 0; l < w->loops; l++)
		address += index[l] * (uint64_t)w->d.loop[l].stride;
	for (unsigned a = 0; w->clip && a < RUN_AXES; a++)
		r->fill |= beyond(w, a, at(w, a, index));
	r->bytes = bytes;
	r->address = r->fill ? 0 : w->address_bits == 64 ? address : address & ((UINT64_C(1) << w->address_bits) - 1);
}

static bool merges(const struct walk *w, const uint32_t *index)
{
	bool any = false, other = false;
	if (!w->clip || w->d.merge_bytes == 0)
		return false;
	for (unsigned a = 0; a < RUN_AXES; a++) {
		bool inner = w->d.loop[0].axis == (int64_t)a;
		int64_t c = at(w, a, index);
		any |= beyond(w, a, c) || (inner && beyond(w, a, c + w->d.merge_span));
		other |= !inner && beyond(w, a, c);
	}
	return other || !any;
}

static void expect_inner(struct walk *w, uint32_t *index)
{
	index[0] = 0;
	if (merges(w, index)) {
		expect(w, index, w->d.merge_bytes);
		return;
	}
	for (; index[0] <= w->d.loop[0].count_less_1; index[0]++)
		expect(w, index, w->d.run_bytes);
}

static void expect_loop(struct walk *w, unsigned l, uint32_t *index)
{
	if (l == 0) {
		expect_inner(w, index);
		return;
	}
	for (index[l] = 0; index[l] <= w->d.loop[l].count_less_1; index[l]++)
		expect_loop(w, l - 1, index);
}

static void expect_all(struct walk *w)
{
	uint32_t index[RUN_MAX_LOOPS] = { 0 };
	w->runs = 0;
	expect_loop(w, w->loops - 1, index);
	w->run[w->runs - 1].last = true;
}

/* At most 4096 runs in all. Coordinates stay within +-60000, a limit may be anything. */
static void choose(struct walk *w)
{
	static const uint8_t widths[] = { 32, 33, 40, 63, 64 };
	struct run_descriptor *d = &w->d;
	uint32_t room = 1u << below(13);
	bool small = below(2);
	w->loops = 2 + below(RUN_MAX_LOOPS - 1);
	w->clip = below(8) != 0;
	w->address_bits = widths[below(sizeof widths)];
	memset(d, 0, sizeof *d);
	d->base = (uint64_t)below(UINT32_MAX) << 32 | below(UINT32_MAX);
	d->run_bytes = 1 + below(below(2) ? 8 : 0xffffff);
	for (unsigned l = 0; l < w->loops; l++) {
		struct program_loop *loop = &d->loop[l];
		uint32_t count = below(3) ? 1 + below(room < 9 ? room : 9) : 1 + below(room);
		room /= count;
		loop->count_less_1 = count - 1;
		loop->axis = below(4);
		loop->step = small ? between(-3, 4) : between(-8192, 8191) / (int64_t)count;
		loop->stride = below(2) ? between(-200, 200) : (int32_t)below(UINT32_MAX);
	}
	for (unsigned a = 0; a < RUN_AXES; a++) {
		d->start[a] = (int32_t)(small ? between(-6, 10) : between(-20000, 32767 - 20000));
		d->limit[a] = (uint32_t)(below(6) ? small ? below(12) : below(65536) : below(2) ? 65535 : below(2));
	}
	if (below(3)) {
		d->merge_bytes = 1 + below(0xffffff);
		d->merge_span = (int32_t)(d->loop[0].step * d->loop[0].count_less_1);
		if (d->merge_span != (int16_t)d->merge_span || below(8) == 0)
			d->merge_span = (int16_t)below(65536);
	}
}

static void assert_run(const struct core_run *is, const struct core_run *should)
{
	assert_int_equal(is->fill, should->fill);
	assert_int_equal(is->address, should->address);
	assert_int_equal(is->bytes, should->bytes);
	assert_int_equal(is->last, should->last);
	assert_int_equal(is->tag, 0);
}

/* Runs come one a cycle when taken at once, and are the same when not. */
static void compare(struct run_generator *g, const struct walk *w, unsigned stalls)
{
	struct run_generator_in in = { .start_valid = true, .start = &w->d };
	struct run_generator_out out;
	run_generator_out(g, &out);
	assert_true(out.start_ready && !out.run_valid);
	run_generator_clock(g, &in);
	in.start_valid = false;
	for (unsigned r = 0; r < w->runs; r += in.run_ready) {
		run_generator_out(g, &out);
		assert_true(out.run_valid && !out.start_ready);
		assert_run(&out.run, &w->run[r]);
		in.run_ready = below(4) >= stalls;
		run_generator_clock(g, &in);
	}
	run_generator_out(g, &out);
	assert_true(out.start_ready && !out.run_valid);
}

static void test_random(void **state)
{
	(void)state;
	struct walk *w = malloc(sizeof *w);
	struct run_generator g;
	unsigned merged = 0, filled = 0, single = 0;
	assert_non_null(w);
	for (unsigned i = 0; i < ROUNDS; i++) {
		choose(w);
		expect_all(w);
		run_generator_init(&g, w->loops, w->clip, w->address_bits);
		compare(&g, w, 0);
		compare(&g, w, 2);
		for (unsigned r = 0; r < w->runs; r++) {
			merged += w->d.merge_bytes && w->run[r].bytes == w->d.merge_bytes;
			single += w->d.merge_bytes && w->run[r].bytes == w->d.run_bytes;
			filled += w->run[r].fill;
		}
	}
	/* all kinds were there */
	assert_true(merged > 10000 && single > 10000 && filled > 10000);
	free(w);
}

/* A 3 x 3 window with padding 1 over 4 x 4 pixels of 2 bytes: rows merge where the window's row is inside, or wholly above or below. */
static void test_window(void **state)
{
	(void)state;
	static const struct program_loop loops[] = { { 2, 1, 0, 2 }, { 2, 1, 1, 8 }, { 3, 1, 0, 2 }, { 3, 1, 1, 8 } };
	struct run_descriptor d = { .base = 1000 - 10, .run_bytes = 2, .merge_bytes = 6, .merge_span = 2, .start = { -1, -1, 0 }, .limit = { 4, 4, 1 } };
	struct run_generator g;
	struct run_generator_in in = { .start_valid = true, .start = &d, .run_ready = true };
	struct run_generator_out out;
	unsigned runs = 0, bytes = 0;
	for (unsigned l = 0; l < RUN_MAX_LOOPS; l++)
		d.loop[l] = l < 4 ? loops[l] : (struct program_loop){ 0, 0, PROGRAM_AXIS_NONE, 0 };
	run_generator_init(&g, RUN_MAX_LOOPS, true, 32);
	run_generator_clock(&g, &in);
	in.start_valid = false;
	do {
		run_generator_out(&g, &out);
		assert_true(out.run_valid);
		if (runs == 0) {
			assert_true(out.run.fill);
			assert_int_equal(out.run.bytes, 6);
		}
		if (runs == 2) { /* second row of the first window: element -1 is padding */
			assert_false(out.run.fill);
			assert_int_equal(out.run.address, 1000);
			assert_int_equal(out.run.bytes, 2);
		}
		runs++;
		bytes += out.run.bytes;
		run_generator_clock(&g, &in);
	} while (!out.run.last);
	assert_int_equal(bytes, 16 * 9 * 2);
	/* per column of windows: 10 rows inside, 2 outside; two columns of four have an edge, with 3 runs a row that is inside */
	assert_int_equal(runs, 4 * 2 + 2 * 10 + 2 * 10 * 3);
}

static void test_reset(void **state)
{
	(void)state;
	struct run_descriptor d = { .run_bytes = 1, .loop = { { 9, 0, 3, 1 } } };
	struct run_generator g;
	struct run_generator_in in = { .start_valid = true, .start = &d };
	struct run_generator_out out;
	run_generator_init(&g, 4, false, 32);
	run_generator_clock(&g, &in);
	run_generator_reset(&g);
	run_generator_out(&g, &out);
	assert_true(out.start_ready && !out.run_valid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_reset),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("run_generator", tests, NULL, NULL);
}
