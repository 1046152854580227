/*
 * feed.h: what goes into the engine in one run, and what must come out: a list of beats (one a group, for all PEs) with the oracle's
 * result of every output. Equal arguments give equal feeds, and a feed of fewer groups is the beginning of one of more.
 */
#ifndef BITLET_FEED_H
#define BITLET_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bitlet.h"
#include "program_groups.h"

/* One group of all PEs. */
struct feed_beat {
	uint8_t mode;
	bool last;                  /* ends its output */
	uint32_t zero;              /* zero point field */
	uint32_t busiest;           /* ones of the busiest lane of all PEs */
	uint32_t output;            /* index of the output it belongs to */
};

struct feed {
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	size_t beats, outputs;
	struct feed_beat *beat;     /* [beats] */
	uint32_t *act;              /* [beats][n] words */
	uint32_t *wgt;              /* [beats][pes][n] words */
	struct bitlet_result *want; /* [outputs][pes], from naive.h */
	uint64_t essential_bits;    /* of all PEs */
	uint64_t pairs;             /* multiplications: pairs of all groups of all PEs */
	uint64_t lane_ones;         /* most ones that any lane of any PE has over the whole feed */
};

enum { FEED_MIXED = -1 };           /* mode: chosen anew for every output */
enum { FEED_ANY = -1 };             /* kind: chosen anew for every output */

struct feed_plan {
	int mode;                   /* index of the precision, or FEED_MIXED */
	int kind;                   /* enum bitlet_stimulus, or FEED_ANY */
	size_t beats;               /* >= 1 */
	uint64_t seed;
	unsigned least;             /* shortest output in groups, 1 .. max_groups; only the last output may be shorter */
};

/* Random vectors. NULL when out of memory. */
struct feed *feed_random(const struct bitlet_config *c, const struct bitlet_derived *d, const struct feed_plan *plan);

/* Can every operand pattern of that mode be listed? Fixed: w_bits + a_bits <= 16; float: 16 bits. */
bool feed_can_exhaust(const struct bitlet_derived *d, unsigned mode);

/*
 * Fixed: all pairs of operands, in every slot and field in turn, zeros elsewhere. Float: every word times 1.0 as weight, then as activation, in
 * slots in turn. Outputs of one group each. At most `beats` groups from group `first` on; *left says whether there are more.
 */
struct feed *feed_exhaustive(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, size_t first, size_t beats,
                             bool *left);

/*
 * About `beats` groups of a layer's program, at least one output, all groups when the layer has no more: stretches of outputs in the array's order, as many
 * as a stretch has outputs, one in each of as many equal parts of the layer, where it begins drawn by `seed`. PEs that a record leaves idle get zeros.
 * Pairs are those of whole groups. NULL with *f set.
 */
struct feed *feed_program(const struct program_groups *p, size_t beats, uint64_t seed, struct fault *f);

/* Groups of its shortest output. */
unsigned feed_shortest(const struct feed *f);

void feed_free(struct feed *f);

/* For makers of feeds: room for `beats` beats, all zero. NULL when out of memory. */
struct feed *feed_new(const struct bitlet_config *c, const struct bitlet_derived *d, size_t beats);

/*
 * Fills in all that follows from words, mode, zero and last: output numbers, the oracle's results and the counts. Makes the last beat end its
 * output. False when out of memory.
 */
bool feed_finish(struct feed *f);

/* Words of a beat. */
uint32_t *feed_act(const struct feed *f, size_t beat);
uint32_t *feed_wgt(const struct feed *f, size_t beat, unsigned pe);

/* Seed for a named part of a campaign. */
uint64_t feed_seed(uint64_t seed, const char *part, uint64_t number);

#endif
