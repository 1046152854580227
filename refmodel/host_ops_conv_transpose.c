/*
 * ConvTranspose: what each input pixel adds to the output pixels under its kernel is a matrix product, scattered into sums of double precision that
 * are rounded once.
 */
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "gemm.h"
#include "host_ops.h"
#include "parallel.h"
#include "window.h"

enum { CHUNK = 8 };             /* output channels that share the reading of the input */

struct transposed {
	/* of the convolution whose gradient this is: `in` and `plane` are the output's, `out` and `pixels` the input's */
	struct window w;
	size_t images, groups, channels, outputs; /* the last two of one group */
	const struct tensor *x, *weights;
	const float *bias;
	struct host_clamp clamp;
	float *y;
};

/* ---- geometry */

static bool output_shape(struct host_call *c, struct transposed *t, const int64_t *extra)
{
	const char *mode;
	int64_t shape[WINDOW_MAX_RANK] = {0};
	struct window *w = &t->w;
	if (!attribute_string(c->node, "auto_pad", "NOTSET", &mode, c->fault) || !window_pads(c->node, w, c->fault) ||
	    !window_extents(c->node, "output_shape", w->rank, 0, 0, shape, c->fault))
		return false;
	bool same = !strcmp(mode, "SAME_UPPER") || !strcmp(mode, "SAME_LOWER"), valid = !strcmp(mode, "VALID");
	if (!same && !valid && strcmp(mode, "NOTSET") != 0)
		return host_fault(c, "auto_pad '%.20s'; expected NOTSET, SAME_UPPER, SAME_LOWER or VALID", mode);
	for (unsigned i = WINDOW_MAX_RANK - w->rank; i < WINDOW_MAX_RANK; i++) {
		int64_t reach = (w->out[i] - 1) * w->stride[i] + (w->kernel[i] - 1) * w->dilation[i] + 1 + extra[i];
		int64_t wanted = shape[i] ? shape[i] : same ? w->out[i] * w->stride[i] : 0, total = reach - wanted > 0 ? reach - wanted : 0;
		if (wanted) /* the odd one goes to the end with SAME_UPPER, else to the beginning */
			w->begin[i] = !strcmp(mode, "SAME_UPPER") ? total / 2 : total - total / 2;
		else if (valid)
			w->begin[i] = w->end[i] = 0;
		w->in[i] = wanted ? wanted : reach - w->begin[i] - w->end[i];
		if (w->in[i] < 1)
			return host_fault(c, "pads of %lld and %lld leave nothing of %lld elements", (long long)w->begin[i], (long long)w->end[i],
			                  (long long)reach);
	}
	return true;
}

static bool kernel(struct host_call *c, struct transposed *t)
{
	const struct tensor *x = c->in[0], *weights = c->in[1];
	int64_t shape[WINDOW_MAX_RANK] = {0};
	struct window *w = &t->w;
	*w = (struct window){.rank = x->rank - 2};
	for (unsigned i = 0; i < WINDOW_MAX_RANK; i++)
		w->in[i] = w->out[i] = w->kernel[i] = w->stride[i] = w->dilation[i] = 1;
	if (!window_extents(c->node, "kernel_shape", w->rank, 0, 0, shape, c->fault))
		return false;
	for (unsigned i = 0; i < w->rank; i++) {
		unsigned at = WINDOW_MAX_RANK - w->rank + i;
		w->out[at] = x->dim[2 + i];
		w->kernel[at] = weights->dim[2 + i];
		if (w->out[at] > WINDOW_MAX_EXTENT || w->kernel[at] > WINDOW_MAX_EXTENT)
			return host_fault(c, "kernel %lld over input %lld; expected at most %d each", (long long)w->kernel[at], (long long)w->out[at],
			                  WINDOW_MAX_EXTENT);
		if (shape[at] && shape[at] != w->kernel[at])
			return host_fault(c, "attribute 'kernel_shape' has %lld where the weights have %lld", (long long)shape[at], (long long)w->kernel[at]);
	}
	return true;
}

static bool resolve(struct host_call *c, struct transposed *t)
{
	const struct tensor *x = c->in[0], *weights = c->in[1];
	int64_t groups, extra[WINDOW_MAX_RANK] = {0};
	char text[160];
	if (x->rank < 3 || x->rank > 2 + WINDOW_MAX_RANK || weights->rank != x->rank)
		return host_fault(c, "input of %u and weights of %u dimensions; expected the same number, 3 to 5", x->rank, weights->rank);
	if (!x->count || !weights->count)
		return host_fault(c, "input or weights are empty");
	if (!attribute_range(c->node, "group", 1, 1, INT32_MAX, &groups, c->fault))
		return false;
	if (x->dim[1] % groups || x->dim[1] != weights->dim[0])
		return host_fault(c, "%lld input channels in %lld groups do not fit weights of shape %s", (long long)x->dim[1], (long long)groups,
		                  tensor_shape_text(weights->rank, weights->dim, text, sizeof text));
	t->images = (size_t)x->dim[0];
	t->groups = (size_t)groups;
	t->channels = (size_t)(x->dim[1] / groups);
	t->outputs = (size_t)weights->dim[1];
	struct window *w = &t->w;
	return kernel(c, t) && window_extents(c->node, "strides", w->rank, 1, 1, w->stride, c->fault) &&
	       window_extents(c->node, "dilations", w->rank, 1, 1, w->dilation, c->fault) &&
	       window_extents(c->node, "output_padding", w->rank, 0, 0, extra, c->fault) && output_shape(c, t, extra) &&
	       window_product(c->node, w->in, &w->plane, c->fault) && window_product(c->node, w->out, &w->pixels, c->fault) &&
	       window_product(c->node, w->kernel, &w->taps, c->fault);
}

/* ---- one chunk of output channels: rows of the product are taps of outputs, columns input pixels, k input channels */

struct chunk {
	const struct transposed *t;
	size_t image, group, first; /* first output of the group */
	double *sum;                /* [outputs][plane] */
};

static void weights_of(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to)
{
	const struct chunk *s = context;
	const struct transposed *t = s->t;
	size_t all = t->outputs * t->w.taps; /* of one input channel */
	(void)batch;
	gemm_numbers(t->weights, (s->group * t->channels + k) * all + s->first * t->w.taps + row, all, count, 0, to);
}

static void input_of(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct chunk *s = context;
	const struct transposed *t = s->t;
	(void)batch;
	gemm_numbers(t->x, ((s->image * t->groups + s->group) * t->channels + k) * t->w.pixels + column, 1, count, 0, to);
}

static void scatter(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum)
{
	const struct chunk *s = context;
	const struct window *w = &s->t->w;
	double *plane = s->sum + row / w->taps * w->plane;
	int64_t tap = (int64_t)(row % w->taps), shift = tap % w->kernel[2] * w->dilation[2] - w->begin[2];
	int64_t ky = tap / w->kernel[2] % w->kernel[1], kz = tap / w->kernel[2] / w->kernel[1];
	int64_t x = (int64_t)column % w->out[2], line = (int64_t)column / w->out[2];
	(void)batch;
	for (int64_t left = (int64_t)count, n; left > 0; left -= n, sum += n, x = 0, line++) {
		int64_t y = line % w->out[1] * w->stride[1] - w->begin[1] + ky * w->dilation[1];
		int64_t z = line / w->out[1] * w->stride[0] - w->begin[0] + kz * w->dilation[0];
		n = w->out[2] - x < left ? w->out[2] - x : left;
		if (y < 0 || y >= w->in[1] || z < 0 || z >= w->in[0])
			continue;
		for (int64_t i = 0; i < n; i++) {
			int64_t at = (x + i) * w->stride[2] + shift;
			if (at >= 0 && at < w->in[2])
				plane[(z * w->in[1] + y) * w->in[2] + at] += sum[i];
		}
	}
}

static bool run_chunk(struct chunk *s, size_t outputs)
{
	const struct transposed *t = s->t;
	struct gemm g = {1, outputs * t->w.taps, t->w.pixels, t->channels, s, weights_of, input_of, scatter};
	memset(s->sum, 0, outputs * t->w.plane * sizeof *s->sum);
	if (!gemm_run(&g, 1))
		return false;
	for (size_t o = 0; o < outputs; o++) {
		size_t row = s->group * t->outputs + s->first + o;
		float *y = t->y + (s->image * t->groups * t->outputs + row) * t->w.plane;
		double bias = t->bias ? (double)t->bias[row] : 0;
		for (size_t i = 0; i < t->w.plane; i++)
			y[i] = host_clamped(&t->clamp, s->sum[o * t->w.plane + i] + bias);
	}
	return true;
}

static size_t chunk_size(const struct transposed *t)
{
	return t->outputs < CHUNK ? t->outputs : CHUNK;
}

static size_t chunks(const struct transposed *t)
{
	return (t->outputs + chunk_size(t) - 1) / chunk_size(t);
}

static bool run_chunks(void *context, size_t first, size_t last)
{
	const struct transposed *t = context;
	size_t most = chunk_size(t);
	struct chunk s = {.t = t, .sum = malloc(most * t->w.plane * sizeof *s.sum)};
	bool good = s.sum;
	for (size_t i = first; good && i < last; i++) {
		s.image = i / chunks(t) / t->groups;
		s.group = i / chunks(t) % t->groups;
		s.first = i % chunks(t) * most;
		good = run_chunk(&s, t->outputs - s.first < most ? t->outputs - s.first : most);
	}
	free(s.sum);
	return good;
}

bool host_conv_transpose(struct host_call *c)
{
	const struct tensor *bias = host_in(c, 2);
	struct transposed t = {.x = c->in[0], .weights = c->in[1]};
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || (bias && !host_type(c, 2, TENSOR_FLOAT32)) ||
	    !resolve(c, &t) || !host_clamp(c, &t.clamp))
		return false;
	if (bias && bias->count != t.groups * t.outputs)
		return host_fault(c, "bias of %zu elements; expected one an output, %zu", bias->count, t.groups * t.outputs);
	int64_t dim[TENSOR_MAX_RANK] = {(int64_t)t.images, (int64_t)(t.groups * t.outputs)};
	for (unsigned i = 0; i < t.w.rank; i++)
		dim[2 + i] = t.w.in[WINDOW_MAX_RANK - t.w.rank + i];
	if (!host_steps(c, t.images * t.groups * t.outputs, t.w.pixels, t.channels * t.w.taps))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, c->in[0]->rank, dim);
	if (!y || c->dry)
		return y;
	t.bias = bias ? bias->data : NULL;
	t.y = y->data;
	return parallel_run(t.images * t.groups * chunks(&t), c->threads, run_chunks, &t) || host_fault(c, "out of memory");
}
