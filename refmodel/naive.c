#include "naive.h"

#include <assert.h>
#include <string.h>

#include "exact.h"

/* ---- words and fields (section 1) ---- */

static uint32_t field(uint32_t word, unsigned j, unsigned bits)
{
	return (uint32_t)((uint64_t)word >> (j * bits) & ((UINT64_C(1) << bits) - 1));
}

static int64_t integer(uint32_t bits, unsigned width, bool is_signed)
{
	if (is_signed && bits >> (width - 1) & 1)
		return (int64_t)bits - (INT64_C(1) << width);
	return (int64_t)bits;
}

/* A float taken apart; e is the exponent that counts (1 for subnormals), m has the hidden bit. */
struct parts {
	bool sign, nan, signalling, infinite, zero;
	unsigned e;
	uint32_t m;
};

static struct parts take_apart(uint32_t word, const struct bitlet_precision *p)
{
	struct parts f;
	uint32_t fraction = field(word, 0, p->man_bits);
	unsigned exponent = field(word >> p->man_bits, 0, p->exp_bits);
	bool special = exponent == (1u << p->exp_bits) - 1;
	f.sign = word >> (p->man_bits + p->exp_bits) & 1;
	f.nan = special && fraction != 0;
	f.signalling = f.nan && !(fraction >> (p->man_bits - 1) & 1);
	f.infinite = special && fraction == 0;
	f.zero = exponent == 0 && fraction == 0;
	f.e = exponent == 0 ? 1 : exponent;
	f.m = exponent == 0 ? fraction : fraction | (uint32_t)1 << p->man_bits;
	return f;
}

static bool takes_part(struct parts w, struct parts a)
{
	return !w.zero && !a.zero && !w.nan && !a.nan && !w.infinite && !a.infinite;
}

/* ---- float groups (section 3) ---- */

static void float_specials(struct parts w, struct parts a, struct bitlet_naive_group *g)
{
	bool zero_times_infinity = (w.infinite && a.zero) || (w.zero && a.infinite);
	if (w.signalling || a.signalling || zero_times_infinity)
		g->invalid = true;
	if (w.nan || a.nan || zero_times_infinity)
		g->nan = true;
	else if ((w.infinite || a.infinite) && w.sign == a.sign)
		g->pinf = true;
	else if (w.infinite || a.infinite)
		g->ninf = true;
}

/* a_i of step 3; *lost becomes true when a 1 falls off. */
static uint64_t align(uint32_t m, unsigned guard, unsigned shift, bool *lost)
{
	uint64_t a = (uint64_t)m << guard;
	for (; shift > 0; shift--) {
		if (a & 1)
			*lost = true;
		a /= 2;
	}
	return a;
}

static void float_group(const struct bitlet_config *c, const struct bitlet_precision *p, const uint32_t *w, const uint32_t *a,
                        struct bitlet_naive_group *g)
{
	struct parts fw[BITLET_MAX_N], fa[BITLET_MAX_N];
	for (unsigned i = 0; i < c->n; i++) {
		fw[i] = take_apart(w[i], p);
		fa[i] = take_apart(a[i], p);
		float_specials(fw[i], fa[i], g);
		if (takes_part(fw[i], fa[i]) && fw[i].e + fa[i].e > g->exponent)
			g->exponent = fw[i].e + fa[i].e;
	}
	if (g->pinf && g->ninf)
		g->invalid = true;
	for (unsigned i = 0; i < c->n; i++) {
		if (!takes_part(fw[i], fa[i]))
			continue;
		uint64_t aligned = align(fw[i].m, c->guard_bits, g->exponent - fw[i].e - fa[i].e, &g->inexact);
		bitlet_int128 product = (bitlet_int128)fa[i].m * (bitlet_int128)aligned;
		g->sum += fw[i].sign != fa[i].sign ? -product : product;
	}
}

/* ---- fixed groups (section 5) ---- */

static int64_t zero_point(const struct bitlet_config *c, const struct bitlet_precision *p, uint32_t zero)
{
	return c->zero_point ? integer(field(zero, 0, p->a_bits), p->a_bits, p->a_signed) : 0;
}

static void fixed_group(const struct bitlet_config *c, const struct bitlet_mode *m, const uint32_t *w, const uint32_t *a,
                        uint32_t zero, struct bitlet_naive_group *g)
{
	const struct bitlet_precision *p = &m->precision;
	for (unsigned i = 0; i < c->n; i++) {
		for (unsigned j = 0; j < m->pack; j++) {
			int64_t vw = integer(field(w[i], j, p->w_bits), p->w_bits, p->w_signed);
			int64_t va = integer(field(a[i], j, p->a_bits), p->a_bits, p->a_signed);
			g->sum += (bitlet_int128)vw * (va - zero_point(c, p, zero));
		}
	}
}

void bitlet_naive_group(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t *w,
                        const uint32_t *a, uint32_t zero, struct bitlet_naive_group *g)
{
	assert(mode < d->modes);
	memset(g, 0, sizeof *g);
	if (d->mode[mode].precision.is_float)
		float_group(c, &d->mode[mode].precision, w, a, g);
	else
		fixed_group(c, &d->mode[mode], w, a, zero, g);
}

/* ---- rounding (section 6) ---- */

/* Mantissa of |x| with its lowest bit at weight 2^low, truncated; then rounded to nearest even. */
static uint32_t round_at(const struct exact *x, int top, int low)
{
	uint32_t m = 0;
	for (int e = top; e >= low; e--)
		m = m * 2 + exact_bit(x, e);
	bool half = exact_bit(x, low - 1);
	bool below_half = exact_any_below(x, low - 1);
	return half && (below_half || m & 1) ? m + 1 : m;
}

static uint32_t round_fp32(const struct exact *value, uint8_t *flags)
{
	struct exact x = *value;
	uint32_t sign = 0;
	if (exact_is_zero(&x))
		return 0;
	if (exact_is_negative(&x)) {
		exact_negate(&x);
		sign = UINT32_C(1) << 31;
	}
	int top = exact_top(&x);
	int low = top < -126 ? -149 : top - 23; /* weight of the last mantissa bit */
	uint32_t m = round_at(&x, top, low);
	bool inexact = exact_any_below(&x, low);
	if (m == UINT32_C(1) << 24) {
		m /= 2;
		low++;
	}
	bool too_large = m >= UINT32_C(1) << 23 && low + 23 > 127;
	if (inexact || too_large)
		*flags |= BITLET_INEXACT;
	if (inexact && top < -126)
		*flags |= BITLET_UNDERFLOW;
	if (too_large) {
		*flags |= BITLET_OVERFLOW;
		return sign | UINT32_C(0x7f800000);
	}
	if (m < UINT32_C(1) << 23) /* subnormal, exponent field 0 */
		return sign | m;
	return sign | (uint32_t)(low + 23 + 127) << 23 | (m & 0x7fffff);
}

uint32_t bitlet_naive_pack(bitlet_int128 v, int exponent, uint8_t *flags)
{
	struct exact x;
	exact_zero(&x);
	exact_add(&x, v, exponent);
	return round_fp32(&x, flags);
}

/* ---- groups of one output, float (section 4) ---- */

static const struct bitlet_precision fp32 = { .is_float = true, .exp_bits = 8, .man_bits = 23 };

static void exact_add_parts(struct exact *x, struct parts f)
{
	exact_add(x, f.sign ? -(bitlet_int128)f.m : (bitlet_int128)f.m, (int)f.e - 127 - 23);
}

uint32_t bitlet_naive_add(uint32_t x, uint32_t y, uint8_t *flags)
{
	struct parts fx = take_apart(x, &fp32), fy = take_apart(y, &fp32);
	if (fx.nan || fy.nan) {
		if (fx.signalling || fy.signalling)
			*flags |= BITLET_INVALID;
		return BITLET_NAN;
	}
	if (fx.infinite && fy.infinite && fx.sign != fy.sign) {
		*flags |= BITLET_INVALID;
		return BITLET_NAN;
	}
	if (fx.infinite)
		return x;
	if (fy.infinite)
		return y;
	if (fx.zero && fy.zero)
		return fx.sign && fy.sign ? UINT32_C(1) << 31 : 0;
	struct exact sum;
	exact_zero(&sum);
	exact_add_parts(&sum, fx);
	exact_add_parts(&sum, fy);
	return round_fp32(&sum, flags);
}

/* True, and *bits the result, when specials decide; flags then hold at most invalid. */
static bool special_result(const struct bitlet_naive_group *g, uint32_t *bits)
{
	if (g->nan || (g->pinf && g->ninf))
		*bits = BITLET_NAN;
	else if (g->pinf)
		*bits = UINT32_C(0x7f800000);
	else if (g->ninf)
		*bits = UINT32_C(0xff800000);
	else
		return false;
	return true;
}

static uint32_t pack_group(const struct bitlet_mode *m, const struct bitlet_naive_group *g, uint8_t *flags)
{
	uint32_t bits;
	if (g->invalid)
		*flags |= BITLET_INVALID;
	if (special_result(g, &bits))
		return bits;
	if (g->inexact)
		*flags |= BITLET_INEXACT;
	return bitlet_naive_pack(g->sum, (int)g->exponent - (int)m->scale, flags);
}

static struct bitlet_result output_fp32(const struct bitlet_mode *m, const struct bitlet_naive_group *g, size_t groups)
{
	struct bitlet_result r = { 0, 0 };
	uint32_t sum = pack_group(m, &g[0], &r.flags);
	for (size_t i = 1; i < groups; i++)
		sum = bitlet_naive_add(sum, pack_group(m, &g[i], &r.flags), &r.flags);
	r.bits = sum;
	return r;
}

/* v / 2^shift towards minus infinity, in acc_bits bits. */
static bitlet_int128 shift_right(bitlet_int128 v, unsigned shift, bool *lost)
{
	for (; shift > 0 && v != 0; shift--) {
		if (v & 1)
			*lost = true;
		if (v == -1)
			return -1;
		v >>= 1;
	}
	return v;
}

static struct bitlet_result output_wide(const struct bitlet_mode *m, const struct bitlet_naive_group *g, size_t groups)
{
	struct bitlet_result r = { 0, 0 };
	struct bitlet_naive_group all = { .sum = 0 };
	uint32_t bits;
	for (size_t i = 0; i < groups; i++) {
		if (g[i].exponent > all.exponent) {
			all.sum = shift_right(all.sum, g[i].exponent - all.exponent, &all.inexact) + g[i].sum;
			all.exponent = g[i].exponent;
		} else {
			all.sum += shift_right(g[i].sum, all.exponent - g[i].exponent, &all.inexact);
		}
		all.nan |= g[i].nan;
		all.pinf |= g[i].pinf;
		all.ninf |= g[i].ninf;
		all.invalid |= g[i].invalid;
		all.inexact |= g[i].inexact;
	}
	if (all.pinf && all.ninf)
		all.invalid = true;
	bits = pack_group(m, &all, &r.flags);
	r.bits = bits;
	return r;
}

static struct bitlet_result output_fixed(const struct bitlet_config *c, const struct bitlet_derived *d,
                                         const struct bitlet_naive_group *g, size_t groups)
{
	bitlet_int128 sum = 0;
	bitlet_int128 top = ((bitlet_int128)1 << (c->result_bits - 1)) - 1;
	struct bitlet_result r = { 0, 0 };
	for (size_t i = 0; i < groups; i++)
		sum += g[i].sum;
	if (sum > top || sum < -top - 1) {
		r.flags = BITLET_OVERFLOW;
		sum = sum > top ? top : -top - 1;
	}
	r.bits = bitlet_result_word(d, (int64_t)sum);
	return r;
}

struct bitlet_result bitlet_naive_output(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode,
                                         const struct bitlet_naive_group *g, size_t groups)
{
	const struct bitlet_mode *m = &d->mode[mode];
	assert(mode < d->modes && groups >= 1);
	if (!m->precision.is_float)
		return output_fixed(c, d, g, groups);
	return c->accumulation == BITLET_ACCUMULATION_FP32 ? output_fp32(m, g, groups) : output_wide(m, g, groups);
}

/* ---- lanes (section 8) ---- */

static void count_ones(uint64_t magnitude, unsigned first_lane, unsigned *ones)
{
	for (unsigned k = 0; magnitude >> k; k++)
		ones[first_lane + k] += (unsigned)(magnitude >> k & 1);
}

static void float_lanes(const struct bitlet_config *c, const struct bitlet_precision *p, const uint32_t *w, const uint32_t *a,
                        unsigned *ones)
{
	struct bitlet_naive_group g;
	memset(&g, 0, sizeof g);
	float_group(c, p, w, a, &g);
	for (unsigned i = 0; i < c->n; i++) {
		struct parts fw = take_apart(w[i], p), fa = take_apart(a[i], p);
		bool lost;
		if (takes_part(fw, fa))
			count_ones(align(fw.m, c->guard_bits, g.exponent - fw.e - fa.e, &lost), 0, ones);
	}
}

static void fixed_lanes(const struct bitlet_config *c, const struct bitlet_mode *m, const uint32_t *w, const uint32_t *a,
                        uint32_t zero, unsigned *ones)
{
	const struct bitlet_precision *p = &m->precision;
	for (unsigned i = 0; i < c->n; i++) {
		for (unsigned j = 0; j < m->pack; j++) {
			int64_t vw = integer(field(w[i], j, p->w_bits), p->w_bits, p->w_signed);
			int64_t va = integer(field(a[i], j, p->a_bits), p->a_bits, p->a_signed) - zero_point(c, p, zero);
			int64_t v = c->side == BITLET_SIDE_WEIGHT ? vw : va;
			if (c->gate_zero_activations && va == 0)
				v = 0;
			count_ones((uint64_t)(v < 0 ? -v : v), j * m->sub_lanes, ones);
		}
	}
}

void bitlet_naive_lanes(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t *w,
                        const uint32_t *a, uint32_t zero, unsigned *ones)
{
	const struct bitlet_mode *m = &d->mode[mode];
	memset(ones, 0, BITLET_MAX_LANES * sizeof *ones);
	if (c->engine == BITLET_DENSE)
		return;
	if (m->precision.is_float)
		float_lanes(c, &m->precision, w, a, ones);
	else
		fixed_lanes(c, m, w, a, zero, ones);
}
