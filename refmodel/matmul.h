/*
 * matmul.h: shapes of a matrix product by NumPy's rules: the last two dimensions are multiplied, those before are broadcast, a vector is a row on
 * the left and a column on the right.
 */
#ifndef BITLET_MATMUL_H
#define BITLET_MATMUL_H

#include "graph.h"

struct matmul {
	size_t batches;             /* products of [m][k] by [k][n] */
	size_t m, k, n;             /* >= 1 */
	unsigned rank;              /* of the result */
	int64_t dim[TENSOR_MAX_RANK];
	unsigned batch_rank;
	int64_t batch_dim[TENSOR_MAX_RANK];
	size_t a_step[TENSOR_MAX_RANK], b_step[TENSOR_MAX_RANK]; /* elements a step in a batch dimension; 0: broadcast */
};

bool matmul_resolve(const struct graph_node *n, const struct tensor *a, const struct tensor *b, struct matmul *m, struct fault *f);

/* Index of the first element of a batch's operands. */
void matmul_batch(const struct matmul *m, size_t batch, size_t *a, size_t *b);

#endif
