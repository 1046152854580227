/*
 * fuse_graph.h: how passes change a graph: who uses what, new weights, attributes, nodes that go. Passes look from a node back to its producers.
 *
 * Values may move in memory when weights are added: hold indices, not pointers, across fuse_weights().
 */
#ifndef BITLET_FUSE_GRAPH_H
#define BITLET_FUSE_GRAPH_H

#include "graph.h"

struct fuser {
	struct graph *g;
	struct fault *f;
	size_t *uses;               /* [room], by value: inputs of living nodes that it is, and outputs of the network */
	size_t room;
	bool *dead;                 /* by node */
};

bool fuser_open(struct fuser *u, struct graph *g, struct fault *f);
void fuser_close(struct fuser *u);

/* Removes what nobody needs, frees its weights, sorts again. */
bool fuser_prune(struct fuser *u);

/* The living node that makes input i of n, when nobody else uses that and its operator is one of the words; else NULL. */
struct graph_node *fuser_only_source(const struct fuser *u, const struct graph_node *n, size_t i, const char *operators);
/* The same, others may use it, too. */
struct graph_node *fuser_source(const struct fuser *u, const struct graph_node *n, size_t i, const char *operators);

/* Is the operator one of the words? */
bool fuser_is(const struct graph_node *n, const char *operators);

bool fuser_has(const struct graph_node *n, size_t i);
/* Weights that input i is, or NULL. */
const struct tensor *fuser_weights(const struct fuser *u, const struct graph_node *n, size_t i);

/* A value of weights, which takes t; named after `like`. GRAPH_NONE with the fault set, t freed. */
int fuser_add(struct fuser *u, const char *like, struct tensor *t);

/* n's inputs become these. */
bool fuser_set_inputs(struct fuser *u, struct graph_node *n, const int *input, size_t count);
bool fuser_set_input(struct fuser *u, struct graph_node *n, size_t i, int value);

/* n gives what `last`, which is done with, gave. */
void fuser_replace(struct fuser *u, struct graph_node *n, struct graph_node *last);

/* Attributes: set, replaced; or dropped when there. */
bool fuser_set_float(struct fuser *u, struct graph_node *n, const char *name, float v);
bool fuser_set_int(struct fuser *u, struct graph_node *n, const char *name, int64_t v);
bool fuser_set_ints(struct fuser *u, struct graph_node *n, const char *name, const int64_t *v, size_t count);
void fuser_drop(struct graph_node *n, const char *name);
bool fuser_set_operator(struct fuser *u, struct graph_node *n, const char *op);

/* The host's operator for n understands the attribute. */
bool fuser_understands(const struct graph_node *n, const char *attribute);

/* The passes of fuse.h; false with the fault set. all: weights that are dequantised for a layer, too. */
bool fuse_constants(struct fuser *u, bool all);
bool fuse_identity(struct fuser *u);
bool fuse_batch_norm(struct fuser *u);
bool fuse_bias(struct fuser *u);
bool fuse_pad(struct fuser *u);
bool fuse_activation(struct fuser *u);
bool fuse_quantised(struct fuser *u);

#endif
