/*
 * quant_field.h: integer codes of 1 to 24 bits for real numbers: real = scale * (code - zero).
 */
#ifndef BITLET_QUANT_FIELD_H
#define BITLET_QUANT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

struct quant_field {
	unsigned bits;              /* 1..24 */
	bool is_signed;
};

struct quant_param {
	float scale;                /* finite, normal, above 0 */
	int32_t zero;               /* a code of the field */
};

int32_t quant_low(struct quant_field q);
int32_t quant_high(struct quant_field q);

/*
 * Scale and zero point for numbers from low to high, finite, low <= 0 <= high. Symmetric: zero = 0, the larger of -low and high (signed fields) or high
 * (unsigned ones) becomes the highest code; a signed field of one bit holds -1 and 0 and takes -low. Otherwise low becomes the lowest code, high the
 * highest, moved by less than a step so that 0 is a code. low = high = 0: scale 1.
 */
struct quant_param quant_param(struct quant_field q, bool symmetric, double low, double high);

/* clamp(round(v / scale) + zero), quotient in float32, half to even: what the Quantize operators do. */
int32_t quant_code(struct quant_field q, struct quant_param p, float v);
double quant_real(struct quant_param p, int32_t code);

/* Stores a code in a tensor of quantize_container()'s type. */
void quant_store(struct tensor *t, size_t i, int64_t code);

#endif
