/*
 * layer_arrays.h: .npy arrays as the words of a layer's tensors, in memory's order.
 */
#ifndef BITLET_LAYER_ARRAYS_H
#define BITLET_LAYER_ARRAYS_H

#include "config.h"
#include "tensor.h"

/* One axis of the order in memory: how many, and how far apart in the array (elements). */
struct array_axis {
	int64_t count, stride;
};

struct array_format {
	bool is_float;
	uint8_t exp_bits, man_bits, bits;
	bool is_signed;
	unsigned bytes;             /* of an element in memory */
};

/* Format of a precision's weights or activations. */
struct array_format array_format(const struct bitlet_precision *p, bool weights, unsigned bytes);

/* Is the tensor's type one that this format is made from? Floats from float32, fixed from integers. */
bool array_type_check(const struct tensor *t, const struct array_format *a, const char *path, struct fault *f);

/* Stores the elements, axes outermost first, at `to`. A number that does not fit is a fault. */
bool array_store(const struct tensor *t, const struct array_format *a, const struct array_axis *axis, unsigned axes, void *to, const char *path, struct fault *f);

#endif
