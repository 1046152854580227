/* Activations that are clamps become attributes of the layer before them. */
#include <math.h>

#include "attribute.h"
#include "fuse_graph.h"

static bool bound(const struct fuser *u, const struct graph_node *n, size_t input, const char *name, float open, float *v)
{
	struct fault ignored = {""};
	const struct tensor *t = fuser_weights(u, n, input);
	if (fuser_has(n, input) && (!t || t->type != TENSOR_FLOAT32 || t->count != 1))
		return false;
	if (!attribute_float(n, name, open, v, &ignored))
		return false;
	*v = t ? *(const float *)t->data : *v;
	return !isnan(*v);
}

/* What the activation leaves. */
static bool range_of(const struct fuser *u, const struct graph_node *n, float *low, float *high)
{
	*low = 0;
	*high = INFINITY;
	if (fuser_is(n, "Relu"))
		return true;
	return bound(u, n, 1, "min", -INFINITY, low) && bound(u, n, 2, "max", INFINITY, high) && *low <= *high;
}

static float clamp(float v, float low, float high)
{
	return v < low ? low : v > high ? high : v;
}

static bool join(struct fuser *u, struct graph_node *n, struct graph_node *activation)
{
	struct fault ignored = {""};
	float low, high, own_low, own_high;
	if (!range_of(u, activation, &low, &high) || !attribute_float(n, "clamp_low", -INFINITY, &own_low, &ignored) ||
	    !attribute_float(n, "clamp_high", INFINITY, &own_high, &ignored))
		return true;
	own_low = clamp(own_low, low, high);
	own_high = clamp(own_high, low, high);
	if ((own_low > -INFINITY && !fuser_set_float(u, n, "clamp_low", own_low)) || (own_high < INFINITY && !fuser_set_float(u, n, "clamp_high", own_high)))
		return false;
	fuser_replace(u, n, activation);
	return true;
}

bool fuse_activation(struct fuser *u)
{
	for (size_t i = 0; i < u->g->nodes; i++) {
		struct graph_node *n = &u->g->node[u->g->order[i]];
		if (u->dead[u->g->order[i]] || !fuser_is(n, "Relu Clip"))
			continue;
		struct graph_node *source = fuser_only_source(u, n, 0, "Conv ConvTranspose Gemm MatMul");
		if (source && fuser_understands(source, "clamp_low") && !join(u, source, n))
			return false;
	}
	return true;
}
