#include "lower_source.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "layer_encode.h"

/* ---- helpers of the families */

int lower_why(struct lower_source *s, const char *format, ...)
{
	char text[200];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	fault_set(s->why, "%s", text);
	return 0;
}

bool lower_has(const struct lower_source *s, int input)
{
	return input >= 0 && (size_t)input < s->n->inputs && s->n->input[input] != GRAPH_NONE;
}

const struct tensor *lower_shape(const struct lower_source *s, int input)
{
	return lower_has(s, input) ? s->s->value[s->n->input[input]] : NULL;
}

const struct tensor *lower_constant(const struct lower_source *s, int input)
{
	const struct tensor *t = lower_shape(s, input);
	return t && t->data && s->s->known[s->n->input[input]] ? t : NULL;
}

size_t *lower_starts(size_t outers)
{
	return malloc(outers * sizeof(size_t));
}

void lower_view_plain(struct lower_view *v, size_t count)
{
	*v = (struct lower_view){.outers = 1, .rows = 1, .columns = count, .column_step = 1};
}

void lower_view_swapped(struct lower_view *v, size_t outers, size_t rows, size_t columns)
{
	*v = (struct lower_view){.outers = outers, .rows = rows, .columns = columns, .outer_step = rows * columns, .row_step = 1, .column_step = rows};
}

void lower_set_window(struct layer_task *t, const struct window *w)
{
	t->rank = w->rank;
	for (int a = 0; a < LAYER_AXES; a++) {
		t->in[a] = (uint32_t)w->in[a];
		t->kernel[a] = (uint32_t)w->kernel[a];
		t->stride[a] = (uint32_t)w->stride[a];
		t->dilation[a] = (uint32_t)w->dilation[a];
		t->pad_begin[a] = (int32_t)w->begin[a];
		t->pad_end[a] = (int32_t)w->end[a];
	}
}

/* ---- products */

static bool repeats(const struct matmul *m, const size_t *step)
{
	for (unsigned i = 0; i < m->batch_rank; i++)
		if (!step[i] && m->batch_dim[i] > 1)
			return true;
	return false;
}

static bool set_starts(const struct matmul *m, bool left, struct lower_view *v)
{
	v->start = lower_starts(m->batches);
	for (size_t i = 0; v->start && i < m->batches; i++) {
		size_t a, b;
		matmul_batch(m, i, &a, &b);
		v->start[i] = left ? a : b;
	}
	return v->start;
}

/* One operand: batches of [rows][columns], which lie swapped or not. */
static bool set_operand(const struct matmul *m, bool left, bool swapped, struct lower_view *v, enum lower_layout *layout)
{
	size_t rows = left ? m->m : m->n;
	*layout = swapped ? LOWER_SWAPPED : LOWER_PLAIN;
	*v = (struct lower_view){.outers = m->batches, .rows = rows, .columns = m->k, .outer_step = rows * m->k};
	v->row_step = swapped ? 1 : m->k;
	v->column_step = swapped ? rows : 1;
	if (!repeats(m, left ? m->a_step : m->b_step))
		return true;
	*layout = LOWER_REPEATED;
	return set_starts(m, left, v);
}

static bool set_dense(struct lower_source *s, const struct matmul *m, bool a_swapped, bool b_rows)
{
	struct lower_view *w = &s->l->weights_view;
	s->t->op = LAYER_DENSE;
	s->t->batch = (uint32_t)(m->batches * m->m);
	*w = (struct lower_view){.outers = m->n, .rows = 1, .columns = m->k, .outer_step = b_rows ? m->k : 1, .column_step = b_rows ? 1 : m->n};
	return set_operand(m, true, a_swapped, &s->l->act_view, &s->l->act_layout);
}

bool lower_set_product(struct lower_source *s, const struct matmul *m, bool a_swapped, bool b_rows)
{
	struct layer_task *t = s->t;
	struct matmul one = *m;
	bool shared = s->w->count == m->k * m->n;
	lower_view_plain(&s->l->out_view, m->batches * m->m * m->n);
	t->in_channels = (uint32_t)m->k;
	t->out_channels = (uint32_t)m->n;
	if (shared && s->constant)
		return set_dense(s, m, a_swapped, b_rows);
	t->op = LAYER_MATMUL;
	t->rank = 1;
	t->batch = (uint32_t)m->batches;
	t->in[LAYER_AXES - 1] = (uint32_t)m->m;
	if (shared) { /* all rows of all batches are one product */
		t->batch = 1;
		t->in[LAYER_AXES - 1] = (uint32_t)(m->batches * m->m);
		one.batch_rank = 0;
		one.batches = 1;
	}
	return set_operand(m, true, a_swapped, &s->l->act_view, &s->l->act_layout) &&
	       set_operand(&one, false, !b_rows, &s->l->weights_view, &s->l->weights_layout);
}

/* ---- ONNX's numbers */

static bool is_integer(const struct tensor *t)
{
	return t && !tensor_type_is_float(t->type) && t->type != TENSOR_BOOL;
}

static void type_range(enum tensor_type t, int32_t *low, int32_t *high)
{
	int bits = 8 * (int)tensor_type_bytes(t);
	bool is_unsigned = t == TENSOR_UINT8 || t == TENSOR_UINT16;
	*low = is_unsigned ? 0 : (int32_t)-(INT64_C(1) << (bits - 1));
	*high = (int32_t)((INT64_C(1) << (bits - !is_unsigned)) - 1);
}

/* Codes of an operand: attributes narrow those of its type (host_quantised.h). */
static bool code_range(struct lower_source *s, enum tensor_type t, const char *bits_name, const char *signed_name, int32_t *low, int32_t *high)
{
	int64_t bits, is_signed;
	type_range(t, low, high);
	if (!graph_attribute_find(s->n, bits_name))
		return true;
	if (!attribute_range(s->n, bits_name, 8, 1, 24, &bits, s->why) || !attribute_range(s->n, signed_name, *low < 0, 0, 1, &is_signed, s->why))
		return false;
	*low = layer_field_min((unsigned)bits, is_signed);
	*high = layer_field_max((unsigned)bits, is_signed);
	return true;
}

static bool code_ranges(struct lower_source *s)
{
	int32_t low, high;
	if (!code_range(s, s->x->type, "x_bits", "x_signed", &s->x_low, &s->x_high) || !code_range(s, s->w->type, "w_bits", "w_signed", &low, &high))
		return false;
	s->w_low = low;
	s->w_high = high;
	return true;
}

/* Scale: one float, or several. NULL with the reason set. */
static const struct tensor *scales(struct lower_source *s, int input, const char *what)
{
	const struct tensor *t = lower_constant(s, input);
	if (!t || t->type != TENSOR_FLOAT32 || !t->count)
		lower_why(s, "the scale of its %s is computed", what);
	return t && t->type == TENSOR_FLOAT32 && t->count ? t : NULL;
}

static int zeros(struct lower_source *s, const struct lower_inputs *in)
{
	const struct tensor *x = lower_constant(s, in->x_zero);
	s->w_zero = lower_constant(s, in->w_zero);
	if ((lower_has(s, in->x_zero) && !is_integer(x)) || (lower_has(s, in->w_zero) && !is_integer(s->w_zero)))
		return lower_why(s, "a zero point is computed");
	if (x && x->count != 1)
		return lower_why(s, "activations have %zu zero points", x->count);
	s->x_zero = x ? (int32_t)tensor_integer(x, 0) : 0;
	return 1;
}

/* The smallest and largest result; attributes cut further. */
static int code_results(struct lower_source *s, const struct lower_inputs *in)
{
	const struct tensor *scale = scales(s, in->y_scale, "result"), *zero = lower_constant(s, in->y_zero);
	int64_t low, high;
	if (!scale)
		return 0;
	if (lower_has(s, in->y_zero) && !is_integer(zero))
		return lower_why(s, "a zero point is computed");
	type_range(s->y->type, &s->code_low, &s->code_high);
	if (!attribute_range(s->n, "clamp_low", s->code_low, s->code_low, s->code_high, &low, s->why) ||
	    !attribute_range(s->n, "clamp_high", s->code_high, low, s->code_high, &high, s->why))
		return -1;
	s->y_scale = *(const float *)scale->data;
	s->y_zero = zero ? (int32_t)tensor_integer(zero, 0) : 0;
	s->code_low = (int32_t)low;
	s->code_high = (int32_t)high;
	return 1;
}

static int float_clamps(struct lower_source *s)
{
	if (!attribute_float(s->n, "clamp_low", -INFINITY, &s->low, s->why) || !attribute_float(s->n, "clamp_high", INFINITY, &s->high, s->why))
		return -1;
	return isnan(s->low) || isnan(s->high) || s->low > s->high ? lower_why(s, "its clamp is empty") : 1;
}

static int code_numbers(struct lower_source *s, const struct lower_inputs *in)
{
	if (!is_integer(s->x) || !is_integer(s->w) || tensor_type_bytes(s->x->type) > 4 || tensor_type_bytes(s->w->type) > 4)
		return lower_why(s, "operands are %s and %s", tensor_type_name(s->x->type), tensor_type_name(s->w->type));
	s->quantised = true;
	if (!code_ranges(s))
		return -1;
	int good = zeros(s, in);
	if (good <= 0)
		return good;
	s->result = in->x_scale < 0 ? RESULT_SUMS : lower_has(s, in->y_scale) ? RESULT_CODES : RESULT_REAL;
	if (s->result == RESULT_SUMS)
		return 1;
	const struct tensor *x = scales(s, in->x_scale, "activations"), *w = x ? scales(s, in->w_scale, "weights") : NULL;
	if (!x || !w)
		return 0;
	if (x->count != 1)
		return lower_why(s, "activations have %zu scales", x->count);
	s->x_scale = *(const float *)x->data;
	s->w_scale = w->data;
	s->w_scales = w->count;
	return s->result == RESULT_CODES ? code_results(s, in) : float_clamps(s);
}

static int float_numbers(struct lower_source *s)
{
	if (s->x->type != TENSOR_FLOAT32 || s->w->type != TENSOR_FLOAT32 || s->y->type != TENSOR_FLOAT32)
		return lower_why(s, "operands are %s and %s", tensor_type_name(s->x->type), tensor_type_name(s->w->type));
	s->result = RESULT_FLOAT;
	return float_clamps(s);
}

/* Behind the geometry: one bias, or one a channel. */
static int biases(struct lower_source *s, int input)
{
	const struct tensor *b = s->bias = lower_constant(s, input);
	if (!lower_has(s, input))
		return 1;
	if (!b)
		return lower_why(s, "its bias is computed");
	if (b->type != (s->quantised ? TENSOR_INT32 : TENSOR_FLOAT32))
		return lower_why(s, "its bias is %s", tensor_type_name(b->type));
	bool by_channel = b->count == s->t->out_channels && (b->rank == 0 || b->dim[b->rank - 1] == (int64_t)b->count);
	return b->count == 1 || by_channel ? 1 : lower_why(s, "its bias is not one number a channel");
}

static int onnx_layer(struct lower_source *s, const struct lower_inputs *in, int (*geometry)(struct lower_source *s, const struct lower_inputs *in))
{
	bool codes = in->w_zero >= 0;
	int good = codes ? code_numbers(s, in) : float_numbers(s);
	good = good > 0 ? geometry(s, in) : good;
	good = good > 0 ? biases(s, in->bias) : good;
	if (good > 0 && s->w_scales > 1 && s->w_scales != s->t->out_channels)
		return lower_why(s, "%zu scales for %u channels", s->w_scales, s->t->out_channels);
	if (good > 0 && s->w_zero && s->w_zero->count != 1 && s->w_zero->count != s->t->out_channels)
		return lower_why(s, "%zu zero points for %u channels", s->w_zero->count, s->t->out_channels);
	return good;
}

/* ---- the operators */

static const struct {
	const char *op;
	int (*describe)(struct lower_source *s, const struct lower_inputs *in);
	bool tflite;
	struct lower_inputs in;
} operators[] = {
	/*                                               x  xs  xz  w  ws  wz  ys  yz  b */
	{"Conv", lower_conv, false,                     {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"ConvTranspose", lower_conv_transpose, false,  {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"QLinearConv", lower_conv, false,              {0, 1, 2, 3, 4, 5, 6, 7, 8}},
	{"bitlet.QConv", lower_conv, false,             {0, 1, 2, 3, 4, 5, 6, 7, 8}},
	{"ConvInteger", lower_conv, false,              {0, -1, 2, 1, -1, 3, -1, -1, -1}},
	{"MatMul", lower_product, false,                {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"Gemm", lower_gemm, false,                     {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"QLinearMatMul", lower_product, false,         {0, 1, 2, 3, 4, 5, 6, 7, -1}},
	{"bitlet.QGemm", lower_gemm, false,             {0, 1, 2, 3, 4, 5, 7, 8, 6}},
	{"bitlet.QMatMul", lower_product, false,        {0, 1, 2, 3, 4, 5, 7, 8, 6}},
	{"com.microsoft.QGemm", lower_gemm, false,      {0, 1, 2, 3, 4, 5, 7, 8, 6}},
	{"MatMulInteger", lower_product, false,         {0, -1, 2, 1, -1, 3, -1, -1, -1}},
	{"tflite.CONV_2D", lower_tflite_conv, true,             {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"tflite.DEPTHWISE_CONV_2D", lower_tflite_depthwise, true, {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"tflite.TRANSPOSE_CONV", lower_tflite_transpose, true, {2, -1, -1, 1, -1, -1, -1, -1, 3}},
	{"tflite.FULLY_CONNECTED", lower_tflite_dense, true,    {0, -1, -1, 1, -1, -1, -1, -1, 2}},
	{"tflite.BATCH_MATMUL", lower_tflite_product, true,     {0, -1, -1, 1, -1, -1, -1, -1, -1}},
};

static size_t row_of(const char *op)
{
	size_t row = 0, rows = sizeof operators / sizeof operators[0];
	while (row < rows && strcmp(operators[row].op, op) != 0)
		row++;
	return row;
}

int lower_describe(struct lower_source *s, const struct graph *g, const struct shapes *shapes, size_t node, struct lower_layer *l, struct fault *why)
{
	const struct graph_node *n = &g->node[node];
	size_t row = row_of(n->op);
	*l = (struct lower_layer){.node = node, .act = GRAPH_NONE, .weights = GRAPH_NONE, .out = GRAPH_NONE, .factor = 1};
	*s = (struct lower_source){.g = g, .s = shapes, .n = n, .l = l, .t = &l->task, .why = why, .alpha = 1, .beta = 1};
	if (row == sizeof operators / sizeof operators[0] || n->outputs < 1 || n->output[0] == GRAPH_NONE)
		return 0;
	const struct lower_inputs *in = s->in = &operators[row].in;
	s->x = lower_shape(s, in->x);
	s->w = lower_shape(s, in->w);
	s->y = shapes->value[n->output[0]];
	if (!s->x || !s->w || !s->y)
		return 0;
	if (!s->x->count || !s->w->count || !s->y->count)
		return lower_why(s, "an operand is empty");
	s->constant = lower_constant(s, in->w);
	l->act = n->input[in->x];
	l->weights = s->constant ? GRAPH_NONE : n->input[in->w];
	l->out = n->output[0];
	layer_task_init(s->t);
	snprintf(s->t->name, sizeof s->t->name, "%.*s", LAYER_TASK_NAME - 1, n->name);
	return operators[row].tflite ? operators[row].describe(s, in) : onnx_layer(s, in, operators[row].describe);
}
