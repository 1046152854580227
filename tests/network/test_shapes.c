/*
 * Shapes without a run: what follows from shapes alone is computed, what is large is not, what depends on the inputs is refused where it decides a shape.
 * (That dry shapes are those of a run is checked for every operator case in tests/refmodel/test_host_ops.c.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "../refmodel/onnx_build.h"
#include "execute.h"
#include "onnx_load.h"
#include "shapes.h"

static struct graph *parse(struct build *b)
{
	struct fault f = {""};
	build_bytes(b);
	struct graph *g = onnx_parse(b->bytes, b->size, "test", NULL, &f);
	assert_string_equal(f.text, "");
	return g;
}

static void weight_int64(struct build *b, const char *name, size_t rank, int64_t count, const int64_t *v)
{
	build_weight(b, name, TENSOR_INT64, rank, &count, v, (size_t)count * sizeof *v);
}

static void attribute_int_of(struct build *b, Onnx__NodeProto *n, const char *name, int64_t v)
{
	Onnx__AttributeProto *a = build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
	a->has_i = 1;
	a->i = v;
}

/* y = x reshaped to [batch of x, -1], as PyTorch writes it. */
static void build_chain(struct build *b)
{
	build_start(b, 13);
	build_input(b, "x", TENSOR_FLOAT32, 4, (int64_t[]){-1, 3, 4, 5});
	weight_int64(b, "zero", 0, 1, (int64_t[]){0});
	weight_int64(b, "first", 1, 1, (int64_t[]){0});
	weight_int64(b, "rest", 1, 1, (int64_t[]){-1});
	build_node(b, "Relu", "relu", "x", "r");
	build_node(b, "Shape", "shape", "r", "s");
	build_node(b, "Gather", "gather", "s zero", "n");
	build_node(b, "Unsqueeze", "unsqueeze", "n first", "n1");
	attribute_int_of(b, build_node(b, "Concat", "concat", "n1 rest", "to"), "axis", 0);
	build_node(b, "Reshape", "reshape", "r to", "y");
	build_output(b, "y");
}

static const struct tensor *value(const struct shapes *s, const char *name)
{
	return s->value[graph_value_find(s->graph, name)];
}

static bool known(const struct shapes *s, const char *name)
{
	return s->known[graph_value_find(s->graph, name)];
}

static void chain(void **state)
{
	(void)state;
	struct build b;
	struct shapes s;
	struct fault f = {""};
	build_chain(&b);
	struct graph *g = parse(&b);
	struct tensor *x = tensor_shape(TENSOR_FLOAT32, 4, (int64_t[]){7, 3, 4, 5}, &f);
	const struct tensor *input[] = {x};
	for (int64_t batch = 1; batch <= 7; batch += 6) {
		assert_true(shapes_of(g, batch == 1 ? NULL : input, &s, &f));
		assert_int_equal(value(&s, "y")->rank, 2);
		assert_int_equal(value(&s, "y")->dim[0], batch);
		assert_int_equal(value(&s, "y")->dim[1], 60);
		assert_null(value(&s, "y")->data);
		assert_null(value(&s, "x")->data);
		assert_false(known(&s, "y"));
		assert_true(known(&s, "to") && known(&s, "s") && known(&s, "zero"));
		assert_ptr_equal(value(&s, "zero"), g->value[graph_value_find(g, "zero")].constant);
		assert_true(s.borrowed[graph_value_find(g, "zero")]);
		assert_int_equal(tensor_integer(value(&s, "to"), 0), batch);
		assert_int_equal(s.steps[0], 60 * batch);
		shapes_free(&s);
	}
	tensor_free(x);
	graph_free(g);
	build_free(&b);
}

/* Every error of an input, with nothing left behind. */
static void misfit(void **state)
{
	(void)state;
	struct build b;
	struct shapes s;
	struct fault f = {""};
	build_chain(&b);
	struct graph *g = parse(&b);
	struct tensor *x = tensor_shape(TENSOR_FLOAT32, 4, (int64_t[]){7, 3, 4, 6}, &f);
	assert_false(shapes_of(g, (const struct tensor *const[]){x}, &s, &f));
	assert_string_equal(f.text, "input 'x' has shape [7, 3, 4, 6]; expected [-1, 3, 4, 5] (-1: any)");
	assert_null(s.value);
	tensor_free(x);
	graph_free(g);
	build_free(&b);
}

/* A shape that the network's input holds. */
static void computed(void **state)
{
	(void)state;
	struct build b;
	struct shapes s;
	struct fault f = {""};
	build_start(&b, 13);
	build_input(&b, "x", TENSOR_FLOAT32, 1, (int64_t[]){6});
	build_input(&b, "to", TENSOR_INT64, 1, (int64_t[]){2});
	build_node(&b, "Reshape", "n", "x to", "y");
	build_output(&b, "y");
	struct graph *g = parse(&b);
	assert_false(shapes_of(g, NULL, &s, &f));
	assert_string_equal(f.text, "node 'n' (Reshape): input 1 decides the output's shape; expected weights, or what follows from shapes alone");
	graph_free(g);
	build_free(&b);
}

static struct graph *constant_of(struct build *b, int64_t rows, int64_t columns)
{
	build_start(b, 13);
	weight_int64(b, "to", 1, 2, (int64_t[]){rows, columns});
	build_node(b, "ConstantOfShape", "n", "to", "y");
	build_output(b, "y");
	return parse(b);
}

/* 1 MiB is computed ahead, more is not; what cannot be is a fault at once. */
static void large(void **state)
{
	(void)state;
	static const struct {
		int64_t rows, columns;
		bool data;
	} size[] = {{512, 512, true}, {513, 512, false}, {1 << 14, 1 << 14, false}};
	struct build b;
	struct shapes s;
	struct fault f = {""};
	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		struct graph *g = constant_of(&b, size[i].rows, size[i].columns);
		assert_true(shapes_of(g, NULL, &s, &f));
		assert_true(known(&s, "y"));
		assert_int_equal(value(&s, "y")->data != NULL, size[i].data);
		shapes_free(&s);
		graph_free(g);
		build_free(&b);
	}
	struct graph *g = constant_of(&b, 1 << 20, 1 << 20);
	assert_false(shapes_of(g, NULL, &s, &f));
	assert_string_equal(f.text, "node 'n' (ConstantOfShape): output 0: float32 of shape [1048576, 1048576]; at most 1073741824 bytes are possible");
	graph_free(g);
	build_free(&b);
}

/* The run's own budget counts in a dry run, too. */
static void budget(void **state)
{
	(void)state;
	struct build b;
	struct shapes s;
	struct fault f = {""};
	struct host_budget left = {100, 1000};
	build_start(&b, 13);
	build_input(&b, "x", TENSOR_FLOAT32, 1, (int64_t[]){26});
	build_node(&b, "Relu", "n", "x", "y");
	build_output(&b, "y");
	struct graph *g = parse(&b);
	assert_true(shapes_begin(g, NULL, &s, &f));
	assert_false(shapes_node(&s, 0, &left, &f));
	assert_string_equal(f.text, "node 'n' (Relu): output 0 needs 104 bytes; only 100 are left of what a run may take");
	f.text[0] = '\0';
	left = (struct host_budget){104, 1000};
	assert_true(shapes_node(&s, 0, &left, &f));
	assert_int_equal(left.bytes, 0);
	assert_int_equal(s.steps[0], 1000 - left.steps);
	shapes_free(&s);
	graph_free(g);
	build_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain), cmocka_unit_test(misfit), cmocka_unit_test(computed), cmocka_unit_test(large), cmocka_unit_test(budget),
	};
	return cmocka_run_group_tests_name("shapes", tests, NULL, NULL);
}
