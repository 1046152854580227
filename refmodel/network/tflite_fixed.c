#include "tflite_fixed.h"

#include "tflite_quant.h"

enum { PLACES = 31 };

/* 32-bit arithmetic that wraps, as the framework's does where it overflows. */
static int32_t add(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a + (uint32_t)b);
}

static int32_t subtract(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a - (uint32_t)b);
}

int32_t tflite_fixed_times_power(int32_t x, int n)
{
	if (n <= 0)
		return tflite_divide(x, -n);
	int64_t v = (int64_t)x * ((int64_t)1 << n);
	return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
}

/* e^x for x in [-1/4, 0): Taylor's series around -1/8 to the fourth power. */
static int32_t exp_small(int32_t x)
{
	const int32_t at_eighth = 1895147668, third = 715827883; /* e^(-1/8), 1/3 */
	int32_t d = add(x, 1 << 28);
	int32_t d2 = tflite_high(d, d), d3 = tflite_high(d2, d), d4 = tflite_high(d2, d2);
	int32_t tail = tflite_divide(add(tflite_high(add(tflite_divide(d4, 2), d3), third), d2), 1);
	return add(at_eighth, tflite_high(at_eighth, add(d, tail)));
}

/* The quarters of x by a product with e^(-2^i) for each bit of their number. */
int32_t tflite_fixed_exp(int32_t x, int bits)
{
	static const int32_t power[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242}; /* e^-(1/4), -(1/2), -1, ... -16 */
	int fraction = PLACES - bits;
	int32_t quarter = 1 << (fraction - 2);
	int32_t rest = (x & (quarter - 1)) - quarter;
	int32_t quarters = subtract(rest, x);
	int32_t v = exp_small(tflite_fixed_times_power(rest, bits));
	for (int i = -2; i < bits && i + 2 < (int)(sizeof power / sizeof power[0]); i++)
		if (quarters & (int32_t)((uint32_t)1 << (fraction + i)))
			v = tflite_high(v, power[i + 2]);
	return x ? v : INT32_MAX;
}

/* Newton's steps for 1 / ((1 + x) / 2) in Q2. */
static int32_t double_reciprocal(int32_t x)
{
	const int32_t c48_over_17 = 1515870810, c32_over_17 = -1010580540, one = 1 << 29; /* Q2 */
	int64_t sum = (int64_t)x + INT32_MAX;
	int32_t half = (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2);
	int32_t v = add(c48_over_17, tflite_high(half, c32_over_17));
	for (int i = 0; i < 3; i++) {
		int32_t error = subtract(one, tflite_high(half, v));
		v = add(v, tflite_fixed_times_power(tflite_high(v, error), 2));
	}
	return v;
}

int32_t tflite_fixed_inverse_sum(int32_t x)
{
	return tflite_fixed_times_power(double_reciprocal(x), 1); /* half of it, from Q1 to Q0 */
}

int32_t tflite_fixed_half_tanh(int32_t x)
{
	return tflite_fixed_times_power(subtract(double_reciprocal(x), 1 << 29), 2);
}

int32_t tflite_fixed_logistic(int32_t x)
{
	int32_t v = tflite_fixed_inverse_sum(tflite_fixed_exp(x > 0 ? -x : x, 4)); /* of |x| */
	if (x == 0)
		return 1 << 30;
	return x > 0 ? v : INT32_MAX - v;
}

int32_t tflite_fixed_tanh(int32_t x)
{
	int32_t v = tflite_fixed_half_tanh(tflite_fixed_exp(x > 0 ? -x : x, 5)); /* 2 |x| is the same word in Q5 */
	return x == 0 ? 0 : x > 0 ? v : -v;
}

int32_t tflite_fixed_reciprocal(uint32_t x, int bits, int *over)
{
	int zeros = __builtin_clz(x);
	*over = bits - zeros;
	return tflite_fixed_inverse_sum((int32_t)((x << zeros) - ((uint32_t)1 << PLACES)));
}

void tflite_fixed_inverse_root(int32_t x, int32_t *mantissa, int *shift)
{
	const int32_t three_halves = (1 << 28) + (1 << 27), half_root_2 = 1518500250; /* Q3, Q0 */
	*mantissa = INT32_MAX;
	*shift = 0;
	if (x <= 1)
		return;
	int right = 11;
	for (; x >= 1 << 29; x /= 4)
		right++;
	int pairs = (__builtin_clz((uint32_t)x) - 1) / 2 - 1;
	right -= pairs;
	x <<= 2 * pairs;
	int32_t half = tflite_divide(x >> 1, 1), v = 1 << 28;
	for (int i = 0; i < 5; i++) {
		int32_t cube = tflite_fixed_times_power(tflite_high(tflite_high(v, v), v), 6);
		v = tflite_fixed_times_power(subtract(tflite_high(three_halves, v), tflite_high(half, cube)), 3);
	}
	v = tflite_high(v, half_root_2);
	*mantissa = right < 0 ? (int32_t)((uint32_t)v << -right) : v;
	*shift = right < 0 ? 0 : -right;
}
