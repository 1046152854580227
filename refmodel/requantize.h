/*
 * requantize.h: int32 sums to small codes, the arithmetic of QLinearConv and QLinearMatMul (ONNX names none).
 *
 *     multiplier = float32(float32(x_scale * w_scale) / y_scale)        one a channel, 24 bits of mantissa
 *     code       = clamp(round(sum * multiplier) + y_zero)              product exact, rounded half to even
 *
 * This is what an integer output stage (multiply by an integer, shift right with rounding) does. onnxruntime rounds the product to float32
 * before it rounds to an integer, which differs by one code in a few values of a million.
 */
#ifndef BITLET_REQUANTIZE_H
#define BITLET_REQUANTIZE_H

#include <stdbool.h>
#include <stdint.h>

/* multiplier = mantissa * 2^-shift */
struct requantize {
	int32_t mantissa;           /* 0, or 2^23 .. 2^24 - 1 */
	int shift;
};

/* False when the multiplier is not finite or a scale is not above 0. */
bool requantize_set(struct requantize *r, float x_scale, float w_scale, float y_scale);

/* round(sum * multiplier), half to even, saturated to int32; |sum| < 2^62. */
int32_t requantize_round(const struct requantize *r, int64_t sum);

#endif
