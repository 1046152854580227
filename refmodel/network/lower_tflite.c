/* TFLite's operators as layers: channels last, as in memory; numbers from tflite_quant.h, as the host's kernels have them. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "lower_source.h"
#include "tflite_quant.h"

static const struct graph_value *value_of(const struct lower_source *s, int input)
{
	return &s->g->value[input < 0 ? s->n->output[0] : s->n->input[input]];
}

/* ---- numbers */

int lower_tflite_channel(struct lower_source *s, uint32_t channel)
{
	struct tflite_multiplier m;
	double real = tflite_layer_scale(s->n, value_of(s, s->in->x), value_of(s, s->in->w), value_of(s, -1), channel);
	if (!tflite_multiplier(real, &m))
		return lower_why(s, "scales give no multiplier for channel %u", channel);
	s->t->output.multiplier[channel] = (uint32_t)m.mantissa;
	s->t->output.shift[channel] = (int8_t)m.shift;
	return 1;
}

static int code_numbers(struct lower_source *s, const char *activation)
{
	const struct graph_quant *x = value_of(s, s->in->x)->quant, *w = value_of(s, s->in->w)->quant, *y = value_of(s, -1)->quant;
	if (s->x->type != s->w->type || s->x->type != s->y->type || (s->x->type != TENSOR_INT8 && s->x->type != TENSOR_UINT8))
		return lower_why(s, "operands are %s and %s", tensor_type_name(s->x->type), tensor_type_name(s->w->type));
	if (!x || !w || !y || x->count != 1 || y->count != 1 || !w->count)
		return lower_why(s, "a tensor has no scale");
	s->quantised = true;
	s->result = RESULT_TFLITE;
	s->x_low = tflite_code_min(s->x->type);
	s->x_high = tflite_code_max(s->x->type);
	s->w_low = s->x_low;
	s->w_high = s->x_high;
	s->x_zero = x->zero[0];
	s->y_zero = y->zero[0];
	s->zero_number = w->zero[0]; /* several are all 0 */
	s->zero_tensor = (struct tensor){.type = TENSOR_INT32, .count = 1, .data = &s->zero_number};
	s->w_zero = s->zero_number ? &s->zero_tensor : NULL;
	if (!tflite_code_range(activation, s->y->type, y->scale[0], s->y_zero, &s->code_low, &s->code_high))
		return lower_why(s, "activation %.20s", activation);
	return 1;
}

static int numbers(struct lower_source *s, bool activated)
{
	const char *activation = "NONE";
	if (activated && !attribute_string(s->n, "fused_activation_function", "NONE", &activation, s->why))
		return -1;
	if (s->x->type != TENSOR_FLOAT32)
		return code_numbers(s, activation);
	if (s->w->type != TENSOR_FLOAT32 || s->y->type != TENSOR_FLOAT32)
		return lower_why(s, "operands are %s and %s", tensor_type_name(s->x->type), tensor_type_name(s->w->type));
	s->result = RESULT_FLOAT;
	return tflite_float_range(activation, &s->low, &s->high) ? 1 : lower_why(s, "activation %.20s", activation);
}

static int biases(struct lower_source *s)
{
	s->bias = lower_constant(s, s->in->bias);
	if (!lower_has(s, s->in->bias))
		return 1;
	if (!s->bias || s->bias->count != s->t->out_channels)
		return lower_why(s, "its bias is computed or not one number a channel");
	return s->bias->type == (s->quantised ? TENSOR_INT32 : TENSOR_FLOAT32) ? 1 : lower_why(s, "its bias is %s", tensor_type_name(s->bias->type));
}

/* ---- convolutions */

static bool window_number(struct lower_source *s, const char *name, uint32_t *v)
{
	int64_t number;
	if (!attribute_range(s->n, name, 1, 1, WINDOW_MAX_EXTENT, &number, s->why))
		return false;
	*v = (uint32_t)number;
	return true;
}

/* small: the tensor that the kernel makes of big. SAME puts the odd element of padding at the end. */
static bool set_pads(struct lower_source *s, const struct tensor *big, const struct tensor *small)
{
	const char *padding;
	if (!attribute_string(s->n, "padding", "SAME", &padding, s->why))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		unsigned a = LAYER_AXES - 2 + i;
		int64_t reach = (int64_t)(s->t->kernel[a] - 1) * s->t->dilation[a] + 1;
		int64_t total = (small->dim[1 + i] - 1) * s->t->stride[a] + reach - big->dim[1 + i];
		int64_t begin = total > 0 && !strcmp(padding, "SAME") ? total / 2 : 0;
		bool transposed = s->t->op == LAYER_CONV_TRANSPOSE; /* its output has what the kernel does not reach, too */
		s->t->pad_begin[a] = (int32_t)begin;
		s->t->pad_end[a] = (int32_t)(total > 0 || transposed ? total - begin : 0);
	}
	return true;
}

static int windows(struct lower_source *s, enum layer_op op)
{
	struct layer_task *t = s->t;
	if (s->x->rank != 4 || s->w->rank != 4 || s->y->rank != 4)
		return graph_node_fault(s->n, s->why, "tensors of %u, %u and %u dimensions; expected 4", s->x->rank, s->w->rank, s->y->rank), -1;
	t->op = op;
	t->rank = 2;
	t->batch = (uint32_t)s->x->dim[0];
	t->in_channels = (uint32_t)s->x->dim[3];
	t->out_channels = (uint32_t)s->y->dim[3];
	lower_view_plain(&s->l->act_view, s->x->count);
	lower_view_plain(&s->l->weights_view, s->w->count);
	lower_view_plain(&s->l->out_view, s->y->count);
	for (unsigned i = 0; i < 2; i++) {
		t->in[LAYER_AXES - 2 + i] = (uint32_t)s->x->dim[1 + i];
		t->kernel[LAYER_AXES - 2 + i] = (uint32_t)s->w->dim[1 + i];
	}
	bool transposed = op == LAYER_CONV_TRANSPOSE;
	bool good = window_number(s, "stride_h", &t->stride[1]) && window_number(s, "stride_w", &t->stride[2]) &&
	            window_number(s, "dilation_h_factor", &t->dilation[1]) && window_number(s, "dilation_w_factor", &t->dilation[2]) &&
	            set_pads(s, transposed ? s->y : s->x, transposed ? s->x : s->y);
	if (!good)
		return -1;
	return s->constant ? 1 : lower_why(s, "weights are computed");
}

/* [outputs][taps][channels of a group], as memory has them; outers are the output channels. */
static int plain_weights(struct lower_source *s, size_t outputs)
{
	size_t all = s->w->count / outputs;
	s->l->weights_view = (struct lower_view){.outers = outputs, .rows = 1, .columns = all, .outer_step = all, .column_step = 1};
	return 1;
}

int lower_tflite_conv(struct lower_source *s, const struct lower_inputs *in)
{
	(void)in;
	int good = numbers(s, true);
	good = good > 0 ? windows(s, LAYER_CONV) : good;
	if (good <= 0)
		return good;
	if (s->x->dim[3] % s->w->dim[3] || s->w->dim[0] != s->y->dim[3])
		return graph_node_fault(s->n, s->why, "%lld input channels do not fit the weights", (long long)s->x->dim[3]), -1;
	s->t->groups = (uint32_t)(s->x->dim[3] / s->w->dim[3]);
	plain_weights(s, s->t->out_channels);
	return biases(s);
}

/* Weights [1][taps][outputs]: each input channel is a group of depth_multiplier outputs. */
int lower_tflite_depthwise(struct lower_source *s, const struct lower_inputs *in)
{
	(void)in;
	int good = numbers(s, true);
	good = good > 0 ? windows(s, LAYER_CONV) : good;
	if (good <= 0)
		return good;
	if (s->w->dim[0] != 1 || s->w->dim[3] != s->y->dim[3] || s->y->dim[3] % s->x->dim[3])
		return graph_node_fault(s->n, s->why, "%lld input channels do not fit the weights", (long long)s->x->dim[3]), -1;
	size_t outputs = s->t->out_channels, taps = s->w->count / outputs;
	s->t->groups = s->t->in_channels;
	s->l->weights_view = (struct lower_view){.outers = outputs, .rows = taps, .columns = 1, .outer_step = 1, .row_step = outputs, .column_step = 1};
	return biases(s);
}

int lower_tflite_transpose(struct lower_source *s, const struct lower_inputs *in)
{
	(void)in;
	int good = numbers(s, true);
	good = good > 0 ? windows(s, LAYER_CONV_TRANSPOSE) : good;
	if (good <= 0)
		return good;
	if (s->w->dim[3] != s->x->dim[3] || s->w->dim[0] != s->y->dim[3])
		return graph_node_fault(s->n, s->why, "%lld input channels do not fit the weights", (long long)s->x->dim[3]), -1;
	plain_weights(s, s->t->out_channels);
	return biases(s);
}

/* ---- products */

static int products(struct lower_source *s, const struct matmul *m, bool a_swapped, bool b_rows)
{
	if (!lower_set_product(s, m, a_swapped, b_rows))
		return fault_set(s->why, "out of memory for a layer"), -1;
	return biases(s);
}

int lower_tflite_dense(struct lower_source *s, const struct lower_inputs *in)
{
	const char *format;
	(void)in;
	int good = numbers(s, true);
	if (good <= 0)
		return good;
	if (!attribute_string(s->n, "weights_format", "DEFAULT", &format, s->why))
		return -1;
	if (strcmp(format, "DEFAULT") != 0)
		return lower_why(s, "weights_format %.20s", format);
	if (s->w->rank != 2 || s->x->count % (size_t)s->w->dim[1])
		return graph_node_fault(s->n, s->why, "%zu activations do not fit the weights", s->x->count), -1;
	size_t k = (size_t)s->w->dim[1];
	struct matmul m = {.batches = 1, .m = s->x->count / k, .k = k, .n = (size_t)s->w->dim[0]};
	return products(s, &m, false, true);
}

static void swap_last(struct tensor *t)
{
	int64_t last = t->dim[t->rank - 1];
	t->dim[t->rank - 1] = t->dim[t->rank - 2];
	t->dim[t->rank - 2] = last;
}

int lower_tflite_product(struct lower_source *s, const struct lower_inputs *in)
{
	struct tensor x = *s->x, w = *s->w;
	struct matmul m;
	int64_t adj_x, adj_y;
	(void)in;
	int good = numbers(s, false);
	if (good <= 0)
		return good;
	if (x.rank < 2 || w.rank < 2)
		return graph_node_fault(s->n, s->why, "inputs of %u and %u dimensions; expected 2 or more", x.rank, w.rank), -1;
	if (!attribute_range(s->n, "adj_x", 0, 0, 1, &adj_x, s->why) || !attribute_range(s->n, "adj_y", 0, 0, 1, &adj_y, s->why))
		return -1;
	if (adj_x)
		swap_last(&x);
	if (adj_y)
		swap_last(&w);
	return matmul_resolve(s->n, &x, &w, &m, s->why) ? products(s, &m, adj_x, adj_y) : -1;
}
