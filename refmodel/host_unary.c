#include "host_unary.h"

#include "parallel.h"

enum { FEW = 4096 };            /* elements for which another thread does not pay */

struct unary {
	host_unary_function f;
	double p[2];
	const float *x;
	float *y;
};

static bool stretch(void *context, size_t first, size_t last)
{
	const struct unary *u = context;
	for (size_t i = first; i < last; i++)
		u->y[i] = (float)u->f((double)u->x[i], u->p);
	return true;
}

bool host_unary(struct host_call *c, host_unary_function f, double p0, double p1)
{
	const struct tensor *x = c->in[0];
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_steps(c, x->count, 1, 1))
		return false;
	struct tensor *y = host_out_like(c, 0, x);
	if (!y || c->dry)
		return y;
	struct unary u = {f, {p0, p1}, x->data, y->data};
	return parallel_run(x->count, x->count < FEW ? 1 : c->threads, stretch, &u);
}
