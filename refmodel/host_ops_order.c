/* Operators along one axis that depend on order: ArgMax, ArgMin, TopK, CumSum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "host_ops.h"

/* A tensor as lines along an axis: element k of line i is at i / inner * count * inner + i % inner + k * inner. */
struct lines {
	size_t lines, count, inner;
};

static struct lines lines_of(const struct tensor *x, unsigned axis)
{
	struct lines l = {1, (size_t)x->dim[axis], 1};
	for (unsigned i = 0; i < axis; i++)
		l.lines *= (size_t)x->dim[i];
	for (unsigned i = axis + 1; i < x->rank; i++)
		l.inner *= (size_t)x->dim[i];
	l.lines *= l.inner;
	return l;
}

static size_t line_start(const struct lines *l, size_t i)
{
	return i / l->inner * l->count * l->inner + i % l->inner;
}

/* -1, 0, 1; NaN is above all numbers. */
static int compare(const struct tensor *x, size_t i, size_t j)
{
	if (!tensor_type_is_float(x->type)) {
		int64_t a = tensor_integer(x, i), b = tensor_integer(x, j);
		return (a > b) - (a < b);
	}
	double a = tensor_number(x, i), b = tensor_number(x, j);
	if (isnan(a) || isnan(b))
		return !!isnan(a) - !!isnan(b);
	return (a > b) - (a < b);
}

/* ---- ArgMax, ArgMin */

/* sign: 1 for the largest, -1 for the smallest. */
static size_t best_of(const struct tensor *x, const struct lines *l, size_t line, int sign, bool last)
{
	size_t start = line_start(l, line), best = 0;
	for (size_t k = 1; k < l->count; k++) {
		int order = sign * compare(x, start + k * l->inner, start + best * l->inner);
		if (order > 0 || (last && order == 0))
			best = k;
	}
	return best;
}

static bool arg(struct host_call *c, int sign)
{
	const struct tensor *x = c->in[0];
	unsigned axis, rank = 0;
	int64_t keep, last, dim[TENSOR_MAX_RANK];
	if (!attribute_axis(c->node, 0, x->rank, &axis, c->fault) || !attribute_range(c->node, "keepdims", 1, 0, 1, &keep, c->fault) ||
	    !attribute_range(c->node, "select_last_index", 0, 0, 1, &last, c->fault))
		return false;
	if (x->dim[axis] == 0)
		return host_fault(c, "dimension %u has no element to choose", axis);
	for (unsigned i = 0; i < x->rank; i++)
		if (i != axis || keep)
			dim[rank++] = i == axis ? 1 : x->dim[i];
	struct lines l = lines_of(x, axis);
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, TENSOR_INT64, rank, dim) : NULL;
	for (size_t i = 0; y && !c->dry && i < y->count; i++)
		((int64_t *)y->data)[i] = (int64_t)best_of(x, &l, i, sign, last);
	return y;
}

bool host_arg_max(struct host_call *c)
{
	return arg(c, 1);
}

bool host_arg_min(struct host_call *c)
{
	return arg(c, -1);
}

/* ---- TopK: a heap of the best so far, its root the worst of them */

struct heap {
	const struct tensor *x;
	int sign;                   /* 1: largest first */
	size_t start, inner;        /* of the line */
	size_t *at;                 /* positions on the line */
};

/* Does position a come before b in the result? Equal elements: the lower position first. */
static bool is_before(const struct heap *h, size_t a, size_t b)
{
	int order = h->sign * compare(h->x, h->start + a * h->inner, h->start + b * h->inner);
	return order ? order > 0 : a < b;
}

/* Lets the root sink to its place among `count`. */
static void sink(const struct heap *h, size_t root, size_t count)
{
	for (size_t child; (child = 2 * root + 1) < count; root = child) {
		if (child + 1 < count && is_before(h, h->at[child], h->at[child + 1]))
			child++;
		if (!is_before(h, h->at[root], h->at[child]))
			return;
		size_t swap = h->at[root];
		h->at[root] = h->at[child];
		h->at[child] = swap;
	}
}

/* The k best of `count` positions in h->at, in order. k is at least 1. */
static void select_best(const struct heap *h, size_t count, size_t k)
{
	for (size_t i = 0; i < k; i++)
		h->at[i] = i;
	for (size_t i = k / 2; i-- > 0;)
		sink(h, i, k);
	for (size_t i = k; i < count; i++)
		if (is_before(h, i, h->at[0])) {
			h->at[0] = i;
			sink(h, 0, k);
		}
	for (size_t left = k; left-- > 1;) { /* the worst goes to the end */
		size_t worst = h->at[0];
		h->at[0] = h->at[left];
		h->at[left] = worst;
		sink(h, 0, left);
	}
}

/* index: NULL when nobody wants it. */
static void top_line(const struct heap *h, struct tensor *value, struct tensor *index, size_t to, size_t k)
{
	size_t bytes = tensor_type_bytes(value->type);
	for (size_t i = 0; i < k; i++) {
		memcpy((char *)value->data + (to + i * h->inner) * bytes, (const char *)h->x->data + (h->start + h->at[i] * h->inner) * bytes, bytes);
		if (index)
			((int64_t *)index->data)[to + i * h->inner] = (int64_t)h->at[i];
	}
}

static bool top_lines(struct host_call *c, const struct lines *l, size_t k, int sign, struct tensor *value, struct tensor *index)
{
	struct heap h = {c->in[0], sign, 0, l->inner, host_scratch(c, k, sizeof *h.at)};
	for (size_t i = 0; h.at && k && i < l->lines; i++) {
		h.start = line_start(l, i);
		select_best(&h, l->count, k);
		top_line(&h, value, index, i / l->inner * k * l->inner + i % l->inner, k);
	}
	bool good = h.at;
	free(h.at);
	return good;
}

bool host_top_k(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned axis;
	int64_t k, largest, sorted, dim[TENSOR_MAX_RANK];
	if (!(host_in(c, 1) ? host_scalar(c, 1, &k) : attribute_int(c->node, "k", -1, &k, c->fault)) ||
	    !attribute_axis(c->node, -1, x->rank, &axis, c->fault) || !attribute_range(c->node, "largest", 1, 0, 1, &largest, c->fault) ||
	    !attribute_range(c->node, "sorted", 1, 0, 1, &sorted, c->fault))
		return false;
	if (k < 0 || k > x->dim[axis])
		return host_fault(c, "k is %lld; expected 0 to %lld", (long long)k, (long long)x->dim[axis]);
	memcpy(dim, x->dim, sizeof dim);
	dim[axis] = k;
	struct lines l = lines_of(x, axis);
	uint64_t levels = 1;
	while ((uint64_t)k >> levels)
		levels++;
	struct tensor *value = host_steps(c, x->count, levels, 1) ? host_out(c, 0, x->type, x->rank, dim) : NULL;
	if (!value)
		return false;
	struct tensor *index = c->node->outputs > 1 ? host_out(c, 1, TENSOR_INT64, x->rank, dim) : NULL;
	if (c->dry || (!index && c->node->outputs > 1))
		return index || c->node->outputs == 1;
	return top_lines(c, &l, (size_t)k, largest ? 1 : -1, value, index);
}

/* ---- CumSum */

struct sum_way {
	bool exclusive, reverse;
};

static void sum_line(const struct tensor *x, struct tensor *y, const struct lines *l, size_t start, struct sum_way way)
{
	double real = 0;
	uint64_t whole = 0;
	for (size_t k = 0; k < l->count; k++) {
		size_t at = start + (way.reverse ? l->count - 1 - k : k) * l->inner;
		double before = real;
		uint64_t whole_before = whole;
		if (!tensor_type_is_float(x->type)) {
			whole += (uint64_t)tensor_integer(x, at);
			tensor_set_integer(y, at, (int64_t)(way.exclusive ? whole_before : whole));
			continue;
		}
		real += tensor_number(x, at);
		if (y->type == TENSOR_FLOAT32)
			((float *)y->data)[at] = (float)(way.exclusive ? before : real);
		else
			((double *)y->data)[at] = way.exclusive ? before : real;
	}
}

/* Without the axis, which is data alone, a dry run still knows the shape. */
static bool sum_axis(struct host_call *c, unsigned rank, unsigned *axis)
{
	const struct tensor *t = c->in[1];
	int64_t v = 0;
	if (t->data || t->count != 1) {
		if (!host_scalar(c, 1, &v))
			return false;
	}
	if (v < -(int64_t)rank || v >= (int64_t)rank)
		return host_fault(c, "axis %lld; expected -%u to %d", (long long)v, rank, (int)rank - 1);
	*axis = (unsigned)(v < 0 ? v + (int64_t)rank : v);
	return true;
}

bool host_cum_sum(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned axis = 0;
	int64_t exclusive, reverse;
	if (x->type == TENSOR_BOOL)
		return host_type_fault(c, 0, "a type of numbers");
	if (!sum_axis(c, x->rank, &axis) || !attribute_range(c->node, "exclusive", 0, 0, 1, &exclusive, c->fault) ||
	    !attribute_range(c->node, "reverse", 0, 0, 1, &reverse, c->fault))
		return false;
	struct lines l = lines_of(x, axis);
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	for (size_t i = 0; y && !c->dry && x->count && i < l.lines; i++)
		sum_line(x, y, &l, line_start(&l, i), (struct sum_way){exclusive, reverse});
	return y;
}
