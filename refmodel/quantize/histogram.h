/*
 * histogram.h: how the numbers of an activation are spread, taken in one pass, and the range that codes should cover.
 *
 *     bin i of 8192 holds numbers in [-top + i * step, -top + (i + 1) * step), step = 2 * top / 8192; exact zeros are counted apart
 *
 * top is a power of two that doubles when a larger number comes (neighbouring bins become one), so that any range has 2048 bins or more.
 */
#ifndef BITLET_HISTOGRAM_H
#define BITLET_HISTOGRAM_H

#include "quant_field.h"

enum { HISTOGRAM_BINS = 8192 };

struct histogram {
	double low, high;           /* smallest and largest number, and 0 */
	double top;                 /* 0 while there were only zeros */
	double squares;             /* sum of their squares */
	uint64_t count, zeros;      /* count: all numbers, zeros included */
	uint64_t bin[HISTOGRAM_BINS];
};

/* All zero is an empty histogram. False when a number is not finite. */
bool histogram_add(struct histogram *h, const float *v, size_t count);

enum calibrate_method { CALIBRATE_MINMAX, CALIBRATE_PERCENTILE, CALIBRATE_MSE };

struct calibrate_rule {
	enum calibrate_method method;
	double percentile;          /* above 50, at most 100: share of the numbers below the upper end, and above the lower end */
	bool symmetric;
};

/*
 * Scale and zero point of the activation by the rule. mse: the range, cut off below or above, whose codes have the smallest mean squared error over the
 * histogram (bins at their middle, clipping and rounding together).
 */
struct quant_param histogram_param(const struct histogram *h, struct quant_field q, const struct calibrate_rule *rule);

/* Mean squared error of codes over the histogram; 0 for an empty one. */
double histogram_error(const struct histogram *h, struct quant_field q, struct quant_param p);
/* The same over the mean square of the numbers; 0 when all are 0. */
double histogram_noise(const struct histogram *h, struct quant_field q, struct quant_param p);

#endif
