/*
 * fp32.h: rounding and addition of fp32 in integers, for lane and fast (naive has its own), and operands taken apart.
 */
#ifndef BITLET_FP32_H
#define BITLET_FP32_H

#include <stdbool.h>
#include <stdint.h>

#include "naive.h"

/* Section 6 of docs/engine.md: v * 2^exponent, |v| < 2^127. Flags are or-ed into *flags. */
uint32_t bitlet_fp32_pack(bitlet_int128 v, int exponent, uint8_t *flags);

/* IEEE addition, nearest even, canonical NaN. Flags are or-ed into *flags. */
uint32_t bitlet_fp32_add(uint32_t x, uint32_t y, uint8_t *flags);

enum bitlet_float_kind { BITLET_ZERO, BITLET_FINITE, BITLET_INFINITE, BITLET_QUIET, BITLET_SIGNALLING };

/* Value = (-1)^negative * man * 2^(exp - bias - man_bits); exp is 1 for subnormals. man and exp are those of the fields for specials. */
struct bitlet_float {
	uint32_t man;
	uint16_t exp;
	bool negative;
	enum bitlet_float_kind kind;
};

struct bitlet_float bitlet_float_unpack(const struct bitlet_precision *p, uint32_t word);

/* What one product does to the specials of its group (docs/engine.md section 3). */
struct bitlet_specials {
	bool nan, pinf, ninf, invalid;
};

void bitlet_specials_add(struct bitlet_specials *s, struct bitlet_float w, struct bitlet_float a);

/* The word that specials give, 0 when there are none; raises invalid for infinities of both signs. */
uint32_t bitlet_specials_word(struct bitlet_specials *s);

/* Field j of a word, extended to its value. */
int32_t bitlet_field(uint32_t word, unsigned j, unsigned bits, bool is_signed);

#endif
