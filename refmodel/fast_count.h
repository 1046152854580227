/*
 * fast_count.h: lane cycles of single groups by popcount of bit columns, without stepping.
 */
#ifndef BITLET_FAST_COUNT_H
#define BITLET_FAST_COUNT_H

#include "fast_internal.h"

/* What a group costs a PE. */
struct fast_cost {
	uint16_t busiest;           /* lane cycles of the busiest lane */
	uint32_t bits;              /* essential bits */
	uint16_t lane[BITLET_MAX_LANES]; /* lane cycles, where asked for */
};

/*
 * One group of one output. cost->lane is filled only when the lanes may be groups apart (fast_count_lanes()), as then the busiest lane alone does not
 * tell when a group is finished.
 */
void fast_count_group(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                      struct fast_cost *cost);

static inline bool fast_count_lanes(const struct bitlet_operand *w)
{
	return !w->m->precision.is_float && w->d->slots > 1;
}

/* Can fast_count_floats() do it? */
static inline bool fast_count_blocks(const struct bitlet_operand *w)
{
	return w->m->precision.is_float && w->c->selector == BITLET_SELECTOR_FULL;
}

/* One group of FAST_LANES outputs from FAST_LANES * block on: busiest[] and bits[] of each. */
void fast_count_floats(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t block, size_t group,
                       uint32_t *busiest, uint32_t *bits);

#endif
