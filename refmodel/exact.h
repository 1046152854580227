/*
 * exact.h: exact fixed-point numbers, wide enough for every sum that the oracle and the tests form. Slow and simple.
 *
 *     bit i of the two's complement number has weight 2^(i - 512); 1152 bits, so |x| < 2^639
 *
 * fp32 products times 80-bit sums reach from 2^-306 to 2^290.
 */
#ifndef BITLET_EXACT_H
#define BITLET_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "naive.h"

enum { EXACT_WORDS = 18, EXACT_POINT = 512 };

struct exact {
	uint64_t word[EXACT_WORDS]; /* least significant first */
};

void exact_zero(struct exact *x);
/* x += v * 2^exponent; exponent >= -EXACT_POINT, and the sum must fit. */
void exact_add(struct exact *x, bitlet_int128 v, int exponent);
/* x += y */
void exact_sum(struct exact *x, const struct exact *y);
void exact_negate(struct exact *x);
bool exact_is_zero(const struct exact *x);
bool exact_is_negative(const struct exact *x);
/* Bit of weight 2^exponent, for any exponent in range. */
unsigned exact_bit(const struct exact *x, int exponent);
/* Is a bit of weight below 2^exponent set? */
bool exact_any_below(const struct exact *x, int exponent);
/* Exponent of the highest 1 of x > 0. */
int exact_top(const struct exact *x);
/* Nearest double, roughly (error below 2^-52 relative): for error statistics in tests only. */
double exact_double(const struct exact *x);

#endif
