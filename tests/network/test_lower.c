/* Nodes of networks as layers: the core's result is the host's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fuse.h"
#include "graph_text.h"
#include "lower_run.h"

/*
 * Every case runs on these, in the mode that lower_mode() picks; edge-int8 has no floats: there float networks become int8. Wide fixed precisions
 * must not lose sums that leave 32 bits.
 */
static const struct {
	const char *preset;
	double floats;              /* tolerance of a float network's results */
	const char *precision;      /* NULL: automatic */
} presets[] = {{"tiny", 1e-5, NULL}, {"edge-int8", 0.05, NULL}, {"fp32-n16", 1e-5, NULL}, {"fp32-n16", 2e-3, "int16"}, {"paper", 2e-3, "int24"}};

struct kind {
	const char *name, *text;
};

static const struct kind cases[] = {
	{"conv 2-D", "in x f32 2x3x7x6; w k f32 5x3x3x2; w b f32 5; Conv x k b -> y pads=1,0,0,1 strides=2,1; out y"},
	{"conv, no bias, dilated", "in x f32 1x2x9x8; w k f32 3x2x3x3; Conv x k -> y dilations=2,3 auto_pad=SAME_LOWER; out y"},
	{"conv 1-D, grouped", "in x f32 2x6x11; w k f32 4x3x4; w b f32 4; Conv x k b -> y group=2 strides=3, pads=2,1; out y"},
	{"conv 3-D", "in x f32 1x2x4x3x5; w k f32 3x2x2x3x2; Conv x k -> y pads=0,1,1,1,1,0 strides=1,2,1; out y"},
	{"depthwise", "in x f32 1x5x6x6; w k f32 10x1x3x3; w b f32 10; Conv x k b -> y group=5 auto_pad=SAME_UPPER; out y"},
	{"pointwise, clamped", "in x f32 2x7x3x1; w k f32 9x7x1x1; Conv x k -> y clamp_low=0.0 clamp_high=0.5; out y"},
	{"kernel beyond the picture", "in x f32 1x1x2x2; w k f32 2x1x5x5; Conv x k -> y pads=4,4,4,4; out y"},
	{"transposed 2-D", "in x f32 2x4x5x6; w k f32 4x3x3x2; w b f32 3; ConvTranspose x k b -> y strides=2,3 pads=1,0,0,1; out y"},
	{"transposed, grouped, dilated, padded output", "in x f32 1x4x5x6; w k f32 4x3x3x3; ConvTranspose x k -> y group=2 strides=2,2 dilations=2,1 pads=1,1,1,1"
	                                                "  output_padding=1,0; out y"},
	{"transposed, output shape", "in x f32 1x2x4x4; w k f32 2x3x3x3; ConvTranspose x k -> y strides=2,2 output_shape=8,9 auto_pad=SAME_UPPER; out y"},
	{"transposed, SAME_LOWER", "in x f32 1x2x4x4; w k f32 2x3x4x3; ConvTranspose x k -> y strides=2,2 auto_pad=SAME_LOWER; out y"},
	{"transposed, rows that no tap meets", "in x f32 1x2x3x3; w k f32 2x3x1x2; w b f32 3; ConvTranspose x k b -> y strides=3,3 output_padding=2,1 clamp_low=0.0; out y"},
	{"transposed 1-D", "in x f32 1x2x7; w k f32 2x3x4; ConvTranspose x k -> y strides=3,; out y"},
	{"transposed 3-D", "in x f32 1x2x3x2x4; w k f32 2x2x2x3x2; ConvTranspose x k -> y strides=1,2,2 pads=0,1,0,1,1,0; out y"},
	{"bias far above the sums", "in x f32 2x6; c k f32 6x2 1e-12 1 2e-12 1 -1e-12 0.5 1e-12 -0.5 1e-12 1 1e-12 1; c b f32 2 0.7 -0.3; Gemm x k b -> y; out y"},
	{"dense, Gemm", "in x f32 3x10; w k f32 10x4; w b f32 4; Gemm x k b -> y; out y"},
	{"Gemm, turned, scaled", "in x f32 10x3; w k f32 4x10; w b f32 1x4; Gemm x k b -> y transA=1 transB=1 alpha=0.5 beta=-2.0; out y"},
	{"Gemm, computed weights", "in x f32 3x10; in k f32 4x10; w b f32 1; Gemm x k b -> y transB=1 alpha=1.5; out y"},
	{"Gemm, computed, turned", "in x f32 10x3; in k f32 10x4; Gemm x k -> y transA=1; out y"},
	{"MatMul by weights", "in x f32 2x3x4x6; w k f32 6x5; MatMul x k -> y; out y"},
	{"MatMul by weights, vector", "in x f32 2x3x6; w k f32 6; MatMul x k -> y; out y"},
	{"MatMul, third input", "in x f32 5x6; w k f32 6x5; w b f32 5; MatMul x k b -> y clamp_low=-0.25; out y"},
	{"MatMul of computed batches", "in x f32 2x3x4x6; in k f32 2x3x6x5; MatMul x k -> y; out y"},
	{"MatMul, right one for all", "in x f32 2x3x4x6; in k f32 6x5; MatMul x k -> y; out y"},
	{"MatMul, left one for all", "in x f32 4x6; in k f32 3x6x5; MatMul x k -> y; out y"},
	{"MatMul, both repeated", "in x f32 2x1x4x6; in k f32 3x6x5; MatMul x k -> y; out y"},
	{"MatMul, vectors", "in x f32 7; in k f32 7; MatMul x k -> y; out y"},
	{"MatMul by weights in batches", "in x f32 3x4x6; w k f32 3x6x5; MatMul x k -> y; out y"},
	{"long dot product", "in x f32 2x300; w k f32 300x3; MatMul x k -> y; out y"},
	{"QLinearConv, uint8", "in x u8 1x3x6x5; c xs f32 - 0.02; c xz u8 - 120; w k i8 4x3x3x3; w ks f32 4 0.001 0.01; c ys f32 - 0.05; c yz u8 - 130;"
	                       "c kz i8 - 0; w b i32 4; QLinearConv x xs xz k ks kz ys yz b -> y pads=1,1,1,1; out y"},
	{"QLinearConv, int8", "in x i8 2x4x5x5; c xs f32 1 0.02; c xz i8 1 -3; w k i8 6x2x2x2; c ks f32 1 0.01; c kz i8 1 0; c ys f32 1 0.01; c yz i8 1 7;"
	                      "QLinearConv x xs xz k ks kz ys yz -> y group=2; out y"},
	{"QLinearConv, weights' zero", "in x u8 1x2x5x5; c xs f32 - 0.02; c xz u8 - 0; w k u8 3x2x2x2 0 255; c ks f32 - 0.01; c kz u8 - 128; c ys f32 - 0.02;"
	                               "c yz u8 - 3; QLinearConv x xs xz k ks kz ys yz -> y; out y"},
	{"QLinearConv, zeros by channel", "in x u8 1x2x5x5; c xs f32 - 0.02; c xz u8 - 9; w k u8 3x2x2x2 60 160; w ks f32 3 0.01 0.02; c kz u8 3 100 110 120;"
	                                  "c ys f32 - 0.02; c yz u8 - 3; QLinearConv x xs xz k ks kz ys yz -> y; out y"},
	{"QLinearMatMul", "in x u8 2x4x9; c xs f32 - 0.02; c xz u8 - 7; w k i8 9x5; w ks f32 5 0.01 0.02; c kz i8 - 0; c ys f32 - 0.05; c yz i8 - 1;"
	                  "QLinearMatMul x xs xz k ks kz ys yz -> y; out y"},
	{"QLinearMatMul, both computed", "in x u8 2x4x9; in k u8 2x9x3; c s f32 - 0.01; c z u8 - 128; QLinearMatMul x s z k s z s z -> y; out y"},
	{"MatMulInteger", "in x u8 2x4x9; w k i8 9x5; c z u8 - 100; MatMulInteger x k z -> y; out y"},
	{"com.microsoft.QGemm", "in x u8 4x9; c xs f32 - 0.02; c xz u8 - 7; w k i8 5x9; c ks f32 - 0.01; c kz i8 - 0; w b i32 5; c ys f32 - 0.05; c yz u8 - 1;"
	                        "com.microsoft.QGemm x xs xz k ks kz b ys yz -> y transB=1; out y"},
	{"ConvInteger", "in x u8 1x2x6x6; w k i8 3x2x3x3; c z u8 - 100; ConvInteger x k z -> y strides=2,2; out y"},
};

/* Quantise-dequantise form, fused first; one layer each, equal to the host's. */
#define QDQ(inputs, operator) \
	"in x u8 " inputs "; c xs f32 - 0.02; c xz u8 - 128; c ys f32 - 0.05; c yz u8 - 100; DequantizeLinear x xs xz -> xf; DequantizeLinear k ks -> kf axis=0;" operator

static const struct kind quantised[] = {
	{"clamped codes", QDQ("1x3x5x5", "w k i8 4x3x3x3; w ks f32 4 0.001 0.02; w b f32 4; Conv xf kf b -> c pads=1,1,1,1; Relu c -> r; QuantizeLinear r ys yz -> y; out y")},
	{"float result of codes", QDQ("1x4x5x5", "w k i8 4x2x3x3; w ks f32 4 0.001 0.02; w b f32 4; Conv xf kf b -> c group=2; Relu c -> y; out y")},
	{"Gemm of codes", QDQ("3x70", "w k i8 4x70; w ks f32 4 0.001 0.02; w b f32 4; Gemm xf kf b -> c transB=1; QuantizeLinear c ys yz -> y; out y")},
	{"Gemm of codes, float result", QDQ("3x70", "w k i8 4x70; w ks f32 4 0.001 0.02; Gemm xf kf -> y transB=1; out y")},
	{"MatMul of codes and bias", QDQ("2x3x7", "w k i8 7x4; c ks f32 - 0.01; w a f32 4; MatMul xf kf -> c; Add a c -> d; QuantizeLinear d ys yz -> y; out y")},
	{"uint8 weights", QDQ("1x3x5x5", "w k u8 4x3x3x3 0 127; c ks f32 - 0.01; Conv xf kf -> c; QuantizeLinear c ys yz -> y; out y")},
};

struct narrow {
	const char *name, *text, *preset, *precision; /* the one that lower_mode() must pick */
};

#define FIELDS(type, bits, is_signed, range, weights, w_bits) \
	"in x " type " 1x3x5x5 " range "; c xs f32 - 0.1; c ys f32 - 0.2; w k i16 4x3x3x3 " weights "; w ks f32 4 0.01 0.1;" \
	"bitlet.DequantizeLinear x xs -> xf bits=" bits " signed=" is_signed "; bitlet.DequantizeLinear k ks -> kf bits=" w_bits " signed=1 axis=0;" \
	"Conv xf kf -> c; bitlet.QuantizeLinear c ys -> y bits=" bits " signed=" is_signed "; out y"
#define FIELDS8(bits, is_signed, type, range, weights, w_bits) \
	"in x " type " 1x3x5x5 " range "; c xs f32 - 0.1; c ys f32 - 0.2; w k i8 4x3x3x3 " weights "; w ks f32 4 0.01 0.1; w b f32 4;" \
	"bitlet.DequantizeLinear x xs -> xf bits=" bits " signed=" is_signed "; bitlet.DequantizeLinear k ks -> kf bits=" w_bits " signed=1 axis=0;" \
	"Conv xf kf b -> c pads=1,1,1,1; Relu c -> r; bitlet.QuantizeLinear r ys -> y bits=" bits " signed=" is_signed "; out y"

static const struct narrow narrows[] = {
	{"int4 in int4", FIELDS8("4", "1", "i8", "-8 7", "-8 7", "4"), "tiny", "int4"},
	{"unsigned 4 bits in int4", FIELDS8("4", "0", "u8", "0 15", "-7 7", "4"), "tiny", "int4"},
	{"5 bits need int8", FIELDS8("5", "1", "i8", "-16 15", "-8 7", "4"), "tiny", "int8"},
	{"w4a8", FIELDS8("8", "1", "i8", "-128 127", "-8 7", "4"), "edge-int8", "w4a8"},
	{"w8au8", FIELDS8("8", "0", "u8", "0 255", "-128 127", "8"), "edge-int8", "w8au8"},
	{"unsigned 8 bits, small weights", FIELDS8("8", "0", "u8", "0 255", "-7 7", "8"), "edge-int8", "w4a8"},
	{"12 bits in int16", FIELDS("i16", "12", "1", "-2048 2047", "-2000 2000", "12"), "fp32-n16", "int16"},
	{"16 unsigned bits in int16", FIELDS("u16", "16", "0", "0 65535", "-2000 2000", "12"), "fp32-n16", "int16"},
};

/* Layers that stay on the host. */
struct refusal {
	const char *name, *text, *preset, *precision, *why; /* precision NULL: automatic */
};

static const struct refusal refusals[] = {
	{"computed filters", "in x f32 1x3x5x5; in k f32 2x3x3x3; Conv x k -> y; out y", "tiny", NULL, "weights are computed"},
	{"computed bias", "in x f32 1x3; w k f32 3x2; in b f32 2; Gemm x k b -> y; out y", "tiny", NULL, "its bias is computed"},
	{"bias by row", "in x f32 3x3; w k f32 3x2; w b f32 3x1; Gemm x k b -> y; out y", "tiny", NULL, "its bias is not one number a channel"},
	{"alpha 0", "in x f32 3x3; w k f32 3x2; w b f32 2; Gemm x k b -> y alpha=0.0; out y", "tiny", NULL, "alpha is 0"},
	{"codes in a float precision", QDQ("1x3x5x5", "w k i8 4x3x3x3; c ks f32 - 0.01; Conv xf kf -> c; QuantizeLinear c ys yz -> y; out y"), "tiny", "fp32",
	 "is quantised; expected a float network for fp32"},
	{"codes in too narrow a precision", QDQ("1x3x5x5", "w k i8 4x3x3x3; c ks f32 - 0.01; Conv xf kf -> c; QuantizeLinear c ys yz -> y; out y"), "tiny", "int4",
	 "do not fit into int4"},
	{"activations too wide", QDQ("1x3x5x5", "w k i8 4x3x3x3 -7 7; c ks f32 - 0.01; Conv xf kf -> c; QuantizeLinear c ys yz -> y; out y"), "tiny", "int4",
	 "activations of 0..255, zero point 128, do not fit into int4"},
	{"16 bits where there are 8", FIELDS("i16", "12", "1", "-2048 2047", "-2000 2000", "12"), "edge-int8", NULL, "no precision of the configuration holds its codes"},
	{"zero point of a product", "in x u8 2x4x9; in k u8 2x9x3; c s f32 - 0.01; c z u8 - 100; QLinearMatMul x s z k s z s z -> y; out y", "edge-int8", "int8",
	 "do not fit"},
	{"sums beyond 32 bits", "in x u16 1x3x5x5 0 65535; c xs f32 - 0.1; c ys f32 - 9000.0; w k i16 4x3x3x3 -20000 20000; c ks f32 - 0.1;"
	                        "bitlet.DequantizeLinear x xs -> xf bits=16 signed=0; bitlet.DequantizeLinear k ks -> kf bits=16 signed=1;"
	                        "Conv xf kf -> c pads=1,1,1,1; bitlet.QuantizeLinear c ys -> y bits=16 signed=0; out y", "paper", NULL, "sums could reach"},
	{"scale that is computed", "in x u8 1x2x3x3; in s f32 1 0.1 1; c z u8 - 0; w k i8 1x2x2x2; c ks f32 - 0.1; c kz i8 - 0; QLinearConv x s z k ks kz ks z -> y; out y",
	 "tiny", NULL, "the scale of its activations is computed"},
	{"weights that are not finite", "in x f32 1x2; c k f32 2x1 1 inf; MatMul x k -> y; out y", "edge-int8", NULL, "weights that are not finite"},
};

static void layer_on_presets(void **state)
{
	const struct kind *k = *state;
	struct text_graph t;
	struct lower_run r;
	text_graph_new(&t, k->text, 1);
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
		lower_run_open(&r, presets[i].preset);
		lower_run_graph(&r, t.graph, t.input, presets[i].precision ? lower_run_mode(&r, presets[i].precision) : LOWER_AUTO, presets[i].floats);
		if (r.layers != 1 || r.kept)
			fail_msg("%s: %u layers, %u on the host: %s", presets[i].preset, r.layers, r.kept, r.why);
	}
	text_graph_free(&t);
}

static void quantised_on_presets(void **state)
{
	const struct kind *k = *state;
	struct text_graph t;
	struct lower_run r;
	struct fault f = {""};
	text_graph_new(&t, k->text, 3);
	if (!fuse(t.graph, &f))
		fail_msg("%s", f.text);
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
		lower_run_open(&r, presets[i].preset);
		lower_run_graph(&r, t.graph, t.input, presets[i].precision ? lower_run_mode(&r, presets[i].precision) : LOWER_AUTO, 0);
		if (r.layers != 1 || r.kept)
			fail_msg("%s: %u layers, %u on the host: %s", presets[i].preset, r.layers, r.kept, r.why);
	}
	text_graph_free(&t);
}

static void narrow_fields(void **state)
{
	const struct narrow *k = *state;
	struct text_graph t;
	struct lower_run r;
	struct shapes s;
	struct fault f = {""};
	text_graph_new(&t, k->text, 5);
	if (!fuse(t.graph, &f) || !shapes_of(t.graph, NULL, &s, &f))
		fail_msg("%s", f.text);
	lower_run_open(&r, k->preset);
	assert_int_equal(t.graph->nodes, 1);
	assert_int_equal(lower_mode(t.graph, &s, 0, &r.derived), lower_run_mode(&r, k->precision));
	lower_run_graph(&r, t.graph, t.input, LOWER_AUTO, 0);
	assert_int_equal(r.layers, 1);
	shapes_free(&s);
	text_graph_free(&t);
}

static void stays(void **state)
{
	const struct refusal *k = *state;
	struct text_graph t;
	struct lower_run r;
	struct fault f = {""};
	text_graph_new(&t, k->text, 2);
	if (!fuse(t.graph, &f))
		fail_msg("%s", f.text);
	lower_run_open(&r, k->preset);
	lower_run_graph(&r, t.graph, t.input, k->precision ? lower_run_mode(&r, k->precision) : LOWER_AUTO, 0);
	assert_int_equal(r.layers, 0);
	assert_int_equal(r.kept, 1);
	if (!strstr(r.why, k->why))
		fail_msg("'%s'; expected '%s'", r.why, k->why);
	text_graph_free(&t);
}

/* Operands of a run that do not fit what was lowered. */
static void bad_operands(void **state)
{
	(void)state;
	struct text_graph t;
	struct lower_run r;
	struct lower_layer l;
	struct shapes s;
	struct fault f = {""};
	text_graph_new(&t, FIELDS8("4", "1", "i8", "-8 7", "-8 7", "4"), 1);
	assert_true(fuse(t.graph, &f) && shapes_of(t.graph, NULL, &s, &f));
	lower_run_open(&r, "tiny");
	assert_int_equal(lower_node(t.graph, &s, 0, &r.config, &r.derived, LOWER_AUTO, &l, &f), 1);
	((int8_t *)t.input[0]->data)[3] = 8;
	assert_false(lower_operands(&l, &r.derived, t.input[0], NULL, &f));
	assert_string_equal(f.text, "node 'c': code 8 does not fit into int4; expected a precision as wide as the network's");
	lower_free(&l);
	shapes_free(&s);
	text_graph_free(&t);
	text_graph_new(&t, "in x f32 1x2; c k f32 2x1 1 2; MatMul x k -> y; out y", 1);
	f.text[0] = '\0';
	assert_true(shapes_of(t.graph, NULL, &s, &f));
	lower_run_open(&r, "edge-int8");
	assert_int_equal(lower_node(t.graph, &s, 0, &r.config, &r.derived, LOWER_AUTO, &l, &f), 1);
	((float *)t.input[0]->data)[1] = NAN;
	assert_false(lower_operands(&l, &r.derived, t.input[0], NULL, &f));
	assert_string_equal(f.text, "node 'y': has operands that are not finite; expected finite ones for int8");
	lower_free(&l);
	shapes_free(&s);
	text_graph_free(&t);
}

#define ADD(table, function) \
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) \
		tests[count++] = (struct CMUnitTest){table[i].name, function, NULL, NULL, (void *)(uintptr_t)&table[i]}

int main(void)
{
	struct CMUnitTest tests[120];
	size_t count = 0;
	ADD(cases, layer_on_presets);
	ADD(quantised, quantised_on_presets);
	ADD(narrows, narrow_fields);
	ADD(refusals, stays);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(bad_operands);
	return _cmocka_run_group_tests("lower", tests, count, NULL, NULL);
}
