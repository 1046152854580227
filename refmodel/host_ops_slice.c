/* Operators that take a part of a tensor or repeat it: Slice, Split, Pad, Expand, Tile. */
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "host_map.h"
#include "host_ops.h"

/* ---- Slice */

struct range {
	int64_t start, step, count;
};

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* Which of `size` elements start, end and step choose, by Python's rules. step is not 0. */
static struct range resolve(int64_t start, int64_t end, int64_t step, int64_t size)
{
	int64_t back = step < 0; /* the first element may be the last, and the end one before the first */
	if (size == 0)
		return (struct range){0, 1, 0};
	start = clamp(start < 0 ? start + size : start, 0, size - back);
	end = clamp(end < 0 ? end + size : end, -back, size - back);
	int64_t span = back ? start - end : end - start;
	uint64_t stride = back ? 0 - (uint64_t)step : (uint64_t)step;
	struct range r = {start, step, span > 0 ? (int64_t)(((uint64_t)span - 1) / stride) + 1 : 0};
	return r;
}

struct slice_lists {
	struct host_list starts, ends, axes, steps;
};

static bool read_lists(struct host_call *c, struct slice_lists *l)
{
	return host_list(c, 1, "starts", &l->starts) && host_list(c, 2, "ends", &l->ends) && host_list(c, 3, "axes", &l->axes) &&
	       host_list(c, 4, NULL, &l->steps);
}

static bool slice_ranges(struct host_call *c, const struct slice_lists *l, struct range *range)
{
	const struct tensor *x = c->in[0];
	unsigned axis[TENSOR_MAX_RANK] = {0, 1, 2, 3, 4, 5, 6, 7}, axes;
	size_t count = l->starts.count;
	if (!l->starts.given || !l->ends.given)
		return host_fault(c, "lacks starts or ends");
	if (!host_list_count(c, &l->ends, "ends", count) || (l->axes.given && !host_list_count(c, &l->axes, "axes", count)) ||
	    (l->steps.given && !host_list_count(c, &l->steps, "steps", count)) || !host_list_axes(c, &l->axes, x->rank, axis, &axes))
		return false;
	if (count > x->rank)
		return host_fault(c, "%zu starts for %u dimensions", count, x->rank);
	for (unsigned i = 0; i < x->rank; i++)
		range[i] = (struct range){0, 1, x->dim[i]};
	for (size_t i = 0; i < count; i++) {
		int64_t step = l->steps.given ? l->steps.v[i] : 1;
		if (step == 0)
			return host_fault(c, "step 0; expected another number");
		range[axis[i]] = resolve(l->starts.v[i], l->ends.v[i], step, x->dim[axis[i]]);
	}
	return true;
}

static bool copy_ranges(struct host_call *c, const struct range *range)
{
	const struct tensor *x = c->in[0];
	int64_t dim[TENSOR_MAX_RANK];
	struct host_map m;
	struct tensor *y;
	for (unsigned i = 0; i < x->rank; i++)
		dim[i] = range[i].count;
	if (!host_map_new(c, x->type, x->rank, dim, &m, &y))
		return false;
	if (!m.memory)
		return true;
	for (unsigned d = 0; d < x->rank; d++)
		for (int64_t i = 0; i < range[d].count; i++)
			m.index[d][i] = (int32_t)(range[d].start + i * range[d].step);
	host_map_copy(&m, x, y, NULL);
	host_map_free(&m);
	return true;
}

bool host_slice(struct host_call *c)
{
	struct slice_lists l = {.starts = {.given = false}};
	struct range range[TENSOR_MAX_RANK];
	bool good = read_lists(c, &l) && slice_ranges(c, &l, range) && copy_ranges(c, range);
	host_list_free(&l.starts);
	host_list_free(&l.ends);
	host_list_free(&l.axes);
	host_list_free(&l.steps);
	return good;
}

/* ---- Split: for every index before the axis, a run of bytes for each output */

/* Length of part i along the axis. */
static int64_t part_size(const struct host_list *l, int64_t whole, size_t parts, size_t i)
{
	return l->given ? l->v[i] : whole / (int64_t)parts;
}

static bool check_parts(struct host_call *c, const struct host_list *l, int64_t whole)
{
	size_t parts = c->node->outputs;
	int64_t left = whole;
	if (!l->given)
		return whole % (int64_t)parts == 0 || host_fault(c, "%lld elements cannot be split into %zu equal parts", (long long)whole, parts);
	if (!host_list_count(c, l, "sizes", parts))
		return false;
	for (size_t i = 0; i < parts; i++) {
		if (l->v[i] < 0 || l->v[i] > left)
			return host_fault(c, "size %lld of output %zu; %lld of %lld are left", (long long)l->v[i], i, (long long)left,
			                  (long long)whole);
		left -= l->v[i];
	}
	return left == 0 || host_fault(c, "the sizes leave %lld of %lld over", (long long)left, (long long)whole);
}

static bool split(struct host_call *c, const struct host_list *l, unsigned axis)
{
	const struct tensor *x = c->in[0];
	size_t outer = 1, inner = tensor_type_bytes(x->type), at = 0, row;
	int64_t dim[TENSOR_MAX_RANK];
	memcpy(dim, x->dim, sizeof dim);
	for (unsigned i = 0; i < axis; i++)
		outer *= (size_t)x->dim[i];
	for (unsigned i = axis + 1; i < x->rank; i++)
		inner *= (size_t)x->dim[i];
	row = (size_t)x->dim[axis] * inner;
	for (size_t i = 0; i < c->node->outputs; i++) {
		dim[axis] = part_size(l, x->dim[axis], c->node->outputs, i);
		size_t bytes = (size_t)dim[axis] * inner;
		struct tensor *y = host_out(c, i, x->type, x->rank, dim);
		if (!y)
			return false;
		for (size_t o = 0; !c->dry && x->count && o < outer; o++)
			memcpy((char *)y->data + o * bytes, (const char *)x->data + o * row + at, bytes);
		at += bytes;
	}
	return true;
}

bool host_split(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct host_list l;
	unsigned axis;
	if (!attribute_axis(c->node, 0, x->rank, &axis, c->fault) || !host_list(c, 1, "split", &l))
		return false;
	bool good = check_parts(c, &l, x->dim[axis]) && host_steps(c, x->count, 1, 1) && split(c, &l, axis);
	host_list_free(&l);
	return good;
}

/* ---- Pad */

enum pad_mode { PAD_CONSTANT, PAD_REFLECT, PAD_EDGE };

static bool pad_mode(struct host_call *c, enum pad_mode *mode)
{
	static const char *const word[] = {"constant", "reflect", "edge"};
	const char *text;
	if (!attribute_string(c->node, "mode", "constant", &text, c->fault))
		return false;
	for (int i = 0; i < 3; i++)
		if (!strcmp(text, word[i])) {
			*mode = (enum pad_mode)i;
			return true;
		}
	return host_fault(c, "mode '%.40s'; expected constant, reflect or edge", text);
}

/* One element of x's type. */
static bool pad_value(struct host_call *c, char value[8])
{
	const struct tensor *x = c->in[0], *t = host_in(c, 2);
	float v;
	memset(value, 0, 8);
	if (t) {
		if (!host_type(c, 2, x->type))
			return false;
		if (t->count != 1)
			return host_fault(c, "input 2 has %zu elements; expected one", t->count);
		if (t->data)
			memcpy(value, t->data, tensor_type_bytes(t->type));
		return true;
	}
	if (!attribute_float(c->node, "value", 0, &v, c->fault))
		return false;
	if (v != 0 && x->type != TENSOR_FLOAT32)
		return host_type_fault(c, 0, "float32 for a value that is not 0");
	if (v != 0)
		memcpy(value, &v, sizeof v);
	return true;
}

/* Source of element i - begin of a dimension; -1: the value. */
static int32_t pad_source(enum pad_mode mode, int64_t i, int64_t size)
{
	if (i >= 0 && i < size)
		return (int32_t)i;
	if (mode == PAD_CONSTANT)
		return -1;
	if (mode == PAD_EDGE)
		return (int32_t)(i < 0 ? 0 : size - 1);
	return (int32_t)(i < 0 ? -i : 2 * (size - 1) - i);
}

static bool pad_dims(struct host_call *c, const struct host_list *pads, enum pad_mode mode, int64_t *dim)
{
	const struct tensor *x = c->in[0];
	if (!pads->given)
		return host_fault(c, "lacks the pads");
	if (!host_list_count(c, pads, "pads", 2 * (size_t)x->rank))
		return false;
	for (unsigned i = 0; i < x->rank; i++) {
		int64_t begin = pads->v[i], end = pads->v[i + x->rank], size = x->dim[i];
		int64_t most = mode == PAD_REFLECT ? size - 1 : mode == PAD_EDGE && !size ? 0 : TENSOR_MAX_BYTES;
		if (begin < -size || end < -size || (begin > 0 && begin > most) || (end > 0 && end > most) || begin + size < -end)
			return host_fault(c, "pads %lld and %lld of a dimension of %lld; expected -%lld to %lld", (long long)begin, (long long)end,
			                  (long long)size, (long long)size, (long long)(most < 0 ? 0 : most));
		dim[i] = begin + size + end;
	}
	return true;
}

static bool pad(struct host_call *c, const struct host_list *pads, enum pad_mode mode, const char *value)
{
	const struct tensor *x = c->in[0];
	int64_t dim[TENSOR_MAX_RANK];
	struct host_map m;
	struct tensor *y;
	if (!pad_dims(c, pads, mode, dim))
		return false;
	if (!host_map_new(c, x->type, x->rank, dim, &m, &y))
		return false;
	if (!m.memory)
		return true;
	for (unsigned d = 0; d < x->rank; d++)
		for (int64_t i = 0; i < dim[d]; i++)
			m.index[d][i] = pad_source(mode, i - pads->v[d], x->dim[d]);
	host_map_copy(&m, x, y, value);
	host_map_free(&m);
	return true;
}

bool host_pad(struct host_call *c)
{
	struct host_list pads;
	enum pad_mode mode = PAD_CONSTANT;
	char value[8];
	bool good = host_list(c, 1, "pads", &pads) && pad_mode(c, &mode) && pad_value(c, value) && pad(c, &pads, mode, value);
	host_list_free(&pads);
	return good;
}

/* ---- Expand, Tile */

/* y, whose dimensions are multiples of x's or meet a 1, gets x repeated. */
static bool repeat(struct host_call *c, const struct tensor *x, unsigned rank, const int64_t *dim)
{
	struct host_map m;
	struct tensor *y;
	if (!host_map_new(c, x->type, rank, dim, &m, &y))
		return false;
	if (!m.memory)
		return true;
	for (unsigned d = 0; d < rank; d++) {
		int64_t size = d < rank - x->rank ? 1 : x->dim[d - (rank - x->rank)];
		for (int64_t i = 0; i < dim[d]; i++)
			m.index[d][i] = (int32_t)(i % size);
	}
	host_map_copy(&m, x, y, NULL);
	host_map_free(&m);
	return true;
}

/* The shape of x and the wanted one, broadcast: a 1 on either side gives way. */
static bool expand_dims(struct host_call *c, const struct host_list *l, unsigned *rank, int64_t dim[TENSOR_MAX_RANK])
{
	const struct tensor *x = c->in[0];
	if (l->count > TENSOR_MAX_RANK)
		return host_fault(c, "a shape of %zu dimensions; at most %d are possible", l->count, TENSOR_MAX_RANK);
	unsigned wanted = (unsigned)l->count;
	*rank = wanted > x->rank ? wanted : x->rank;
	for (unsigned i = 0; i < *rank; i++) {
		int64_t have = i < *rank - x->rank ? 1 : x->dim[i - (*rank - x->rank)];
		int64_t want = i < *rank - wanted ? 1 : l->v[i - (*rank - wanted)];
		if (want < 0 || (have != want && have != 1 && want != 1))
			return host_fault(c, "dimension %lld cannot be expanded to %lld", (long long)have, (long long)want);
		dim[i] = have == 1 ? want : have;
	}
	return true;
}

bool host_expand(struct host_call *c)
{
	struct host_list l;
	unsigned rank = 0;
	int64_t dim[TENSOR_MAX_RANK];
	bool good = host_list(c, 1, NULL, &l) && expand_dims(c, &l, &rank, dim) && repeat(c, c->in[0], rank, dim);
	host_list_free(&l);
	return good;
}

static bool tile_dims(struct host_call *c, const struct host_list *l, int64_t *dim)
{
	const struct tensor *x = c->in[0];
	if (!host_list_count(c, l, "repeats", x->rank))
		return false;
	for (unsigned i = 0; i < x->rank; i++) {
		if (l->v[i] < 0 || (x->dim[i] && l->v[i] > TENSOR_MAX_BYTES / x->dim[i]))
			return host_fault(c, "%lld repeats of a dimension of %lld", (long long)l->v[i], (long long)x->dim[i]);
		dim[i] = x->dim[i] * l->v[i];
	}
	return true;
}

bool host_tile(struct host_call *c)
{
	struct host_list l;
	int64_t dim[TENSOR_MAX_RANK];
	bool good = host_list(c, 1, NULL, &l) && tile_dims(c, &l, dim) && repeat(c, c->in[0], c->in[0]->rank, dim);
	host_list_free(&l);
	return good;
}
