#include "histogram.h"

#include <math.h>

/* ---- filling */

static void widen(struct histogram *h)
{
	for (size_t i = HISTOGRAM_BINS / 2; i < HISTOGRAM_BINS; i += 2) { /* from the middle outwards: a target is read before it is written */
		size_t right = HISTOGRAM_BINS / 2 + (i - HISTOGRAM_BINS / 2) / 2, left = HISTOGRAM_BINS - 1 - right;
		uint64_t sum_right = h->bin[i] + h->bin[i + 1], sum_left = h->bin[HISTOGRAM_BINS - 1 - i] + h->bin[HISTOGRAM_BINS - 2 - i];
		h->bin[i] = h->bin[i + 1] = h->bin[HISTOGRAM_BINS - 1 - i] = h->bin[HISTOGRAM_BINS - 2 - i] = 0;
		h->bin[right] = sum_right;
		h->bin[left] = sum_left;
	}
	h->top *= 2;
}

/* The smallest power of two above |v|. */
static double power_above(double v)
{
	int e;
	frexp(v, &e);
	return ldexp(1, e);
}

bool histogram_add(struct histogram *h, const float *v, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		double x = (double)v[i], size = fabs(x);
		if (!isfinite(x))
			return false;
		h->count++;
		if (size == 0) {
			h->zeros++;
			continue;
		}
		h->squares += x * x;
		h->low = x < h->low ? x : h->low;
		h->high = x > h->high ? x : h->high;
		if (h->top == 0)
			h->top = power_above(size);
		while (size >= h->top)
			widen(h);
		h->bin[(size_t)((x + h->top) / (2 * h->top) * HISTOGRAM_BINS)]++;
	}
	return true;
}

/* ---- ranges */

static double step_of(const struct histogram *h)
{
	return 2 * h->top / HISTOGRAM_BINS;
}

static double middle(const struct histogram *h, size_t bin)
{
	return -h->top + ((double)bin + 0.5) * step_of(h);
}

double histogram_error(const struct histogram *h, struct quant_field q, struct quant_param p)
{
	double sum = 0, scale = (double)p.scale, low = quant_real(p, quant_low(q)), high = quant_real(p, quant_high(q));
	bool fine = scale < 4 * step_of(h); /* steps that bins cannot tell apart: the rounding error is spread evenly */
	if (!h->count)
		return 0;
	for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
		if (!h->bin[i])
			continue;
		double x = middle(h, i), cut = fmin(fmax(x, low), high), error = x - cut;
		if (cut == x)
			error = fine ? scale / sqrt(12) : x - scale * rint(x / scale);
		sum += (double)h->bin[i] * error * error;
	}
	return sum / (double)h->count;
}

double histogram_noise(const struct histogram *h, struct quant_field q, struct quant_param p)
{
	return h->squares > 0 ? histogram_error(h, q, p) * (double)h->count / h->squares : 0;
}

/* The number that a share of all is below; zeros stand at 0. */
static double below(const struct histogram *h, double share)
{
	double want = share * (double)h->count, seen = 0;
	for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
		if (i == HISTOGRAM_BINS / 2)
			seen += (double)h->zeros;
		if (seen >= want && i >= HISTOGRAM_BINS / 2 && h->zeros)
			return 0;
		seen += (double)h->bin[i];
		if (seen >= want)
			return -h->top + (double)(i + 1) * step_of(h);
	}
	return h->top;
}

static double at_most(double v, double limit)
{
	return v < limit ? v : limit;
}

static struct quant_param by_percentile(const struct histogram *h, struct quant_field q, const struct calibrate_rule *rule)
{
	double share = rule->percentile / 100;
	double high = at_most(fmax(below(h, share), 0), h->high), low = -at_most(fmax(-below(h, 1 - share), 0), -h->low);
	return quant_param(q, rule->symmetric, low, high);
}

/* Tries ends 2^(-i / 8) of the full one while the other stays. */
static double best_end(const struct histogram *h, struct quant_field q, bool symmetric, bool upper, double low, double high)
{
	double best = upper ? high : low, least = INFINITY;
	for (int i = 0; i <= 64; i++) {
		double end = (upper ? h->high : h->low) * pow(2, -i / 8.0);
		double error = histogram_error(h, q, quant_param(q, symmetric, upper ? low : end, upper ? end : high));
		if (error < least) {
			least = error;
			best = end;
		}
	}
	return best;
}

/* Both ends in turn. Symmetric codes have one end only: the larger side decides, the other follows. */
static struct quant_param by_error(const struct histogram *h, struct quant_field q, bool symmetric)
{
	double low = h->low, high = h->high;
	if (symmetric) {
		bool upper = h->high >= -h->low || !q.is_signed;
		double end = best_end(h, q, true, upper, upper ? 0 : low, upper ? high : 0);
		return quant_param(q, true, upper ? 0 : end, upper ? end : 0);
	}
	for (int turn = 0; turn < 2; turn++) {
		if (high > 0)
			high = best_end(h, q, false, true, low, high);
		if (low < 0)
			low = best_end(h, q, false, false, low, high);
	}
	return quant_param(q, false, low, high);
}

struct quant_param histogram_param(const struct histogram *h, struct quant_field q, const struct calibrate_rule *rule)
{
	if (h->low == 0 && h->high == 0)
		return quant_param(q, rule->symmetric, 0, 0);
	switch (rule->method) {
	case CALIBRATE_PERCENTILE:
		return by_percentile(h, q, rule);
	case CALIBRATE_MSE:
		return by_error(h, q, rule->symmetric);
	default:
		return quant_param(q, rule->symmetric, h->low, h->high);
	}
}
