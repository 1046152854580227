#include "output_math.h"

#include "fp32.h"

enum { MAN_BITS = 23, BIAS = 127, TFLITE_PLACES = 31 };

static const uint32_t SIGN = UINT32_C(1) << 31;
static const uint32_t INFINITY_WORD = UINT32_C(0x7f800000);
static const struct bitlet_precision fp32 = { .is_float = true, .exp_bits = 8, .man_bits = MAN_BITS };

struct output_stage output_stage_of(const struct bitlet_config *c, const struct program_tile *t)
{
	return (struct output_stage){
		.is_float = c->precision[t->mode].is_float,
		.result_bits = c->result_bits,
		.format = (enum program_format)t->format,
		.rounding = (enum program_rounding)t->rounding,
		.zero = (int32_t)t->zero_out,
		.clamp_low = (uint32_t)t->clamp_low,
		.clamp_high = (uint32_t)t->clamp_high,
	};
}

struct output_params output_params_of(const uint32_t *words)
{
	return (struct output_params){ words[0], words[1], (uint8_t)words[2] };
}

/* Two's complement, 8..64 bits. */
static bitlet_int128 saturate(bitlet_int128 v, unsigned bits, bool *clipped)
{
	bitlet_int128 limit = (bitlet_int128)1 << (bits - 1);
	*clipped = v >= limit || v < -limit;
	return v >= limit ? limit - 1 : v < -limit ? -limit : v;
}

static int32_t saturate32(int64_t v)
{
	return (int32_t)(v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : v);
}

int64_t output_accumulate(const struct output_stage *s, int64_t stored, int64_t result, uint8_t *flags)
{
	bool clipped;
	if (s->is_float)
		return output_add((uint32_t)stored, (uint32_t)result, flags);
	bitlet_int128 sum = saturate((bitlet_int128)stored + result, s->result_bits, &clipped);
	if (clipped)
		*flags |= BITLET_OVERFLOW;
	return (int64_t)sum;
}

int32_t output_bias(int64_t r, int32_t bias, uint8_t *flags)
{
	bool clipped;
	int32_t v = (int32_t)saturate((bitlet_int128)r + bias, 32, &clipped);
	if (clipped)
		*flags |= BITLET_OVERFLOW;
	return v;
}

uint32_t output_add(uint32_t x, uint32_t y, uint8_t *flags)
{
	return bitlet_fp32_add(x, y, flags);
}

/* How a right shift by `places` rounds: by the bit below the cut, and whether a 1 is under it. */
static bool rounds_up(int64_t floor, bool half, bool rest, enum program_rounding rounding)
{
	if (rounding == ROUND_HALF_UP)
		return half;
	if (rounding == ROUND_TFLITE_DOUBLE)
		return half && (rest || floor >= 0); /* half goes away from zero */
	return half && (rest || (floor & 1));
}

/* v / 2^places, 0..63 */
static int64_t shift_right(int64_t v, unsigned places, enum program_rounding rounding)
{
	if (places == 0)
		return v;
	int64_t floor = v >> places;
	bool half = v >> (places - 1) & 1;
	bool rest = (v & ((INT64_C(1) << (places - 1)) - 1)) != 0;
	return floor + rounds_up(floor, half, rest, rounding);
}

/* Doubling high product and rounding right shift of TensorFlow Lite: (p + nudge) / 2^31 towards zero is p / 2^31, half up. */
static int32_t requantize_tflite(int32_t v, int64_t multiplier, uint8_t shift)
{
	int places = shift & 32 ? (shift & 31) - 32 : shift & 31;
	int64_t x = places > 0 ? saturate32(v * (INT64_C(1) << places)) : v;
	int64_t high = shift_right(x * multiplier, TFLITE_PLACES, ROUND_HALF_UP);
	return (int32_t)shift_right(high, places < 0 ? (unsigned)-places : 0, ROUND_TFLITE_DOUBLE);
}

int32_t output_requantize(int32_t v, uint32_t multiplier, uint8_t shift, enum program_rounding rounding)
{
	int64_t m = multiplier & ~SIGN;
	if (rounding == ROUND_TFLITE_DOUBLE)
		return requantize_tflite(v, m, shift);
	return saturate32(shift_right(v * m, shift & 63, rounding));
}

int32_t output_clamp(int32_t y, int32_t zero, int32_t low, int32_t high)
{
	int32_t z = saturate32((int64_t)y + zero);
	z = z < low ? low : z;
	return z > high ? high : z;
}

/* (-1)^negative * man * 2^exponent times a scale. */
static uint32_t scaled(bool negative, uint32_t man, int exponent, uint32_t scale, uint8_t *flags)
{
	struct bitlet_float s = bitlet_float_unpack(&fp32, scale);
	uint32_t sign = negative != s.negative ? SIGN : 0;
	if (s.kind == BITLET_SIGNALLING || (s.kind == BITLET_INFINITE && man == 0))
		*flags |= BITLET_INVALID;
	if (s.kind >= BITLET_QUIET || (s.kind == BITLET_INFINITE && man == 0))
		return BITLET_NAN;
	if (s.kind == BITLET_INFINITE)
		return sign | INFINITY_WORD;
	bitlet_int128 product = (bitlet_int128)man * s.man;
	if (product == 0)
		return sign;
	return bitlet_fp32_pack(sign ? -product : product, exponent + s.exp - BIAS - MAN_BITS, flags);
}

uint32_t output_scale_fixed(int32_t v, uint32_t scale, uint8_t *flags)
{
	uint32_t magnitude = v < 0 ? -(uint32_t)v : (uint32_t)v;
	return scaled(v < 0, magnitude, 0, scale, flags);
}

uint32_t output_multiply(uint32_t x, uint32_t scale, uint8_t *flags)
{
	struct bitlet_float f = bitlet_float_unpack(&fp32, x), s = bitlet_float_unpack(&fp32, scale);
	if (f.kind == BITLET_SIGNALLING || s.kind == BITLET_SIGNALLING)
		*flags |= BITLET_INVALID;
	if (f.kind >= BITLET_QUIET || s.kind >= BITLET_QUIET)
		return BITLET_NAN;
	if (f.kind != BITLET_INFINITE)
		return scaled(f.negative, f.man, f.exp - BIAS - MAN_BITS, scale, flags);
	if (s.kind != BITLET_ZERO)
		return INFINITY_WORD | (f.negative != s.negative ? SIGN : 0);
	*flags |= BITLET_INVALID;
	return BITLET_NAN;
}

/* Ascending with the number, NaN apart. */
static int64_t order(uint32_t x)
{
	return x & SIGN ? -(int64_t)(x & ~SIGN) - 1 : (int64_t)x;
}

uint32_t output_clamp_float(uint32_t x, uint32_t low, uint32_t high)
{
	if ((x & ~SIGN) > INFINITY_WORD)
		return BITLET_NAN;
	x = order(x) < order(low) ? low : x;
	return order(x) > order(high) ? high : x;
}

uint32_t output_value(const struct output_stage *s, int64_t result, const struct output_params *p, uint8_t *flags)
{
	if (s->is_float)
		return output_add((uint32_t)result, p->bias, flags);
	return (uint32_t)output_bias(result, (int32_t)p->bias, flags);
}

uint32_t output_word(const struct output_stage *s, uint32_t value, const struct output_params *p, uint8_t *flags)
{
	if (s->is_float)
		return output_clamp_float(output_multiply(value, p->multiplier, flags), s->clamp_low, s->clamp_high);
	if (s->format == FORMAT_FP32)
		return output_clamp_float(output_scale_fixed((int32_t)value, p->multiplier, flags), s->clamp_low, s->clamp_high);
	int32_t y = output_requantize((int32_t)value, p->multiplier, p->shift, s->rounding);
	return (uint32_t)output_clamp(y, s->zero, (int32_t)s->clamp_low, (int32_t)s->clamp_high);
}

uint32_t output_finish(const struct output_stage *s, int64_t result, const struct output_params *p, uint8_t *flags)
{
	return output_word(s, output_value(s, result, p, flags), p, flags);
}
