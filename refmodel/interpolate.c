#include "interpolate.h"

#include <math.h>

static double step(bool single, double v)
{
	return single ? (double)(float)v : v;
}

double resize_coordinate(const struct resize_axis *a, int64_t i, bool single)
{
	double x = (double)i, last = (double)(a->in - 1);
	switch (a->place) {
	case PLACE_ALIGN_CORNERS:
		return a->out == 1 ? 0 : step(single, step(single, x * last) / (double)(a->out - 1));
	case PLACE_ASYMMETRIC:
		return step(single, x / a->scale);
	case PLACE_TF_HALF_PIXEL:
		return step(single, (x + 0.5) / a->scale);
	case PLACE_TF_CROP:
		if (a->out == 1)
			return 0.5 * (a->start + a->end) * last;
		return a->start * last + x * (a->end - a->start) * last / (double)(a->out - 1);
	case PLACE_PYTORCH_HALF_PIXEL:
		if (a->out == 1)
			return 0;
		break;
	default:
		break;
	}
	return step(single, step(single, (x + 0.5) / a->scale) - 0.5);
}

static int64_t inside(double v, int64_t count)
{
	return v > 0 ? v < (double)(count - 1) ? (int64_t)v : count - 1 : 0;
}

int64_t resize_nearest(const struct resize_axis *a, enum resize_round round, int64_t i)
{
	double x = resize_coordinate(a, i, true);
	switch (round) {
	case ROUND_PREFER_FLOOR:
		x = ceil(x - 0.5);
		break;
	case ROUND_PREFER_CEIL:
		x = floor(x + 0.5);
		break;
	case ROUND_CEIL:
		x = ceil(x);
		break;
	case ROUND_SIMPLE:
		x = a->scale < 1 ? ceil(x) : floor(x);
		break;
	default:
		x = floor(x);
	}
	return inside(x, a->in);
}

void resize_linear(const struct resize_axis *a, int64_t i, struct resize_taps *t)
{
	double x = resize_coordinate(a, i, false);
	x = x > 0 ? x < (double)(a->in - 1) ? x : (double)(a->in - 1) : 0;
	t->count = 2;
	t->at[0] = (int64_t)x;
	t->at[1] = t->at[0] + 1 < a->in ? t->at[0] + 1 : t->at[0];
	t->weight[1] = x - (double)t->at[0];
	t->weight[0] = 1 - t->weight[1];
}

/* Keys' cubic: pieces for distances up to 1, and from 1 to 2. */
static double near_weight(double x, double a)
{
	return ((a + 2) * x - (a + 3)) * x * x + 1;
}

static double far_weight(double x, double a)
{
	return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

void resize_cubic(const struct resize_axis *a, int64_t i, double coefficient, bool exclude_outside, struct resize_taps *t)
{
	double x = resize_coordinate(a, i, false), low = floor(x), part = x - low, sum = 0;
	t->count = 4;
	t->weight[0] = far_weight(part + 1, coefficient);
	t->weight[1] = near_weight(part, coefficient);
	t->weight[2] = near_weight(1 - part, coefficient);
	t->weight[3] = far_weight(2 - part, coefficient);
	for (int k = 0; k < 4; k++) {
		double at = low + k - 1;
		t->at[k] = inside(at, a->in);
		if (exclude_outside && (at < 0 || at > (double)(a->in - 1)))
			t->weight[k] = 0;
		sum += t->weight[k];
	}
	for (int k = 0; exclude_outside && sum != 0 && k < 4; k++)
		t->weight[k] /= sum;
}
