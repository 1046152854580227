/*
 * inspection.h: what a network consists of, and everything in it that is not supported, found without running it.
 */
#ifndef BITLET_INSPECTION_H
#define BITLET_INSPECTION_H

#include "network_load.h"
#include "shapes.h"

struct inspection_node {
	size_t node;                /* index in graph->node */
	uint64_t macs;              /* multiply-adds of a convolution or product, padding among them; 0 for the others */
	uint64_t parameters;        /* elements of the weights that it takes */
	uint64_t weight_bytes;
};

struct inspection_op {
	const char *op;             /* not owned */
	size_t count;
	size_t first;               /* the first node of it, in the file's order */
	bool supported;
};

struct inspection {
	const struct graph *graph;
	enum network_kind kind;
	struct shapes shapes;       /* value[]: NULL where an unsupported node stands before */
	struct inspection_node *node; /* [graph->nodes], producers first */
	struct inspection_op *op;   /* by name */
	size_t ops;
	char **unsupported;         /* one complaint each */
	size_t complaints;
	uint64_t macs, parameters, weight_bytes; /* weights count once, however many nodes take them */
};

/*
 * input: as of shapes_of(). False with *f set, *i empty, when an input does not fit its declaration or memory runs out; everything else that is wrong is
 * in `unsupported`. The graph must outlive *i, which inspection_free() takes.
 */
bool inspection_new(const struct graph *g, enum network_kind kind, const struct tensor *const *input, struct inspection *i, struct fault *f);
void inspection_free(struct inspection *i);

const char *inspection_kind(enum network_kind kind);

#endif
