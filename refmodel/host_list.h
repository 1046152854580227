/*
 * host_list.h: short lists of integers that operators take as an attribute in old operator sets and as an input in new ones (axes, pads, sizes).
 */
#ifndef BITLET_HOST_LIST_H
#define BITLET_HOST_LIST_H

#include "host_op.h"

enum { HOST_LIST_MAX = 4096 };

struct host_list {
	bool given;
	size_t count;
	const int64_t *v;           /* [count]; lives as long as the list, which host_list_free() takes */
	int64_t *owned;
};

/*
 * The list from input `input` (int64 or int32, one dimension or a scalar; its data decides shapes, see host_known()) when it is there, else from the
 * attribute (NULL: none); not given when there is neither.
 */
bool host_list(struct host_call *c, size_t input, const char *attribute, struct host_list *l);
void host_list_free(struct host_list *l);

/* A fault when the list has not `count` numbers. what: "pads" and the like. */
bool host_list_count(struct host_call *c, const struct host_list *l, const char *what, size_t count);

/* The list's numbers as axes of `rank` dimensions, -rank .. rank - 1, each once, made 0 .. rank - 1. Not given: *count is 0. */
bool host_list_axes(struct host_call *c, const struct host_list *l, unsigned rank, unsigned axis[TENSOR_MAX_RANK], unsigned *count);

/* Both in one: axes from an input or an attribute. mask: a bit an axis; all when there is no list (*given tells). */
bool host_axes(struct host_call *c, size_t input, const char *attribute, unsigned rank, unsigned *mask, bool *given);

/* A single integer of an integer tensor with one element (an axis, a number of elements). */
bool host_scalar(struct host_call *c, size_t input, int64_t *v);

#endif
