/*
 * layer_report.h: what `bitlet check --layers` prints, and the same as JSON.
 */
#ifndef BITLET_LAYER_REPORT_H
#define BITLET_LAYER_REPORT_H

#include "layer_campaign.h"

/* The table of ops, the verdict, and after a failure where it was, what differs and the line that repeats it. */
void layer_report(const struct layer_campaign *c, bool good, FILE *out);

/* False after a message when the file cannot be written. */
bool layer_report_json(const struct layer_campaign *c, bool good, const char *path, FILE *err);

#endif
