/* RESHAPE, SQUEEZE, EXPAND_DIMS, SHAPE, RANK, TRANSPOSE, DEPTH_TO_SPACE, SPACE_TO_DEPTH: the same elements in another shape or order. */
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "tflite_kernel.h"

/* Output 0 with input 0's elements in their order. */
static bool same_elements(struct host_call *c, size_t rank, const int64_t *dim)
{
	const struct tensor *x = c->in[0];
	if (!tflite_same_type(c, 0))
		return false;
	struct tensor *y = tflite_out(c, 0, rank, dim);
	if (y && !c->dry)
		memcpy(y->data, x->data, x->count * tensor_type_bytes(x->type));
	return y;
}

/* ---- another shape */

/* One dimension may be -1: what is left. */
static bool fill_dimension(struct host_call *c, size_t rank, int64_t *dim)
{
	int64_t *open = NULL, product = 1, count = (int64_t)c->in[0]->count;
	char text[160];
	bool good = true;
	for (size_t i = 0; good && i < rank; i++) {
		if (dim[i] == -1 && !open)
			open = &dim[i];
		else
			good = dim[i] >= 0 && dim[i] <= TENSOR_MAX_BYTES && (product *= dim[i]) <= TENSOR_MAX_BYTES;
	}
	if (good && open && product)
		*open = count / product;
	good = good && (!open || product) && product * (open ? *open : 1) == count;
	return good || host_fault(c, "%lld elements do not fit shape %s", (long long)count, tensor_shape_text(rank, dim, text, sizeof text));
}

/* The file's own word, when the shape is computed and nobody knows it yet. */
static bool declared_shape(struct host_call *c, size_t *rank, int64_t dim[TENSOR_MAX_RANK])
{
	const struct graph_value *v = tflite_out_value(c, 0);
	*rank = v->rank;
	memcpy(dim, v->dim, sizeof v->dim);
	return v->rank > 0;
}

bool tflite_reshape(struct host_call *c)
{
	const struct tensor *given = host_in(c, 1);
	struct host_list l = {.given = false};
	int64_t dim[TENSOR_MAX_RANK];
	size_t rank = 0;
	if (given && !given->data && declared_shape(c, &rank, dim))
		return fill_dimension(c, rank, dim) && same_elements(c, rank, dim);
	bool good = host_list(c, 1, "new_shape", &l);
	if (good && l.count > TENSOR_MAX_RANK)
		good = host_fault(c, "shape of %zu dimensions; at most %d are possible", l.count, TENSOR_MAX_RANK);
	for (; good && rank < l.count; rank++)
		dim[rank] = l.v[rank];
	host_list_free(&l);
	return good && fill_dimension(c, rank, dim) && same_elements(c, rank, dim);
}

bool tflite_squeeze(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t dim[TENSOR_MAX_RANK];
	unsigned mask, rank = 0;
	bool given;
	struct host_list l;
	if (!host_list(c, 1, "squeeze_dims", &l))
		return false;
	given = l.count;
	host_list_free(&l);
	if (!host_axes(c, 1, "squeeze_dims", x->rank, &mask, &(bool){false}))
		return false;
	for (unsigned d = 0; d < x->rank; d++) {
		bool gone = given ? mask >> d & 1 : x->dim[d] == 1;
		if (gone && x->dim[d] != 1)
			return host_fault(c, "dimension %u is %lld; expected 1", d, (long long)x->dim[d]);
		if (!gone)
			dim[rank++] = x->dim[d];
	}
	return same_elements(c, rank, dim);
}

bool tflite_expand_dims(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t axis, dim[TENSOR_MAX_RANK + 1], rank = (int64_t)x->rank + 1;
	if (!host_scalar(c, 1, &axis))
		return false;
	if (axis < -rank || axis >= rank)
		return host_fault(c, "axis %lld; expected -%lld to %u", (long long)axis, (long long)rank, x->rank);
	axis += axis < 0 ? rank : 0;
	for (int64_t d = 0; d < rank; d++)
		dim[d] = d < axis ? x->dim[d] : d == axis ? 1 : x->dim[d - 1];
	return same_elements(c, (size_t)rank, dim);
}

static void store_integers(struct tensor *y, const int64_t *v)
{
	for (size_t i = 0; i < y->count; i++) {
		if (y->type == TENSOR_INT32)
			((int32_t *)y->data)[i] = (int32_t)v[i];
		else
			((int64_t *)y->data)[i] = v[i];
	}
}

static bool integers(struct host_call *c, size_t rank, const int64_t *dim, const int64_t *v)
{
	enum tensor_type t = tflite_out_value(c, 0)->type;
	if (t != TENSOR_INT32 && t != TENSOR_INT64)
		return host_fault(c, "the output is %s; expected int32 or int64", tensor_type_name(t));
	struct tensor *y = tflite_out(c, 0, rank, dim);
	if (y && !c->dry)
		store_integers(y, v);
	return y;
}

bool tflite_shape(struct host_call *c)
{
	int64_t rank = c->in[0]->rank;
	return integers(c, 1, &rank, c->in[0]->dim);
}

bool tflite_rank(struct host_call *c)
{
	int64_t rank = c->in[0]->rank;
	return integers(c, 0, NULL, &rank);
}

/* ---- another order */

enum { LOOPS_MAX = TENSOR_MAX_RANK };

/* y's elements in order are x's at sums of index * step; the last dimension goes in one piece where its step is 1. */
static void strided_copy(const struct tensor *x, struct tensor *y, unsigned rank, const size_t *dim, const size_t *step)
{
	size_t bytes = tensor_type_bytes(x->type), index[LOOPS_MAX] = {0}, at = 0;
	bool whole = rank && step[rank - 1] == 1;
	size_t run = whole ? dim[rank - 1] : 1;
	unsigned loops = whole ? rank - 1 : rank;
	for (size_t i = 0; i < y->count; i += run) {
		memcpy((char *)y->data + i * bytes, (const char *)x->data + at * bytes, run * bytes);
		for (unsigned d = loops; d-- > 0;) {
			at += step[d];
			if (++index[d] < dim[d])
				break;
			at -= dim[d] * step[d];
			index[d] = 0;
		}
	}
}

static void dense_steps(const struct tensor *x, size_t step[TENSOR_MAX_RANK])
{
	size_t size = 1;
	for (unsigned d = x->rank; d-- > 0; size *= (size_t)x->dim[d])
		step[d] = size;
}

static bool permutation(struct host_call *c, unsigned axis[TENSOR_MAX_RANK])
{
	struct host_list l;
	unsigned count = 0;
	bool good = host_list(c, 1, NULL, &l) && host_list_count(c, &l, "axes", c->in[0]->rank) && host_list_axes(c, &l, c->in[0]->rank, axis, &count);
	host_list_free(&l);
	return good;
}

bool tflite_transpose(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned axis[TENSOR_MAX_RANK];
	int64_t dim[TENSOR_MAX_RANK];
	size_t step[TENSOR_MAX_RANK], size[TENSOR_MAX_RANK], dense[TENSOR_MAX_RANK];
	if (!permutation(c, axis) || !tflite_same_type(c, 0) || !host_steps(c, x->count, 1, 1))
		return false;
	dense_steps(x, dense);
	for (unsigned d = 0; d < x->rank; d++) {
		dim[d] = x->dim[axis[d]];
		size[d] = (size_t)dim[d];
		step[d] = dense[axis[d]];
	}
	struct tensor *y = tflite_out(c, 0, x->rank, dim);
	if (y && !c->dry)
		strided_copy(x, y, x->rank, size, step);
	return y;
}

/* ---- blocks of pixels and channels: [n][h][w][b][b][c] as [n][h][b][w][b][c] and back */

static bool block(struct host_call *c, size_t *b)
{
	int64_t size;
	const struct tensor *x = c->in[0];
	if (!tflite_int(c, "block_size", 1, 1 << 15, &size))
		return false;
	*b = (size_t)size;
	if (x->rank != 4)
		return host_fault(c, "input of %u dimensions; expected [n, height, width, channels]", x->rank);
	return tflite_same_type(c, 0) && host_steps(c, x->count, 1, 1);
}

bool tflite_depth_to_space(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	size_t b;
	if (!block(c, &b))
		return false;
	size_t h = (size_t)x->dim[1], w = (size_t)x->dim[2], all = (size_t)x->dim[3], channels = all / (b * b);
	if (channels * b * b != all)
		return host_fault(c, "%zu channels; expected a multiple of %zu", all, b * b);
	int64_t dim[4] = {x->dim[0], (int64_t)(h * b), (int64_t)(w * b), (int64_t)channels};
	struct tensor *y = tflite_out(c, 0, 4, dim);
	if (y && !c->dry && y->count)
		strided_copy(x, y, 6, (size_t[]){(size_t)x->dim[0], h, b, w, b, channels}, (size_t[]){h * w * all, w * all, b * channels, all, channels, 1});
	return y;
}

bool tflite_space_to_depth(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	size_t b;
	if (!block(c, &b))
		return false;
	size_t h = (size_t)x->dim[1] / b, w = (size_t)x->dim[2] / b, channels = (size_t)x->dim[3], row = w * b * channels;
	if (h * b != (size_t)x->dim[1] || w * b != (size_t)x->dim[2])
		return host_fault(c, "%lld x %lld pixels; expected multiples of %zu", (long long)x->dim[1], (long long)x->dim[2], b);
	int64_t dim[4] = {x->dim[0], (int64_t)h, (int64_t)w, (int64_t)(channels * b * b)};
	struct tensor *y = tflite_out(c, 0, 4, dim);
	if (y && !c->dry && y->count)
		strided_copy(x, y, 6, (size_t[]){(size_t)x->dim[0], h, w, b, b, channels}, (size_t[]){h * b * row, b * row, b * channels, row, channels, 1});
	return y;
}
