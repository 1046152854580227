/*
 * host_ops_type.h: types as attributes, and tensors from one type to another.
 */
#ifndef BITLET_HOST_OPS_TYPE_H
#define BITLET_HOST_OPS_TYPE_H

#include "host_op.h"

/* The type that an attribute names by its number in ONNX; fallback TENSOR_TYPE_COUNT: it must be there. */
bool host_attribute_type(struct host_call *c, const char *name, enum tensor_type fallback, enum tensor_type *t);

/* y, of x's shape, gets x's numbers; see host_ops_cast.c for what does not fit. */
void host_cast_tensor(const struct tensor *x, struct tensor *y);

#endif
