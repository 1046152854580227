/* Graphs written as ONNX and read again are the same graphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "onnx_load.h"
#include "onnx_save.h"

static struct graph *load(const char *path)
{
	struct fault f = {""};
	struct graph *g = onnx_load(path, &f);
	if (!g)
		fail_msg("%s", f.text);
	return g;
}

/* Written and read; the caller frees it. */
static struct graph *again(const struct graph *g)
{
	struct fault f = {""};
	size_t size;
	uint8_t *data = onnx_pack(g, &size, &f);
	struct graph *back = data ? onnx_parse(data, size, g->name, NULL, &f) : NULL;
	if (!back)
		fail_msg("%s", f.text);
	free(data);
	return back;
}

static const char *name_of(const struct graph *g, int value)
{
	return value == GRAPH_NONE ? "" : g->value[value].name;
}

static void same_names(const struct graph *a, const int *va, size_t na, const struct graph *b, const int *vb, size_t nb)
{
	assert_int_equal(na, nb);
	for (size_t i = 0; i < na; i++)
		assert_string_equal(name_of(a, va[i]), name_of(b, vb[i]));
}

static void same_attribute(const struct graph_attribute *a, const struct graph_attribute *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->type, b->type);
	assert_true(a->i == b->i);
	assert_memory_equal(&a->f, &b->f, sizeof a->f);
	assert_int_equal(a->count, b->count);
	if (a->type == GRAPH_STRING)
		assert_string_equal(a->s, b->s);
	if (a->type == GRAPH_INTS && a->count)
		assert_memory_equal(a->ints, b->ints, a->count * sizeof *a->ints);
	if (a->type == GRAPH_FLOATS && a->count)
		assert_memory_equal(a->floats, b->floats, a->count * sizeof *a->floats);
	if (a->type == GRAPH_TENSOR)
		assert_true(tensor_equal(a->tensor, b->tensor));
}

static void same_node(const struct graph *a, const struct graph_node *na, const struct graph *b, const struct graph_node *nb)
{
	assert_string_equal(na->name, nb->name);
	assert_string_equal(na->op, nb->op);
	same_names(a, na->input, na->inputs, b, nb->input, nb->inputs);
	same_names(a, na->output, na->outputs, b, nb->output, nb->outputs);
	assert_int_equal(na->attributes, nb->attributes);
	for (size_t i = 0; i < na->attributes; i++)
		same_attribute(&na->attribute[i], &nb->attribute[i]);
}

static void same_value(const struct graph_value *a, const struct graph_value *b)
{
	assert_int_equal(a->is_input, b->is_input);
	assert_int_equal(a->typed, b->typed);
	assert_int_equal(a->constant != NULL, b->constant != NULL);
	if (a->constant)
		assert_true(tensor_equal(a->constant, b->constant));
	if (!a->typed)
		return;
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->rank, b->rank);
	assert_memory_equal(a->dim, b->dim, a->rank * sizeof a->dim[0]);
}

static void same_graph(const struct graph *a, const struct graph *b)
{
	assert_true(a->opset == b->opset);
	assert_int_equal(a->nodes, b->nodes);
	assert_int_equal(a->values, b->values);
	same_names(a, a->input, a->inputs, b, b->input, b->inputs);
	same_names(a, a->output, a->outputs, b, b->output, b->outputs);
	for (size_t i = 0; i < a->nodes; i++)
		same_node(a, &a->node[i], b, &b->node[i]);
	for (size_t i = 0; i < a->values; i++) {
		int v = graph_value_find(b, a->value[i].name);
		assert_true(v != GRAPH_NONE);
		same_value(&a->value[i], &b->value[v]);
	}
}

static void test_networks(void **state)
{
	(void)state;
	static const char *const path[] = {"sim/networks/digits/digits_fp32.onnx", "sim/networks/digits/digits_int8.onnx"};
	for (size_t i = 0; i < sizeof path / sizeof path[0]; i++) {
		struct graph *g = load(path[i]), *back = again(g);
		assert_true(g->value[g->output[0]].typed);
		same_graph(g, back);
		graph_free(back);
		graph_free(g);
	}
}

/* A node with an attribute of each kind, an input left out, and a domain of its own. */
static struct graph *hand_made(void)
{
	struct fault f = {""};
	struct graph *g = graph_new("hand");
	int x = graph_value_add(g, "x", &f), w = graph_value_add(g, "w", &f), y = graph_value_add(g, "y", &f);
	static int64_t ints[] = {INT64_MIN, -1, 0, INT64_MAX};
	static float floats[] = {-0.0f, 1e-45f, 3.25f};
	g->value[w].constant = tensor_new(TENSOR_INT16, 2, (const int64_t[]){2, 0}, &f);
	g->value[x].is_input = g->value[x].typed = true;
	g->value[x].type = TENSOR_FLOAT64;
	g->value[x].rank = 2;
	g->value[x].dim[0] = -1;
	g->value[x].dim[1] = 7;
	g->opset = 17;
	g->node = graph_alloc(g, 1, sizeof *g->node, &f);
	g->nodes = 1;
	struct graph_node *n = &g->node[0];
	*n = (struct graph_node){.name = graph_strdup(g, "the \"node\"", &f), .op = graph_strdup(g, "com.example.deep.Op", &f), .inputs = 3, .outputs = 1};
	n->input = graph_alloc(g, 3, sizeof(int), &f);
	n->output = graph_alloc(g, 1, sizeof(int), &f);
	memcpy(n->input, (const int[]){x, GRAPH_NONE, w}, 3 * sizeof(int));
	n->output[0] = y;
	n->attribute = graph_alloc(g, 6, sizeof *n->attribute, &f);
	n->attributes = 6;
	n->attribute[0] = (struct graph_attribute){.name = graph_strdup(g, "i", &f), .type = GRAPH_INT, .i = -5};
	n->attribute[1] = (struct graph_attribute){.name = graph_strdup(g, "f", &f), .type = GRAPH_FLOAT, .f = -0.0f};
	n->attribute[2] = (struct graph_attribute){.name = graph_strdup(g, "s", &f), .type = GRAPH_STRING, .s = graph_strdup(g, "", &f)};
	n->attribute[3] = (struct graph_attribute){.name = graph_strdup(g, "is", &f), .type = GRAPH_INTS, .ints = ints, .count = 4};
	n->attribute[4] = (struct graph_attribute){.name = graph_strdup(g, "fs", &f), .type = GRAPH_FLOATS, .floats = floats, .count = 3};
	n->attribute[5] = (struct graph_attribute){.name = graph_strdup(g, "t", &f), .type = GRAPH_TENSOR, .tensor = tensor_new(TENSOR_BOOL, 0, NULL, &f)};
	g->input = graph_alloc(g, 1, sizeof(int), &f);
	g->output = graph_alloc(g, 1, sizeof(int), &f);
	g->input[0] = x;
	g->output[0] = y;
	g->inputs = g->outputs = 1;
	assert_true(graph_sort(g, &f));
	return g;
}

static void test_all_kinds(void **state)
{
	(void)state;
	struct graph *g = hand_made(), *back = again(g);
	same_graph(g, back);
	graph_free(back);
	graph_free(g);
}

static void test_refusals(void **state)
{
	(void)state;
	struct graph *g = hand_made();
	struct fault f = {""};
	size_t size;
	g->node[0].attribute[2].type = GRAPH_OTHER;
	assert_null(onnx_pack(g, &size, &f));
	assert_string_equal(f.text, "node 'the \"node\"' (com.example.deep.Op): attribute 's' is of a kind that cannot be written");
	g->node[0].attribute[2].type = GRAPH_STRING;
	g->node[0].op = graph_strdup(g, "tflite.ADD", &f);
	f.text[0] = '\0';
	assert_null(onnx_pack(g, &size, &f));
	assert_string_equal(f.text, "node 'the \"node\"' (tflite.ADD): is TFLite's; expected a network of ONNX operators");
	f.text[0] = '\0';
	assert_false(onnx_save("build/missing/x.onnx", g, &f));
	assert_int_equal(strncmp(f.text, "build/missing/x.onnx: ", 22), 0);
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks), cmocka_unit_test(test_all_kinds), cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
