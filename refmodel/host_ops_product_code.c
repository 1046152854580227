/* QLinearMatMul, QGemm, MatMulInteger: exact sums of codes; codes come out of them by requantize.h. */
#include <stdlib.h>

#include "attribute.h"
#include "host_ops.h"
#include "matmul_run.h"
#include "requantize.h"

struct code_product {
	struct tensor *y;
	const struct tensor *bias;  /* int32; NULL: none */
	size_t bias_row, bias_column;
	struct requantize *scale;   /* one a column; of codes */
	double *real;               /* likewise; of a float output */
	int32_t *a_zero, *b_zero;   /* one a row, one a column */
	int32_t y_zero;
};

static void done(void *context, size_t row, size_t column, size_t at, double sum)
{
	const struct code_product *p = context;
	int64_t total = (int64_t)sum;
	if (p->bias)
		total += ((const int32_t *)p->bias->data)[row * p->bias_row + column * p->bias_column];
	if (p->y->type == TENSOR_FLOAT32)
		((float *)p->y->data)[at] = (float)((double)total * p->real[column]);
	else if (p->y->type == TENSOR_INT32)
		((int32_t *)p->y->data)[at] = (int32_t)(uint32_t)(uint64_t)total; /* beyond int32 it wraps */
	else
		host_store_code(p->y, at, (int64_t)requantize_round(&p->scale[column], total) + p->y_zero);
}

/* Arrays for m rows and n columns; false with the fault set. free_arrays() takes them in any case. */
static bool make_arrays(struct host_call *c, size_t m, size_t n, struct code_product *p)
{
	p->scale = host_scratch(c, n, sizeof *p->scale);
	p->real = host_scratch(c, n, sizeof *p->real);
	p->a_zero = host_scratch(c, m, sizeof *p->a_zero);
	p->b_zero = host_scratch(c, n, sizeof *p->b_zero);
	return p->scale && p->real && p->a_zero && p->b_zero;
}

static void free_arrays(struct code_product *p)
{
	free(p->scale);
	free(p->real);
	free(p->a_zero);
	free(p->b_zero);
}

static bool run(struct host_call *c, struct matmul_run *r, struct code_product *p)
{
	r->a_zero = p->a_zero;
	r->b_zero = p->b_zero;
	r->context = p;
	r->done = done;
	return matmul_run(c, r);
}

/* Zero points and scales from inputs 1, 2 (a's), 4, 5 (b's), y, y + 1 (the result's; left out: real numbers). factor goes with a's scale. */
static bool quants(struct host_call *c, const struct matmul_run *r, size_t y, float factor, struct code_product *p)
{
	struct host_quant aq, bq, yq;
	bool real = !host_in(c, y);
	if (!host_quant(c, 1, 0, r->a->type, &aq) || !host_quant(c, 4, r->n, r->b->type, &bq) || (!real && !host_quant(c, y, 0, p->y->type, &yq)))
		return false;
	for (size_t i = 0; i < r->m; i++)
		p->a_zero[i] = host_quant_zero(&aq, 0);
	for (size_t j = 0; j < r->n; j++) {
		p->b_zero[j] = host_quant_zero(&bq, j);
		p->real[j] = (double)factor * (double)aq.scale[0] * (double)host_quant_scale(&bq, j);
		if (!real && !requantize_set(&p->scale[j], factor * aq.scale[0], host_quant_scale(&bq, j), yq.scale[0]))
			return host_fault(c, "the scales of column %zu make no finite multiplier", j);
	}
	p->y_zero = real ? 0 : host_quant_zero(&yq, 0);
	return true;
}

/* ---- QLinearMatMul: a, scale, zero point, b, scales, zero points, the result's scale and zero point */

bool host_q_linear_mat_mul(struct host_call *c)
{
	const struct tensor *a = c->in[0], *b = c->in[3];
	struct matmul m;
	if (!host_is_code(a->type) || !host_is_code(b->type) || !host_is_code(c->in[7]->type))
		return host_fault(c, "inputs 0, 3 and 7 are %s, %s and %s; expected int8 or uint8", tensor_type_name(a->type), tensor_type_name(b->type),
		                  tensor_type_name(c->in[7]->type));
	if (!matmul_resolve(c->node, a, b, &m, c->fault) || !host_steps(c, m.batches * m.m, m.n, m.k))
		return false;
	struct code_product p = {.y = host_out(c, 0, c->in[7]->type, m.rank, m.dim)};
	if (!p.y || c->dry)
		return p.y;
	struct matmul_run r = matmul_run_of(&m, a, b);
	bool good = make_arrays(c, m.m, m.n, &p) && quants(c, &r, 6, 1, &p) && run(c, &r, &p);
	free_arrays(&p);
	return good;
}

/* ---- com.microsoft.QGemm: a, scale, zero point, b, scales, zero points, bias (int32), the result's scale and zero point or none: real numbers */

static bool gemm_bias(struct host_call *c, const struct matmul_run *r, struct code_product *p)
{
	const struct tensor *t = host_in(c, 6);
	if (!t)
		return true;
	int64_t height = t->rank > 1 ? t->dim[t->rank - 2] : 1, width = t->rank > 0 ? t->dim[t->rank - 1] : 1;
	p->bias = t;
	p->bias_column = width == 1 ? 0 : 1;
	p->bias_row = height == 1 ? 0 : (size_t)width;
	if (!host_type(c, 6, TENSOR_INT32))
		return false;
	return (t->rank <= 2 && (width == 1 || width == (int64_t)r->n) && (height == 1 || height == (int64_t)r->m)) ||
	       host_fault(c, "input 6 cannot be broadcast to %zu x %zu", r->m, r->n);
}

bool host_q_gemm(struct host_call *c)
{
	const struct tensor *a = c->in[0], *b = c->in[3], *zero = host_in(c, 8);
	struct code_product p = {.y = NULL};
	struct matmul_run r;
	float alpha;
	if (!host_is_code(a->type) || !host_is_code(b->type) || (zero && !host_is_code(zero->type)))
		return host_fault(c, "inputs 0, 3 and 8 are %s, %s and %s; expected int8 or uint8", tensor_type_name(a->type), tensor_type_name(b->type),
		                  zero ? tensor_type_name(zero->type) : "left out");
	if (!attribute_float(c->node, "alpha", 1, &alpha, c->fault) || !matmul_run_of_gemm(c, 0, 3, &r) || !gemm_bias(c, &r, &p) ||
	    !host_steps(c, r.m, r.n, r.k))
		return false;
	if (!host_in(c, 7) != !zero)
		return host_fault(c, "one of the result's scale and zero point is left out; expected both or none");
	p.y = host_out(c, 0, zero ? zero->type : TENSOR_FLOAT32, 2, (int64_t[]){(int64_t)r.m, (int64_t)r.n});
	if (!p.y || c->dry)
		return p.y;
	bool good = make_arrays(c, r.m, r.n, &p) && quants(c, &r, 7, alpha, &p) && run(c, &r, &p);
	free_arrays(&p);
	return good;
}

/* ---- MatMulInteger: a, b, zero points of a (one, or one a row) and b (one, or one a column) */

/* Zero points of all `count` rows or columns. */
static bool zero_points(struct host_call *c, size_t i, enum tensor_type t, size_t count, int32_t *zero)
{
	const struct tensor *z = host_in(c, i);
	if (z && !host_type(c, i, t))
		return false;
	if (z && z->count != 1 && z->count != count)
		return host_fault(c, "input %zu has %zu zero points; expected 1 or %zu", i, z->count, count);
	for (size_t j = 0; j < count; j++)
		zero[j] = z ? (int32_t)tensor_integer(z, z->count == 1 ? 0 : j) : 0;
	return true;
}

bool host_mat_mul_integer(struct host_call *c)
{
	const struct tensor *a = c->in[0], *b = c->in[1];
	struct matmul m;
	if (!host_is_code(a->type) || !host_is_code(b->type))
		return host_fault(c, "inputs 0 and 1 are %s and %s; expected int8 or uint8", tensor_type_name(a->type), tensor_type_name(b->type));
	if (!matmul_resolve(c->node, a, b, &m, c->fault) || !host_steps(c, m.batches * m.m, m.n, m.k))
		return false;
	struct code_product p = {.y = host_out(c, 0, TENSOR_INT32, m.rank, m.dim)};
	if (!p.y || c->dry)
		return p.y;
	struct matmul_run r = matmul_run_of(&m, a, b);
	bool good = make_arrays(c, m.m, m.n, &p) && zero_points(c, 2, a->type, m.m, p.a_zero) && zero_points(c, 3, b->type, m.n, p.b_zero) &&
	            run(c, &r, &p);
	free_arrays(&p);
	return good;
}
