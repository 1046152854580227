/*
 * TensorFlow Lite's kernels: every case of tflite_hand.txt (by hand, with the faults) and tflite_cases.txt (a second implementation in Python:
 * scripts/make_tflite_cases.py) is made a file, loaded, asked for its shapes and run. `test_tflite_ops --save DIR` writes the files for the fuzzer.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "execute.h"
#include "file.h"
#include "shapes.h"
#include "tflite_case.h"
#include "tflite_load.h"

#define HAND "tests/network/tflite_hand.txt"
#define MADE "tests/network/tflite_cases.txt"

static const double LIMIT = 1e-6; /* of floats, relative to 1 or the number */

struct tally {
	size_t wrong;
	bool seen[256];             /* by operator number */
};

static bool is_right(const struct tensor *have, const struct tensor *want)
{
	if (have->type != want->type || have->rank != want->rank || memcmp(have->dim, want->dim, have->rank * sizeof have->dim[0]) != 0)
		return false;
	if (have->type != TENSOR_FLOAT32)
		return tensor_equal(have, want);
	for (size_t i = 0; i < have->count; i++) {
		double a = tensor_number(have, i), b = tensor_number(want, i);
		if (!(fabs(a - b) <= LIMIT * fmax(1, fabs(b))) && a != b)
			return false;
	}
	return true;
}

static void explain(const struct tflite_case *k, const struct tensor *have, const struct tensor *want)
{
	char shape[160];
	print_error("case %s: %s\n", k->name, tensor_shape_text(have->rank, have->dim, shape, sizeof shape));
	for (size_t i = 0; i < have->count && i < want->count && i < 64; i++)
		if (tensor_number(have, i) != tensor_number(want, i))
			print_error("  element %zu is %.9g; expected %.9g\n", i, tensor_number(have, i), tensor_number(want, i));
}

/* Runs the graph; false with *f set. Compares what comes with the declared outputs' numbers, and shapes with those of a dry run. */
static bool run(struct tflite_case *k, const struct graph *g, struct tally *tally, struct fault *f)
{
	const struct tensor *in[MADE_IOS];
	struct execution e;
	struct shapes s;
	for (size_t i = 0; i < k->made.inputs; i++)
		in[i] = k->made.tensor[k->made.input[i]].t;
	if (!execute(g, in, NULL, &e, f))
		return false;
	if (!shapes_of(g, in, &s, f)) {
		execution_free(&e);
		return false;
	}
	for (size_t i = 0; i < g->outputs; i++) {
		const struct tensor *have = e.value[g->output[i]], *want = k->made.tensor[k->made.output[i]].t, *shape = s.value[g->output[i]];
		bool dry = shape->type == have->type && shape->rank == have->rank && !memcmp(shape->dim, have->dim, have->rank * sizeof have->dim[0]);
		if (!dry || !is_right(have, want)) {
			explain(k, have, want);
			tally->wrong++;
		}
	}
	shapes_free(&s);
	execution_free(&e);
	return true;
}

static void one(void *context, struct tflite_case *k)
{
	struct tally *t = context;
	struct fault f = {""};
	struct graph *g = tflite_parse(k->made.data, k->made.size, k->name, &f);
	bool good = g && run(k, g, t, &f);
	int32_t number = k->made.node[0].number;
	if (good && number < 256)
		t->seen[number] = true;
	if (good != !k->fault[0] || (!good && !strstr(f.text, k->fault))) {
		print_error("case %s: %s\n", k->name, good ? "no fault" : f.text);
		t->wrong++;
	}
	graph_free(g);
}

static void run_file(struct tally *t, const char *path)
{
	t->wrong = 0;
	assert_true(case_each(path, one, t) > 0);
	assert_int_equal(t->wrong, 0);
}

static struct tally tally;

static void by_hand(void **state)
{
	(void)state;
	run_file(&tally, HAND);
}

static void by_python(void **state)
{
	(void)state;
	run_file(&tally, MADE);
}

/* After the two above. */
static void every_kernel(void **state)
{
	(void)state;
	for (int32_t i = 0; i < 256; i++) {
		const struct tflite_op *op = tflite_op_find(i);
		if (op && op->host && !tally.seen[i])
			fail_msg("%s has no case that runs", op->name);
	}
}

static void save(void *context, struct tflite_case *k)
{
	char path[4096];
	struct fault f = {""};
	snprintf(path, sizeof path, "%s/%s.tflite", (const char *)context, k->name);
	if (!file_save(path, k->made.data, k->made.size, NULL, 0, &f))
		fprintf(stderr, "%s\n", f.text);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(by_python), cmocka_unit_test(every_kernel)};
	if (argc == 3 && !strcmp(argv[1], "--save"))
		return !(case_each(HAND, save, argv[2]) && case_each(MADE, save, argv[2]));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
