/*
 * quant_cost.h: what layers cost in each of several precisions.
 */
#ifndef BITLET_QUANT_COST_H
#define BITLET_QUANT_COST_H

#include "derive.h"
#include "quant_plan.h"

/*
 * cost[layers][precisions] for one image. With a configuration: cycles, the compiler's estimate (tile.h); precisions must be among its own. c = d = NULL:
 * multiplications of 8 by 8 bits, macs * w_bits * a_bits / 64 (floats: mantissas with the hidden bit). macs: [layers], multiply-adds an image.
 */
bool quant_cost(const struct quant_plan *p, const struct bitlet_config *c, const struct bitlet_derived *d, const struct bitlet_precision *precision, size_t precisions,
                double *cost, uint64_t *macs, struct fault *f);

#endif
