/*
 * window.h: how a kernel moves over 1 to 3 spatial dimensions: the geometry that convolution and pooling share.
 *
 * Arrays always have 3 entries (depth, height, width); dimensions that are not there come first and have size 1.
 */
#ifndef BITLET_WINDOW_H
#define BITLET_WINDOW_H

#include "graph.h"

enum { WINDOW_MAX_RANK = 3, WINDOW_MAX_EXTENT = 1 << 24 };

struct window {
	int64_t in[WINDOW_MAX_RANK];    /* input size */
	int64_t out[WINDOW_MAX_RANK];   /* output size, >= 1 */
	int64_t kernel[WINDOW_MAX_RANK];
	int64_t stride[WINDOW_MAX_RANK];
	int64_t dilation[WINDOW_MAX_RANK];
	int64_t begin[WINDOW_MAX_RANK]; /* padding before the first element */
	int64_t end[WINDOW_MAX_RANK];   /* padding after the last one */
	unsigned rank;                  /* spatial dimensions really there */
	size_t plane, pixels, taps;     /* products of in, out, kernel */
};

/*
 * Fills *w from the node's attributes (auto_pad, pads, strides, dilations, ceil_mode where the operator has it) for input x
 * ([image][channel][spatial...]) and the kernel's size, `kernel_rank` numbers. Every extent is at most WINDOW_MAX_EXTENT.
 */
bool window_resolve(const struct graph_node *n, const struct tensor *x, size_t kernel_rank, const int64_t *kernel, struct window *w,
                    struct fault *f);

/* Where each tap of the kernel falls in the plane for output `pixel`: offset[taps], -1: in the padding. */
void window_offsets(const struct window *w, size_t pixel, int32_t *offset);

/* Taps of the kernel at `pixel` that fall on the input or its declared padding (not beyond, where ceil_mode reaches). */
size_t window_padded_taps(const struct window *w, size_t pixel);

/*
 * Parts of window_resolve(): an attribute with one number, >= least, a spatial dimension, put into the last entries of to[]; the attribute `pads`
 * (absent: *w is left alone); the product of v[WINDOW_MAX_RANK], when a tensor of that size is possible.
 */
bool window_extents(const struct graph_node *n, const char *name, unsigned rank, int64_t least, int64_t fallback, int64_t *to, struct fault *f);
bool window_pads(const struct graph_node *n, struct window *w, struct fault *f);
bool window_product(const struct graph_node *n, const int64_t *v, size_t *p, struct fault *f);

#endif
