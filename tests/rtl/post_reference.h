/*
 * post_reference.h: what the RTL behind the adder tree has to compute, written from docs/engine.md sections 4 to 7 in exact 128-bit integer
 * arithmetic; fp32 additions are the host's.
 */
#ifndef POST_REFERENCE_H
#define POST_REFERENCE_H

#include <cstdint>

typedef __int128 wide_int;
typedef unsigned __int128 wide_word;

enum { FLAG_INEXACT = 1, FLAG_UNDERFLOW = 2, FLAG_OVERFLOW = 4, FLAG_INVALID = 8 };
enum { SPECIAL_INEXACT = 1, SPECIAL_INVALID = 2, SPECIAL_NINF = 4, SPECIAL_PINF = 8, SPECIAL_NAN = 16 };

/* A result word and its flags. */
struct reference_result {
	uint64_t word;
	unsigned flags;
};

/* The low `bits` bits of x as a two's complement number, bits 1 to 128. */
wide_int sign_extend(wide_int x, unsigned bits);

/* s * 2^exp to fp32, round to nearest even, |s| < 2^126. */
reference_result pack_value(wide_int s, int exp);

/* The same with specials (SPECIAL_*) overriding. */
reference_result pack_special(wide_int s, int exp, unsigned specials);

/* IEEE fp32 addition; NaN is 0x7fc00000. */
reference_result add_fp32(uint32_t a, uint32_t b);

/* s saturated to result_bits and sign-extended to out_bits. */
reference_result saturate(wide_int s, unsigned result_bits, unsigned out_bits);

/* Accumulation over the groups of one output; clear `groups` between outputs. */
struct float_output {
	bool wide;
	unsigned groups;
	wide_int acc;      /* wide: A */
	unsigned exp;      /* wide: F */
	unsigned specials; /* wide: or of all groups */
	reference_result sum; /* fp32 */
};
void add_group(float_output *o, wide_int s, unsigned exp, unsigned specials, unsigned scale);
reference_result finish(const float_output *o, unsigned scale);

#endif
