/*
 * stimulus_kind.h: how the kinds of stimulus.h look in either family of precisions; fields, not yet packed into words.
 */
#ifndef BITLET_STIMULUS_KIND_H
#define BITLET_STIMULUS_KIND_H

#include <stdbool.h>

#include "stimulus.h"

enum { STIMULUS_MAX_PAIRS = BITLET_MAX_N * 24 };

/* The pairs of a group as fields: w[count], a[count]; zero is the zero point field. */
struct stimulus_pairs {
	unsigned count;
	uint32_t *w, *a;
	uint32_t zero;
};

/* Sum of twelve uniforms: mean 0, standard deviation 2^32, |x| <= 6 * 2^32. */
int64_t stimulus_gauss(struct bitlet_rng *r);

/* kind is below BITLET_STIMULI. */
void stimulus_float(const struct bitlet_precision *p, unsigned kind, struct bitlet_rng *r, struct stimulus_pairs *out);
void stimulus_fixed(const struct bitlet_precision *p, bool zero_point, unsigned kind, struct bitlet_rng *r, struct stimulus_pairs *out);

#endif
