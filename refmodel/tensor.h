/*
 * tensor.h: typed n-dimensional arrays, dense, last dimension fastest, little-endian like the host.
 */
#ifndef BITLET_TENSOR_H
#define BITLET_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

enum {
	TENSOR_MAX_RANK = 8,
	TENSOR_MAX_BYTES = 1 << 30, /* of one tensor; more is a fault */
};

/* X(symbol, C type, name, .npy letter and size, ONNX TensorProto.DataType) */
#define TENSOR_TYPES(X) \
	X(FLOAT32, float, "float32", "f4", 1) \
	X(UINT8, uint8_t, "uint8", "u1", 2) \
	X(INT8, int8_t, "int8", "i1", 3) \
	X(UINT16, uint16_t, "uint16", "u2", 4) \
	X(INT16, int16_t, "int16", "i2", 5) \
	X(INT32, int32_t, "int32", "i4", 6) \
	X(INT64, int64_t, "int64", "i8", 7) \
	X(BOOL, uint8_t, "bool", "b1", 9) \
	X(FLOAT64, double, "float64", "f8", 11)

enum tensor_type {
#define X(symbol, c, name, npy, onnx) TENSOR_##symbol,
	TENSOR_TYPES(X)
#undef X
	TENSOR_TYPE_COUNT
};

struct tensor {
	enum tensor_type type;
	unsigned rank;              /* 0 (a scalar) .. TENSOR_MAX_RANK */
	int64_t dim[TENSOR_MAX_RANK]; /* each >= 0 */
	size_t count;               /* product of the dimensions */
	void *data;                 /* count elements, aligned for any type; NULL only for a shape alone (tensor_shape()) */
};

const char *tensor_type_name(enum tensor_type t);
size_t tensor_type_bytes(enum tensor_type t);

/* Product of the dimensions, or a fault: a negative dimension, rank above TENSOR_MAX_RANK, more than TENSOR_MAX_BYTES of that type. */
bool tensor_count(enum tensor_type t, size_t rank, const int64_t *dim, size_t *count, struct fault *f);

/* A new tensor of zeros; NULL with *f set for a bad shape or when memory runs out. */
struct tensor *tensor_new(enum tensor_type t, size_t rank, const int64_t *dim, struct fault *f);
/* Type and shape without data. */
struct tensor *tensor_shape(enum tensor_type t, size_t rank, const int64_t *dim, struct fault *f);
/* Of a shape alone: a shape alone. */
struct tensor *tensor_copy(const struct tensor *t, struct fault *f);
/* Takes a tensor (NULL: nothing to do). */
void tensor_free(struct tensor *t);

/* Elements first .. first + count - 1 of dimension 0 as a new tensor; a fault when they are not there. */
struct tensor *tensor_rows(const struct tensor *t, size_t first, size_t count, struct fault *f);

/* Same type, shape and bytes; a shape alone equals only another one. */
bool tensor_equal(const struct tensor *a, const struct tensor *b);

/* Element i as a number; int64 beyond 2^53 is rounded. */
double tensor_number(const struct tensor *t, size_t i);
/* Element i of an integer tensor. */
int64_t tensor_integer(const struct tensor *t, size_t i);
/* Stores v, wrapped, as element i of an integer tensor. */
void tensor_set_integer(struct tensor *t, size_t i, int64_t v);
bool tensor_type_is_float(enum tensor_type t);

/* Writes the shape as "[2, 3]" into text; cut off at size. Returns text. */
char *tensor_shape_text(size_t rank, const int64_t *dim, char *text, size_t size);

/*
 * Reads a NumPy .npy file (versions 1 to 3, C order, little-endian, a type of TENSOR_TYPES). NULL with *f = "path: ..." when it is damaged, of
 * another length than its header says, or cannot be read.
 */
struct tensor *npy_load(const char *path, struct fault *f);
/* The same from memory; *f without path. */
struct tensor *npy_parse(const void *data, size_t size, struct fault *f);
/* Writes version 1.0. The file appears whole or not at all (written beside it, then renamed). */
bool npy_save(const char *path, const struct tensor *t, struct fault *f);

#endif
