#include "stimulus.h"

#include <assert.h>
#include <string.h>

#include "stimulus_kind.h"

static const char *const names[] = { "uniform", "gauss", "relu", "sparse", "corner", "finite", "extreme", "cancel", "lanes", "mixed" };

const char *bitlet_stimulus_name(unsigned kind)
{
	return kind <= BITLET_STIMULUS_MIXED ? names[kind] : NULL;
}

uint64_t bitlet_random(struct bitlet_rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64, public domain, Sebastiano Vigna */
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t bitlet_random_below(struct bitlet_rng *r, uint32_t n)
{
	return (uint32_t)((bitlet_random(r) >> 32) * n >> 32);
}

int64_t stimulus_gauss(struct bitlet_rng *r)
{
	int64_t sum = -(INT64_C(6) << 32);
	for (int i = 0; i < 6; i++) {
		uint64_t x = bitlet_random(r);
		sum += (int64_t)((x >> 32) + (x & 0xffffffffu));
	}
	return sum;
}

int32_t bitlet_random_gauss(struct bitlet_rng *r)
{
	return (int32_t)(stimulus_gauss(r) / 65536);
}

/* Joins the fields of each slot to its word. */
static void join(const struct bitlet_config *c, unsigned pack, unsigned bits, const uint32_t *fields, uint32_t *words)
{
	for (unsigned i = 0; i < c->n; i++) {
		words[i] = 0;
		for (unsigned j = 0; j < pack; j++)
			words[i] |= fields[i * pack + j] << (j * bits);
	}
}

void bitlet_stimulus_group(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, unsigned kind,
                           struct bitlet_rng *r, uint32_t *w, uint32_t *a, uint32_t *zero)
{
	const struct bitlet_mode *m = &d->mode[mode];
	uint32_t fw[STIMULUS_MAX_PAIRS], fa[STIMULUS_MAX_PAIRS];
	struct stimulus_pairs pairs = { .count = c->n * m->pack, .w = fw, .a = fa };
	assert(mode < d->modes && kind <= BITLET_STIMULUS_MIXED);
	if (kind == BITLET_STIMULUS_MIXED)
		kind = bitlet_random_below(r, BITLET_STIMULI);
	if (m->precision.is_float)
		stimulus_float(&m->precision, kind, r, &pairs);
	else
		stimulus_fixed(&m->precision, c->zero_point, kind, r, &pairs);
	join(c, m->pack, m->precision.w_bits, fw, w);
	join(c, m->pack, m->precision.a_bits, fa, a);
	*zero = pairs.zero;
}

void bitlet_stimulus_weights(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, unsigned kind,
                             struct bitlet_rng *r, uint32_t *w)
{
	uint32_t a[BITLET_MAX_N], zero;
	bitlet_stimulus_group(c, d, mode, kind, r, w, a, &zero);
}

unsigned bitlet_stimulus_length(const struct bitlet_config *c, struct bitlet_rng *r, unsigned limit)
{
	unsigned top = c->max_groups < limit ? c->max_groups : limit;
	unsigned small = top < 4 ? top : 4;
	assert(limit >= 1);
	switch (bitlet_random_below(r, 8)) {
	case 0:
	case 1:
		return 1;
	case 2:
		return top;
	case 3:
		return 1 + bitlet_random_below(r, top);
	default:
		return 1 + bitlet_random_below(r, small);
	}
}
