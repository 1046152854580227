/*
 * schedule_place.h: where the tensors of a schedule's core steps lie in the arena, and which results stay where they are for the next step.
 */
#ifndef BITLET_SCHEDULE_PLACE_H
#define BITLET_SCHEDULE_PLACE_H

#include "schedule.h"

/* Every tensor begins at a multiple of it: B, at least 64. */
size_t schedule_align(const struct bitlet_derived *d);

/*
 * Gives every core step its places (task.place, operand) for an image at 0 and sets memory.arena and memory.arena_without_reuse. False when memory runs
 * out.
 */
bool schedule_place(struct schedule *s, const struct bitlet_derived *d, struct fault *f);

#endif
