/*
 * execute.h: runs a graph on the host, node by node, and keeps every tensor.
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
};

/*
 * Are all operators and attributes there? A fault names every operator that is missing, with the first node of each; it comes before
 * anything runs.
 */
bool execute_check(const struct graph *g, struct fault *f);

/* Type and shape (data may be NULL) are those that the graph input v declares. */
bool execute_input_fits(const struct graph_value *v, const struct tensor *t, struct fault *f);

/*
 * Checks types and shapes of the inputs ([g->inputs], in the graph's order; they and the graph must outlive the execution) and runs all nodes.
 * budget: what the run may use up; NULL: 2 GiB and 10^12 steps. On a fault *e is empty. execution_free() takes what is in *e.
 */
bool execute(const struct graph *g, const struct tensor *const *input, const struct host_budget *budget, struct execution *e,
             struct fault *f);
void execution_free(struct execution *e);

/* The value of that name, or NULL. */
const struct tensor *execution_value(const struct execution *e, const char *name);

#endif
