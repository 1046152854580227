#include "post_reference.h"

#include <cfenv>
#include <cstring>

wide_int sign_extend(wide_int x, unsigned bits)
{
	return (wide_int)((wide_word)x << (128 - bits)) >> (128 - bits);
}

static int top_bit(wide_word x)
{
	int n = -1;
	while (x) {
		x >>= 1;
		n++;
	}
	return n;
}

/* m * 2^exp in units of 2^quantum, to nearest even; *exact tells whether nothing was lost. */
static uint32_t round_to(wide_word m, int exp, int quantum, bool *exact)
{
	int shift = quantum - exp;
	*exact = true;
	if (shift <= 0)
		return (uint32_t)(m << -shift);
	if (shift > 127) {
		*exact = m == 0;
		return 0;
	}
	wide_word whole = m >> shift, rest = m - (whole << shift), half = (wide_word)1 << (shift - 1);
	*exact = rest == 0;
	if (rest > half || (rest == half && (whole & 1)))
		whole++;
	return (uint32_t)whole;
}

reference_result pack_value(wide_int s, int exp)
{
	reference_result r = {0, 0};
	if (s == 0)
		return r;
	wide_word m = s < 0 ? -(wide_word)s : (wide_word)s;
	uint32_t sign = s < 0 ? 0x80000000u : 0;
	int top = top_bit(m) + exp; /* 2^top <= |V| < 2^(top + 1) */
	int quantum = top - 23 > -149 ? top - 23 : -149;
	bool exact;
	uint32_t man = round_to(m, exp, quantum, &exact);
	if (man == 1u << 24) {
		man >>= 1;
		quantum++;
	}
	if (!exact)
		r.flags = FLAG_INEXACT | (top < -126 ? FLAG_UNDERFLOW : 0);
	if (man >> 23 && quantum + 23 > 127) {
		r.flags = FLAG_INEXACT | FLAG_OVERFLOW;
		r.word = sign | 0x7f800000u;
	} else if (man >> 23) {
		r.word = sign | (uint32_t)(quantum + 150) << 23 | (man & 0x7fffff);
	} else {
		r.word = sign | man;
	}
	return r;
}

reference_result pack_special(wide_int s, int exp, unsigned specials)
{
	reference_result r = pack_value(s, exp);
	bool both = (specials & SPECIAL_PINF) && (specials & SPECIAL_NINF);
	if (specials & (SPECIAL_NAN | SPECIAL_PINF | SPECIAL_NINF)) {
		r.flags = 0;
		r.word = specials & SPECIAL_NINF ? 0xff800000u : 0x7f800000u;
		if (both || (specials & SPECIAL_NAN))
			r.word = 0x7fc00000u;
	} else if (specials & SPECIAL_INEXACT) {
		r.flags |= FLAG_INEXACT;
	}
	if (both || (specials & SPECIAL_INVALID))
		r.flags |= FLAG_INVALID;
	return r;
}

reference_result add_fp32(uint32_t a, uint32_t b)
{
	float x, y;
	memcpy(&x, &a, sizeof x);
	memcpy(&y, &b, sizeof y);
	feclearexcept(FE_ALL_EXCEPT);
	volatile float vx = x, vy = y;
	volatile float vz = vx + vy;
	int raised = fetestexcept(FE_ALL_EXCEPT);
	float z = vz;
	uint32_t bits;
	memcpy(&bits, &z, sizeof bits);
	reference_result r = {z != z ? 0x7fc00000u : bits, 0};
	if (raised & FE_INVALID)
		r.flags |= FLAG_INVALID;
	if (raised & FE_OVERFLOW)
		r.flags |= FLAG_OVERFLOW;
	if (raised & FE_UNDERFLOW)
		r.flags |= FLAG_UNDERFLOW;
	if (raised & FE_INEXACT)
		r.flags |= FLAG_INEXACT;
	return r;
}

reference_result saturate(wide_int s, unsigned result_bits, unsigned out_bits)
{
	wide_int limit = (wide_int)1 << (result_bits - 1);
	reference_result r = {0, 0};
	wide_int clamped = s >= limit ? limit - 1 : s < -limit ? -limit : s;
	if (clamped != s)
		r.flags = FLAG_OVERFLOW;
	r.word = (uint64_t)clamped & (out_bits == 64 ? ~0ull : (1ull << out_bits) - 1);
	return r;
}

/* x >> n towards minus infinity for any n; *lost is set when a 1 goes. */
static wide_int shift_right(wide_int x, unsigned n, bool *lost)
{
	if (n > 126)
		n = 126;
	wide_int y = x >> n;
	if ((wide_int)((wide_word)y << n) != x)
		*lost = true;
	return y;
}

static void add_wide(float_output *o, wide_int s, unsigned exp, unsigned specials)
{
	bool lost = false;
	if (o->groups == 0) {
		o->acc = 0;
		o->exp = 0;
		o->specials = 0;
	}
	if (exp > o->exp) {
		o->acc = shift_right(o->acc, exp - o->exp, &lost) + s;
		o->exp = exp;
	} else {
		o->acc += shift_right(s, o->exp - exp, &lost);
	}
	o->specials |= specials | (lost ? SPECIAL_INEXACT : 0u);
}

void add_group(float_output *o, wide_int s, unsigned exp, unsigned specials, unsigned scale)
{
	if (o->wide) {
		add_wide(o, s, exp, specials);
	} else {
		reference_result group = pack_special(s, (int)exp - (int)scale, specials);
		if (o->groups == 0) {
			o->sum = group;
		} else {
			reference_result sum = add_fp32((uint32_t)o->sum.word, (uint32_t)group.word);
			sum.flags |= o->sum.flags | group.flags;
			o->sum = sum;
		}
	}
	o->groups++;
}

reference_result finish(const float_output *o, unsigned scale)
{
	return o->wide ? pack_special(o->acc, (int)o->exp - (int)scale, o->specials) : o->sum;
}
