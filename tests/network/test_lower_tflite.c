/* TensorFlow Lite's layers on the core: the host's kernels' codes, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lower_run.h"

/* Shapes of x, weights and (TRANSPOSE_CONV) the output; "-": weights are computed with ~ before. Attributes: word=int or word=WORD. */
struct kind {
	const char *name, *op, *x, *w, *y, *attributes;
	enum tensor_type type;
	int channels;               /* outputs */
	unsigned scales, axis;      /* of weights: 1, or one a channel along axis */
	int w_zero;
	const char *why;            /* stays on the host for this; NULL: goes to the core */
};

#define CONV "stride_h=1 stride_w=1 dilation_h_factor=1 dilation_w_factor=1 "
#define F32 TENSOR_FLOAT32
#define I8 TENSOR_INT8
#define U8 TENSOR_UINT8

static const struct kind cases[] = {
	{"conv SAME", "CONV_2D", "2x5x6x3", "4x3x3x3", NULL, CONV "padding=SAME fused_activation_function=NONE", I8, 4, 4, 0, 0, NULL},
	{"conv SAME, stride 2, ReLU6", "CONV_2D", "1x6x7x3", "5x3x2x3", NULL,
	 "stride_h=2 stride_w=2 dilation_h_factor=1 dilation_w_factor=1 padding=SAME fused_activation_function=RELU6", I8, 5, 5, 0, 0, NULL},
	{"conv SAME, stride beyond kernel", "CONV_2D", "1x8x9x3", "4x1x2x3", NULL,
	 "stride_h=3 stride_w=4 dilation_h_factor=1 dilation_w_factor=1 padding=SAME fused_activation_function=NONE", I8, 4, 1, 0, 0, NULL},
	{"conv VALID, dilated, one scale", "CONV_2D", "1x8x9x2", "3x3x3x2", NULL,
	 "stride_h=1 stride_w=2 dilation_h_factor=2 dilation_w_factor=3 padding=VALID fused_activation_function=RELU", I8, 3, 1, 0, 0, NULL},
	{"conv grouped", "CONV_2D", "1x4x4x6", "4x2x2x3", NULL, CONV "padding=VALID fused_activation_function=NONE", I8, 4, 4, 0, 0, NULL},
	{"conv uint8", "CONV_2D", "1x5x5x3", "4x3x3x3", NULL, CONV "padding=SAME fused_activation_function=RELU6", U8, 4, 1, 0, 128, NULL},
	{"conv float", "CONV_2D", "2x5x6x3", "4x3x3x3", NULL, CONV "padding=SAME fused_activation_function=RELU_N1_TO_1", F32, 4, 0, 0, 0, NULL},
	{"depthwise", "DEPTHWISE_CONV_2D", "1x6x5x5", "1x3x3x5", NULL, CONV "depth_multiplier=1 padding=SAME fused_activation_function=RELU", I8, 5, 5, 3, 0, NULL},
	{"depthwise, multiplier 2, stride 2", "DEPTHWISE_CONV_2D", "2x6x5x3", "1x3x2x6", NULL,
	 "stride_h=2 stride_w=2 dilation_h_factor=1 dilation_w_factor=1 depth_multiplier=2 padding=SAME fused_activation_function=NONE", I8, 6, 6, 3, 0, NULL},
	{"depthwise float", "DEPTHWISE_CONV_2D", "1x6x5x3", "1x3x3x6", NULL, CONV "depth_multiplier=2 padding=VALID fused_activation_function=RELU6", F32, 6, 0, 0, 0, NULL},
	{"transposed SAME", "TRANSPOSE_CONV", "1x3x4x3", "2x3x3x3", "1x6x8x2", "stride_h=2 stride_w=2 padding=SAME fused_activation_function=NONE", I8, 2, 2, 0, 0, NULL},
	{"transposed SAME, odd output", "TRANSPOSE_CONV", "1x3x4x3", "2x3x3x3", "1x5x7x2", "stride_h=2 stride_w=2 padding=SAME fused_activation_function=NONE", I8, 2, 2, 0, 0,
	 NULL},
	{"transposed VALID, rest behind", "TRANSPOSE_CONV", "1x3x4x3", "2x2x3x3", "1x7x9x2", "stride_h=2 stride_w=2 padding=VALID fused_activation_function=RELU", I8, 2, 2, 0,
	 0, NULL},
	{"transposed, kernel below stride", "TRANSPOSE_CONV", "1x3x4x3", "2x1x2x3", "1x9x12x2", "stride_h=3 stride_w=3 padding=SAME fused_activation_function=NONE", I8, 2, 2, 0,
	 0, NULL},
	{"transposed float", "TRANSPOSE_CONV", "2x3x4x3", "2x3x3x3", "2x6x8x2", "stride_h=2 stride_w=2 padding=SAME fused_activation_function=NONE", F32, 2, 0, 0, 0, NULL},
	{"fully connected", "FULLY_CONNECTED", "3x20", "6x20", NULL, "weights_format=DEFAULT keep_num_dims=0 fused_activation_function=RELU", I8, 6, 1, 0, 0, NULL},
	{"fully connected, scales by channel", "FULLY_CONNECTED", "2x3x20", "6x20", NULL, "weights_format=DEFAULT keep_num_dims=1 fused_activation_function=NONE", I8, 6, 6, 0,
	 0, NULL},
	{"fully connected, computed weights", "FULLY_CONNECTED", "3x20", "~6x20", NULL, "weights_format=DEFAULT keep_num_dims=0 fused_activation_function=NONE", F32, 6, 0, 0, 0,
	 NULL},
	{"fully connected uint8", "FULLY_CONNECTED", "3x20", "6x20", NULL, "weights_format=DEFAULT keep_num_dims=0 fused_activation_function=NONE", U8, 6, 1, 0, 128, NULL},
	{"batch matmul", "BATCH_MATMUL", "2x3x4", "~2x4x5", NULL, "adj_x=0 adj_y=0", F32, 1, 1, 0, 0, NULL},
	{"batch matmul, adjoint, repeated", "BATCH_MATMUL", "2x1x4x3", "~3x5x4", NULL, "adj_x=1 adj_y=1", F32, 1, 1, 0, 0, NULL},
	{"batch matmul of weights", "BATCH_MATMUL", "2x3x4", "4x5", NULL, "adj_x=0 adj_y=0", I8, 1, 1, 0, 0, NULL},
	{"an activation that is no clamp", "CONV_2D", "2x5x6x3", "4x3x3x3", NULL, CONV "padding=SAME fused_activation_function=NONE", I8, 4, 4, 0, 0, "!TANH"},
	{"computed filters", "CONV_2D", "2x5x6x3", "~4x3x3x3", NULL, CONV "padding=SAME fused_activation_function=NONE", I8, 4, 4, 0, 0, "weights are computed"},
};

/* ---- graphs */

static uint32_t state_of_random;

static uint32_t next(void)
{
	state_of_random = state_of_random * 1664525u + 1013904223u;
	return state_of_random >> 8;
}

static unsigned shape_of(const char *text, int64_t *dim)
{
	unsigned rank = 0;
	for (char *at = (char *)(uintptr_t)text; *at; at += *at == 'x')
		dim[rank++] = strtoll(at, &at, 10);
	return rank;
}

static struct tensor *random_tensor(enum tensor_type t, unsigned rank, const int64_t *dim)
{
	struct fault f = {""};
	struct tensor *v = tensor_new(t, rank, dim, &f);
	for (size_t i = 0; i < v->count; i++) {
		if (t == F32)
			((float *)v->data)[i] = (float)next() / 8388608.0f - 1;
		else if (t == TENSOR_INT32)
			((int32_t *)v->data)[i] = (int32_t)(next() % 2000) - 1000;
		else
			((uint8_t *)v->data)[i] = (uint8_t)next();
	}
	return v;
}

static int add_value(struct graph *g, const char *name, enum tensor_type t, unsigned rank, const int64_t *dim, struct tensor *constant)
{
	struct fault f = {""};
	int at = graph_value_add(g, name, &f);
	struct graph_value *v = &g->value[at];
	v->typed = true;
	v->type = t;
	v->rank = rank;
	for (unsigned i = 0; i < rank; i++)
		v->dim[i] = dim ? dim[i] : -1;
	v->constant = constant;
	return at;
}

static void set_quant(struct graph *g, int value, unsigned count, unsigned axis, float scale, int32_t zero)
{
	struct fault f = {""};
	struct graph_quant *q = graph_alloc(g, 1, sizeof *q, &f);
	q->count = count;
	q->axis = axis;
	q->scale = graph_alloc(g, count, sizeof *q->scale, &f);
	q->zero = graph_alloc(g, count, sizeof *q->zero, &f);
	for (unsigned i = 0; i < count; i++) {
		q->scale[i] = scale * (1 + 0.3f * (float)i);
		q->zero[i] = zero;
	}
	g->value[value].quant = q;
}

static void add_attributes(struct graph *g, struct graph_node *n, const char *text)
{
	struct fault f = {""};
	char *copy = graph_strdup(g, text, &f), *save = NULL;
	n->attribute = graph_alloc(g, 16, sizeof *n->attribute, &f);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		struct graph_attribute *a = &n->attribute[n->attributes++];
		char *value = strchr(word, '=');
		*value++ = '\0';
		a->name = word;
		a->type = *value >= '0' && *value <= '9' ? GRAPH_INT : GRAPH_STRING;
		a->i = a->type == GRAPH_INT ? strtoll(value, NULL, 10) : 0;
		a->s = value;
	}
}

/* input[]: what the run is given. */
static struct graph *graph_of(const struct kind *k, struct tensor *input[2])
{
	struct fault f = {""};
	int64_t x_dim[8], w_dim[8], y_dim[8] = {0}, channels = k->channels;
	bool computed = k->w[0] == '~', codes = k->type != F32, transposed = !strcmp(k->op, "TRANSPOSE_CONV"), product = !strcmp(k->op, "BATCH_MATMUL");
	unsigned x_rank = shape_of(k->x, x_dim), w_rank = shape_of(k->w + computed, w_dim), y_rank = k->y ? shape_of(k->y, y_dim) : x_rank > w_rank ? x_rank : w_rank;
	struct graph *g = graph_new("test");
	int x = add_value(g, "x", k->type, x_rank, x_dim, NULL);
	int w = add_value(g, "w", k->type, w_rank, w_dim, computed ? NULL : random_tensor(k->type, w_rank, w_dim));
	int y = add_value(g, "y", k->type, !strcmp(k->op, "FULLY_CONNECTED") ? x_rank : y_rank, NULL, NULL);
	int b = product ? GRAPH_NONE : add_value(g, "b", codes ? TENSOR_INT32 : F32, 1, &channels, random_tensor(codes ? TENSOR_INT32 : F32, 1, &channels));
	struct graph_node *n = g->node = graph_alloc(g, 1, sizeof *n, &f);
	g->nodes = 1;
	n->name = graph_strdup(g, "y", &f);
	n->op = graph_alloc(g, 40, 1, &f);
	sprintf(n->op, "tflite.%s", k->op);
	n->input = graph_alloc(g, 4, sizeof *n->input, &f);
	n->output = graph_alloc(g, 1, sizeof *n->output, &f);
	n->output[n->outputs++] = y;
	if (transposed) {
		int32_t v[4] = {(int32_t)y_dim[0], (int32_t)y_dim[1], (int32_t)y_dim[2], (int32_t)y_dim[3]};
		struct tensor *shape = tensor_new(TENSOR_INT32, 1, (int64_t[]){4}, &f);
		memcpy(shape->data, v, sizeof v);
		n->input[n->inputs++] = add_value(g, "shape", TENSOR_INT32, 1, (int64_t[]){4}, shape);
		n->input[n->inputs++] = w;
		n->input[n->inputs++] = x;
	} else {
		n->input[n->inputs++] = x;
		n->input[n->inputs++] = w;
	}
	if (b != GRAPH_NONE)
		n->input[n->inputs++] = b;
	add_attributes(g, n, k->attributes);
	if (codes) {
		set_quant(g, x, 1, 0, 0.02f, k->type == U8 ? 120 : -5);
		set_quant(g, w, k->scales, k->axis, 0.01f, k->w_zero);
		set_quant(g, y, 1, 0, 0.15f, k->type == U8 ? 110 : 3);
	}
	g->input = graph_alloc(g, 2, sizeof *g->input, &f);
	g->output = graph_alloc(g, 1, sizeof *g->output, &f);
	g->output[g->outputs++] = y;
	input[0] = random_tensor(k->type, x_rank, x_dim);
	input[1] = computed ? random_tensor(k->type, w_rank, w_dim) : NULL;
	g->input[g->inputs++] = x;
	g->value[x].is_input = true;
	if (computed) {
		g->input[g->inputs++] = w;
		g->value[w].is_input = true;
	}
	assert_true(graph_sort(g, &f));
	return g;
}

/* ---- on presets */

static const struct {
	const char *preset;
	double floats;
} presets[] = {{"tiny", 1e-5}, {"edge-int8", 0.06}, {"fp32-n16", 1e-5}};

static void set_word(struct graph *g, const char *name, const char *word)
{
	for (size_t i = 0; i < g->node[0].attributes; i++)
		if (!strcmp(g->node[0].attribute[i].name, name))
			g->node[0].attribute[i].s = (char *)(uintptr_t)word;
}

/* Refused before it runs: the host has no such activation either. */
static void refuse_activation(struct graph *g, struct tensor *const *input, struct lower_run *r, const char *word)
{
	struct shapes s;
	struct lower_layer l;
	struct fault f = {""};
	assert_true(shapes_of(g, (const struct tensor *const *)input, &s, &f));
	set_word(g, "fused_activation_function", word);
	assert_int_equal(lower_node(g, &s, 0, &r->config, &r->derived, LOWER_AUTO, &l, &f), 0);
	assert_string_equal(f.text, "activation TANH");
	set_word(g, "fused_activation_function", "NONE");
	shapes_free(&s);
}

static void on_presets(void **state)
{
	const struct kind *k = *state;
	struct tensor *input[2];
	struct lower_run r;
	state_of_random = 11;
	struct graph *g = graph_of(k, input);
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
		lower_run_open(&r, presets[i].preset);
		if (k->why && k->why[0] == '!') {
			refuse_activation(g, input, &r, k->why + 1);
			continue;
		}
		lower_run_graph(&r, g, input, LOWER_AUTO, presets[i].floats);
		if (k->why ? r.layers || !strstr(r.why, k->why) : r.layers != 1 || r.kept)
			fail_msg("%s: %u layers, %u on the host: %s", presets[i].preset, r.layers, r.kept, r.why);
	}
	tensor_free(input[0]);
	tensor_free(input[1]);
	graph_free(g);
}

int main(void)
{
	enum { CASES = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[CASES];
	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, on_presets, NULL, NULL, (void *)(uintptr_t)&cases[i]};
	return _cmocka_run_group_tests("lower_tflite", tests, CASES, NULL, NULL);
}
