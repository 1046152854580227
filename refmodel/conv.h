/*
 * conv.h: a convolution as matrix products: geometry, for the host operators.
 *
 *     input    [image][groups * channels][spatial...]
 *     weights  [groups * outputs][channels][kernel...]    row = one output's k = channels * taps weights, side by side
 *     output   [image][groups * outputs][spatial...]
 */
#ifndef BITLET_CONV_H
#define BITLET_CONV_H

#include "window.h"

struct conv {
	struct window window;
	size_t images, groups;
	size_t channels, outputs;   /* of one group */
	size_t k;                   /* channels * taps */
};

/* Checks shapes and the attributes group, kernel_shape, pads, ... of a Conv or QLinearConv node. All sizes are then >= 1. */
bool conv_resolve(const struct graph_node *n, const struct tensor *x, const struct tensor *w, struct conv *c, struct fault *f);

/* The output's shape; x the input. Returns its rank. */
unsigned conv_shape(const struct conv *c, int64_t dim[TENSOR_MAX_RANK]);

/* Index of the first input element of a group, and of the first output element of a group's output. */
size_t conv_input(const struct conv *c, size_t image, size_t group);
size_t conv_output(const struct conv *c, size_t image, size_t group, size_t output);

#endif
