#include <stdlib.h>

#include "feed.h"

bool feed_can_exhaust(const struct bitlet_derived *d, unsigned mode)
{
	const struct bitlet_precision *p = &d->mode[mode].precision;
	return p->is_float ? p->w_bits <= 16 : p->w_bits + p->a_bits <= 16;
}

/* Number of groups of the whole list. */
static size_t exhaustive_groups(const struct bitlet_config *c, const struct bitlet_mode *m)
{
	const struct bitlet_precision *p = &m->precision;
	if (p->is_float)
		return (size_t)2 << p->w_bits;
	return ((size_t)c->n * m->pack) << (p->w_bits + p->a_bits);
}

/* Float: word `index` mod 2^bits times 1.0; first as weight, then as activation. */
static void fill_float(const struct feed *f, size_t i, size_t index, const struct bitlet_precision *p)
{
	uint32_t one = (1u << (p->exp_bits - 1)) - 1;
	one <<= p->man_bits;
	uint32_t word = (uint32_t)index & ((1u << p->w_bits) - 1);
	bool is_weight = !(index >> p->w_bits);
	size_t slot = index % f->config->n;
	feed_act(f, i)[slot] = is_weight ? one : word;
	for (unsigned pe = 0; pe < f->config->pes; pe++)
		feed_wgt(f, i, pe)[slot] = is_weight ? word : one;
}

/* Fixed: pair `index` mod 2^(w + a) in place index >> (w + a), each PE beginning at another pair. */
static void fill_fixed(const struct feed *f, size_t i, size_t index, const struct bitlet_mode *m)
{
	const struct bitlet_precision *p = &m->precision;
	unsigned bits = p->w_bits + p->a_bits;
	size_t place = index >> bits;
	size_t slot = place / m->pack, field = place % m->pack;
	uint32_t a = (uint32_t)index & ((1u << p->a_bits) - 1);
	uint32_t w = (uint32_t)(index >> p->a_bits) & ((1u << p->w_bits) - 1);
	feed_act(f, i)[slot] = a << (field * p->a_bits);
	for (unsigned pe = 0; pe < f->config->pes; pe++) {
		uint32_t turned = (w + pe) & ((1u << p->w_bits) - 1);
		feed_wgt(f, i, pe)[slot] = turned << (field * p->w_bits);
	}
}

struct feed *feed_exhaustive(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, size_t first, size_t beats,
                             bool *left)
{
	const struct bitlet_mode *m = &d->mode[mode];
	size_t all = exhaustive_groups(c, m);
	*left = first + beats < all;
	if (!*left)
		beats = all - first;
	struct feed *f = feed_new(c, d, beats);
	if (!f)
		return NULL;
	for (size_t i = 0; i < beats; i++) {
		f->beat[i].mode = (uint8_t)mode;
		f->beat[i].last = true;
		if (m->precision.is_float)
			fill_float(f, i, first + i, &m->precision);
		else
			fill_fixed(f, i, first + i, m);
	}
	if (feed_finish(f))
		return f;
	feed_free(f);
	return NULL;
}
