/*
 * quantize.h: a float network becomes one of small integers, by quantise-dequantise pairs (ONNX's QDQ form).
 *
 *     x -> Quantize -> Dequantize -> Conv, Gemm, MatMul [-> Relu, Clip] -> Quantize -> Dequantize -> ...
 *                      weights (codes) -> Dequantize --^  ^-- bias (int32 codes) -> Dequantize
 *
 * Operands of 8 bits have ONNX's own operators, so that a network of 8 bits throughout loads in any tool. Other widths have operators of
 * domain "bitlet", with the attributes that ONNX's lack:
 *
 *     bitlet.QuantizeLinear(x, scale [, zero_point]) -> y      bits (1..24, required), signed (0 or 1, required), axis (1)
 *     bitlet.DequantizeLinear(x, scale [, zero_point]) -> y    the same
 *
 * codes          in int8, uint8, int16, uint16, or int32: the smallest that holds `bits` (24 and fewer unsigned bits beyond 16: int32), sign
 *                extended; zero_point has that type, 0 when left out
 * scale          float32, finite, above 0: one, or one a slice of dimension `axis`; zero_point likewise
 * Quantize       y = clamp(round(x / scale) + zero, lowest .. highest code), half to even, quotient in float32; NaN becomes the zero point
 * Dequantize     y = float32((x - zero) * scale), rounded once; a code outside the field is a fault
 *
 * Biases are ONNX's DequantizeLinear of int32 codes, scale = float32(x_scale * w_scale[channel]), no zero point. A bias that 32 bits do not
 * hold (wide operands) stays a float initialiser. Weights have zero point 0 and one scale an output channel (axis 0 of Conv and of a turned
 * Gemm, axis 1 of MatMul and Gemm) or one for all. Zero points and zero lie in the code range, so that padding is exact.
 */
#ifndef BITLET_QUANTIZE_H
#define BITLET_QUANTIZE_H

#include "graph.h"

enum { QUANTIZE_MIN_BITS = 1, QUANTIZE_MAX_BITS = 24 };

/* Attribute and operator names, for those who look for them. */
#define QUANTIZE_OP "bitlet.QuantizeLinear"
#define DEQUANTIZE_OP "bitlet.DequantizeLinear"
#define QUANTIZE_BITS "bits"
#define QUANTIZE_SIGNED "signed"

/* The smallest element type that holds fields of so many bits. */
enum tensor_type quantize_container(unsigned bits, bool is_signed);

/* Bits and signedness of a node's codes: ONNX's (Quantize|Dequantize)Linear by the element type, bitlet's by attributes. False with *f set for other nodes. */
bool quantize_field(const struct graph_node *n, enum tensor_type codes, unsigned *bits, bool *is_signed, struct fault *f);

#endif
