#include "matmul_run.h"

#include "gemm.h"

struct matmul_run matmul_run_of(const struct matmul *m, const struct tensor *a, const struct tensor *b)
{
	return (struct matmul_run){.a = a, .b = b, .m = m->m, .k = m->k, .n = m->n, .a_row = m->k, .a_step = 1, .b_column = 1, .b_step = m->n,
	                           .batches = m};
}

static void first_elements(const struct matmul_run *r, size_t batch, size_t *a, size_t *b)
{
	*a = *b = 0;
	if (r->batches)
		matmul_batch(r->batches, batch, a, b);
}

/* Operands stand on the left or on the right: a's rows run along gemm's rows or along its columns. */

static void a_left(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to, size_t step)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->a, a + row * r->a_row + k * r->a_step, r->a_step, count, r->a_zero ? r->a_zero[row] : 0, to, step);
}

static void b_left(const void *context, size_t batch, size_t column, size_t k, size_t count, double *to, size_t step)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->b, b + column * r->b_column + k * r->b_step, r->b_step, count, r->b_zero ? r->b_zero[column] : 0, to, step);
}

static void a_right(const void *context, size_t batch, size_t k, size_t row, size_t count, double *to)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->a, a + row * r->a_row + k * r->a_step, r->a_row, count, 0, to, 1);
	for (size_t i = 0; r->a_zero && i < count; i++)
		to[i] -= (double)r->a_zero[row + i];
}

static void b_right(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct matmul_run *r = context;
	size_t a, b;
	first_elements(r, batch, &a, &b);
	gemm_numbers(r->b, b + column * r->b_column + k * r->b_step, r->b_column, count, 0, to, 1);
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
