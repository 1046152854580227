#include "conv.h"

#include "attribute.h"

static bool check_kernel_shape(const struct graph_node *n, const struct tensor *w, struct fault *f)
{
	const int64_t *v;
	size_t count;
	if (!attribute_ints(n, "kernel_shape", &v, &count, f))
		return false;
	bool same = !v || count + 2 == w->rank;
	for (size_t i = 0; v && same && i < count; i++)
		same = v[i] == w->dim[2 + i];
	char text[160];
	return same || graph_node_fault(n, f, "attribute 'kernel_shape' differs from the weights' shape %s",
	                                tensor_shape_text(w->rank, w->dim, text, sizeof text));
}

bool conv_resolve(const struct graph_node *n, const struct tensor *x, const struct tensor *w, struct conv *c, struct fault *f)
{
	int64_t groups;
	char text[160];
	if (x->rank < 3 || w->rank != x->rank)
		return graph_node_fault(n, f, "input of %u and weights of %u dimensions; expected the same number, 3 to 5", x->rank, w->rank);
	if (x->count == 0 || w->count == 0)
		return graph_node_fault(n, f, "input or weights are empty");
	if (!check_kernel_shape(n, w, f) || !attribute_range(n, "group", 1, 1, INT32_MAX, &groups, f) ||
	    !window_resolve(n, x, w->rank - 2, w->dim + 2, &c->window, f))
		return false;
	if (w->dim[0] % groups || x->dim[1] % groups || x->dim[1] / groups != w->dim[1])
		return graph_node_fault(n, f, "%lld input channels in %lld groups do not fit weights of shape %s", (long long)x->dim[1],
		                        (long long)groups, tensor_shape_text(w->rank, w->dim, text, sizeof text));
	c->images = (size_t)x->dim[0];
	c->groups = (size_t)groups;
	c->channels = (size_t)w->dim[1];
	c->outputs = (size_t)(w->dim[0] / groups);
	c->k = c->channels * c->window.taps;
	return true;
}

unsigned conv_shape(const struct conv *c, int64_t dim[TENSOR_MAX_RANK])
{
	dim[0] = (int64_t)c->images;
	dim[1] = (int64_t)(c->groups * c->outputs);
	for (unsigned i = 0; i < c->window.rank; i++)
		dim[2 + i] = c->window.out[WINDOW_MAX_RANK - c->window.rank + i];
	return 2 + c->window.rank;
}

size_t conv_input(const struct conv *c, size_t image, size_t group)
{
	return (image * c->groups + group) * c->channels * c->window.plane;
}

size_t conv_output(const struct conv *c, size_t image, size_t group, size_t output)
{
	return ((image * c->groups + group) * c->outputs + output) * c->window.pixels;
}
