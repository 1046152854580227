/*
 * input_shapes.h: shapes of a network's inputs from the command line, for dimensions that the network leaves open: `--input-shape name=1x3x224x224`.
 */
#ifndef BITLET_INPUT_SHAPES_H
#define BITLET_INPUT_SHAPES_H

#include "graph.h"

enum { INPUT_SHAPES_MAX = 64 };

struct input_shape {
	const char *text;           /* name=..., not owned; the name ends at the last '=' */
	size_t name;                /* its length */
	unsigned rank;
	int64_t dim[TENSOR_MAX_RANK];
};

struct input_shapes {
	struct input_shape shape[INPUT_SHAPES_MAX];
	size_t count;
};

/* Adds one; text must stay. False with *f set ("'text'; expected ...") otherwise. */
bool input_shapes_add(struct input_shapes *s, const char *text, struct fault *f);

/*
 * The network's inputs in its order, without data: the given shapes, and for the others the declared ones with -1 taken for 1. NULL with *f set for a
 * name that no input has, or a shape that does not fit. input_shapes_free() takes it.
 */
struct tensor **input_shapes_of(const struct input_shapes *s, const struct graph *g, struct fault *f);
void input_shapes_free(struct tensor **input, const struct graph *g);

#endif
