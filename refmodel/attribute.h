/*
 * attribute.h: a node's attributes by name and type. An attribute of another type is a fault; a missing one has the fallback.
 */
#ifndef BITLET_ATTRIBUTE_H
#define BITLET_ATTRIBUTE_H

#include "graph.h"

bool attribute_int(const struct graph_node *n, const char *name, int64_t fallback, int64_t *v, struct fault *f);
/* The same with a range, both ends included. */
bool attribute_range(const struct graph_node *n, const char *name, int64_t fallback, int64_t low, int64_t high, int64_t *v,
                     struct fault *f);
bool attribute_float(const struct graph_node *n, const char *name, float fallback, float *v, struct fault *f);
/* *v = NULL and *count = 0 when missing. */
bool attribute_ints(const struct graph_node *n, const char *name, const int64_t **v, size_t *count, struct fault *f);
bool attribute_string(const struct graph_node *n, const char *name, const char *fallback, const char **v, struct fault *f);
/* Axis -rank .. rank - 1 made 0 .. rank - 1. */
bool attribute_axis(const struct graph_node *n, int64_t fallback, unsigned rank, unsigned *axis, struct fault *f);

/* Every attribute's name must be one of the words in `known`, which are separated by single spaces. */
bool attributes_known(const struct graph_node *n, const char *known, struct fault *f);

#endif
