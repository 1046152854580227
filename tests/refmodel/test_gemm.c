/* Products in double precision at the edges of their blocks, against the definition; the same bits by any way of sharing the work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "conv_run.h"
#include "gemm.h"
#include "parallel.h"

/* ---- operands that no matrix holds: small integers by index, so that sums are exact */

struct shape {
	size_t batches, rows, columns, k;
	double *sum;
	unsigned char *times;       /* how often each sum was handed over */
};

static double left_at(size_t batch, size_t row, size_t k)
{
	return (double)((batch * 31 + row * 7 + k * 13) % 23) - 11;
}

static double right_at(size_t batch, size_t k, size_t column)
{
	return (double)((batch * 17 + column * 5 + k * 11) % 19) - 9;
}

static void left(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to)
{
	const struct shape *s = context;
	assert_true(batch < s->batches && row < s->rows && k + count <= s->k);
	for (size_t i = 0; i < count; i++)
		to[i] = left_at(batch, row, k + i);
}

static void right(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct shape *s = context;
	assert_true(batch < s->batches && k < s->k && column + count <= s->columns);
	for (size_t i = 0; i < count; i++)
		to[i] = right_at(batch, k, column + i);
}

static void done(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum)
{
	struct shape *s = context;
	assert_true(batch < s->batches && row < s->rows && column + count <= s->columns);
	size_t at = (batch * s->rows + row) * s->columns + column;
	memcpy(s->sum + at, sum, count * sizeof *sum);
	for (size_t i = 0; i < count; i++)
		s->times[at + i]++;
}

static void check(size_t batches, size_t rows, size_t columns, size_t k, unsigned threads)
{
	size_t all = batches * rows * columns;
	struct shape s = {batches, rows, columns, k, malloc(all * sizeof(double)), calloc(all, 1)};
	struct gemm g = {batches, rows, columns, k, &s, left, right, done};
	assert_true(gemm_run(&g, threads));
	for (size_t at = 0; at < all; at++) {
		size_t batch = at / columns / rows, row = at / columns % rows, column = at % columns;
		double sum = 0;
		for (size_t i = 0; i < k; i++)
			sum += left_at(batch, row, i) * right_at(batch, i, column);
		if (s.sum[at] != sum || s.times[at] != 1)
			fail_msg("%zu x %zu x %zu x %zu, %u threads: sum %zu, %zu, %zu is %g (%u times); expected %g", batches, rows, columns, k, threads,
			         batch, row, column, s.sum[at], s.times[at], sum);
	}
	free(s.sum);
	free(s.times);
}

static void block_edges(void **state)
{
	static const size_t rows[] = {1, 2, 4, 5}, columns[] = {1, 4, 5, 8, 9, 12, 13, 95, 96, 97}, depth[] = {1, 255, 256, 257};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t j = 0; j < sizeof columns / sizeof *columns; j++)
			for (size_t l = 0; l < sizeof depth / sizeof *depth; l++)
				check(1, rows[i], columns[j], depth[l], 1);
	check(1, 1023, 3, 5, 1);
	check(1, 1025, 3, 5, 1);
}

static void shared(void **state)
{
	(void)state;
	for (unsigned threads = 0; threads <= 5; threads++) {
		check(3, 6, 200, 9, threads);
		check(1, 30, 7, 300, threads);
		check(1, 2, 7, 3, threads);
		check(1, 3000, 2, 3, threads);
	}
}

/* ---- convolutions */

static void keep(void *context, size_t row, size_t at, size_t count, const double *sum)
{
	(void)row;
	memcpy((double *)context + at, sum, count * sizeof *sum);
}

static struct tensor *noise(const int64_t *dim)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(TENSOR_FLOAT32, 4, dim, &f);
	uint32_t seed = 12345;
	for (size_t i = 0; i < t->count; i++)
		((float *)t->data)[i] = (float)(int32_t)(seed = seed * 1664525 + 1013904223) / 3e7f;
	return t;
}

/* Sums of a 3 x 3 convolution of stride `stride`; a group has one output (tap by tap) in the first of the two, others in the second. */
static double *sums_of(const struct tensor *x, const struct tensor *w, int64_t groups, int64_t stride, unsigned threads, size_t *count)
{
	struct fault f = {""};
	int64_t pads[4] = {1, 2, 0, 1}, strides[2] = {stride, stride};
	struct graph_attribute a[3] = {{.name = "group", .type = GRAPH_INT, .i = groups},
	                               {.name = "pads", .type = GRAPH_INTS, .ints = pads, .count = 4},
	                               {.name = "strides", .type = GRAPH_INTS, .ints = strides, .count = 2}};
	struct graph_node n = {.name = "n", .op = "Conv", .attribute = a, .attributes = 3};
	struct conv v;
	assert_true(conv_resolve(&n, x, w, &v, &f));
	*count = v.images * v.groups * v.outputs * v.window.pixels;
	double *sum = calloc(*count, sizeof *sum);
	struct conv_run r = {.conv = &v, .x = x, .w = w, .context = sum, .done = keep};
	assert_true(conv_run(&r, threads));
	return sum;
}

/*
 * A depthwise convolution goes tap by tap; eight groups of eight equal outputs go through the matrix product. Both must give the same bits, with any
 * number of threads, for sums that are not exact.
 */
static void two_ways(void **state)
{
	(void)state;
	struct tensor *x = noise((int64_t[]){2, 8, 9, 11}), *one = noise((int64_t[]){8, 1, 3, 3}), *many = noise((int64_t[]){64, 1, 3, 3});
	for (size_t i = 0; i < many->count; i++)
		((float *)many->data)[i] = ((float *)one->data)[i / 72 * 9 + i % 9];
	for (int64_t stride = 1; stride <= 3; stride++)
		for (unsigned threads = 1; threads <= 3; threads++) {
			size_t few, all;
			double *direct = sums_of(x, one, 8, stride, threads, &few), *product = sums_of(x, many, 8, stride, threads, &all);
			size_t pixels = few / 16;
			assert_int_equal(all, 8 * few);
			for (size_t i = 0; i < all; i++)
				if (product[i] != direct[i / pixels / 8 * pixels + i % pixels])
					fail_msg("stride %d, %u threads: sum %zu differs", (int)stride, threads, i);
			free(direct);
			free(product);
		}
	tensor_free(x);
	tensor_free(one);
	tensor_free(many);
}

/* ---- the sharing itself */

static bool mark(void *context, size_t first, size_t last)
{
	unsigned char *seen = context;
	assert_true(first < last);
	for (size_t i = first; i < last; i++)
		seen[i]++;
	return last != 70;
}

static void every_piece_once(void **state)
{
	(void)state;
	for (size_t count = 0; count <= 70; count++)
		for (unsigned threads = 0; threads <= 70; threads += 7) {
			unsigned char seen[70] = {0};
			assert_int_equal(parallel_run(count, threads, mark, seen), count != 70); /* one failure is the whole's */
			for (size_t i = 0; i < 70; i++)
				assert_int_equal(seen[i], i < count);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block_edges),
		cmocka_unit_test(shared),
		cmocka_unit_test(two_ways),
		cmocka_unit_test(every_piece_once),
	};
	return cmocka_run_group_tests_name("gemm", tests, NULL, NULL);
}
