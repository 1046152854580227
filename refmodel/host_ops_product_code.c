/* QLinearMatMul: exact sums of codes, then the output stage of requantize.h. */
#include <stdlib.h>

#include "host_ops.h"
#include "matmul_run.h"
#include "requantize.h"

struct code_product {
	struct tensor *y;
	struct requantize *scale;   /* one a column */
	int32_t *a_zero, *b_zero;   /* one a row, one a column */
	int32_t y_zero;
};

static void done(void *context, size_t row, size_t column, size_t at, double sum)
{
	const struct code_product *p = context;
	(void)row;
	host_store_code(p->y, at, (int64_t)requantize_round(&p->scale[column], (int64_t)sum) + p->y_zero);
}

/* Inputs a, scale, zero point, b, scales, zero points, the result's scale and zero point. */
static bool run(struct host_call *c, const struct matmul *m, struct code_product *p)
{
	struct matmul_run r = matmul_run_of(m, c->in[0], c->in[3]);
	struct host_quant aq, bq, yq;
	if (!host_quant(c, 1, 0, r.a->type, &aq) || !host_quant(c, 4, m->n, r.b->type, &bq) || !host_quant(c, 6, 0, c->in[7]->type, &yq))
		return false;
	for (size_t i = 0; i < m->m; i++)
		p->a_zero[i] = host_quant_zero(&aq, 0);
	for (size_t j = 0; j < m->n; j++) {
		p->b_zero[j] = host_quant_zero(&bq, j);
		if (!requantize_set(&p->scale[j], aq.scale[0], host_quant_scale(&bq, j), yq.scale[0]))
			return host_fault(c, "the scales of column %zu make no finite multiplier", j);
	}
	p->y_zero = host_quant_zero(&yq, 0);
	r.a_zero = p->a_zero;
	r.b_zero = p->b_zero;
	r.context = p;
	r.done = done;
	return matmul_run(c, &r);
}

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
	p.scale = host_scratch(c, m.n, sizeof *p.scale);
	p.a_zero = host_scratch(c, m.m, sizeof *p.a_zero);
	p.b_zero = host_scratch(c, m.n, sizeof *p.b_zero);
	bool good = p.scale && p.a_zero && p.b_zero && run(c, &m, &p);
	free(p.scale);
	free(p.a_zero);
	free(p.b_zero);
	return good;
}
