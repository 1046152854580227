/*
 * tflite_tensor.h: a tensor of a TensorFlow Lite file as a value of a graph: type, shape, scales, data.
 *
 * float16 constants become float32 and int4 constants int8, both exactly. Types that tensor.h lacks are a fault, so is sparse data.
 */
#ifndef BITLET_TFLITE_TENSOR_H
#define BITLET_TFLITE_TENSOR_H

#include "flatbuffer.h"
#include "graph.h"

/* Fields of the schema's table Tensor. */
enum {
	TFLITE_TENSOR_SHAPE, TFLITE_TENSOR_TYPE, TFLITE_TENSOR_BUFFER, TFLITE_TENSOR_NAME, TFLITE_TENSOR_QUANTIZATION, TFLITE_TENSOR_IS_VARIABLE,
	TFLITE_TENSOR_SPARSITY, TFLITE_TENSOR_SIGNATURE
};

struct tflite_file {
	struct flat_vector buffers;
	size_t left;                /* bytes that may still be copied: tables may share what they refer to, which must not make memory explode */
};

/* size: of the file in bytes. */
void tflite_file_new(struct tflite_file *file, size_t size);
/* Takes bytes off what may be copied; a fault when the file refers to the same data too often. */
bool tflite_file_copies(struct tflite_file *file, size_t bytes, struct fault *f);

/* Fills what the table says into v: typed, type, rank, dim (-1 where the shape's signature says so), quant, constant. */
bool tflite_tensor(struct tflite_file *file, const struct flat_table *t, struct graph *g, struct graph_value *v, struct fault *f);

#endif
