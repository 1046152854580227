/* Nodes of networks as layers: the core's result is the host's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "graph_text.h"
#include "lower_run.h"

/* Every case runs on these, in the mode that lower_mode() picks; edge-int8 has no floats: there float networks become int8. */
static const struct {
	const char *preset;
	double floats;              /* tolerance of a float network's results */
} presets[] = {{"tiny", 1e-5}, {"edge-int8", 0.05}, {"fp32-n16", 1e-5}};

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
	{"ConvInteger", "in x u8 1x2x6x6; w k i8 3x2x3x3; c z u8 - 100; ConvInteger x k z -> y strides=2,2; out y"},
};

static void layer_on_presets(void **state)
{
	const struct kind *k = *state;
	struct text_graph t;
	struct lower_run r;
	text_graph_new(&t, k->text, 1);
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
		lower_run_open(&r, presets[i].preset);
		lower_run_graph(&r, t.graph, t.input, LOWER_AUTO, presets[i].floats);
		if (r.layers != 1 || r.kept)
			fail_msg("%s: %u layers, %u on the host: %s", presets[i].preset, r.layers, r.kept, r.why);
	}
	text_graph_free(&t);
}

int main(void)
{
	enum { CASES = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[CASES];
	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, layer_on_presets, NULL, NULL, (void *)(uintptr_t)&cases[i]};
	return _cmocka_run_group_tests("lower", tests, CASES, NULL, NULL);
}
