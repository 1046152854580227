/*
 * layer_task.h: one layer, its numbers included, as the tiler takes it. Tensors lie as in memory (docs/core.md section 2), channels last.
 *
 *     convolution  activations [batch][z][y][x][in_channels], weights [out_channels][kz][ky][kx][in_channels / groups],
 *                  outputs [batch][z][y][x][out_channels]. Transposed convolutions have the same layouts.
 *     dense        a convolution without spatial axes: activations [batch][in_channels], weights [out_channels][in_channels]
 *     product      activations A [batch][in[2]][in_channels], B = weights [batch][out_channels][in_channels], or with by_column
 *                  [batch][in_channels][out_channels]; shared: one B for all batches. Outputs [batch][in[2]][out_channels]
 *
 * Axes are those of window.h: depth, height, width; those that are not there come first and have extent 1, kernel 1, stride 1, dilation 1, no padding.
 * Elements take a_bytes and w_bytes of the mode (derive.h), little-endian fields right-aligned; upper bits are ignored.
 */
#ifndef BITLET_LAYER_TASK_H
#define BITLET_LAYER_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "derive.h"
#include "fault.h"
#include "program.h"

enum { LAYER_AXES = 3, LAYER_TASK_NAME = 64 };

enum layer_op { LAYER_CONV, LAYER_CONV_TRANSPOSE, LAYER_DENSE, LAYER_MATMUL, LAYER_OPS };

/* Behind the sums: docs/core.md section 7. Arrays have out_channels entries and belong to the task. */
struct layer_output {
	enum program_format format;
	bool is_unsigned;           /* FORMAT_INT8, FORMAT_INT16: how the bytes are read; changes no byte */
	enum program_rounding rounding; /* integer formats */
	int32_t zero;               /* integer formats: output zero point */
	int32_t clamp_low, clamp_high; /* as the format: numbers, or fp32 bits */
	int32_t *bias;              /* numbers, or fp32 bits for a float mode */
	uint32_t *multiplier;       /* below 2^31; format FORMAT_FP32: bits of the fp32 scale */
	int8_t *shift;              /* 0..62; ROUND_TFLITE_DOUBLE -31..30; FORMAT_FP32: 0 */
};

/* Where things go; all 0 is good. */
struct layer_place {
	uint64_t base;              /* address of the image, a multiple of 4096 */
	unsigned act_offset, weights_offset, out_offset; /* bytes behind a multiple of 64 at which A, B (of a product) and the outputs begin, 0..4095 */
	unsigned layer;             /* number in status */
	bool wait;                  /* the first tile waits for everything before it */
	bool placed;                /* tensors lie elsewhere, at the three addresses below: the image holds weights, params, program */
	uint64_t act_at, operand_at, out_at; /* multiples of 64 (and of B) */
};

struct layer_task {
	char name[LAYER_TASK_NAME];
	enum layer_op op;
	unsigned mode;              /* index of the precision */
	uint32_t batch;             /* >= 1, as all extents */
	unsigned rank;              /* spatial axes really there, 0..3; only for shapes */
	uint32_t in[LAYER_AXES], kernel[LAYER_AXES], stride[LAYER_AXES], dilation[LAYER_AXES];
	int32_t pad_begin[LAYER_AXES], pad_end[LAYER_AXES]; /* may be negative: cut off */
	uint32_t output_padding[LAYER_AXES]; /* transposed: rows added to the output's end */
	uint32_t groups, in_channels, out_channels;
	bool by_column, shared;     /* product: layout of B */
	int32_t zero;               /* activations' zero point as a number; floats 0 */
	struct layer_output output;
	uint8_t *act, *weights;     /* layer_act_bytes(), layer_weight_bytes() bytes; owned */
	struct layer_place place;
};

const char *layer_op_name(enum layer_op op); /* "conv", "conv_transpose", "dense", "matmul" */

/* All ones, nothing padded, no memory: a start for filling in. Clamp is open, rounding half to even. */
void layer_task_init(struct layer_task *t);
/* Frees the arrays, not t. */
void layer_task_free(struct layer_task *t);

/* Output extents of the axes; false when one is below 1 (*f says which). */
bool layer_task_out(const struct layer_task *t, uint32_t out[LAYER_AXES], struct fault *f);

/* Shape with the axes that are there: [batch][spatial...][channels]. Returns its rank. */
unsigned layer_task_shape(const struct layer_task *t, int64_t dim[LAYER_AXES + 2]);

/* Bytes of the tensors in memory. */
size_t layer_act_bytes(const struct layer_task *t, const struct bitlet_derived *d);
size_t layer_weight_bytes(const struct layer_task *t, const struct bitlet_derived *d);
size_t layer_out_bytes(const struct layer_task *t);
unsigned layer_format_bytes(enum program_format format);

/* Multiplications that the layer's definition asks for, padding included. */
uint64_t layer_macs(const struct layer_task *t);

/* Allocates act, weights and the output's arrays for the shape (zeros; multiplier 1, or scale 1.0). */
bool layer_task_alloc(struct layer_task *t, const struct bitlet_derived *d, struct fault *f);

/* Everything the tiler asks for: ranges, shapes, zero point in the field, parameters. One line in *f otherwise. */
bool layer_task_check(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, struct fault *f);

#endif
