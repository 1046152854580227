/*
 * tile_record.h: fills the parts of a tile's record: walks over activations, weights and outputs.
 */
#ifndef BITLET_TILE_RECORD_H
#define BITLET_TILE_RECORD_H

#include "tile_box.h"

/*
 * What the pixels of a box see of a chunk (first, size as of plan_chunk; all 0: no tap reaches these outputs). Also groups and zero point. `copy`: number of the tensor that
 * the phase describes when there are several after each other (batches of a product); else 0.
 */
void record_activations(const struct build *b, struct program_tile *r, const struct plan_phase *p, const struct box *box, const uint32_t first[4],
                        const uint32_t size[4], const struct build_filters *filters, uint32_t copy);

/* Operand B of a product as it lies; `copy` likewise, of B. */
void record_operand(const struct build *b, struct program_tile *r, const struct build_filters *filters, uint32_t copy, const uint32_t first[4],
                    const uint32_t size[4]);

/* Weights that build_weights() laid out at `offset`: one run, or one a filter when they are more than a run holds. Groups must be there. */
void record_arranged(const struct build *b, struct program_tile *r, size_t offset, uint32_t filters);

/* Outputs of the box, and the number of pixels and PEs. `copy` as above, of the output. */
void record_outputs(const struct build *b, struct program_tile *r, const struct plan_phase *p, const struct box *box, const struct build_filters *filters,
                    uint32_t copy);

#endif
