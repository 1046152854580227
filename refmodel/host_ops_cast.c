/*
 * Cast and CastLike. Where ONNX leaves the result open, it is that of the nearest number: floats beyond an integer type's range saturate, NaN becomes 0.
 * Integers wrap among themselves; what is not 0 is true.
 */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "host_ops.h"
#include "host_ops_type.h"

bool host_attribute_type(struct host_call *c, const char *name, enum tensor_type fallback, enum tensor_type *t)
{
	static const int onnx_type[TENSOR_TYPE_COUNT] = {
#define X(symbol, c_type, text, npy, onnx) onnx,
		TENSOR_TYPES(X)
#undef X
	};
	int64_t v;
	if (!attribute_int(c->node, name, fallback == TENSOR_TYPE_COUNT ? -1 : onnx_type[fallback], &v, c->fault))
		return false;
	for (int i = 0; i < TENSOR_TYPE_COUNT; i++)
		if (onnx_type[i] == v) {
			*t = (enum tensor_type)i;
			return true;
		}
	return host_fault(c, "attribute '%s' is data type %lld, which is not supported", name, (long long)v);
}

/* Smallest and largest number of an integer type. */
static void range_of(enum tensor_type t, int64_t *low, int64_t *high)
{
	unsigned bits = 8 * (unsigned)tensor_type_bytes(t);
	bool is_signed = t == TENSOR_INT8 || t == TENSOR_INT16 || t == TENSOR_INT32 || t == TENSOR_INT64;
	*high = bits == 64 ? INT64_MAX : ((int64_t)1 << (is_signed ? bits - 1 : bits)) - 1;
	*low = is_signed ? -*high - 1 : 0;
}

static int64_t to_integer(double v, int64_t low, int64_t high)
{
	if (isnan(v))
		return 0;
	return v <= (double)low ? low : v >= (double)high ? high : (int64_t)v;
}

static void set_float(struct tensor *y, size_t i, double v)
{
	if (y->type == TENSOR_FLOAT32)
		((float *)y->data)[i] = (float)v;
	else
		((double *)y->data)[i] = v;
}

void host_cast_tensor(const struct tensor *x, struct tensor *y)
{
	bool from_float = tensor_type_is_float(x->type);
	int64_t low, high;
	range_of(y->type, &low, &high);
	for (size_t i = 0; i < x->count; i++) {
		if (y->type == TENSOR_BOOL)
			((uint8_t *)y->data)[i] = from_float ? tensor_number(x, i) != 0 : tensor_integer(x, i) != 0;
		else if (!tensor_type_is_float(y->type))
			tensor_set_integer(y, i, from_float ? to_integer(tensor_number(x, i), low, high) : tensor_integer(x, i));
		else if (x->type == TENSOR_INT64 && y->type == TENSOR_FLOAT32)
			((float *)y->data)[i] = (float)((const int64_t *)x->data)[i]; /* rounded once */
		else
			set_float(y, i, tensor_number(x, i));
	}
}

static bool cast(struct host_call *c, enum tensor_type t)
{
	const struct tensor *x = c->in[0];
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, t, x->rank, x->dim) : NULL;
	if (y && !c->dry)
		host_cast_tensor(x, y);
	return y;
}

bool host_cast(struct host_call *c)
{
	enum tensor_type t;
	return host_attribute_type(c, "to", TENSOR_TYPE_COUNT, &t) && cast(c, t);
}

bool host_cast_like(struct host_call *c)
{
	return cast(c, c->in[1]->type);
}
