/*
 * network_plan.h: the runs of a network over all its images: a schedule for the batch, one more for what is left of it, and which units of which step
 * run on the chosen backend.
 */
#ifndef BITLET_NETWORK_PLAN_H
#define BITLET_NETWORK_PLAN_H

#include "network_inputs.h"
#include "schedule.h"
#include "shard.h"

struct network_plan {
	struct schedule schedule[2]; /* of `batch` rows; of the last run's, when they are fewer */
	bool *chosen[2];            /* by step: on the chosen backend */
	struct tile_units *units[2]; /* by step; NULL with BACKEND_FAST */
	unsigned schedules;
	size_t frames, batch, runs, steps;
	struct shard_step *share;   /* [runs][steps]; NULL with BACKEND_FAST */
};

/* False with *f set; network_plan_free() in any case. */
bool network_plan_new(struct network_plan *p, const struct graph *g, const struct network_inputs *in, const struct run_network_options *o,
                      const struct schedule_options *so, struct fault *f);
void network_plan_free(struct network_plan *p);

/* Rows of a run, and the number of its schedule. */
size_t network_plan_rows(const struct network_plan *p, size_t run);
unsigned network_plan_which(const struct network_plan *p, size_t run);

/* About how long everything takes, and a step of a run, in one unit. */
uint64_t network_plan_work(const struct network_plan *p);
uint64_t network_plan_step_work(const struct network_plan *p, size_t run, size_t step);

#endif
