#include "lane_group.h"

#include <string.h>

/* Spreads the bits of one slot's distilled magnitude over the lanes from `lane` up. */
static void distribute(struct lane_group *g, unsigned slot, uint64_t magnitude, unsigned lane)
{
	uint64_t bit = UINT64_C(1) << slot % 64;
	for (; magnitude; magnitude &= magnitude - 1)
		g->column[lane + (unsigned)__builtin_ctzll(magnitude)].word[slot / 64] |= bit;
}

static void load_float(struct lane_group *g, const struct bitlet_config *c, const struct bitlet_precision *p, const struct lane_beat *b)
{
	struct bitlet_float w[BITLET_MAX_N], a[BITLET_MAX_N];
	bool in[BITLET_MAX_N];
	for (unsigned i = 0; i < c->n; i++) {
		w[i] = bitlet_float_unpack(p, b->w[i]);
		a[i] = bitlet_float_unpack(p, b->a[i]);
		bitlet_specials_add(&g->specials, w[i], a[i]);
		in[i] = w[i].kind == BITLET_FINITE && a[i].kind == BITLET_FINITE;
		unsigned e = (unsigned)w[i].exp + a[i].exp;
		if (in[i] && e > g->exponent)
			g->exponent = e;
	}
	for (unsigned i = 0; i < c->n; i++) {
		unsigned shift = g->exponent - w[i].exp - a[i].exp;
		uint64_t full = (uint64_t)w[i].man << c->guard_bits;
		if (!in[i])
			continue;
		uint64_t aligned = shift < 64 ? full >> shift : 0;
		g->inexact |= shift < 64 ? aligned << shift != full : full != 0;
		distribute(g, i, aligned, 0);
		g->term[i] = w[i].negative != a[i].negative ? -(int32_t)a[i].man : (int32_t)a[i].man;
	}
}

static uint32_t magnitude(int32_t v)
{
	return (uint32_t)(v < 0 ? -v : v);
}

static void load_fixed(struct lane_group *g, const struct bitlet_config *c, const struct bitlet_mode *m, const struct lane_beat *b)
{
	const struct bitlet_precision *p = &m->precision;
	int32_t zero = c->zero_point ? bitlet_field(b->zero, 0, p->a_bits, p->a_signed) : 0;
	for (unsigned i = 0; i < c->n; i++) {
		for (unsigned j = 0; j < m->pack; j++) {
			int32_t w = bitlet_field(b->w[i], j, p->w_bits, p->w_signed);
			int32_t a = bitlet_field(b->a[i], j, p->a_bits, p->a_signed) - zero;
			int32_t distilled = c->side == BITLET_SIDE_WEIGHT ? w : a;
			int32_t selected = c->side == BITLET_SIDE_WEIGHT ? a : w;
			if (c->gate_zero_activations && a == 0)
				distilled = 0;
			distribute(g, i, magnitude(distilled), j * m->sub_lanes);
			g->term[i * m->pack + j] = distilled < 0 ? -selected : selected;
		}
	}
}

unsigned lane_column_cycles(const struct bitlet_config *c, struct lane_column col)
{
	unsigned cycles = 0;
	if (c->selector == BITLET_SELECTOR_FULL)
		return (unsigned)(__builtin_popcountll(col.word[0]) + __builtin_popcountll(col.word[1]));
	while (col.word[0] | col.word[1]) {
		unsigned ones = (unsigned)__builtin_popcountll(col.word[0] & 0xff);
		cycles += ones ? ones : 1; /* an empty window costs a cycle */
		col.word[0] = col.word[0] >> 8 | col.word[1] << 56;
		col.word[1] >>= 8;
	}
	return cycles;
}

/* Dense engine: every slot's magnitude times its term at once, and nothing is left for lanes. */
static void multiply(struct lane_group *g, const struct bitlet_config *c, const struct bitlet_mode *m)
{
	g->products = 0;
	for (unsigned i = 0; i < c->n; i++) {
		int64_t magnitude = 0;
		for (unsigned l = 0; l < m->lanes; l++)
			magnitude |= (int64_t)(g->column[l].word[i / 64] >> i % 64 & 1) << l;
		if (magnitude)
			g->products += (bitlet_int128)magnitude * g->term[i];
	}
	memset(g->column, 0, sizeof g->column);
}

void lane_group_load(struct lane_group *g, const struct bitlet_config *c, const struct bitlet_derived *d, const struct lane_beat *beat)
{
	const struct bitlet_mode *m = &d->mode[beat->mode];
	memset(g->column, 0, sizeof g->column);
	memset(&g->specials, 0, sizeof g->specials);
	g->inexact = false;
	g->exponent = 0;
	g->busiest = 0;
	g->mode = beat->mode;
	g->ends_output = beat->last;
	g->ends_unit = beat->last || m->precision.is_float;
	if (m->precision.is_float)
		load_float(g, c, &m->precision, beat);
	else
		load_fixed(g, c, m, beat);
	if (c->engine == BITLET_DENSE)
		multiply(g, c, m);
	for (unsigned l = 0; l < m->lanes; l++) {
		unsigned cycles = lane_column_cycles(c, g->column[l]);
		if (cycles > g->busiest)
			g->busiest = cycles;
	}
}
