/*
 * campaign.h: all runs of one `bitlet check`, row by row of its report.
 */
#ifndef BITLET_CAMPAIGN_H
#define BITLET_CAMPAIGN_H

#include "cosim.h"
#include "options.h"

enum { ROW_NAME = 192 };

/* One precision, or one layer of a network. */
struct row {
	char name[ROW_NAME];
	int mode;
	bool ran[STALL_KINDS];
	struct cosim_counts counts[STALL_KINDS]; /* by stall pattern */
};

struct campaign {
	const struct options *options;
	const struct dut_api *api;  /* Verilator's engine; NULL with iverilog */
	const struct workspace *workspace;
	struct row *row;
	size_t rows;
	/* the first mismatch, when there is one; no run follows it */
	struct mismatch mismatch;
	size_t mismatch_row;
	enum stall_kind mismatch_stall;
	bool explained;             /* `lane` says whether lanes differ */
	struct lane_difference lane;
	size_t reproduce_groups;    /* --groups of the shortest run that shows it again */
	double started;             /* for progress */
	bool shows_progress;
};

enum campaign_verdict { CAMPAIGN_GOOD, CAMPAIGN_DIFFERS, CAMPAIGN_FAILED };

/* Runs everything. CAMPAIGN_FAILED after a message: out of memory, a file or a tool at fault. campaign_free() takes c in any case. */
enum campaign_verdict campaign_run(struct campaign *c);
void campaign_free(struct campaign *c);

/* For the makers of runs: appends a row; NULL when out of memory. */
struct row *campaign_row(struct campaign *c, const char *name, int mode);

/*
 * Plays a feed as part of the row added last. number: which feed of this stall pattern it is, 0 the first; before: groups (times PEs) played
 * before it. Notes and explains a mismatch. False when out of memory or when a tool fails.
 */
bool campaign_play(struct campaign *c, const struct feed *f, enum stall_kind stall, uint64_t number, bool law, size_t before);

/* The layers of a network (sim/network.c). */
enum campaign_verdict campaign_network(struct campaign *c);

/* Seconds of a clock that never goes back. */
double campaign_now(void);

#endif
