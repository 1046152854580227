#include "conv_run.h"

#include <stdlib.h>
#include <string.h>

#include "fast_internal.h"
#include "gemm.h"
#include "parallel.h"

enum { FEW_OUTPUTS = 4 };       /* of a group: gemm.h has that many rows at a time */

/* ---- as a matrix product: a batch is a group of an image, k goes over channels and taps, columns over pixels */

static void weights(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to)
{
	const struct conv_run *r = context;
	size_t output = batch % r->conv->groups * r->conv->outputs + row;
	gemm_numbers(r->w, output * r->conv->k + k, 1, count, r->w_zero ? r->w_zero[output] : 0, to);
}

/* What a tap sees along one row of outputs, from column x0 on: padding, a stretch of the input's row at `line`, padding. */
static void tap_row(const struct conv_run *r, size_t line, int64_t x0, int64_t count, int64_t shift, double *to)
{
	const struct window *w = &r->conv->window;
	int64_t stride = w->stride[2], first = x0 * stride + shift, left = 0, right = count;
	if (first < 0)
		left = (-first + stride - 1) / stride;
	left = left < count ? left : count;
	if (first + (count - 1) * stride >= w->in[2])
		right = first >= w->in[2] ? 0 : (w->in[2] - first + stride - 1) / stride;
	right = right > left ? right : left;
	memset(to, 0, (size_t)left * sizeof *to);
	if (right > left)
		gemm_numbers(r->x, line + (size_t)(first + left * stride), (size_t)stride, (size_t)(right - left), r->x_zero, to + left);
	memset(to + right, 0, (size_t)(count - right) * sizeof *to);
}

static void patches(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct conv_run *r = context;
	const struct window *w = &r->conv->window;
	size_t plane = batch * r->conv->channels + k / w->taps;
	int64_t tap = (int64_t)(k % w->taps), kx = tap % w->kernel[2], ky = tap / w->kernel[2] % w->kernel[1], kz = tap / w->kernel[2] / w->kernel[1];
	int64_t x = (int64_t)column % w->out[2], row = (int64_t)column / w->out[2];
	for (int64_t left = (int64_t)count, n; left > 0; left -= n, to += n, x = 0, row++) {
		int64_t iy = row % w->out[1] * w->stride[1] - w->begin[1] + ky * w->dilation[1];
		int64_t iz = row / w->out[1] * w->stride[0] - w->begin[0] + kz * w->dilation[0];
		n = w->out[2] - x < left ? w->out[2] - x : left;
		if (iy < 0 || iy >= w->in[1] || iz < 0 || iz >= w->in[0])
			memset(to, 0, (size_t)n * sizeof *to);
		else
			tap_row(r, plane * w->plane + (size_t)((iz * w->in[1] + iy) * w->in[2]), x, n, kx * w->dilation[2] - w->begin[2], to);
	}
}

static void sums(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum)
{
	const struct conv_run *r = context;
	const struct conv *c = r->conv;
	r->done(r->context, batch % c->groups * c->outputs + row, (batch * c->outputs + row) * c->window.pixels + column, count, sum);
}

/* ---- tap by tap: depthwise and the like */

struct direct {
	const struct conv_run *r;
	int64_t size[WINDOW_MAX_RANK]; /* of a padded plane */
	size_t plane;               /* their product */
};

/* Is a padded copy of a group's input of a sane size? */
static bool direct_fits(struct direct *d, size_t threads)
{
	const struct conv *c = d->r->conv;
	const struct window *w = &c->window;
	double padded = 1;
	for (unsigned i = 0; i < WINDOW_MAX_RANK; i++) {
		d->size[i] = w->in[i] + w->begin[i] + w->end[i];
		padded *= (double)d->size[i];
	}
	d->plane = padded <= 2 * (double)w->plane + 4096 ? (size_t)padded : 0;
	return c->outputs < FEW_OUTPUTS && d->plane && c->groups * c->images >= (threads > 4 ? threads : 4);
}

static void pad_group(const struct direct *d, size_t batch, double *to)
{
	const struct conv *c = d->r->conv;
	const struct window *w = &c->window;
	memset(to, 0, c->channels * d->plane * sizeof *to);
	for (size_t channel = 0; channel < c->channels; channel++, to += d->plane)
		for (int64_t z = 0; z < w->in[0]; z++)
			for (int64_t y = 0; y < w->in[1]; y++)
				gemm_numbers(d->r->x, (batch * c->channels + channel) * w->plane + (size_t)((z * w->in[1] + y) * w->in[2]), 1, (size_t)w->in[2],
				             d->r->x_zero, to + ((z + w->begin[0]) * d->size[1] + y + w->begin[1]) * d->size[2] + w->begin[2]);
}

/* sum[i] += weight[kx] * line[i * stride + kx * dilation] for one row of the kernel */
FAST_CLONES
static void add_row(size_t count, size_t kernel, size_t dilation, size_t stride, const double *restrict weight, const double *restrict line,
                    double *restrict sum)
{
	for (size_t k = 0; k < kernel; k++, line += dilation) {
		double w = weight[k];
		if (stride == 1)
			for (size_t i = 0; i < count; i++)
				sum[i] += w * line[i];
		else if (stride == 2)
			for (size_t i = 0; i < count; i++)
				sum[i] += w * line[2 * i];
		else
			for (size_t i = 0; i < count; i++)
				sum[i] += w * line[i * stride];
	}
}

/* One row of one output: `at` is the padded input's element under its first tap. */
static void direct_row(const struct direct *d, const double *at, const double *weight, double *sum)
{
	const struct window *w = &d->r->conv->window;
	memset(sum, 0, (size_t)w->out[2] * sizeof *sum);
	for (size_t channel = 0; channel < d->r->conv->channels; channel++, at += d->plane)
		for (int64_t kz = 0; kz < w->kernel[0]; kz++)
			for (int64_t ky = 0; ky < w->kernel[1]; ky++, weight += w->kernel[2])
				add_row((size_t)w->out[2], (size_t)w->kernel[2], (size_t)w->dilation[2], (size_t)w->stride[2], weight,
				        at + (kz * w->dilation[0] * d->size[1] + ky * w->dilation[1]) * d->size[2], sum);
}

static void direct_group(const struct direct *d, size_t batch, const double *padded, double *weight, double *sum)
{
	const struct conv *c = d->r->conv;
	const struct window *w = &c->window;
	for (size_t o = 0; o < c->outputs; o++) {
		weights(d->r, batch, o, 0, c->k, weight);
		for (int64_t z = 0; z < w->out[0]; z++)
			for (int64_t y = 0; y < w->out[1]; y++) {
				direct_row(d, padded + (z * w->stride[0] * d->size[1] + y * w->stride[1]) * d->size[2], weight, sum);
				sums((void *)d->r, batch, o, (size_t)((z * w->out[1] + y) * w->out[2]), (size_t)w->out[2], sum);
			}
	}
}

static bool direct_groups(void *context, size_t first, size_t last)
{
	const struct direct *d = context;
	const struct conv *c = d->r->conv;
	double *padded = malloc(c->channels * d->plane * sizeof *padded);
	double *rest = malloc((c->k + (size_t)c->window.out[2]) * sizeof *rest);
	for (size_t batch = first; padded && rest && batch < last; batch++) {
		pad_group(d, batch, padded);
		direct_group(d, batch, padded, rest, rest + c->k);
	}
	bool good = padded && rest;
	free(padded);
	free(rest);
	return good;
}

/* ---- */

bool conv_run(const struct conv_run *r, unsigned threads)
{
	const struct conv *c = r->conv;
	struct direct d = {.r = r};
	if (direct_fits(&d, threads))
		return parallel_run(c->images * c->groups, threads, direct_groups, &d);
	struct gemm g = {c->images * c->groups, c->outputs, c->window.pixels, c->k, (void *)r, weights, patches, sums};
	return gemm_run(&g, threads);
}
