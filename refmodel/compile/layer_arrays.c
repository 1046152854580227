#include "layer_arrays.h"

#include "layer_encode.h"

enum { MAX_AXES = 8 };

struct array_format array_format(const struct bitlet_precision *p, bool weights, unsigned bytes)
{
	return (struct array_format){ .is_float = p->is_float, .exp_bits = p->exp_bits, .man_bits = p->man_bits, .bits = weights ? p->w_bits : p->a_bits,
	                              .is_signed = weights ? p->w_signed : p->a_signed, .bytes = bytes };
}

bool array_type_check(const struct tensor *t, const struct array_format *a, const char *path, struct fault *f)
{
	bool good = a->is_float ? t->type == TENSOR_FLOAT32 : !tensor_type_is_float(t->type);
	return good || fault_set(f, "%s: the array is %s; expected %s", path, tensor_type_name(t->type), a->is_float ? "float32 for a float precision" : "whole numbers for a fixed precision");
}

static bool word_of(const struct tensor *t, const struct array_format *a, size_t i, uint32_t *word, const char *path, struct fault *f)
{
	if (a->is_float) {
		*word = layer_float_word(((const float *)t->data)[i], a->exp_bits, a->man_bits);
		return true;
	}
	int64_t v = tensor_integer(t, i), low = layer_field_min(a->bits, a->is_signed), high = layer_field_max(a->bits, a->is_signed);
	if (v < low || v > high)
		return fault_set(f, "%s: element %zu is %lld; expected %lld..%lld", path, i, (long long)v, (long long)low, (long long)high);
	*word = layer_field((int32_t)v, a->bits);
	return true;
}

bool array_store(const struct tensor *t, const struct array_format *a, const struct array_axis *axis, unsigned axes, void *to, const char *path, struct fault *f)
{
	int64_t index[MAX_AXES] = { 0 };
	size_t count = 1;
	for (unsigned i = 0; i < axes; i++)
		count *= (size_t)axis[i].count;
	for (size_t n = 0; n < count; n++) {
		int64_t at = 0;
		uint32_t word = 0;
		for (unsigned i = 0; i < axes; i++)
			at += index[i] * axis[i].stride;
		if (!word_of(t, a, (size_t)at, &word, path, f))
			return false;
		layer_store(to, a->bytes, n, word);
		for (unsigned i = axes; i-- > 0 && ++index[i] == axis[i].count;)
			index[i] = 0;
	}
	return true;
}
