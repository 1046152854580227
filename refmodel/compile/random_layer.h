/*
 * random_layer.h: seeded random layers for tests, `bitlet check --layers` and soak. Equal seed and configuration, equal layer, on every machine.
 */
#ifndef BITLET_RANDOM_LAYER_H
#define BITLET_RANDOM_LAYER_H

#include "layer_task.h"
#include "stimulus.h"

struct random_layer_limits {
	uint64_t cycles;            /* tile.h's estimate stays below this; at least 200 */
	bool finite;                /* floats: no NaN and infinity in the operands */
};

/*
 * A layer that compile_layer() takes: any op, shape, stride, dilation, padding, grouping, precision, zero point, format, rounding, clamp, address and
 * alignment. layer_task_free() takes it. False only when memory runs out.
 */
bool random_layer(const struct bitlet_config *c, const struct bitlet_derived *d, struct bitlet_rng *r, const struct random_layer_limits *limits,
                  struct layer_task *t, struct fault *f);

/* "conv 5x7x12 -> 3x7x20 k3x1 s2x1 d1x1 p1,0,1,0 g1 int8" for logs. Returns text. */
char *layer_task_text(const struct layer_task *t, const struct bitlet_derived *d, char *text, size_t size);

#endif
