/*
 * network_task.h: the convolutions and dense layers of an executed network as tasks of the tiler, with real numbers in memory's layout and what the
 * host's operators gave for the same node.
 *
 * Operands by precision are those of layer.h. Outputs:
 *     quantised network, fixed precision   the node's own codes: bias, 24-bit multiplier and shift by channel, half to even, zero point, clamp. Equal
 *                                          to the host's, byte for byte
 *     float network, float precision       fp32 sums + bias, rounded as docs/engine.md says
 *     float network, fixed precision       fp32 = (sum + round(bias / scale)) * scale; scale = that of the weights by channel times that of the activations
 */
#ifndef BITLET_NETWORK_TASK_H
#define BITLET_NETWORK_TASK_H

#include "execute.h"
#include "layer_task.h"

struct network_layer {
	struct layer_task task;
	size_t node;                /* index in execution order; parts of one node share it */
	bool exact;                 /* `expected` must be met exactly */
	float *expected;            /* the host's output in memory's order; owned */
	size_t outputs;             /* elements of it */
};

struct network_layers {
	struct network_layer *layer; /* in execution order */
	size_t count;
};

/*
 * All layers of an executed network in precision `mode`. False, *f set and *out empty, when the network has none, when one cannot be written in that
 * precision, or when memory runs out.
 */
bool network_layers_of(const struct execution *e, const struct bitlet_derived *d, unsigned mode, struct network_layers *out, struct fault *f);

/* The same for images first .. first + count - 1 of an array in a file, run on the network in a file. Inputs as layers_of_network() of layer.h. */
bool network_layers_load(const char *onnx, const char *images, size_t first, size_t count, const struct bitlet_derived *d, unsigned mode,
                         struct network_layers *out, struct fault *f);
void network_layers_free(struct network_layers *l);

#endif
