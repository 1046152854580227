/*
 * opset_raise.h: an older operator set's network in a newer one, where what its nodes mean has not changed or can be written anew.
 *
 *     Clip, Dropout              attributes min, max, ratio become inputs (opset 11, 12)
 *     Slice, Pad                 starts, ends, axes; pads, value become inputs (10, 11)
 *     Squeeze, Unsqueeze, Split, ReduceSum   axes, split become inputs (13)
 *     Softmax, LogSoftmax        over all axes from `axis` on becomes one over the last axis: good when that is the same (13)
 *     BatchNormalization         spatial = 1 vanishes (9)
 *     Upsample                   is none from 10 on: a fault
 */
#ifndef BITLET_OPSET_RAISE_H
#define BITLET_OPSET_RAISE_H

#include "graph.h"

/* In place; nothing to do when the network has that operator set or a newer one. False with *f set. */
bool opset_raise(struct graph *g, int64_t opset, struct fault *f);

#endif
