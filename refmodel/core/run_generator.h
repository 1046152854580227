/*
 * run_generator.h: the affine walk of a descriptor (docs/core.md section 5), a run a cycle. Twin of run_generator.v.
 *
 * A descriptor is taken while start_ready; its first run shows in the next cycle, start_ready again in the cycle after the last run went.
 * Addresses wrap at ADDRESS_BITS, coordinates are signed 18-bit numbers and wrap.
 */
#ifndef BITLET_RUN_GENERATOR_H
#define BITLET_RUN_GENERATOR_H

#include "core_types.h"
#include "program.h"

enum {
	RUN_MAX_LOOPS = 7,
	RUN_AXES = 3,
	RUN_COORDINATE_BITS = 18,
};

/* The fields of a record that make a walk; loops and axes as in struct program_tile. */
struct run_descriptor {
	uint64_t base;
	uint32_t run_bytes;         /* 24 bits, not 0 */
	uint32_t merge_bytes;       /* 24 bits; 0: never merge */
	int32_t merge_span;
	int32_t start[RUN_AXES];
	uint32_t limit[RUN_AXES];
	struct program_loop loop[RUN_MAX_LOOPS]; /* loop 0 is innermost */
};

struct run_generator {
	unsigned loops;             /* LOOPS, 2..7 */
	bool clip;                  /* CLIP: axes and merging are looked at */
	uint64_t address_mask;      /* of ADDRESS_BITS */

	bool active;                /* below: valid while active */
	bool first;                 /* loop 0 is at index 0 */
	struct run_descriptor walk;
	uint16_t rest[RUN_MAX_LOOPS];   /* indices that follow */
	uint64_t row[RUN_MAX_LOOPS];    /* address with all loops below d at index 0; row[0]: of this run */
	int32_t coordinate[RUN_AXES][RUN_MAX_LOOPS];
};

struct run_generator_in {
	bool start_valid;
	const struct run_descriptor *start; /* looked at with start_valid */
	bool run_ready;
};

struct run_generator_out {
	bool start_ready;
	bool run_valid;
	struct core_run run;        /* 0 while run_valid is 0; address 0 when fill; tag 0 */
};

void run_generator_init(struct run_generator *g, unsigned loops, bool clip, unsigned address_bits);
void run_generator_reset(struct run_generator *g);
void run_generator_out(const struct run_generator *g, struct run_generator_out *out);
void run_generator_clock(struct run_generator *g, const struct run_generator_in *in);

/* The walks of a tile. */
void run_descriptor_act(struct run_descriptor *r, const struct program_tile *t);
void run_descriptor_wgt(struct run_descriptor *r, const struct program_tile *t);
void run_descriptor_out(struct run_descriptor *r, const struct program_tile *t);

#endif
