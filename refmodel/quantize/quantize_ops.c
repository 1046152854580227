/* bitlet.QuantizeLinear, bitlet.DequantizeLinear: ONNX's operators for codes of 1 to 24 bits. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "host_ops.h"
#include "quant_field.h"
#include "quantize.h"

enum tensor_type quantize_container(unsigned bits, bool is_signed)
{
	if (bits <= 8)
		return is_signed ? TENSOR_INT8 : TENSOR_UINT8;
	if (bits <= 16)
		return is_signed ? TENSOR_INT16 : TENSOR_UINT16;
	return TENSOR_INT32;
}

static bool attribute_field(const struct graph_node *n, unsigned *bits, bool *is_signed, struct fault *f)
{
	int64_t b, s;
	if (!graph_attribute_find(n, QUANTIZE_BITS) || !graph_attribute_find(n, QUANTIZE_SIGNED))
		return graph_node_fault(n, f, "lacks attribute %s or %s; expected both", QUANTIZE_BITS, QUANTIZE_SIGNED);
	if (!attribute_range(n, QUANTIZE_BITS, 0, QUANTIZE_MIN_BITS, QUANTIZE_MAX_BITS, &b, f) || !attribute_range(n, QUANTIZE_SIGNED, 0, 0, 1, &s, f))
		return false;
	*bits = (unsigned)b;
	*is_signed = s;
	return true;
}

bool quantize_field(const struct graph_node *n, enum tensor_type codes, unsigned *bits, bool *is_signed, struct fault *f)
{
	if (!strcmp(n->op, QUANTIZE_OP) || !strcmp(n->op, DEQUANTIZE_OP))
		return attribute_field(n, bits, is_signed, f);
	if (strcmp(n->op, "QuantizeLinear") != 0 && strcmp(n->op, "DequantizeLinear") != 0)
		return graph_node_fault(n, f, "has no codes; expected a node that quantises or dequantises");
	*bits = 8 * (unsigned)tensor_type_bytes(codes);
	*is_signed = codes != TENSOR_UINT8 && codes != TENSOR_UINT16;
	return true;
}

/* One of the two operators at work: its field, its scales, and how axis cuts x: channel of element i = i / inner % channels. */
struct field_call {
	int32_t low, high;
	enum tensor_type type;
	size_t channels, inner;
	struct host_quant q;
};

static bool set_axis(struct host_call *c, const struct tensor *x, struct field_call *k)
{
	const struct tensor *scale = c->in[1];
	unsigned axis = 0;
	k->channels = k->inner = 1;
	if (scale->count == 1)
		return true;
	if (!attribute_axis(c->node, 1, x->rank, &axis, c->fault))
		return false;
	k->channels = (size_t)x->dim[axis];
	for (unsigned i = axis + 1; i < x->rank; i++)
		k->inner *= (size_t)x->dim[i];
	return true;
}

static bool zeros_fit(struct host_call *c, const struct field_call *k)
{
	const struct tensor *z = k->q.zero;
	for (size_t i = 0; z && z->data && i < z->count; i++) {
		int64_t v = tensor_integer(z, i);
		if (v < k->low || v > k->high)
			return host_fault(c, "zero point %lld in input 2; expected %d to %d", (long long)v, (int)k->low, (int)k->high);
	}
	return true;
}

static bool field_call(struct host_call *c, struct field_call *k)
{
	unsigned bits;
	bool is_signed;
	if (!attribute_field(c->node, &bits, &is_signed, c->fault))
		return false;
	k->low = quant_low((struct quant_field){bits, is_signed});
	k->high = quant_high((struct quant_field){bits, is_signed});
	k->type = quantize_container(bits, is_signed);
	return set_axis(c, c->in[0], k) && host_quant(c, 1, k->channels, k->type, &k->q) && zeros_fit(c, k);
}

/* Far outside the codes' range it only matters on which side. */
static int64_t round_code(float v)
{
	const float far = 0x1p30f;
	return isnan(v) ? 0 : (int64_t)rintf(fminf(fmaxf(v, -far), far));
}

bool host_bitlet_quantize(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct field_call k;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !field_call(c, &k))
		return false;
	struct tensor *y = host_out(c, 0, k.type, x->rank, x->dim);
	if (!y || !host_steps(c, x->count, 1, 1))
		return false;
	for (size_t i = 0; !c->dry && i < x->count; i++) {
		size_t channel = i / k.inner % k.channels;
		int64_t v = round_code(((const float *)x->data)[i] / host_quant_scale(&k.q, channel)) + host_quant_zero(&k.q, channel);
		quant_store(y, i, v < k.low ? k.low : v > k.high ? k.high : v);
	}
	return true;
}

bool host_bitlet_dequantize(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct field_call k;
	if (!field_call(c, &k))
		return false;
	if (x->type != k.type)
		return host_type_fault(c, 0, tensor_type_name(k.type));
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, x->rank, x->dim);
	if (!y || !host_steps(c, x->count, 1, 1))
		return false;
	for (size_t i = 0; !c->dry && i < x->count; i++) {
		size_t channel = i / k.inner % k.channels;
		int64_t v = tensor_integer(x, i);
		if (v < k.low || v > k.high)
			return host_fault(c, "code %lld at element %zu; expected %d to %d", (long long)v, i, (int)k.low, (int)k.high);
		((float *)y->data)[i] = (float)((double)(v - host_quant_zero(&k.q, channel)) * (double)host_quant_scale(&k.q, channel));
	}
	return true;
}
