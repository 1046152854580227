/* Operators that take elements at computed places: Gather, GatherElements, GatherND; and that put them there: ScatterElements, ScatterND. */
#include <string.h>

#include "attribute.h"
#include "host_ops.h"

static bool index_type(struct host_call *c, size_t input)
{
	enum tensor_type t = c->in[input]->type;
	return t == TENSOR_INT64 || t == TENSOR_INT32 || host_type_fault(c, input, "int64 or int32");
}

/* Element i of an index tensor as 0 .. size - 1; those below 0 count from the end. */
static bool index_at(struct host_call *c, const struct tensor *t, size_t i, int64_t size, size_t *index)
{
	int64_t v = tensor_integer(t, i);
	*index = 0;
	if (v < -size || v >= size)
		return host_fault(c, "index %lld; expected -%lld to %lld", (long long)v, (long long)size, (long long)size - 1);
	*index = (size_t)(v < 0 ? v + size : v);
	return true;
}

static size_t product(const int64_t *dim, unsigned first, unsigned end)
{
	size_t p = 1;
	for (unsigned i = first; i < end; i++)
		p *= (size_t)dim[i];
	return p;
}

/* ---- Gather: runs of bytes behind the axis */

static bool gather(struct host_call *c, unsigned axis, struct tensor *y)
{
	const struct tensor *x = c->in[0], *t = c->in[1];
	size_t outer = product(x->dim, 0, axis), bytes = product(x->dim, axis + 1, x->rank) * tensor_type_bytes(x->type), from;
	char *to = y->data;
	for (size_t i = 0; i < t->count; i++)
		if (!index_at(c, t, i, x->dim[axis], &from))
			return false;
	for (size_t o = 0; y->count && o < outer; o++)
		for (size_t i = 0; i < t->count; i++, to += bytes) {
			index_at(c, t, i, x->dim[axis], &from);
			memcpy(to, (const char *)x->data + (o * (size_t)x->dim[axis] + from) * bytes, bytes);
		}
	return true;
}

bool host_gather(struct host_call *c)
{
	const struct tensor *x = c->in[0], *t = c->in[1];
	int64_t dim[2 * TENSOR_MAX_RANK];
	unsigned axis, rank = 0;
	if (!index_type(c, 1) || !attribute_axis(c->node, 0, x->rank, &axis, c->fault))
		return false;
	for (unsigned i = 0; i < axis; i++)
		dim[rank++] = x->dim[i];
	for (unsigned i = 0; i < t->rank; i++)
		dim[rank++] = t->dim[i];
	for (unsigned i = axis + 1; i < x->rank; i++)
		dim[rank++] = x->dim[i];
	struct tensor *y = host_out(c, 0, x->type, rank, dim);
	return y && host_steps(c, y->count + t->count, 1, 1) && (c->dry || gather(c, axis, y));
}

/* ---- the elements ones: an index replaces the coordinate on the axis */

static bool element_shapes(struct host_call *c, const struct tensor *x, const struct tensor *t, unsigned axis)
{
	if (t->rank != x->rank)
		return host_fault(c, "indices of %u dimensions; expected %u", t->rank, x->rank);
	for (unsigned i = 0; i < x->rank; i++)
		if (i != axis && t->dim[i] > x->dim[i])
			return host_fault(c, "dimension %u of the indices is %lld; the data has %lld", i, (long long)t->dim[i], (long long)x->dim[i]);
	return true;
}

/* Where in x index element i points to. */
static bool element_place(struct host_call *c, const struct tensor *x, const struct tensor *t, unsigned axis, size_t i, size_t *place)
{
	size_t at, rest = i, step = 1;
	if (!index_at(c, t, i, x->dim[axis], &at))
		return false;
	*place = 0;
	for (unsigned d = x->rank; d-- > 0; rest /= (size_t)t->dim[d]) {
		*place += (d == axis ? at : rest % (size_t)t->dim[d]) * step;
		step *= (size_t)x->dim[d];
	}
	return true;
}

bool host_gather_elements(struct host_call *c)
{
	const struct tensor *x = c->in[0], *t = c->in[1];
	size_t bytes = tensor_type_bytes(x->type), from;
	unsigned axis;
	if (!index_type(c, 1) || !attribute_axis(c->node, 0, x->rank, &axis, c->fault) || !element_shapes(c, x, t, axis))
		return false;
	struct tensor *y = host_steps(c, t->count, x->rank, 1) ? host_out(c, 0, x->type, t->rank, t->dim) : NULL;
	for (size_t i = 0; y && !c->dry && i < t->count; i++) {
		if (!element_place(c, x, t, axis, i, &from))
			return false;
		memcpy((char *)y->data + i * bytes, (const char *)x->data + from * bytes, bytes);
	}
	return y;
}

/* ---- the N-dimensional ones: rows of `depth` coordinates, behind `batch` dimensions in common */

struct nd {
	unsigned depth, batch;
	size_t tuples, batches;     /* rows of indices in all; batches that they fall into */
	size_t run;                 /* elements of x that a row chooses */
};

static bool nd_resolve(struct host_call *c, const struct tensor *x, const struct tensor *t, int64_t batch, struct nd *n)
{
	if (!x->rank || !t->rank)
		return host_fault(c, "data and indices have %u and %u dimensions; expected 1 at least", x->rank, t->rank);
	int64_t depth = t->dim[t->rank - 1];
	if (batch >= x->rank || batch >= t->rank || depth < 1 || depth > (int64_t)x->rank - batch)
		return host_fault(c, "%lld coordinates behind %lld batch dimensions; the data has %u dimensions", (long long)depth,
		                  (long long)batch, x->rank);
	for (unsigned i = 0; i < batch; i++)
		if (x->dim[i] != t->dim[i])
			return host_fault(c, "batch dimension %u is %lld in the data and %lld in the indices", i, (long long)x->dim[i],
			                  (long long)t->dim[i]);
	n->depth = (unsigned)depth;
	n->batch = (unsigned)batch;
	n->tuples = product(t->dim, 0, t->rank - 1);
	n->batches = product(x->dim, 0, n->batch);
	n->run = product(x->dim, n->batch + n->depth, x->rank);
	return host_steps(c, n->tuples, n->depth + n->run, 1);
}

/* Where the elements of row i begin in x. */
static bool nd_place(struct host_call *c, const struct tensor *x, const struct tensor *t, const struct nd *n, size_t i, size_t *place)
{
	size_t at;
	*place = n->batches ? i / (n->tuples / n->batches) : 0;
	for (unsigned d = 0; d < n->depth; d++) {
		int64_t size = x->dim[n->batch + d];
		if (!index_at(c, t, i * n->depth + d, size, &at))
			return false;
		*place = *place * (size_t)size + at;
	}
	*place *= n->run;
	return true;
}

bool host_gather_nd(struct host_call *c)
{
	const struct tensor *x = c->in[0], *t = c->in[1];
	int64_t batch, dim[2 * TENSOR_MAX_RANK];
	unsigned rank = 0;
	struct nd n;
	if (!index_type(c, 1) || !attribute_range(c->node, "batch_dims", 0, 0, TENSOR_MAX_RANK, &batch, c->fault) || !nd_resolve(c, x, t, batch, &n))
		return false;
	for (unsigned i = 0; i + 1 < t->rank; i++)
		dim[rank++] = t->dim[i];
	for (unsigned i = n.batch + n.depth; i < x->rank; i++)
		dim[rank++] = x->dim[i];
	struct tensor *y = host_out(c, 0, x->type, rank, dim);
	size_t bytes = n.run * tensor_type_bytes(x->type), from;
	for (size_t i = 0; y && !c->dry && i < n.tuples; i++) {
		if (!nd_place(c, x, t, &n, i, &from))
			return false;
		memcpy((char *)y->data + i * bytes, (const char *)x->data + from * tensor_type_bytes(x->type), bytes);
	}
	return y;
}

/* ---- scattering */

enum reduction { REDUCE_NONE, REDUCE_ADD, REDUCE_MUL };

static bool reduction(struct host_call *c, enum reduction *r)
{
	static const char *const word[] = {"none", "add", "mul"};
	const char *text;
	if (!attribute_string(c->node, "reduction", "none", &text, c->fault))
		return false;
	for (int i = 0; i < 3; i++)
		if (!strcmp(text, word[i])) {
			*r = (enum reduction)i;
			return true;
		}
	return host_fault(c, "reduction '%.40s'; expected none, add or mul", text);
}

/* y[to] = y[to] op u[from] */
static void put(enum reduction r, struct tensor *y, size_t to, const struct tensor *u, size_t from)
{
	size_t bytes = tensor_type_bytes(y->type);
	if (r == REDUCE_NONE) {
		memcpy((char *)y->data + to * bytes, (const char *)u->data + from * bytes, bytes);
	} else if (y->type == TENSOR_FLOAT32) {
		float v = ((const float *)u->data)[from], *at = (float *)y->data + to;
		*at = r == REDUCE_ADD ? *at + v : *at * v;
	} else if (y->type == TENSOR_FLOAT64) {
		double v = ((const double *)u->data)[from], *at = (double *)y->data + to;
		*at = r == REDUCE_ADD ? *at + v : *at * v;
	} else {
		uint64_t v = (uint64_t)tensor_integer(u, from), old = (uint64_t)tensor_integer(y, to);
		tensor_set_integer(y, to, (int64_t)(r == REDUCE_ADD ? old + v : old * v));
	}
}

/* The output as a copy of the data; in a dry run without. */
static struct tensor *copy_data(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	if (y && !c->dry)
		memcpy(y->data, x->data, x->count * tensor_type_bytes(x->type));
	return y;
}

bool host_scatter_elements(struct host_call *c)
{
	const struct tensor *x = c->in[0], *t = c->in[1], *u = c->in[2];
	enum reduction r;
	unsigned axis;
	size_t to;
	if (!index_type(c, 1) || !host_type(c, 2, x->type) || !attribute_axis(c->node, 0, x->rank, &axis, c->fault) ||
	    !element_shapes(c, x, t, axis) || !reduction(c, &r))
		return false;
	if (u->rank != t->rank || memcmp(u->dim, t->dim, t->rank * sizeof t->dim[0]) != 0)
		return host_fault(c, "indices and updates differ in shape");
	struct tensor *y = host_steps(c, t->count, x->rank, 1) ? copy_data(c) : NULL;
	for (size_t i = 0; y && !c->dry && i < t->count; i++) {
		if (!element_place(c, x, t, axis, i, &to))
			return false;
		put(r, y, to, u, i);
	}
	return y;
}

bool host_scatter_nd(struct host_call *c)
{
	const struct tensor *x = c->in[0], *t = c->in[1], *u = c->in[2];
	enum reduction r;
	struct nd n;
	size_t to;
	if (!index_type(c, 1) || !host_type(c, 2, x->type) || !nd_resolve(c, x, t, 0, &n) || !reduction(c, &r))
		return false;
	bool fits = u->rank == t->rank - 1 + x->rank - n.depth;
	for (unsigned i = 0; fits && i < u->rank; i++)
		fits = u->dim[i] == (i < t->rank - 1 ? t->dim[i] : x->dim[n.depth + i - (t->rank - 1)]);
	if (!fits)
		return host_fault(c, "the shape of the updates is not that of the indices and of what each chooses");
	struct tensor *y = copy_data(c);
	for (size_t i = 0; y && !c->dry && i < n.tuples; i++) {
		if (!nd_place(c, x, t, &n, i, &to))
			return false;
		for (size_t j = 0; j < n.run; j++)
			put(r, y, to + j, u, i * n.run + j);
	}
	return y;
}
