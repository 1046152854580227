/*
 * tile_box.h: which output pixels a tile takes: a box of a phase.
 */
#ifndef BITLET_TILE_BOX_H
#define BITLET_TILE_BOX_H

#include "tile_build.h"

struct box {
	uint32_t first[PLAN_AXES], size[PLAN_AXES];
};

/* Neighbouring axes without kernel, stride and padding become one: the same pixels in the same order. */
void box_join_axes(struct plan_phase *p);

/* Sizes of the boxes: rows first, at most `pixels` pixels each, in even shares. False with the fault set when a record cannot walk over even one. */
bool box_sizes(const struct build *b, const struct plan_phase *p, uint64_t pixels, uint32_t size[PLAN_AXES]);

/* Box `index`; false behind the last. */
bool box_at(const struct plan_phase *p, const uint32_t size[PLAN_AXES], uint64_t index, struct box *box);

#endif
