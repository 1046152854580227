/*
 * tflite_kernel.h: what TensorFlow Lite's kernels on the host share: declared outputs, scales, attributes, clamping.
 */
#ifndef BITLET_TFLITE_KERNEL_H
#define BITLET_TFLITE_KERNEL_H

#include "host_map.h"
#include "host_op.h"
#include "tflite_ops.h"
#include "tflite_quant.h"

/* What is declared for input or output i. */
const struct graph_value *tflite_in_value(const struct host_call *c, size_t i);
const struct graph_value *tflite_out_value(const struct host_call *c, size_t i);

/* Makes output i, of its declared type. A fault (NULL) when the file declares another shape; -1 there fits any. */
struct tensor *tflite_out(struct host_call *c, size_t i, size_t rank, const int64_t *dim);

/* Room for the lists of indices of a y that is there already. False with the fault set; host_map_free() takes it. */
bool tflite_lists(struct host_call *c, const struct tensor *y, struct host_map *m);

/* Scale and zero point of a value that has one of them; a fault when it has none or several. what: "input 0". */
struct tflite_code {
	float scale;
	int32_t zero;
};
bool tflite_code(struct host_call *c, const struct graph_value *v, const char *what, struct tflite_code *q);
bool tflite_in_code(struct host_call *c, size_t i, struct tflite_code *q);
bool tflite_out_code(struct host_call *c, struct tflite_code *q); /* of output 0 */

/* Are input i and output 0 of the same type, with the same scale and zero point where they are codes? A fault when not. */
bool tflite_same_code(struct host_call *c, size_t i);
/* Is input i of output 0's type? */
bool tflite_same_type(struct host_call *c, size_t i);

/* A multiplier from a real number; a fault that names it. */
bool tflite_real(struct host_call *c, double real, struct tflite_multiplier *m);

/* Attribute fused_activation_function as bounds of output 0's codes, or of floats. */
bool tflite_clamp_codes(struct host_call *c, const struct tflite_code *y, int32_t *low, int32_t *high);
bool tflite_clamp_floats(struct host_call *c, float *low, float *high);

/* Attributes, which are always there. */
bool tflite_int(struct host_call *c, const char *name, int64_t low, int64_t high, int64_t *v);
bool tflite_flag(struct host_call *c, const char *name, bool *v);
bool tflite_word(struct host_call *c, const char *name, const char **v);

/* Code i of a tensor of codes; storing one clamps it to [low, high], which are codes of the tensor's type. */
int32_t tflite_get(const struct tensor *t, size_t i);
void tflite_put(struct tensor *t, size_t i, int64_t v, int32_t low, int32_t high);

#endif
