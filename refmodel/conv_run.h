/*
 * conv_run.h: the sums of a convolution in double precision, for float32 tensors and for codes, by gemm.h or, where a group has few outputs, tap by
 * tap over a padded copy. Both add in the order of a row of weights: the result does not depend on the way, on threads or on the machine.
 */
#ifndef BITLET_CONV_RUN_H
#define BITLET_CONV_RUN_H

#include "conv.h"

struct conv_run {
	const struct conv *conv;
	const struct tensor *x, *w; /* float32, int8 or uint8 each */
	int32_t x_zero;             /* taken off x; padding is that, too */
	const int32_t *w_zero;      /* one an output (of all groups), taken off its weights; NULL: none */
	void *context;
	/*
	 * Takes the sums of output channel `row`; sum[i] belongs to element at + i of the output tensor, i < count. Called from several threads, for
	 * different elements.
	 */
	void (*done)(void *context, size_t row, size_t at, size_t count, const double *sum);
};

/* False when out of memory. */
bool conv_run(const struct conv_run *r, unsigned threads);

#endif
