/*
 * image_run.h: a network on many images, one run after the other, each value given to a visitor as it comes and let go of after its last use.
 */
#ifndef BITLET_IMAGE_RUN_H
#define BITLET_IMAGE_RUN_H

#include "execute.h"

struct image_visitor {
	/* A value has been made (or is the image itself); NULL: not wanted. False with *f set ends the run. */
	bool (*value)(void *context, const struct execution *e, int value, struct fault *f);
	/* All of images first .. first + count - 1 is done: outputs are in e->value[]. NULL: not wanted. */
	bool (*end)(void *context, const struct execution *e, size_t first, size_t count, struct fault *f);
	void *context;
	unsigned threads;           /* of the operators; 0: 1 */
};

/*
 * How many images one run takes: what the input declares, 1 when that is open. A fault when the network has another number of inputs than one, or when the
 * array's shape or type is not the input's.
 */
bool image_batch(const struct graph *g, const struct tensor *images, size_t *batch, struct fault *f);

/* Runs images first .. first + count - 1, in batches; what is left of the last batch is filled up with the last image and not reported. */
bool image_run(const struct graph *g, const struct tensor *images, size_t first, size_t count, const struct image_visitor *v, struct fault *f);

#endif
