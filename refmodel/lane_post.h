/*
 * lane_post.h: what follows the lanes of one PE: accumulator, packager, saturation and result FIFO with its credits.
 */
#ifndef BITLET_LANE_POST_H
#define BITLET_LANE_POST_H

#include "lane_group.h"

enum { LANE_MAX_RESULTS = 16 };

struct lane_post {
	unsigned credit;
	unsigned wait;              /* post_wait of docs/engine.md section 9 */
	/* the output that is being accumulated */
	bool begun;
	uint32_t fp32;
	bitlet_int128 wide;
	unsigned exponent;
	struct bitlet_specials specials;
	uint8_t flags;
	/* results on their way: a queue; `visible` is the cycle in which out_valid can show it */
	struct lane_pending {
		struct bitlet_result result;
		uint64_t visible;
	} queue[LANE_MAX_RESULTS];
	unsigned first, count;
};

void lane_post_reset(struct lane_post *p, const struct bitlet_config *c);

/* May this group, which is finished, emit its end tag? True for a group that emits none. */
bool lane_post_ready(const struct lane_post *p, const struct lane_group *g);

/* The end tag of g's unit with sum S in cycle `now`. */
void lane_post_end(struct lane_post *p, const struct bitlet_config *c, const struct bitlet_derived *d, const struct lane_group *g,
                   bitlet_int128 sum, uint64_t now);

/* NULL when out_valid is 0 in cycle `now`. */
const struct bitlet_result *lane_post_front(const struct lane_post *p, uint64_t now);

/* The clock edge, after lane_post_end() of the same cycle: popped = out_valid and out_ready. */
void lane_post_edge(struct lane_post *p, bool popped);

#endif
