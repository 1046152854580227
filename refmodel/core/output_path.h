/*
 * output_path.h: from the engine's results to beats for axi_write: collector, partial sums, output stage, packer (docs/core.md sections 6 and 7).
 * Twin of output_path.v, equal to it at every port in every cycle.
 */
#ifndef BITLET_OUTPUT_PATH_H
#define BITLET_OUTPUT_PATH_H

#include "core_types.h"
#include "derive.h"
#include "output_math.h"
#include "program.h"
#include "result.h"
#include "result_packer.h"
#include "run_generator.h"
#include "stream_fifo.h"

enum {
	OUTPUT_MAX_LANES = 16,
	OUTPUT_TILES = 3,           /* from tile_take until the last beat went to the packer's FIFO, or the last partial sum to its memory */
	OUTPUT_SETS = 4,            /* of parameters */
	OUTPUT_MAX_STAGES = 24,     /* ring of cycles that a step is on its way */
	OUTPUT_WALKS = 2,           /* descriptors that wait for the generator */
	OUTPUT_RUNS = 2,
	OUTPUT_COLLECTED = 2,       /* steps */
};

/* A tile that is not finished. */
struct output_tile {
	bool busy;
	bool waiting;               /* the collector has not begun it */
	bool psum_in, psum_out;
	uint8_t set;
	unsigned pes;               /* active */
	uint32_t pixels;
	struct output_stage stage;
};

/* Results of up to L neighbouring PEs. */
struct output_step {
	bool valid;
	bool first, last;           /* in the tile */
	bool pixel_last;
	bool psum_in, psum_out;     /* of the tile */
	uint8_t tile;               /* slot */
	unsigned number;            /* of the step in its pixel */
	unsigned lanes;             /* active ones: lanes 0 .. lanes - 1 */
	uint64_t result[OUTPUT_MAX_LANES]; /* of the engine, then with the partial sum */
	uint32_t word[OUTPUT_MAX_LANES];   /* for memory */
	uint32_t address;           /* of the partial sums, in steps */
	uint8_t psum_flags, bias_flags, end_flags;
};

/* A pixel, for axi_write. */
struct output_run {
	uint64_t address;           /* multiple of B */
	uint16_t beats;
};

struct output_path {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	unsigned lanes, steps;      /* L; steps of all PEs */
	unsigned psum_stage, bias_stage, end_stage; /* cycles from a step's issue: partial sum, biased, finished */

	struct output_tile tile[OUTPUT_TILES];
	unsigned take_tile, begin_tile; /* slots of the next tile_take and of the next that the collector begins */
	uint8_t set;                /* of the last tile that loads */
	bool set_full[OUTPUT_SETS];
	struct run_descriptor walk[OUTPUT_WALKS];
	struct stream_fifo walks;
	struct run_generator generator;
	struct output_run run[OUTPUT_RUNS];
	struct stream_fifo runs;

	bool collecting;            /* below: the tile that is collected */
	unsigned slot, step;
	uint32_t pixels;            /* not collected */
	bool first;
	uint16_t have;              /* lanes that the step has */
	uint64_t dropped;           /* idle PEs whose result of this pixel has gone */
	struct output_step collected[OUTPUT_COLLECTED];
	struct stream_fifo collected_steps;
	uint8_t engine_flags;
	unsigned taken;             /* results in the cycle before */

	uint64_t cycle;
	struct output_step ring[OUTPUT_MAX_STAGES]; /* what was issued in cycle t is at t % OUTPUT_MAX_STAGES */
	uint32_t address, address_pixel; /* next step's partial sums, and those of its pixel's step 0 */
	uint8_t stage_flags;
	unsigned credits;
	uint64_t *psum;             /* [psum_buffer * steps][L], owned */
	uint16_t *psum_wrong;       /* [psum_buffer * steps], owned: bit l: parity is wrong */
	uint16_t psum_bad;          /* lane: q shows such a word */
	bool parity_bad;
	struct output_params *params; /* [OUTPUT_SETS][pes], owned */

	struct result_packer packer;
};

struct output_path_in {
	bool tile_take;
	const struct program_tile *tile; /* looked at with tile_take */
	bool out_valid[BITLET_MAX_PES];
	const struct bitlet_result *out_result; /* [pes]; looked at with out_valid */
	bool param_write, param_last;
	uint8_t param_set, param_pe;
	uint16_t param_index;
	const uint8_t *param_data;  /* B bytes; looked at with param_write */
	bool wrun_ready, wbeat_ready;
	bool parity_test;
};

struct output_path_out {
	bool tile_ready, tiles_empty;
	bool out_ready[BITLET_MAX_PES];
	bool wrun_valid;
	uint64_t wrun_address;      /* multiple of B; 0 while wrun_valid is 0 */
	uint16_t wrun_beats;        /* 0 while wrun_valid is 0 */
	bool wbeat_valid;
	struct packed_beat wbeat;   /* 0 while wbeat_valid is 0 */
	uint8_t flags_set;          /* BITLET_INVALID and so on */
	uint8_t result_take_count;
	bool parity_bad;
};

/* False when out of memory. c and d must outlive it. */
bool output_path_init(struct output_path *p, const struct bitlet_config *c, const struct bitlet_derived *d);
void output_path_free(struct output_path *p);
/* Memories keep their words. */
void output_path_reset(struct output_path *p);
void output_path_out(const struct output_path *p, struct output_path_out *out);
void output_path_clock(struct output_path *p, const struct output_path_in *in);

#endif
