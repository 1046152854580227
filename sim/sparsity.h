/*
 * sparsity.h: how many weights, weight bits and activations of a layer are zero, as the engine sees them.
 *
 * A weight's bits are those of its magnitude: of fixed ones w_bits - 1 when signed (at least 1), else w_bits; of floats the significand with its hidden bit.
 * An activation is zero when it adds nothing: the zero point's code, or +-0.
 */
#ifndef BITLET_SPARSITY_H
#define BITLET_SPARSITY_H

#include "layer_task.h"

struct sparsity {
	uint64_t weights, zero_weights, bits, zero_bits;
	uint64_t acts, zero_acts;
};

/* Adds elements as they lie in memory (layer_task.h). */
void sparsity_add_weights(struct sparsity *s, const struct bitlet_mode *m, const uint8_t *weights, size_t bytes);
void sparsity_add_acts(struct sparsity *s, const struct bitlet_mode *m, int32_t zero, const uint8_t *acts, size_t bytes);

#endif
