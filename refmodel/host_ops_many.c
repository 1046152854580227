/* Sum, Mean (of any number of tensors) and Pow, broadcast by NumPy's rules. Computed in double precision, rounded once. */
#include <math.h>
#include <stdlib.h>

#include "host_broadcast.h"
#include "host_ops.h"

/* sum += x, x broadcast to the output's shape */
static void add(const struct tensor *y, const struct tensor *x, double *sum)
{
	struct host_broadcast s;
	host_broadcast(y->rank, y->dim, &x, 1, &s);
	for (size_t i = 0; i < s.rows; i++) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(&s, i, at);
		for (size_t j = 0; j < s.row; j++)
			sum[i * s.row + j] += (double)((const float *)x->data)[at[0] + j * s.step[0]];
	}
}

static bool total(struct host_call *c, double divisor)
{
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	for (size_t i = 0; i < c->node->inputs; i++)
		if (!host_type(c, i, TENSOR_FLOAT32))
			return false;
	if (!host_broadcast_shape(c, &rank, dim))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, rank, dim);
	if (!y || c->dry || !y->count)
		return y;
	double *sum = host_steps(c, y->count, c->node->inputs, 1) ? host_scratch(c, y->count, sizeof *sum) : NULL;
	for (size_t j = 0; sum && j < y->count; j++)
		sum[j] = 0;
	for (size_t i = 0; sum && i < c->node->inputs; i++)
		add(y, c->in[i], sum);
	for (size_t j = 0; sum && j < y->count; j++)
		((float *)y->data)[j] = (float)(sum[j] / divisor);
	free(sum);
	return sum;
}

bool host_sum(struct host_call *c)
{
	return total(c, 1);
}

bool host_mean(struct host_call *c)
{
	return total(c, (double)c->node->inputs);
}

/* ---- Pow: the result has the base's type; integers are exact up to 2^53 and cut off towards 0 */

static bool pow_type(struct host_call *c, size_t i)
{
	enum tensor_type t = c->in[i]->type;
	return t == TENSOR_FLOAT32 || t == TENSOR_INT32 || t == TENSOR_INT64 || host_type_fault(c, i, "float32, int32 or int64");
}

static void pow_element(struct tensor *y, size_t i, double v)
{
	if (y->type == TENSOR_FLOAT32)
		((float *)y->data)[i] = (float)v;
	else
		tensor_set_integer(y, i, isnan(v) ? 0 : v >= 0x1p63 ? INT64_MAX : v <= -0x1p63 ? INT64_MIN : (int64_t)v);
}

bool host_pow(struct host_call *c)
{
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	struct host_broadcast s;
	if (!pow_type(c, 0) || !pow_type(c, 1) || !host_broadcast_shape(c, &rank, dim))
		return false;
	struct tensor *y = host_out(c, 0, c->in[0]->type, rank, dim);
	if (!y || c->dry || !y->count)
		return y;
	host_broadcast(rank, dim, c->in, 2, &s);
	for (size_t i = 0; i < s.rows; i++) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(&s, i, at);
		for (size_t j = 0; j < s.row; j++)
			pow_element(y, i * s.row + j, pow(tensor_number(c->in[0], at[0] + j * s.step[0]), tensor_number(c->in[1], at[1] + j * s.step[1])));
	}
	return host_steps(c, y->count, 1, 1);
}
