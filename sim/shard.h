/*
 * shard.h: which units (tile_units.h) of a run's core steps are verified, and which of them by this process. Equal arguments, equal answer, on every machine:
 * so n processes that do not talk to each other share a network's RTL check, and every unit is run by exactly one of them.
 *
 *     steps    conv1            conv2        dense          units in order, each as long as its estimated cycles
 *     units    [0][1][2][3]     [0][1][2]    [0][1]
 *     shards   1---------| 2---------| 3------------|       n parts of about equal cycles; a unit goes where its middle lies
 *
 * A step is one program of one run: with several images or batches, one step for each of them and layer.
 */
#ifndef BITLET_SHARD_H
#define BITLET_SHARD_H

#include "tile_units.h"

enum { SHARD_MAX = 1000000 };

struct shard_step {
	const struct tile_units *units; /* not owned */
	uint32_t *chosen;           /* units that the run verifies, all shards together; ascending; owned */
	uint32_t count;             /* of chosen */
	uint32_t own, owned;        /* this shard's: chosen[own] .. chosen[own + owned - 1] */
};

/*
 * Chooses a share (0 < share <= 1) of the units, at least one, spread over all: one at random of each of equal stretches, drawn by seed and number
 * (of the step). All of them are this process's until shard_of(). share 0: none. False, *f set when memory runs out.
 */
bool shard_choose(struct shard_step *s, const struct tile_units *u, double share, uint64_t seed, uint64_t number, struct fault *f);
void shard_free(struct shard_step *s);

/* Leaves each step with the chosen units of shard k of n, 1 <= k <= n <= SHARD_MAX. */
void shard_of(struct shard_step *step, size_t steps, unsigned k, unsigned n);

/* This shard's units for backend_run(); NULL (and the count of all) when they are the whole program. */
const uint32_t *shard_units(const struct shard_step *s, size_t *count);

/* Estimated cycles of this shard's units. */
uint64_t shard_estimate(const struct shard_step *s);

#endif
