/*
 * Floats with exponent matching (docs/engine.md sections 3, 4 and 6): FAST_LANES outputs of a pixel side by side, or as many pixels when there are few
 * outputs, group after group, the group's sum in 64-bit integers as the lanes of the hardware would build it.
 */
#include <string.h>

#include "fast_internal.h"

enum { FEW_OUTPUTS = 12 };      /* and fewer: pixels side by side */

/* One group of FAST_LANES results. */
struct sums {
	int64_t sum[FAST_LANES];
	int32_t exponent[FAST_LANES]; /* E_max */
	uint32_t lost[FAST_LANES];    /* nonzero: alignment shifted a 1 out */
};

static inline __attribute__((always_inline)) uint32_t align(uint32_t full, uint32_t shift, bool is_short)
{
	if (is_short)
		return full >> shift;
	return full >> shift / 2 >> (shift - shift / 2); /* C has no shift by 32 */
}

/*
 * w_man, w_exp: [n][FAST_LANES], of which by_pixel takes the first column; a_man, a_exp: [n], by_pixel [n][FAST_LANES]. In the short form mantissa and
 * guard bits stay below 2^31 (guard <= 7), which lets 32-bit multipliers do.
 */
static inline __attribute__((always_inline)) void sum_group(const int32_t *restrict w_man, const int32_t *restrict w_exp,
                                                            const int32_t *restrict a_man, const int32_t *restrict a_exp, size_t n,
                                                            unsigned guard, bool is_short, bool by_pixel, struct sums *restrict out)
{
	int32_t top[FAST_LANES] = { 0 };
	uint32_t lost[FAST_LANES] = { 0 };
	int64_t sum[FAST_LANES] = { 0 };
	const uint32_t most = is_short ? 31 : 32; /* shifts everything out */
	for (size_t i = 0; i < n; i++) {
#pragma GCC unroll 1 /* or the vectoriser sees straight code where a loop was */
		for (int l = 0; l < FAST_LANES; l++) {
			size_t lane = i * FAST_LANES + (size_t)l;
			int32_t e = w_exp[by_pixel ? i * FAST_LANES : lane] + a_exp[by_pixel ? lane : i];
			top[l] = e > top[l] ? e : top[l];
		}
	}
	for (size_t i = 0; i < n; i++) {
#pragma GCC unroll 1 /* or the vectoriser sees straight code where a loop was */
		for (int l = 0; l < FAST_LANES; l++) {
			size_t lane = i * FAST_LANES + (size_t)l, at_w = by_pixel ? i * FAST_LANES : lane, at_a = by_pixel ? lane : i;
			int32_t m = w_man[at_w], e = w_exp[at_w] + a_exp[at_a];
			uint32_t full = ((uint32_t)m & 0x7fffffff) << guard, distance = (uint32_t)(top[l] - e);
			uint32_t shift = distance < most ? distance : most, aligned = align(full, shift, is_short);
			int32_t sign = m >> 31, a = (a_man[at_a] ^ sign) - sign;
			lost[l] |= ((aligned << (shift & 31)) ^ full) & ~(uint32_t)(e >> 31); /* e < 0: takes no part */
			sum[l] += is_short ? (int64_t)(int32_t)aligned * a : (int64_t)aligned * a;
		}
	}
	memcpy(out->sum, sum, sizeof sum);
	memcpy(out->exponent, top, sizeof top);
	memcpy(out->lost, lost, sizeof lost);
}

#define SUM(name, is_short, by_pixel) \
	FAST_CLONES \
	static void name(const int32_t *w_man, const int32_t *w_exp, const int32_t *a_man, const int32_t *a_exp, size_t n, unsigned guard, struct sums *out) \
	{ \
		sum_group(w_man, w_exp, a_man, a_exp, n, guard, is_short, by_pixel, out); \
	}

SUM(sum_short, true, false)
SUM(sum_long, false, false)
SUM(sum_short_pixels, true, true)
SUM(sum_long_pixels, false, true)

static uint32_t float_bits(float f)
{
	uint32_t bits;
	memcpy(&bits, &f, sizeof bits);
	return bits;
}

static float bits_float(uint32_t bits)
{
	float f;
	memcpy(&f, &bits, sizeof f);
	return f;
}

static uint32_t exponent_field(uint32_t bits)
{
	return bits >> 23 & 0xff;
}

/* sum * 2^exponent to fp32. The machine's conversion rounds to nearest even; what it cannot do goes the long way, and
 * so does field 1: a value just below the normal ones may have been rounded up to it, which is an underflow. */
static inline uint32_t pack(int64_t sum, int exponent, uint8_t *flags)
{
	uint32_t bits = float_bits((float)sum);
	int field = (int)exponent_field(bits) + exponent;
	if (sum == 0)
		return 0;
	if (field < 2 || field > 254 || sum > INT64_MAX / 2 || sum < -INT64_MAX / 2)
		return bitlet_fp32_pack(sum, exponent, flags);
	if ((int64_t)bits_float(bits) != sum)
		*flags |= BITLET_INEXACT;
	return (bits & ~(UINT32_C(0xff) << 23)) | (uint32_t)field << 23;
}

/* IEEE addition with its inexact flag: the error of a rounded sum is itself a float (Knuth's TwoSum) unless something overflows. */
static inline uint32_t add(uint32_t x, uint32_t y, uint8_t *flags)
{
	enum { NEAR_OVERFLOW = 250 };
	if (exponent_field(x) >= NEAR_OVERFLOW || exponent_field(y) >= NEAR_OVERFLOW)
		return bitlet_fp32_add(x, y, flags);
	float a = bits_float(x), b = bits_float(y), s = a + b;
	float rest = s - a, error = (a - (s - rest)) + (b - rest);
	if (error != 0)
		*flags |= BITLET_INEXACT;
	return float_bits(s);
}

/* The outputs that are being accumulated. */
struct outputs {
	uint32_t fp32[FAST_LANES];
	uint8_t flags[FAST_LANES];
	struct wide {
		bitlet_int128 sum;
		int32_t exponent;
		bool inexact;
		struct bitlet_specials specials;
	} wide[FAST_LANES];
};

static void find_specials(const struct fast_part *part, size_t pixel, size_t output, size_t group, struct bitlet_specials *s)
{
	const struct bitlet_operand *w = part->w, *a = part->a;
	const uint32_t *ww = w->word + output * w->padded + group * w->pairs, *wa = a->word + pixel * a->padded + group * a->pairs;
	const struct bitlet_precision *p = &w->m->precision;
	for (size_t i = 0; i < w->pairs; i++)
		bitlet_specials_add(s, bitlet_float_unpack(p, ww[i]), bitlet_float_unpack(p, wa[i]));
}

static void add_fp32(const struct fast_part *part, struct outputs *all, size_t l, bool first, const struct sums *g,
                     struct bitlet_specials *s)
{
	uint8_t *flags = &all->flags[l];
	uint32_t word = s ? bitlet_specials_word(s) : 0;
	if (!word) {
		if (g->lost[l])
			*flags |= BITLET_INEXACT;
		word = pack(g->sum[l], g->exponent[l] - (int)part->w->m->scale, flags);
	} else if (s->invalid) {
		*flags |= BITLET_INVALID;
	}
	all->fp32[l] = first ? word : add(all->fp32[l], word, flags);
}

static bitlet_int128 shift_down(bitlet_int128 v, int32_t shift, bool *inexact)
{
	if (shift > 126)
		shift = 126;
	bitlet_int128 mask = ((bitlet_int128)1 << shift) - 1;
	*inexact |= (v & mask) != 0;
	return v >> shift;
}

static void add_wide(struct wide *v, size_t l, const struct sums *g, const struct bitlet_specials *s)
{
	v->inexact |= g->lost[l] != 0;
	if (g->exponent[l] > v->exponent) {
		v->sum = shift_down(v->sum, g->exponent[l] - v->exponent, &v->inexact) + g->sum[l];
		v->exponent = g->exponent[l];
	} else {
		v->sum += shift_down(g->sum[l], v->exponent - g->exponent[l], &v->inexact);
	}
	if (s) {
		v->specials.nan |= s->nan;
		v->specials.pinf |= s->pinf;
		v->specials.ninf |= s->ninf;
		v->specials.invalid |= s->invalid;
	}
}

static uint32_t finish_wide(const struct fast_part *part, struct wide *v, uint8_t *flags)
{
	uint32_t word = bitlet_specials_word(&v->specials);
	*flags = v->specials.invalid ? BITLET_INVALID : 0;
	if (word)
		return word;
	if (v->inexact)
		*flags |= BITLET_INEXACT;
	return bitlet_fp32_pack(v->sum, v->exponent - (int)part->w->m->scale, flags);
}

/* Result l of `count`: output + l of a pixel, or an output of pixel + l. */
struct row {
	size_t pixel, output, count;
	bool by_pixel;
};

static size_t pixel_of(const struct row *r, size_t l)
{
	return r->pixel + (r->by_pixel ? l : 0);
}

static size_t output_of(const struct row *r, size_t l)
{
	return r->output + (r->by_pixel ? 0 : l);
}

/* Adds one group's sums to the results. */
static void join(const struct fast_part *part, const struct row *r, size_t group, const struct sums *g, struct outputs *all)
{
	const struct bitlet_operand *w = part->w, *a = part->a;
	bool wide = w->c->accumulation == BITLET_ACCUMULATION_WIDE;
	for (size_t l = 0; l < r->count; l++) {
		struct bitlet_specials s = { false, false, false, false }, *found = NULL;
		size_t pixel = pixel_of(r, l), output = output_of(r, l);
		if (a->special[pixel * a->groups + group] || w->special[output * w->groups + group]) {
			find_specials(part, pixel, output, group, &s);
			found = &s;
		}
		if (wide)
			add_wide(&all->wide[l], l, g, found);
		else
			add_fp32(part, all, l, group == 0, g, found);
	}
}

static void finish(const struct fast_part *part, const struct row *r, struct outputs *all)
{
	bool wide = part->w->c->accumulation == BITLET_ACCUMULATION_WIDE;
	for (size_t l = 0; l < r->count; l++) {
		if (wide)
			all->fp32[l] = finish_wide(part, &all->wide[l], &all->flags[l]);
		fast_store(part, pixel_of(r, l), output_of(r, l), all->fp32[l], all->flags[l]);
	}
}

/* One pixel, outputs [output, output + count). */
static void compute(const struct fast_part *part, size_t pixel, size_t output, size_t count)
{
	const struct bitlet_operand *w = part->w, *a = part->a;
	const struct row r = { pixel, output, count, false };
	struct outputs all;
	memset(&all, 0, sizeof all);
	for (size_t g = 0; g < w->groups; g++) {
		struct sums s;
		size_t at_w = fast_place(w, output, g * w->pairs), at_a = fast_place(a, pixel, g * a->pairs);
		(w->c->guard_bits <= 7 ? sum_short : sum_long)(w->man + at_w, w->exp + at_w, a->man + at_a, a->exp + at_a, w->pairs,
		                                               w->c->guard_bits, &s);
		join(part, &r, g, &s, &all);
	}
	finish(part, &r, &all);
}

/* Elements `first` .. of FAST_LANES pixels from `pixel` on, turned: [n][FAST_LANES]. */
static void turn(const struct bitlet_operand *a, size_t pixel, size_t first, size_t n, int32_t *man, int32_t *exp)
{
	for (size_t l = 0; l < FAST_LANES; l++) {
		size_t at = fast_place(a, pixel + l, first);
		for (size_t i = 0; i < n; i++) {
			man[i * FAST_LANES + l] = a->man[at + i];
			exp[i * FAST_LANES + l] = a->exp[at + i];
		}
	}
}

/* FAST_LANES pixels, outputs [output, output + count), few of them. */
static void compute_pixels(const struct fast_part *part, size_t pixel, size_t output, size_t count)
{
	const struct bitlet_operand *w = part->w, *a = part->a;
	enum { PIECE = BITLET_MAX_N };
	int32_t man[PIECE * FAST_LANES], exp[PIECE * FAST_LANES];
	struct outputs all[FEW_OUTPUTS];
	memset(all, 0, count * sizeof *all);
	for (size_t g = 0; g < w->groups; g++) {
		turn(a, pixel, g * a->pairs, a->pairs, man, exp);
		for (size_t o = 0; o < count; o++) {
			const struct row r = { pixel, output + o, FAST_LANES, true };
			struct sums s;
			size_t at_w = fast_place(w, output + o, g * w->pairs);
			(w->c->guard_bits <= 7 ? sum_short_pixels : sum_long_pixels)(w->man + at_w, w->exp + at_w, man, exp, w->pairs, w->c->guard_bits, &s);
			join(part, &r, g, &s, &all[o]);
		}
	}
	for (size_t o = 0; o < count; o++)
		finish(part, &(struct row){ pixel, output + o, FAST_LANES, true }, &all[o]);
}

void fast_float_part(const struct fast_part *part)
{
	for (size_t output = part->first_output; output < part->end_output; output += FAST_LANES) {
		size_t count = fast_min(FAST_LANES, part->end_output - output), pixel = part->first_pixel;
		if (count <= FEW_OUTPUTS && part->w->pairs <= BITLET_MAX_N)
			for (; pixel + FAST_LANES <= part->end_pixel; pixel += FAST_LANES)
				compute_pixels(part, pixel, output, count);
		for (; pixel < part->end_pixel; pixel++)
			compute(part, pixel, output, count);
	}
}
