/*
 * stats_report.h: what `bitlet stats` found, as a table and as JSON.
 */
#ifndef BITLET_STATS_REPORT_H
#define BITLET_STATS_REPORT_H

#include <stdio.h>

#include "bit_stats.h"
#include "json_file.h"
#include "lower.h"
#include "options.h"

struct stats_layer {
	struct lower_layer lower;
	uint64_t macs;              /* of one run */
	struct bit_stats weights;   /* empty when they are computed */
	struct bit_stats acts;      /* empty without images */
};

/* All layers in one precision. */
struct stats_table {
	const struct graph *graph;
	struct bitlet_config config;
	struct bitlet_derived derived;
	char name[32];              /* precision */
	struct stats_layer *layer;
	size_t layers;
	size_t left;                /* convolutions and products that cannot run so; why the first one cannot */
	char why[256];
	size_t images;              /* 0: weights alone */
};

void stats_print(const struct stats_table *t, FILE *out);
cJSON *stats_object(const struct stats_table *t);

#endif
