#include "fast_count.h"

#include <string.h>

enum { PLANES = 8, WINDOW = 8 }; /* N <= 128 */

/*
 * Each slot is one word: bit l is set when the slot has an essential bit for lane l. Words are added up in bit planes: bit l of
 * plane p is bit p of lane l's count, so that all lanes are counted at once.
 */
struct planes {
	uint32_t plane[PLANES];
};

static void add_word(struct planes *c, uint32_t word)
{
	for (unsigned p = 0; word; p++) {
		uint32_t carry = c->plane[p] & word;
		c->plane[p] ^= word;
		word = carry;
	}
}

static struct planes count_slots(const uint32_t *slot, unsigned first, unsigned end)
{
	struct planes c = { { 0 } };
	for (unsigned i = first; i < end; i++)
		add_word(&c, slot[i]);
	return c;
}

static unsigned lane_count(const struct planes *c, unsigned lane)
{
	unsigned n = 0;
	for (unsigned p = 0; p < PLANES; p++)
		n |= (unsigned)(c->plane[p] >> lane & 1) << p;
	return n;
}

/* The largest count: from the top plane down, keep the lanes that have a 1 whenever one has. */
static unsigned largest_count(const struct planes *c)
{
	uint32_t left = UINT32_MAX;
	unsigned n = 0;
	for (unsigned p = PLANES; p-- > 0;) {
		if (left & c->plane[p]) {
			left &= c->plane[p];
			n |= 1u << p;
		}
	}
	return n;
}

static unsigned total_count(const struct planes *c)
{
	unsigned n = 0;
	for (unsigned p = 0; p < PLANES; p++)
		n += (unsigned)__builtin_popcount(c->plane[p]) << p;
	return n;
}

static void float_slots(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                        uint32_t *slot)
{
	size_t first = group * w->pairs;
	int32_t top = 0;
	for (size_t i = 0; i < w->pairs; i++) {
		int32_t e = w->exp[fast_place(w, output, first + i)] + a->exp[fast_place(a, pixel, first + i)];
		top = e > top ? e : top;
	}
	for (size_t i = 0; i < w->pairs; i++) {
		size_t at = fast_place(w, output, first + i);
		int32_t shift = top - (w->exp[at] + a->exp[fast_place(a, pixel, first + i)]);
		uint64_t full = (uint64_t)((uint32_t)w->man[at] & 0x7fffffff) << w->c->guard_bits;
		slot[i] = shift < 64 ? (uint32_t)(full >> shift) : 0;
	}
}

static int32_t value(const struct bitlet_operand *o, size_t row, size_t e)
{
	return o->narrow ? o->narrow[row * o->padded + e] : o->wide[row * o->padded + e];
}

static void fixed_slots(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                        uint32_t *slot)
{
	bool from_weights = w->c->side == BITLET_SIDE_WEIGHT, gate = w->c->gate_zero_activations;
	size_t e = group * w->pairs;
	for (unsigned i = 0; i < w->c->n; i++) {
		slot[i] = 0;
		for (unsigned j = 0; j < w->m->pack; j++, e++) {
			int32_t va = gate || !from_weights ? value(a, pixel, e) : 1;
			int32_t v = from_weights ? value(w, output, e) : va;
			if (va != 0)
				slot[i] |= (uint32_t)(v < 0 ? -v : v) << (j * w->m->sub_lanes);
		}
	}
}

/* Lane cycles behind the published window: an empty window costs a cycle when a 1 comes later. */
static void count_windows(const uint32_t *slot, unsigned n, struct fast_cost *cost)
{
	unsigned empty[BITLET_MAX_LANES] = { 0 }, cycles[BITLET_MAX_LANES] = { 0 };
	for (unsigned first = 0; first < n; first += WINDOW) {
		struct planes c = count_slots(slot, first, first + WINDOW < n ? first + WINDOW : n);
		cost->bits += total_count(&c);
		for (unsigned l = 0; l < BITLET_MAX_LANES; l++) {
			unsigned ones = lane_count(&c, l);
			cycles[l] += ones ? empty[l] + ones : 0;
			empty[l] = ones ? 0 : empty[l] + 1;
		}
	}
	for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
		if (cycles[l] > cost->busiest)
			cost->busiest = (uint16_t)cycles[l];
}

void fast_count_group(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                      struct fast_cost *cost)
{
	uint32_t slot[BITLET_MAX_N];
	if (w->c->engine == BITLET_DENSE) { /* nothing is distilled */
		*cost = (struct fast_cost){0};
		return;
	}
	(w->m->precision.is_float ? float_slots : fixed_slots)(w, a, pixel, output, group, slot);
	cost->bits = 0;
	cost->busiest = 0;
	if (w->c->selector == BITLET_SELECTOR_WINDOW) {
		count_windows(slot, w->c->n, cost);
		return;
	}
	struct planes c = count_slots(slot, 0, w->c->n);
	cost->bits = total_count(&c);
	cost->busiest = (uint16_t)largest_count(&c);
	for (unsigned l = 0; l < BITLET_MAX_LANES && fast_count_lanes(w); l++)
		cost->lane[l] = (uint16_t)lane_count(&c, l);
}

uint64_t bitlet_fast_busiest(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output,
                             uint16_t *busiest)
{
	uint64_t bits = 0;
	for (size_t g = 0; g < w->groups; g++) {
		struct fast_cost cost;
		fast_count_group(w, a, pixel, output, g, &cost);
		bits += cost.bits;
		if (busiest)
			busiest[g] = cost.busiest;
	}
	return bits;
}
