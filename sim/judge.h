/*
 * judge.h: compares what an engine shows in a cycle with what the model shows and the oracle wants; counts and keeps the first difference.
 */
#ifndef BITLET_JUDGE_H
#define BITLET_JUDGE_H

#include "cosim.h"

struct judge {
	const struct traffic *traffic; /* played up to the cycle in question */
	struct cosim_counts *counts;
	struct mismatch *first;
	bool stop;                  /* cycles differ: from here on both would only drift apart */
};

/* A handshake or status bit of the engine: kind is MISMATCH_ACT_READY (pe 0) .. MISMATCH_BLOCKED. */
void judge_bit(struct judge *j, enum mismatch_kind kind, unsigned pe, bool rtl);

/* A result that PE pe shows (out_valid). Counted when it is taken. */
void judge_result(struct judge *j, unsigned pe, struct bitlet_result rtl);

/* The distance of loads, and whether anything still moves. */
void judge_pace(struct judge *j, enum traffic_state state);

/* At the end of the run: adds what the traffic did to the counts. */
void judge_finish(struct judge *j);

#endif
