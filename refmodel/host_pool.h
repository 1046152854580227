/*
 * host_pool.h: a window that moves over every plane of a tensor: what the pooling operators share.
 */
#ifndef BITLET_HOST_POOL_H
#define BITLET_HOST_POOL_H

#include "host_ops.h"
#include "window.h"

/* One pixel of one plane: offset[taps] as of window_offsets(), padded: window_padded_taps(). Called from several threads, for different pixels. */
typedef void (*host_pool_pixel)(void *context, size_t plane, size_t pixel, const int32_t *offset, size_t padded);

/* The window of a node with the attribute kernel_shape over input 0 ([image][channel][spatial...]); takes the steps off the budget. */
bool host_pool_window(struct host_call *c, struct window *w);

/* Output i of type t, of the window's shape; NULL with the fault set. */
struct tensor *host_pool_output(struct host_call *c, const struct window *w, size_t i, enum tensor_type t);

/* Calls f for every plane and pixel. False with the fault set when out of memory. */
bool host_pool_run(struct host_call *c, const struct window *w, host_pool_pixel f, void *context);

/* Taps that fall on the input. */
size_t host_pool_inside(const int32_t *offset, size_t taps);

#endif
