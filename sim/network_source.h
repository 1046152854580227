/*
 * network_source.h: the network that `bitlet check --network` takes layers from, with its inputs: whatever `bitlet run` runs.
 */
#ifndef BITLET_NETWORK_SOURCE_H
#define BITLET_NETWORK_SOURCE_H

#include "network_inputs.h"

struct network_source {
	struct graph *graph;        /* fused */
	struct tensor **input;      /* [graph->inputs]: the first rows of each, or all */
	struct network_inputs inputs;
};

/* Loads o->network and o->input[]; floats for an input of codes become codes. False with *f set; network_source_free() in any case. */
bool network_source_load(struct network_source *s, const struct options *o, struct fault *f);
void network_source_free(struct network_source *s);

/* The inputs as functions of a run take them. */
const struct tensor *const *network_source_input(const struct network_source *s);

#endif
