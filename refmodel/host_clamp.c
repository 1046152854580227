/* Activations that fuse.h made part of the operator before them. */
#include <math.h>

#include "attribute.h"
#include "host_ops.h"

bool host_clamp(struct host_call *c, struct host_clamp *l)
{
	return attribute_float(c->node, "clamp_low", -INFINITY, &l->low, c->fault) &&
	       attribute_float(c->node, "clamp_high", INFINITY, &l->high, c->fault);
}

/* Rounds first, as if the activation came as an operator of its own. */
float host_clamped(const struct host_clamp *l, double v)
{
	float y = (float)v;
	y = y < l->low ? l->low : y;
	return y > l->high ? l->high : y;
}
