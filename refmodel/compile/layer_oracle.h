/*
 * layer_oracle.h: a layer straight from its definition: one output after the other, taps and channels in plain loops, without records, addresses and tiles. Slow.
 *
 * Fixed: exact sums of w * (a - zero point), chunk by chunk saturated as the hardware's. Float: naive.h on the groups of each chunk. Where sums are cut (chunks, and
 * the groups of a grouped convolution that share a vector) is taken from tile_plan.h, nothing else.
 */
#ifndef BITLET_LAYER_ORACLE_H
#define BITLET_LAYER_ORACLE_H

#include "layer_task.h"

/*
 * All outputs as they lie in memory: layer_out_bytes() bytes. flags: or-ed flags of all results and of the output stage. Outputs first, first + every, ... only
 * (element numbers; first < every, 0 and 1 for all); the others' bytes stay. False when memory runs out.
 */
bool layer_oracle(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, size_t first, size_t every, uint8_t *out,
                  uint8_t *flags, struct fault *f);

#endif
