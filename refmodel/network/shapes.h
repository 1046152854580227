/*
 * shapes.h: types and shapes of all values, and what the host would have to do for each node, without running the network: a dry run of the host's
 * operators (host_op.h), in which only what depends on weights and shapes alone has data.
 */
#ifndef BITLET_SHAPES_H
#define BITLET_SHAPES_H

#include "graph.h"

struct shapes {
	const struct graph *graph;
	struct tensor **value;      /* by value index; data NULL unless known before the run; NULL: nobody makes it */
	bool *known;                /* by value index: weights, or made of weights and shapes alone */
	uint64_t *steps;            /* by node index: innermost steps of the host's operator (multiply-adds of a convolution) */
	bool *borrowed;             /* by value index: value[] is the graph's own tensor */
};

/*
 * input: one tensor a graph input, of which type and shape count (data may be NULL), or NULL: the declared shapes, -1 taken for 1.
 * False with *f set, *s empty, when an input does not fit its declaration or a node is at fault.
 */
bool shapes_of(const struct graph *g, const struct tensor *const *input, struct shapes *s, struct fault *f);
void shapes_free(struct shapes *s);

#endif
