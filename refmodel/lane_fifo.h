/*
 * lane_fifo.h: the FIFOs of activation beats between the broadcast and the PEs (option array_fifo). All take the same beats, so one memory and a
 * read position for each PE is enough.
 */
#ifndef BITLET_LANE_FIFO_H
#define BITLET_LANE_FIFO_H

#include "lane.h"
#include "lane_group.h"

struct lane_fifo {
	unsigned depth, pes, n;
	uint64_t pushed, popped[BITLET_MAX_PES]; /* beats since reset */
	struct lane_fifo_entry {
		unsigned mode;
		uint32_t zero;
		bool last;
	} *entry;                   /* [depth], owned; beat b is at b % depth */
	uint32_t *words;            /* [depth][n], owned */
};

/* False when out of memory. With array_fifo 0 nothing is allocated. */
bool lane_fifo_init(struct lane_fifo *f, const struct bitlet_config *c);
void lane_fifo_free(struct lane_fifo *f);
void lane_fifo_reset(struct lane_fifo *f);

/* No FIFO is full. */
bool lane_fifo_ready(const struct lane_fifo *f);

/* PE p's oldest beat, but for the weights; false when there is none. */
bool lane_fifo_front(const struct lane_fifo *f, unsigned p, struct lane_beat *beat);

/* The clock edge: a beat enters when it is valid and ready was shown; the PEs of `taken` lose their oldest. */
void lane_fifo_edge(struct lane_fifo *f, const struct bitlet_lane_in *in, bool ready, uint64_t taken);

#endif
