/*
 * traffic.h: plays a feed on the lane model, cycle by cycle, under a stall pattern, and checks the model's results against the oracle and the
 * distance of loads against the law of docs/engine.md section 9. What a simulated engine must show in each cycle is then in `in` and `out`.
 */
#ifndef BITLET_TRAFFIC_H
#define BITLET_TRAFFIC_H

#include "feed.h"
#include "stall.h"

/* A fault put in by purpose: bit `bit` of output `output` of PE `pe` (results from bit 0, flags behind out_bits). */
struct traffic_break {
	bool on;
	size_t output;
	unsigned pe, bit;
};

struct traffic {
	const struct feed *feed;
	struct bitlet_lane *model;
	struct stall stall;
	struct traffic_break broken; /* of the model's results */
	struct bitlet_lane_in in;   /* the ports in the cycle played last */
	struct bitlet_lane_out out;
	uint64_t cycle;             /* its number, from 0 after reset */
	uint8_t wgt_mode[BITLET_MAX_PES]; /* mode of the beat that each weight stream shows */
	size_t output[BITLET_MAX_PES]; /* number of the output that each PE shows next or shows now */

	size_t act_at, wgt_at[BITLET_MAX_PES]; /* next beats to be taken, after this cycle */
	size_t out_at[BITLET_MAX_PES]; /* outputs taken, after this cycle */
	uint32_t *wgt;              /* [pes][n] words shown */
	uint64_t idle;              /* cycles since something was last taken */
	uint64_t first_load, last_load; /* cycles */
	bool has_law;               /* the law holds for this run: without stalls, lock step, no run-ahead, credits do not bind */
	uint64_t law_load;          /* cycle in which the law expects the next load */
	uint64_t law_end;           /* cycle of the last float end tag, by the law */
	bool law_ended;             /* there was one */
	bool law_broken;            /* a load in this cycle, but the law expected it in law_load */
	uint64_t law_sum;           /* sum of max(1, busiest, T) over loads but the last */
};

enum traffic_state { TRAFFIC_RUNS, TRAFFIC_DONE, TRAFFIC_HANGS };

/* False when out of memory; traffic_free() takes both. law: check the distance of loads. */
bool traffic_new(struct traffic *t, const struct feed *f, enum stall_kind kind, uint64_t seed, bool law);
void traffic_free(struct traffic *t);

/* Back to the first beat and the state after reset; the stall pattern goes on. */
void traffic_rewind(struct traffic *t);

/* Plays the next cycle. TRAFFIC_DONE: this cycle took the last result; TRAFFIC_HANGS: nothing has moved for too long. */
enum traffic_state traffic_step(struct traffic *t);

/* Shortest output, in groups, at which credits do not bind. */
unsigned traffic_credit_length(const struct bitlet_config *c, const struct bitlet_derived *d);

/* Does the law hold when no output is shorter than that (and nothing stalls)? Not with run_ahead or array_fifo. */
bool traffic_law_holds(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned shortest);

/* Flips the chosen bit of a result. */
void traffic_flip(const struct traffic_break *b, unsigned out_bits, struct bitlet_result *r);

#endif
