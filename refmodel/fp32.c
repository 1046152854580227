#include "fp32.h"

__extension__ typedef unsigned __int128 uint128;

static const uint32_t INFINITY_BITS = UINT32_C(0x7f800000);
static const uint32_t SIGN_BIT = UINT32_C(0x80000000);

static int top_bit(uint128 m)
{
	uint64_t high = (uint64_t)(m >> 64);
	return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)m);
}

/* m / 2^low to nearest even; *inexact when something was rounded away. The quotient must fit. */
static uint32_t round_even(uint128 m, int low, bool *inexact)
{
	if (low <= 0)
		return (uint32_t)(m << -low);
	*inexact = true;
	if (low > 127 || m >> (low - 1) == 0)
		return 0; /* below half */
	uint32_t q = (uint32_t)(m >> low);
	uint128 rest = m & (((uint128)1 << low) - 1), half = (uint128)1 << (low - 1);
	*inexact = rest != 0;
	return q + (rest > half || (rest == half && q & 1));
}

uint32_t bitlet_fp32_pack(bitlet_int128 v, int exponent, uint8_t *flags)
{
	uint32_t sign = v < 0 ? SIGN_BIT : 0;
	uint128 m = v < 0 ? -(uint128)v : (uint128)v;
	bool inexact = false;
	if (m == 0)
		return 0;
	int e = top_bit(m) + exponent; /* |V| in [2^e, 2^(e+1)) */
	uint32_t bits = INFINITY_BITS;
	if (e <= 127) {
		/* a carry out of the mantissa runs into the exponent field, which is what rounding up means */
		bits = round_even(m, (e < -126 ? -149 : e - 23) - exponent, &inexact);
		if (e >= -126)
			bits += (uint32_t)(e + 126) << 23;
	}
	if (bits >= INFINITY_BITS) {
		*flags |= BITLET_OVERFLOW | BITLET_INEXACT;
		return sign | INFINITY_BITS;
	}
	if (inexact)
		*flags |= (uint8_t)(e < -126 ? BITLET_UNDERFLOW | BITLET_INEXACT : BITLET_INEXACT);
	return sign | bits;
}

static const struct bitlet_precision fp32 = { .is_float = true, .exp_bits = 8, .man_bits = 23 };

static bitlet_int128 signed_mantissa(struct bitlet_float f)
{
	return f.negative ? -(bitlet_int128)f.man : (bitlet_int128)f.man;
}

/* Sum of two nonzero finite numbers, l.exp >= s.exp. */
static uint32_t add_finite(struct bitlet_float l, struct bitlet_float s, uint8_t *flags)
{
	enum { FAR = 64 }; /* from here on the smaller one is only a sticky bit */
	int shift = l.exp - s.exp;
	bitlet_int128 large = signed_mantissa(l), small = signed_mantissa(s);
	if (shift > FAR) {
		shift = FAR;
		small = s.negative ? -1 : 1;
	}
	return bitlet_fp32_pack(large * ((bitlet_int128)1 << shift) + small, l.exp - shift - 127 - 23, flags);
}

uint32_t bitlet_fp32_add(uint32_t x, uint32_t y, uint8_t *flags)
{
	struct bitlet_float fx = bitlet_float_unpack(&fp32, x), fy = bitlet_float_unpack(&fp32, y);
	if (fx.kind >= BITLET_QUIET || fy.kind >= BITLET_QUIET) {
		if (fx.kind == BITLET_SIGNALLING || fy.kind == BITLET_SIGNALLING)
			*flags |= BITLET_INVALID;
		return BITLET_NAN;
	}
	if (fx.kind == BITLET_INFINITE && fy.kind == BITLET_INFINITE && fx.negative != fy.negative) {
		*flags |= BITLET_INVALID;
		return BITLET_NAN;
	}
	if (fx.kind == BITLET_INFINITE || (fy.kind == BITLET_ZERO && fx.kind != BITLET_ZERO && fy.kind != BITLET_INFINITE))
		return x;
	if (fx.kind == BITLET_ZERO && fy.kind == BITLET_ZERO)
		return x & y; /* -0 only when both are */
	if (fy.kind == BITLET_INFINITE || fx.kind == BITLET_ZERO)
		return y;
	return fx.exp >= fy.exp ? add_finite(fx, fy, flags) : add_finite(fy, fx, flags);
}

struct bitlet_float bitlet_float_unpack(const struct bitlet_precision *p, uint32_t word)
{
	uint32_t hidden = UINT32_C(1) << p->man_bits, fraction = word & (hidden - 1);
	uint32_t top = (UINT32_C(1) << p->exp_bits) - 1, exponent = word >> p->man_bits & top;
	struct bitlet_float f = { .man = fraction, .exp = 1, .negative = word >> (p->man_bits + p->exp_bits) & 1 };
	if (exponent != 0) {
		f.man |= hidden;
		f.exp = (uint16_t)exponent;
	}
	if (exponent != top)
		f.kind = f.man ? BITLET_FINITE : BITLET_ZERO;
	else if (fraction == 0)
		f.kind = BITLET_INFINITE;
	else
		f.kind = fraction & hidden >> 1 ? BITLET_QUIET : BITLET_SIGNALLING;
	return f;
}

void bitlet_specials_add(struct bitlet_specials *s, struct bitlet_float w, struct bitlet_float a)
{
	if (w.kind <= BITLET_FINITE && a.kind <= BITLET_FINITE)
		return;
	bool no_product = (w.kind == BITLET_ZERO && a.kind == BITLET_INFINITE) || (w.kind == BITLET_INFINITE && a.kind == BITLET_ZERO);
	s->invalid |= no_product || w.kind == BITLET_SIGNALLING || a.kind == BITLET_SIGNALLING;
	if (no_product || w.kind >= BITLET_QUIET || a.kind >= BITLET_QUIET)
		s->nan = true;
	else if (w.negative == a.negative)
		s->pinf = true;
	else
		s->ninf = true;
}

uint32_t bitlet_specials_word(struct bitlet_specials *s)
{
	s->invalid |= s->pinf && s->ninf;
	if (s->nan || (s->pinf && s->ninf))
		return BITLET_NAN;
	if (s->pinf)
		return INFINITY_BITS;
	return s->ninf ? SIGN_BIT | INFINITY_BITS : 0;
}

int32_t bitlet_field(uint32_t word, unsigned j, unsigned bits, bool is_signed)
{
	uint32_t mask = (UINT32_C(1) << bits) - 1, v = word >> (j * bits) & mask; /* fields have at most 24 bits */
	uint32_t sign = is_signed ? UINT32_C(1) << (bits - 1) : 0;
	return (int32_t)((v ^ sign) - sign);
}
