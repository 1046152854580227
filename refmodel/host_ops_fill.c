/* Operators that make tensors from little: ConstantOfShape, Range, EyeLike, OneHot, NonZero; and Trilu, which blanks a part. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "host_ops.h"
#include "host_ops_type.h"

/* ---- ConstantOfShape */

static bool fill(struct host_call *c, const struct host_list *l)
{
	static const float zero;
	const struct graph_attribute *a = graph_attribute_find(c->node, "value");
	enum tensor_type t = TENSOR_FLOAT32;
	const void *from = &zero;
	if (a && (a->type != GRAPH_TENSOR || a->tensor->count != 1))
		return host_fault(c, "attribute 'value' is not a tensor of one element");
	if (l->count > TENSOR_MAX_RANK)
		return host_fault(c, "a shape of %zu dimensions; at most %d are possible", l->count, TENSOR_MAX_RANK);
	if (a) {
		t = a->tensor->type;
		from = a->tensor->data;
	}
	struct tensor *y = host_out(c, 0, t, l->count, l->v);
	if (!y || !host_steps(c, y->count, 1, 1))
		return false;
	size_t bytes = tensor_type_bytes(t);
	for (size_t i = 0; !c->dry && i < y->count; i++)
		memcpy((char *)y->data + i * bytes, from, bytes);
	return true;
}

bool host_constant_of_shape(struct host_call *c)
{
	struct host_list l;
	bool good = host_list(c, 0, NULL, &l) && fill(c, &l);
	host_list_free(&l);
	return good;
}

/* ---- Range */

static bool range_length(struct host_call *c, int64_t *count)
{
	const struct tensor *start = c->in[0], *limit = c->in[1], *step = c->in[2];
	if (tensor_type_is_float(start->type)) {
		double n = ceil((tensor_number(limit, 0) - tensor_number(start, 0)) / tensor_number(step, 0));
		if (isnan(n) || n > TENSOR_MAX_BYTES)
			return host_fault(c, "from %g to %g by %g is no range", tensor_number(start, 0), tensor_number(limit, 0), tensor_number(step, 0));
		*count = n > 0 ? (int64_t)n : 0;
		return true;
	}
	int64_t a = tensor_integer(start, 0), b = tensor_integer(limit, 0), d = tensor_integer(step, 0);
	if (d == 0)
		return host_fault(c, "step 0; expected another number");
	uint64_t span = d > 0 ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b, stride = d > 0 ? (uint64_t)d : 0 - (uint64_t)d;
	uint64_t n = (d > 0 ? b > a : a > b) ? (span - 1) / stride + 1 : 0;
	if (n > TENSOR_MAX_BYTES)
		return host_fault(c, "from %lld to %lld by %lld is too long", (long long)a, (long long)b, (long long)d);
	*count = (int64_t)n;
	return true;
}

static void range_element(struct tensor *y, size_t i, const struct tensor *start, const struct tensor *step)
{
	if (y->type == TENSOR_FLOAT32)
		((float *)y->data)[i] = *(const float *)start->data + (float)i * *(const float *)step->data;
	else if (y->type == TENSOR_FLOAT64)
		((double *)y->data)[i] = *(const double *)start->data + (double)i * *(const double *)step->data;
	else
		tensor_set_integer(y, i, (int64_t)((uint64_t)tensor_integer(start, 0) + (uint64_t)i * (uint64_t)tensor_integer(step, 0)));
}

bool host_range(struct host_call *c)
{
	enum tensor_type t = c->in[0]->type;
	int64_t count;
	if (t == TENSOR_BOOL)
		return host_type_fault(c, 0, "a type of numbers");
	for (size_t i = 0; i < 3; i++) {
		if (!host_type(c, i, t) || !host_known(c, i))
			return false;
		if (c->in[i]->count != 1)
			return host_fault(c, "input %zu has %zu elements; expected one", i, c->in[i]->count);
	}
	if (!range_length(c, &count) || !host_steps(c, (uint64_t)count, 1, 1))
		return false;
	struct tensor *y = host_out(c, 0, t, 1, &count);
	for (size_t i = 0; y && !c->dry && i < y->count; i++)
		range_element(y, i, c->in[0], c->in[2]);
	return y;
}

/* ---- matrices */

static void set_one(struct tensor *y, size_t i)
{
	if (y->type == TENSOR_FLOAT32)
		((float *)y->data)[i] = 1;
	else if (y->type == TENSOR_FLOAT64)
		((double *)y->data)[i] = 1;
	else
		tensor_set_integer(y, i, 1);
}

bool host_eye_like(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	enum tensor_type t;
	int64_t k;
	if (x->rank != 2)
		return host_fault(c, "input of %u dimensions; expected a matrix", x->rank);
	if (!host_attribute_type(c, "dtype", x->type, &t) || !attribute_range(c->node, "k", 0, -TENSOR_MAX_BYTES, TENSOR_MAX_BYTES, &k, c->fault) ||
	    !host_steps(c, (uint64_t)x->dim[0], 1, 1))
		return false;
	struct tensor *y = host_out(c, 0, t, 2, x->dim);
	for (int64_t i = 0; y && !c->dry && i < x->dim[0]; i++)
		if (i + k >= 0 && i + k < x->dim[1])
			set_one(y, (size_t)(i * x->dim[1] + i + k));
	return y;
}

/* Input 1, the diagonal, is data alone; a dry run does not need it. */
static bool diagonal(struct host_call *c, int64_t *k)
{
	const struct tensor *t = host_in(c, 1);
	*k = 0;
	if (!t)
		return true;
	if (t->type != TENSOR_INT64 || t->count != 1)
		return host_fault(c, "input 1 is %s with %zu elements; expected one int64", tensor_type_name(t->type), t->count);
	if (t->data)
		*k = tensor_integer(t, 0);
	return true;
}

bool host_trilu(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t upper, k;
	if (x->rank < 2)
		return host_fault(c, "input of %u dimensions; expected 2 at least", x->rank);
	if (!attribute_range(c->node, "upper", 1, 0, 1, &upper, c->fault) || !diagonal(c, &k))
		return false;
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	int64_t rows = x->dim[x->rank - 2], columns = x->dim[x->rank - 1];
	size_t bytes = tensor_type_bytes(x->type);
	k = k < -rows ? -rows : k > columns ? columns : k; /* beyond these nothing changes */
	for (size_t i = 0; y && !c->dry && i < x->count; i++) {
		int64_t column = (int64_t)i % columns, row = (int64_t)i / columns % rows;
		if (upper ? column >= row + k : column <= row + k)
			memcpy((char *)y->data + i * bytes, (const char *)x->data + i * bytes, bytes);
	}
	return y;
}

/* ---- OneHot: indices outside -depth .. depth - 1 give no one */

static void one_hot(const struct tensor *t, const struct tensor *values, int64_t depth, size_t inner, struct tensor *y)
{
	size_t bytes = tensor_type_bytes(y->type);
	for (size_t i = 0; i < y->count; i++) {
		size_t at = i / inner / (size_t)depth * inner + i % inner;
		int64_t v = tensor_type_is_float(t->type) ? (int64_t)fmin(fmax(tensor_number(t, at), -1e15), 1e15) : tensor_integer(t, at);
		v += v < 0 ? depth : 0;
		bool hot = v == (int64_t)(i / inner % (size_t)depth);
		memcpy((char *)y->data + i * bytes, (const char *)values->data + (hot ? bytes : 0), bytes);
	}
}

static bool one_hot_depth(struct host_call *c, int64_t *depth)
{
	const struct tensor *d = c->in[1];
	if (d->count != 1)
		return host_fault(c, "input 1 has %zu elements; expected one", d->count);
	if (!host_known(c, 1))
		return false;
	double v = tensor_number(d, 0);
	if (!(v >= 0 && v <= TENSOR_MAX_BYTES))
		return host_fault(c, "depth %g", v);
	*depth = (int64_t)v;
	return true;
}

bool host_one_hot(struct host_call *c)
{
	const struct tensor *t = c->in[0], *values = c->in[2];
	int64_t dim[TENSOR_MAX_RANK + 1], depth = 0;
	unsigned axis;
	size_t inner = 1;
	if (values->rank != 1 || values->count != 2)
		return host_fault(c, "input 2 has %zu elements; expected the values off and on", values->count);
	if (!one_hot_depth(c, &depth) || !attribute_axis(c->node, -1, t->rank + 1, &axis, c->fault))
		return false;
	for (unsigned i = 0; i <= t->rank; i++)
		dim[i] = i < axis ? t->dim[i] : i == axis ? depth : t->dim[i - 1];
	for (unsigned i = axis + 1; i <= t->rank; i++)
		inner *= (size_t)dim[i];
	struct tensor *y = host_out(c, 0, values->type, t->rank + 1, dim);
	if (!y || !host_steps(c, y->count, 1, 1))
		return false;
	if (!c->dry)
		one_hot(t, values, depth, inner, y);
	return true;
}

/* ---- NonZero: where the elements are that are not 0; [rank][number of them] */

static bool is_zero(const struct tensor *x, size_t i)
{
	return tensor_type_is_float(x->type) ? tensor_number(x, i) == 0 : tensor_integer(x, i) == 0;
}

bool host_non_zero(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t dim[2] = {x->rank, 0};
	if (!host_known(c, 0) || !host_steps(c, x->count, 2, 1))
		return false;
	for (size_t i = 0; i < x->count; i++)
		dim[1] += !is_zero(x, i);
	struct tensor *y = host_out(c, 0, TENSOR_INT64, 2, dim);
	if (!y || c->dry)
		return y;
	int64_t *to = y->data;
	for (size_t i = 0; i < x->count; i++) {
		if (is_zero(x, i))
			continue;
		size_t rest = i;
		for (unsigned d = x->rank; d-- > 0; rest /= (size_t)x->dim[d])
			to[d * dim[1]] = (int64_t)(rest % (size_t)x->dim[d]);
		to++;
	}
	return true;
}
