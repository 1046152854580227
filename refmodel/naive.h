/*
 * naive.h: the oracle. Written for obviousness from docs/engine.md sections 1 to 7, in exact integers; slow. It shares no arithmetic
 * with lane.h and fast.h.
 */
#ifndef BITLET_NAIVE_H
#define BITLET_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "derive.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

__extension__ typedef __int128 bitlet_int128;

/* A group's sum before anything is rounded. Fixed: only sum. */
struct bitlet_naive_group {
	bitlet_int128 sum;          /* S, exact */
	unsigned exponent;          /* E_max, 0 when no pair takes part */
	bool nan, pinf, ninf;
	bool invalid;               /* signalling NaN, infinity times zero, or infinities of both signs */
	bool inexact;               /* alignment shifted a 1 out */
};

/*
 * One group of mode `mode`: w[n], a[n] are port words, zero the zero point field (used by fixed modes with zero_point only).
 */
void bitlet_naive_group(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t *w,
                        const uint32_t *a, uint32_t zero, struct bitlet_naive_group *g);

/* One output out of `groups` groups (1 .. max_groups) in order. */
struct bitlet_result bitlet_naive_output(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode,
                                         const struct bitlet_naive_group *g, size_t groups);

/* Section 6: v * 2^exponent to fp32; flags are or-ed into *flags. */
uint32_t bitlet_naive_pack(bitlet_int128 v, int exponent, uint8_t *flags);

/* IEEE fp32 addition, nearest even, NaN canonical; flags are or-ed into *flags. */
uint32_t bitlet_naive_add(uint32_t x, uint32_t y, uint8_t *flags);

/* Section 8: ones[l] = number of essential bits in lane l of the group; entries up to BITLET_MAX_LANES are written. Engine dense has none. */
void bitlet_naive_lanes(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t *w,
                        const uint32_t *a, uint32_t zero, unsigned *ones);

#ifdef __cplusplus
}
#endif

#endif
