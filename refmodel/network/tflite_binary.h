/*
 * tflite_binary.h: TensorFlow Lite's kernels of two operands, brought to one shape.
 */
#ifndef BITLET_TFLITE_BINARY_H
#define BITLET_TFLITE_BINARY_H

#include "tflite_kernel.h"

struct tflite_binary {
	const struct tensor *a, *b;
	struct tensor *y;
	int32_t a_zero, b_zero, y_zero, low, high;
	struct tflite_multiplier a_scale, b_scale, y_scale;
	float least, most;          /* of floats */
	bool by_zero;               /* somebody divided by 0: a fault at the end */
	/* By y's type; NULL: a type that the operator does not have. Codes come and go without zero points. */
	int32_t (*codes)(struct tflite_binary *s, int32_t a, int32_t b);
	float (*floats)(float a, float b);
	int64_t (*integers)(struct tflite_binary *s, int64_t a, int64_t b);
};

/* Both inputs and the output have one type; which kind. */
bool tflite_binary_types(struct host_call *c, const struct tflite_binary *s, bool *is_float, bool *is_code);

/* Zero points, and the three scales for the caller; the output's codes are bounded by their type. */
bool tflite_binary_codes(struct host_call *c, struct tflite_binary *s, struct tflite_code *a, struct tflite_code *b, struct tflite_code *y);

/* Makes the output and, unless it is a dry run, fills it. */
bool tflite_binary(struct host_call *c, struct tflite_binary *s);

#endif
