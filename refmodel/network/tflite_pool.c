/* AVERAGE_POOL_2D, MAX_POOL_2D: padding takes no part. */
#include <math.h>

#include "tflite_kernel.h"
#include "tflite_window.h"

struct pool {
	struct tflite_window w;
	const struct tensor *x;
	struct tensor *y;
	size_t channels;
	int32_t low, high;
	float least, most;
	bool average;
};

/* Element of input pixel (y, x), channel 0. */
static size_t place(const struct pool *p, size_t image, const struct tflite_taps *t, int64_t ky, int64_t kx)
{
	size_t y = (size_t)(t->origin[0] + ky), x = (size_t)(t->origin[1] + kx);
	return ((image * (size_t)p->w.in[0] + y) * (size_t)p->w.in[1] + x) * p->channels;
}

static float pool_float(const struct pool *p, size_t image, const struct tflite_taps *t, size_t channel)
{
	const float *x = p->x->data;
	double sum = 0;
	float most = -INFINITY;
	for (int64_t ky = t->first[0]; ky < t->last[0]; ky++)
		for (int64_t kx = t->first[1]; kx < t->last[1]; kx++) {
			float v = x[place(p, image, t, ky, kx) + channel];
			sum += (double)v;
			most = v > most || isnan(v) ? v : most;
		}
	double taps = (double)((t->last[0] - t->first[0]) * (t->last[1] - t->first[1]));
	float v = p->average ? (float)(sum / taps) : most;
	return v < p->least ? p->least : v > p->most ? p->most : v;
}

/* The average is rounded to nearest, halves away from 0. */
static int64_t pool_code(const struct pool *p, size_t image, const struct tflite_taps *t, size_t channel)
{
	int64_t sum = 0, taps = (t->last[0] - t->first[0]) * (t->last[1] - t->first[1]);
	int32_t most = tflite_code_min(p->x->type);
	for (int64_t ky = t->first[0]; ky < t->last[0]; ky++)
		for (int64_t kx = t->first[1]; kx < t->last[1]; kx++) {
			int32_t v = tflite_get(p->x, place(p, image, t, ky, kx) + channel);
			sum += v;
			most = v > most ? v : most;
		}
	if (!p->average)
		return most;
	return sum > 0 ? (sum + taps / 2) / taps : (sum - taps / 2) / taps;
}

static void pixel(const struct pool *p, size_t image, int64_t y, int64_t x)
{
	struct tflite_taps t;
	size_t at = ((image * (size_t)p->w.out[0] + (size_t)y) * (size_t)p->w.out[1] + (size_t)x) * p->channels;
	tflite_window_taps(&p->w, y, x, &t);
	for (size_t i = 0; i < p->channels; i++) {
		if (p->x->type == TENSOR_FLOAT32)
			((float *)p->y->data)[at + i] = pool_float(p, image, &t, i);
		else
			tflite_put(p->y, at + i, pool_code(p, image, &t, i), p->low, p->high);
	}
}

static bool prepare(struct host_call *c, struct pool *p)
{
	const struct tensor *x = c->in[0];
	int64_t height, width;
	struct tflite_code y;
	if (x->type != TENSOR_FLOAT32 && !tflite_is_code(x->type))
		return host_type_fault(c, 0, "float32, int8, uint8 or int16");
	if (!tflite_same_code(c, 0) || !tflite_int(c, "filter_height", 1, TFLITE_EXTENT_MAX, &height) ||
	    !tflite_int(c, "filter_width", 1, TFLITE_EXTENT_MAX, &width) || !tflite_window(c, x, height, width, &p->w))
		return false;
	p->x = x;
	p->channels = (size_t)x->dim[3];
	if (x->type == TENSOR_FLOAT32 ? !tflite_clamp_floats(c, &p->least, &p->most) :
	                                !tflite_out_code(c, &y) || !tflite_clamp_codes(c, &y, &p->low, &p->high))
		return false;
	return host_steps(c, (size_t)(x->dim[0] * p->w.out[0]), (size_t)p->w.out[1] * p->channels, (size_t)(height * width));
}

static bool pool(struct host_call *c, bool average)
{
	struct pool p = {.average = average};
	if (!prepare(c, &p))
		return false;
	int64_t dim[4] = {p.x->dim[0], p.w.out[0], p.w.out[1], p.x->dim[3]};
	if (!(p.y = tflite_out(c, 0, 4, dim)))
		return false;
	for (size_t image = 0; !c->dry && image < (size_t)dim[0]; image++)
		for (int64_t y = 0; y < dim[1]; y++)
			for (int64_t x = 0; x < dim[2]; x++)
				pixel(&p, image, y, x);
	return true;
}

bool tflite_average_pool_2d(struct host_call *c)
{
	return pool(c, true);
}

bool tflite_max_pool_2d(struct host_call *c)
{
	return pool(c, false);
}
