#include "fuse.h"

#include "fuse_graph.h"

/*
 * Quantised layers are found before the rest of the weights is folded: a weight's DequantizeLinear is part of their pattern. Their activations are
 * clamps by then.
 */
static bool passes(struct fuser *u)
{
	return fuser_prune(u) && fuse_constants(u, false) && fuse_identity(u) && fuser_prune(u) && fuse_batch_norm(u) && fuse_bias(u) &&
	       fuse_pad(u) && fuse_activation(u) && fuser_prune(u) && fuse_quantised(u) && fuse_constants(u, true) && fuser_prune(u) &&
	       /* what was quantised by halves is a float layer now */
	       fuse_batch_norm(u) && fuse_bias(u) && fuse_activation(u) && fuser_prune(u);
}

bool fuse(struct graph *g, struct fault *f)
{
	struct fuser u;
	if (!fuser_open(&u, g, f))
		return false;
	bool good = passes(&u);
	fuser_close(&u);
	return good;
}
