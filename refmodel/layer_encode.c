#include "layer_encode.h"

#include <math.h>
#include <string.h>

uint32_t layer_float_word(float v, unsigned exp_bits, unsigned man_bits)
{
	uint32_t bits;
	memcpy(&bits, &v, sizeof bits);
	if (exp_bits == 8 && man_bits == 23)
		return bits;
	uint32_t infinity = ((1u << exp_bits) - 1) << man_bits, sign = bits >> 31 << (exp_bits + man_bits);
	if (isnan(v))
		return sign | infinity | 1u << (man_bits - 1) | (bits & 0x7fffff) >> (23 - man_bits);
	if (isinf(v))
		return sign | infinity;
	/* |v| = n * 2^(e - man_bits), e no less than that of subnormals; n takes the hidden bit into the exponent field by addition */
	int e, least = 2 - (1 << (exp_bits - 1));
	frexp((double)v, &e);
	e = v == 0 || e - 1 < least ? least : e - 1;
	double n = rint(ldexp(fabs((double)v), (int)man_bits - e));
	uint64_t word = ((uint64_t)(e - least) << man_bits) + (uint64_t)n;
	return sign | (word > infinity ? infinity : (uint32_t)word);
}

int32_t layer_field_min(unsigned bits, bool is_signed)
{
	return is_signed ? -(1 << (bits - 1)) : 0;
}

int32_t layer_field_max(unsigned bits, bool is_signed)
{
	return (1 << (is_signed ? bits - 1 : bits)) - 1;
}

uint32_t layer_field(int32_t v, unsigned bits)
{
	return (uint32_t)v & ((1u << bits) - 1);
}

int32_t layer_quantise(float v, float top, unsigned bits, bool is_signed)
{
	int32_t largest = layer_field_max(bits, is_signed);
	if (largest == 0)
		return v < 0 ? -1 : 0;
	if (top == 0 || (v < 0 && !is_signed))
		return 0;
	double code = rint((double)v * largest / (double)top);
	return code > largest ? largest : code < -largest ? -largest : (int32_t)code;
}

size_t layer_element_bytes(unsigned bits)
{
	return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

void layer_store(void *matrix, size_t bytes, size_t i, uint32_t word)
{
	switch (bytes) {
	case 1:
		((uint8_t *)matrix)[i] = (uint8_t)word;
		return;
	case 2:
		((uint16_t *)matrix)[i] = (uint16_t)word;
		return;
	default:
		((uint32_t *)matrix)[i] = word;
	}
}

uint32_t layer_load(const void *matrix, size_t bytes, size_t i)
{
	switch (bytes) {
	case 1:
		return ((const uint8_t *)matrix)[i];
	case 2:
		return ((const uint16_t *)matrix)[i];
	default:
		return ((const uint32_t *)matrix)[i];
	}
}
