/*
 * result.h: what an output of the engine is (docs/engine.md section 7), the same for naive, lane and fast.
 */
#ifndef BITLET_RESULT_H
#define BITLET_RESULT_H

#include <stdint.h>

#include "derive.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sticky flags as on the port out_flags: {invalid, overflow, underflow, inexact}. */
enum {
	BITLET_INEXACT = 1,
	BITLET_UNDERFLOW = 2,
	BITLET_OVERFLOW = 4,
	BITLET_INVALID = 8,
};

/* Canonical quiet NaN of every float result. */
#define BITLET_NAN UINT32_C(0x7fc00000)

/*
 * One output. bits are those of the port out_result: out_bits wide, zero above; a float in the low 32 bits, a fixed sum in two's
 * complement sign-extended to out_bits.
 */
struct bitlet_result {
	uint64_t bits;
	uint8_t flags;
};

/* The signed value of a fixed result word: bits extended from d->out_bits to 64. */
static inline int64_t bitlet_result_value(const struct bitlet_derived *d, uint64_t bits)
{
	uint64_t sign = UINT64_C(1) << (d->out_bits - 1);
	uint64_t value = bits & (sign | (sign - 1));
	return (int64_t)((value ^ sign) - sign);
}

/* v cut to d->out_bits: the word that the port carries. */
uint64_t bitlet_result_word(const struct bitlet_derived *d, int64_t v);

#ifdef __cplusplus
}
#endif

#endif
