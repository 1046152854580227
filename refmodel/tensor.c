#include "tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors and files share the little-endian layout");

static const struct {
	const char *name;
	size_t bytes;
} types[TENSOR_TYPE_COUNT] = {
#define X(symbol, c, name, npy, onnx) {name, sizeof(c)},
	TENSOR_TYPES(X)
#undef X
};

const char *tensor_type_name(enum tensor_type t)
{
	return types[t].name;
}

size_t tensor_type_bytes(enum tensor_type t)
{
	return types[t].bytes;
}

bool tensor_type_is_float(enum tensor_type t)
{
	return t == TENSOR_FLOAT32 || t == TENSOR_FLOAT64;
}

char *tensor_shape_text(size_t rank, const int64_t *dim, char *text, size_t size)
{
	size_t at = 0;
	for (size_t i = 0; i < rank && at < size; i++) {
		int used = snprintf(text + at, size - at, "%s%lld", i ? ", " : "[", (long long)dim[i]);
		at += used > 0 ? (size_t)used : 0;
	}
	if (at < size)
		snprintf(text + at, size - at, rank ? "]" : "[]");
	return text;
}

bool tensor_count(enum tensor_type t, size_t rank, const int64_t *dim, size_t *count, struct fault *f)
{
	if (rank > TENSOR_MAX_RANK)
		return fault_set(f, "%zu dimensions; at most %d are possible", rank, TENSOR_MAX_RANK);
	/* a 0 anywhere makes it empty, yet the other dimensions must be sane */
	uint64_t limit = TENSOR_MAX_BYTES / types[t].bytes, product = 1;
	bool empty = false;
	for (size_t i = 0; i < rank; i++) {
		char text[160];
		if (dim[i] < 0)
			return fault_set(f, "shape %s has a negative dimension", tensor_shape_text(rank, dim, text, sizeof text));
		if (dim[i] == 0)
			empty = true;
		else if ((uint64_t)dim[i] > limit / product)
			return fault_set(f, "%s of shape %s; at most %d bytes are possible", types[t].name,
			                 tensor_shape_text(rank, dim, text, sizeof text), TENSOR_MAX_BYTES);
		else
			product *= (uint64_t)dim[i];
	}
	*count = empty ? 0 : (size_t)product;
	return true;
}

struct tensor *tensor_shape(enum tensor_type t, size_t rank, const int64_t *dim, struct fault *f)
{
	size_t count;
	if (!tensor_count(t, rank, dim, &count, f))
		return NULL;
	struct tensor *out = calloc(1, sizeof *out);
	if (!out) {
		fault_set(f, "out of memory");
		return NULL;
	}
	out->type = t;
	out->rank = (unsigned)rank;
	for (size_t i = 0; i < rank; i++)
		out->dim[i] = dim[i];
	out->count = count;
	return out;
}

struct tensor *tensor_new(enum tensor_type t, size_t rank, const int64_t *dim, struct fault *f)
{
	struct tensor *out = tensor_shape(t, rank, dim, f);
	if (!out)
		return NULL;
	out->data = calloc(out->count ? out->count : 1, types[t].bytes);
	if (out->data)
		return out;
	fault_set(f, "out of memory for %zu bytes", out->count * types[t].bytes);
	tensor_free(out);
	return NULL;
}

struct tensor *tensor_copy(const struct tensor *t, struct fault *f)
{
	if (!t->data)
		return tensor_shape(t->type, t->rank, t->dim, f);
	struct tensor *out = tensor_new(t->type, t->rank, t->dim, f);
	if (out)
		memcpy(out->data, t->data, t->count * types[t->type].bytes);
	return out;
}

void tensor_free(struct tensor *t)
{
	if (!t)
		return;
	free(t->data);
	free(t);
}

struct tensor *tensor_rows(const struct tensor *t, size_t first, size_t count, struct fault *f)
{
	if (t->rank == 0 || count > (uint64_t)t->dim[0] || first > (uint64_t)t->dim[0] - count) {
		fault_set(f, "elements %zu to %zu of dimension 0 wanted; there are %lld", first, first + count - 1,
		          t->rank ? (long long)t->dim[0] : 0);
		return NULL;
	}
	int64_t dim[TENSOR_MAX_RANK];
	memcpy(dim, t->dim, sizeof dim);
	dim[0] = (int64_t)count;
	if (!t->data)
		return tensor_shape(t->type, t->rank, dim, f);
	struct tensor *out = tensor_new(t->type, t->rank, dim, f);
	if (!out)
		return NULL;
	size_t row = t->dim[0] ? t->count / (size_t)t->dim[0] * types[t->type].bytes : 0;
	memcpy(out->data, (const char *)t->data + first * row, count * row);
	return out;
}

bool tensor_equal(const struct tensor *a, const struct tensor *b)
{
	if (a->type != b->type || a->rank != b->rank || memcmp(a->dim, b->dim, a->rank * sizeof a->dim[0]) != 0)
		return false;
	return a->data && b->data ? !memcmp(a->data, b->data, a->count * types[a->type].bytes) : !a->data && !b->data;
}

double tensor_number(const struct tensor *t, size_t i)
{
	switch (t->type) {
#define X(symbol, c, name, npy, onnx) \
	case TENSOR_##symbol: \
		return (double)((const c *)t->data)[i];
	TENSOR_TYPES(X)
#undef X
	default:
		abort();
	}
}

int64_t tensor_integer(const struct tensor *t, size_t i)
{
	switch (t->type) {
	case TENSOR_UINT8:
	case TENSOR_BOOL:
		return ((const uint8_t *)t->data)[i];
	case TENSOR_INT8:
		return ((const int8_t *)t->data)[i];
	case TENSOR_UINT16:
		return ((const uint16_t *)t->data)[i];
	case TENSOR_INT16:
		return ((const int16_t *)t->data)[i];
	case TENSOR_INT32:
		return ((const int32_t *)t->data)[i];
	case TENSOR_INT64:
		return ((const int64_t *)t->data)[i];
	default:
		abort();
	}
}

void tensor_set_integer(struct tensor *t, size_t i, int64_t v)
{
	switch (tensor_type_bytes(t->type)) {
	case 1:
		((uint8_t *)t->data)[i] = (uint8_t)v;
		return;
	case 2:
		((uint16_t *)t->data)[i] = (uint16_t)v;
		return;
	case 4:
		((uint32_t *)t->data)[i] = (uint32_t)v;
		return;
	default:
		((uint64_t *)t->data)[i] = (uint64_t)v;
	}
}
