/*
 * gemm.h: products of matrices in double precision, blocked for the caches and shared among threads: what convolutions and products of the host
 * have in common.
 *
 *     sum[batch][row][column] = sum over k of left[batch][row][k] * right[batch][k][column]
 *
 * Each sum is one chain of additions in ascending k. Products of two float32 are exact in double, so that a machine with fused multiply-add gives the
 * same bits as one without, and so do any number of threads and any blocks. With codes (|code - zero| <= 510, k < 2^34) the sums are exact integers.
 *
 * The operands are asked for in stretches, and the sums handed over in stretches, by functions that may be called from several threads at once.
 */
#ifndef BITLET_GEMM_H
#define BITLET_GEMM_H

#include "tensor.h"

struct gemm {
	size_t batches, rows, columns, k;
	void *context;
	/* to[i] = left[batch][row][k + i], i < count */
	void (*left)(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to);
	/* to[i] = right[batch][k][column + i], i < count */
	void (*right)(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to);
	/* sum[i] is that of column + i, i < count */
	void (*done)(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum);
};

/* False when out of memory; how many sums were handed over by then is open. Takes 1 MiB a thread and 832 bytes a row. */
bool gemm_run(const struct gemm *g, unsigned threads);

/* to[i] = element at + i * step of a float32, int8 or uint8 tensor, less zero; i < count. zero is for codes alone. */
void gemm_numbers(const struct tensor *t, size_t at, size_t step, size_t count, int32_t zero, double *to);

#endif
