/*
 * merge_report.h: the reports of a run's shards joined into one.
 */
#ifndef BITLET_MERGE_REPORT_H
#define BITLET_MERGE_REPORT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fault.h"

/* A core step: what all shards together did. */
struct merge_step {
	unsigned run;
	const char *layer;          /* the first report's */
	const char *chosen_text;
	uint32_t units, chosen;
	uint8_t *wanted;            /* [units]: 1 where chosen */
	uint8_t *covered;           /* [units]: how many shards verified it */
	uint32_t missing, twice;    /* of the chosen: in no shard's list, in more than one's */
	bool equal;
	double cycles, busy;        /* sums */
};

struct merge {
	const cJSON *first;         /* "verification" of the first report; it owns texts */
	const char *first_path;
	unsigned shards;
	const char **path;          /* [shards]: of each shard's report; NULL: missing */
	struct merge_step *step;
	size_t steps;
};

/* Starts with the report of `path`, which must outlive *m. False, *f naming file and field, *m to be freed all the same. */
bool merge_start(struct merge *m, const cJSON *report, const char *path, struct fault *f);
/* Adds a report, the first one, too. False, *f naming file and field, when it is none, is of another run, or that shard has been added. */
bool merge_add(struct merge *m, const cJSON *report, const char *path, struct fault *f);
/* Counts what is missing and what came twice. True when every chosen unit was verified exactly once and nothing differed. */
bool merge_finish(struct merge *m);
void merge_free(struct merge *m);

void merge_print(const struct merge *m, FILE *out);
/* A new object with the same. */
cJSON *merge_object(const struct merge *m);

#endif
