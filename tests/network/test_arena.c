/* Places in the arena: what is alive together never shares a byte, and the size lies between the peak and the sum. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena.h"
#include "stimulus.h"

enum { MOST = 60, STEPS = 40, ALIGN = 64, CASES = 3000 };

static size_t padded(const struct arena_buffer *b)
{
	return (b->bytes + ALIGN - 1) / ALIGN * ALIGN;
}

static bool together(const struct arena_buffer *a, const struct arena_buffer *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* Most bytes alive at one step. */
static size_t peak(const struct arena_buffer *b, size_t count)
{
	size_t most = 0;
	for (size_t step = 0; step < STEPS; step++) {
		size_t now = 0;
		for (size_t i = 0; i < count; i++)
			now += b[i].first <= step && step <= b[i].last ? padded(&b[i]) : 0;
		most = now > most ? now : most;
	}
	return most;
}

static void check(const struct arena_buffer *b, size_t count, size_t bytes)
{
	size_t sum = 0, end = 0;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(b[i].offset % ALIGN, 0);
		sum += padded(&b[i]);
		end = b[i].offset + padded(&b[i]) > end ? b[i].offset + padded(&b[i]) : end;
		for (size_t j = 0; j < i; j++)
			if (together(&b[i], &b[j]))
				assert_true(b[i].offset + b[i].bytes <= b[j].offset || b[j].offset + b[j].bytes <= b[i].offset);
	}
	assert_int_equal(end, bytes);
	assert_in_range(bytes, peak(b, count), sum);
}

static void random_lifetimes(void **state)
{
	struct bitlet_rng rng = { 4 };
	(void)state;
	for (unsigned n = 0; n < CASES; n++) {
		struct arena_buffer b[MOST];
		size_t bytes, count = bitlet_random_below(&rng, MOST + 1);
		for (size_t i = 0; i < count; i++) {
			size_t first = bitlet_random_below(&rng, STEPS);
			b[i] = (struct arena_buffer){ .bytes = 1 + bitlet_random_below(&rng, n % 2 ? 300 : 20000), .first = first,
				                      .last = first + bitlet_random_below(&rng, (uint32_t)(STEPS - first)) };
		}
		assert_true(arena_place(b, count, ALIGN, &bytes));
		check(b, count, bytes);
	}
}

/* A chain of layers: input and output of one are alive together, and no others. */
static void chain(void **state)
{
	(void)state;
	struct arena_buffer b[] = { { 1000, 0, 1, 7 }, { 500, 1, 2, 7 }, { 640, 2, 3, 7 }, { 64, 3, 4, 7 } };
	size_t bytes;
	assert_true(arena_place(b, 4, ALIGN, &bytes));
	assert_int_equal(b[0].offset, 0);
	assert_int_equal(b[1].offset, 1024);
	assert_int_equal(b[2].offset, 0);
	assert_int_equal(b[3].offset, 640);
	assert_int_equal(bytes, 1024 + 512);
}

static void nothing(void **state)
{
	size_t bytes = 1;
	(void)state;
	assert_true(arena_place(NULL, 0, ALIGN, &bytes));
	assert_int_equal(bytes, 0);
}

/* A gap of just the right size is used, one a byte too small is not. */
static void gaps(void **state)
{
	(void)state;
	struct arena_buffer b[] = { { 640, 0, 9, 0 }, { 576, 0, 0, 0 }, { 512, 0, 9, 0 }, { 448, 5, 5, 0 }, { 130, 5, 5, 0 }, { 128, 5, 5, 0 } };
	size_t bytes;
	assert_true(arena_place(b, 6, ALIGN, &bytes));
	assert_int_equal(b[2].offset, 640 + 576);
	assert_int_equal(b[3].offset, 640);
	assert_int_equal(b[4].offset, 640 + 576 + 512);
	assert_int_equal(b[5].offset, 640 + 448);
	assert_int_equal(bytes, 640 + 576 + 512 + 192);
}

/* Empty buffers take no room, and no time with every other one: a network of 100000 operators on the host places in a moment. */
static void empty_ones(void **state)
{
	enum { EMPTY = 300000 };
	struct arena_buffer *b = calloc(EMPTY + 2, sizeof *b);
	size_t bytes;
	(void)state;
	assert_non_null(b);
	b[7] = (struct arena_buffer){ 640, 0, 1, 7 };
	b[EMPTY] = (struct arena_buffer){ 100, 1, 2, 7 };
	b[9] = (struct arena_buffer){ 0, 0, 2, 7 };
	assert_true(arena_place(b, EMPTY + 2, ALIGN, &bytes));
	assert_int_equal(b[7].offset, 0);
	assert_int_equal(b[EMPTY].offset, 640);
	assert_int_equal(b[9].offset, 0);
	assert_int_equal(bytes, 640 + 128);
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_lifetimes), cmocka_unit_test(chain), cmocka_unit_test(nothing), cmocka_unit_test(gaps),
	                                    cmocka_unit_test(empty_ones) };
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
