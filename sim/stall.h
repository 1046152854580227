/*
 * stall.h: seeded patterns of back-pressure and of late inputs. Each stream asks once a cycle whether it may go.
 *
 * A pattern wanders between moods that last some tens of cycles: free running, mostly free, one in two, mostly stalled, and bursts.
 */
#ifndef BITLET_STALL_H
#define BITLET_STALL_H

#include <stdbool.h>
#include <stdint.h>

#include "bitlet.h"

enum stall_kind { STALL_NONE, STALL_IN, STALL_OUT, STALL_BOTH, STALL_KINDS };

/* "none", "in", "out", "both". */
const char *stall_name(enum stall_kind kind);

enum { STALL_STREAMS = 1 + 2 * BITLET_MAX_PES }; /* act, wgt of each PE, out of each PE */

struct stall {
	enum stall_kind kind;
	struct bitlet_rng rng;
	unsigned mood, left;        /* the present mood and how many cycles it lasts */
	struct {
		bool go;
		unsigned left;      /* cycles until a burst turns */
	} burst[STALL_STREAMS];
};

void stall_start(struct stall *s, enum stall_kind kind, uint64_t seed);

/* Once a cycle, before the streams are asked. */
void stall_cycle(struct stall *s);

/* May the activations' (weights', results') valid (ready) rise in this cycle? In this order in every cycle, each stream once. */
bool stall_act(struct stall *s);
bool stall_wgt(struct stall *s, unsigned pe);
bool stall_out(struct stall *s, unsigned pe);

#endif
