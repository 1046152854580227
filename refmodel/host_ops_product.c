/* MatMul and Gemm. Sums, scales and biases are computed in double precision and rounded once. */
#include "attribute.h"
#include "host_ops.h"
#include "matmul_run.h"

struct float_product {
	const float *bias;          /* NULL: none */
	size_t bias_row, bias_column; /* elements from row to row, from column to column */
	double alpha, beta;
	struct host_clamp clamp;
	float *y;
};

static void done(void *context, size_t row, size_t column, size_t at, double sum)
{
	const struct float_product *p = context;
	double bias = p->bias ? p->beta * (double)p->bias[row * p->bias_row + column * p->bias_column] : 0;
	p->y[at] = host_clamped(&p->clamp, p->alpha * sum + bias);
}

/* How input 2 is broadcast to [m][n]; a fault when it does not fit. */
static bool bias(struct host_call *c, struct float_product *p, size_t m, size_t n)
{
	const struct tensor *t = host_in(c, 2);
	if (!t)
		return true;
	int64_t height = t->rank > 1 ? t->dim[t->rank - 2] : 1, width = t->rank > 0 ? t->dim[t->rank - 1] : 1;
	p->bias = t->data;
	p->bias_column = width == 1 ? 0 : 1;
	p->bias_row = height == 1 ? 0 : (size_t)width;
	return (t->rank <= 2 && (width == 1 || width == (int64_t)n) && (height == 1 || height == (int64_t)m)) ||
	       host_fault(c, "input 2 cannot be broadcast to %zu x %zu", m, n);
}

static bool types(struct host_call *c)
{
	return host_type(c, 0, TENSOR_FLOAT32) && host_type(c, 1, TENSOR_FLOAT32) && (!host_in(c, 2) || host_type(c, 2, TENSOR_FLOAT32));
}

/* ---- MatMul; the third input, along the last dimension, comes from fuse.h */

bool host_mat_mul(struct host_call *c)
{
	const struct tensor *third = host_in(c, 2);
	struct float_product p = {.alpha = 1, .beta = 1};
	struct matmul m;
	if (!types(c) || !matmul_resolve(c->node, c->in[0], c->in[1], &m, c->fault) || !host_clamp(c, &p.clamp) ||
	    !host_steps(c, m.batches * m.m, m.n, m.k))
		return false;
	if (third && (third->rank != 1 || third->count != m.n))
		return host_fault(c, "bias of %zu elements; expected one a column, %zu", third->count, m.n);
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, m.rank, m.dim);
	if (!y || c->dry)
		return y;
	struct matmul_run r = matmul_run_of(&m, c->in[0], c->in[1]);
	p.y = y->data;
	r.context = &p;
	r.done = done;
	return bias(c, &p, m.m, m.n) && matmul_run(c, &r);
}

/* ---- Gemm: y[m][n] = alpha * a[m][k] * b[k][n] + beta * c[m][n] */

bool host_gemm(struct host_call *c)
{
	struct matmul_run r;
	struct float_product p = {0};
	float alpha, beta;
	if (!types(c) || !matmul_run_of_gemm(c, 0, 1, &r) || !host_steps(c, r.m, r.n, r.k) || !attribute_float(c->node, "alpha", 1, &alpha, c->fault) ||
	    !attribute_float(c->node, "beta", 1, &beta, c->fault) || !host_clamp(c, &p.clamp) || !bias(c, &p, r.m, r.n))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, 2, (int64_t[]){(int64_t)r.m, (int64_t)r.n});
	if (!y || c->dry)
		return y;
	p.alpha = (double)alpha;
	p.beta = (double)beta;
	p.y = y->data;
	r.context = &p;
	r.done = done;
	return matmul_run(c, &r);
}
