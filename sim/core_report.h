/*
 * core_report.h: what the counters of a run say: cycles, utilisation, why the array stood still, bandwidth, frames a second.
 */
#ifndef BITLET_CORE_REPORT_H
#define BITLET_CORE_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "machine.h"

struct core_figures {
	const char *name;           /* of the layer or network */
	const char *source;         /* "modelled", "simulated", "simulated, equal to the model in every cycle" */
	uint64_t macs;
	uint64_t frames;            /* batch */
	uint64_t counter[BITLET_COUNTERS];
	const struct memory_config *memory;
};

/* Bytes a second of a port, or of all ports of a DRAM channel. */
double core_port_rate(const struct core_figures *f, enum memory_port port);
double core_channel_rate(const struct core_figures *f, unsigned channel);
/* What they could be at most: bandwidth and bus; 0: no limit. */
double core_port_peak(const struct core_figures *f, enum memory_port port);

void core_report(const struct core_figures *f, FILE *out);
/* A new object with the same. */
cJSON *core_report_object(const struct core_figures *f);

#endif
