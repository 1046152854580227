/*
 * vectors.h: the files that sim/bench.v plays: a run's inputs and the ports that the lane model expects, line by line a cycle.
 */
#ifndef BITLET_VECTORS_H
#define BITLET_VECTORS_H

#include "judge.h"
#include "ports.h"
#include "workspace.h"

/* Cycles of reset at the beginning; they are not counted. */
enum { VECTOR_RESETS = 2 };

/*
 * Plays the run on the model and writes control.hex, act.hex, wgt.hex and expect.hex to folder `dir` of the workspace. The model's results are judged
 * against the oracle, its loads against the law. False after a message.
 */
bool vectors_write(const struct workspace *w, const char *dir, const struct cosim *s, struct cosim_counts *counts,
                   struct mismatch *first);

/* Reads a line of hex digits into a vector of `bits` bits; x and z digits become f. False at the end of the file. */
bool vector_read(FILE *f, uint32_t *vector, uint64_t bits);

#endif
