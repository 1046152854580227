/*
 * network_run.h: one run of a network's schedule: steps on the chosen backend, counted, compared, saved.
 */
#ifndef BITLET_NETWORK_RUN_H
#define BITLET_NETWORK_RUN_H

#include <cjson/cJSON.h>

#include "network_figures.h"
#include "network_plan.h"
#include "network_reference.h"
#include "progress.h"
#include "tensor_dump.h"

struct network_run {
	const struct run_network_options *options;
	struct network_plan *plan;
	struct backend *fast, *chosen; /* chosen: NULL with BACKEND_FAST */
	struct network_figures *figures; /* rows are added to */
	struct network_reference *reference; /* NULL: nothing to compare real numbers with */
	struct tensor_dump *dump;   /* NULL: nothing is saved */
	cJSON *verification;        /* shard_report.h; NULL: none */
	struct progress *progress;
	size_t number;              /* of the run */
	double mark;                /* when the step at hand began */
};

/* Rows of the figures from the first schedule: names, precisions, zeros of the weights. */
bool network_run_rows(const struct network_plan *p, struct network_figures *n, struct fault *f);

/* Runs r->number. *e as of schedule_run(). */
bool network_run_once(struct network_run *r, const struct tensor *const *input, struct execution *e, struct fault *f);

#endif
