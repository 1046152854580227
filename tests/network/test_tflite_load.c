/* The TensorFlow Lite reader: what loads, and each kind of contradiction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "execute.h"
#include "tflite_build.h"
#include "tflite_load.h"

enum { RELU = 19, ADD = 0, CUSTOM = 32, FLOAT16 = 1, STRING = 5, INT4 = 17 };

static const int64_t four[] = {4};

static size_t tensor(struct made *m, const char *name, enum tensor_type t)
{
	struct fault f = {""};
	m->tensor[m->tensors] = (struct made_tensor){.name = name, .t = tensor_new(t, 1, four, &f)};
	assert_non_null(m->tensor[m->tensors].t);
	return m->tensors++;
}

static struct made_node *node(struct made *m, int32_t number, int32_t input, int32_t output)
{
	struct made_node *n = &m->node[m->nodes++];
	*n = (struct made_node){.number = number, .inputs = 1, .outputs = 1, .input = {input}, .output = {output}};
	return n;
}

/* b = RELU(a), c = RELU(b): the base of most cases. */
static void chain(struct made *m)
{
	*m = (struct made){.inputs = 1, .outputs = 1, .input = {0}, .output = {2}};
	tensor(m, "a", TENSOR_FLOAT32);
	tensor(m, "b", TENSOR_FLOAT32);
	tensor(m, "c", TENSOR_FLOAT32);
	node(m, RELU, 0, 1);
	node(m, RELU, 1, 2);
}

/* Loads and takes it; the message must be `text`, "" for success. */
static struct graph *load(struct made *m, const char *text)
{
	struct fault f = {""};
	made_file(m);
	assert_true(tflite_is(m->data, m->size));
	struct graph *g = tflite_parse(m->data, m->size, "test", &f);
	assert_string_equal(f.text, text);
	assert_int_equal(g != NULL, text[0] == '\0');
	made_free(m);
	return g;
}

static void good(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	struct graph *g = load(&m, "");
	assert_int_equal(g->nodes, 2);
	assert_string_equal(g->node[0].op, "tflite.RELU");
	assert_string_equal(g->node[0].name, "b");
	assert_int_equal(g->inputs, 1);
	assert_string_equal(g->value[g->output[0]].name, "c");
	assert_true(g->value[1].typed && g->value[1].rank == 1 && g->value[1].dim[0] == 4);
	graph_free(g);
}

/* Names of values: a second "a" and an empty one are told apart by their numbers. */
static void names(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.tensor[1].name = "";
	m.tensor[2].name = "a";
	struct graph *g = load(&m, "");
	assert_string_equal(g->value[0].name, "a");
	assert_string_equal(g->value[1].name, "#1");
	assert_string_equal(g->value[2].name, "a#2");
	graph_free(g);
}

static void open_shape(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.tensor[0].open = true;
	struct graph *g = load(&m, "");
	assert_int_equal(g->value[0].dim[0], -1);
	graph_free(g);
}

static void custom(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.node[0].number = m.node[1].number = CUSTOM;
	m.custom = "Fancy";
	struct graph *g = load(&m, "");
	struct fault f = {""};
	assert_string_equal(g->node[0].op, "tflite.CUSTOM.Fancy");
	assert_false(execute_check(g, &f));
	assert_string_equal(f.text, "operators without support: tflite.CUSTOM.Fancy (node 'b')");
	graph_free(g);
}

/* a = x + constant, whose data is float16 or int4 in the file. */
static struct graph *with_constant(int type, enum tensor_type t, const void *raw, size_t bytes, const char *text)
{
	struct made m = {.inputs = 1, .outputs = 1, .input = {0}, .output = {2}};
	tensor(&m, "x", t);
	tensor(&m, "k", t);
	tensor(&m, "y", t);
	m.tensor[1].constant = true;
	m.tensor[1].type = type;
	m.tensor[1].raw = raw;
	m.tensor[1].raw_bytes = bytes;
	struct made_node *n = node(&m, ADD, 0, 2);
	n->input[n->inputs++] = 1;
	return load(&m, text);
}

static void float16_constant(void **state)
{
	(void)state;
	const uint16_t half[] = {0x3c00, 0xc500, 0x0001, 0x7c00}; /* 1, -5, 2^-24, infinity */
	struct graph *g = with_constant(FLOAT16, TENSOR_FLOAT32, half, sizeof half, "");
	const float *v = g->value[1].constant->data;
	assert_int_equal(g->value[1].constant->type, TENSOR_FLOAT32);
	assert_true(v[0] == 1 && v[1] == -5 && v[2] == 0x1p-24f && v[3] > 3e38f);
	graph_free(g);
}

static void int4_constant(void **state)
{
	(void)state;
	const uint8_t nibbles[] = {0x7f, 0x80};
	struct graph *g = with_constant(INT4, TENSOR_INT8, nibbles, sizeof nibbles, "");
	const int8_t *v = g->value[1].constant->data;
	assert_true(v[0] == -1 && v[1] == 7 && v[2] == 0 && v[3] == -8);
	graph_free(g);
}

static void wrong_data(void **state)
{
	(void)state;
	assert_null(with_constant(0, TENSOR_FLOAT32, "123456789012345", 15, "tensor 1 'k': 15 bytes of data; its type and shape need 16"));
	assert_null(with_constant(STRING, TENSOR_FLOAT32, NULL, 0,
	                          "tensor 1 'k': type 5 of the schema; expected float32, float16, float64, bool or an integer type"));
}

/* ---- contradictions */

static void versions(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.version = 2;
	load(&m, "schema version 2; expected 3");
	chain(&m);
	m.subgraphs = 2;
	load(&m, "2 subgraphs; expected 1");
}

static void indices(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.node[1].input[0] = 3;
	load(&m, "operator 1: inputs name tensor 3; expected -1 to 2");
	chain(&m);
	m.node[1].output[0] = -1;
	load(&m, "operator 1: outputs name tensor -1; expected 0 to 2");
	chain(&m);
	m.input[0] = 7;
	load(&m, "the network's inputs name tensor 7; expected 0 to 2");
	chain(&m);
	m.tensor[0].buffer = 99;
	load(&m, "tensor 0 'a': buffer 99; there are 4");
}

static void order(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.node[0].output[0] = 2;
	load(&m, "node 'c' (tflite.RELU): output 'c' has another source already; expected one");
	chain(&m);
	m.node[0].input[0] = 2;
	load(&m, "node 'b' (tflite.RELU): needs its own output (a cycle); expected a graph without cycles");
	chain(&m);
	m.inputs = 0;
	load(&m, "node 'b' (tflite.RELU): input 'a' is missing; expected a node, a graph input or weights of that name");
	chain(&m);
	m.input[m.inputs++] = 0;
	load(&m, "input 'a' is there twice; expected one of each");
	chain(&m);
	m.outputs = 0;
	load(&m, "the network has no output");
	chain(&m);
	m.nodes = 1;
	load(&m, "output 'c' is missing; expected a node that gives it");
}

static void options(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	m.node[0].number = ADD;
	m.node[0].union_type = 21;
	load(&m, "operator 0 'b' (tflite.ADD): options of type 21; expected 11");
	chain(&m);
	m.node[0].number = ADD;
	m.node[0].union_type = 11;
	m.node[0].options = 1;
	m.node[0].option[0] = (struct made_option){.bytes = 1, .value = 9};
	load(&m, "operator 0 'b' (tflite.ADD): fused_activation_function is 9, which the schema does not know");
}

/* A constant without elements needs no data. */
static void empty_constant(void **state)
{
	(void)state;
	struct made m;
	chain(&m);
	size_t k = tensor(&m, "none", TENSOR_INT32);
	m.tensor[k].t->dim[0] = 0;
	m.node[0].input[m.node[0].inputs++] = (int32_t)k;
	struct graph *g = load(&m, "");
	assert_non_null(g->value[k].constant);
	assert_int_equal(g->value[k].constant->count, 0);
	graph_free(g);
}

/* Twenty tensors that share 64 KiB of data would fill more than eight times the file. */
static void bomb(void **state)
{
	(void)state;
	enum { BYTES = 1 << 16 };
	static uint8_t data[BYTES];
	struct made m;
	struct fault f = {""};
	chain(&m);
	for (int i = 0; i < 20; i++) {
		size_t k = tensor(&m, "k", TENSOR_INT8);
		tensor_free(m.tensor[k].t);
		m.tensor[k].t = tensor_new(TENSOR_INT8, 1, (const int64_t[]){BYTES}, &f);
		m.tensor[k].constant = true;
		m.tensor[k].raw = data;
		m.tensor[k].raw_bytes = BYTES;
		m.tensor[k].buffer = i ? 4 : 0;
	}
	load(&m, "tensor 12 'k#12': tables share their data so often that it would fill more than 8 times the file's size");
}

static void no_file(void **state)
{
	(void)state;
	struct fault f = {""};
	assert_null(tflite_parse("ONNX", 4, "test", &f));
	assert_string_equal(f.text, "no TensorFlow Lite file; expected \"TFL3\" at byte 4");
	f.text[0] = '\0';
	assert_null(tflite_load("tests/network/nowhere.tflite", &f));
	assert_non_null(strstr(f.text, "tests/network/nowhere.tflite: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(names), cmocka_unit_test(open_shape), cmocka_unit_test(custom),
		cmocka_unit_test(float16_constant), cmocka_unit_test(int4_constant), cmocka_unit_test(wrong_data), cmocka_unit_test(versions),
		cmocka_unit_test(indices), cmocka_unit_test(order), cmocka_unit_test(options), cmocka_unit_test(empty_constant), cmocka_unit_test(bomb),
		cmocka_unit_test(no_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
