/*
 * tile_walk.h: affine walks over memory: loops are collected innermost first, tidied, and put into a record.
 */
#ifndef BITLET_TILE_WALK_H
#define BITLET_TILE_WALK_H

#include "program.h"

enum { WALK_LOOPS = 8, WALK_MAX_COUNT = 65536, WALK_MAX_RUN = (1 << 24) - 1 };

struct walk_loop {
	int64_t count, stride;      /* stride in bytes */
	int64_t step;               /* on the axis */
	unsigned axis;              /* 0..2, PROGRAM_AXIS_NONE: never clipped */
};

struct walk {
	int64_t run_bytes;
	struct walk_loop loop[WALK_LOOPS];
	unsigned loops;
};

void walk_start(struct walk *w, int64_t run_bytes);
/* A further loop around those before; one of count 1 is left out. */
void walk_add(struct walk *w, int64_t count, int64_t stride, int64_t step, unsigned axis);

/* Same runs in the same order with fewer, longer runs and loops, where memory is contiguous and nothing is clipped. join: runs may be made longer. */
void walk_tidy(struct walk *w, bool join);

/* Bytes of the innermost loop as one run and the steps across it, when it lies contiguous; else both 0. */
void walk_merge(const struct walk *w, int64_t *merge_bytes, int64_t *merge_span);

/* Into a record's loops; false when there are more than `loops`. The others run once. */
bool walk_store(const struct walk *w, struct program_loop *loop, unsigned loops);

#endif
