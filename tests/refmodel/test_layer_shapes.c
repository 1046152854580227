/* Layers of every shape, as one-node networks with random weights: products give the node's own output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>

#include "execute.h"
#include "layer.h"
#include "onnx_build.h"
#include "onnx_load.h"

static uint64_t seed = 4711;

/* Small integers: sums are exact in any order. */
static float draw(void)
{
	seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
	return (float)((int)(seed % 15) - 7);
}

static size_t elements(size_t rank, const int64_t *dim)
{
	size_t count = 1;
	for (size_t i = 0; i < rank; i++)
		count *= (size_t)dim[i];
	return count;
}

struct shape {
	const char *op;
	size_t x_rank, w_rank;
	int64_t x[6], w[6];
	int64_t group, turn_x, turn_w; /* attributes; 0: none */
	int64_t pad;
	size_t parts, outputs, pixels, k;
	size_t plane;               /* of a convolution; 0: dense */
};

static const struct shape shapes[] = {
	{"Conv", 4, 4, {2, 4, 5, 5}, {6, 2, 3, 3}, 2, 0, 0, 1, 2, 3, 50, 18, 25},
	{"Conv", 4, 4, {1, 3, 4, 4}, {6, 1, 2, 2}, 3, 0, 0, 0, 3, 2, 9, 4, 9},
	{"Conv", 3, 3, {2, 3, 7}, {4, 3, 3}, 0, 0, 0, 1, 1, 4, 14, 9, 7},
	{"Conv", 5, 5, {1, 2, 3, 4, 3}, {2, 2, 2, 2, 2}, 0, 0, 0, 0, 1, 2, 12, 16, 12},
	{"MatMul", 2, 2, {3, 5}, {5, 2}, 0, 0, 0, 0, 1, 2, 3, 5, 0},
	{"MatMul", 3, 2, {4, 3, 5}, {5, 2}, 0, 0, 0, 0, 1, 2, 12, 5, 0},
	{"MatMul", 3, 3, {4, 3, 5}, {4, 5, 2}, 0, 0, 0, 0, 4, 2, 3, 5, 0},
	{"MatMul", 2, 3, {3, 5}, {4, 5, 2}, 0, 0, 0, 0, 4, 2, 3, 5, 0},
	{"MatMul", 4, 3, {2, 1, 3, 5}, {4, 5, 2}, 0, 0, 0, 0, 8, 2, 3, 5, 0},
	{"MatMul", 2, 1, {3, 5}, {5}, 0, 0, 0, 0, 1, 1, 3, 5, 0},
	{"Gemm", 2, 2, {3, 5}, {5, 2}, 0, 0, 0, 0, 1, 2, 3, 5, 0},
	{"Gemm", 2, 2, {5, 3}, {5, 2}, 0, 1, 0, 0, 1, 2, 3, 5, 0},
	{"Gemm", 2, 2, {3, 5}, {2, 5}, 0, 0, 1, 0, 1, 2, 3, 5, 0},
	{"Gemm", 2, 2, {5, 3}, {2, 5}, 0, 1, 1, 0, 1, 2, 3, 5, 0},
};

static void set_int(struct build *b, Onnx__NodeProto *n, const char *name, int64_t v)
{
	if (!v)
		return;
	Onnx__AttributeProto *a = build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
	a->has_i = 1;
	a->i = v;
}

/* constant: the right operand is weights, otherwise an input like the left one. */
static struct graph *network(const struct shape *s, bool constant)
{
	struct build b;
	struct fault f = {""};
	float w[512];
	size_t count = elements(s->w_rank, s->w);
	build_start(&b, 13);
	build_input(&b, "x", TENSOR_FLOAT32, s->x_rank, s->x);
	for (size_t i = 0; i < count; i++)
		w[i] = draw();
	if (constant)
		build_weight(&b, "w", TENSOR_FLOAT32, s->w_rank, s->w, w, count * sizeof *w);
	else
		build_input(&b, "w", TENSOR_FLOAT32, s->w_rank, s->w);
	Onnx__NodeProto *n = build_node(&b, s->op, "layer", "x w", "y");
	set_int(&b, n, "group", s->group);
	set_int(&b, n, "transA", s->turn_x);
	set_int(&b, n, "transB", s->turn_w);
	if (s->pad)
		build_ints(&b, n, "pads", 2 * (s->x_rank - 2), (const int64_t[]){s->pad, s->pad, s->pad, s->pad, s->pad, s->pad});
	build_output(&b, "y");
	build_bytes(&b);
	struct graph *g = onnx_parse(b.bytes, b.size, "shape", NULL, &f);
	assert_string_equal(f.text, "");
	build_free(&b);
	return g;
}

static struct tensor *random_input(size_t rank, const int64_t *dim)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(TENSOR_FLOAT32, rank, dim, &f);
	for (size_t i = 0; i < t->count; i++)
		((float *)t->data)[i] = draw();
	return t;
}

static size_t place(const struct shape *s, const struct layer_product *p, size_t pixel, size_t output)
{
	if (!s->plane)
		return (p->part * p->pixels + pixel) * p->outputs + output;
	size_t image = pixel / s->plane, channels = p->parts * p->outputs;
	return (image * channels + p->part * p->outputs + output) * s->plane + pixel % s->plane;
}

static double as_number(uint32_t word)
{
	float v;
	memcpy(&v, &word, sizeof v);
	return (double)v;
}

static void compare(const struct shape *s, const struct layer_product *p, const struct tensor *y)
{
	assert_int_equal(p->parts, s->parts);
	assert_int_equal(p->outputs, s->outputs);
	assert_int_equal(p->pixels, s->pixels);
	assert_int_equal(p->k, s->k);
	assert_int_equal(y->count, p->parts * p->outputs * p->pixels);
	for (size_t pixel = 0; pixel < p->pixels; pixel++)
		for (size_t o = 0; o < p->outputs; o++) {
			double sum = 0;
			for (size_t k = 0; k < p->k; k++)
				sum += as_number(layer_weight(p, o, k)) * as_number(layer_act(p, pixel, k));
			if (sum != tensor_number(y, place(s, p, pixel, o)))
				fail_msg("%s part %zu pixel %zu output %zu", s->op, p->part, pixel, o);
		}
}

static void all_shapes(void **state)
{
	(void)state;
	struct bitlet_precision fp32;
	assert_true(bitlet_precision_parse("fp32", &fp32));
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		const struct shape *s = &shapes[i];
		struct graph *g = network(s, true);
		struct tensor *x = random_input(s->x_rank, s->x);
		struct execution e;
		struct layer_list list;
		struct fault f = {""};
		assert_true(execute(g, (const struct tensor *const[]){x}, NULL, &e, &f));
		assert_true(layers_of_execution(&e, &fp32, &list, &f));
		assert_int_equal(list.count, s->parts);
		for (size_t j = 0; j < list.count; j++) {
			assert_int_equal(list.product[j].part, j);
			compare(s, &list.product[j], execution_value(&e, "y"));
		}
		layers_free(&list);
		execution_free(&e);
		tensor_free(x);
		graph_free(g);
	}
}

/* Two activations multiplied are no layer. */
static void no_weights(void **state)
{
	(void)state;
	struct bitlet_precision fp32;
	assert_true(bitlet_precision_parse("fp32", &fp32));
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		const struct shape *s = &shapes[i];
		struct graph *g = network(s, false);
		struct tensor *x = random_input(s->x_rank, s->x), *w = random_input(s->w_rank, s->w);
		struct execution e;
		struct layer_list list;
		struct fault f = {""};
		assert_true(execute(g, (const struct tensor *const[]){x, w}, NULL, &e, &f));
		assert_false(layers_of_execution(&e, &fp32, &list, &f));
		assert_string_equal(f.text, "no convolution or product with constant weights; expected at least one");
		execution_free(&e);
		tensor_free(x);
		tensor_free(w);
		graph_free(g);
	}
}

static void not_finite(void **state)
{
	(void)state;
	struct bitlet_precision int8, bf16;
	assert_true(bitlet_precision_parse("int8", &int8) && bitlet_precision_parse("bf16", &bf16));
	const float wild[] = {INFINITY, -INFINITY, NAN};
	for (size_t i = 0; i < 3; i++) {
		struct graph *g = network(&shapes[4], true);
		struct tensor *x = random_input(2, shapes[4].x);
		struct execution e;
		struct layer_list list;
		struct fault f = {""};
		((float *)x->data)[7] = wild[i];
		assert_true(execute(g, (const struct tensor *const[]){x}, NULL, &e, &f));
		assert_false(layers_of_execution(&e, &int8, &list, &f));
		assert_string_equal(f.text, "node 'layer' (MatMul): has operands that are not finite; expected finite ones for int8");
		f.text[0] = '\0';
		assert_true(layers_of_execution(&e, &bf16, &list, &f));
		assert_int_equal(((const uint16_t *)list.product[0].acts)[7] & 0x7f80, 0x7f80);
		layers_free(&list);
		execution_free(&e);
		tensor_free(x);
		graph_free(g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_shapes), cmocka_unit_test(no_weights), cmocka_unit_test(not_finite)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
