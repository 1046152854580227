#include "fuse.h"

bool fuse(struct graph *g, struct fault *f)
{
	(void)g;
	(void)f;
	return true;
}
