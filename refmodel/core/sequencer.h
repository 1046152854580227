/*
 * sequencer.h: twin of sequencer.v: dispatches records to the units, ends a run, good or bad (docs/core.md section 4).
 */
#ifndef BITLET_SEQUENCER_H
#define BITLET_SEQUENCER_H

#include "core_types.h"
#include "program.h"

enum sequencer_state { SEQUENCER_IDLE, SEQUENCER_RUN, SEQUENCER_STOP, SEQUENCER_END };

struct sequencer {
	enum sequencer_state state;
	bool take;
	bool quiet;                 /* soft reset: no pulse at the end */
	struct core_error error;    /* NONE: good */
	uint32_t position;
};

/* A sticky bus error of axi_read or axi_write. */
struct sequencer_fail {
	bool fail;
	uint8_t code;               /* response: 2 SLVERR, 3 DECERR */
	uint8_t tag;                /* weight channel: 1 program */
	uint64_t address;
};

struct sequencer_in {
	bool start, abort, soft_reset; /* pulses */
	bool record_valid, finished; /* from fetch */
	const struct program_tile *record;
	enum core_fault fetch_fault;
	uint64_t fetch_address;
	bool tile_ready, tiles_empty; /* of all units */
	bool act_idle, wgt_idle, out_idle; /* the masters */
	struct sequencer_fail act, wgt, out;
	bool act_parity, wgt_parity, out_parity;
};

struct sequencer_out {
	bool idle;
	bool stop, clear;
	bool tile_take;             /* pulse; the record is on the tile bus */
	bool done, failed;          /* pulses, with clear */
	struct core_error error;
	uint32_t position;
};

void sequencer_reset(struct sequencer *s);
void sequencer_out(const struct sequencer *s, struct sequencer_out *out);
void sequencer_clock(struct sequencer *s, const struct sequencer_in *in);

#endif
