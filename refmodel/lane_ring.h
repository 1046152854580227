/*
 * lane_ring.h: the ring of groups of one PE and its lanes (docs/engine.md section 8; the RR-regs of the paper's section 4.1).
 */
#ifndef BITLET_LANE_RING_H
#define BITLET_LANE_RING_H

#include "lane.h"
#include "lane_group.h"

struct lane_ring {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	struct lane_group slot[BITLET_MAX_SLOTS];
	int32_t *terms;             /* memory of all slots' terms, owned */
	unsigned head, tail, held;
	unsigned window[BITLET_MAX_LANES]; /* selector window: w of each lane */
	bitlet_int128 sum[2];       /* of the unit with that parity */
	unsigned unit;              /* of the group loaded last */
	unsigned mode;              /* of the group loaded last */
	bool inside;                /* the group loaded last did not end its unit */
};

/* False when out of memory. */
bool lane_ring_init(struct lane_ring *r, const struct bitlet_config *c, const struct bitlet_derived *d);
void lane_ring_free(struct lane_ring *r);
void lane_ring_reset(struct lane_ring *r);

/*
 * Every lane issues: bits leave the columns and join their unit's sum. issue[lane] tells what went. Returns the number of bits; *busy:
 * a lane issued or walked on to its next window.
 */
unsigned lane_ring_issue(struct lane_ring *r, struct bitlet_issue *issue, bool *busy);

/* The head group when it is held and has no bit left, else NULL. */
const struct lane_group *lane_ring_finished(const struct lane_ring *r);

/* S of the unit of group g. */
bitlet_int128 lane_ring_sum(const struct lane_ring *r, const struct lane_group *g);
void lane_ring_retire(struct lane_ring *r);

/* May a group of that mode load at the coming edge? To be asked after this cycle's retirement. */
bool lane_ring_can_load(const struct lane_ring *r, unsigned mode);

/* Loads a beat into the tail; returns the lane cycles of its busiest lane. */
unsigned lane_ring_load(struct lane_ring *r, const struct lane_beat *beat);

#endif
