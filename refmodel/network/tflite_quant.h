/*
 * tflite_quant.h: TensorFlow Lite's arithmetic of codes, with its default double rounding: what the reference kernels compute, and what the core's
 * output stage gets to compute the same (ROUND_TFLITE_DOUBLE, docs/core.md).
 *
 *     real multiplier = mantissa * 2^(shift - 31), mantissa 0 or 2^30 .. 2^31 - 1, shift -31 .. 30 (left when positive)
 *     scaled value    = divide(high(x << max(shift, 0), mantissa), max(-shift, 0))
 *     high(a, b)      = a * b / 2^31, rounded to nearest
 *     divide(x, n)    = x / 2^n, rounded to nearest, halves away from 0
 */
#ifndef BITLET_TFLITE_QUANT_H
#define BITLET_TFLITE_QUANT_H

#include "graph.h"

struct tflite_multiplier {
	int32_t mantissa;
	int shift;
};

/* From a real number >= 0; below 2^-32 it becomes 0. False when it is negative, not finite, or 2^30 and above. */
bool tflite_multiplier(double real, struct tflite_multiplier *m);

/* x * multiplier in both roundings. What x << shift does not hold in 32 bits is lost, as in the framework. */
int32_t tflite_scale(int32_t x, struct tflite_multiplier m);
/* Its parts. high: (2 * a * b + 2^31 * sign) / 2^32 cut off towards 0, with -2^31 * -2^31 saturated. n: 0 .. 31. */
int32_t tflite_high(int32_t a, int32_t b);
int32_t tflite_divide(int32_t x, int n);

/*
 * The real multiplier of output channel `channel` of CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV, FULLY_CONNECTED, BATCH_MATMUL: x scale * weight scale /
 * y scale, with the products of the framework: in double per channel, in float for whole products and uint8. All three values have a quant, x and y with
 * one scale.
 */
double tflite_layer_scale(const struct graph_node *n, const struct graph_value *x, const struct graph_value *w, const struct graph_value *y,
                          size_t channel);

/* Least and largest code of int8, uint8, int16. */
int32_t tflite_code_min(enum tensor_type t);
int32_t tflite_code_max(enum tensor_type t);
bool tflite_is_code(enum tensor_type t);

/*
 * What a fused activation ("NONE", "RELU", "RELU_N1_TO_1", "RELU6") leaves of codes and of floats (infinite ends where it does not bound). False for
 * any other activation, and for scales whose bounds are no int32.
 */
bool tflite_code_range(const char *activation, enum tensor_type t, float scale, int32_t zero, int32_t *low, int32_t *high);
bool tflite_float_range(const char *activation, float *low, float *high);

#endif
