#include "exact.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void exact_zero(struct exact *x)
{
	memset(x, 0, sizeof *x);
}

void exact_sum(struct exact *x, const struct exact *y)
{
	unsigned carry = 0;
	for (int i = 0; i < EXACT_WORDS; i++) {
		bitlet_int128 s = (bitlet_int128)x->word[i] + y->word[i] + carry;
		x->word[i] = (uint64_t)s;
		carry = (unsigned)(s >> 64);
	}
}

void exact_negate(struct exact *x)
{
	unsigned carry = 1;
	for (int i = 0; i < EXACT_WORDS; i++) {
		x->word[i] = ~x->word[i] + carry;
		carry = carry && x->word[i] == 0;
	}
}

static void set_bit(struct exact *x, int position)
{
	x->word[position / 64] |= UINT64_C(1) << position % 64;
}

void exact_add(struct exact *x, bitlet_int128 v, int exponent)
{
	struct exact y;
	bool negative = v < 0;
	exact_zero(&y);
	assert(exponent >= -EXACT_POINT && exponent + EXACT_POINT + 128 < EXACT_WORDS * 64);
	for (int i = 0; i < 127; i++)
		if ((negative ? -v : v) >> i & 1)
			set_bit(&y, i + exponent + EXACT_POINT);
	if (negative)
		exact_negate(&y);
	exact_sum(x, &y);
}

bool exact_is_zero(const struct exact *x)
{
	for (int i = 0; i < EXACT_WORDS; i++)
		if (x->word[i])
			return false;
	return true;
}

bool exact_is_negative(const struct exact *x)
{
	return x->word[EXACT_WORDS - 1] >> 63;
}

unsigned exact_bit(const struct exact *x, int exponent)
{
	int position = exponent + EXACT_POINT;
	return x->word[position / 64] >> position % 64 & 1;
}

bool exact_any_below(const struct exact *x, int exponent)
{
	for (int e = -EXACT_POINT; e < exponent; e++)
		if (exact_bit(x, e))
			return true;
	return false;
}

int exact_top(const struct exact *x)
{
	int e = EXACT_WORDS * 64 - EXACT_POINT - 1;
	while (!exact_bit(x, e))
		e--;
	return e;
}

double exact_double(const struct exact *x)
{
	struct exact m = *x;
	bool negative = exact_is_negative(x);
	double v = 0;
	if (exact_is_zero(x))
		return 0;
	if (negative)
		exact_negate(&m);
	int top = exact_top(&m);
	for (int e = top; e > top - 53 && e >= -EXACT_POINT; e--)
		v = v * 2 + exact_bit(&m, e);
	int low = top - 53 < -EXACT_POINT - 1 ? -EXACT_POINT - 1 : top - 53;
	v = ldexp(v, low + 1);
	return negative ? -v : v;
}
