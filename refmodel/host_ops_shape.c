/* Operators that move or rename elements without computing. */
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "host_ops.h"

/* ---- the same elements under another shape */

static bool copy_as(struct host_call *c, size_t rank, const int64_t *dim)
{
	const struct tensor *x = c->in[0];
	size_t count = 0;
	char text[160];
	struct fault ignored = {""};
	if (!tensor_count(x->type, rank, dim, &count, &ignored) || count != x->count)
		return host_fault(c, "%zu elements cannot take the shape %s", x->count, tensor_shape_text(rank, dim, text, sizeof text));
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, x->type, rank, dim) : NULL;
	if (!y || c->dry)
		return y;
	memcpy(y->data, x->data, x->count * tensor_type_bytes(x->type));
	return true;
}

bool host_identity(struct host_call *c)
{
	return copy_as(c, c->in[0]->rank, c->in[0]->dim);
}

/* A network is run, not trained: nothing is dropped, and the mask, which files of old tools name though nobody takes it, says so. */
bool host_dropout(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	if (!host_identity(c))
		return false;
	if (c->node->outputs < 2)
		return true;
	struct tensor *mask = host_out(c, 1, TENSOR_BOOL, x->rank, x->dim);
	if (mask && !c->dry)
		memset(mask->data, 1, mask->count);
	return mask;
}

bool host_flatten(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t axis, dim[2] = {1, 1};
	if (!attribute_range(c->node, "axis", 1, -(int64_t)x->rank, x->rank, &axis, c->fault))
		return false;
	axis += axis < 0 ? x->rank : 0;
	for (unsigned i = 0; i < x->rank; i++)
		dim[i >= axis] *= x->dim[i];
	return copy_as(c, 2, dim);
}

/* 0 takes the input's dimension, -1 what is left over. */
bool host_reshape(struct host_call *c)
{
	const struct tensor *x = c->in[0], *shape = c->in[1];
	int64_t keep_zero, dim[TENSOR_MAX_RANK];
	size_t product = 1;
	int open = -1;
	if (!host_type(c, 1, TENSOR_INT64) || !host_known(c, 1) || !attribute_range(c->node, "allowzero", 0, 0, 1, &keep_zero, c->fault))
		return false;
	if (shape->rank > 1 || shape->count > TENSOR_MAX_RANK)
		return host_fault(c, "a shape of %zu dimensions; at most %d are possible", shape->count, TENSOR_MAX_RANK);
	for (unsigned i = 0; i < shape->count; i++) {
		dim[i] = ((const int64_t *)shape->data)[i];
		if (dim[i] == 0 && !keep_zero && i < x->rank)
			dim[i] = x->dim[i];
		if (dim[i] < -1 || (dim[i] == -1 && open >= 0) || dim[i] > TENSOR_MAX_BYTES)
			return host_fault(c, "dimension %lld in the new shape; expected sizes, 0, and one -1 at most", (long long)dim[i]);
		if (dim[i] == -1)
			open = (int)i;
		else if (dim[i] && product > TENSOR_MAX_BYTES / (size_t)dim[i])
			return host_fault(c, "the new shape is larger than %d elements", TENSOR_MAX_BYTES);
		else
			product *= (size_t)dim[i];
	}
	if (open >= 0)
		dim[open] = product ? (int64_t)(x->count / product) : 0;
	return copy_as(c, shape->count, dim);
}

bool host_squeeze(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned mask, rank = 0;
	bool given;
	int64_t dim[TENSOR_MAX_RANK];
	if (!host_axes(c, 1, "axes", x->rank, &mask, &given))
		return false;
	for (unsigned i = 0; i < x->rank; i++) {
		bool drop = mask >> i & 1;
		if (given && drop && x->dim[i] != 1)
			return host_fault(c, "dimension %u is %lld; only a 1 can be dropped", i, (long long)x->dim[i]);
		if (!drop || x->dim[i] != 1)
			dim[rank++] = x->dim[i];
	}
	return copy_as(c, rank, dim);
}

bool host_unsqueeze(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct host_list l;
	unsigned axis[TENSOR_MAX_RANK], count = 0, mask = 0, at = 0;
	int64_t dim[TENSOR_MAX_RANK];
	bool good = host_list(c, 1, "axes", &l);
	size_t rank = x->rank + l.count;
	if (good && !l.given)
		good = host_fault(c, "lacks the axes");
	if (good && rank > TENSOR_MAX_RANK)
		good = host_fault(c, "the result has %zu dimensions; at most %d are possible", rank, TENSOR_MAX_RANK);
	good = good && host_list_axes(c, &l, (unsigned)rank, axis, &count);
	host_list_free(&l);
	for (unsigned i = 0; i < count; i++)
		mask |= 1u << axis[i];
	for (unsigned i = 0; good && i < rank; i++)
		dim[i] = mask >> i & 1 ? 1 : x->dim[at++];
	return good && copy_as(c, rank, dim);
}

/* ---- the shape itself */

static int64_t clamped(int64_t v, int64_t rank)
{
	v += v < 0 ? rank : 0;
	return v < 0 ? 0 : v > rank ? rank : v;
}

bool host_shape(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t rank = x->rank, start, end;
	if (!attribute_int(c->node, "start", 0, &start, c->fault) || !attribute_int(c->node, "end", rank, &end, c->fault))
		return false;
	start = clamped(start, rank);
	end = clamped(end, rank);
	int64_t count = end > start ? end - start : 0;
	struct tensor *y = host_out(c, 0, TENSOR_INT64, 1, &count);
	if (y && !c->dry)
		memcpy(y->data, x->dim + start, (size_t)count * sizeof x->dim[0]);
	return y;
}

bool host_size(struct host_call *c)
{
	struct tensor *y = host_out(c, 0, TENSOR_INT64, 0, NULL);
	if (y && !c->dry)
		*(int64_t *)y->data = (int64_t)c->in[0]->count;
	return y;
}

/* ---- Constant */

bool host_constant(struct host_call *c)
{
	if (c->node->attributes != 1)
		return host_fault(c, "%zu attributes; expected one value", c->node->attributes);
	const struct graph_attribute *a = &c->node->attribute[0];
	int64_t count = (int64_t)a->count;
	struct tensor *y = NULL;
	const void *from = NULL;
	switch (a->type) {
	case GRAPH_TENSOR:
		y = host_out_like(c, 0, a->tensor);
		from = a->tensor->data;
		break;
	case GRAPH_INT:
		y = host_out(c, 0, TENSOR_INT64, 0, NULL);
		from = &a->i;
		break;
	case GRAPH_FLOAT:
		y = host_out(c, 0, TENSOR_FLOAT32, 0, NULL);
		from = &a->f;
		break;
	case GRAPH_INTS:
		y = host_out(c, 0, TENSOR_INT64, 1, &count);
		from = a->ints;
		break;
	case GRAPH_FLOATS:
		y = host_out(c, 0, TENSOR_FLOAT32, 1, &count);
		from = a->floats;
		break;
	default:
		return host_fault(c, "attribute '%.40s' is no number or tensor", a->name);
	}
	if (y && !c->dry && y->count)
		memcpy(y->data, from, y->count * tensor_type_bytes(y->type));
	return y;
}

/* ---- Concat: each input gives a run of bytes for every index before the axis */

static bool concat_shape(struct host_call *c, unsigned *axis, int64_t dim[TENSOR_MAX_RANK])
{
	const struct tensor *first = c->in[0];
	if (!graph_attribute_find(c->node, "axis"))
		return host_fault(c, "lacks the attribute 'axis'");
	if (!attribute_axis(c->node, 0, first->rank, axis, c->fault))
		return false;
	memcpy(dim, first->dim, sizeof first->dim);
	for (size_t i = 1; i < c->node->inputs; i++) {
		const struct tensor *t = host_in(c, i);
		if (!host_type(c, i, first->type))
			return false;
		bool same = t->rank == first->rank;
		for (unsigned d = 0; same && d < t->rank; d++)
			same = d == *axis || t->dim[d] == first->dim[d];
		if (!same)
			return host_fault(c, "input %zu differs in shape from input 0 in more than the axis", i);
		dim[*axis] += t->dim[*axis];
	}
	return true;
}

bool host_concat(struct host_call *c)
{
	unsigned axis;
	int64_t dim[TENSOR_MAX_RANK];
	if (!concat_shape(c, &axis, dim))
		return false;
	struct tensor *y = host_out(c, 0, c->in[0]->type, c->in[0]->rank, dim);
	if (!y || !host_steps(c, y->count, 1, 1))
		return false;
	if (c->dry)
		return true;
	size_t outer = 1, bytes = tensor_type_bytes(y->type);
	for (unsigned i = 0; i < axis; i++)
		outer *= (size_t)dim[i];
	char *to = y->data;
	for (size_t o = 0; y->count && o < outer; o++)
		for (size_t i = 0; i < c->node->inputs; i++) {
			size_t run = c->in[i]->count / outer * bytes;
			memcpy(to, (const char *)c->in[i]->data + o * run, run);
			to += run;
		}
	return true;
}

/* ---- Transpose */

static bool permutation(struct host_call *c, unsigned rank, unsigned order[TENSOR_MAX_RANK])
{
	const int64_t *v;
	size_t count;
	unsigned seen = 0;
	if (!attribute_ints(c->node, "perm", &v, &count, c->fault))
		return false;
	for (unsigned i = 0; i < rank; i++)
		order[i] = rank - 1 - i;
	if (!v)
		return true;
	for (unsigned i = 0; count == rank && i < rank; i++)
		if (v[i] >= 0 && v[i] < (int64_t)rank) {
			order[i] = (unsigned)v[i];
			seen |= 1u << v[i];
		}
	return (count == rank && seen == (1u << rank) - 1) || host_fault(c, "attribute 'perm' is no order of %u dimensions", rank);
}

bool host_transpose(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned order[TENSOR_MAX_RANK];
	int64_t dim[TENSOR_MAX_RANK];
	size_t step[TENSOR_MAX_RANK], bytes = tensor_type_bytes(x->type), size = 1;
	if (!permutation(c, x->rank, order))
		return false;
	for (unsigned i = x->rank; i-- > 0; size *= (size_t)x->dim[i])
		step[i] = size;
	for (unsigned i = 0; i < x->rank; i++)
		dim[i] = x->dim[order[i]];
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, x->type, x->rank, dim) : NULL;
	for (size_t i = 0; y && !c->dry && i < y->count; i++) {
		size_t from = 0, rest = i;
		for (unsigned d = y->rank; d-- > 0; rest /= (size_t)dim[d])
			from += rest % (size_t)dim[d] * step[order[d]];
		memcpy((char *)y->data + i * bytes, (const char *)x->data + from * bytes, bytes);
	}
	return y;
}
