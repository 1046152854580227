/* DEPTHWISE_CONV_2D: output channel i of input channel i / multiplier; all channels of a pixel side by side. */
#include <stdlib.h>
#include <string.h>

#include "fast_internal.h"
#include "parallel.h"
#include "tflite_layer.h"
#include "tflite_window.h"

struct depthwise {
	struct tflite_layer l;
	struct tflite_window w;
	size_t channels, multiplier;
	double *weights;            /* [kh][kw][channels * multiplier] */
};

FAST_CLONES
static void add_products(double *restrict sum, const double *restrict x, const double *restrict w, size_t channels, size_t multiplier)
{
	if (multiplier == 1)
		for (size_t i = 0; i < channels; i++)
			sum[i] += x[i] * w[i];
	else
		for (size_t i = 0; i < channels; i++)
			for (size_t j = 0; j < multiplier; j++)
				sum[i * multiplier + j] += x[i] * w[i * multiplier + j];
}

static void pixel(const struct depthwise *v, size_t image, int64_t y, int64_t x, double *in, double *sum)
{
	const struct tflite_window *w = &v->w;
	struct tflite_taps t;
	memset(sum, 0, v->l.channels * sizeof *sum);
	tflite_window_taps(w, y, x, &t);
	for (int64_t ky = t.first[0]; ky < t.last[0]; ky++)
		for (int64_t kx = t.first[1]; kx < t.last[1]; kx++) {
			int64_t iy = t.origin[0] + ky * w->dilation[0], ix = t.origin[1] + kx * w->dilation[1];
			tflite_layer_x(&v->l, ((image * (size_t)w->in[0] + (size_t)iy) * (size_t)w->in[1] + (size_t)ix) * v->channels, v->channels, in);
			add_products(sum, in, v->weights + (size_t)(ky * w->kernel[1] + kx) * v->l.channels, v->channels, v->multiplier);
		}
}

/* Rows of output pixels. */
static bool rows(void *context, size_t first, size_t last)
{
	const struct depthwise *v = context;
	size_t height = (size_t)v->w.out[0], width = (size_t)v->w.out[1];
	double *in = malloc((v->channels + v->l.channels) * sizeof *in), *sum = in + v->channels;
	for (size_t row = first; in && row < last; row++)
		for (size_t x = 0; x < width; x++) {
			pixel(v, row / height, (int64_t)(row % height), (int64_t)x, in, sum);
			tflite_layer_store(&v->l, (row * width + x) * v->l.channels, 0, v->l.channels, sum);
		}
	free(in);
	return in;
}

static bool run(struct host_call *c, struct depthwise *v)
{
	v->weights = host_scratch(c, v->l.w->count, sizeof *v->weights);
	if (!v->weights)
		return false;
	tflite_layer_w(&v->l, 0, 1, v->l.w->count, v->weights);
	bool good = parallel_run((size_t)(v->l.x->dim[0] * v->w.out[0]), c->threads, rows, v) || host_fault(c, "out of memory");
	free(v->weights);
	return good;
}

bool tflite_depthwise_conv_2d(struct host_call *c)
{
	const struct tensor *x = c->in[0], *w = c->in[1];
	struct depthwise v;
	int64_t multiplier;
	char text[160];
	if (w->rank != 4 || w->dim[0] != 1 || w->count == 0)
		return host_fault(c, "weights of shape %s; expected [1, height, width, outputs]", tensor_shape_text(w->rank, w->dim, text, sizeof text));
	if (!tflite_window(c, x, w->dim[1], w->dim[2], &v.w) || !tflite_int(c, "depth_multiplier", 0, INT32_MAX, &multiplier))
		return false;
	if (w->dim[3] % x->dim[3] || (multiplier && multiplier != w->dim[3] / x->dim[3]))
		return host_fault(c, "%lld input channels, depth_multiplier %lld and weights of shape %s do not fit", (long long)x->dim[3],
		                  (long long)multiplier, tensor_shape_text(w->rank, w->dim, text, sizeof text));
	v.channels = (size_t)x->dim[3];
	v.multiplier = (size_t)(w->dim[3] / x->dim[3]);
	if (!host_steps(c, (size_t)(x->dim[0] * v.w.out[0]), (size_t)v.w.out[1], w->count))
		return false;
	bool good = tflite_layer(c, &v.l, 0, 1, 2, (size_t)w->dim[3], 3, true);
	int64_t dim[4] = {x->dim[0], v.w.out[0], v.w.out[1], w->dim[3]};
	v.l.y = good ? tflite_out(c, 0, 4, dim) : NULL;
	good = v.l.y && (c->dry || run(c, &v));
	tflite_layer_free(&v.l);
	return good;
}
