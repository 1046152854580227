/* Several inputs by name and by order, rows of them run by run, outputs put together again; every complaint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "network_inputs.h"

static struct graph *g;

static void declare(struct graph_value *v, enum tensor_type type, unsigned rank, int64_t a, int64_t b)
{
	v->is_input = v->typed = true;
	v->type = type;
	v->rank = rank;
	v->dim[0] = a;
	v->dim[1] = b;
}

/* Two inputs: "a" float32 [batch, 2], "b=c" int32 [batch, 3]. */
static void make_graph(int64_t batch_a, int64_t batch_b)
{
	struct fault f = {""};
	g = graph_new("two");
	assert_non_null(g);
	g->inputs = 2;
	g->input = graph_alloc(g, 2, sizeof *g->input, &f);
	g->input[0] = graph_value_add(g, "a", &f);
	g->input[1] = graph_value_add(g, "b=c", &f);
	declare(&g->value[g->input[0]], TENSOR_FLOAT32, 2, batch_a, 2);
	declare(&g->value[g->input[1]], TENSOR_INT32, 2, batch_b, 3);
}

static void save(const char *path, enum tensor_type type, int64_t rows, int64_t columns)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(type, 2, (int64_t[]){rows, columns}, &f);
	for (size_t i = 0; i < t->count; i++)
		if (type == TENSOR_FLOAT32)
			((float *)t->data)[i] = (float)i;
		else
			((int32_t *)t->data)[i] = 100 + (int32_t)i;
	assert_true(npy_save(path, t, &f));
	tensor_free(t);
}

static struct run_network_options options(const char *first, const char *second)
{
	struct run_network_options o = {.inputs = (first ? 1u : 0u) + (second ? 1u : 0u), .input = {first, second}};
	return o;
}

static void refuse(const struct run_network_options *o, const char *part)
{
	struct network_inputs n;
	struct fault f = {""};
	assert_false(network_inputs_load(&n, g, o, stdout, &f));
	if (!strstr(f.text, part))
		fail_msg("'%s'; expected '%s'", f.text, part);
	network_inputs_free(&n);
}

static void accept(const struct run_network_options *o, struct network_inputs *n)
{
	struct fault f = {""};
	if (!network_inputs_load(n, g, o, stdout, &f))
		fail_msg("%s", f.text);
	assert_int_equal(n->whole[0]->type, TENSOR_FLOAT32);
	assert_int_equal(n->whole[1]->type, TENSOR_INT32);
}

static void test_names(void **state)
{
	static const char *const good[][2] = {{"a.npy", "b.npy"}, {"a=a.npy", "b=c=b.npy"}, {"b=c=b.npy", "a.npy"}, {"a=x=y.npy", "b.npy"}, {"x=y.npy", "b.npy"}};
	(void)state;
	make_graph(-1, -1);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct network_inputs n;
		struct run_network_options o = options(good[i][0], good[i][1]);
		accept(&o, &n);
		assert_int_equal(n.frames, 7);
		assert_int_equal(n.batch, 7);
		network_inputs_free(&n);
	}
	struct run_network_options o = options("a.npy", NULL);
	refuse(&o, "no --input for 'b=c' (int32 [-1, 3])");
	o = options("b=b.npy", "a.npy");
	refuse(&o, "no such input; expected one of 'a' float32 [-1, 2], 'b=c' int32 [-1, 3]");
	o = options("a=a.npy", "a=a.npy");
	refuse(&o, "input 'a' has a file already");
	o = options("b.npy", "a.npy");
	refuse(&o, "b.npy: type int32; expected float32");
	graph_free(g);
}

static void test_rows(void **state)
{
	struct network_inputs n;
	struct tensor *in[2], *whole = NULL;
	struct fault f = {""};
	struct run_network_options o = options("a.npy", "b.npy");
	(void)state;
	make_graph(-1, -1);
	o.images = true;
	o.first = 2;
	o.count = 5;
	o.batch = 3;
	accept(&o, &n);
	assert_int_equal(n.batch, 3);
	assert_int_equal(n.frames, 5);
	for (size_t at = 0; at < 5; at += 3) {
		size_t rows = at ? 2 : 3;
		assert_true(network_inputs_rows(&n, at, rows, in, &f));
		assert_int_equal(in[0]->dim[0], rows);
		assert_true(((float *)in[0]->data)[0] == (float)((2 + at) * 2));
		assert_int_equal(((int32_t *)in[1]->data)[rows * 3 - 1], 100 + (2 + at + rows) * 3 - 1);
		assert_true(network_outputs_add(&whole, in[1], "out", &n, at, rows, &f));
		network_inputs_drop(&n, in);
	}
	assert_int_equal(whole->dim[0], 5);
	for (int i = 0; i < 15; i++)
		assert_int_equal(((int32_t *)whole->data)[i], 106 + i);
	struct tensor *odd = tensor_new(TENSOR_INT32, 2, (int64_t[]){3, 4}, &f), *single = tensor_new(TENSOR_INT32, 1, (int64_t[]){6}, &f);
	assert_false(network_outputs_add(&whole, odd, "out", &n, 0, 3, &f));
	assert_non_null(strstr(f.text, "another shape in another run"));
	f.text[0] = '\0';
	assert_false(network_outputs_add(&whole, single, "out", &n, 0, 3, &f));
	assert_non_null(strstr(f.text, "first dimension is the batch"));
	tensor_free(odd);
	tensor_free(single);
	tensor_free(whole);
	o.count = 6;
	network_inputs_free(&n);
	refuse(&o, "input 'a' has 7 rows; expected at least 8");
	graph_free(g);
}

static void test_batches(void **state)
{
	struct network_inputs n;
	struct run_network_options o = options("a.npy", "b.npy");
	(void)state;
	o.images = true;
	o.count = 6;
	make_graph(3, -1);
	accept(&o, &n);
	assert_int_equal(n.batch, 3);
	network_inputs_free(&n);
	o.batch = 2;
	refuse(&o, "--batch 2; expected 3");
	o.batch = 0;
	o.count = 7;
	refuse(&o, "7 rows; expected a multiple of 3");
	graph_free(g);
	make_graph(3, 2);
	refuse(&o, "batches 3 and 2");
	graph_free(g);
}

int main(void)
{
	char dir[] = "/tmp/bitlet_network_inputs_XXXXXX";
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_rows), cmocka_unit_test(test_batches)};
	if (!mkdtemp(dir) || chdir(dir) != 0)
		return 2;
	save("a.npy", TENSOR_FLOAT32, 7, 2);
	save("x=y.npy", TENSOR_FLOAT32, 7, 2);
	save("b.npy", TENSOR_INT32, 7, 3);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink("a.npy");
	unlink("x=y.npy");
	unlink("b.npy");
	rmdir(dir);
	return failed;
}
