#include "matmul_run.h"

#include "attribute.h"
#include "gemm.h"

struct matmul_run matmul_run_of(const struct matmul *m, const struct tensor *a, const struct tensor *b)
{
	return (struct matmul_run){.a = a, .b = b, .m = m->m, .k = m->k, .n = m->n, .a_row = m->k, .a_step = 1, .b_column = 1, .b_step = m->n,
	                           .batches = m};
}

bool matmul_run_of_gemm(struct host_call *c, size_t left, size_t right, struct matmul_run *p)
{
	const struct tensor *a = c->in[left], *b = c->in[right];
	int64_t a_turned, b_turned;
	if (a->rank != 2 || b->rank != 2 || !a->count || !b->count)
		return host_fault(c, "inputs %zu and %zu have %u and %u dimensions; expected matrices that are not empty", left, right, a->rank, b->rank);
	if (!attribute_range(c->node, "transA", 0, 0, 1, &a_turned, c->fault) ||
	    !attribute_range(c->node, "transB", 0, 0, 1, &b_turned, c->fault))
		return false;
	if (a->dim[!a_turned] != b->dim[b_turned])
		return host_fault(c, "%lld columns by %lld rows cannot be multiplied", (long long)a->dim[!a_turned], (long long)b->dim[b_turned]);
	*p = (struct matmul_run){.a = a, .b = b, .m = (size_t)a->dim[a_turned], .k = (size_t)b->dim[b_turned], .n = (size_t)b->dim[!b_turned]};
	p->a_row = a_turned ? 1 : p->k;
	p->a_step = a_turned ? p->m : 1;
	p->b_column = b_turned ? p->k : 1;
	p->b_step = b_turned ? 1 : p->n;
	return true;
}

static void first_elements(const struct matmul_run *r, size_t batch, size_t *a, size_t *b)
{
	*a = *b = 0;
	if (r->batches)
		matmul_batch(r->batches, batch, a, b);
}

/* Operands stand on the left or on the right: a's rows run along gemm's rows or along its columns. */

static void a_left(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->a, a + row * r->a_row + k * r->a_step, r->a_step, count, r->a_zero ? r->a_zero[row] : 0, to);
}

static void b_left(const void *context, size_t batch, size_t column, size_t k, size_t count, double *to)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->b, b + column * r->b_column + k * r->b_step, r->b_step, count, r->b_zero ? r->b_zero[column] : 0, to);
}

static void a_right(const void *context, size_t batch, size_t k, size_t row, size_t count, double *to)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->a, a + row * r->a_row + k * r->a_step, r->a_row, count, 0, to);
	for (size_t i = 0; r->a_zero && i < count; i++)
		to[i] -= (double)r->a_zero[row + i];
}

static void b_right(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->b, b + column * r->b_column + k * r->b_step, r->b_column, count, 0, to);
	for (size_t i = 0; r->b_zero && i < count; i++)
		to[i] -= (double)r->b_zero[column + i];
}

static void done(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum)
{
	const struct matmul_run *r = context;
	for (size_t i = 0; i < count; i++)
		r->done(r->context, row, column + i, (batch * r->m + row) * r->n + column + i, sum[i]);
}

static void done_turned(void *context, size_t batch, size_t column, size_t row, size_t count, const double *sum)
{
	const struct matmul_run *r = context;
	for (size_t i = 0; i < count; i++)
		r->done(r->context, row + i, column, (batch * r->m + row + i) * r->n + column, sum[i]);
}

bool matmul_run(struct host_call *c, const struct matmul_run *r)
{
	size_t batches = r->batches ? r->batches->batches : 1;
	struct gemm g = {batches, r->m, r->n, r->k, (void *)r, a_left, b_right, done};
	/* a few vectors by a matrix whose rows lie along k: those rows are better read as they lie */
	if (r->b_step == 1 && r->m < r->n)
		g = (struct gemm){batches, r->n, r->m, r->k, (void *)r, b_left, a_right, done_turned};
	return gemm_run(&g, c->threads) || host_fault(c, "out of memory");
}
