/*
 * execute.h: runs a graph on the host, node by node.
 *
 * This is the reference for whole networks and the place where the operators run that the accelerator does not have. Float sums are formed in
 * double precision and rounded once to float32; integer arithmetic is exact (requantize.h).
 */
#ifndef BITLET_EXECUTE_H
#define BITLET_EXECUTE_H

#include "graph.h"
#include "host_op.h"

/* Values of one run, by value index. */
struct execution {
	const struct graph *graph;
	const struct tensor **value; /* NULL: not computed, or nobody uses it */
	bool *constant;             /* depends on weights only, not on an input */
	struct tensor **owned;      /* what the run made, the same index */
	size_t *uses;               /* inputs of nodes yet to come that it is, and outputs of the network */
	struct host_budget left;
	unsigned threads;           /* of the operators; 0: 1 */
};

/*
 * Are all operators and attributes there? A fault names every operator that is missing, with the first node of each; it comes before
 * anything runs.
 */
bool execute_check(const struct graph *g, struct fault *f);

/* Type and shape (data may be NULL) are those that the graph input v declares. */
bool execute_input_fits(const struct graph_value *v, const struct tensor *t, struct fault *f);

/*
 * Checks types and shapes of the inputs ([g->inputs], in the graph's order; they and the graph must outlive the execution), runs all nodes and keeps
 * every tensor. budget: what the run may use up; NULL: 2 GiB and 10^12 steps. On a fault *e is empty. execution_free() takes what is in *e.
 */
bool execute(const struct graph *g, const struct tensor *const *input, const struct host_budget *budget, struct execution *e,
             struct fault *f);
void execution_free(struct execution *e);

/* The steps of execute() one by one, for those who do some nodes elsewhere. On a fault the caller frees *e, but for execution_begin(), which leaves it empty. */
bool execution_begin(const struct graph *g, const struct tensor *const *input, const struct host_budget *budget, struct execution *e, struct fault *f);
/* Runs g->node[node] by its operator, after all its producers. */
bool execution_node(struct execution *e, size_t node, struct fault *f);
/* What output `value` of the node has become elsewhere; t belongs to *e then, also after a fault. */
bool execution_put(struct execution *e, size_t node, int value, struct tensor *t, struct fault *f);
/* The node is done, and nobody looks at what only it needed: frees what has no use any more and gives its bytes back. Once a node. */
void execution_release(struct execution *e, size_t node);
/* Has every output of the network been made? */
bool execution_end(const struct execution *e, struct fault *f);

/* The value of that name, or NULL. */
const struct tensor *execution_value(const struct execution *e, const char *name);

#endif
