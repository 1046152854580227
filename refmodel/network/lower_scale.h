/*
 * lower_scale.h: scales of a float layer at a fixed precision, so that no sum leaves the core's results.
 *
 * Largest codes stand for the largest numbers: of a channel's weights, of the activations. Where sums of wide codes could leave `sum_limit`, activations
 * and weights give up bits by the same factor; a channel whose bias needs more still gets larger weight steps. With
 *
 *     a, w      steps of activations and of a channel's weights;   A = largest activation / a
 *     |sum + bias code| <= sum over k of |weight| / w * A + A * k / 2 + |bias| / (a * w) + 1 <= sum_limit
 */
#ifndef BITLET_LOWER_SCALE_H
#define BITLET_LOWER_SCALE_H

#include "lower.h"

/*
 * weights: float32, along l->weights_view; a_top: largest |activation|. Sets l->weight_top and *act_top: what the largest activation code stands for, a_top
 * or more. False with *f set: weights that are not finite, memory.
 */
bool lower_scale(struct lower_layer *l, const struct bitlet_precision *p, const struct tensor *weights, float a_top, float *act_top, struct fault *f);

#endif
