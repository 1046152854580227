/*
 * network_figures.h: what a network's runs were found to be: one row a step, summed over the runs.
 */
#ifndef BITLET_NETWORK_FIGURES_H
#define BITLET_NETWORK_FIGURES_H

#include "bit_stats.h"
#include "classes.h"
#include "run_network_options.h"
#include "schedule.h"

/* How far a tensor is from what it should be. */
enum error_kind {
	ERROR_UNKNOWN,              /* nothing to compare with */
	ERROR_CODES,                /* must be equal: elements that are not */
	ERROR_REAL,                 /* largest difference in parts of the largest |reference| */
};

struct network_error {
	enum error_kind kind;
	uint64_t elements, off;     /* off: not equal */
	double worst, top;          /* largest |difference| (infinity: not comparable), largest |reference| */
};

struct network_row {
	const char *name, *op, *precision; /* not owned; precision NULL on the host */
	bool on_core, chosen;       /* chosen: by --layers; the others by the interpreter alone */
	char why[120];              /* a convolution or product on the host: why */
	uint64_t macs;              /* of a host row: 0 */
	uint64_t estimate;          /* cycles, by the compiler */
	uint64_t groups;            /* of the whole program, all runs */
	uint64_t counter[BITLET_COUNTERS];
	bool counted;               /* counter[] is there */
	bool differs;               /* RTL, model and interpreter do not agree */
	uint64_t units, units_run;  /* tile_units.h; all runs; 0 by the interpreter */
	struct bit_stats weights, acts; /* without groups */
	struct network_error error;
	double seconds;             /* of this machine: step, and comparison apart */
};

struct network_output {
	const char *name;           /* not owned */
	char file[256];             /* in the output folder */
	char shape[160];
	enum tensor_type type;
	uint32_t crc;
	struct network_error error;
};

struct network_figures {
	const struct run_network_options *options;
	const char *kind;           /* "ONNX", "TFLite" */
	const char *source;         /* of cycles; "estimated" */
	int argc;
	char **argv;
	struct network_row *row;    /* by step */
	size_t rows;
	struct network_output *output;
	size_t outputs;
	size_t frames, runs, batch;
	struct schedule_memory memory;
	const struct classes *classes;
	double load_seconds, compile_seconds, run_seconds, reference_seconds, build_seconds;
};

/* Sums over the rows. */
struct network_total {
	uint64_t macs, core_macs, host_macs, cycles, estimate, units, units_run, differ, unequal;
	uint64_t counter[BITLET_COUNTERS];
	size_t core_layers, counted; /* rows on the core, rows with counters */
	bool whole;                 /* every core layer ran whole on the chosen backend: cycles are the network's */
	double host_seconds, core_seconds;
};

void network_figures_total(const struct network_figures *n, struct network_total *t);

/* MACs that the counted share of a row did: all, or in proportion to the groups that the array took. */
double network_row_macs(const struct network_row *r);
/* Cycles of the row: counted, else estimated. */
uint64_t network_row_cycles(const struct network_row *r);

/* "exact", "3 of 4000 off", "1.2e-06", "-" */
char *network_error_text(const struct network_error *e, char text[40]);
/* Adds t against what it should be; of other type or shape: not comparable. */
void network_error_add(struct network_error *e, enum error_kind kind, const struct tensor *t, const struct tensor *reference);
/* worst / top */
double network_error_share(const struct network_error *e);

void network_figures_free(struct network_figures *n);

#endif
