/*
 * onnx_tensor.h: ONNX TensorProto messages (weights, constants) as tensors.
 */
#ifndef BITLET_ONNX_TENSOR_H
#define BITLET_ONNX_TENSOR_H

#include "onnx.pb-c.h"
#include "tensor.h"

/* The tensor type of a TensorProto.DataType; false with *f set when there is none. */
bool onnx_tensor_type(int32_t data_type, enum tensor_type *t, struct fault *f);

/*
 * The tensor, which tensor_free() takes; data from raw_data, from the typed fields, or from an external file below folder (NULL: none).
 * NULL with *f = "tensor 'name': ...".
 */
struct tensor *onnx_tensor(const Onnx__TensorProto *p, const char *folder, struct fault *f);

#endif
