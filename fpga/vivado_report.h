/*
 * vivado_report.h: what Vivado's text reports say (report_utilization, also -hierarchical, report_timing_summary, report_power; read were those
 * of 2018 to 2024), put together from any number of files of one design.
 */
#ifndef BITLET_VIVADO_REPORT_H
#define BITLET_VIVADO_REPORT_H

#include <cjson/cJSON.h>

#include "report_text.h"

enum { VIVADO_TEXT = 128, VIVADO_CLOCKS = 32 };

/* A resource: how many are used, how many the device has; available 0: the report does not say. */
struct vivado_resource {
	bool known;
	double used, available;
};

struct vivado_module {          /* a row of the hierarchy */
	char instance[VIVADO_TEXT], module[VIVADO_TEXT];
	unsigned depth;             /* 0: the top */
	double lut, ff, bram, dsp;  /* bram: tiles of 36 kbit */
};

struct vivado_clock {
	char name[VIVADO_TEXT];
	double period;              /* ns */
	bool timed;                 /* slack is known: the clock has paths of its own */
	double slack;               /* ns, worst set-up slack */
};

struct vivado_timing {
	bool known, met;
	double setup_slack, setup_total, hold_slack, hold_total; /* ns: WNS, TNS, WHS, THS */
	double setup_failing, setup_endpoints, hold_failing, hold_endpoints;
	struct vivado_clock clock[VIVADO_CLOCKS];
	unsigned clocks;
	char from[VIVADO_TEXT], to[VIVADO_TEXT]; /* of the worst set-up path; "": not in the report */
};

struct vivado_power {
	bool known;
	double total, dynamic, fixed; /* W; fixed: "Device Static" */
	char confidence[VIVADO_TEXT];
};

struct vivado_report {
	char tool[VIVADO_TEXT], design[VIVADO_TEXT], device[VIVADO_TEXT], state[VIVADO_TEXT]; /* "": not said */
	struct vivado_resource lut, lut_memory, ff, muxf, carry, bram, dsp;
	struct vivado_module *module;
	size_t modules;
	struct vivado_timing timing;
	struct vivado_power power;
	unsigned files;
	FILE *err;
};

/* Adds a file. False after a complaint: none of these reports, damaged, of another design or device, or of a kind that came already. */
bool vivado_report_add(struct vivado_report *r, const char *path);
void vivado_report_free(struct vivado_report *r);

/* The parts, from the text of one report. False after a complaint. */
bool vivado_utilization(struct vivado_report *r, const struct report_text *t);
bool vivado_hierarchy(struct vivado_report *r, const struct report_text *t);
bool vivado_timing(struct vivado_report *r, const struct report_text *t);
bool vivado_power(struct vivado_report *r, const struct report_text *t);

/* Copies text, cut to fit. */
void vivado_copy(char out[VIVADO_TEXT], const char *text);

/* Clock in MHz that the clock's worst path would allow, 0: unknown. */
double vivado_fmax(const struct vivado_clock *c);
/* The clock with the least slack, NULL: none is timed. */
const struct vivado_clock *vivado_worst_clock(const struct vivado_timing *t);

void vivado_print(const struct vivado_report *r, FILE *out);
/* NULL without memory; cJSON_Delete() it. */
cJSON *vivado_object(const struct vivado_report *r);

#endif
