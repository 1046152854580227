/* Passes over graphs: the fused graph gives what the plain one gives, and holds the operators that it should. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "execute.h"
#include "fuse.h"
#include "graph_text.h"

struct kind {
	const char *name, *text;
	const char *operators;      /* of the fused graph, in order */
	double tolerance;           /* in parts of the largest output; of codes: codes */
};

#define QX "c xs f32 - 0.02; c xz u8 - 128;"
#define QY "c ys f32 - 0.05; c yz u8 - 100;"
#define FLOAT 1e-6

static const struct kind cases[] = {
	{"nothing to do", "in x f32 2x3; Relu x -> y; out y", "Relu", 0},
	{"constants fold, names stay", "in x f32 3; w a f32 3; w b f32 3; Add a b -> s; Mul s s -> t; Add x t -> y; out y t", "Add", 0},
	{"a folded output", "in x f32 3; w a f32 3; Add a a -> s; Relu x -> y; out y s", "Relu", 0},
	{"nodes that nobody needs", "in x f32 3; Relu x -> y; Tanh x -> z; Sigmoid z -> q; out y", "Relu", 0},
	{"identity", "in x f32 3; Identity x -> a; Dropout a -> b; Relu b -> c; Identity c -> y; out y", "Relu", 0},
	{"a mask that nobody takes", "in x f32 3; Relu x -> a; Dropout a -> b m ratio=0.5; Tanh b -> y; out y", "Relu Tanh", 0},
	{"identity of an input stays", "in x f32 3; Identity x -> y; out y", "Identity", 0},
	{"identity between outputs stays", "in x f32 3; Relu x -> a; Identity a -> y; out y a", "Relu Identity", 0},
	{"two identities of one value", "in x f32 3; Relu x -> a; Identity a -> y; Identity a -> z; Tanh a -> q; out y z q", "Relu Identity Tanh", 0},
	{"batch norm into a convolution", "in x f32 1x3x5x5; w k f32 4x3x3x3; w s f32 4; w b f32 4; w m f32 4; w v f32 4 0.1 2; Conv x k -> c;"
	                                  "BatchNormalization c s b m v -> y; out y", "Conv", FLOAT},
	{"batch norm, bias, Relu", "in x f32 1x4x5x5; w k f32 4x2x3x3; w h f32 4; w s f32 4; w b f32 4; w m f32 4; w v f32 4 0.1 2; Conv x k h -> c group=2;"
	                           "BatchNormalization c s b m v -> n epsilon=0.01; Relu n -> y; out y", "Conv", FLOAT},
	{"batch norm into Gemm", "in x f32 3x5; w k f32 5x4; w h f32 1x4; w s f32 4; w b f32 4; w m f32 4; w v f32 4 0.1 2; Gemm x k h -> c beta=0.5 alpha=2.0;"
	                         "BatchNormalization c s b m v -> y; out y", "Gemm", FLOAT},
	{"batch norm, turned Gemm", "in x f32 3x5; w k f32 4x5; w s f32 4; w b f32 4; w m f32 4; w v f32 4 0.1 2; Gemm x k -> c transB=1;"
	                            "BatchNormalization c s b m v -> y; out y", "Gemm", FLOAT},
	{"batch norm behind a value in use", "in x f32 1x3x5x5; w k f32 4x3x3x3; w s f32 4; w b f32 4; w m f32 4; w v f32 4 0.1 2; Conv x k -> c;"
	                                     "BatchNormalization c s b m v -> y; out y c", "Conv BatchNormalization", 0},
	{"weights that two use", "in x f32 1x2x4x4; w k f32 2x2x1x1; w s f32 2; w b f32 2; w m f32 2; w v f32 2 0.1 2; Conv x k -> c; BatchNormalization c s b m v -> y;"
	                         "Conv x k -> z; out y z", "Conv Conv", FLOAT},
	{"bias of a convolution", "in x f32 2x3x4x4; w k f32 5x3x2x2; w a f32 1x5x1x1; Conv x k -> c; Add c a -> y; out y", "Conv", FLOAT},
	{"bias, other side, second one", "in x f32 2x3x4x4; w k f32 5x3x2x2; w h f32 5; w a f32 5x1x1; Conv x k h -> c; Add a c -> y; out y", "Conv", FLOAT},
	{"a picture added stays", "in x f32 1x3x4x4; w k f32 5x3x1x1; w a f32 1x1x4x4; Conv x k -> c; Add c a -> y; out y", "Conv Add", 0},
	{"bias that broadcasts the result", "in x f32 1x3x4x4; w k f32 1x3x1x1; w a f32 1x5x1x1; Conv x k -> c; Add c a -> y; out y", "Conv Add", 0},
	{"bias of more dimensions", "in x f32 1x3x4x4; w k f32 5x3x1x1; w a f32 1x1x5x1x1; Conv x k -> c; Add c a -> y; out y", "Conv Add", 0},
	{"bias of MatMul, Relu", "in x f32 2x3x4; w k f32 4x5; w a f32 5; MatMul x k -> c; Add c a -> d; Relu d -> y; out y", "MatMul", FLOAT},
	{"scalar behind MatMul", "in x f32 3x4; w k f32 4x5; c a f32 - 0.25; MatMul x k -> c; Add c a -> y; out y", "MatMul", FLOAT},
	{"bias of Gemm", "in x f32 3x4; w k f32 4x5; w h f32 5; w a f32 1x5; Gemm x k h -> c beta=2.0; Add a c -> y; out y", "Gemm", FLOAT},
	{"rows added to Gemm stay", "in x f32 3x4; w k f32 4x5; w a f32 3x1; Gemm x k -> c; Add c a -> y; out y", "Gemm Add", 0},
	{"activation, two", "in x f32 1x3x4x4; w k f32 5x3x1x1; c l f32 - -0.5; c h f32 - 0.3; Conv x k -> c; Relu c -> r; Clip r l h -> y; out y", "Conv", 0},
	{"activation before bias", "in x f32 1x3x4x4; w k f32 5x3x1x1; w a f32 5x1x1; Conv x k -> c; Relu c -> r; Add r a -> y; out y", "Conv Add", 0},
	{"activation of a value in use", "in x f32 1x3x4x4; w k f32 5x3x1x1; Conv x k -> c; Relu c -> r; Add c r -> y; out y", "Conv Relu Add", 0},
	{"quantised convolution", "in x u8 1x3x5x5;" QX QY "w k i8 4x3x3x3; w ks f32 4 0.001 0.02; c kz i8 4 0 0 0 0; w b i32 4 -300 300; w bs f32 1 0.0001 0.0002;"
	                          "DequantizeLinear x xs xz -> xf; DequantizeLinear k ks kz -> kf axis=0; DequantizeLinear b bs -> bf; Conv xf kf bf -> c pads=1,1,1,1;"
	                          "QuantizeLinear c ys yz -> y; out y", "QLinearConv", 1},
	{"quantised convolution, Relu, weights' zero", "in x u8 1x3x5x5;" QX QY "w k u8 4x3x3x3; c ks f32 - 0.01; c kz u8 - 120; w b f32 4; DequantizeLinear x xs xz -> xf;"
	                           "DequantizeLinear k ks kz -> kf; Conv xf kf b -> c; Relu c -> r; QuantizeLinear r ys yz -> y; out y", "bitlet.QConv", 1},
	{"Relu that the type does", "in x u8 1x3x5x5;" QX "c ys f32 - 0.05; w k i8 4x3x3x3; c ks f32 - 0.01; DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf;"
	                            "Conv xf kf -> c; Relu c -> r; QuantizeLinear r ys -> y; out y", "QLinearConv", 1},
	{"quantised convolution, float result", "in x u8 1x3x5x5;" QX "w k i8 4x3x3x3; w ks f32 4 0.001 0.02; DequantizeLinear x xs xz -> xf;"
	                                        "DequantizeLinear k ks -> kf axis=0; Conv xf kf -> c; Relu c -> y; out y", "bitlet.QConv", 1e-6},
	{"quantised Gemm", "in x u8 3x7;" QX QY "w k i8 4x7; w ks f32 4 0.001 0.02; w b f32 4; DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf axis=0;"
	                   "Gemm xf kf b -> c transB=1; QuantizeLinear c ys yz -> y; out y", "bitlet.QGemm", 1},
	{"quantised MatMul", "in x u8 2x3x7;" QX QY "w k i8 7x4; w ks f32 4 0.001 0.02; DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf axis=1;"
	                     "MatMul xf kf -> c; QuantizeLinear c ys yz -> y; out y", "QLinearMatMul", 1},
	{"quantised MatMul, bias", "in x u8 2x3x7;" QX QY "w k i8 7x4; w ks f32 4 0.001 0.02; w a f32 4; DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf axis=1;"
	                           "MatMul xf kf -> c; Add a c -> d; QuantizeLinear d ys yz -> y; out y", "bitlet.QMatMul", 1},
	{"quantised MatMul, both computed", "in x u8 2x3x7; in k u8 2x7x4;" QX QY "DequantizeLinear x xs xz -> xf; DequantizeLinear k xs xz -> kf; MatMul xf kf -> c;"
	                                    "QuantizeLinear c ys yz -> y; out y", "QLinearMatMul", 1},
	{"scales along the wrong axis", "in x u8 1x3x5x5;" QX "w k i8 3x3x3x3; w ks f32 3 0.001 0.02; DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf axis=1;"
	                                "Conv xf kf -> y; out y", "DequantizeLinear Conv", 0},
	{"a bias beyond 32 bits", "in x u8 1x3x5x5;" QX "w k i8 3x3x3x3; c ks f32 - 0.0001; c b f32 3 1.0 2.0 50000000.0; DequantizeLinear x xs xz -> xf;"
	                          "DequantizeLinear k ks -> kf; Conv xf kf b -> y; out y", "DequantizeLinear Conv", 0},
	{"four bits", "in x u8 1x3x5x5 0 15; c xs f32 - 0.1; c xz u8 - 3; c ys f32 - 0.2; c yz i8 - 1; w k i8 4x3x3x3 -8 7; w ks f32 4 0.01 0.1;"
	              "bitlet.DequantizeLinear x xs xz -> xf bits=4 signed=0; bitlet.DequantizeLinear k ks -> kf bits=4 signed=1 axis=0; Conv xf kf -> c;"
	              "bitlet.QuantizeLinear c ys yz -> y bits=4 signed=1; out y", "bitlet.QConv", 1},
	{"twelve bits", "in x i16 1x3x5x5 -2048 2047; c xs f32 - 0.001; c ys f32 - 0.002; c yz i16 - 1; w k i16 4x3x3x3 -2048 2047; w ks f32 4 0.0001 0.001;"
	                "w b f32 4; bitlet.DequantizeLinear x xs -> xf bits=12 signed=1; bitlet.DequantizeLinear k ks -> kf bits=12 signed=1 axis=0;"
	                "Conv xf kf b -> c; Relu c -> r; bitlet.QuantizeLinear r ys yz -> y bits=12 signed=1; out y", "bitlet.QConv", 1},
};

static void check_operators(const struct graph *g, const char *expected)
{
	char have[300] = "";
	for (size_t i = 0; i < g->nodes; i++)
		snprintf(have + strlen(have), sizeof have - strlen(have), "%s%s", i ? " " : "", g->node[g->order[i]].op);
	assert_string_equal(have, expected);
}

/* The smallest of the outputs' largest magnitudes. */
static double compare(const struct execution *plain, const struct execution *fused, double tolerance)
{
	double least = INFINITY;
	for (size_t i = 0; i < plain->graph->outputs; i++) {
		const char *name = plain->graph->value[plain->graph->output[i]].name;
		const struct tensor *a = execution_value(plain, name), *b = execution_value(fused, name);
		double top = 0, worst = 0;
		assert_non_null(b);
		assert_int_equal(a->type, b->type);
		assert_int_equal(a->rank, b->rank);
		assert_memory_equal(a->dim, b->dim, a->rank * sizeof a->dim[0]);
		for (size_t j = 0; j < a->count; j++) {
			top = fmax(top, fabs(tensor_number(a, j)));
			worst = fmax(worst, fabs(tensor_number(a, j) - tensor_number(b, j)));
		}
		least = fmin(least, top);
		if (worst > (a->type == TENSOR_FLOAT32 ? tolerance * top : tolerance))
			fail_msg("'%s' is off by %g of %g", name, worst, top);
	}
	return least;
}

static void fused_is_plain(void **state)
{
	const struct kind *k = *state;
	struct text_graph plain, fused;
	struct execution a, b;
	struct fault f = {""};
	text_graph_new(&plain, k->text, 7);
	text_graph_new(&fused, k->text, 7);
	if (!fuse(fused.graph, &f))
		fail_msg("%s", f.text);
	check_operators(fused.graph, k->operators);
	const struct tensor *const *in = (const struct tensor *const *)plain.input;
	if (!execute(plain.graph, in, NULL, &a, &f) || !execute(fused.graph, in, NULL, &b, &f))
		fail_msg("%s", f.text);
	assert_true(compare(&a, &b, k->tolerance) > 0);
	execution_free(&a);
	execution_free(&b);
	text_graph_free(&plain);
	text_graph_free(&fused);
}

/* ---- random graphs: fused ones give what plain ones give */

struct writer {
	char text[6000];
	uint32_t seed;
	unsigned node, weights;
	int channels, size;         /* [1][channels][size][size] */
	char last[16], older[16];   /* values; older: of the same shape, or "" */
};

static unsigned pick(struct writer *w, unsigned count)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return (w->seed >> 16) % count;
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void say(struct writer *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	size_t at = strlen(w->text);
	vsnprintf(w->text + at, sizeof w->text - at, format, args);
	va_end(args);
}

/* The next node's output; shape kept: the value before can be added to it later. */
static void step(struct writer *w, bool same_shape)
{
	if (!same_shape)
		w->older[0] = '\0';
	else if (pick(w, 2) || !w->older[0])
		memcpy(w->older, w->last, sizeof w->older);
	snprintf(w->last, sizeof w->last, "v%u", w->node++);
}

static void layer(struct writer *w, bool transposed)
{
	unsigned n = w->node;
	int outputs = 1 + (int)pick(w, 5), from = w->channels;
	bool bias = pick(w, 2);
	say(w, "w k%u f32 %dx%dx3x3; ", n, transposed ? from : outputs, transposed ? outputs : from);
	if (bias)
		say(w, "w b%u f32 %d; ", n, outputs);
	say(w, "%s %s k%u", transposed ? "ConvTranspose" : "Conv", w->last, n);
	if (bias)
		say(w, " b%u", n);
	say(w, " -> v%u pads=1,1,1,1;", n);
	w->channels = outputs;
	w->weights += 1 + bias;
	step(w, false);
}

static void random_step(struct writer *w)
{
	unsigned n = w->node, kind = pick(w, 10);
	if (w->weights > 10)
		kind = 4 + kind % 6;
	if (kind < 3) {
		layer(w, kind == 2);
	} else if (kind == 3) {
		say(w, "w s%u f32 %d; w h%u f32 %d; w m%u f32 %d; w q%u f32 %d 0.2 2; BatchNormalization %s s%u h%u m%u q%u -> v%u;", n, w->channels, n, w->channels, n,
		    w->channels, n, w->channels, w->last, n, n, n, n, n);
		w->weights += 4;
		step(w, true);
	} else if (kind == 4 && w->weights < 15) {
		say(w, "w a%u f32 %dx1x1; Add %s a%u -> v%u;", n, w->channels, w->last, n, n);
		w->weights++;
		step(w, true);
	} else if (kind == 5 && w->older[0]) {
		say(w, "Add %s %s -> v%u;", w->older, w->last, n);
		step(w, true);
	} else {
		say(w, "%s %s -> v%u;", kind & 1 ? "Relu" : kind == 8 ? "Identity" : "LeakyRelu", w->last, n);
		step(w, true);
	}
}

static void random_text(struct writer *w, uint32_t seed)
{
	*w = (struct writer){.seed = seed, .channels = 2, .size = 5, .last = "x"};
	say(w, "in x f32 1x2x5x5;");
	unsigned steps = 3 + pick(w, 9);
	for (unsigned i = 0; i < steps; i++)
		random_step(w);
	say(w, "out %s", w->last);
	if (pick(w, 3) == 0) /* some value inside is an output, too */
		say(w, " v%u", pick(w, w->node));
}

static size_t count_fused(const char *text, uint32_t seed)
{
	struct text_graph plain, fused;
	struct execution a, b;
	struct fault f = {""};
	text_graph_new(&plain, text, seed);
	text_graph_new(&fused, text, seed);
	if (!fuse(fused.graph, &f))
		fail_msg("%s", f.text);
	const struct tensor *const *in = (const struct tensor *const *)plain.input;
	if (!execute(plain.graph, in, NULL, &a, &f) || !execute(fused.graph, in, NULL, &b, &f))
		fail_msg("%s: %s", text, f.text);
	compare(&a, &b, 1e-5);
	size_t gone = plain.graph->nodes - fused.graph->nodes;
	execution_free(&a);
	execution_free(&b);
	text_graph_free(&plain);
	text_graph_free(&fused);
	return gone;
}

static void random_graphs(void **state)
{
	(void)state;
	size_t gone = 0;
	struct writer w;
	for (uint32_t seed = 1; seed <= 400; seed++) {
		random_text(&w, seed);
		gone += count_fused(w.text, seed);
	}
	assert_true(gone > 400); /* they do fuse */
}

int main(void)
{
	enum { CASES = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[CASES + 1];
	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, fused_is_plain, NULL, NULL, (void *)(uintptr_t)&cases[i]};
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(random_graphs);
	return _cmocka_run_group_tests("fuse", tests, CASES + 1, NULL, NULL);
}
