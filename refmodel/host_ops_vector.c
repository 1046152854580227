/* Softmax and other operators on vectors along an axis, and LRN. Computed in double precision, rounded once. */
#include <math.h>

#include "attribute.h"
#include "host_ops.h"
#include "parallel.h"

/* count elements, `step` apart */
typedef void (*vector_function)(const float *x, float *y, size_t count, size_t step, double p);

struct vectors {
	vector_function f;
	const float *x;
	float *y;
	size_t count, inner;        /* elements of a vector, and between them */
	double p;
};

static bool run_vectors(void *context, size_t first, size_t last)
{
	const struct vectors *v = context;
	for (size_t i = first; i < last; i++) {
		size_t at = i / v->inner * v->inner * v->count + i % v->inner;
		v->f(v->x + at, v->y + at, v->count, v->inner, v->p);
	}
	return true;
}

/* f on all vectors along one axis, or (flat) over everything from the axis on. */
static bool vectors(struct host_call *c, vector_function f, double p, int64_t fallback, bool flat)
{
	const struct tensor *x = c->in[0];
	struct vectors v = {.f = f, .count = 1, .inner = 1, .p = p};
	unsigned axis;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !attribute_axis(c->node, fallback, x->rank, &axis, c->fault))
		return false;
	for (unsigned i = axis; i < x->rank; i++)
		*(!flat && i > axis ? &v.inner : &v.count) *= (size_t)x->dim[i];
	struct tensor *y = host_steps(c, x->count, 3, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry || !y->count)
		return y;
	v.x = x->data;
	v.y = y->data;
	return parallel_run(x->count / v.count, x->count < 4096 ? 1 : c->threads, run_vectors, &v);
}

/* ---- Softmax, LogSoftmax, Hardmax: along one axis since operator set 13; before, over everything from the axis on */

static double top_and_sum(const float *x, size_t count, size_t step, double *top)
{
	double sum = 0;
	*top = -INFINITY;
	for (size_t i = 0; i < count; i++)
		*top = (double)x[i * step] > *top ? (double)x[i * step] : *top;
	for (size_t i = 0; i < count; i++)
		sum += exp((double)x[i * step] - *top);
	return sum;
}

static void softmax(const float *x, float *y, size_t count, size_t step, double unused)
{
	double top, sum = top_and_sum(x, count, step, &top);
	(void)unused;
	for (size_t i = 0; i < count; i++)
		y[i * step] = (float)(exp((double)x[i * step] - top) / sum);
}

static void log_softmax(const float *x, float *y, size_t count, size_t step, double unused)
{
	double top, sum = log(top_and_sum(x, count, step, &top));
	(void)unused;
	for (size_t i = 0; i < count; i++)
		y[i * step] = (float)((double)x[i * step] - top - sum);
}

/* 1 at the first of the largest, 0 elsewhere. */
static void hardmax(const float *x, float *y, size_t count, size_t step, double unused)
{
	size_t best = 0;
	(void)unused;
	for (size_t i = 0; i < count; i++) {
		y[i * step] = 0;
		best = x[i * step] > x[best * step] ? i : best;
	}
	y[best * step] = 1;
}

static bool likelihood(struct host_call *c, vector_function f)
{
	bool flat = c->graph->opset < 13;
	return vectors(c, f, 0, flat ? 1 : -1, flat);
}

bool host_softmax(struct host_call *c)
{
	return likelihood(c, softmax);
}

bool host_log_softmax(struct host_call *c)
{
	return likelihood(c, log_softmax);
}

bool host_hardmax(struct host_call *c)
{
	return likelihood(c, hardmax);
}

/* ---- LpNormalization: by the sum of magnitudes or the root of the sum of squares; a vector of zeros stays */

static void lp_normalize(const float *x, float *y, size_t count, size_t step, double p)
{
	double norm = 0;
	for (size_t i = 0; i < count; i++)
		norm += p == 1 ? fabs((double)x[i * step]) : (double)x[i * step] * (double)x[i * step];
	norm = p == 1 ? norm : sqrt(norm);
	for (size_t i = 0; i < count; i++)
		y[i * step] = norm == 0 ? 0 : (float)((double)x[i * step] / norm);
}

bool host_lp_normalization(struct host_call *c)
{
	int64_t p;
	return attribute_range(c->node, "p", 2, 1, 2, &p, c->fault) && vectors(c, lp_normalize, (double)p, -1, false);
}

/* ---- LRN: each element by the squares of the `size` channels around it */

struct lrn {
	size_t channels, inner, before, after;
	double alpha, beta, bias;   /* alpha by size */
};

static void lrn_image(const struct lrn *l, const float *x, float *y)
{
	for (size_t channel = 0; channel < l->channels; channel++) {
		size_t first = channel < l->before ? 0 : channel - l->before;
		size_t last = channel + l->after < l->channels ? channel + l->after : l->channels - 1;
		for (size_t i = 0; i < l->inner; i++) {
			double squares = 0;
			for (size_t k = first; k <= last; k++)
				squares += (double)x[k * l->inner + i] * (double)x[k * l->inner + i];
			y[channel * l->inner + i] = (float)((double)x[channel * l->inner + i] * pow(l->bias + l->alpha * squares, -l->beta));
		}
	}
}

bool host_lrn(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t size;
	float alpha, beta, bias;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !attribute_range(c->node, "size", 0, 1, INT32_MAX, &size, c->fault) ||
	    !attribute_float(c->node, "alpha", 0.0001f, &alpha, c->fault) || !attribute_float(c->node, "beta", 0.75f, &beta, c->fault) ||
	    !attribute_float(c->node, "bias", 1, &bias, c->fault))
		return false;
	if (x->rank < 2)
		return host_fault(c, "input of %u dimensions; expected at least 2", x->rank);
	struct lrn l = {(size_t)x->dim[1], 1, (size_t)(size - 1) / 2, (size_t)size / 2, (double)alpha / (double)size, (double)beta, (double)bias};
	for (unsigned i = 2; i < x->rank; i++)
		l.inner *= (size_t)x->dim[i];
	size_t reach = (size_t)size < l.channels ? (size_t)size : l.channels;
	struct tensor *y = host_steps(c, x->count, reach, 1) ? host_out_like(c, 0, x) : NULL;
	for (size_t at = 0; y && !c->dry && at < y->count; at += l.channels * l.inner)
		lrn_image(&l, (const float *)x->data + at, (float *)y->data + at);
	return y;
}
