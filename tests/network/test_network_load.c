/* Networks in files: what is loaded, what is refused; the shipped ones' layers through lowering, compiler and interpreter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "graph_text.h"
#include "lower_run.h"
#include "network_load.h"

#define DIGITS "sim/networks/digits/"
enum { FIRST = 3, IMAGES = 2 };

struct digits {
	const char *preset, *precision, *network;
	double tolerance;           /* of the largest output of a layer; 0: codes, exactly */
	unsigned layers;
};

static void layers(void **state)
{
	const struct digits *t = *state;
	struct lower_run r;
	struct fault f = {""};
	enum network_kind kind;
	struct graph *g = network_load(t->network, false, &kind, &f);
	struct tensor *all = npy_load(DIGITS "images.npy", &f), *some = all ? tensor_rows(all, FIRST, IMAGES, &f) : NULL;
	if (!g || !some)
		fail_msg("%s", f.text);
	assert_int_equal(kind, NETWORK_ONNX);
	lower_run_open(&r, t->preset);
	lower_run_graph(&r, g, &some, lower_run_mode(&r, t->precision), t->tolerance);
	assert_int_equal(r.layers, t->layers);
	assert_int_equal(r.kept, 0);
	tensor_free(all);
	tensor_free(some);
	graph_free(g);
}

static size_t nodes_of(const char *path, bool plain)
{
	struct fault f = {""};
	enum network_kind kind;
	struct graph *g = network_load(path, plain, &kind, &f);
	if (!g)
		fail_msg("%s", f.text);
	size_t nodes = g->nodes;
	graph_free(g);
	return nodes;
}

/* Activations of the float network become clamps; the quantised one is as the core wants it already. */
static void plain_and_fused(void **state)
{
	(void)state;
	assert_true(nodes_of(DIGITS "digits_fp32.onnx", true) > nodes_of(DIGITS "digits_fp32.onnx", false));
	assert_int_equal(nodes_of(DIGITS "digits_int8.onnx", true), nodes_of(DIGITS "digits_int8.onnx", false));
}

static void refuse(const void *data, size_t size, const char *expected, enum network_kind kind_expected)
{
	struct fault f = {""};
	enum network_kind kind;
	assert_null(network_parse(data, size, "test", NULL, false, &kind, &f));
	assert_int_equal(kind, kind_expected);
	if (!strstr(f.text, expected))
		fail_msg("'%s'; expected '%s'", f.text, expected);
}

static void refusals(void **state)
{
	(void)state;
	struct text_graph t;
	struct fault f = {""};
	enum network_kind kind;
	assert_null(network_load("no/such.onnx", false, &kind, &f));
	assert_non_null(strstr(f.text, "no/such.onnx: No such file"));
	f.text[0] = '\0';
	assert_null(network_load(DIGITS "images.npy", false, &kind, &f));
	assert_ptr_equal(strstr(f.text, DIGITS "images.npy: "), f.text);
	refuse("\x1c\0\0\0TFL3", 8, "", NETWORK_TFLITE);
	refuse("", 0, "", NETWORK_ONNX);
	/* all missing operators at once; plain does not mind */
	text_graph_new(&t, "in x f32 3; Frobnicate x -> a; Relu a -> b; Glorp b -> c; Frobnicate c -> y; out y", 1);
	refuse(t.build.bytes, t.build.size, "operators without support: Frobnicate (node 'a'), Glorp (node 'c')", NETWORK_ONNX);
	f.text[0] = '\0';
	struct graph *g = network_parse(t.build.bytes, t.build.size, "test", NULL, true, &kind, &f);
	assert_non_null(g);
	assert_int_equal(g->nodes, 4);
	graph_free(g);
	text_graph_free(&t);
}

/* Bytes changed at random: an error or a graph, and nothing worse (run it under the sanitizers). */
static void damaged(void **state)
{
	(void)state;
	static const char *const text[] = {
		"in x u8 1x3x5x5; c xs f32 - 0.02; c xz u8 - 128; c ys f32 - 0.05; c yz u8 - 100; w k i8 4x3x3x3; w ks f32 4 0.001 0.02; w b f32 4;"
		"DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf axis=0; Conv xf kf b -> c pads=1,1,1,1; Relu c -> r; QuantizeLinear r ys yz -> y; out y",
		"in x f32 1x4x5x5; w k f32 4x2x3x3; w s f32 4; w b f32 4; w m f32 4; w v f32 4 0.1 2; w a f32 4x1x1; Conv x k b -> c group=2 pads=1,1,1,1;"
		"BatchNormalization c s b m v -> n; Add n a -> q; Identity q -> i; Relu i -> y; out y",
		"in x f32 3x5; w k f32 4x5; w h f32 4; w a f32 1x4; Gemm x k h -> c transB=1 alpha=0.5; Add c a -> d; w p f32 4x4; MatMul d p -> e; Add e h -> y; out y",
	};
	unsigned graphs = 0;
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		for (uint32_t seed = 1; seed <= 400; seed++) {
			struct text_graph t;
			struct fault f = {""};
			enum network_kind kind;
			text_graph_new(&t, text[i], seed);
			for (unsigned hits = 1 + seed % 3; hits; hits--)
				((uint8_t *)t.build.bytes)[text_random(&t) % t.build.size] ^= (uint8_t)(1u << text_random(&t) % 8);
			struct graph *g = network_parse(t.build.bytes, t.build.size, "test", NULL, false, &kind, &f);
			assert_true(g || f.text[0]);
			graphs += g != NULL;
			graph_free(g);
			text_graph_free(&t);
		}
	assert_in_range(graphs, 100, 1100);
}

int main(void)
{
	static struct digits int8 = {"fp32-n16", "int8", DIGITS "digits_int8.onnx", 0, 5}, edge = {"edge-int8", "int8", DIGITS "digits_int8.onnx", 0, 5},
	                     tiny = {"tiny", "int8", DIGITS "digits_int8.onnx", 0, 5}, fp32 = {"fp32-n16", "fp32", DIGITS "digits_fp32.onnx", 1e-6, 5},
	                     quantised = {"edge-int8", "int8", DIGITS "digits_fp32.onnx", 0.02, 5}, bf16 = {"fp32-n16", "bf16", DIGITS "digits_fp32.onnx", 0.02, 5},
	                     wide = {"fp32-n16", "int16", DIGITS "digits_int8.onnx", 0, 5}, unsigned8 = {"edge-int8", "w8au8", DIGITS "digits_int8.onnx", 0, 5};
	static struct digits sixteen = {"fp32-n16", "int16", DIGITS "digits_fp32.onnx", 2e-3, 5}, twenty_four = {"paper", "int24", DIGITS "digits_fp32.onnx", 2e-3, 5};
	const struct CMUnitTest tests[] = {
		{"float network, int16", layers, NULL, NULL, &sixteen},      {"float network, int24", layers, NULL, NULL, &twenty_four},
		{"int8 network, packed", layers, NULL, NULL, &int8},         {"int8 network, edge-int8", layers, NULL, NULL, &edge},
		{"int8 network, K in chunks", layers, NULL, NULL, &tiny},    {"float network, fp32", layers, NULL, NULL, &fp32},
		{"float network, int8", layers, NULL, NULL, &quantised},     {"float network, bf16", layers, NULL, NULL, &bf16},
		{"int8 network, int16", layers, NULL, NULL, &wide},          {"int8 network, unsigned activations", layers, NULL, NULL, &unsigned8},
		cmocka_unit_test(plain_and_fused), cmocka_unit_test(refusals), cmocka_unit_test(damaged),
	};
	return cmocka_run_group_tests_name("network_load", tests, NULL, NULL);
}
