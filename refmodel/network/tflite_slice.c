/* SLICE, STRIDED_SLICE, SPLIT, SPLIT_V, UNPACK: lists of indices a dimension (host_map.h). */

#include "attribute.h"
#include "host_list.h"
#include "tflite_kernel.h"

/* What a dimension of the output takes: first, first + step, ... of the input's. */
struct range {
	int64_t first, step, count;
};

/* Output i: all dimensions by ranges; those in `gone` (bits) are then left out. */
static bool cut(struct host_call *c, size_t i, const struct range *r, unsigned gone)
{
	const struct tensor *x = c->in[0];
	struct host_map m;
	struct tensor whole = *x;
	int64_t dim[TENSOR_MAX_RANK];
	size_t rank = 0;
	for (unsigned d = 0; d < x->rank; d++) {
		whole.dim[d] = r[d].count;
		if (!(gone >> d & 1))
			dim[rank++] = r[d].count;
	}
	struct tensor *y = tflite_out(c, i, rank, dim);
	if (!y || c->dry || !y->count)
		return y;
	whole.count = y->count;
	whole.data = y->data;
	if (!tflite_lists(c, &whole, &m))
		return false;
	for (unsigned d = 0; d < x->rank; d++)
		for (int64_t j = 0; j < r[d].count; j++)
			m.index[d][j] = (int32_t)(r[d].first + j * r[d].step);
	host_map_copy(&m, x, &whole, NULL);
	host_map_free(&m);
	return true;
}

static void all_of(const struct tensor *x, struct range *r)
{
	for (unsigned d = 0; d < x->rank; d++)
		r[d] = (struct range){0, 1, x->dim[d]};
}

/* Every output has input x's type. */
static bool same_types(struct host_call *c, const struct tensor *x)
{
	for (size_t i = 0; i < c->node->outputs; i++)
		if (tflite_out_value(c, i)->type != x->type)
			return host_fault(c, "output %zu is %s; expected %s", i, tensor_type_name(tflite_out_value(c, i)->type), tensor_type_name(x->type));
	return host_steps(c, x->count, 1, 1);
}

/* ---- one slice */

static bool slice_ranges(struct host_call *c, const struct host_list *begin, const struct host_list *size, struct range *r)
{
	const struct tensor *x = c->in[0];
	for (unsigned d = 0; d < x->rank; d++) {
		int64_t first = begin->v[d], count = size->v[d] == -1 ? x->dim[d] - first : size->v[d];
		if (first < 0 || first > x->dim[d] || count < 0 || count > x->dim[d] - first)
			return host_fault(c, "begin %lld and size %lld of dimension %u, which has %lld", (long long)first, (long long)size->v[d], d, (long long)x->dim[d]);
		r[d] = (struct range){first, 1, count};
	}
	return true;
}

bool tflite_slice(struct host_call *c)
{
	struct host_list begin = {.given = false}, size = {.given = false};
	struct range r[TENSOR_MAX_RANK];
	bool good = host_list(c, 1, NULL, &begin) && host_list(c, 2, NULL, &size) && host_list_count(c, &begin, "begins", c->in[0]->rank) &&
	            host_list_count(c, &size, "sizes", c->in[0]->rank) && slice_ranges(c, &begin, &size, r);
	host_list_free(&begin);
	host_list_free(&size);
	return good && same_types(c, c->in[0]) && cut(c, 0, r, 0);
}

/* ---- with steps */

struct strided {
	struct host_list begin, end, step;
	int64_t begin_mask, end_mask, shrink_mask;
	bool offset;
};

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

static bool strided_range(struct host_call *c, const struct strided *s, unsigned d, int64_t size, struct range *r)
{
	int64_t step = s->step.v[d], first = s->begin.v[d], end = s->end.v[d];
	if (step == 0 || step < INT32_MIN || step > INT32_MAX || first < INT32_MIN || first > INT32_MAX || end < INT32_MIN || end > INT32_MAX)
		return host_fault(c, "begin %lld, end %lld, step %lld; expected 32 bits and a step other than 0", (long long)first, (long long)end, (long long)step);
	int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
	first = clamp(first < 0 ? first + size : first, low, high);
	if (s->begin_mask >> d & 1)
		first = step > 0 ? 0 : size - 1;
	if (s->offset)
		end += first;
	end = clamp(end < 0 ? end + size : end, low, high);
	if (s->end_mask >> d & 1)
		end = step > 0 ? size : -1;
	if (s->shrink_mask >> d & 1) {
		if (first < 0 || first >= size || step < 0)
			return host_fault(c, "index %lld of dimension %u, which has %lld", (long long)s->begin.v[d], d, (long long)size);
		end = first + 1;
	}
	int64_t count = step > 0 ? (end - first + step - 1) / step : (first - end - step - 1) / -step;
	*r = (struct range){first, step, count > 0 ? count : 0};
	return true;
}

static bool strided_masks(struct host_call *c, struct strided *s)
{
	int64_t ellipsis, fresh;
	if (!tflite_int(c, "begin_mask", 0, INT32_MAX, &s->begin_mask) || !tflite_int(c, "end_mask", 0, INT32_MAX, &s->end_mask) ||
	    !tflite_int(c, "shrink_axis_mask", 0, INT32_MAX, &s->shrink_mask) || !tflite_int(c, "ellipsis_mask", 0, INT32_MAX, &ellipsis) ||
	    !tflite_int(c, "new_axis_mask", 0, INT32_MAX, &fresh) || !tflite_flag(c, "offset", &s->offset))
		return false;
	return (!ellipsis && !fresh) || host_fault(c, "ellipsis_mask %lld and new_axis_mask %lld; expected 0", (long long)ellipsis, (long long)fresh);
}

static bool strided_lists(struct host_call *c, struct strided *s)
{
	if (!host_list(c, 1, NULL, &s->begin) || !host_list(c, 2, NULL, &s->end) || !host_list(c, 3, NULL, &s->step))
		return false;
	return s->begin.count <= c->in[0]->rank ? host_list_count(c, &s->end, "ends", s->begin.count) && host_list_count(c, &s->step, "steps", s->begin.count) :
	                                          host_list_count(c, &s->begin, "begins", c->in[0]->rank);
}

bool tflite_strided_slice(struct host_call *c)
{
	struct strided s = {.offset = false};
	struct range r[TENSOR_MAX_RANK];
	const struct tensor *x = c->in[0];
	bool good = strided_masks(c, &s) && strided_lists(c, &s);
	all_of(x, r);
	for (unsigned d = 0; good && d < s.begin.count; d++)
		good = strided_range(c, &s, d, x->dim[d], &r[d]);
	unsigned gone = good ? (unsigned)s.shrink_mask & ((1u << s.begin.count) - 1) : 0;
	host_list_free(&s.begin);
	host_list_free(&s.end);
	host_list_free(&s.step);
	return good && same_types(c, x) && cut(c, 0, r, gone);
}

/* ---- several pieces */

static bool axis_of(struct host_call *c, int64_t v, unsigned rank, unsigned *axis)
{
	if (v < -(int64_t)rank || v >= (int64_t)rank)
		return host_fault(c, "axis %lld; expected -%u to %d", (long long)v, rank, (int)rank - 1);
	*axis = (unsigned)(v < 0 ? v + (int64_t)rank : v);
	return true;
}

/* Output i takes count[i] elements of the axis, one after the other; only a single one has to be there where `gone`. */
static bool pieces(struct host_call *c, const struct tensor *x, unsigned axis, const int64_t *count, bool gone)
{
	struct range r[TENSOR_MAX_RANK];
	int64_t first = 0;
	all_of(x, r);
	for (size_t i = 0; i < c->node->outputs; i++) {
		r[axis] = (struct range){first, 1, count ? count[i] : gone ? 1 : x->dim[axis] / (int64_t)c->node->outputs};
		first += r[axis].count;
		if (!cut(c, i, r, gone ? 1u << axis : 0))
			return false;
	}
	return true;
}

bool tflite_unpack(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned axis = 0;
	if (!attribute_axis(c->node, 0, x->rank, &axis, c->fault) || !same_types(c, x))
		return false;
	if (x->dim[axis] != (int64_t)c->node->outputs)
		return host_fault(c, "%zu outputs of a dimension of %lld", c->node->outputs, (long long)x->dim[axis]);
	return pieces(c, x, axis, NULL, true);
}

/* Inputs: axis, then x. */
bool tflite_split(struct host_call *c)
{
	const struct tensor *x = c->in[1];
	const struct tensor *in[] = {x};
	struct host_call of_x = *c;
	int64_t v;
	unsigned axis = 0;
	if (!host_scalar(c, 0, &v) || !axis_of(c, v, x->rank, &axis) || !same_types(c, x))
		return false;
	if (x->dim[axis] % (int64_t)c->node->outputs)
		return host_fault(c, "%zu outputs of a dimension of %lld", c->node->outputs, (long long)x->dim[axis]);
	of_x.in = in;
	return pieces(&of_x, x, axis, NULL, false);
}

/* Sizes, of which one may be -1. */
static bool sizes(struct host_call *c, const struct host_list *l, int64_t whole, int64_t *count)
{
	int64_t *open = NULL, sum = 0;
	for (size_t i = 0; i < l->count; i++) {
		count[i] = l->v[i];
		if (count[i] == -1 && !open)
			open = &count[i];
		else if (count[i] < 0 || count[i] > whole)
			return host_fault(c, "size %lld of a dimension of %lld", (long long)count[i], (long long)whole);
		else
			sum += count[i];
	}
	if (open)
		*open = whole - sum;
	if (open ? *open < 0 : sum != whole)
		return host_fault(c, "sizes sum up to %lld; expected %lld", (long long)sum, (long long)whole);
	return true;
}

bool tflite_split_v(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct host_list l = {.given = false};
	int64_t v, count[HOST_LIST_MAX];
	unsigned axis = 0;
	bool good = host_list(c, 1, NULL, &l) && host_list_count(c, &l, "sizes", c->node->outputs) && host_scalar(c, 2, &v) &&
	            axis_of(c, v, x->rank, &axis) && sizes(c, &l, x->dim[axis], count);
	host_list_free(&l);
	return good && same_types(c, x) && pieces(c, x, axis, count, false);
}
