/* The shipped network: the C executor gives what the training script's numpy evaluation gave, on all test images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "file.h"
#include "onnx_load.h"

#define DIGITS "sim/networks/digits/"

struct run {
	struct graph *graph;
	struct tensor *images;
	struct execution e;
};

static struct tensor *load(const char *path)
{
	struct fault f = {""};
	struct tensor *t = npy_load(path, &f);
	if (!t)
		fail_msg("%s", f.text);
	return t;
}

static void run_start(struct run *r, const char *network, size_t first, size_t count)
{
	struct fault f = {""};
	struct tensor *all = load(DIGITS "images.npy");
	r->graph = onnx_load(network, &f);
	r->images = tensor_rows(all, first, count ? count : (size_t)all->dim[0], &f);
	tensor_free(all);
	if (!r->graph || !r->images || !execute(r->graph, (const struct tensor *const[]){r->images}, NULL, &r->e, &f))
		fail_msg("%s", f.text);
}

static void run_end(struct run *r)
{
	execution_free(&r->e);
	tensor_free(r->images);
	graph_free(r->graph);
}

/* "fp32": { ... "correct": N in accuracy.json */
static unsigned recorded(const char *network)
{
	size_t size;
	struct fault f = {""};
	char *text = file_load(DIGITS "accuracy.json", 1 << 16, &size, &f);
	assert_non_null(text);
	char *copy = strndup(text, size), *at = strstr(copy, network);
	assert_non_null(at);
	at = strstr(at, "\"correct\":");
	assert_non_null(at);
	unsigned correct = (unsigned)strtoul(at + strlen("\"correct\":"), NULL, 10);
	free(copy);
	free(text);
	return correct;
}

static unsigned correct(const struct tensor *logits)
{
	struct tensor *labels = load(DIGITS "labels.npy");
	unsigned hits = 0;
	assert_int_equal(logits->count, labels->count * 10);
	for (size_t i = 0; i < labels->count; i++) {
		size_t best = 0;
		for (size_t j = 1; j < 10; j++)
			if (tensor_number(logits, 10 * i + j) > tensor_number(logits, 10 * i + best))
				best = j;
		hits += (int64_t)best == tensor_integer(labels, i);
	}
	tensor_free(labels);
	return hits;
}

static void fp32_outputs(void **state)
{
	(void)state;
	struct run r;
	struct tensor *expected = load(DIGITS "logits_fp32.npy");
	run_start(&r, DIGITS "digits_fp32.onnx", 0, 0);
	const struct tensor *y = execution_value(&r.e, "logits");
	assert_int_equal(y->count, expected->count);
	double top = 0, worst = 0;
	for (size_t i = 0; i < y->count; i++) {
		top = fmax(top, fabs(tensor_number(expected, i)));
		worst = fmax(worst, fabs(tensor_number(y, i) - tensor_number(expected, i)));
	}
	if (!(worst <= 1e-5 * top))
		fail_msg("off by %g of %g", worst, top);
	assert_int_equal(correct(y), recorded("fp32"));
	assert_true(correct(y) * 100 >= 97 * (unsigned)y->dim[0]);
	tensor_free(expected);
	run_end(&r);
}

static void int8_outputs(void **state)
{
	(void)state;
	struct run r;
	struct tensor *expected = load(DIGITS "logits_int8.npy");
	run_start(&r, DIGITS "digits_int8.onnx", 0, 0);
	assert_true(tensor_equal(execution_value(&r.e, "logits_q"), expected));
	assert_int_equal(correct(execution_value(&r.e, "logits")), recorded("int8"));
	assert_true(correct(expected) * 100 >= 97 * (unsigned)expected->dim[0]);
	tensor_free(expected);
	run_end(&r);
}

/* One image alone gives what it gives among all, in every tensor. */
static void batch_does_not_matter(const char *network)
{
	struct run all, one;
	struct fault f = {""};
	run_start(&all, network, 0, 20);
	run_start(&one, network, 7, 1);
	for (size_t i = 0; i < all.graph->values; i++) {
		if (all.e.constant[i])
			continue;
		struct tensor *row = tensor_rows(all.e.value[i], 7, 1, &f);
		assert_true(tensor_equal(row, one.e.value[i]));
		tensor_free(row);
	}
	run_end(&all);
	run_end(&one);
}

static void fp32_batch(void **state)
{
	(void)state;
	batch_does_not_matter(DIGITS "digits_fp32.onnx");
}

static void int8_batch(void **state)
{
	(void)state;
	batch_does_not_matter(DIGITS "digits_int8.onnx");
}

static void input_faults(void **state)
{
	(void)state;
	struct fault f = {""}, g = {""}, h = {""};
	struct execution e;
	struct graph *n = onnx_load(DIGITS "digits_fp32.onnx", &f);
	struct tensor *shape = tensor_new(TENSOR_FLOAT32, 4, (int64_t[]){1, 1, 8, 9}, &f);
	struct tensor *type = tensor_new(TENSOR_UINT8, 4, (int64_t[]){1, 1, 8, 8}, &f);
	struct tensor *good = tensor_new(TENSOR_FLOAT32, 4, (int64_t[]){1, 1, 8, 8}, &f);
	assert_false(execute(n, (const struct tensor *const[]){shape}, NULL, &e, &f));
	assert_string_equal(f.text, "input 'image' has shape [1, 1, 8, 9]; expected [-1, 1, 8, 8] (-1: any)");
	assert_false(execute(n, (const struct tensor *const[]){type}, NULL, &e, &g));
	assert_string_equal(g.text, "input 'image' is uint8; expected float32");
	struct host_budget small = {1 << 20, 9216 + 1024}; /* conv1 and its ReLU */
	assert_false(execute(n, (const struct tensor *const[]){good}, &small, &e, &h));
	assert_string_equal(h.text, "node 'conv2' (Conv): needs 32 * 16 * 144 steps; only 0 are left of what a run may take");
	tensor_free(shape);
	tensor_free(type);
	tensor_free(good);
	graph_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fp32_outputs), cmocka_unit_test(int8_outputs), cmocka_unit_test(fp32_batch),
		cmocka_unit_test(int8_batch),   cmocka_unit_test(input_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
