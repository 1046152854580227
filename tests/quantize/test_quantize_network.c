/* Quantised networks: near the float ones, in the form that quantize.h promises, the same after a file; older operator sets mean the same when raised. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../network/graph_text.h"
#include "execute.h"
#include "onnx_save.h"
#include "opset_raise.h"
#include "quantize.h"
#include "quantize_network.h"

struct kind {
	const char *name, *text;
};

static const struct kind kinds[] = {
	{"convolution", "in x f32 2x3x8x8; w k f32 5x3x3x3; w b f32 5; Conv x k b -> y pads=1,1,1,1 strides=2,2; out y"},
	{"Relu, pool, Gemm", "in x f32 3x3x8x8; w k f32 4x3x3x3; w b f32 4; w m f32 64x6; w n f32 6; Conv x k b -> c pads=1,1,1,1; Relu c -> r;"
	                     "MaxPool r -> p kernel_shape=2,2 strides=2,2; Flatten p -> f; Gemm f m n -> y; out y"},
	{"groups", "in x f32 2x4x6x6; w k f32 6x2x3x3; Conv x k -> y group=2; out y"},
	{"depthwise", "in x f32 2x4x6x6; w k f32 4x1x3x3; w b f32 4; Conv x k b -> c group=4; Clip c -> y; out y"},
	{"one axis", "in x f32 2x4x9; w k f32 6x4x3; Conv x k -> y; out y"},
	{"transposed", "in x f32 2x3x5x5; w k f32 3x4x2x2; w b f32 4; ConvTranspose x k b -> y strides=2,2; out y"},
	{"transposed, groups", "in x f32 2x4x5x5; w k f32 4x2x2x2; w b f32 4; ConvTranspose x k b -> y group=2; out y"},
	{"Gemm, factors", "in x f32 4x7; w k f32 5x7; w b f32 5; Gemm x k b -> y transB=1 alpha=0.5 beta=3.0; out y"},
	{"Gemm, bias by row", "in x f32 4x7; w k f32 7x5; w b f32 4x1; Gemm x k b -> y alpha=0.5 beta=3.0; out y"},
	{"MatMul, bias, Relu", "in x f32 4x3x7; w k f32 7x5; w b f32 5; MatMul x k -> m; Add m b -> a; Relu a -> y; out y"},
	{"MatMul, weights by batch", "in x f32 3x4x7; w k f32 3x7x5; MatMul x k -> y; out y"},
	{"product of activations", "in x f32 3x4x7; Transpose x -> t perm=0,2,1; MatMul x t -> s; Softmax s -> p; MatMul p x -> y; out y"},
	{"weights behind nodes", "in x f32 4x7; w k f32 5x7; Transpose k -> t perm=1,0; MatMul x t -> y; out y"},
	{"residual", "in x f32 2x4x6x6; w k f32 4x4x3x3; w l f32 4x4x3x3; Conv x k -> c pads=1,1,1,1; Relu c -> r; Conv r l -> d pads=1,1,1,1; Add d r -> s;"
	             "Relu s -> t; Conv t k -> y; out y r"},
	{"two readers", "in x f32 2x3x6x6; w k f32 4x3x1x1; w l f32 4x4x1x1; w m f32 2x4x1x1; Conv x k -> c; Relu c -> r; Conv r l -> d; Conv r m -> e;"
	                "Concat d e -> y axis=1; out y"},
};

/* A network ready to be quantised in many ways. */
struct bed {
	struct text_graph t;
	struct quant_plan plan;
	struct calibration c;
	struct execution want;
};

static void good(bool yes, const struct fault *f, const char *what)
{
	if (!yes)
		fail_msg("%s: %s", what, f->text);
}

static void bed_open(struct bed *b, const char *text, uint32_t seed)
{
	struct fault f = {""};
	text_graph_new(&b->t, text, seed);
	good(quant_plan_new(b->t.graph, &b->plan, &f), &f, text);
	good(calibrate(&b->plan, b->t.input[0], 0, (size_t)b->t.input[0]->dim[0], 1, &b->c, &f), &f, text);
	good(execute(b->t.graph, (const struct tensor *const *)b->t.input, NULL, &b->want, &f), &f, text);
}

static void bed_close(struct bed *b)
{
	execution_free(&b->want);
	calibration_free(&b->c);
	quant_plan_free(&b->plan);
	text_graph_free(&b->t);
}

static struct graph *quantised(const struct bed *b, const char *const *precision, bool symmetric, bool per_tensor, struct quantize_result *result)
{
	struct bitlet_precision p[8];
	struct fault f = {""};
	struct quantize_options o = {.activations = {CALIBRATE_MINMAX, 0, symmetric}, .per_tensor = per_tensor};
	for (size_t i = 0; i < b->plan.layers; i++)
		assert_true(bitlet_precision_parse(precision[i], &p[i]));
	struct graph *g = quantize_network(&b->plan, &b->c, &o, p, result, &f);
	good(g != NULL, &f, precision[0]);
	return g;
}

/* Of each output: distance over the largest number. */
static double distance(const struct execution *a, const struct execution *b)
{
	double worst = 0;
	assert_int_equal(a->graph->outputs, b->graph->outputs);
	for (size_t i = 0; i < a->graph->outputs; i++) {
		const struct tensor *x = a->value[a->graph->output[i]], *y = b->value[b->graph->output[i]];
		double top = 0, off = 0;
		assert_string_equal(a->graph->value[a->graph->output[i]].name, b->graph->value[b->graph->output[i]].name);
		assert_int_equal(x->count, y->count);
		for (size_t j = 0; j < x->count; j++) {
			top = fmax(top, fabs(tensor_number(y, j)));
			off = fmax(off, fabs(tensor_number(x, j) - tensor_number(y, j)));
		}
		worst = fmax(worst, off / top);
	}
	return worst;
}

/* Runs it, and the same after a file: equal bytes. Returns the distance from the float network. */
static double run(const struct bed *b, const struct graph *g)
{
	struct fault f = {""};
	struct execution e, again;
	size_t size;
	uint8_t *data = onnx_pack(g, &size, &f);
	struct graph *back = data ? onnx_parse(data, size, "back", NULL, &f) : NULL;
	good(back != NULL, &f, "file");
	good(execute(g, (const struct tensor *const *)b->t.input, NULL, &e, &f), &f, "run");
	good(execute(back, (const struct tensor *const *)b->t.input, NULL, &again, &f), &f, "run of the file");
	for (size_t i = 0; i < g->outputs; i++)
		assert_true(tensor_equal(e.value[g->output[i]], again.value[back->output[i]]));
	double d = distance(&e, &b->want);
	execution_free(&e);
	execution_free(&again);
	graph_free(back);
	free(data);
	return d;
}

static void test_kinds(void **state)
{
	(void)state;
	static const struct {
		const char *precision;
		double within;
	} grade[] = {{"int5", 0.4}, {"int8", 0.04}, {"w8au8", 0.04}, {"int12", 0.003}, {"w12a16", 0.003}, {"int16", 0.0003}, {"int24", 1e-6}, {"fp16", 2e-3}, {"fp32", 0}};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct bed b;
		bed_open(&b, kinds[i].text, (uint32_t)i);
		for (size_t j = 0; j < sizeof grade / sizeof grade[0]; j++)
			for (int way = 0; way < 3; way++) {
				const char *p[8] = {grade[j].precision, grade[j].precision, grade[j].precision, grade[j].precision};
				if (way == 1 && !strcmp(p[0], "w8au8"))
					continue; /* numbers below 0 need a zero point there */
				struct graph *g = quantised(&b, p, way == 1, way == 2, NULL);
				double d = run(&b, g);
				/* symmetric codes use half of the range behind a Relu; one scale is coarser */
				if (!(d <= grade[j].within * (way ? 2 : 1)))
					fail_msg("%s, %s, way %d: distance %g", kinds[i].name, p[0], way, d);
				graph_free(g);
			}
		bed_close(&b);
	}
}

static const struct graph_node *node_of(const struct graph *g, const char *name)
{
	for (size_t i = 0; i < g->nodes; i++)
		if (!strcmp(g->node[i].name, name))
			return &g->node[i];
	fail_msg("no node %s", name);
	return NULL;
}

static const struct graph_node *source(const struct graph *g, const struct graph_node *n, size_t input)
{
	assert_true(g->value[n->input[input]].producer != GRAPH_NONE);
	return &g->node[g->value[n->input[input]].producer];
}

static const struct tensor *weights(const struct graph *g, const struct graph_node *n, size_t input)
{
	assert_non_null(g->value[n->input[input]].constant);
	return g->value[n->input[input]].constant;
}

/* Convolution in w4a8, Gemm in int8: the operators, types and shapes of quantize.h, one pair behind the Relu and one with the same scale before the Gemm. */
static void test_form(void **state)
{
	(void)state;
	struct bed b;
	struct quantize_result r[2];
	bed_open(&b, kinds[1].text, 3);
	struct graph *g = quantised(&b, (const char *const[]){"w4a8", "int8"}, false, false, r);
	const struct graph_node *conv = node_of(g, "c"), *gemm = node_of(g, "y"), *pool = node_of(g, "p");
	unsigned bits;
	bool is_signed;
	struct fault f = {""};
	const struct graph_node *w = source(g, conv, 1), *x = source(g, conv, 0), *bias = source(g, conv, 2);
	assert_string_equal(w->op, DEQUANTIZE_OP);
	assert_true(quantize_field(w, TENSOR_INT8, &bits, &is_signed, &f) && bits == 4 && is_signed);
	assert_int_equal(weights(g, w, 0)->type, TENSOR_INT8);
	assert_int_equal(weights(g, w, 1)->count, 4);
	assert_string_equal(x->op, "DequantizeLinear");
	assert_string_equal(source(g, x, 0)->op, "QuantizeLinear");
	assert_int_equal(weights(g, x, 2)->type, TENSOR_INT8);
	assert_string_equal(bias->op, "DequantizeLinear");
	assert_int_equal(weights(g, bias, 0)->type, TENSOR_INT32);
	for (size_t i = 0; i < 4; i++) {
		float want = ((const float *)weights(g, x, 1)->data)[0] * ((const float *)weights(g, w, 1)->data)[i];
		assert_true(((const float *)weights(g, bias, 1)->data)[i] == want);
	}
	const struct graph_node *in = source(g, gemm, 0), *pooled = source(g, pool, 0);
	assert_string_equal(in->op, "DequantizeLinear");
	assert_string_equal(pooled->op, "DequantizeLinear");
	assert_string_equal(source(g, source(g, pooled, 0), 0)->op, "Relu");
	assert_true(tensor_equal(weights(g, in, 1), weights(g, pooled, 1)) && tensor_equal(weights(g, in, 2), weights(g, pooled, 2)));
	assert_int_equal(tensor_integer(weights(g, in, 2), 0), -128); /* behind a Relu */
	assert_int_equal(source(g, gemm, 1)->attribute[0].i, 1);
	assert_true(r[0].weight_noise > r[1].weight_noise && r[1].weight_noise > 0 && r[0].act_noise > 0 && r[1].act.zero == -128);
	graph_free(g);
	bed_close(&b);
}

/* A layer that stays float reads and gives floats; bf16 weights are rounded. */
static void test_mixed(void **state)
{
	(void)state;
	struct bed b;
	bed_open(&b, kinds[1].text, 4);
	struct graph *g = quantised(&b, (const char *const[]){"bf16", "int4"}, false, false, NULL);
	const struct graph_node *conv = node_of(g, "c");
	assert_true(g->value[conv->input[0]].is_input);
	const struct tensor *t = weights(g, conv, 1);
	size_t kept = 0;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t word;
		memcpy(&word, (const float *)t->data + i, sizeof word);
		assert_int_equal(word & 0xffff, 0);
		kept += word != 0;
	}
	assert_int_equal(kept, t->count);
	assert_string_equal(source(g, node_of(g, "y"), 0)->op, DEQUANTIZE_OP);
	assert_true(run(&b, g) < 0.4);
	graph_free(g);
	bed_close(&b);
}

/* Largest difference of an output channel's mean ([image][channel][...]) from the float network's, in parts of the largest mean. */
static double mean_distance(const struct bed *b, const struct graph *g)
{
	struct fault f = {""};
	struct execution e;
	good(execute(g, (const struct tensor *const *)b->t.input, NULL, &e, &f), &f, "run");
	const struct tensor *x = e.value[g->output[0]], *y = b->want.value[b->t.graph->output[0]];
	size_t channels = (size_t)x->dim[1], inner = x->count / (size_t)(x->dim[0] * x->dim[1]);
	double have[16] = {0}, want[16] = {0}, off = 0, top = 0;
	for (size_t i = 0; i < x->count; i++) {
		have[i / inner % channels] += tensor_number(x, i);
		want[i / inner % channels] += tensor_number(y, i);
	}
	for (size_t c = 0; c < channels; c++) {
		off = fmax(off, fabs(have[c] - want[c]));
		top = fmax(top, fabs(want[c]));
	}
	execution_free(&e);
	return off / top;
}

/* Two-bit weights on inputs above 0 move the mean outputs; the corrected bias, with or without one before, moves them back. */
static void test_bias_correction(void **state)
{
	(void)state;
	static const char *const text[] = {
		"in x f32 9x4x3x3 0 1; w k f32 6x4x1x1; w b f32 6; Conv x k b -> y; out y", "in x f32 9x4x3x3 0 1; w k f32 6x2x1x1; Conv x k -> y group=2; out y",
		"in x f32 9x5 0 1; w k f32 7x5; w b f32 7; Gemm x k b -> y transB=1 alpha=0.5 beta=2.0; out y", "in x f32 9x5 0 1; w k f32 5x7; Gemm x k -> y; out y",
	};
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct bed b;
		struct bitlet_precision p;
		struct fault f = {""};
		bed_open(&b, text[i], (uint32_t)i);
		assert_true(bitlet_precision_parse("w2a16", &p));
		for (int keep = 0; keep < 2; keep++) {
			struct quantize_options o = {.keep_bias = keep};
			struct graph *g = quantize_network(&b.plan, &b.c, &o, &p, NULL, &f);
			good(g != NULL, &f, text[i]);
			double d = mean_distance(&b, g);
			if (keep ? d < 0.02 : d > 0.001)
				fail_msg("%s, bias %s: means are off by %g", text[i], keep ? "kept" : "corrected", d);
			assert_int_equal(node_of(g, "y")->inputs, keep && !strstr(text[i], "w b") ? 2 : 3);
			graph_free(g);
		}
		bed_close(&b);
	}
}

static void test_wide_bias_stays_float(void **state)
{
	(void)state;
	struct bed b;
	struct quantize_result r[1];
	bed_open(&b, kinds[0].text, 5);
	struct graph *g = quantised(&b, (const char *const[]){"int24"}, false, false, r);
	assert_true(r[0].float_bias);
	assert_int_equal(weights(g, node_of(g, "y"), 2)->type, TENSOR_FLOAT32);
	graph_free(g);
	g = quantised(&b, (const char *const[]){"int12"}, false, false, r);
	assert_false(r[0].float_bias);
	graph_free(g);
	bed_close(&b);
}

static void test_faults(void **state)
{
	(void)state;
	struct text_graph t;
	struct quant_plan p;
	struct calibration c;
	struct fault f = {""};
	text_graph_new(&t, "in x f32 3; Relu x -> y; out y", 1);
	assert_false(quant_plan_new(t.graph, &p, &f));
	assert_string_equal(f.text, "no convolution or product of an activation; expected at least one");
	text_graph_free(&t);
	text_graph_new(&t, "in x f32 2x3; c k f32 3x1 1 2 nan; MatMul x k -> y; out y", 1);
	f.text[0] = '\0';
	good(quant_plan_new(t.graph, &p, &f), &f, "plan");
	assert_false(calibrate(&p, t.input[0], 0, 2, 1, &c, &f));
	assert_string_equal(f.text, "activation 'y' is not finite on these images; expected finite numbers");
	quant_plan_free(&p);
	text_graph_free(&t);
	struct bed b;
	bed_open(&b, kinds[0].text, 6);
	struct bitlet_precision u;
	struct quantize_options o = {.per_tensor = false};
	assert_true(bitlet_precision_parse("uint8", &u));
	f.text[0] = '\0';
	assert_null(quantize_network(&b.plan, &b.c, &o, &u, NULL, &f));
	assert_string_equal(f.text, "node 'y' (Conv): weights below 0 in an unsigned field; expected a precision with signed weights");
	bed_close(&b);
}

/* ---- bitlet's operators */

static bool run_text(const char *text, struct fault *f, double *first)
{
	struct text_graph t;
	struct execution e;
	text_graph_new(&t, text, 7);
	bool done = execute(t.graph, (const struct tensor *const *)t.input, NULL, &e, f);
	if (done) {
		*first = tensor_number(e.value[t.graph->output[0]], 0);
		execution_free(&e);
	}
	text_graph_free(&t);
	return done;
}

static void test_operators(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double want;
	} right[] = {
		{"in x f32 1; c v f32 1 2.5; c s f32 - 1; bitlet.QuantizeLinear v s -> y bits=4 signed=1; out y", 2},
		{"in x f32 1; c v f32 1 100; c s f32 - 1; bitlet.QuantizeLinear v s -> y bits=4 signed=1; out y", 7},
		{"in x f32 1; c v f32 1 -100; c s f32 - 1; bitlet.QuantizeLinear v s -> y bits=4 signed=1; out y", -8},
		{"in x f32 1; c v f32 1 -100; c s f32 - 1; c z u8 - 3; bitlet.QuantizeLinear v s z -> y bits=4 signed=0; out y", 0},
		{"in x f32 1; c v f32 1 100; c s f32 - 0.001; c z i16 - 3; bitlet.QuantizeLinear v s z -> y bits=12 signed=1; out y", 2047},
		{"in x f32 1; c v f32 1 1e9; c s f32 - 1; bitlet.QuantizeLinear v s -> y bits=24 signed=0; out y", 16777215},
		{"in x f32 1; c v f32 1 nan; c s f32 - 1; c z i8 - -2; bitlet.QuantizeLinear v s z -> y bits=3 signed=1; out y", -2},
		{"in x f32 1; c v i8 1 -4; c s f32 - 0.5; c z i8 - 3; bitlet.DequantizeLinear v s z -> y bits=3 signed=1; out y", -3.5},
		{"in x f32 1; c v u16 2x1 9 1; c s f32 1 0.25; bitlet.DequantizeLinear v s -> y bits=9 signed=0 axis=1; out y", 2.25},
	};
	static const struct {
		const char *text, *fault;
	} wrong[] = {
		{"in x f32 1; c v i8 1 -5; c s f32 - 1; bitlet.DequantizeLinear v s -> y bits=3 signed=1; out y",
		 "node 'y' (bitlet.DequantizeLinear): code -5 at element 0; expected -4 to 3"},
		{"in x f32 1; c v u8 1 1; c s f32 - 1; bitlet.DequantizeLinear v s -> y bits=3 signed=1; out y",
		 "node 'y' (bitlet.DequantizeLinear): input 0 is uint8; expected int8"},
		{"in x f32 1; c v i8 1 1; c s f32 - 1; bitlet.DequantizeLinear v s -> y bits=3; out y",
		 "node 'y' (bitlet.DequantizeLinear): lacks attribute bits or signed; expected both"},
		{"in x f32 1; c v f32 1 1; c s f32 - 1; c z i8 - 8; bitlet.QuantizeLinear v s z -> y bits=4 signed=1; out y",
		 "node 'y' (bitlet.QuantizeLinear): zero point 8 in input 2; expected -8 to 7"},
	};
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		struct fault f = {""};
		double v = 0;
		good(run_text(right[i].text, &f, &v), &f, right[i].text);
		if (v != right[i].want)
			fail_msg("%s: %g, expected %g", right[i].text, v, right[i].want);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct fault f = {""};
		double v = 0;
		assert_false(run_text(wrong[i].text, &f, &v));
		assert_string_equal(f.text, wrong[i].fault);
	}
}

/* ---- operator sets */

static void test_raise(void **state)
{
	(void)state;
	static const char *const text[] = {
		"in x f32 2x3x4; Clip x -> y min=-0.5 max=0.25; out y", "in x f32 2x3x4; Slice x -> y starts=1,0 ends=2,2 axes=0,2; out y",
		"in x f32 2x1x4; Squeeze x -> a axes=1,; Unsqueeze a -> y axes=0,2; out y", "in x f32 2x4; Softmax x -> y; out y", "in x f32 2x4; Softmax x -> y axis=1; out y",
		"in x f32 2x3x4; ReduceSum x -> y axes=0,2; out y", "in x f32 2x6; Split x -> y z axis=1 split=2,4; out y z", "in x f32 2x3; Dropout x -> a ratio=0.5; Relu a -> y; out y",
		"in x f32 2x3x2; Pad x -> y pads=0,1,0,0,1,2 value=0.5; out y",
	};
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct text_graph t;
		struct execution want, have;
		struct fault f = {""};
		text_graph_new(&t, text[i], (uint32_t)i);
		t.graph->opset = 9;
		good(execute(t.graph, (const struct tensor *const *)t.input, NULL, &want, &f), &f, text[i]);
		double first = tensor_number(want.value[t.graph->output[0]], 0);
		struct tensor *copy = tensor_copy(want.value[t.graph->output[0]], &f);
		execution_free(&want);
		good(opset_raise(t.graph, 13, &f), &f, text[i]);
		assert_int_equal(t.graph->opset, 13);
		assert_int_equal(t.graph->node[0].attributes, strstr(text[i], "Softmax") || strstr(text[i], "Split") ? 1 : 0);
		good(execute(t.graph, (const struct tensor *const *)t.input, NULL, &have, &f), &f, text[i]);
		assert_true(tensor_equal(copy, have.value[t.graph->output[0]]) && first == tensor_number(copy, 0));
		tensor_free(copy);
		execution_free(&have);
		text_graph_free(&t);
	}
}

static void test_raise_refuses(void **state)
{
	(void)state;
	static const char *const text[][2] = {
		{"in x f32 2x3x4; Softmax x -> y axis=1; out y",
		 "node 'y' (Softmax): runs over several axes, which newer operator sets lack; expected a network exported with operator set 13 or newer"},
		{"in x f32 1x1x2x2; c s f32 4 1 1 2 2; Upsample x s -> y; out y",
		 "node 'y' (Upsample): of operator set 9 is written otherwise from 10 on; expected a network exported with operator set 13 or newer"},
	};
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct text_graph t;
		struct fault f = {""};
		text_graph_new(&t, text[i][0], 1);
		t.graph->opset = 9;
		assert_false(opset_raise(t.graph, 13, &f));
		assert_string_equal(f.text, text[i][1]);
		text_graph_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds), cmocka_unit_test(test_form), cmocka_unit_test(test_mixed), cmocka_unit_test(test_bias_correction), cmocka_unit_test(test_wide_bias_stays_float),
		cmocka_unit_test(test_faults), cmocka_unit_test(test_operators), cmocka_unit_test(test_raise), cmocka_unit_test(test_raise_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
