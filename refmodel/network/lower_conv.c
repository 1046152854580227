/* ONNX's convolutions as layers: channels first in the graph, last in memory. */
#include <string.h>

#include "attribute.h"
#include "conv.h"
#include "lower_source.h"

/* [n][c][spatial...] of `planes` images. */
static void channels_first(struct lower_view *v, enum lower_layout *layout, size_t images, size_t pixels, size_t channels)
{
	lower_view_swapped(v, images, pixels, channels);
	*layout = pixels == 1 || channels == 1 ? LOWER_PLAIN : LOWER_CHANNELS_FIRST;
}

int lower_conv(struct lower_source *s, const struct lower_inputs *in)
{
	struct lower_layer *l = s->l;
	struct conv c;
	(void)in;
	if (!conv_resolve(s->n, s->x, s->w, &c, s->why))
		return -1;
	if (!s->constant)
		return lower_why(s, "weights are computed");
	lower_set_window(s->t, &c.window);
	s->t->op = LAYER_CONV;
	s->t->batch = (uint32_t)c.images;
	s->t->groups = (uint32_t)c.groups;
	s->t->in_channels = (uint32_t)(c.groups * c.channels);
	s->t->out_channels = (uint32_t)(c.groups * c.outputs);
	channels_first(&l->act_view, &l->act_layout, c.images, c.window.plane, c.groups * c.channels);
	channels_first(&l->out_view, &l->out_layout, c.images, c.window.pixels, c.groups * c.outputs);
	lower_view_swapped(&l->weights_view, c.groups * c.outputs, c.window.taps, c.channels);
	return 1;
}

/* ---- transposed: weights [channels][outputs of a group][kernel...] */

/* `count` numbers of an attribute, or the fallback. */
static bool numbers(struct lower_source *s, const char *name, size_t count, int64_t low, int64_t high, int64_t fallback, int64_t *to)
{
	const int64_t *v;
	size_t have;
	if (!attribute_ints(s->n, name, &v, &have, s->why))
		return false;
	if (v && have != count)
		return graph_node_fault(s->n, s->why, "attribute '%s' has %zu numbers; expected %zu", name, have, count);
	for (size_t i = 0; i < count; i++) {
		to[i] = v ? v[i] : fallback;
		if (to[i] < low || to[i] > high)
			return graph_node_fault(s->n, s->why, "attribute '%s' has %lld; expected %lld..%lld", name, (long long)to[i], (long long)low,
			                        (long long)high);
	}
	return true;
}

/* The output's extent is known: what all of it would be and is not is padding, shared out as auto_pad or output_shape say. */
static bool transposed_pads(struct lower_source *s, unsigned rank)
{
	int64_t pads[2 * WINDOW_MAX_RANK], extra[WINDOW_MAX_RANK], shape[WINDOW_MAX_RANK];
	const char *mode;
	if (!numbers(s, "pads", 2 * (size_t)rank, 0, WINDOW_MAX_EXTENT, 0, pads) ||
	    !numbers(s, "output_padding", rank, 0, WINDOW_MAX_EXTENT, 0, extra) || !attribute_string(s->n, "auto_pad", "NOTSET", &mode, s->why))
		return false;
	if (!numbers(s, "output_shape", rank, 0, WINDOW_MAX_EXTENT, 0, shape))
		return false;
	bool same = !strncmp(mode, "SAME", 4);
	for (unsigned i = 0; i < rank; i++) {
		unsigned a = LAYER_AXES - rank + i;
		int64_t reach = (int64_t)(s->t->kernel[a] - 1) * s->t->dilation[a] + 1;
		int64_t total = (int64_t)(s->t->in[a] - 1) * s->t->stride[a] + reach + extra[i] - s->y->dim[2 + i];
		int64_t begin = strcmp(mode, "VALID") ? pads[i] : 0;
		if (same || shape[i]) /* SAME_UPPER: the odd one goes to the end; else to the beginning */
			begin = total < 0 ? 0 : !strcmp(mode, "SAME_UPPER") ? total / 2 : total - total / 2;
		bool fits = extra[i] < s->t->stride[a];
		s->t->pad_begin[a] = (int32_t)begin;
		s->t->pad_end[a] = (int32_t)(total - begin - (fits ? 0 : extra[i]));
		s->t->output_padding[a] = fits ? (uint32_t)extra[i] : 0;
	}
	return true;
}

static bool transposed_window(struct lower_source *s, unsigned rank)
{
	int64_t stride[WINDOW_MAX_RANK], dilation[WINDOW_MAX_RANK];
	if (!numbers(s, "strides", rank, 1, WINDOW_MAX_EXTENT, 1, stride) || !numbers(s, "dilations", rank, 1, WINDOW_MAX_EXTENT, 1, dilation))
		return false;
	s->t->rank = rank;
	for (unsigned i = 0; i < rank; i++) {
		unsigned a = LAYER_AXES - rank + i;
		s->t->in[a] = (uint32_t)s->x->dim[2 + i];
		s->t->kernel[a] = (uint32_t)s->w->dim[2 + i];
		s->t->stride[a] = (uint32_t)stride[i];
		s->t->dilation[a] = (uint32_t)dilation[i];
	}
	return transposed_pads(s, rank);
}

/* Output o of group g takes the weights at ((g * channels + channel) * outputs + o) * taps. */
static bool transposed_weights(struct lower_source *s, size_t groups, size_t channels, size_t outputs, size_t taps)
{
	struct lower_view *v = &s->l->weights_view;
	*v = (struct lower_view){.outers = groups * outputs, .rows = taps, .columns = channels, .row_step = 1, .column_step = outputs * taps};
	v->start = lower_starts(v->outers);
	for (size_t o = 0; v->start && o < v->outers; o++)
		v->start[o] = (o / outputs * channels * outputs + o % outputs) * taps;
	return v->start || fault_set(s->why, "out of memory for a layer");
}

int lower_conv_transpose(struct lower_source *s, const struct lower_inputs *in)
{
	struct lower_layer *l = s->l;
	int64_t groups;
	(void)in;
	if (s->x->rank < 3 || s->x->rank > 2 + WINDOW_MAX_RANK || s->w->rank != s->x->rank || s->y->rank != s->x->rank)
		return graph_node_fault(s->n, s->why, "input of %u and weights of %u dimensions; expected the same, 3 to 5", s->x->rank, s->w->rank), -1;
	if (!attribute_range(s->n, "group", 1, 1, INT32_MAX, &groups, s->why))
		return -1;
	if (s->x->dim[1] % groups || s->w->dim[0] != s->x->dim[1] || s->y->dim[1] != s->w->dim[1] * groups)
		return graph_node_fault(s->n, s->why, "%lld channels in %lld groups do not fit the weights", (long long)s->x->dim[1], (long long)groups), -1;
	if (!s->constant)
		return lower_why(s, "weights are computed");
	unsigned rank = s->x->rank - 2;
	size_t images = (size_t)s->x->dim[0], channels = (size_t)s->x->dim[1], outputs = (size_t)s->y->dim[1];
	s->t->op = LAYER_CONV_TRANSPOSE;
	s->t->batch = (uint32_t)images;
	s->t->groups = (uint32_t)groups;
	s->t->in_channels = (uint32_t)channels;
	s->t->out_channels = (uint32_t)outputs;
	channels_first(&l->act_view, &l->act_layout, images, s->x->count / images / channels, channels);
	channels_first(&l->out_view, &l->out_layout, images, s->y->count / images / outputs, outputs);
	size_t taps = s->w->count / (size_t)s->w->dim[0] / (size_t)s->w->dim[1];
	return transposed_window(s, rank) && transposed_weights(s, (size_t)groups, channels / (size_t)groups, (size_t)s->w->dim[1], taps) ? 1 : -1;
}
