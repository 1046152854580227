/*
 * quant_weights.h: weights as codes with zero point 0, one scale an output channel or one for all; biases as int32 codes.
 */
#ifndef BITLET_QUANT_WEIGHTS_H
#define BITLET_QUANT_WEIGHTS_H

#include "quant_field.h"

/*
 * top: the largest |weight| is the largest code, codes -largest .. largest. error: the scale whose codes (all of the field) have the least squared error,
 * of 33 from top's downwards. Fields of one signed bit, -1 and 0, take the negative weights only.
 */
enum quant_weight_rule { QUANT_WEIGHTS_AUTO, QUANT_WEIGHTS_TOP, QUANT_WEIGHTS_ERROR }; /* auto: error below 8 bits */

struct quant_weights {
	struct tensor *codes;       /* shape of the weights; container type of quantize.h */
	float *scale;               /* [scales] */
	size_t scales;              /* 1, or one a channel */
	int axis;                   /* -1: one scale */
	struct tensor *bias;        /* int32 [channels], or NULL: none is given or it does not fit */
	double noise;               /* squared error of the weights over their squares; 0 for all-zero weights */
};

/* A layer's weights. Element i belongs to channel i / inner % channels. */
struct quant_weights_source {
	const struct tensor *w;     /* float32 */
	int axis;                   /* -1: one scale for all */
	double factor;              /* of the weights: Gemm's alpha */
	const struct tensor *bias;  /* float32, one a channel; NULL: none */
	double bias_factor;
	float act_scale;            /* of the activations, for the bias */
	unsigned act_bits;
};

/*
 * Channels whose weights are tiny beside their bias get a larger scale, so that the bias fits 32 bits; not where act_bits and weights have more than 32 bits
 * together (then w->bias stays NULL). False with *f set: weights that are not finite, negative ones in an unsigned field, memory.
 */
bool quant_weights_new(const struct quant_weights_source *s, struct quant_field q, enum quant_weight_rule rule, struct quant_weights *w, struct fault *f);
void quant_weights_free(struct quant_weights *w);

#endif
