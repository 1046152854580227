/*
 * tile_plan.h: how a layer is cut: into phases (transposed convolution), blocks of groups, chunks of the dot product, boxes of pixels. Numbers only; tile.c
 * turns them into records. The naive layer of layer_oracle.h takes plan_block and plan_split from here, since float sums depend on them.
 */
#ifndef BITLET_TILE_PLAN_H
#define BITLET_TILE_PLAN_H

#include "layer_task.h"

/* Innermost first: width, height, depth, batch. */
enum { PLAN_AXES = 4, PLAN_MAX_RUN = (1 << 24) - 1 };

/* What an axis of one phase does: input coordinate of tap t for output q is start + q * step + t * tap_step. */
struct plan_axis {
	uint32_t in;                /* extent */
	uint32_t out;               /* outputs of this phase */
	uint32_t taps;              /* 0: none reaches these outputs */
	int64_t start, step, tap_step;
	int64_t tap_first, tap_inc; /* kernel index of tap t: tap_first + t * tap_inc */
	uint32_t out_first, out_inc; /* position of output q in the tensor: out_first + q * out_inc */
	uint32_t out_extent;        /* of the tensor */
};

struct plan_phase {
	struct plan_axis axis[PLAN_AXES];
};

/* Product of the strides of a transposed convolution (cut off where it is beyond all use), else 1. */
uint64_t plan_phases(const struct layer_task *t);
/* Phase `index`; false when no output belongs to it. The shape must have been checked. */
bool plan_phase(const struct layer_task *t, uint64_t index, struct plan_phase *p);

/* Chunk sizes along width, height and depth of the kernel and along channels; the last ones may be smaller. Chunks go in that order, channels fastest. */
struct plan_split {
	uint32_t size[4];           /* width, height, depth, channels */
	uint32_t count[4];
	uint32_t chunks;            /* product of the counts */
	uint64_t groups;            /* of all chunks */
};

/*
 * Cuts dot products of taps[0..2] (width, height, depth) x channels into chunks of at most d->tile_groups groups; false when the runs would be too long for
 * a record. by_column: at most 65536 elements a chunk as well.
 */
bool plan_split(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t taps[3], uint32_t channels, bool by_column,
                struct plan_split *s);

/* Part i of a split: first[] and size[] of each extent. */
void plan_chunk(const struct plan_split *s, const uint32_t taps[3], uint32_t channels, uint32_t i, uint32_t first[4], uint32_t size[4]);

/* Groups of a grouped convolution that one tile computes together, block-diagonally: what takes the fewest cycles by the estimate below. */
uint32_t plan_block(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d);

/* Cycles that the vectors of one pixel take, roughly: array, loader, output stage, whichever is slowest. `filled`: weights of a filter that are not padding. */
uint64_t plan_pixel_cycles(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t taps[3], uint32_t channels,
                           uint64_t filled, bool contiguous, unsigned pes, const struct plan_split *s);

#endif
