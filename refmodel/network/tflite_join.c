/* CONCATENATION, PACK, GATHER: pieces of the inputs side by side. */
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "tflite_kernel.h"

/* Product of dimensions from .. to - 1. */
static size_t product(const int64_t *dim, unsigned from, unsigned to)
{
	size_t p = 1;
	for (unsigned d = from; d < to; d++)
		p *= (size_t)dim[d];
	return p;
}

/* y is made of `outer` rows, each of them one run of every input in turn. */
static void join(struct host_call *c, struct tensor *y, size_t outer)
{
	char *to = y->data;
	size_t bytes = tensor_type_bytes(y->type);
	for (size_t row = 0; row < outer; row++)
		for (size_t i = 0; i < c->node->inputs; i++) {
			size_t run = c->in[i]->count / outer * bytes;
			memcpy(to, (const char *)c->in[i]->data + row * run, run);
			to += run;
		}
}

static bool all_there(struct host_call *c)
{
	for (size_t i = 0; i < c->node->inputs; i++)
		if (!host_in(c, i))
			return host_fault(c, "input %zu is left out; expected a tensor", i);
	return true;
}

static bool finish(struct host_call *c, size_t rank, const int64_t *dim, unsigned axis)
{
	struct tensor *y = tflite_out(c, 0, rank, dim);
	if (!y || !y->count)
		return y;
	size_t outer = product(dim, 0, axis);
	if (!host_steps(c, y->count, 1, 1) || !host_steps(c, outer, c->node->inputs, 1))
		return false;
	if (!c->dry)
		join(c, y, outer);
	return true;
}

bool tflite_concatenation(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	const char *activation;
	unsigned axis;
	int64_t dim[TENSOR_MAX_RANK];
	char text[160];
	if (!all_there(c) || !tflite_word(c, "fused_activation_function", &activation) || !attribute_axis(c->node, 0, x->rank, &axis, c->fault))
		return false;
	if (strcmp(activation, "NONE") != 0)
		return host_fault(c, "fused activation %s; expected NONE", activation);
	memcpy(dim, x->dim, sizeof dim);
	dim[axis] = 0;
	for (size_t i = 0; i < c->node->inputs; i++) {
		const struct tensor *t = c->in[i];
		if (!tflite_same_code(c, i))
			return false;
		for (unsigned d = 0; d < x->rank; d++)
			if (t->rank != x->rank || (d != axis && t->dim[d] != x->dim[d]))
				return host_fault(c, "input %zu of shape %s does not fit the first one along axis %u", i,
				                  tensor_shape_text(t->rank, t->dim, text, sizeof text), axis);
		dim[axis] += t->dim[axis];
	}
	return finish(c, x->rank, dim, axis);
}

bool tflite_pack(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t axis, dim[TENSOR_MAX_RANK + 1], rank = (int64_t)x->rank + 1;
	if (!all_there(c) || !tflite_int(c, "axis", -rank, rank - 1, &axis))
		return false;
	axis += axis < 0 ? rank : 0;
	for (int64_t d = 0; d < rank; d++)
		dim[d] = d < axis ? x->dim[d] : d == axis ? (int64_t)c->node->inputs : x->dim[d - 1];
	for (size_t i = 0; i < c->node->inputs; i++) {
		if (!tflite_same_code(c, i))
			return false;
		if (c->in[i]->rank != x->rank || memcmp(c->in[i]->dim, x->dim, x->rank * sizeof x->dim[0]) != 0)
			return host_fault(c, "input %zu has another shape than the first one", i);
	}
	return finish(c, (size_t)rank, dim, (unsigned)axis);
}

/* ---- GATHER: x [batch...][outer...][axis][inner...], indices [batch...][index...] */

struct gather {
	size_t batches, outer, axis, inner, indices;
};

static bool gather_shape(struct host_call *c, struct gather *g, size_t *rank, int64_t dim[2 * TENSOR_MAX_RANK])
{
	const struct tensor *x = c->in[0], *index = c->in[1];
	unsigned axis;
	int64_t batch;
	if (!attribute_axis(c->node, 0, x->rank, &axis, c->fault) || !tflite_int(c, "batch_dims", 0, axis, &batch))
		return false;
	unsigned shared = (unsigned)batch;
	if (shared > index->rank || memcmp(x->dim, index->dim, shared * sizeof x->dim[0]) != 0)
		return host_fault(c, "the first %u dimensions of input and indices differ", shared);
	*rank = 0;
	for (unsigned d = 0; d < axis; d++)
		dim[(*rank)++] = x->dim[d];
	for (unsigned d = shared; d < index->rank; d++)
		dim[(*rank)++] = index->dim[d];
	for (unsigned d = axis + 1; d < x->rank; d++)
		dim[(*rank)++] = x->dim[d];
	*g = (struct gather){product(x->dim, 0, shared), product(x->dim, shared, axis), (size_t)x->dim[axis], product(x->dim, axis + 1, x->rank),
	                     product(index->dim, shared, index->rank)};
	return true;
}

static bool gather_run(struct host_call *c, const struct gather *g, struct tensor *y)
{
	const struct tensor *x = c->in[0], *index = c->in[1];
	size_t run = g->inner * tensor_type_bytes(x->type);
	char *to = y->data;
	for (size_t i = 0; i < g->batches * g->outer; i++)
		for (size_t j = 0; j < g->indices; j++, to += run) {
			int64_t at = tensor_integer(index, i / g->outer * g->indices + j);
			if (at < 0 || (uint64_t)at >= g->axis)
				return host_fault(c, "index %lld of %zu elements", (long long)at, g->axis);
			memcpy(to, (const char *)x->data + (i * g->axis + (size_t)at) * run, run);
		}
	return true;
}

bool tflite_gather(struct host_call *c)
{
	struct gather g = {0};
	size_t rank = 0;
	int64_t dim[2 * TENSOR_MAX_RANK];
	enum tensor_type t = c->in[1]->type;
	if (t != TENSOR_INT32 && t != TENSOR_INT64 && t != TENSOR_INT16 && t != TENSOR_INT8)
		return host_type_fault(c, 1, "int8, int16, int32 or int64");
	if (!tflite_same_type(c, 0) || !gather_shape(c, &g, &rank, dim))
		return false;
	struct tensor *y = tflite_out(c, 0, rank, dim);
	return y && host_steps(c, y->count, 1, 1) && (c->dry || !y->count || gather_run(c, &g, y));
}
