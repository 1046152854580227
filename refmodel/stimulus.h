/*
 * stimulus.h: seeded test vectors, the same for unit tests, co-simulation and benches. Equal seed, equal vectors, on every machine.
 */
#ifndef BITLET_STIMULUS_H
#define BITLET_STIMULUS_H

#include <stdint.h>

#include "derive.h"

#ifdef __cplusplus
extern "C" {
#endif

/* splitmix64. Any state is a good seed. */
struct bitlet_rng {
	uint64_t state;
};

uint64_t bitlet_random(struct bitlet_rng *r);
/* Uniform in 0 .. n-1; n >= 1. */
uint32_t bitlet_random_below(struct bitlet_rng *r, uint32_t n);
/* Sum of uniforms, mean 0, standard deviation 65536, within +-6 standard deviations; integer, so equal everywhere. */
int32_t bitlet_random_gauss(struct bitlet_rng *r);

/* Kinds of groups. Every kind fits every precision. */
enum bitlet_stimulus {
	BITLET_STIMULUS_UNIFORM,    /* uniform bit patterns (floats: NaN and infinity occur) */
	BITLET_STIMULUS_GAUSS,      /* Gaussian weights (deviation about 0.05, or range / 4) and activations */
	BITLET_STIMULUS_RELU,       /* Gaussian weights, activations half of them zero (point), none below */
	BITLET_STIMULUS_SPARSE,     /* nine of ten operands zero; often whole groups */
	BITLET_STIMULUS_CORNER,     /* corners against corners: zeros of both signs, subnormals, extremes, infinities, NaNs, all ones, single bits */
	BITLET_STIMULUS_FINITE,     /* the same without NaN and infinity */
	BITLET_STIMULUS_EXTREME,    /* equal or wildly different exponents; fixed: extremes of one sign, for the largest sums */
	BITLET_STIMULUS_CANCEL,     /* pairs that cancel each other, one small rest */
	BITLET_STIMULUS_LANES,      /* some bit positions of the distilled operand empty, others full */
	BITLET_STIMULUS_MIXED,      /* any of the above, chosen anew for every group */
	BITLET_STIMULI = BITLET_STIMULUS_MIXED,
};

/* Lower case name of a kind ("uniform", ..., "mixed"); NULL for a number that is none. */
const char *bitlet_stimulus_name(unsigned kind);

/*
 * One group: w[n] and a[n] get the port words (docs/engine.md section 1, packed when the mode is), zero bits above the word;
 * *zero the zero point field (0 without zero_point and for floats). For several PEs call bitlet_stimulus_weights() for the others.
 */
void bitlet_stimulus_group(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, unsigned kind,
                           struct bitlet_rng *r, uint32_t *w, uint32_t *a, uint32_t *zero);

/* Weight words alone, for further PEs that share the activations. */
void bitlet_stimulus_weights(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, unsigned kind,
                             struct bitlet_rng *r, uint32_t *w);

/* Length of an output in groups, 1 .. min(max_groups, limit): mostly short, 1 and the maximum often. limit >= 1. */
unsigned bitlet_stimulus_length(const struct bitlet_config *c, struct bitlet_rng *r, unsigned limit);

#ifdef __cplusplus
}
#endif

#endif
