#include "requantize.h"

#include <math.h>

__extension__ typedef __int128 wide;

bool requantize_set(struct requantize *r, float x_scale, float w_scale, float y_scale)
{
	if (!(x_scale > 0) || !(w_scale > 0) || !(y_scale > 0) || !isfinite(x_scale) || !isfinite(w_scale) || !isfinite(y_scale))
		return false;
	/* two roundings to float32, as the definition says: no wider intermediate */
	volatile float product = x_scale * w_scale;
	volatile float multiplier = product / y_scale;
	if (!isfinite(multiplier))
		return false;
	int exponent;
	float fraction = frexpf(multiplier, &exponent);
	r->mantissa = (int32_t)ldexpf(fraction, 24);
	r->shift = 24 - exponent;
	return true;
}

static int32_t saturate(wide v)
{
	return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
}

/* The usual case in 64 bits: |sum| < 2^38, so that the product stays below 2^62. */
static int32_t round_small(const struct requantize *r, int64_t sum)
{
	int64_t product = sum * r->mantissa, floor = product >> r->shift;
	int64_t rest = product - floor * ((int64_t)1 << r->shift), half = (int64_t)1 << (r->shift - 1);
	floor += rest > half || (rest == half && (floor & 1));
	return floor > INT32_MAX ? INT32_MAX : floor < INT32_MIN ? INT32_MIN : (int32_t)floor;
}

int32_t requantize_round(const struct requantize *r, int64_t sum)
{
	const int64_t small = (int64_t)1 << 38;
	if (r->shift > 0 && r->shift < 62 && sum > -small && sum < small)
		return round_small(r, sum);
	wide product = (wide)sum * r->mantissa; /* below 2^86 */
	if (product == 0 || r->shift > 100)
		return 0;
	if (r->shift <= -32)
		return product > 0 ? INT32_MAX : INT32_MIN;
	if (r->shift <= 0)
		return saturate(product * ((wide)1 << -r->shift));
	wide half = (wide)1 << (r->shift - 1);
	wide floor = product >> r->shift;
	wide rest = product - floor * 2 * half;
	if (rest > half || (rest == half && (floor & 1)))
		floor++;
	return saturate(floor);
}
