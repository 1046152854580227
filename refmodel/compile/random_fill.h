/*
 * random_fill.h: random numbers for the tensors and the output parameters of a layer whose shape stands.
 */
#ifndef BITLET_RANDOM_FILL_H
#define BITLET_RANDOM_FILL_H

#include "layer_task.h"
#include "stimulus.h"

/* Memory must have been allocated (layer_task_alloc); format, rounding and all the rest of output is set here. finite: no NaN and infinity in the operands. */
void random_fill(struct layer_task *t, const struct bitlet_derived *d, struct bitlet_rng *r, bool finite);

/* Format, rounding, zero point and clamp of the outputs: needed before layer_task_alloc(). */
void random_output(struct layer_task *t, const struct bitlet_derived *d, struct bitlet_rng *r);

#endif
