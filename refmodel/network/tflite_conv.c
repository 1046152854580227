/* CONV_2D and FULLY_CONNECTED: products of patches with weights (gemm.h), a row a pixel, a column an output channel. */
#include <string.h>

#include "gemm.h"
#include "tflite_layer.h"
#include "tflite_window.h"

struct conv {
	struct tflite_layer l;
	struct tflite_window w;
	size_t images, groups, channels, outputs; /* of one group */
	size_t k;
};

/* Elements k .. k + count - 1 of a pixel's patch [kh][kw][channels]; padding is 0. */
static void patch(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to)
{
	const struct conv *v = context;
	const struct tflite_window *w = &v->w;
	size_t width = (size_t)w->in[1], all = v->channels * v->groups, kernel_w = (size_t)w->kernel[1];
	int64_t y0 = (int64_t)row / w->out[1] * w->stride[0] - w->begin[0], x0 = (int64_t)row % w->out[1] * w->stride[1] - w->begin[1];
	size_t base = batch / v->groups * (size_t)w->in[0] * width * all + batch % v->groups * v->channels;
	while (count) {
		size_t tap = k / v->channels, channel = k % v->channels;
		size_t run = v->channels - channel < count ? v->channels - channel : count;
		int64_t y = y0 + (int64_t)(tap / kernel_w) * w->dilation[0], x = x0 + (int64_t)(tap % kernel_w) * w->dilation[1];
		if (y >= 0 && y < w->in[0] && x >= 0 && x < w->in[1])
			tflite_layer_x(&v->l, base + ((size_t)y * width + (size_t)x) * all + channel, run, to);
		else
			for (size_t i = 0; i < run; i++)
				to[i] = 0;
		to += run;
		k += run;
		count -= run;
	}
}

static void weights(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct conv *v = context;
	tflite_layer_w(&v->l, (batch % v->groups * v->outputs + column) * v->k + k, v->k, count, to);
}

static void done(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum)
{
	const struct conv *v = context;
	size_t pixel = batch / v->groups * (size_t)(v->w.out[0] * v->w.out[1]) + row, channel = batch % v->groups * v->outputs + column;
	tflite_layer_store(&v->l, pixel * v->l.channels + channel, channel, count, sum);
}

static bool multiply(struct host_call *c, struct conv *v)
{
	struct gemm g = {v->images * v->groups, (size_t)(v->w.out[0] * v->w.out[1]), v->outputs, v->k, v, patch, weights, done};
	return gemm_run(&g, c->threads) || host_fault(c, "out of memory");
}

static bool resolve(struct host_call *c, struct conv *v)
{
	const struct tensor *x = c->in[0], *w = c->in[1];
	char text[160];
	if (w->rank != 4 || w->count == 0)
		return host_fault(c, "weights of shape %s; expected [outputs, height, width, channels]", tensor_shape_text(w->rank, w->dim, text, sizeof text));
	if (!tflite_window(c, x, w->dim[1], w->dim[2], &v->w))
		return false;
	if (x->dim[3] % w->dim[3] || w->dim[0] % (x->dim[3] / w->dim[3]))
		return host_fault(c, "%lld input channels do not fit weights of shape %s", (long long)x->dim[3],
		                  tensor_shape_text(w->rank, w->dim, text, sizeof text));
	v->images = (size_t)x->dim[0];
	v->groups = (size_t)(x->dim[3] / w->dim[3]);
	v->channels = (size_t)w->dim[3];
	v->outputs = (size_t)w->dim[0] / v->groups;
	v->k = w->count / (size_t)w->dim[0];
	return host_steps(c, v->images * (size_t)w->dim[0], (size_t)(v->w.out[0] * v->w.out[1]), v->k);
}

bool tflite_conv_2d(struct host_call *c)
{
	struct conv v;
	const struct tensor *x = c->in[0], *w = c->in[1];
	if (!resolve(c, &v))
		return false;
	bool good = tflite_layer(c, &v.l, 0, 1, 2, (size_t)w->dim[0], 0, true);
	int64_t dim[4] = {x->dim[0], v.w.out[0], v.w.out[1], w->dim[0]};
	v.l.y = good ? tflite_out(c, 0, 4, dim) : NULL;
	good = v.l.y && (c->dry || multiply(c, &v));
	tflite_layer_free(&v.l);
	return good;
}

/* ---- fully connected: a convolution of one tap over as many pixels as there are rows */

/* [rows][out], or what the file declares when that only has more dimensions before the last. */
static struct tensor *dense_output(struct host_call *c, size_t rows)
{
	const struct tensor *x = c->in[0], *w = c->in[1];
	const struct graph_value *v = tflite_out_value(c, 0);
	int64_t dim[TENSOR_MAX_RANK] = {(int64_t)rows, w->dim[0]}, product = 1;
	bool keep, known = v->rank > 0;
	size_t rank = 2;
	if (!tflite_flag(c, "keep_num_dims", &keep))
		return NULL;
	if (keep && x->dim[x->rank - 1] != w->dim[1]) {
		host_fault(c, "rows of %lld elements and rows of weights of %lld; with keep_num_dims expected as many", (long long)x->dim[x->rank - 1],
		           (long long)w->dim[1]);
		return NULL;
	}
	if (keep) {
		memcpy(dim, x->dim, sizeof dim);
		dim[x->rank - 1] = w->dim[0];
		return tflite_out(c, 0, x->rank, dim);
	}
	for (unsigned d = 0; d < v->rank && known; d++) {
		known = v->dim[d] >= 0 && v->dim[d] <= INT32_MAX && product <= INT32_MAX;
		product *= known ? v->dim[d] : 0;
	}
	if (known && v->dim[v->rank - 1] == w->dim[0] && product == (int64_t)rows * w->dim[0]) {
		memcpy(dim, v->dim, sizeof dim);
		rank = v->rank;
	}
	return tflite_out(c, 0, rank, dim);
}

static bool dense_resolve(struct host_call *c, struct conv *v)
{
	const struct tensor *x = c->in[0], *w = c->in[1];
	const char *format;
	char left[160], right[160];
	if (!tflite_word(c, "weights_format", &format))
		return false;
	if (strcmp(format, "DEFAULT") != 0)
		return host_fault(c, "weights_format %s; expected DEFAULT", format);
	if (w->rank != 2 || w->count == 0 || x->rank == 0 || x->count == 0 || x->count % (size_t)w->dim[1])
		return host_fault(c, "input of shape %s and weights of shape %s; expected rows of as many elements as a row of weights",
		                  tensor_shape_text(x->rank, x->dim, left, sizeof left), tensor_shape_text(w->rank, w->dim, right, sizeof right));
	*v = (struct conv){.images = 1, .groups = 1, .channels = (size_t)w->dim[1], .outputs = (size_t)w->dim[0], .k = (size_t)w->dim[1]};
	int64_t rows = (int64_t)(x->count / v->k);
	v->w = (struct tflite_window){.in = {1, rows}, .out = {1, rows}, .kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}};
	return host_steps(c, (size_t)rows, v->outputs, v->k);
}

bool tflite_fully_connected(struct host_call *c)
{
	struct conv v;
	if (!dense_resolve(c, &v))
		return false;
	bool good = tflite_layer(c, &v.l, 0, 1, 2, v.outputs, 0, true);
	v.l.y = good ? dense_output(c, (size_t)v.w.in[1]) : NULL;
	good = v.l.y && (c->dry || multiply(c, &v));
	tflite_layer_free(&v.l);
	return good;
}
