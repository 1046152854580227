/*
 * Lane counts of floats, FAST_LANES outputs side by side. Which bits are essential depends on both operands through the alignment, so this runs for each
 * pixel and output, like the product itself.
 */
#include <string.h>

#include "fast_count.h"

enum { PLANES = 8 };

/* As in fast_count.c, but for FAST_LANES outputs. */
struct block_planes {
	uint32_t plane[PLANES][FAST_LANES];
};

static inline __attribute__((always_inline)) uint32_t full_adder(uint32_t *sum, uint32_t a, uint32_t b)
{
	uint32_t either = *sum ^ a, carry = (*sum & a) | (either & b);
	*sum = either ^ b;
	return carry;
}

/* Mantissa bits of one slot that are left after alignment. */
static inline __attribute__((always_inline)) uint32_t slot_word(const int32_t *man, const int32_t *exp, int32_t a_exp, int32_t top, unsigned guard)
{
	uint32_t distance = (uint32_t)(top - (*exp + a_exp)), full = ((uint32_t)*man & 0x7fffffff) << guard;
	uint32_t half = (distance < 32 ? distance : 32) / 2; /* C has no shift by 32 */
	return full >> half >> ((distance < 32 ? distance : 32) - half);
}

/*
 * Pairs of slots go through one full adder into plane 0; its carry ripples up. planes: as many as n needs.
 */
FAST_CLONES
static void count_block(const int32_t *man, const int32_t *exp, const int32_t *a_exp, size_t n, unsigned guard, unsigned planes,
                        struct block_planes *out)
{
	int32_t top[FAST_LANES] = { 0 };
	for (size_t i = 0; i < n; i++) {
#pragma GCC unroll 1 /* or the vectoriser sees straight code where a loop was */
		for (int l = 0; l < FAST_LANES; l++) {
			int32_t e = exp[i * FAST_LANES + (size_t)l] + a_exp[i];
			top[l] = e > top[l] ? e : top[l];
		}
	}
	for (size_t i = 0; i < n; i += 2) {
		uint32_t carry[FAST_LANES];
		size_t second = i + 1 < n ? i + 1 : i;
		uint32_t keep = i + 1 < n ? UINT32_MAX : 0;
#pragma GCC unroll 1
		for (int l = 0; l < FAST_LANES; l++) {
			size_t one = i * FAST_LANES + (size_t)l, two = second * FAST_LANES + (size_t)l;
			carry[l] = full_adder(&out->plane[0][l], slot_word(man + one, exp + one, a_exp[i], top[l], guard),
			                      slot_word(man + two, exp + two, a_exp[second], top[l], guard) & keep);
		}
		for (unsigned p = 1; p < planes; p++) {
#pragma GCC unroll 1
			for (int l = 0; l < FAST_LANES; l++) {
				uint32_t sum = out->plane[p][l], next = sum & carry[l];
				out->plane[p][l] = sum ^ carry[l];
				carry[l] = next;
			}
		}
	}
}

void fast_count_floats(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t block, size_t group,
                       uint32_t *busiest, uint32_t *bits)
{
	struct block_planes c;
	size_t at = fast_place(w, block * FAST_LANES, group * w->pairs);
	memset(&c, 0, sizeof c);
	count_block(w->man + at, w->exp + at, a->exp + fast_place(a, pixel, group * a->pairs), w->pairs, w->c->guard_bits,
	            bitlet_clog2(w->c->n + 1), &c);
	for (unsigned l = 0; l < FAST_LANES; l++) {
		uint32_t left = UINT32_MAX;
		busiest[l] = bits[l] = 0;
		for (unsigned p = PLANES; p-- > 0;) {
			uint32_t here = left & c.plane[p][l];
			left = here ? here : left;
			busiest[l] |= (uint32_t)(here != 0) << p;
			bits[l] += (uint32_t)__builtin_popcount(c.plane[p][l]) << p;
		}
	}
}
