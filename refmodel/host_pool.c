#include "host_pool.h"

#include <stdlib.h>

#include "attribute.h"
#include "parallel.h"

bool host_pool_window(struct host_call *c, struct window *w)
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

struct tensor *host_pool_output(struct host_call *c, const struct window *w, size_t i, enum tensor_type t)
{
	const struct tensor *x = c->in[0];
	int64_t dim[TENSOR_MAX_RANK] = {x->dim[0], x->dim[1]};
	for (unsigned d = 0; d < w->rank; d++)
		dim[2 + d] = w->out[WINDOW_MAX_RANK - w->rank + d];
	return host_out(c, i, t, x->rank, dim);
}

struct run {
	const struct window *w;
	size_t planes;
	host_pool_pixel f;
	void *context;
};

static bool run_pixels(void *context, size_t first, size_t last)
{
	const struct run *r = context;
	int32_t *offset = malloc(r->w->taps * sizeof *offset);
	for (size_t pixel = first; offset && pixel < last; pixel++) {
		window_offsets(r->w, pixel, offset);
		size_t padded = window_padded_taps(r->w, pixel);
		for (size_t plane = 0; plane < r->planes; plane++)
			r->f(r->context, plane, pixel, offset, padded);
	}
	free(offset);
	return offset;
}

bool host_pool_run(struct host_call *c, const struct window *w, host_pool_pixel f, void *context)
{
	struct run r = {w, c->in[0]->count / w->plane, f, context};
	return parallel_run(w->pixels, c->threads, run_pixels, &r) || host_fault(c, "out of memory");
}

size_t host_pool_inside(const int32_t *offset, size_t taps)
{
	size_t count = 0;
	for (size_t i = 0; i < taps; i++)
		count += offset[i] >= 0;
	return count;
}
