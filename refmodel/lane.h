/*
 * lane.h: the lane-and-cycle model of bitlet_array (bitlet_pe with PES = 1): what docs/engine.md sections 8 and 9 say, one call a clock cycle
 * (paper section 4: RR-regs, wire orchestrator, adder tree).
 *
 *     struct bitlet_lane *m = bitlet_lane_new(&config, &derived);
 *     for each cycle:
 *             fill in; bitlet_lane_step(m, &in, &out);
 *             out now holds what the ports show in that cycle; the clock edge has passed.
 *
 * Values are built from what the lanes issued, bit by bit; nothing here calls naive or fast.
 */
#ifndef BITLET_LANE_H
#define BITLET_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "derive.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The input ports in one cycle. Valid, once up, must stay up with the same words until taken. Words and zero need not be there (may be
 * NULL) while their valid is 0.
 */
struct bitlet_lane_in {
	bool act_valid;
	bool act_last;              /* this group ends its output */
	unsigned act_mode;          /* index into the configured precisions */
	uint32_t act_zero;          /* zero point field */
	const uint32_t *act;        /* [n] activation words, slot i at i; bits above the word are ignored */
	uint64_t wgt_valid;         /* bit p: weight stream of PE p */
	const uint32_t *wgt;        /* [pes][n] weight words */
	uint64_t out_ready;         /* bit p */
};

/* The output ports in the same cycle. */
struct bitlet_lane_out {
	bool act_ready;
	uint64_t wgt_ready;         /* bit p: PE p takes its weight beat (the group is loaded at the coming edge) */
	uint64_t out_valid;         /* bit p */
	struct bitlet_result result[BITLET_MAX_PES]; /* [p], meaningful where out_valid */
	uint64_t busy;              /* bit p: PE p holds a group */
	uint64_t blocked;           /* bit p: its head group is finished and ends an output, but no credit is left */
};

/* What a PE did with a cycle; exactly one each. Order is priority: the first that fits. */
enum bitlet_cause {
	BITLET_CAUSE_BUSY,          /* a lane issued or went to its next window, or a group retired (an empty group takes one cycle) */
	BITLET_CAUSE_CREDIT,        /* the head group is finished, but no credit is left */
	BITLET_CAUSE_POST,          /* finished, but the accumulator's loop is not ready (post_wait) */
	BITLET_CAUSE_PEERS,         /* finished or could load, but other PEs hold it up (lock step) */
	BITLET_CAUSE_INPUT,         /* nothing to do: act_valid or wgt_valid is 0 */
	BITLET_CAUSE_PREPROCESS,    /* nothing to do: both valid, step still below T - 1, or the load is in this cycle */
	BITLET_CAUSES,
};

/* Counts of one PE since reset. */
struct bitlet_lane_counts {
	uint64_t cycles;
	uint64_t cause[BITLET_CAUSES]; /* cycles by cause; they add up to `cycles` */
	uint64_t groups, outputs;   /* retired groups, end tags of outputs */
	uint64_t essential_bits;    /* bits issued by all lanes */
	uint64_t busiest;           /* sum over loaded groups of lane cycles of the busiest lane */
};

/* What a lane did in the last cycle: slot -1 when it issued nothing. */
struct bitlet_issue {
	int8_t slot;                /* place in the ring, 0 .. run_ahead */
	uint8_t index;              /* slot of the group, 0 .. n-1 */
};

/* Diagnosis of one PE's last cycle. */
struct bitlet_lane_view {
	struct bitlet_issue issue[BITLET_MAX_LANES]; /* [lane] */
	enum bitlet_cause cause;
	bool loaded, retired;       /* at the edge that ended the cycle */
	unsigned busiest;           /* lane cycles of the busiest lane of the group loaded last */
	uint64_t load_index;        /* number of groups loaded since reset */
	uint64_t retire_index;      /* number of groups retired since reset */
};

struct bitlet_lane;

/* c and d must outlive the model. NULL when out of memory. */
struct bitlet_lane *bitlet_lane_new(const struct bitlet_config *c, const struct bitlet_derived *d);
void bitlet_lane_free(struct bitlet_lane *m);

/* The state behind a cycle with rst = 1; counts too go to 0. A new model is in this state. */
void bitlet_lane_reset(struct bitlet_lane *m);

/* One clock cycle: *out is what the ports show during it, then the edge. */
void bitlet_lane_step(struct bitlet_lane *m, const struct bitlet_lane_in *in, struct bitlet_lane_out *out);

/* Valid until the next step. pe < c->pes. */
const struct bitlet_lane_view *bitlet_lane_look(const struct bitlet_lane *m, unsigned pe);
const struct bitlet_lane_counts *bitlet_lane_count(const struct bitlet_lane *m, unsigned pe);

#ifdef __cplusplus
}
#endif

#endif
