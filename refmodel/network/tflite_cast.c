/* QUANTIZE, DEQUANTIZE, CAST, ARG_MAX, ARG_MIN. */
#include <math.h>

#include "host_list.h"
#include "host_ops_type.h"
#include "tflite_kernel.h"

/* ---- into codes: from floats, or from codes of another scale */

static void quantize_floats(const struct tensor *x, struct tensor *y, const struct tflite_code *q)
{
	for (size_t i = 0; i < x->count; i++) {
		float v = roundf(((const float *)x->data)[i] / q->scale);
		int64_t code = isnan(v) ? 0 : (int64_t)fminf(fmaxf(v, -1e9f), 1e9f);
		tflite_put(y, i, code + q->zero, tflite_code_min(y->type), tflite_code_max(y->type));
	}
}

static void store(struct tensor *y, size_t i, int64_t v)
{
	if (y->type == TENSOR_INT32)
		((int32_t *)y->data)[i] = (int32_t)(v < INT32_MIN ? INT32_MIN : v > INT32_MAX ? INT32_MAX : v);
	else
		tflite_put(y, i, v, tflite_code_min(y->type), tflite_code_max(y->type));
}

static bool is_code32(enum tensor_type t)
{
	return tflite_is_code(t) || t == TENSOR_INT32;
}

bool tflite_quantize(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	enum tensor_type t = tflite_out_value(c, 0)->type;
	struct tflite_code from = {0}, to;
	struct tflite_multiplier scale;
	if (!is_code32(t) || (x->type == TENSOR_FLOAT32 && t == TENSOR_INT32))
		return host_fault(c, "the output is %s; expected int8, uint8, int16%s", tensor_type_name(t), x->type == TENSOR_FLOAT32 ? "" : " or int32");
	if (x->type != TENSOR_FLOAT32 && !is_code32(x->type))
		return host_type_fault(c, 0, "float32, int8, uint8, int16 or int32");
	if (!tflite_out_code(c, &to) || (x->type != TENSOR_FLOAT32 && (!tflite_in_code(c, 0, &from) ||
	                                                                !tflite_real(c, (double)from.scale / (double)to.scale, &scale))))
		return false;
	struct tensor *y = host_steps(c, x->count, 1, 1) ? tflite_out(c, 0, x->rank, x->dim) : NULL;
	if (!y || c->dry)
		return y;
	if (x->type == TENSOR_FLOAT32)
		quantize_floats(x, y, &to);
	else
		for (size_t i = 0; i < x->count; i++)
			store(y, i, (int64_t)tflite_scale((int32_t)(tensor_integer(x, i) - from.zero), scale) + to.zero);
	return true;
}

/* Elements of one slice of the scales' dimension. */
static size_t slice_size(const struct tensor *x, const struct graph_quant *q)
{
	size_t size = 1;
	for (unsigned d = q->axis + 1; d < x->rank; d++)
		size *= (size_t)x->dim[d];
	return size;
}

bool tflite_dequantize(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	const struct graph_quant *q = tflite_in_value(c, 0)->quant;
	bool is_float = x->type == TENSOR_FLOAT32; /* was float16 in the file */
	if (!is_float && !is_code32(x->type))
		return host_type_fault(c, 0, "float16, int8, uint8, int16 or int32");
	if (!is_float && !q)
		return host_fault(c, "input 0 has no scale");
	if (tflite_out_value(c, 0)->type != TENSOR_FLOAT32)
		return host_fault(c, "the output is %s; expected float32", tensor_type_name(tflite_out_value(c, 0)->type));
	struct tensor *y = host_steps(c, x->count, 1, 1) ? tflite_out(c, 0, x->rank, x->dim) : NULL;
	if (!y || c->dry)
		return y;
	size_t slice = is_float || q->count == 1 ? 1 : slice_size(x, q);
	for (size_t i = 0; i < x->count; i++) {
		size_t k = is_float ? 0 : i / slice % q->count;
		((float *)y->data)[i] = is_float ? ((const float *)x->data)[i] : (float)((double)q->scale[k] * (double)(tensor_integer(x, i) - q->zero[k]));
	}
	return true;
}

/* What the new type does not hold: see host_cast_tensor(). The framework leaves that open. */
bool tflite_cast(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct tensor *y = host_steps(c, x->count, 1, 1) ? tflite_out(c, 0, x->rank, x->dim) : NULL;
	if (y && !c->dry)
		host_cast_tensor(x, y);
	return y;
}

/* ---- where the largest or smallest element is: the first of several */

static bool arg(struct host_call *c, bool most)
{
	const struct tensor *x = c->in[0];
	enum tensor_type t = tflite_out_value(c, 0)->type;
	int64_t axis, dim[TENSOR_MAX_RANK];
	size_t rank = 0, inner = 1;
	if (t != TENSOR_INT32 && t != TENSOR_INT64)
		return host_fault(c, "the output is %s; expected int32 or int64", tensor_type_name(t));
	if (!host_scalar(c, 1, &axis))
		return false;
	if (axis < -(int64_t)x->rank || axis >= (int64_t)x->rank || x->count == 0)
		return host_fault(c, "axis %lld of an input of %u dimensions and %zu elements", (long long)axis, x->rank, x->count);
	axis += axis < 0 ? (int64_t)x->rank : 0;
	for (unsigned d = 0; d < x->rank; d++) {
		if (d != (unsigned)axis)
			dim[rank++] = x->dim[d];
		if (d > (unsigned)axis)
			inner *= (size_t)x->dim[d];
	}
	struct tensor *y = host_steps(c, x->count, 1, 1) ? tflite_out(c, 0, rank, dim) : NULL;
	size_t length = (size_t)x->dim[axis];
	for (size_t i = 0; y && !c->dry && i < y->count; i++) {
		size_t base = i / inner * length * inner + i % inner, best = 0;
		for (size_t j = 1; j < length; j++) {
			double v = tensor_number(x, base + j * inner), so_far = tensor_number(x, base + best * inner);
			best = (most ? v > so_far : v < so_far) ? j : best;
		}
		if (t == TENSOR_INT32)
			((int32_t *)y->data)[i] = (int32_t)best;
		else
			((int64_t *)y->data)[i] = (int64_t)best;
	}
	return y;
}

bool tflite_arg_max(struct host_call *c)
{
	return arg(c, true);
}

bool tflite_arg_min(struct host_call *c)
{
	return arg(c, false);
}
