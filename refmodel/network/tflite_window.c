#include "tflite_window.h"

#include <string.h>

#include "tflite_kernel.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Output size and padding in dimension d. */
static bool place(struct host_call *c, bool same, struct tflite_window *w, int d)
{
	int64_t reach = (w->kernel[d] - 1) * w->dilation[d] + 1;
	if (!same && reach > w->in[d])
		return host_fault(c, "the kernel reaches over %lld elements; the input has %lld", (long long)reach, (long long)w->in[d]);
	w->out[d] = same ? (w->in[d] + w->stride[d] - 1) / w->stride[d] : (w->in[d] - reach) / w->stride[d] + 1;
	int64_t total = (w->out[d] - 1) * w->stride[d] + reach - w->in[d];
	w->begin[d] = total > 0 ? total / 2 : 0;
	return true;
}

bool tflite_window(struct host_call *c, const struct tensor *x, int64_t kernel_h, int64_t kernel_w, struct tflite_window *w)
{
	const char *padding;
	bool dilated = graph_attribute_find(c->node, "dilation_h_factor");
	if (x->rank != 4 || x->count == 0)
		return host_fault(c, "input of %u dimensions and %zu elements; expected [n, height, width, channels], none of them 0", x->rank, x->count);
	*w = (struct tflite_window){.in = {x->dim[1], x->dim[2]}, .kernel = {kernel_h, kernel_w}, .dilation = {1, 1}};
	for (int d = 0; d < 2; d++)
		if (w->in[d] > TFLITE_EXTENT_MAX || w->kernel[d] < 1 || w->kernel[d] > TFLITE_EXTENT_MAX)
			return host_fault(c, "kernel %lld over input %lld; expected 1 to %d each", (long long)w->kernel[d], (long long)w->in[d],
			                  TFLITE_EXTENT_MAX);
	if (!tflite_word(c, "padding", &padding) || !tflite_int(c, "stride_h", 1, TFLITE_EXTENT_MAX, &w->stride[0]) ||
	    !tflite_int(c, "stride_w", 1, TFLITE_EXTENT_MAX, &w->stride[1]))
		return false;
	if (dilated && (!tflite_int(c, "dilation_h_factor", 1, TFLITE_EXTENT_MAX, &w->dilation[0]) ||
	                !tflite_int(c, "dilation_w_factor", 1, TFLITE_EXTENT_MAX, &w->dilation[1])))
		return false;
	bool same = !strcmp(padding, "SAME");
	return place(c, same, w, 0) && place(c, same, w, 1);
}

void tflite_window_taps(const struct tflite_window *w, int64_t y, int64_t x, struct tflite_taps *t)
{
	t->origin[0] = y * w->stride[0] - w->begin[0];
	t->origin[1] = x * w->stride[1] - w->begin[1];
	for (int d = 0; d < 2; d++) {
		int64_t at = t->origin[d], step = w->dilation[d];
		t->first[d] = at < 0 ? (-at + step - 1) / step : 0;
		t->last[d] = at >= w->in[d] ? 0 : least(w->kernel[d], (w->in[d] - at + step - 1) / step);
	}
}
