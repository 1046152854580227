/*
 * act_loader.h: loads the activations of tiles: walk -> runs (to axi_read) and pieces -> lines (to act_buffer). Twin of act_loader.v.
 *
 * Two tiles at most, from tile_take to the cycle after the tile's last line was handed over; the second tile's runs are asked for while the first one's data arrives.
 */
#ifndef BITLET_ACT_LOADER_H
#define BITLET_ACT_LOADER_H

#include "derive.h"
#include "group_packer.h"
#include "run_generator.h"

struct act_loader {
	uint32_t group_bytes[BITLET_MAX_PRECISIONS];
	struct run_generator generator;
	struct group_packer packer;
	unsigned tiles;             /* in the queue: 0..2 */
	bool next_valid;            /* next waits for the generator and for a place in the packer's queue of jobs */
	struct run_descriptor next;
	struct packer_job next_job;
};

struct act_loader_in {
	bool tile_take;
	const struct program_tile *tile; /* looked at with tile_take */
	bool run_ready;
	bool beat_valid;
	struct core_beat beat;
	bool line_ready;
};

struct act_loader_out {
	bool tile_ready, tiles_empty;
	bool run_valid;
	struct core_run run;        /* to axi_read: never fill, tag 0; while run_valid */
	bool beat_ready;
	bool line_valid;
	struct core_line line;      /* while line_valid */
};

void act_loader_init(struct act_loader *l, const struct bitlet_config *c, const struct bitlet_derived *d);
void act_loader_reset(struct act_loader *l);
void act_loader_out(const struct act_loader *l, struct act_loader_out *out);
void act_loader_clock(struct act_loader *l, const struct act_loader_in *in);

#endif
