/*
 * lower_output.h: the output stage of a layer from what a node's numbers stand for.
 */
#ifndef BITLET_LOWER_OUTPUT_H
#define BITLET_LOWER_OUTPUT_H

#include "lower_source.h"

/* Format, clamps, zero point: what does not need the arrays. */
void lower_output_format(struct lower_source *s);

/* Bias, multiplier, shift; the arrays are there. 1, 0 with a reason, -1. */
int lower_output_channels(struct lower_source *s);

/* The same for a layer with `dynamic`, when act_top is known: a_top is what the largest code stands for. */
void lower_output_dynamic(struct lower_layer *l, const struct bitlet_precision *p, float a_top);

#endif
