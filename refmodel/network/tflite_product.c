/* BATCH_MATMUL and TRANSPOSE_CONV. */
#include <stdlib.h>
#include <string.h>

#include "host_list.h"
#include "matmul_run.h"
#include "parallel.h"
#include "tflite_layer.h"
#include "tflite_window.h"

/* ---- product of matrices */

static void done(void *context, size_t row, size_t column, size_t at, double sum)
{
	(void)row, (void)column;
	tflite_layer_store(context, at, 0, 1, &sum);
}

static void swap_last(struct tensor *t)
{
	int64_t d = t->dim[t->rank - 1];
	t->dim[t->rank - 1] = t->dim[t->rank - 2];
	t->dim[t->rank - 2] = d;
}

static int32_t *repeat(struct host_call *c, int32_t zero, size_t count)
{
	int32_t *list = host_scratch(c, count, sizeof *list);
	for (size_t i = 0; list && i < count; i++)
		list[i] = zero;
	return list;
}

static bool run(struct host_call *c, struct tflite_layer *l, const struct matmul *m, bool adj_x, bool adj_y)
{
	struct matmul_run r = matmul_run_of(m, l->x, l->w);
	int32_t *a_zero = repeat(c, l->x_zero, m->m), *b_zero = repeat(c, l->w_zero, m->n);
	r.a_row = adj_x ? 1 : m->k;
	r.a_step = adj_x ? m->m : 1;
	r.b_column = adj_y ? m->k : 1;
	r.b_step = adj_y ? 1 : m->n;
	r.a_zero = l->is_float ? NULL : a_zero;
	r.b_zero = l->is_float ? NULL : b_zero;
	r.context = l;
	r.done = done;
	bool good = a_zero && b_zero && matmul_run(c, &r);
	free(a_zero);
	free(b_zero);
	return good;
}

bool tflite_batch_matmul(struct host_call *c)
{
	struct tensor x = *c->in[0], w = *c->in[1];
	struct tflite_layer l;
	struct matmul m;
	bool adj_x, adj_y;
	if (x.rank < 2 || w.rank < 2)
		return host_fault(c, "inputs of %u and %u dimensions; expected 2 or more", x.rank, w.rank);
	if (!tflite_flag(c, "adj_x", &adj_x) || !tflite_flag(c, "adj_y", &adj_y))
		return false;
	if (adj_x)
		swap_last(&x);
	if (adj_y)
		swap_last(&w);
	if (!matmul_resolve(c->node, &x, &w, &m, c->fault) || !host_steps(c, m.batches * m.m, m.n, m.k))
		return false;
	bool good = tflite_layer(c, &l, 0, 1, 2, 1, 0, false);
	l.y = good ? tflite_out(c, 0, m.rank, m.dim) : NULL;
	good = l.y && (c->dry || run(c, &l, &m, adj_x, adj_y));
	tflite_layer_free(&l);
	return good;
}

/* ---- transposed convolution: each output pixel gathers the inputs whose kernels reach it */

struct transposed {
	struct tflite_layer l;
	struct tflite_window w;     /* of the convolution that leads from the output to the input: in is the output's size */
	int64_t in[2];              /* the input's size */
	size_t channels;
};

/* Input coordinate that output coordinate `at` takes through tap k of dimension d; -1: none. */
static int64_t source(const struct transposed *v, int d, int64_t at, int64_t k)
{
	int64_t place = at + v->w.begin[d] - k;
	return place >= 0 && place % v->w.stride[d] == 0 && place / v->w.stride[d] < v->in[d] ? place / v->w.stride[d] : -1;
}

static void add_tap(const struct transposed *v, size_t x_at, size_t tap, double *in, double *weights, double *sum)
{
	size_t taps = (size_t)(v->w.kernel[0] * v->w.kernel[1]), channels = v->channels;
	tflite_layer_x(&v->l, x_at, channels, in);
	for (size_t o = 0; o < v->l.channels; o++) {
		tflite_layer_w(&v->l, (o * taps + tap) * channels, 1, channels, weights);
		for (size_t i = 0; i < channels; i++)
			sum[o] += in[i] * weights[i];
	}
}

static void gather(const struct transposed *v, size_t image, int64_t y, int64_t x, double *in, double *weights, double *sum)
{
	memset(sum, 0, v->l.channels * sizeof *sum);
	for (int64_t ky = 0; ky < v->w.kernel[0]; ky++)
		for (int64_t kx = 0; kx < v->w.kernel[1]; kx++) {
			int64_t iy = source(v, 0, y, ky), ix = source(v, 1, x, kx);
			if (iy >= 0 && ix >= 0)
				add_tap(v, ((image * (size_t)v->in[0] + (size_t)iy) * (size_t)v->in[1] + (size_t)ix) * v->channels,
				        (size_t)(ky * v->w.kernel[1] + kx), in, weights, sum);
		}
}

static bool rows(void *context, size_t first, size_t last)
{
	const struct transposed *v = context;
	size_t height = (size_t)v->w.in[0], width = (size_t)v->w.in[1];
	double *in = malloc((2 * v->channels + v->l.channels) * sizeof *in), *sum = in + 2 * v->channels;
	for (size_t row = first; in && row < last; row++)
		for (size_t x = 0; x < width; x++) {
			gather(v, row / height, (int64_t)(row % height), (int64_t)x, in, in + v->channels, sum);
			tflite_layer_store(&v->l, (row * width + x) * v->l.channels, 0, v->l.channels, sum);
		}
	free(in);
	return in;
}

/* Input 0 is the output's shape. */
static bool resolve(struct host_call *c, struct transposed *v, struct tensor *y)
{
	const struct tensor *w = c->in[1], *x = c->in[2];
	struct host_list shape;
	char left[160], right[160];
	bool good = host_list(c, 0, NULL, &shape) && host_list_count(c, &shape, "numbers of the output's shape", 4);
	*y = (struct tensor){.type = tflite_out_value(c, 0)->type, .rank = 4};
	for (size_t i = 0; good && i < 4; i++)
		y->dim[i] = shape.v[i];
	host_list_free(&shape);
	struct fault inner = {""};
	if (!good)
		return false;
	if (!tensor_count(y->type, 4, y->dim, &y->count, &inner))
		return host_fault(c, "output: %s", inner.text);
	if (x->rank != 4 || x->count == 0 || w->rank != 4 || w->count == 0 || w->dim[3] != x->dim[3] || y->dim[0] != x->dim[0] || y->dim[3] != w->dim[0])
		return host_fault(c, "input %s, weights %s and output [%lld, ., ., %lld] do not fit", tensor_shape_text(x->rank, x->dim, left, sizeof left),
		                  tensor_shape_text(w->rank, w->dim, right, sizeof right), (long long)y->dim[0], (long long)y->dim[3]);
	v->in[0] = x->dim[1];
	v->in[1] = x->dim[2];
	v->channels = (size_t)x->dim[3];
	if (!tflite_window(c, y, w->dim[1], w->dim[2], &v->w))
		return false;
	if (v->w.out[0] != v->in[0] || v->w.out[1] != v->in[1])
		return host_fault(c, "input of %lld x %lld; an output of that shape needs %lld x %lld", (long long)v->in[0], (long long)v->in[1],
		                  (long long)v->w.out[0], (long long)v->w.out[1]);
	return host_steps(c, y->count, w->count / (size_t)w->dim[0], 1);
}

bool tflite_transpose_conv(struct host_call *c)
{
	struct transposed v;
	struct tensor y;
	if (!resolve(c, &v, &y))
		return false;
	bool good = tflite_layer(c, &v.l, 2, 1, 3, (size_t)y.dim[3], 0, true);
	v.l.y = good ? tflite_out(c, 0, 4, y.dim) : NULL;
	if (v.l.y && !c->dry)
		good = parallel_run((size_t)(y.dim[0] * y.dim[1]), c->threads, rows, &v) || host_fault(c, "out of memory");
	good = good && v.l.y;
	tflite_layer_free(&v.l);
	return good;
}
