/* MaxPool, AveragePool, LpPool and the global ones. Sums are formed in double precision and rounded once. */
#include <math.h>

#include "attribute.h"
#include "host_pool.h"

struct pool {
	const struct window *w;
	const struct tensor *x;
	struct tensor *y, *indices; /* NULL: not wanted */
	bool by_column;             /* of the indices: first dimension fastest */
	bool with_pads;
	double p;                   /* of the norm */
};

/* ---- maximum */

static bool beats(const struct tensor *x, size_t a, size_t b)
{
	if (x->type == TENSOR_FLOAT32) {
		float v = ((const float *)x->data)[a], best = ((const float *)x->data)[b];
		return v > best || (isnan(v) && !isnan(best)); /* NaN, once seen, stays */
	}
	return x->type == TENSOR_INT8 ? ((const int8_t *)x->data)[a] > ((const int8_t *)x->data)[b]
	                              : ((const uint8_t *)x->data)[a] > ((const uint8_t *)x->data)[b];
}

/* Offset in a plane, counted with the first dimension fastest. */
static int64_t column_index(const struct window *w, int64_t at)
{
	int64_t x = at % w->in[2], y = at / w->in[2] % w->in[1], z = at / w->in[2] / w->in[1];
	return (x * w->in[1] + y) * w->in[0] + z;
}

/* A window that lies in the padding whole gives the smallest value there is, at index 0 of its plane. */
static void max_pixel(void *context, size_t plane, size_t pixel, const int32_t *offset, size_t padded)
{
	const struct pool *s = context;
	size_t first = plane * s->w->plane, best = SIZE_MAX, at = plane * s->w->pixels + pixel;
	(void)padded;
	for (size_t i = 0; i < s->w->taps; i++)
		if (offset[i] >= 0 && (best == SIZE_MAX || beats(s->x, first + (size_t)offset[i], best)))
			best = first + (size_t)offset[i];
	if (s->x->type == TENSOR_FLOAT32)
		((float *)s->y->data)[at] = best == SIZE_MAX ? -INFINITY : ((const float *)s->x->data)[best];
	else
		((uint8_t *)s->y->data)[at] = best == SIZE_MAX ? (uint8_t)host_code_min(s->x->type) : ((const uint8_t *)s->x->data)[best];
	if (!s->indices)
		return;
	int64_t index = best == SIZE_MAX ? 0 : (int64_t)(best - first);
	((int64_t *)s->indices->data)[at] = (int64_t)first + (s->by_column ? column_index(s->w, index) : index);
}

bool host_max_pool(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct window w;
	int64_t order;
	if (x->type != TENSOR_FLOAT32 && !host_is_code(x->type))
		return host_type_fault(c, 0, "float32, int8 or uint8");
	if (!attribute_range(c->node, "storage_order", 0, 0, 1, &order, c->fault) || !host_pool_window(c, &w))
		return false;
	struct pool s = {.w = &w, .x = x, .y = host_pool_output(c, &w, 0, x->type), .by_column = order};
	if (s.y && c->node->outputs > 1 && !(s.indices = host_pool_output(c, &w, 1, TENSOR_INT64)))
		return false;
	return s.y && (c->dry || host_pool_run(c, &w, max_pixel, &s));
}

/* ---- average and norm */

static void average_pixel(void *context, size_t plane, size_t pixel, const int32_t *offset, size_t padded)
{
	const struct pool *s = context;
	const float *x = (const float *)s->x->data + plane * s->w->plane;
	size_t count = s->with_pads ? padded : host_pool_inside(offset, s->w->taps);
	double sum = 0;
	for (size_t i = 0; i < s->w->taps; i++)
		if (offset[i] >= 0)
			sum += (double)x[offset[i]];
	((float *)s->y->data)[plane * s->w->pixels + pixel] = (float)(sum / (double)count);
}

static double power(double x, double p)
{
	return p == 1 ? fabs(x) : p == 2 ? x * x : pow(fabs(x), p);
}

static double root(double sum, double p)
{
	return p == 1 ? sum : p == 2 ? sqrt(sum) : pow(sum, 1 / p);
}

static void norm_pixel(void *context, size_t plane, size_t pixel, const int32_t *offset, size_t padded)
{
	const struct pool *s = context;
	const float *x = (const float *)s->x->data + plane * s->w->plane;
	double sum = 0;
	(void)padded;
	for (size_t i = 0; i < s->w->taps; i++)
		if (offset[i] >= 0)
			sum += power((double)x[offset[i]], s->p);
	((float *)s->y->data)[plane * s->w->pixels + pixel] = (float)root(sum, s->p);
}

static bool pool_float(struct host_call *c, struct pool *s, host_pool_pixel f)
{
	struct window w;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_pool_window(c, &w))
		return false;
	s->w = &w;
	s->x = c->in[0];
	s->y = host_pool_output(c, &w, 0, TENSOR_FLOAT32);
	return s->y && (c->dry || host_pool_run(c, &w, f, s));
}

bool host_average_pool(struct host_call *c)
{
	int64_t with_pads;
	if (!attribute_range(c->node, "count_include_pad", 0, 0, 1, &with_pads, c->fault))
		return false;
	return pool_float(c, &(struct pool){.with_pads = with_pads}, average_pixel);
}

bool host_lp_pool(struct host_call *c)
{
	int64_t p;
	if (!attribute_range(c->node, "p", 2, 1, INT32_MAX, &p, c->fault))
		return false;
	return pool_float(c, &(struct pool){.p = (double)p}, norm_pixel);
}

/* ---- over the whole plane */

static bool global(struct host_call *c, float (*reduce)(const float *plane, size_t count, double p), double p)
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
		((float *)y->data)[i] = reduce((const float *)x->data + i * plane, plane, p);
	return true;
}

static float mean(const float *x, size_t count, double unused)
{
	double sum = 0;
	(void)unused;
	for (size_t i = 0; i < count; i++)
		sum += (double)x[i];
	return (float)(sum / (double)count);
}

static float most(const float *x, size_t count, double unused)
{
	float best = x[0];
	(void)unused;
	for (size_t i = 1; i < count; i++)
		if (x[i] > best || isnan(x[i]))
			best = x[i];
	return best;
}

static float norm(const float *x, size_t count, double p)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += power((double)x[i], p);
	return (float)root(sum, p);
}

bool host_global_average_pool(struct host_call *c)
{
	return global(c, mean, 0);
}

bool host_global_max_pool(struct host_call *c)
{
	return global(c, most, 0);
}

bool host_global_lp_pool(struct host_call *c)
{
	int64_t p;
	return attribute_range(c->node, "p", 2, 1, INT32_MAX, &p, c->fault) && global(c, norm, (double)p);
}
