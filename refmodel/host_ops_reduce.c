/*
 * ReduceSum and its kin: along the dimensions in `axes`, an attribute or (ReduceSum since operator set 13) input 1. Floats are accumulated in double
 * precision and rounded once; integers are exact and wrap.
 */
#include <math.h>
#include <stdlib.h>

#include "attribute.h"
#include "host_broadcast.h"
#include "host_list.h"
#include "host_ops.h"

enum reduce { REDUCE_SUM, REDUCE_MEAN, REDUCE_MAX, REDUCE_MIN, REDUCE_PROD, REDUCE_L1, REDUCE_L2, REDUCE_SQUARES, REDUCE_LOG, REDUCE_LOG_EXP };

/* What is accumulated of x; top is the largest x of the same output element. */
static double term(enum reduce kind, double x, double top)
{
	switch (kind) {
	case REDUCE_L1:
		return fabs(x);
	case REDUCE_L2:
	case REDUCE_SQUARES:
		return x * x;
	case REDUCE_LOG_EXP:
		return isinf(top) ? 1 : exp(x - top);
	default:
		return x;
	}
}

static double start(enum reduce kind)
{
	return kind == REDUCE_MAX ? -INFINITY : kind == REDUCE_MIN ? INFINITY : kind == REDUCE_PROD ? 1 : 0;
}

static double join(enum reduce kind, double sum, double x)
{
	if (kind == REDUCE_MAX)
		return x > sum || isnan(x) ? x : sum;
	if (kind == REDUCE_MIN)
		return x < sum || isnan(x) ? x : sum;
	return kind == REDUCE_PROD ? sum * x : sum + x;
}

static double finish(enum reduce kind, double sum, double top, size_t count)
{
	switch (kind) {
	case REDUCE_MEAN:
		return sum / (double)count;
	case REDUCE_L2:
		return sqrt(sum);
	case REDUCE_LOG:
		return log(sum);
	case REDUCE_LOG_EXP:
		return isinf(top) ? top : top + log(sum);
	default:
		return sum;
	}
}

/* sum[] over all x that fall on it; top NULL: not needed. s: how the output is broadcast to the input. */
static void accumulate(enum reduce kind, const struct host_broadcast *s, const float *x, const double *top, double *sum)
{
	for (size_t i = 0; i < s->rows; i++, x += s->row) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(s, i, at);
		for (size_t j = 0; j < s->row; j++) {
			size_t to = at[0] + j * s->step[0];
			sum[to] = join(kind, sum[to], term(kind, (double)x[j], top ? top[to] : 0));
		}
	}
}

static bool reduce_float(struct host_call *c, enum reduce kind, const struct host_broadcast *s, struct tensor *y)
{
	const struct tensor *x = c->in[0];
	double *sum = host_scratch(c, 2 * y->count, sizeof *sum), *top = kind == REDUCE_LOG_EXP ? sum + y->count : NULL;
	for (size_t i = 0; sum && i < y->count; i++) {
		sum[i] = start(kind);
		sum[y->count + i] = -INFINITY;
	}
	if (sum && x->count && top)
		accumulate(REDUCE_MAX, s, x->data, NULL, top);
	if (sum && x->count)
		accumulate(kind, s, x->data, top, sum);
	for (size_t i = 0; sum && i < y->count; i++)
		((float *)y->data)[i] = (float)finish(kind, sum[i], top ? top[i] : 0, x->count / y->count);
	free(sum);
	return sum;
}

static int64_t join_int(enum reduce kind, int64_t sum, int64_t x)
{
	if (kind == REDUCE_MAX || kind == REDUCE_MIN)
		return (kind == REDUCE_MAX) == (x > sum) ? x : sum;
	return (int64_t)(kind == REDUCE_PROD ? (uint64_t)sum * (uint64_t)x : (uint64_t)sum + (uint64_t)x);
}

static bool reduce_int(struct host_call *c, enum reduce kind, const struct host_broadcast *s, struct tensor *y)
{
	const struct tensor *x = c->in[0];
	int64_t *sum = host_scratch(c, y->count, sizeof *sum);
	for (size_t i = 0; sum && i < y->count; i++)
		sum[i] = kind == REDUCE_MAX ? INT64_MIN : kind == REDUCE_MIN ? INT64_MAX : kind == REDUCE_PROD;
	for (size_t i = 0; sum && x->count && i < s->rows; i++) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(s, i, at);
		for (size_t j = 0; j < s->row; j++) {
			size_t to = at[0] + j * s->step[0];
			sum[to] = join_int(kind, sum[to], tensor_integer(x, i * s->row + j));
		}
	}
	for (size_t i = 0; sum && i < y->count; i++)
		tensor_set_integer(y, i, kind == REDUCE_MEAN && x->count ? sum[i] / (int64_t)(x->count / y->count) : sum[i]);
	free(sum);
	return sum;
}

/* The output's shape, with dimensions of 1 (kept) and as the node wants it. */
static void shapes(const struct tensor *x, unsigned mask, bool keep, struct tensor *kept, unsigned *rank, int64_t dim[TENSOR_MAX_RANK])
{
	*kept = (struct tensor){.type = x->type, .rank = x->rank};
	*rank = 0;
	for (unsigned i = 0; i < x->rank; i++) {
		bool reduced = mask >> i & 1;
		kept->dim[i] = reduced ? 1 : x->dim[i];
		if (!reduced || keep)
			dim[(*rank)++] = kept->dim[i];
	}
}

static bool type_fits(struct host_call *c, enum reduce kind)
{
	enum tensor_type t = c->in[0]->type;
	bool extreme = kind == REDUCE_MAX || kind == REDUCE_MIN, whole = extreme || kind == REDUCE_SUM || kind == REDUCE_MEAN || kind == REDUCE_PROD;
	if (t == TENSOR_FLOAT32 || (whole && (t == TENSOR_INT32 || t == TENSOR_INT64)) || (extreme && host_is_code(t)))
		return true;
	return host_type_fault(c, 0, extreme ? "float32, int32, int64, int8 or uint8" : whole ? "float32, int32 or int64" : "float32");
}

static bool reduce(struct host_call *c, enum reduce kind)
{
	const struct tensor *x = c->in[0];
	int64_t keep, noop, dim[TENSOR_MAX_RANK];
	unsigned mask, rank;
	bool given;
	struct tensor kept;
	struct host_broadcast s;
	if (!type_fits(c, kind) || !host_axes(c, 1, "axes", x->rank, &mask, &given) || !attribute_range(c->node, "keepdims", 1, 0, 1, &keep, c->fault) ||
	    !attribute_range(c->node, "noop_with_empty_axes", 0, 0, 1, &noop, c->fault))
		return false;
	if ((!given || !mask) && !noop)
		mask = (1u << x->rank) - 1;
	else if (!given)
		mask = 0;
	shapes(x, mask, keep, &kept, &rank, dim);
	struct tensor *y = host_steps(c, x->count, 2, 1) ? host_out(c, 0, x->type, rank, dim) : NULL;
	if (!y || c->dry || !y->count)
		return y;
	host_broadcast(x->rank, x->dim, (const struct tensor *[]){&kept}, 1, &s);
	return x->type == TENSOR_FLOAT32 ? reduce_float(c, kind, &s, y) : reduce_int(c, kind, &s, y);
}

#define REDUCE(name, kind) \
	bool host_reduce_##name(struct host_call *c) \
	{ \
		return reduce(c, kind); \
	}
REDUCE(l1, REDUCE_L1)
REDUCE(l2, REDUCE_L2)
REDUCE(log_sum, REDUCE_LOG)
REDUCE(log_sum_exp, REDUCE_LOG_EXP)
REDUCE(max, REDUCE_MAX)
REDUCE(mean, REDUCE_MEAN)
REDUCE(min, REDUCE_MIN)
REDUCE(prod, REDUCE_PROD)
REDUCE(sum, REDUCE_SUM)
REDUCE(sum_square, REDUCE_SQUARES)
