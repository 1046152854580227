/* MatMul, Gemm, QLinearMatMul: columns of the right operand are laid out side by side, then multiplied with the rows of the left one. */
#include <stdlib.h>

#include "attribute.h"
#include "host_ops.h"
#include "matmul.h"
#include "requantize.h"

/* ---- float: y[m][n] = alpha * a[m][k] * b[k][n] + beta * c[m][n] */

struct product {
	size_t m, k, n;
	const float *a, *b;
	size_t a_row, a_step;       /* elements from row to row, and along k */
	size_t b_column, b_step;
	float *y;
};

static void multiply(const struct product *p, float *row, float *column)
{
	for (size_t j = 0; j < p->n; j++) {
		for (size_t k = 0; k < p->k; k++)
			column[k] = p->b[j * p->b_column + k * p->b_step];
		for (size_t i = 0; i < p->m; i++) {
			const float *a = p->a + i * p->a_row;
			for (size_t k = 0; p->a_step != 1 && k < p->k; k++)
				row[k] = a[k * p->a_step];
			p->y[i * p->n + j] = (float)host_dot_float(p->a_step == 1 ? a : row, column, p->k);
		}
	}
}

bool host_mat_mul(struct host_call *c)
{
	struct matmul m;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) ||
	    !matmul_resolve(c->node, c->in[0], c->in[1], &m, c->fault) || !host_steps(c, m.batches * m.m, m.n, m.k))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, m.rank, m.dim);
	if (!y || c->dry)
		return y;
	float *column = host_scratch(c, m.k, sizeof *column);
	for (size_t batch = 0; column && batch < m.batches; batch++) {
		size_t a, b;
		matmul_batch(&m, batch, &a, &b);
		struct product p = {m.m, m.k, m.n, (const float *)c->in[0]->data + a, (const float *)c->in[1]->data + b,
		                    m.k, 1, 1, m.n, (float *)y->data + batch * m.m * m.n};
		multiply(&p, NULL, column);
	}
	free(column);
	return column;
}

/* How Gemm's third input is broadcast to [m][n]; false when it does not fit. */
static bool bias_steps(const struct tensor *t, const struct product *p, size_t *row, size_t *column)
{
	int64_t height = t->rank > 1 ? t->dim[t->rank - 2] : 1, width = t->rank > 0 ? t->dim[t->rank - 1] : 1;
	*column = width == 1 ? 0 : 1;
	*row = height == 1 ? 0 : (size_t)width;
	return t->rank <= 2 && (width == 1 || width == (int64_t)p->n) && (height == 1 || height == (int64_t)p->m);
}

static bool scale_and_add(struct host_call *c, const struct product *p, float alpha, float beta)
{
	const struct tensor *t = host_in(c, 2);
	size_t row = 0, column = 0;
	if (t && !bias_steps(t, p, &row, &column))
		return host_fault(c, "input 2 cannot be broadcast to %zu x %zu", p->m, p->n);
	for (size_t i = 0; !c->dry && i < p->m; i++)
		for (size_t j = 0; j < p->n; j++) {
			float *y = &p->y[i * p->n + j];
			*y = alpha * *y + (t ? beta * ((const float *)t->data)[i * row + j * column] : 0.0f);
		}
	return true;
}

static bool gemm_shapes(struct host_call *c, struct product *p)
{
	const struct tensor *a = c->in[0], *b = c->in[1];
	int64_t a_turned, b_turned;
	if (a->rank != 2 || b->rank != 2 || !a->count || !b->count)
		return host_fault(c, "inputs 0 and 1 have %u and %u dimensions; expected matrices that are not empty", a->rank, b->rank);
	if (!attribute_range(c->node, "transA", 0, 0, 1, &a_turned, c->fault) ||
	    !attribute_range(c->node, "transB", 0, 0, 1, &b_turned, c->fault))
		return false;
	if (a->dim[!a_turned] != b->dim[b_turned])
		return host_fault(c, "%lld columns by %lld rows cannot be multiplied", (long long)a->dim[!a_turned], (long long)b->dim[b_turned]);
	*p = (struct product){.m = (size_t)a->dim[a_turned], .k = (size_t)b->dim[b_turned], .n = (size_t)b->dim[!b_turned],
	                      .a = a->data, .b = b->data};
	p->a_row = a_turned ? 1 : p->k;
	p->a_step = a_turned ? p->m : 1;
	p->b_column = b_turned ? p->k : 1;
	p->b_step = b_turned ? 1 : p->n;
	return true;
}

bool host_gemm(struct host_call *c)
{
	struct product p = {0};
	float alpha, beta;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || (host_in(c, 2) && !host_type(c, 2, TENSOR_FLOAT32)))
		return false;
	if (!gemm_shapes(c, &p) || !host_steps(c, p.m, p.n, p.k) || !attribute_float(c->node, "alpha", 1, &alpha, c->fault) ||
	    !attribute_float(c->node, "beta", 1, &beta, c->fault))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, 2, (int64_t[]){(int64_t)p.m, (int64_t)p.n});
	if (y && c->dry)
		return scale_and_add(c, &p, alpha, beta);
	float *scratch = y ? host_scratch(c, 2 * p.k, sizeof *scratch) : NULL;
	if (!scratch)
		return false;
	p.y = y->data;
	multiply(&p, scratch, scratch + p.k);
	free(scratch);
	return scale_and_add(c, &p, alpha, beta);
}

/* ---- quantised: inputs a, scale, zero point, b, scales, zero points, the result's scale and zero point */

struct code_product {
	struct matmul m;
	const struct tensor *a, *b;
	struct tensor *y;
	struct host_quant aq, bq, yq;
};

static void code_batch(const struct code_product *p, size_t batch, const struct requantize *scale, int32_t *row, int32_t *column)
{
	const struct matmul *m = &p->m;
	size_t a, b;
	matmul_batch(m, batch, &a, &b);
	for (size_t j = 0; j < m->n; j++) {
		for (size_t k = 0; k < m->k; k++)
			column[k] = (int32_t)tensor_integer(p->b, b + k * m->n + j) - host_quant_zero(&p->bq, j);
		for (size_t i = 0; i < m->m; i++) {
			for (size_t k = 0; k < m->k; k++)
				row[k] = (int32_t)tensor_integer(p->a, a + i * m->k + k) - host_quant_zero(&p->aq, 0);
			int64_t sum = host_dot_int(row, column, m->k);
			host_store_code(p->y, (batch * m->m + i) * m->n + j,
			                (int64_t)requantize_round(&scale[j], sum) + host_quant_zero(&p->yq, 0));
		}
	}
}

static bool code_run(struct host_call *c, const struct code_product *p, struct requantize *scale, int32_t *row)
{
	for (size_t j = 0; j < p->m.n; j++)
		if (!requantize_set(&scale[j], p->aq.scale[0], host_quant_scale(&p->bq, j), p->yq.scale[0]))
			return host_fault(c, "the scales of column %zu make no finite multiplier", j);
	for (size_t batch = 0; batch < p->m.batches; batch++)
		code_batch(p, batch, scale, row, row + p->m.k);
	return true;
}

bool host_q_linear_mat_mul(struct host_call *c)
{
	struct code_product p = {.a = c->in[0], .b = c->in[3]};
	if (!host_is_code(p.a->type) || !host_is_code(p.b->type) || !host_is_code(c->in[7]->type))
		return host_fault(c, "inputs 0, 3 and 7 are %s, %s and %s; expected int8 or uint8", tensor_type_name(p.a->type),
		                  tensor_type_name(p.b->type), tensor_type_name(c->in[7]->type));
	if (!matmul_resolve(c->node, p.a, p.b, &p.m, c->fault) || !host_quant(c, 1, 0, p.a->type, &p.aq) ||
	    !host_quant(c, 4, p.m.n, p.b->type, &p.bq) || !host_quant(c, 6, 0, c->in[7]->type, &p.yq))
		return false;
	if (!host_steps(c, p.m.batches * p.m.m, p.m.n, p.m.k) || !(p.y = host_out(c, 0, c->in[7]->type, p.m.rank, p.m.dim)))
		return false;
	if (c->dry)
		return true;
	struct requantize *scale = host_scratch(c, p.m.n, sizeof *scale);
	int32_t *row = host_scratch(c, 2 * p.m.k, sizeof *row);
	bool good = scale && row && code_run(c, &p, scale, row);
	free(scale);
	free(row);
	return good;
}
