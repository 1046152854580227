/*
 * cosim.h: runs one feed through a simulated engine and the lane model together, and compares every output port in every cycle.
 */
#ifndef BITLET_COSIM_H
#define BITLET_COSIM_H

#include "dut.h"
#include "traffic.h"

enum mismatch_kind {
	MISMATCH_NONE,
	/* RTL and model, in a cycle: the run ends */
	MISMATCH_ACT_READY, MISMATCH_WGT_READY, MISMATCH_OUT_VALID, MISMATCH_BUSY, MISMATCH_BLOCKED,
	MISMATCH_VALUE, MISMATCH_FLAGS, /* RTL and model, of an output */
	MISMATCH_ORACLE_VALUE, MISMATCH_ORACLE_FLAGS, /* model and oracle */
	MISMATCH_INTERVAL,          /* a group was loaded in another cycle than the law says */
	MISMATCH_HANG,              /* nothing moves any more */
};

/* "value", "out_valid", ... */
const char *mismatch_name(enum mismatch_kind kind);

/* The first difference of a run. */
struct mismatch {
	enum mismatch_kind kind;
	uint64_t cycle;             /* after reset */
	unsigned pe;
	size_t output;              /* which output of that PE */
	size_t first_group, group;  /* groups of the output; for handshakes: the group at the port (both the same) */
	uint64_t rtl, model, oracle; /* what each has; cycles for an interval */
	unsigned width;             /* bits of these values */
};

struct cosim_counts {
	uint64_t beats, cycles;     /* cycles from the first load to the last result */
	uint64_t load_cycles;       /* cycles from the first load to the last one */
	uint64_t law_sum, law_checked; /* loads whose distance was checked, 0 when the law does not hold */
	uint64_t essential_bits, pairs, lane_ones;
	uint64_t values, flags, timing; /* mismatches */
	double seconds;             /* of simulation */
};

struct cosim {
	const struct dut_api *api;
	const struct feed *feed;
	enum stall_kind stall;
	uint64_t stall_seed;
	bool law;                   /* check the distance of loads */
	struct traffic_break break_rtl, break_model;
	const char *const *netlist; /* Icarus: files in place of the RTL, NULL behind the last; or NULL */
	const char *dump;           /* Icarus: file for a VCD, or NULL */
	void (*progress)(void *context, size_t beats_done); /* may be NULL; called every few thousand cycles */
	void *context;
};

/*
 * Plays the whole feed after a reset in the midst of traffic. Adds to *counts; fills *first when something differs and first->kind is
 * MISMATCH_NONE. False when out of memory.
 */
bool cosim_run(const struct cosim *s, struct cosim_counts *counts, struct mismatch *first);

/* Why: the first lane and cycle in which RTL and model issue different bits. */
struct lane_difference {
	bool found;                 /* false: lanes agree up to the mismatch; the difference arises behind them */
	uint64_t cycle;
	unsigned pe, lane;
	size_t group;               /* the group that the model issues from, or the RTL when the model issues nothing */
	int rtl, model;             /* slot index of the group, -1: nothing issued, -2: more than one bit */
};

/* Runs the same again up to the mismatch, watching every lane. False when out of memory, or when the RTL's lanes cannot be seen. */
bool cosim_explain(const struct cosim *s, const struct mismatch *m, struct lane_difference *lane);

#endif
