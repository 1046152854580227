/*
 * bit_stats.h: how many bits of numbers are ones, by significance, and how evenly they load the lanes.
 *
 * A number's bits are those that the engine distils: of fixed ones the magnitude of code - zero, of floats the significand with its hidden bit, not
 * aligned. Bit 0 is the least significant. Width: man_bits + 1; fixed: bits - 1 when signed and there is more than one bit,
 * else bits (the magnitude of the lowest code of a signed field takes one bit more).
 *
 *     group       N * P numbers that follow one another in a row: number q is field q mod P; lanes are (field, bit) pairs
 *     alignment   floats: significands of a group are shifted to its largest exponent, cut off below bit 0, as if all other operands had the same exponent;
 *                 real ones spread the bits further
 *     busiest     ones of the lane that has most; the engine needs so many cycles for the group, and at least T for preparing it
 */
#ifndef BITLET_BIT_STATS_H
#define BITLET_BIT_STATS_H

#include <stddef.h>

#include "derive.h"

enum { BIT_STATS_BITS = 32 };

struct bit_stats {
	unsigned width;             /* bits of a number */
	uint64_t numbers, zeros;    /* zeros: numbers that are 0 */
	uint64_t ones[BIT_STATS_BITS]; /* by significance */
	/* groups */
	uint64_t groups, grouped;   /* numbers in them */
	uint64_t busiest;           /* sum over the groups */
	uint64_t cycles;            /* sum of max(busiest, T, 1) */
	double average;             /* sum over the groups of ones / lanes */
};

/*
 * Adds rows * k elements as they lie in memory (layer_task.h) in mode m: weights, or activations with that zero point. Groups of n * m->pack and cycles with
 * T = least; n = 0: no groups. Infinities and NaN count by their mantissas.
 */
void bit_stats_add(struct bit_stats *s, const struct bitlet_mode *m, bool weights, int32_t zero, const uint8_t *data, size_t rows, size_t k, unsigned n, unsigned least);

/* Of all significances. */
uint64_t bit_stats_ones(const struct bit_stats *s);

/* Shares of 0..1: numbers that are 0; bits that are 0; numbers whose bit `bit` is 1. An empty one: 0. */
double bit_stats_zeros(const struct bit_stats *s);
double bit_stats_zero_bits(const struct bit_stats *s);
double bit_stats_share(const struct bit_stats *s, unsigned bit);

/* Pairs a cycle at best, against one of a bit-parallel multiplier; 0 without groups. */
double bit_stats_speed(const struct bit_stats *s);

#endif
