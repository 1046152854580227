/*
 * layer_campaign.h: `bitlet check --layers`: random layers through the whole core, RTL and model in lockstep, results against the interpreter.
 */
#ifndef BITLET_LAYER_CAMPAIGN_H
#define BITLET_LAYER_CAMPAIGN_H

#include "campaign.h"
#include "icarus_top.h"
#include "layer_case.h"

/* Layers of one op, or experiments of one kind of fault. */
struct layer_row {
	const char *name;
	uint64_t layers, macs, run_cycles, groups, beats;
	uint64_t counter[BITLET_COUNTERS];
};

enum { LAYER_ROWS = 16 };

struct layer_campaign {
	const struct options *options;
	const struct top_api *rtl;
	struct icarus_top *icarus;  /* plays the model's runs to RTL or netlist; NULL: machine runs both in lockstep */
	struct machine machine;
	struct layer_row row[LAYER_ROWS];
	unsigned rows;
	uint64_t layer;             /* number of the present one */
	uint64_t of_mode[BITLET_MAX_PRECISIONS]; /* layers of each precision that were right */
	uint64_t done;              /* layers (and experiments with --faults) that were right */
	struct layer_case present;
	bool has_present;
	char where[LAYER_CASE_TEXT]; /* experiment, for the report of a failure */
	char problem[LAYER_CASE_TEXT]; /* what is wrong; "" while all is well or when the machine knows it */
	bool alone;                 /* the failure comes back when its layer runs alone */
	double started;
};

/* Runs and prints everything. CAMPAIGN_FAILED after a message. */
enum campaign_verdict layer_campaign_run(struct layer_campaign *c);
void layer_campaign_free(struct layer_campaign *c);

/* For the makers of runs: the row of that name, added when it is new. */
struct layer_row *layer_campaign_row(struct layer_campaign *c, const char *name);
/* Sums a run up. */
void layer_campaign_count(struct layer_row *row, const struct layer_case *l, const struct machine_result *r);
/* The present layer runs from the compiled image and is judged. False with problem or machine.trouble set. */
bool layer_campaign_play(struct layer_campaign *c, struct machine_result *r);

/* All experiments on the present layer (sim/layer_faults.c). False as above. */
bool layer_faults(struct layer_campaign *c);

#endif
