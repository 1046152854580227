/*
 * host_broadcast.h: tensors of different shapes brought to one, by NumPy's rules: aligned at the last dimension, a dimension of 1 repeats.
 *
 * The result is walked in rows, in each of which every operand advances by a fixed step. Dimensions that lie behind one another in all operands are
 * merged, so that rows are long:
 *
 *     for (size_t i = 0; i < s.rows; i++) {
 *         host_broadcast_row(&s, i, at);
 *         for (size_t j = 0; j < s.row; j++)
 *             y[i * s.row + j] = f(a[at[0] + j * s.step[0]], b[at[1] + j * s.step[1]]);
 *     }
 */
#ifndef BITLET_HOST_BROADCAST_H
#define BITLET_HOST_BROADCAST_H

#include "host_op.h"

enum { HOST_BROADCAST_MAX = 3 };

struct host_broadcast {
	size_t rows, row;           /* rows * row elements */
	size_t step[HOST_BROADCAST_MAX]; /* within a row: 0 or 1 element */
	unsigned operands, loops;   /* loops: merged dimensions that count the rows */
	size_t loop[TENSOR_MAX_RANK];
	size_t loop_step[HOST_BROADCAST_MAX][TENSOR_MAX_RANK];
};

/* The shape that all inputs of the node take together (those left out do not count); a fault when there is none. */
bool host_broadcast_shape(struct host_call *c, unsigned *rank, int64_t dim[TENSOR_MAX_RANK]);

/* How `operands` tensors, each of which fits the shape, are walked. */
void host_broadcast(unsigned rank, const int64_t *dim, const struct tensor *const *operand, unsigned operands, struct host_broadcast *s);

/* Where each operand is at the beginning of row i. */
void host_broadcast_row(const struct host_broadcast *s, size_t i, size_t at[HOST_BROADCAST_MAX]);

#endif
