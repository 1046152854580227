/*
 * tflite_layer.h: what convolutions and products of TensorFlow Lite have in common: operands, bias, and from sums to outputs.
 *
 *     float32   y = clamp(sum + bias), rounded once
 *     codes     y = clamp(scale(sum + bias) + y zero)    int8 with one scale or one an output channel; uint8 with one
 */
#ifndef BITLET_TFLITE_LAYER_H
#define BITLET_TFLITE_LAYER_H

#include "tflite_kernel.h"

struct tflite_layer {
	const struct tensor *x, *w, *bias; /* bias: NULL: none */
	struct tensor *y;
	size_t channels;            /* of the output */
	bool is_float;
	int32_t x_zero, w_zero;
	struct tflite_multiplier *scale; /* codes: [channels] */
	int32_t y_zero, low, high;
	float least, most;
};

/*
 * Inputs x, w and bias by their number (bias may be left out; numbers behind the last input too) for `channels` output channels: types, scales, the
 * activation where `activated`. `weights`: w's codes are as of a convolution, with a scale a channel possible along dimension `axis`.
 */
bool tflite_layer(struct host_call *c, struct tflite_layer *l, size_t x, size_t w, size_t bias, size_t channels, unsigned axis, bool activated);
void tflite_layer_free(struct tflite_layer *l);

/* Sums of output channels first .. first + count - 1, which are elements `at`... of y. */
void tflite_layer_store(const struct tflite_layer *l, size_t at, size_t first, size_t count, const double *sum);

/* to[i] = element at + i of x or w, less its zero point. */
void tflite_layer_x(const struct tflite_layer *l, size_t at, size_t count, double *to);
void tflite_layer_w(const struct tflite_layer *l, size_t at, size_t from_step, size_t count, double *to);

#endif
