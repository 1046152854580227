/* MaxPool, AveragePool and the global ones: one plane at a time. */
#include <math.h>
#include <stdlib.h>

#include "attribute.h"
#include "host_ops.h"
#include "window.h"

static bool resolve(struct host_call *c, struct window *w)
{
	const int64_t *kernel;
	size_t rank;
	const struct tensor *x = c->in[0];
	if (!attribute_ints(c->node, "kernel_shape", &kernel, &rank, c->fault))
		return false;
	if (!kernel)
		return host_fault(c, "lacks the attribute 'kernel_shape'");
	if (!window_resolve(c->node, x, rank, kernel, w, c->fault))
		return false;
	if (x->count == 0)
		return host_fault(c, "input is empty");
	return host_steps(c, x->count / w->plane, w->pixels, w->taps);
}

static struct tensor *make_output(struct host_call *c, const struct window *w)
{
	const struct tensor *x = c->in[0];
	int64_t dim[TENSOR_MAX_RANK] = {x->dim[0], x->dim[1]};
	for (unsigned i = 0; i < w->rank; i++)
		dim[2 + i] = w->out[WINDOW_MAX_RANK - w->rank + i];
	return host_out(c, 0, x->type, x->rank, dim);
}

/* ---- maximum */

static float max_float(const float *x, const int32_t *offset, size_t taps)
{
	float most = -INFINITY;
	for (size_t i = 0; i < taps; i++)
		if (offset[i] >= 0 && (x[offset[i]] > most || isnan(x[offset[i]])))
			most = x[offset[i]]; /* also a NaN, which then stays */
	return most;
}

static int32_t max_code(const struct tensor *x, size_t plane, const int32_t *offset, size_t taps)
{
	int32_t most = host_code_min(x->type);
	for (size_t i = 0; i < taps; i++)
		if (offset[i] >= 0) {
			int32_t v = (int32_t)tensor_integer(x, plane + (size_t)offset[i]);
			most = v > most ? v : most;
		}
	return most;
}

static void max_pixel(const struct tensor *x, struct tensor *y, const struct window *w, size_t pixel, const int32_t *offset)
{
	for (size_t i = 0; i < x->count / w->plane; i++) {
		if (x->type == TENSOR_FLOAT32)
			((float *)y->data)[i * w->pixels + pixel] = max_float((const float *)x->data + i * w->plane, offset, w->taps);
		else
			host_store_code(y, i * w->pixels + pixel, max_code(x, i * w->plane, offset, w->taps));
	}
}

bool host_max_pool(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct window w;
	if (x->type != TENSOR_FLOAT32 && !host_is_code(x->type))
		return host_type_fault(c, 0, "float32, int8 or uint8");
	if (!resolve(c, &w))
		return false;
	struct tensor *y = make_output(c, &w);
	if (!y || c->dry)
		return y;
	int32_t *offset = host_scratch(c, w.taps, sizeof *offset);
	for (size_t pixel = 0; offset && pixel < w.pixels; pixel++) {
		window_offsets(&w, pixel, offset);
		max_pixel(x, y, &w, pixel, offset);
	}
	free(offset);
	return offset;
}

/* ---- average */

static double sum_float(const float *x, const int32_t *offset, size_t taps)
{
	double sum = 0;
	for (size_t i = 0; i < taps; i++)
		if (offset[i] >= 0)
			sum += (double)x[offset[i]];
	return sum;
}

static size_t inside(const int32_t *offset, size_t taps)
{
	size_t count = 0;
	for (size_t i = 0; i < taps; i++)
		count += offset[i] >= 0;
	return count;
}

bool host_average_pool(struct host_call *c)
{
	struct window w;
	int64_t with_pads;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !attribute_range(c->node, "count_include_pad", 0, 0, 1, &with_pads, c->fault) ||
	    !resolve(c, &w))
		return false;
	const float *x = c->in[0]->data;
	struct tensor *y = make_output(c, &w);
	if (!y || c->dry)
		return y;
	int32_t *offset = host_scratch(c, w.taps, sizeof *offset);
	for (size_t pixel = 0; offset && pixel < w.pixels; pixel++) {
		window_offsets(&w, pixel, offset);
		size_t count = with_pads ? window_padded_taps(&w, pixel) : inside(offset, w.taps);
		for (size_t i = 0; i < c->in[0]->count / w.plane; i++)
			((float *)y->data)[i * w.pixels + pixel] = (float)(sum_float(x + i * w.plane, offset, w.taps) / (double)count);
	}
	free(offset);
	return offset;
}

/* ---- over the whole plane */

static bool global(struct host_call *c, float (*reduce)(const float *plane, size_t count))
{
	const struct tensor *x = c->in[0];
	if (!host_type(c, 0, TENSOR_FLOAT32))
		return false;
	if (x->rank < 3 || x->count == 0)
		return host_fault(c, "input of %u dimensions; expected at least 3, none of them 0", x->rank);
	int64_t dim[TENSOR_MAX_RANK] = {x->dim[0], x->dim[1]};
	for (unsigned i = 2; i < x->rank; i++)
		dim[i] = 1;
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, x->type, x->rank, dim) : NULL;
	if (!y || c->dry)
		return y;
	size_t plane = x->count / y->count;
	for (size_t i = 0; i < y->count; i++)
		((float *)y->data)[i] = reduce((const float *)x->data + i * plane, plane);
	return true;
}

static float mean(const float *x, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (double)x[i];
	return (float)(sum / (double)count);
}

static float most(const float *x, size_t count)
{
	float best = x[0];
	for (size_t i = 1; i < count; i++)
		if (x[i] > best || isnan(x[i]))
			best = x[i];
	return best;
}

bool host_global_average_pool(struct host_call *c)
{
	return global(c, mean);
}

bool host_global_max_pool(struct host_call *c)
{
	return global(c, most);
}
