/*
 * network_inputs.h: all inputs of a network from the command line, cut into runs, and the outputs of the runs put together again.
 */
#ifndef BITLET_NETWORK_INPUTS_H
#define BITLET_NETWORK_INPUTS_H

#include <stdio.h>

#include "run_network_options.h"

struct network_inputs {
	const struct graph *graph;
	struct tensor **whole;      /* [graph->inputs] */
	bool cut;                   /* --images: rows of the arrays go run by run */
	size_t first, frames;       /* rows in all; without --images dimension 0 of the first input */
	size_t batch;               /* rows of a run; the last one may have fewer when the batch is free */
};

/* What preprocessing does is printed to `out`, a line a picture. False with *f set; network_inputs_free() in any case. */
bool network_inputs_load(struct network_inputs *n, const struct graph *g, const struct run_network_options *o, FILE *out, struct fault *f);

/* Inputs of rows at .. at + rows - 1 (counted from `first`) into in[graph->inputs]; network_inputs_drop() takes them. */
bool network_inputs_rows(const struct network_inputs *n, size_t at, size_t rows, struct tensor **in, struct fault *f);
void network_inputs_drop(const struct network_inputs *n, struct tensor **in);
void network_inputs_free(struct network_inputs *n);

/*
 * Adds a run's tensor of `rows` rows behind those in *whole (NULL at first), which will have `frames`. cut: as struct network_inputs. A tensor whose
 * dimension 0 is not the batch is a fault when there are several runs.
 */
bool network_outputs_add(struct tensor **whole, const struct tensor *t, const char *name, const struct network_inputs *n, size_t at, size_t rows, struct fault *f);

#endif
