/*
 * lane_group.h: a group as the lanes hold it: what preprocess (paper section 4.2) makes of a beat of words.
 */
#ifndef BITLET_LANE_GROUP_H
#define BITLET_LANE_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "fp32.h"

/* One lane's bits over the slots of a group: slot i is bit i % 64 of word i / 64. */
struct lane_column {
	uint64_t word[2];
};

struct lane_group {
	bool held;
	bool ends_unit, ends_output;
	unsigned mode;
	unsigned unit;              /* counts units since reset, modulo 2^32 */
	struct lane_column column[BITLET_MAX_LANES];
	/*
	 * [slot * P + j]: what one issued bit of weight 2^0 adds to the sum: the selected operand's magnitude with the product's sign.
	 * Owned by the ring.
	 */
	int32_t *term;
	unsigned busiest;           /* lane cycles of the busiest lane */
	bitlet_int128 products;     /* dense engine: sum of all products; its columns stay empty */
	/* float */
	unsigned exponent;          /* E_max */
	struct bitlet_specials specials;
	bool inexact;
};

/* A beat: words of one group for one PE. */
struct lane_beat {
	const uint32_t *w, *a;
	unsigned mode;
	uint32_t zero;
	bool last;
};

/* Fills g (but held, unit, term's address) from a beat. */
void lane_group_load(struct lane_group *g, const struct bitlet_config *c, const struct bitlet_derived *d, const struct lane_beat *beat);

/* Lane cycles that a column takes with the configured selector. */
unsigned lane_column_cycles(const struct bitlet_config *c, struct lane_column col);

#endif
