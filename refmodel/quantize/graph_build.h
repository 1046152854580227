/*
 * graph_build.h: a new graph made from another one node by node: copies of its nodes, and new ones in between.
 */
#ifndef BITLET_GRAPH_BUILD_H
#define BITLET_GRAPH_BUILD_H

#include "graph.h"

struct graph_build {
	const struct graph *from;
	struct graph *to;
	size_t room;                /* nodes there is memory for */
	struct fault *f;
};

/* An empty graph with from's inputs, room for so many nodes, and the operator set; to is NULL on a fault. graph_free(to) takes it. */
bool graph_build_open(struct graph_build *b, const struct graph *from, size_t room, int64_t opset, struct fault *f);

/* Sets the outputs, sorts. False with the fault set. */
bool graph_build_close(struct graph_build *b);

/* The value of the same name as from's, with its weights; GRAPH_NONE for GRAPH_NONE. False with the fault set. */
bool graph_build_value(struct graph_build *b, int from, int *to);

/* A new value "like" + suffix, with digits behind when that name is taken; t (NULL: none) becomes its weights and is freed on a fault. GRAPH_NONE on a fault. */
int graph_build_new(struct graph_build *b, const char *like, const char *suffix, struct tensor *t);

/* A node with inputs and outputs left out, and room for attributes; NULL on a fault. */
struct graph_node *graph_build_node(struct graph_build *b, const char *op, const char *name, size_t inputs, size_t outputs, size_t attributes);
bool graph_build_int(struct graph_build *b, struct graph_node *n, const char *name, int64_t v);

/* A copy of a node of `from`, attributes and all; its inputs stay to be set, with
 * room for one more; its outputs are from's. `but`: names of attributes that are left out, ended by NULL; or NULL. * */
struct graph_node *graph_build_copy(struct graph_build *b, const struct graph_node *n, const char *const *but);

#endif
