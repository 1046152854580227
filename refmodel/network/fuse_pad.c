/* Pad before a convolution goes into its pads. */
#include <string.h>

#include "attribute.h"
#include "fuse_graph.h"
#include "window.h"

/* begin of each dimension, then end of each; false when they are computed or one is negative. */
static bool pads_of(const struct fuser *u, const struct graph_node *n, size_t rank, int64_t *pad)
{
	struct fault ignored = {""};
	const struct tensor *t = fuser_weights(u, n, 1);
	const int64_t *v;
	size_t count;
	if (!attribute_ints(n, "pads", &v, &count, &ignored) || fuser_has(n, 3))
		return false;
	if (fuser_has(n, 1) && (!t || t->type != TENSOR_INT64))
		return false;
	if (t) {
		v = t->data;
		count = t->count;
	}
	for (size_t i = 0; v && i < count && i < 2 * rank; i++) {
		if (v[i] < 0 || v[i] > WINDOW_MAX_EXTENT)
			return false;
		pad[i] = v[i];
	}
	return v && count == 2 * rank;
}

/* Constant mode with the number that the convolution pads with. */
static bool pads_alike(const struct fuser *u, const struct graph_node *pad, const struct graph_node *conv)
{
	struct fault ignored = {""};
	const char *mode;
	float value;
	const struct tensor *t = fuser_weights(u, pad, 2);
	if (!attribute_string(pad, "mode", "CONSTANT", &mode, &ignored) || (strcmp(mode, "constant") && strcmp(mode, "CONSTANT")))
		return false;
	if (!attribute_float(pad, "value", 0, &value, &ignored) || (fuser_has(pad, 2) && (!t || t->count != 1)))
		return false;
	double padded = t ? tensor_number(t, 0) : (double)value;
	if (fuser_is(conv, "Conv"))
		return padded == 0;
	const struct tensor *zero = fuser_weights(u, conv, 2);
	return zero && zero->count == 1 && padded == tensor_number(zero, 0);
}

static bool join(struct fuser *u, struct graph_node *conv, const struct graph_node *pad, size_t rank)
{
	int64_t outer[2 * TENSOR_MAX_RANK], sum[2 * WINDOW_MAX_RANK] = {0};
	const int64_t *inner;
	size_t count, axes = rank - 2;
	struct fault ignored = {""};
	const char *mode;
	if (!attribute_string(conv, "auto_pad", "NOTSET", &mode, &ignored) || (strcmp(mode, "NOTSET") && strcmp(mode, "VALID")) ||
	    !attribute_ints(conv, "pads", &inner, &count, &ignored) || (inner && count != 2 * axes))
		return true;
	if (!pads_of(u, pad, rank, outer) || outer[0] || outer[1] || outer[rank] || outer[rank + 1] || !pads_alike(u, pad, conv))
		return true;
	for (size_t i = 0; i < 2 * axes; i++) {
		int64_t own = inner && !strcmp(mode, "NOTSET") ? inner[i] : 0;
		sum[i] = outer[i < axes ? 2 + i : rank + 2 + i - axes] + own;
		if (own < 0 || sum[i] > WINDOW_MAX_EXTENT)
			return true;
	}
	fuser_drop(conv, "auto_pad");
	return fuser_set_ints(u, conv, "pads", sum, 2 * axes) && fuser_set_input(u, conv, 0, pad->input[0]);
}

bool fuse_pad(struct fuser *u)
{
	for (size_t i = 0; i < u->g->nodes; i++) {
		struct graph_node *n = &u->g->node[u->g->order[i]];
		if (u->dead[u->g->order[i]] || !fuser_is(n, "Conv QLinearConv bitlet.QConv"))
			continue;
		const struct tensor *w = fuser_weights(u, n, fuser_is(n, "Conv") ? 1 : 3);
		/* a Pad that others use as well stays for them */
		struct graph_node *pad = fuser_source(u, n, 0, "Pad");
		if (w && pad && fuser_has(pad, 0) && w->rank >= 3 && w->rank <= 2 + WINDOW_MAX_RANK && !join(u, n, pad, w->rank))
			return false;
	}
	return true;
}
