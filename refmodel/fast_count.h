/*
 * fast_count.h: lane cycles of single groups by popcount of bit columns, without stepping.
 */
#ifndef BITLET_FAST_COUNT_H
#define BITLET_FAST_COUNT_H

#include "fast_internal.h"

/* cycles[l]: lane cycles of lane l in one group, all BITLET_MAX_LANES written; returns the group's essential bits. */
unsigned fast_count_lanes(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                          uint16_t *cycles);

#endif
