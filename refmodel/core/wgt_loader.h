/*
 * wgt_loader.h: loads parameters and weights of tiles. Twin of wgt_loader.v.
 *
 * For each tile: first the parameters (load_params), then the weights (load_weights). Two tiles at most; a tile that loads nothing is not queued. Requests run ahead; the first
 * line of a tile's weights waits for half_full of its half to be 0. Halves alternate with every tile that loads weights, parameter sets 0..3 with every one that loads parameters.
 */
#ifndef BITLET_WGT_LOADER_H
#define BITLET_WGT_LOADER_H

#include "derive.h"
#include "group_packer.h"
#include "run_generator.h"

struct wgt_loader {
	uint32_t group_bytes[BITLET_MAX_PRECISIONS];
	struct run_generator generator;
	struct group_packer packer;
	unsigned tiles;             /* in the queue: 0..2 */
	bool params_wait, weights_wait; /* of the tile in next: not yet asked for */
	uint64_t params_base;
	struct run_descriptor next;
	struct packer_job next_job; /* of the weights */
	bool half;                  /* that the next weight line goes to */
	bool half_free;             /* and it is ours */
	uint8_t set;                /* that the next parameter line goes to */
	unsigned vector;            /* PE of the next line */
	unsigned group;
};

struct wgt_loader_in {
	bool tile_take;
	const struct program_tile *tile; /* looked at with tile_take */
	bool run_ready;
	bool beat_valid;
	struct core_beat beat;
	bool half_full[2];
};

/* Writes: always taken. A line is either a weight's or a parameter's. */
struct wgt_loader_out {
	bool tile_ready, tiles_empty;
	bool run_valid;
	struct core_run run;        /* never fill, tag 0; while run_valid */
	bool beat_ready;
	bool wgt_write, param_write;
	uint8_t pe;                 /* of the write */
	bool half;                  /* with wgt_write */
	uint16_t group;             /* with wgt_write */
	uint8_t set;                /* with param_write */
	uint16_t index;             /* line in the group, or in the 16 bytes */
	uint8_t data[CORE_MAX_BEAT];
	bool half_set[2];           /* with the tile's last weight line */
	bool param_last;            /* with the set's last line */
};

void wgt_loader_init(struct wgt_loader *l, const struct bitlet_config *c, const struct bitlet_derived *d);
void wgt_loader_reset(struct wgt_loader *l);
void wgt_loader_out(const struct wgt_loader *l, struct wgt_loader_out *out);
void wgt_loader_clock(struct wgt_loader *l, const struct wgt_loader_in *in);

#endif
