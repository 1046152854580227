/*
 * tile_build.h: what a program is made of while it is being made: records, weights and parameters that grow. Addresses in the records count from the
 * start of their region until build_place().
 */
#ifndef BITLET_TILE_BUILD_H
#define BITLET_TILE_BUILD_H

#include "tile.h"
#include "tile_plan.h"

enum { BUILD_MAX_TILES = 1 << 20 };

struct build_bytes {
	uint8_t *data;
	size_t size, room;
};

struct build {
	const struct layer_task *t;
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	const struct bitlet_mode *m;
	struct fault *f;
	struct program_tile *tile;
	size_t tiles, room;
	struct build_bytes weights, params;
	bool dynamic;               /* weights are operand B, as it lies in memory */
	uint64_t groups, estimate;
};

/* Filters of one tile: those of `groups` groups from `group` on, or some of one group's. */
struct build_filters {
	uint32_t group, groups;
	uint32_t first, count;      /* output channels */
	uint32_t channel, channels; /* input channels that the tile reads: all channels of its groups */
};

void build_free(struct build *b);

/* A new record, cleared but for opcode, layer, numbers and what all tiles of the layer share; NULL with the fault set. */
struct program_tile *build_tile(struct build *b);

/*
 * Appends the weights of one chunk (first, size as of plan_chunk; channels counted from filters->channel) of every filter: whole groups each, zeros where a
 * filter's group has no weight. *offset is where they begin, a multiple of B. A phase without taps: one group of zeros each.
 */
bool build_weights(struct build *b, const struct plan_phase *p, const struct build_filters *filters, const uint32_t first[4], const uint32_t size[4],
                   size_t *offset);

/* Appends the output parameters of the filters, with the zero point folded into the bias when the engine has none. */
bool build_params(struct build *b, const struct plan_phase *p, const struct build_filters *filters, size_t *offset);

/* Makes image and program out of all that. */
bool build_place(struct build *b, struct compiled *out);

#endif
