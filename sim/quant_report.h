/*
 * quant_report.h: what `bitlet quantize` did and says about it.
 */
#ifndef BITLET_QUANT_REPORT_H
#define BITLET_QUANT_REPORT_H

#include <stdio.h>

#include "progress.h"
#include "quantize_options.h"

struct quant_report {
	const struct quantize_command *options;
	struct quant_plan plan;
	struct calibration calibration;
	struct quant_judge judge;
	size_t calibrated;          /* images */
	/* by layer */
	struct bitlet_precision *precision;
	struct quantize_result *result;
	uint64_t *macs;             /* an image */
	double *cost;               /* [layers][candidates], with search */
	struct quant_search_result found; /* with search */
	struct quant_verdict verdict;
	struct progress progress;
	bool progressing;
};

const char *quant_report_name(const struct quant_report *r, size_t layer);

/* For quant_search(): r. */
void quant_report_progress(void *r, size_t done, size_t total);
void quant_report_progress_end(struct quant_report *r);

/* The tables; the JSON file, if wanted. False after a message on err. */
bool quant_report(const struct quant_report *r, FILE *out, FILE *err);

/* All but what the pointers given from outside point to. */
void quant_report_free(struct quant_report *r);

#endif
