#include <string.h>

#include "quantize.h"
#include "quantize_maker.h"

const char *maker_name(const struct maker *m, int value)
{
	return m->p->graph->value[value].name;
}

struct quant_field maker_act_field(const struct bitlet_precision *p)
{
	return (struct quant_field){p->a_bits, p->a_signed};
}

struct quant_field maker_weight_field(const struct bitlet_precision *p)
{
	return (struct quant_field){p->w_bits, p->w_signed};
}

static bool is_plain(struct quant_field q)
{
	return q.bits == 8;
}

struct graph_node *maker_scale_node(struct maker *m, bool to_codes, struct quant_field q, const char *name, int axis, size_t inputs)
{
	const char *plain = to_codes ? "QuantizeLinear" : "DequantizeLinear", *ours = to_codes ? QUANTIZE_OP : DEQUANTIZE_OP;
	struct graph_node *n = graph_build_node(&m->b, is_plain(q) ? plain : ours, name, inputs, 1, 3);
	if (n && !is_plain(q) && (!graph_build_int(&m->b, n, QUANTIZE_BITS, q.bits) || !graph_build_int(&m->b, n, QUANTIZE_SIGNED, q.is_signed)))
		return NULL;
	return !n || axis < 0 || graph_build_int(&m->b, n, "axis", axis) ? n : NULL;
}

int maker_floats(struct maker *m, const char *like, const char *suffix, const float *v, size_t count, bool scalar)
{
	struct tensor *t = tensor_new(TENSOR_FLOAT32, scalar ? 0 : 1, (const int64_t[]){(int64_t)count}, m->b.f);
	if (!t)
		return GRAPH_NONE;
	memcpy(t->data, v, count * sizeof *v);
	return graph_build_new(&m->b, like, suffix, t);
}

int maker_zeros(struct maker *m, const char *like, const char *suffix, struct quant_field q, int32_t zero, size_t count, bool scalar)
{
	struct tensor *t = tensor_new(quantize_container(q.bits, q.is_signed), scalar ? 0 : 1, (const int64_t[]){(int64_t)count}, m->b.f);
	for (size_t i = 0; t && i < count; i++)
		quant_store(t, i, zero);
	return t ? graph_build_new(&m->b, like, suffix, t) : GRAPH_NONE;
}
