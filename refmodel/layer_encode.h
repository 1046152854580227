/*
 * layer_encode.h: numbers as words of a precision (docs/engine.md section 1), right-aligned, upper bits 0.
 */
#ifndef BITLET_LAYER_ENCODE_H
#define BITLET_LAYER_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

/*
 * A float in a format of exp_bits and man_bits (at most those of fp32): rounded to nearest even, gradual underflow, overflow to infinity.
 * NaN keeps sign and upper mantissa bits and becomes quiet unless the format is fp32, whose bits are kept as they are.
 */
uint32_t layer_float_word(float v, unsigned exp_bits, unsigned man_bits);

/* Smallest and largest number of a fixed field of 1 to 24 bits. */
int32_t layer_field_min(unsigned bits, bool is_signed);
int32_t layer_field_max(unsigned bits, bool is_signed);

/* The number as a field; it must fit. */
uint32_t layer_field(int32_t v, unsigned bits);

/*
 * Rounds v * largest / top (half to even) and clamps to -largest .. largest, for unsigned fields 0 .. largest; top is the largest |v| there
 * is, largest = layer_field_max(). One signed bit: -1 for what is negative, else 0. top = 0 gives 0.
 */
int32_t layer_quantise(float v, float top, unsigned bits, bool is_signed);

/* Bytes of an element in a matrix: 1, 2 or 4. */
size_t layer_element_bytes(unsigned bits);
void layer_store(void *matrix, size_t bytes, size_t i, uint32_t word);
uint32_t layer_load(const void *matrix, size_t bytes, size_t i);

#endif
