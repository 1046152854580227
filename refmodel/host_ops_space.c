/* DepthToSpace and SpaceToDepth: blocks of channels as blocks of pixels, and back; transpositions of a tensor of six dimensions. */
#include <string.h>

#include "attribute.h"
#include "host_ops.h"

enum { SPACE_RANK = 6 };

/* y[i][j]... of the shape dim gets x at the sum of i * step: */
static void copy_steps(const struct tensor *x, struct tensor *y, const size_t dim[SPACE_RANK], const size_t step[SPACE_RANK])
{
	size_t bytes = tensor_type_bytes(x->type);
	for (size_t i = 0; i < y->count; i++) {
		size_t from = 0, rest = i;
		for (unsigned d = SPACE_RANK; d-- > 0; rest /= dim[d])
			from += rest % dim[d] * step[d];
		memcpy((char *)y->data + i * bytes, (const char *)x->data + from * bytes, bytes);
	}
}

static bool resolve(struct host_call *c, size_t *block)
{
	int64_t b;
	if (c->in[0]->rank != 4)
		return host_fault(c, "input of %u dimensions; expected 4", c->in[0]->rank);
	if (!attribute_range(c->node, "blocksize", 0, 1, 1 << 15, &b, c->fault))
		return false;
	*block = (size_t)b;
	return host_steps(c, c->in[0]->count, 1, 1);
}

bool host_depth_to_space(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	const char *mode;
	size_t b;
	if (!resolve(c, &b) || !attribute_string(c->node, "mode", "DCR", &mode, c->fault))
		return false;
	bool column_row = !strcmp(mode, "CRD");
	if (!column_row && strcmp(mode, "DCR") != 0)
		return host_fault(c, "mode '%.40s'; expected DCR or CRD", mode);
	size_t channels = (size_t)x->dim[1], high = (size_t)x->dim[2], wide = (size_t)x->dim[3], plane = high * wide;
	if (channels % b || channels / b % b)
		return host_fault(c, "%zu channels do not make blocks of %zu x %zu", channels, b, b);
	size_t depth = channels / b / b;
	int64_t shape[4] = {x->dim[0], (int64_t)depth, x->dim[2] * (int64_t)b, x->dim[3] * (int64_t)b};
	struct tensor *y = host_out(c, 0, x->type, 4, shape);
	/* y as [image][channel][row][row in block][column][column in block] */
	size_t dim[SPACE_RANK] = {(size_t)x->dim[0], depth, high, b, wide, b};
	size_t in_block = column_row ? plane : depth * plane;
	size_t step[SPACE_RANK] = {channels * plane, column_row ? b * b * plane : plane, wide, b * in_block, 1, in_block};
	if (y && !c->dry)
		copy_steps(x, y, dim, step);
	return y;
}

bool host_space_to_depth(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	size_t b;
	if (!resolve(c, &b))
		return false;
	size_t channels = (size_t)x->dim[1], high = (size_t)x->dim[2], wide = (size_t)x->dim[3];
	if (high % b || wide % b)
		return host_fault(c, "a plane of %zu x %zu cannot be cut into blocks of %zu x %zu", high, wide, b, b);
	int64_t shape[4] = {x->dim[0], x->dim[1] * (int64_t)(b * b), (int64_t)(high / b), (int64_t)(wide / b)};
	struct tensor *y = host_out(c, 0, x->type, 4, shape);
	/* y as [image][row in block][column in block][channel][row][column] */
	size_t dim[SPACE_RANK] = {(size_t)x->dim[0], b, b, channels, high / b, wide / b};
	size_t step[SPACE_RANK] = {channels * high * wide, wide, 1, high * wide, wide * b, b};
	if (y && !c->dry)
		copy_steps(x, y, dim, step);
	return y;
}
