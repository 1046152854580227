/*
 * host_map.h: operators whose output takes each element from somewhere in the input, dimension by dimension: Slice, Pad, Expand, Tile, nearest Resize.
 *
 *     y[i][j]... = x[index[0][i]][index[1][j]]...     an index of -1 anywhere: the fill value
 */
#ifndef BITLET_HOST_MAP_H
#define BITLET_HOST_MAP_H

#include "host_op.h"

struct host_map {
	int32_t *index[TENSOR_MAX_RANK]; /* one list a dimension of y, each as long as that dimension */
	int32_t *memory;
};

/*
 * Makes output 0, *y, and room for its lists. False with the fault set. When there is nothing to copy (a dry run, an empty tensor) m->memory is NULL.
 */
bool host_map_new(struct host_call *c, enum tensor_type t, unsigned rank, const int64_t *dim, struct host_map *m, struct tensor **y);
void host_map_free(struct host_map *m);

/* x has y's type and its dimensions, or fewer: then it stands at the last ones and the first lists do not count. fill: one element, NULL: zero. */
void host_map_copy(const struct host_map *m, const struct tensor *x, struct tensor *y, const void *fill);

#endif
