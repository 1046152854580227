/*
 * matmul_run.h: the sums of a matrix product in double precision (gemm.h), for float32 tensors and for codes.
 *
 *     sum[batch][row][column] = sum over k of (a - a_zero) * (b - b_zero)
 */
#ifndef BITLET_MATMUL_RUN_H
#define BITLET_MATMUL_RUN_H

#include "host_op.h"
#include "matmul.h"

struct matmul_run {
	const struct tensor *a, *b; /* float32, int8 or uint8 each */
	size_t m, k, n;
	size_t a_row, a_step;       /* elements from row to row, and along k */
	size_t b_column, b_step;
	const struct matmul *batches; /* NULL: one product, from element 0 */
	const int32_t *a_zero;      /* one a row; NULL: none */
	const int32_t *b_zero;      /* one a column; NULL: none */
	void *context;
	/* Takes a sum; at = (batch * m + row) * n + column. Called from several threads, for different elements. */
	void (*done)(void *context, size_t row, size_t column, size_t at, double sum);
};

/* a and b by the shapes in m: rows and columns as they lie in memory. */
struct matmul_run matmul_run_of(const struct matmul *m, const struct tensor *a, const struct tensor *b);

/* The same for a Gemm of inputs `left` and `right`, by the attributes transA and transB. False with the fault set. */
bool matmul_run_of_gemm(struct host_call *c, size_t left, size_t right, struct matmul_run *r);

/* False with the fault set when out of memory. */
bool matmul_run(struct host_call *c, const struct matmul_run *r);

#endif
