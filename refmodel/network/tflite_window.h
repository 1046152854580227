/*
 * tflite_window.h: how a kernel moves over height and width, as TensorFlow Lite pads: SAME gives ceil(in / stride) outputs and puts the odd element of
 * padding at the end, VALID pads nothing.
 */
#ifndef BITLET_TFLITE_WINDOW_H
#define BITLET_TFLITE_WINDOW_H

#include "host_op.h"

enum { TFLITE_EXTENT_MAX = 1 << 24 };

struct tflite_window {          /* [0] height, [1] width; all >= 1 but begin >= 0 */
	int64_t in[2], out[2], kernel[2], stride[2], dilation[2];
	int64_t begin[2];           /* padding before the first element */
};

/* Attributes padding, stride_h, stride_w, and dilation_h_factor, dilation_w_factor where they are, for x [n][h][w][c] and a kernel. */
bool tflite_window(struct host_call *c, const struct tensor *x, int64_t kernel_h, int64_t kernel_w, struct tflite_window *w);

/* The first input coordinate under the kernel, by dimension, for output pixel (y, x); the taps [first, last) of each dimension that lie inside. */
struct tflite_taps {
	int64_t origin[2], first[2], last[2];
};
void tflite_window_taps(const struct tflite_window *w, int64_t y, int64_t x, struct tflite_taps *t);

#endif
