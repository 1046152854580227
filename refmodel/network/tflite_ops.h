/*
 * tflite_ops.h: TensorFlow Lite's operators: rows, attributes and the host's kernels (tflite_ops.def, tflite_options.def).
 *
 * An operator is called "tflite.CONV_2D" and so on; "tflite.CUSTOM.<name>" and "tflite.<number>" are those that the schema does not know. Attributes
 * are named as in the schema, with the kinds of tflite_options.def; all of an operator's attributes are always there.
 *
 *     CONV_2D            padding stride_w stride_h dilation_w_factor dilation_h_factor fused_activation_function quantized_bias_type
 *                        x [n][h][w][c], weights [out][kh][kw][c / groups], bias [out] (may be left out)
 *     DEPTHWISE_CONV_2D  the same and depth_multiplier; weights [1][kh][kw][c * multiplier]; the attribute may be 0: derive it from the weights
 *     TRANSPOSE_CONV     padding stride_w stride_h fused_activation_function; inputs: output shape int32[4], weights [out][kh][kw][c], x, bias
 *     FULLY_CONNECTED    fused_activation_function weights_format keep_num_dims; weights [out][k], bias [out] (may be left out)
 *     BATCH_MATMUL       adj_x adj_y
 *
 * Kernels give the bytes of TensorFlow Lite Micro's reference kernels for int8 (uint8 and int16 where said), and for float32 the exact result
 * rounded once or nearly so (sums in double precision). What the framework's type combination does not have here is a fault.
 */
#ifndef BITLET_TFLITE_OPS_H
#define BITLET_TFLITE_OPS_H

#include "host_op.h"
#include "tflite_options.def"

#define TFLITE_OP(name, number, options, least, most, outputs, function) bool function(struct host_call *c);
#define TFLITE_NAME(name, number)
#include "tflite_ops.def"
#undef TFLITE_OP
#undef TFLITE_NAME

enum tflite_option_kind {
	TFLITE_INT, TFLITE_BOOL, TFLITE_FLOAT, TFLITE_INTS, TFLITE_PADDING, TFLITE_ACTIVATION, TFLITE_WEIGHTS, TFLITE_MIRROR, TFLITE_TYPE
};

struct tflite_option {
	const char *name;
	unsigned field;             /* of the options' table */
	enum tflite_option_kind kind;
	int32_t fallback;
};

struct tflite_op {
	const char *name;           /* with "tflite." */
	int32_t number;
	int union_type;             /* of its options; 0: none, below 0: any */
	const struct tflite_option *option; /* [options] */
	size_t options;
	const struct host_op *host; /* NULL: no kernel */
};

/* NULL when the schema has no such number. */
const struct tflite_op *tflite_op_find(int32_t number);

/* Rows of those with kernels for host_op.h; NULL behind the last, or when there is none of that name. */
const struct host_op *tflite_host_row(size_t i);
const struct host_op *tflite_host_find(const char *name);

/* The schema's word for value v of an enumeration kind; NULL when it has none. */
const char *tflite_option_word(enum tflite_option_kind kind, int32_t v);

#endif
