/* The ONNX reader: what loads, each kind of contradiction, external data, hostile nesting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "execute.h"
#include "file.h"
#include "onnx_build.h"
#include "onnx_load.h"

static const int64_t two[] = {2};

/* y = Add(x, w), w = {1, 2}: the base of most cases. */
static void small(struct build *b)
{
	build_start(b, 13);
	build_input(b, "x", TENSOR_FLOAT32, 1, two);
	build_output(b, "y");
	build_weight(b, "w", TENSOR_FLOAT32, 1, two, (const float[]){1, 2}, 8);
	build_node(b, "Add", "sum", "x w", "y");
}

/* Loads the build and takes it; the message must be `text`, "" for success. */
static struct graph *load_in(struct build *b, const char *folder, const char *text)
{
	struct fault f = {""};
	build_bytes(b);
	struct graph *g = onnx_parse(b->bytes, b->size, "test", folder, &f);
	assert_string_equal(f.text, text);
	assert_int_equal(g != NULL, text[0] == '\0');
	build_free(b);
	return g;
}

static void expect(struct build *b, const char *text)
{
	graph_free(load_in(b, NULL, text));
}

/* ---- what loads */

static void good_file(void **state)
{
	(void)state;
	struct build b;
	struct fault f = {""};
	struct execution e;
	small(&b);
	struct graph *g = load_in(&b, NULL, "");
	struct tensor *x = tensor_new(TENSOR_FLOAT32, 1, two, &f);
	((float *)x->data)[1] = 5;
	assert_true(execute(g, (const struct tensor *const[]){x}, NULL, &e, &f));
	assert_float_equal(tensor_number(execution_value(&e, "y"), 1), 7, 0);
	assert_null(execution_value(&e, "nothing"));
	execution_free(&e);
	tensor_free(x);
	graph_free(g);
}

/* Nodes in any order, weights listed as inputs too, typed data instead of raw. */
static void odd_but_good(void **state)
{
	(void)state;
	struct build b;
	small(&b);
	b.node[0].output[0] = build_text(&b, "t");
	b.nodes[1] = b.nodes[0];
	b.graph.n_node = 0;
	build_node(&b, "Relu", "", "t", "y");
	b.nodes[1] = build_node(&b, "Add", "later", "x w", "t");
	build_input(&b, "w", TENSOR_FLOAT32, 1, two);
	b.weight[0].has_raw_data = 0;
	b.weight[0].n_float_data = 2;
	b.weight[0].float_data = (float[]){3, 4};
	struct graph *g = load_in(&b, NULL, "");
	assert_int_equal(g->inputs, 1);
	assert_int_equal(g->order[0], 1);
	assert_string_equal(g->node[0].name, "y");
	assert_float_equal(tensor_number(g->value[graph_value_find(g, "w")].constant, 1), 4, 0);
	graph_free(g);
}

static void typed_int32_data(void **state)
{
	(void)state;
	static const enum tensor_type types[] = {TENSOR_UINT8, TENSOR_INT8, TENSOR_UINT16, TENSOR_INT16, TENSOR_INT32, TENSOR_BOOL};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct build b;
		small(&b);
		build_weight(&b, "v", types[i], 1, two, NULL, 0);
		b.weight[1].n_int32_data = 2;
		b.weight[1].int32_data = (int32_t[]){1, 0};
		struct graph *g = load_in(&b, NULL, "");
		const struct tensor *v = g->value[graph_value_find(g, "v")].constant;
		assert_int_equal(v->type, types[i]);
		assert_int_equal(tensor_integer(v, 0), 1);
		graph_free(g);
	}
}

static void long_chain(void **state)
{
	(void)state;
	enum { LENGTH = 20000 };
	static char text[LENGTH][2][12];
	static Onnx__NodeProto node[LENGTH], *nodes[LENGTH];
	static char *names[LENGTH][2];
	struct build b;
	build_start(&b, 13);
	build_input(&b, "0", TENSOR_FLOAT32, 1, two);
	for (size_t i = 0; i < LENGTH; i++) { /* last node first */
		onnx__node_proto__init(nodes[LENGTH - 1 - i] = &node[i]);
		snprintf(text[i][0], sizeof text[i][0], "%zu", i);
		snprintf(text[i][1], sizeof text[i][1], "%zu", i + 1);
		names[i][0] = text[i][0];
		names[i][1] = text[i][1];
		node[i].op_type = (char *)(uintptr_t)"Relu";
		node[i].n_input = node[i].n_output = 1;
		node[i].input = &names[i][0];
		node[i].output = &names[i][1];
	}
	b.graph.node = nodes;
	b.graph.n_node = LENGTH;
	build_output(&b, text[LENGTH - 1][1]);
	struct graph *g = load_in(&b, NULL, "");
	assert_int_equal(g->order[0], LENGTH - 1);
	graph_free(g);
}

/* Of the orders that are possible, the one that takes the earliest node of the file each time: found here by looking at all of them. */
static void order_of_the_file(void **state)
{
	(void)state;
	uint64_t seed = 99;
	for (size_t round = 0; round < 300; round++) {
		struct build b;
		unsigned at[BUILD_MAX];
		build_start(&b, 13);
		build_input(&b, "x", TENSOR_FLOAT32, 1, two);
		for (unsigned i = 0; i < BUILD_MAX; i++) {
			char out[8], in[40] = "x";
			seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
			for (unsigned j = 0; j < i && strlen(in) < 32; j++)
				if ((seed >> (8 + j) & 3) == 0)
					snprintf(in + strlen(in), sizeof in - strlen(in), " o%u", j);
			snprintf(out, sizeof out, "o%u", i);
			build_node(&b, "Concat", out, in, out);
		}
		for (unsigned i = 0; i < BUILD_MAX; i++)
			at[i] = i;
		for (unsigned i = BUILD_MAX - 1; i > 0; i--) { /* the file's order: shuffled */
			seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
			unsigned j = (unsigned)(seed % (i + 1)), t = at[i];
			at[i] = at[j];
			at[j] = t;
		}
		for (unsigned i = 0; i < BUILD_MAX; i++)
			b.nodes[i] = &b.node[at[i]];
		build_output(&b, "o0");
		struct graph *g = load_in(&b, NULL, "");
		bool done[BUILD_MAX] = {false};
		for (size_t step = 0; step < g->nodes; step++) {
			size_t first = 0;
			for (; first < g->nodes; first++) {
				bool ready = !done[first];
				for (size_t j = 0; ready && j < g->node[first].inputs; j++) {
					int producer = g->value[g->node[first].input[j]].producer;
					ready = producer == GRAPH_NONE || done[producer];
				}
				if (ready)
					break;
			}
			assert_int_equal(g->order[step], first);
			done[first] = true;
		}
		graph_free(g);
	}
}

/* ---- contradictions */

static void graph_faults(void **state)
{
	(void)state;
	struct build b;
	small(&b);
	build_node(&b, "Relu", "a", "q p", "p");
	build_node(&b, "Relu", "b", "p", "q");
	build_node(&b, "Relu", "behind", "q", "r");
	expect(&b, "node 'a' (Relu): needs its own output (a cycle); expected a graph without cycles");
	small(&b);
	b.node[0].input[0] = build_text(&b, "z");
	expect(&b, "node 'sum' (Add): input 'z' is missing; expected a node, a graph input or weights of that name");
	small(&b);
	b.output[0].name = build_text(&b, "z");
	expect(&b, "output 'z' is missing; expected a node that gives it");
	small(&b);
	build_node(&b, "Relu", "again", "x", "y");
	expect(&b, "node 'again' (Relu): output 'y' has another source already; expected one");
	small(&b);
	b.node[0].output[0] = build_text(&b, "x");
	expect(&b, "node 'sum' (Add): output 'x' has another source already; expected one");
	small(&b);
	build_input(&b, "x", TENSOR_FLOAT32, 1, two);
	expect(&b, "input 'x' is there twice; expected one of each name");
	small(&b);
	b.graph.n_output = 0;
	expect(&b, "the graph has no output");
	small(&b);
	b.model.graph = NULL;
	expect(&b, "has no graph; expected an ONNX model");
	small(&b);
	b.opset.version = 18;
	expect(&b, "operator set 18; expected 7 to 17");
	small(&b);
	b.opset.domain = build_text(&b, "com.microsoft");
	expect(&b, "operator set 0; expected 7 to 17");
}

static void input_faults(void **state)
{
	(void)state;
	struct build b;
	small(&b);
	b.input[0].type = NULL;
	expect(&b, "input 'x' has no tensor type and shape");
	small(&b);
	b.tensor_type[0].elem_type = 10;
	expect(&b, "input 'x': element type 10; expected float32, float64, (u)int8, (u)int16, int32, int64 or bool");
	small(&b);
	b.shape[0].dim[0]->dim_value = -5;
	expect(&b, "input 'x' has dimension -5; expected none below 0");
	small(&b);
	build_input(&b, "v", TENSOR_FLOAT32, 9, (const int64_t[9]){1, 1, 1, 1, 1, 1, 1, 1, 1});
	expect(&b, "input 'v' has 9 dimensions; at most 8 are possible");
}

static void weight_faults(void **state)
{
	(void)state;
	struct build b;
	small(&b);
	b.weight[0].dims[0] = 3;
	expect(&b, "tensor 'w': 8 bytes of data; its shape needs 12");
	small(&b);
	b.weight[0].dims[0] = -1;
	expect(&b, "tensor 'w': shape [-1] has a negative dimension");
	small(&b);
	b.weight[0].dims[0] = INT64_MAX;
	expect(&b, "tensor 'w': float32 of shape [9223372036854775807]; at most 1073741824 bytes are possible");
	small(&b);
	b.weight[0].data_type = 8;
	expect(&b, "tensor 'w': element type 8; expected float32, float64, (u)int8, (u)int16, int32, int64 or bool");
	small(&b);
	b.weight[0].has_raw_data = 0;
	expect(&b, "tensor 'w': 0 elements of data; its shape has 2");
	small(&b);
	b.weight[0].has_raw_data = 0;
	b.weight[0].n_int64_data = 2; /* of another type than the shape's */
	b.weight[0].int64_data = (int64_t[]){1, 2};
	expect(&b, "tensor 'w': 0 elements of data; its shape has 2");
	small(&b);
	build_weight(&b, "w", TENSOR_FLOAT32, 1, two, (const float[]){1, 2}, 8);
	expect(&b, "tensor 'w' is there twice; expected one of each name");
	small(&b);
	b.weight[0].n_dims = 9;
	b.weight[0].dims = (int64_t[9]){1, 1, 1, 1, 1, 1, 1, 1, 1};
	expect(&b, "tensor 'w': 9 dimensions; at most 8 are possible");
}

static void attribute_faults(void **state)
{
	(void)state;
	struct build b;
	small(&b);
	build_attribute(&b, &b.node[0], "value", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
	expect(&b, "node 'sum' (Add): attribute 'value' lacks its tensor");
	small(&b);
	Onnx__AttributeProto *a = build_attribute(&b, &b.node[0], "value", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
	a->t = &b.weight[0];
	b.graph.n_initializer = 0;
	b.weight[0].data_type = 0;
	expect(&b, "node 'sum' (Add): tensor 'w': element type 0; expected float32, float64, (u)int8, (u)int16, int32, int64 or bool");
}

/* All missing operators at once, before anything runs. */
static void unsupported_operators(void **state)
{
	(void)state;
	struct build b;
	struct fault f = {""};
	small(&b);
	build_node(&b, "Scan", "first", "x", "p");
	build_node(&b, "Scan", "second", "x", "q");
	build_node(&b, "Product", "third", "x", "r")->domain = build_text(&b, "com.example");
	struct graph *g = load_in(&b, NULL, "");
	assert_false(execute_check(g, &f));
	assert_string_equal(f.text, "operators without support: Scan (node 'first'), com.example.Product (node 'third')");
	graph_free(g);
}

/* More of them than the message holds: it is cut off. */
static void many_unsupported_operators(void **state)
{
	(void)state;
	struct build b;
	struct fault f = {""};
	small(&b);
	for (unsigned i = 0; i < 12; i++) {
		char op[60], out[8];
		snprintf(op, sizeof op, "AnOperatorWithQuiteALongNameThatNobodyHas%u", i);
		snprintf(out, sizeof out, "o%u", i);
		build_node(&b, op, op, "x", out);
	}
	struct graph *g = load_in(&b, NULL, "");
	assert_false(execute_check(g, &f));
	assert_int_equal(strncmp(f.text, "operators without support: AnOperator", 37), 0);
	assert_true(strlen(f.text) > 400);
	graph_free(g);
}

/* ---- external data */

static char folder[] = "/tmp/bitlet_onnx_XXXXXX";

static void external(struct build *b, const char *location, const char *offset, const char *length)
{
	static Onnx__StringStringEntryProto entry[3], *entries[3] = {&entry[0], &entry[1], &entry[2]};
	const char *keys[3] = {"location", "offset", "length"}, *values[3] = {location, offset, length};
	small(b);
	Onnx__TensorProto *w = &b->weight[0];
	w->has_raw_data = 0;
	w->has_data_location = 1;
	w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
	w->external_data = entries;
	for (size_t i = 0; i < 3; i++)
		if (values[i]) {
			onnx__string_string_entry_proto__init(entries[w->n_external_data] = &entry[i]);
			entry[i].key = build_text(b, keys[i]);
			entry[i].value = build_text(b, values[i]);
			w->n_external_data++;
		}
}

static void external_fault(const char *location, const char *offset, const char *length, const char *text)
{
	struct build b;
	external(&b, location, offset, length);
	graph_free(load_in(&b, folder, text));
}

static void external_data(void **state)
{
	(void)state;
	struct build b;
	char inner[64], link[64];
	assert_non_null(mkdtemp(folder));
	snprintf(inner, sizeof inner, "%s/in", folder);
	snprintf(link, sizeof link, "%s/link", folder);
	assert_int_equal(mkdir(inner, 0700), 0);
	assert_int_equal(symlink("/etc", link), 0);
	char path[128];
	struct fault f = {""};
	snprintf(path, sizeof path, "%s/in/data", folder);
	assert_true(file_save(path, "....\0\0\x80?\0\0\0@", 12, NULL, 0, &f));
	external(&b, "in/data", "4", "8");
	struct graph *g = load_in(&b, folder, "");
	assert_float_equal(tensor_number(g->value[graph_value_find(g, "w")].constant, 0), 1, 0);
	assert_float_equal(tensor_number(g->value[graph_value_find(g, "w")].constant, 1), 2, 0);
	graph_free(g);

	external_fault("in/data", "5", NULL, "tensor 'w': external data 'in/data' has 12 bytes; 13 are needed");
	external_fault("in/data", "4", "7", "tensor 'w': external data of 7 bytes; its shape needs 8");
	external_fault("in/data", "-4", NULL, "tensor 'w': external data: offset '-4'; expected a number");
	external_fault("in/data", "99999999999999999999", NULL, "tensor 'w': external data: offset '99999999999999999999'; expected a number");
	external_fault("in/data", "9223372036854775807", NULL,
	               "tensor 'w': external data 'in/data' has 12 bytes; 9223372036854775815 are needed");
	external_fault(NULL, "4", NULL, "tensor 'w': external data without a location");
	external_fault("in", NULL, NULL, "tensor 'w': external data 'in' is no regular file");
	external_fault("none", NULL, NULL, "tensor 'w': external data 'none': No such file or directory; expected a file in the model's folder");
	const char *outside[] = {"../etc/passwd", "in/../../x", "/etc/passwd", "in/..", "", "in//data"};
	for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
		char text[200];
		snprintf(text, sizeof text, "tensor 'w': external data '%s': Permission denied; expected a file in the model's folder", outside[i]);
		external_fault(outside[i], NULL, NULL, text);
	}
	external_fault("link/passwd", NULL, NULL,
	               "tensor 'w': external data 'link/passwd': Not a directory; expected a file in the model's folder");
	external_fault("link", NULL, NULL,
	               "tensor 'w': external data 'link': Too many levels of symbolic links; expected a file in the model's folder");
	external(&b, "in/data", "4", "8"); /* an entry without value is passed over */
	b.weight[0].external_data[2]->value = NULL;
	graph_free(load_in(&b, folder, ""));
	external(&b, "in/data", NULL, NULL);
	expect(&b, "tensor 'w': external data 'in/data'; expected all data in the file");
	unlink(path);
	unlink(link);
	rmdir(inner);
	rmdir(folder);
}

/* ---- bytes */

static void not_onnx(void **state)
{
	(void)state;
	struct fault f = {""}, g = {""}, h = {""};
	assert_null(onnx_load("README.md", &f));
	assert_int_equal(strncmp(f.text, "README.md: ", 11), 0);
	assert_null(onnx_load("no/such.onnx", &g));
	assert_string_equal(g.text, "no/such.onnx: No such file or directory");
	assert_null(onnx_parse("", 0, "", NULL, &h));
	assert_string_equal(h.text, "has no graph; expected an ONNX model");
}

/* Attributes in graphs in attributes ..., as deep as 200 kB allow: protobuf-c alone would overflow the stack. */
static void nested_deeply(void **state)
{
	(void)state;
	enum { SIZE = 200000 };
	static uint8_t bytes[SIZE + 16];
	static const uint8_t tags[] = {0x0a, 0x2a, 0x32}; /* graph: node = 1, node: attribute = 5, attribute: g = 6 */
	size_t at = SIZE, level = 0;
	/* from the inside out, with lengths of four bytes */
	while (at > 16) {
		size_t length = SIZE - at;
		for (size_t i = 0; i < 4; i++)
			bytes[at - 4 + i] = (uint8_t)((length >> 7 * i & 0x7f) | (i < 3 ? 0x80 : 0));
		bytes[at - 5] = tags[(30000 - level++) % 3];
		at -= 5;
	}
	bool deep = false;
	for (size_t start = at; start < at + 15; start += 5) { /* one of three starts is a node of a graph */
		uint8_t *model = bytes + start - 5;
		size_t length = SIZE - start;
		for (size_t i = 0; i < 4; i++)
			model[1 + i] = (uint8_t)((length >> 7 * i & 0x7f) | (i < 3 ? 0x80 : 0));
		model[0] = 0x3a; /* model: graph = 7 */
		struct fault f = {""};
		assert_null(onnx_parse(model, length + 5, "deep", NULL, &f));
		deep = deep || !strcmp(f.text, "messages are nested too deeply; expected at most 40 levels");
	}
	assert_true(deep);
}

/* Two bytes a node: memory must not grow a hundredfold. */
static void many_empty_nodes(void **state)
{
	(void)state;
	enum { NODES = 1 << 20 };
	uint8_t *bytes = malloc(5 + 2 * NODES);
	size_t length = 2 * NODES;
	bytes[0] = 0x3a;
	for (size_t i = 0; i < 4; i++)
		bytes[1 + i] = (uint8_t)((length >> 7 * i & 0x7f) | (i < 3 ? 0x80 : 0));
	for (size_t i = 0; i < NODES; i++) {
		bytes[5 + 2 * i] = 0x0a;
		bytes[6 + 2 * i] = 0;
	}
	struct fault f = {""};
	assert_null(onnx_parse(bytes, 5 + length, "many", NULL, &f));
	assert_string_equal(f.text, "damaged: its fields do not fit those of ModelProto");
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_file),
		cmocka_unit_test(odd_but_good),
		cmocka_unit_test(typed_int32_data),
		cmocka_unit_test(long_chain),
		cmocka_unit_test(order_of_the_file),
		cmocka_unit_test(graph_faults),
		cmocka_unit_test(input_faults),
		cmocka_unit_test(weight_faults),
		cmocka_unit_test(attribute_faults),
		cmocka_unit_test(unsupported_operators),
		cmocka_unit_test(many_unsupported_operators),
		cmocka_unit_test(external_data),
		cmocka_unit_test(not_onnx),
		cmocka_unit_test(nested_deeply),
		cmocka_unit_test(many_empty_nodes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
