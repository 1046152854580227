#include "fast_count.h"

#include <string.h>

enum { WORDS = BITLET_MAX_LANES / 8, WINDOW = 8 };

/* Counters of 32 lanes, a byte each (N <= 128), eight to a word: lane l is byte l % 8 of word l / 8. */
struct counters {
	uint64_t word[WORDS];
};

/* Byte k of the result is bit k of b. */
static uint64_t spread(uint64_t b)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t each = b * ones & UINT64_C(0x8040201008040201); /* bit k alone in byte k */
	return (each + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & ones;
}

/* Adds the bits of a magnitude that begins at `lane`. */
static void count(struct counters *c, uint64_t magnitude, unsigned lane)
{
	magnitude <<= lane; /* below 2^32: it fits its lanes */
	for (unsigned i = 0; i < WORDS && magnitude; i++, magnitude >>= 8)
		c->word[i] += spread(magnitude & 0xff);
}

static unsigned counter(const struct counters *c, unsigned lane)
{
	return c->word[lane / 8] >> lane % 8 * 8 & 0xff;
}

/* The distilled magnitudes of a group of floats. */
static void float_magnitudes(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                             uint32_t *magnitude)
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
		magnitude[i] = shift < 64 ? (uint32_t)(full >> shift) : 0;
	}
}

static int32_t value(const struct bitlet_operand *o, size_t row, size_t e)
{
	return o->narrow ? o->narrow[row * o->padded + e] : o->wide[row * o->padded + e];
}

static void fixed_magnitudes(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                             uint32_t *magnitude)
{
	bool from_weights = w->c->side == BITLET_SIDE_WEIGHT, gate = w->c->gate_zero_activations;
	for (size_t i = 0; i < w->pairs; i++) {
		size_t e = group * w->pairs + i;
		int32_t va = gate || !from_weights ? value(a, pixel, e) : 1;
		int32_t v = from_weights ? value(w, output, e) : va;
		magnitude[i] = va == 0 ? 0 : (uint32_t)(v < 0 ? -v : v);
	}
}

/* Lane cycles behind the published window: an empty window costs a cycle when a 1 comes later. */
struct walk {
	uint16_t *cycles;
	unsigned empty[BITLET_MAX_LANES];
};

static void walk_window(struct walk *walk, const struct counters *window)
{
	for (unsigned l = 0; l < BITLET_MAX_LANES; l++) {
		unsigned ones = counter(window, l);
		if (ones) {
			walk->cycles[l] = (uint16_t)(walk->cycles[l] + walk->empty[l] + ones);
			walk->empty[l] = 0;
		} else {
			walk->empty[l]++;
		}
	}
}

static unsigned sum_bits(const uint32_t *magnitude, size_t n)
{
	unsigned bits = 0;
	for (size_t i = 0; i < n; i++)
		bits += (unsigned)__builtin_popcount(magnitude[i]);
	return bits;
}

/* Counts slots [first, end). */
static struct counters count_slots(const struct bitlet_mode *m, const uint32_t *magnitude, unsigned first, unsigned end)
{
	struct counters c = { { 0 } };
	for (unsigned i = first; i < end; i++)
		for (unsigned j = 0; j < m->pack; j++)
			count(&c, magnitude[i * m->pack + j], j * m->sub_lanes);
	return c;
}

unsigned fast_count_lanes(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output, size_t group,
                          uint16_t *cycles)
{
	const struct bitlet_mode *m = w->m;
	uint32_t magnitude[BITLET_MAX_N * 24];
	unsigned n = w->c->n, step = w->c->selector == BITLET_SELECTOR_WINDOW ? WINDOW : n;
	struct walk walk = { .cycles = cycles };
	memset(cycles, 0, BITLET_MAX_LANES * sizeof *cycles);
	(m->precision.is_float ? float_magnitudes : fixed_magnitudes)(w, a, pixel, output, group, magnitude);
	for (unsigned first = 0; first < n; first += step) {
		struct counters c = count_slots(m, magnitude, first, first + step < n ? first + step : n);
		if (step == WINDOW && w->c->selector == BITLET_SELECTOR_WINDOW)
			walk_window(&walk, &c);
		else
			for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
				cycles[l] = (uint16_t)counter(&c, l);
	}
	return sum_bits(magnitude, w->pairs);
}

uint64_t bitlet_fast_busiest(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output,
                             uint16_t *busiest)
{
	uint64_t bits = 0;
	for (size_t g = 0; g < w->groups; g++) {
		uint16_t cycles[BITLET_MAX_LANES], most = 0;
		bits += fast_count_lanes(w, a, pixel, output, g, cycles);
		for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
			most = cycles[l] > most ? cycles[l] : most;
		if (busiest)
			busiest[g] = most;
	}
	return bits;
}
