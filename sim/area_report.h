/*
 * area_report.h: what `make asic` measured beside the paper's tables 9 and 10, and figures of merit of several engines side by side.
 */
#ifndef BITLET_AREA_REPORT_H
#define BITLET_AREA_REPORT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fault.h"

enum { AREA_CATEGORIES = 6, AREA_NAME = 48, AREA_LAYER = 64, AREA_NODES = 2 };

extern const char *const area_category_key[AREA_CATEGORIES]; /* as in asic/categories; the last one is "other" */

/* A summary.json of `make asic` or asic/synth. Numbers that the file lacks are 0: none of them can be. */
struct area_summary {
	const char *path;
	char name[AREA_NAME];       /* "config", else "name", else the folder above asic/, else the file's name */
	char library[AREA_NAME];    /* the Liberty file's name; "" when not stated */
	const char *engine;         /* "classic", "dense" or "-", told by the modules */
	double kge, area_um2;       /* as synthesised, by the area mapping when there are several */
	double fmax_mhz;
	double power_mw, power_mhz; /* and the clock that it holds at */
	double power_mac;           /* MAC/cycle of what was running then */
	bool has_categories;
	double share[AREA_CATEGORIES]; /* of the area by module; they sum to 1 */
};

/* One layer of a `bitlet run MODEL --cycles --json` or `--on rtl` report. */
struct area_run {
	char config[AREA_NAME], layer[AREA_LAYER], model[AREA_NAME], precision[16], source[16]; /* source: modelled or simulated */
	double macs, cycles;        /* cycles in which the array held a group */
	double pes;
};

/* A process that areas and powers are scaled to. */
struct area_node {
	unsigned nm;
	double nand2_um2, volt;
};

struct area_report {
	struct area_summary *summary;
	size_t summaries;
	struct area_run *run;
	size_t runs;
	struct area_node node[AREA_NODES]; /* 28 and 65 nm */
	unsigned pes;               /* of the array that areas are scaled to */
};

/* Reads a file and adds its rows. False with *f set ("path: what; what was expected"). */
bool area_report_add_summary(struct area_report *r, const char *path, struct fault *f);
bool area_report_add_run(struct area_report *r, const char *path, struct fault *f);
void area_report_free(struct area_report *r);

/* Process and voltage of a library, by its file's name; its nand2_um2 is not filled in. NULL when not known. */
const struct area_node *area_library_node(const char *library);

/* Factor on the energy of a switching from process a to b: feature size (capacitance) times voltage squared. */
double area_energy_factor(const struct area_node *a, const struct area_node *b);

/* MAC a cycle and PE. */
double area_run_rate(const struct area_run *r);

/* pJ a MAC of the PE as powered; 0 when not known. */
double area_energy(const struct area_summary *s);

void area_report_print(const struct area_report *r, FILE *out);
/* A new object with the same. */
cJSON *area_report_object(const struct area_report *r);

#endif
