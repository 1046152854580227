#include <string.h>

#include "stimulus_kind.h"

static uint32_t top_exponent(const struct bitlet_precision *p)
{
	return (UINT32_C(1) << p->exp_bits) - 1; /* that of infinity and NaN */
}

static uint32_t ones(const struct bitlet_precision *p)
{
	return (UINT32_C(1) << p->man_bits) - 1;
}

static uint32_t compose(const struct bitlet_precision *p, uint64_t sign, uint32_t exponent, uint32_t fraction)
{
	return (uint32_t)(sign & 1) << (p->exp_bits + p->man_bits) | exponent << p->man_bits | (fraction & ones(p));
}

static uint32_t any_finite(const struct bitlet_precision *p, struct bitlet_rng *r)
{
	uint64_t x = bitlet_random(r);
	return compose(p, x, bitlet_random_below(r, top_exponent(p)), (uint32_t)(x >> 32));
}

/* v * 2^-scale, truncated to the format; below the normal range 0. */
static uint32_t from_integer(const struct bitlet_precision *p, int64_t v, int scale)
{
	uint64_t m = (uint64_t)(v < 0 ? -v : v);
	int bias = (1 << (p->exp_bits - 1)) - 1;
	if (m == 0)
		return 0;
	int top = 63 - __builtin_clzll(m), exponent = top - scale + bias;
	uint64_t fraction = top >= p->man_bits ? m >> (top - p->man_bits) : m << (p->man_bits - top);
	return exponent < 1 ? 0 : compose(p, v < 0, (uint32_t)exponent, (uint32_t)fraction);
}

/* Standard deviation 2^-5 or 1. */
static uint32_t gauss_weight(const struct bitlet_precision *p, struct bitlet_rng *r)
{
	return from_integer(p, stimulus_gauss(r), 37);
}

static uint32_t gauss_activation(const struct bitlet_precision *p, struct bitlet_rng *r)
{
	return from_integer(p, stimulus_gauss(r), 32);
}

static uint32_t corner(const struct bitlet_precision *p, struct bitlet_rng *r, uint32_t exponents)
{
	uint32_t bias = (UINT32_C(1) << (p->exp_bits - 1)) - 1, top = top_exponent(p), quiet = (ones(p) + 1) / 2;
	const uint32_t exponent[] = { 0, 0, 1, 2, bias - 1, bias, bias + 1, top - 2, top - 1, top };
	const uint32_t fraction[] = { 0, 0, 1, ones(p), quiet, quiet - 1, ones(p) - 1, UINT32_C(1) << bitlet_random_below(r, p->man_bits),
		                      (uint32_t)bitlet_random(r) };
	return compose(p, bitlet_random(r), exponent[bitlet_random_below(r, exponents)],
	               fraction[bitlet_random_below(r, sizeof fraction / sizeof *fraction)]);
}

enum { ALL_EXPONENTS = 10, FINITE_EXPONENTS = 9 };

static void fill_uniform(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	/* with many pairs nearly every group would hold a NaN; most groups shall hold none */
	bool specials = bitlet_random_below(r, 4) == 0;
	uint32_t mask = (uint32_t)((UINT64_C(1) << p->w_bits) - 1);
	for (unsigned i = 0; i < out->count; i++) {
		out->w[i] = specials ? (uint32_t)bitlet_random(r) & mask : any_finite(p, r);
		out->a[i] = specials ? (uint32_t)bitlet_random(r) & mask : any_finite(p, r);
	}
}

static void fill_gauss(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	for (unsigned i = 0; i < out->count; i++) {
		out->w[i] = gauss_weight(p, r);
		out->a[i] = gauss_activation(p, r);
	}
}

static void fill_relu(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	fill_gauss(p, r, out);
	for (unsigned i = 0; i < out->count; i++)
		if (out->a[i] >> (p->exp_bits + p->man_bits))
			out->a[i] = 0;
}

static void fill_sparse(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	unsigned tenths = bitlet_random_below(r, 4) ? 1 : 0; /* a quarter of the groups is all zeros */
	for (unsigned i = 0; i < out->count; i++) {
		out->w[i] = bitlet_random_below(r, 10) < tenths ? gauss_weight(p, r) : compose(p, bitlet_random(r), 0, 0);
		out->a[i] = bitlet_random_below(r, 2) ? gauss_activation(p, r) : compose(p, bitlet_random(r), 0, 0);
	}
}

static void fill_corner(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out, uint32_t exponents)
{
	/* mostly a few corners among harmless values, or NaN would win nearly everywhere */
	uint32_t rare = bitlet_random_below(r, 3) ? 1 + out->count / 2 : 1;
	for (unsigned i = 0; i < out->count; i++) {
		bool now = bitlet_random_below(r, rare) == 0;
		out->w[i] = corner(p, r, now ? exponents : FINITE_EXPONENTS);
		out->a[i] = corner(p, r, now ? exponents : FINITE_EXPONENTS);
	}
}

/* A pair whose biased exponents add up to about `sum`. */
static void pair_at(const struct bitlet_precision *p, struct bitlet_rng *r, uint32_t sum, uint32_t *w, uint32_t *a)
{
	uint32_t top = top_exponent(p) - 1;
	uint32_t low = sum > top ? sum - top : 0, high = sum < top ? sum : top;
	uint32_t ew = high > low ? low + bitlet_random_below(r, high - low + 1) : high;
	uint32_t ea = sum - ew > top ? top : sum - ew;
	uint64_t x = bitlet_random(r);
	*w = compose(p, x, ew, (uint32_t)(x >> 8));
	*a = compose(p, x >> 1, ea, (uint32_t)(x >> 36));
}

/* Exponent sums around one base: where results are subnormal, where they overflow, at the ends, or anywhere; spread 0 to beyond all lanes. */
static void fill_extreme(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	uint32_t bias = (UINT32_C(1) << (p->exp_bits - 1)) - 1, most = 2 * (top_exponent(p) - 1);
	static const uint32_t spreads[] = { 1, 2, 4, 12, 30, 60 };
	uint32_t spread = spreads[bitlet_random_below(r, 6)];
	const uint32_t bases[] = { 2, 2 * bias > 150 ? 2 * bias - 150 : 2, 2 * bias > 126 ? 2 * bias - 130 : 4, 2 * bias, 2 * bias + 120, most,
		                   bitlet_random_below(r, most) };
	uint32_t base = bases[bitlet_random_below(r, 7)];
	for (unsigned i = 0; i < out->count; i++) {
		uint32_t sum = base + bitlet_random_below(r, spread);
		pair_at(p, r, sum > most ? most : sum, &out->w[i], &out->a[i]);
	}
}

static void fill_cancel(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	uint32_t sign = UINT32_C(1) << (p->exp_bits + p->man_bits);
	fill_gauss(p, r, out);
	for (unsigned i = 0; i + 1 < out->count; i += 2) {
		out->w[i + 1] = out->w[i] ^ sign;
		out->a[i + 1] = out->a[i];
	}
	if (bitlet_random_below(r, 2))
		out->w[out->count - 1] ^= bitlet_random_below(r, 2) ? 1 : sign; /* a rest: one unit in the last place, or the whole pair */
}

static void fill_lanes(const struct bitlet_precision *p, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	uint32_t empty = (uint32_t)(bitlet_random(r) & bitlet_random(r)), full = (uint32_t)bitlet_random(r);
	for (unsigned i = 0; i < out->count; i++) {
		uint64_t x = bitlet_random(r);
		out->w[i] = compose(p, x, (1u << (p->exp_bits - 1)) - 1, ((uint32_t)(x >> 32) | full) & ~empty);
		out->a[i] = compose(p, x >> 1, (1u << (p->exp_bits - 1)) - 1, (uint32_t)bitlet_random(r));
	}
}

void stimulus_float(const struct bitlet_precision *p, unsigned kind, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	static void (*const fill[])(const struct bitlet_precision *, struct bitlet_rng *, struct stimulus_pairs *) = {
		[BITLET_STIMULUS_UNIFORM] = fill_uniform, [BITLET_STIMULUS_GAUSS] = fill_gauss,   [BITLET_STIMULUS_RELU] = fill_relu,
		[BITLET_STIMULUS_SPARSE] = fill_sparse,   [BITLET_STIMULUS_EXTREME] = fill_extreme, [BITLET_STIMULUS_CANCEL] = fill_cancel,
		[BITLET_STIMULUS_LANES] = fill_lanes,
	};
	out->zero = 0;
	if (kind == BITLET_STIMULUS_CORNER)
		fill_corner(p, r, out, ALL_EXPONENTS);
	else if (kind == BITLET_STIMULUS_FINITE)
		fill_corner(p, r, out, FINITE_EXPONENTS);
	else
		fill[kind](p, r, out);
}
