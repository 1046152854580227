/*
 * shapes.h: types and shapes of all values, and what the host would have to do for each node, without running the network: a dry run of the host's
 * operators (host_op.h), in which only what depends on weights and shapes alone has data.
 */
#ifndef BITLET_SHAPES_H
#define BITLET_SHAPES_H

#include "host_op.h"

enum {
	SHAPES_MAX_KNOWN = 1 << 20, /* bytes of a node's outputs that are computed ahead when all its inputs have data */
	SHAPES_MAX_KNOWN_STEPS = 1 << 24, /* and steps */
	SHAPES_MAX_AHEAD = 256 << 20, /* bytes of all of them together; what comes then has no data */
};

struct shapes {
	const struct graph *graph;
	struct tensor **value;      /* by value index; data NULL unless known before the run; NULL: nobody makes it */
	bool *known;                /* by value index: weights, or made of weights and shapes alone (without data when that is too large) */
	uint64_t *steps;            /* by node index: innermost steps of the host's operator (multiply-adds of a convolution) */
	bool *borrowed;             /* by value index: value[] is the graph's own tensor */
	struct host_budget ahead;   /* left for data that is computed ahead */
};

/*
 * input: one tensor a graph input, of which type and shape count (data may be NULL), or NULL: the declared shapes, -1 taken for 1.
 * False with *f set, *s empty, when an input does not fit its declaration or a node is at fault.
 */
bool shapes_of(const struct graph *g, const struct tensor *const *input, struct shapes *s, struct fault *f);
void shapes_free(struct shapes *s);

/* The steps of shapes_of() one by one, for those who want to go on after a fault (`bitlet inspect`). */
bool shapes_begin(const struct graph *g, const struct tensor *const *input, struct shapes *s, struct fault *f);
/*
 * Node g->node[node] after all its producers: fills value[], known[] of its outputs and steps[]. false with *f set when it is at fault, when the
 * operator is missing, or when an input has no shape because its own producer was at fault (*f is empty then).
 */
bool shapes_node(struct shapes *s, size_t node, struct host_budget *budget, struct fault *f);
/* What a dry run may use: huge shapes fail, whole networks do not. */
struct host_budget shapes_budget(void);

#endif
