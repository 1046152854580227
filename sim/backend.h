/*
 * backend.h: who runs a program on an image: the interpreter, the cycle model, simulated RTL, both in lockstep, or Icarus.
 */
#ifndef BITLET_BACKEND_H
#define BITLET_BACKEND_H

#include "image.h"
#include "machine.h"
#include "memory.h"

enum backend_kind {
	BACKEND_FAST,               /* interpreter: results, no cycles */
	BACKEND_MODEL,              /* cycle model */
	BACKEND_RTL,                /* Verilator, with the cycle model in lockstep: every port in every cycle */
	BACKEND_RTL_ALONE,          /* Verilator alone; results are compared with the interpreter's */
	BACKEND_ICARUS,             /* Icarus plays the program; bytes, counters and cycles are compared with the model's */
};

struct backend;                 /* opaque: simulator, workspace, machine */

struct backend_result {
	bool cycles_known;          /* counter[] is filled */
	uint64_t counter[BITLET_COUNTERS];
	uint32_t flags;
	bool equal;                 /* RTL kinds: the RTL did what the model does */
};

/* Builds simulators as needed. NULL after a message on err. */
struct backend *backend_open(enum backend_kind kind, const struct bitlet_config *c, const struct bitlet_derived *d, const struct memory_config *memory,
                             unsigned threads, FILE *err);
/*
 * Runs a program; outputs are in *m afterwards, the interpreter's bytes whatever the kind: each other kind is compared with them. EXIT_GOOD, EXIT_NO
 * (a difference, explained on out), EXIT_INPUT (a tool fails; *f is set). tiles: NULL, or the numbers (ascending) of the tiles that RTL runs, `count` of
 * them; the rest is the interpreter's alone (then counters are those of the share).
 */
int backend_run(struct backend *b, const char *name, struct image *m, uint64_t program, uint32_t bytes, const uint32_t *tiles, size_t count,
                struct backend_result *r, FILE *out, struct fault *f);
void backend_close(struct backend *b);

#endif
