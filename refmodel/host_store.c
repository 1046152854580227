/* Storing integers in tensors of any integer type. */
#include <stdlib.h>

#include "host_ops.h"

void host_store_integer(struct tensor *t, size_t i, int64_t v)
{
	switch (t->type) {
	case TENSOR_UINT8:
	case TENSOR_INT8:
	case TENSOR_BOOL:
		((uint8_t *)t->data)[i] = (uint8_t)(uint64_t)v;
		return;
	case TENSOR_UINT16:
	case TENSOR_INT16:
		((uint16_t *)t->data)[i] = (uint16_t)(uint64_t)v;
		return;
	case TENSOR_INT32:
		((uint32_t *)t->data)[i] = (uint32_t)(uint64_t)v;
		return;
	case TENSOR_INT64:
		((int64_t *)t->data)[i] = v;
		return;
	default:
		abort();
	}
}
