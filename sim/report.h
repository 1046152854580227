/*
 * report.h: what `bitlet check` prints about a campaign, and the same as JSON.
 */
#ifndef BITLET_SIM_REPORT_H
#define BITLET_SIM_REPORT_H

#include <stdio.h>

#include "campaign.h"

/* The table of rows and one line of verdict. */
void report_table(const struct campaign *c, FILE *out);

/* The first mismatch: where, both values, which lane, and the line that reproduces it. Nothing without a mismatch. */
void report_mismatch(const struct campaign *c, FILE *out);

/* False after a message when the file cannot be written. */
bool report_json(const struct campaign *c, const struct simulator *s, const char *path, FILE *err);

/* All stall patterns of a row together. */
struct cosim_counts row_total(const struct row *r);

/* The pattern whose cycles the report shows: without stalls when that ran, else the first that did. */
enum stall_kind row_shown(const struct row *r);

/*
 * Cycles against the limit: max(1, busiest lane, T) summed over groups, or with run_ahead or array_fifo the ones of the busiest lane (T
 * cycles a group at least) over the whole run. 0 when nothing can be said.
 */
double row_ratio(const struct campaign *c, const struct row *r);

#endif
