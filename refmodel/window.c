#include "window.h"

#include <string.h>

#include "attribute.h"

bool window_extents(const struct graph_node *n, const char *name, unsigned rank, int64_t least, int64_t fallback, int64_t *to, struct fault *f)
{
	const int64_t *v;
	size_t count;
	if (!attribute_ints(n, name, &v, &count, f))
		return false;
	if (v && count != rank)
		return graph_node_fault(n, f, "attribute '%s' has %zu numbers; expected %u", name, count, rank);
	for (unsigned i = 0; i < rank; i++) {
		int64_t e = v ? v[i] : fallback;
		if (e < least || e > WINDOW_MAX_EXTENT)
			return graph_node_fault(n, f, "attribute '%s' has %lld; expected %lld to %d", name, (long long)e, (long long)least,
			                        WINDOW_MAX_EXTENT);
		to[WINDOW_MAX_RANK - rank + i] = e;
	}
	return true;
}

bool window_pads(const struct graph_node *n, struct window *w, struct fault *f)
{
	const int64_t *v;
	size_t count;
	if (!attribute_ints(n, "pads", &v, &count, f))
		return false;
	if (v && count != 2 * (size_t)w->rank)
		return graph_node_fault(n, f, "attribute 'pads' has %zu numbers; expected %u", count, 2 * w->rank);
	for (unsigned i = 0; v && i < 2 * w->rank; i++) {
		if (v[i] < 0 || v[i] > WINDOW_MAX_EXTENT)
			return graph_node_fault(n, f, "attribute 'pads' has %lld; expected 0 to %d", (long long)v[i], WINDOW_MAX_EXTENT);
		(i < w->rank ? w->begin : w->end)[WINDOW_MAX_RANK - w->rank + i % w->rank] = v[i];
	}
	return true;
}

static int64_t reach(const struct window *w, unsigned i)
{
	return (w->kernel[i] - 1) * w->dilation[i] + 1;
}

/* Output size = input size / stride, rounded up; the odd padding goes to the end (upper) or the beginning. */
static void same_pads(struct window *w, bool upper)
{
	for (unsigned i = 0; i < WINDOW_MAX_RANK; i++) {
		int64_t out = (w->in[i] + w->stride[i] - 1) / w->stride[i];
		int64_t total = (out - 1) * w->stride[i] + reach(w, i) - w->in[i];
		if (total < 0)
			total = 0;
		w->begin[i] = upper ? total / 2 : total - total / 2;
		w->end[i] = total - w->begin[i];
	}
}

static bool pads(const struct graph_node *n, struct window *w, struct fault *f)
{
	const char *mode;
	if (!attribute_string(n, "auto_pad", "NOTSET", &mode, f))
		return false;
	if (!strcmp(mode, "NOTSET"))
		return window_pads(n, w, f);
	if (!strcmp(mode, "SAME_UPPER") || !strcmp(mode, "SAME_LOWER"))
		same_pads(w, !strcmp(mode, "SAME_UPPER"));
	else if (strcmp(mode, "VALID") != 0)
		return graph_node_fault(n, f, "auto_pad '%.20s'; expected NOTSET, SAME_UPPER, SAME_LOWER or VALID", mode);
	return true;
}

static bool outputs(const struct graph_node *n, struct window *w, struct fault *f)
{
	int64_t ceil_mode;
	if (!attribute_range(n, "ceil_mode", 0, 0, 1, &ceil_mode, f))
		return false;
	for (unsigned i = 0; i < WINDOW_MAX_RANK; i++) {
		int64_t room = w->in[i] + w->begin[i] + w->end[i] - reach(w, i);
		if (room < 0)
			return graph_node_fault(n, f, "the kernel reaches over %lld elements; the padded input has %lld", (long long)reach(w, i),
			                        (long long)(w->in[i] + w->begin[i] + w->end[i]));
		w->out[i] = (room + (ceil_mode ? w->stride[i] - 1 : 0)) / w->stride[i] + 1;
		/* a window that would begin behind the input is none */
		if (ceil_mode && (w->out[i] - 1) * w->stride[i] >= w->in[i] + w->begin[i])
			w->out[i]--;
	}
	return true;
}

bool window_product(const struct graph_node *n, const int64_t *v, size_t *p, struct fault *f)
{
	struct fault inner = {""};
	return tensor_count(TENSOR_INT8, WINDOW_MAX_RANK, v, p, &inner) || graph_node_fault(n, f, "%s", inner.text);
}

bool window_resolve(const struct graph_node *n, const struct tensor *x, size_t kernel_rank, const int64_t *kernel, struct window *w,
                    struct fault *f)
{
	if (x->rank < 3 || x->rank > 2 + WINDOW_MAX_RANK)
		return graph_node_fault(n, f, "input of %u dimensions; expected 3 to %d", x->rank, 2 + WINDOW_MAX_RANK);
	*w = (struct window){.rank = x->rank - 2};
	if (kernel_rank != w->rank)
		return graph_node_fault(n, f, "kernel of %zu dimensions; expected %u", kernel_rank, w->rank);
	for (unsigned i = 0; i < WINDOW_MAX_RANK; i++)
		w->in[i] = w->kernel[i] = w->stride[i] = w->dilation[i] = 1;
	for (unsigned i = 0; i < w->rank; i++) {
		unsigned at = WINDOW_MAX_RANK - w->rank + i;
		w->in[at] = x->dim[2 + i];
		w->kernel[at] = kernel[i];
		if (w->in[at] < 1 || w->in[at] > WINDOW_MAX_EXTENT || kernel[i] < 1 || kernel[i] > WINDOW_MAX_EXTENT)
			return graph_node_fault(n, f, "kernel %lld over input %lld; expected 1 to %d each", (long long)kernel[i],
			                        (long long)w->in[at], WINDOW_MAX_EXTENT);
	}
	return window_extents(n, "strides", w->rank, 1, 1, w->stride, f) && window_extents(n, "dilations", w->rank, 1, 1, w->dilation, f) &&
	       pads(n, w, f) && outputs(n, w, f) && window_product(n, w->in, &w->plane, f) && window_product(n, w->out, &w->pixels, f) &&
	       window_product(n, w->kernel, &w->taps, f);
}

/* The first input coordinate under the kernel, by dimension. */
static void corner(const struct window *w, size_t pixel, int64_t at[WINDOW_MAX_RANK])
{
	int64_t rest = (int64_t)pixel;
	for (unsigned i = WINDOW_MAX_RANK; i-- > 0; rest /= w->out[i])
		at[i] = rest % w->out[i] * w->stride[i] - w->begin[i];
}

void window_offsets(const struct window *w, size_t pixel, int32_t *offset)
{
	int64_t at[WINDOW_MAX_RANK];
	corner(w, pixel, at);
	for (int64_t kz = 0; kz < w->kernel[0]; kz++)
		for (int64_t ky = 0; ky < w->kernel[1]; ky++)
			for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
				int64_t z = at[0] + kz * w->dilation[0], y = at[1] + ky * w->dilation[1], x = at[2] + kx * w->dilation[2];
				bool inside = z >= 0 && z < w->in[0] && y >= 0 && y < w->in[1] && x >= 0 && x < w->in[2];
				*offset++ = inside ? (int32_t)((z * w->in[1] + y) * w->in[2] + x) : -1;
			}
}

size_t window_padded_taps(const struct window *w, size_t pixel)
{
	int64_t at[WINDOW_MAX_RANK], taps = 1;
	corner(w, pixel, at);
	for (unsigned i = 0; i < WINDOW_MAX_RANK; i++) {
		int64_t room = w->in[i] + w->end[i] - at[i]; /* > 0 */
		int64_t fits = (room + w->dilation[i] - 1) / w->dilation[i];
		taps *= fits < w->kernel[i] ? fits : w->kernel[i];
	}
	return (size_t)taps;
}
