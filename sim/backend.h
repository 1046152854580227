/*
 * backend.h: who runs a program on an image: the interpreter, the cycle model, simulated RTL, both in lockstep, or Icarus.
 */
#ifndef BITLET_BACKEND_H
#define BITLET_BACKEND_H

#include "image.h"
#include "interpret.h"
#include "machine.h"
#include "memory.h"
#include "tile_units.h"

enum backend_kind {
	BACKEND_FAST,               /* interpreter: results, no cycles */
	BACKEND_MODEL,              /* cycle model */
	BACKEND_RTL,                /* Verilator, with the cycle model in lockstep: every port in every cycle */
	BACKEND_RTL_ALONE,          /* Verilator alone; results are compared with the interpreter's */
	BACKEND_ICARUS,             /* Icarus gets what the model got in its run, in every cycle; every port is compared in every cycle (icarus_top.h) */
};

/* "interpreted", "modelled", "simulated, equal to the model in every cycle", "simulated", "simulated by Icarus, equal to the model in every cycle" */
const char *backend_source(enum backend_kind kind);

struct backend;                 /* opaque: simulator and machine, which stays open from program to program */

struct backend_result {
	bool cycles_known;          /* counter[] is filled */
	uint64_t counter[BITLET_COUNTERS];
	uint32_t flags;             /* of the whole program */
	bool equal;                 /* the kind did what the interpreter does, and RTL what the model does */
	struct interpret_result expect; /* of the whole program */
};

/*
 * Builds simulators as needed; no lock is held when it returns. c, d, memory are copied. threads: of the interpreter. NULL after a message on err.
 */
struct backend *backend_open(enum backend_kind kind, const struct bitlet_config *c, const struct bitlet_derived *d, const struct memory_config *memory,
                             unsigned threads, FILE *err);

/* Seconds that building the simulator took; 0: it was there, or none is needed. */
double backend_build_seconds(const struct backend *b);

/* Of the next runs, for tests: a fault on one side. */
void backend_break(struct backend *b, const struct machine_break *broken);

/*
 * Runs a program; outputs are in *m afterwards, the interpreter's bytes whatever the kind: each other kind is compared with them. EXIT_GOOD, EXIT_NO
 * (a difference, explained on out; r->equal is false; or the interpreter stops at a fault of the program), EXIT_INPUT (a tool fails; *f is set).
 *
 * unit: NULL, or the numbers (tile_units.h, ascending) of the `count` units that model and RTL run; the rest is the interpreter's alone. Counters are those of
 * the share then; count 0: as BACKEND_FAST. A share must not write where it reads.
 */
int backend_run(struct backend *b, const char *name, struct image *m, uint64_t program, uint32_t bytes, const uint32_t *unit, size_t count,
                struct backend_result *r, FILE *out, struct fault *f);
void backend_close(struct backend *b);

#endif
