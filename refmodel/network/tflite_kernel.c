#include "tflite_kernel.h"

#include <math.h>

#include "attribute.h"

static const double SCALE_DIFFERENCE = 1e-6; /* as much as the framework overlooks */

const struct graph_value *tflite_in_value(const struct host_call *c, size_t i)
{
	return &c->graph->value[c->node->input[i]];
}

const struct graph_value *tflite_out_value(const struct host_call *c, size_t i)
{
	return &c->graph->value[c->node->output[i]];
}

/* Rank 0 is also what files say that do not know the shape. */
static bool fits(const struct graph_value *v, size_t rank, const int64_t *dim)
{
	if (v->rank == 0)
		return true;
	bool same = v->rank == rank;
	for (size_t d = 0; same && d < rank; d++)
		same = v->dim[d] < 0 || v->dim[d] == dim[d];
	return same;
}

struct tensor *tflite_out(struct host_call *c, size_t i, size_t rank, const int64_t *dim)
{
	char have[160], want[160];
	const struct graph_value *v = tflite_out_value(c, i);
	if (fits(v, rank, dim))
		return host_out(c, i, v->type, rank, dim);
	host_fault(c, "output %zu becomes %s; the file declares %s", i, tensor_shape_text(rank, dim, have, sizeof have),
	           tensor_shape_text(v->rank, v->dim, want, sizeof want));
	return NULL;
}

bool tflite_lists(struct host_call *c, const struct tensor *y, struct host_map *m)
{
	size_t total = 1;
	for (unsigned d = 0; d < y->rank; d++)
		total += (size_t)y->dim[d];
	*m = (struct host_map){.memory = host_scratch(c, total, sizeof *m->memory)};
	if (!m->memory)
		return false;
	total = 0;
	for (unsigned d = 0; d < y->rank; d++) {
		m->index[d] = m->memory + total;
		total += (size_t)y->dim[d];
	}
	return true;
}

bool tflite_code(struct host_call *c, const struct graph_value *v, const char *what, struct tflite_code *q)
{
	if (!v->quant || v->quant->count != 1)
		return host_fault(c, "%s has %zu scales; expected one", what, v->quant ? v->quant->count : 0);
	*q = (struct tflite_code){v->quant->scale[0], v->quant->zero[0]};
	return true;
}

bool tflite_in_code(struct host_call *c, size_t i, struct tflite_code *q)
{
	static const char *const what[] = {"input 0", "input 1", "input 2", "input 3"};
	return tflite_code(c, tflite_in_value(c, i), i < 4 ? what[i] : "an input", q);
}

bool tflite_out_code(struct host_call *c, struct tflite_code *q)
{
	return tflite_code(c, tflite_out_value(c, 0), "output 0", q);
}

bool tflite_same_type(struct host_call *c, size_t i)
{
	return host_type(c, i, tflite_out_value(c, 0)->type);
}

bool tflite_same_code(struct host_call *c, size_t i)
{
	const struct graph_quant *x = tflite_in_value(c, i)->quant, *y = tflite_out_value(c, 0)->quant;
	if (!tflite_same_type(c, i))
		return false;
	if (!tflite_is_code(c->in[i]->type) || !x || !y)
		return true;
	if (x->count != 1 || y->count != 1 || fabs((double)x->scale[0] - (double)y->scale[0]) > SCALE_DIFFERENCE || x->zero[0] != y->zero[0])
		return host_fault(c, "input %zu and the output have different scales or zero points; expected the same", i);
	return true;
}

bool tflite_real(struct host_call *c, double real, struct tflite_multiplier *m)
{
	return tflite_multiplier(real, m) || host_fault(c, "the scales make a multiplier of %g; expected one below 2^30", real);
}

bool tflite_word(struct host_call *c, const char *name, const char **v)
{
	return attribute_string(c->node, name, "", v, c->fault);
}

bool tflite_int(struct host_call *c, const char *name, int64_t low, int64_t high, int64_t *v)
{
	return attribute_range(c->node, name, 0, low, high, v, c->fault);
}

bool tflite_flag(struct host_call *c, const char *name, bool *v)
{
	int64_t i;
	if (!tflite_int(c, name, 0, 1, &i))
		return false;
	*v = i;
	return true;
}

bool tflite_clamp_codes(struct host_call *c, const struct tflite_code *y, int32_t *low, int32_t *high)
{
	const char *word;
	if (!tflite_word(c, "fused_activation_function", &word))
		return false;
	return tflite_code_range(word, tflite_out_value(c, 0)->type, y->scale, y->zero, low, high) ||
	       host_fault(c, "fused activation %s at scale %g; expected NONE, RELU, RELU_N1_TO_1 or RELU6 with bounds of 32 bits", word,
	                  (double)y->scale);
}

bool tflite_clamp_floats(struct host_call *c, float *low, float *high)
{
	const char *word;
	if (!tflite_word(c, "fused_activation_function", &word))
		return false;
	return tflite_float_range(word, low, high) ||
	       host_fault(c, "fused activation %s; expected NONE, RELU, RELU_N1_TO_1 or RELU6", word);
}

int32_t tflite_get(const struct tensor *t, size_t i)
{
	if (t->type == TENSOR_INT8)
		return ((const int8_t *)t->data)[i];
	return t->type == TENSOR_UINT8 ? ((const uint8_t *)t->data)[i] : ((const int16_t *)t->data)[i];
}

void tflite_put(struct tensor *t, size_t i, int64_t v, int32_t low, int32_t high)
{
	int32_t code = v < low ? low : v > high ? high : (int32_t)v;
	if (t->type == TENSOR_INT8)
		((int8_t *)t->data)[i] = (int8_t)code;
	else if (t->type == TENSOR_UINT8)
		((uint8_t *)t->data)[i] = (uint8_t)code;
	else
		((int16_t *)t->data)[i] = (int16_t)code;
}
