/*
 * layer.h: the convolutions and dense layers of an executed network as the engine's matrix products, with real weights and real activations.
 *
 *     result[pixel][output] = sum over k of weights[output][k] * (acts[pixel][k] - zero)
 *
 * The result is the layer's output before its bias and scale. The layouts are those of fast.h: both matrices can be given to
 * bitlet_operand_new() as they are; layer_weight() and layer_act() give single elements, filled up to whole groups, for lane.h and RTL.
 *
 *     convolution   k = (channel * kernel_height + y) * kernel_width + x, as in the ONNX weight tensor (1-D and 3-D alike);
 *                   pixel = (image * out_height + y) * out_width + x; padding is the zero point (fixed) or +0 (float).
 *                   A grouped or depthwise convolution gives one product a group (part), in order of groups.
 *     dense         Gemm, MatMul, QLinearMatMul with constant weights: pixel = row of the left operand
 *
 * Operands by precision:
 *     float precision on a float network      weights and activations rounded to nearest even to that format; NaN stays NaN
 *     fixed precision on a float network      w = round(weight / s), s by output so that the largest |weight| meets the largest code (the
 *                                             smallest one is -largest); activations likewise with one s a layer over the images given.
 *                                             Unsigned ones clamp at 0; a signed field of one bit is -1 for what is negative; zero = 0
 *     fixed precision on a quantised network  the network's own codes and zero point; fields may be wider than its 8 bits. Activations are moved
 *                                             by 128, zero point and all, when signedness differs; weights are taken less their zero points
 * Everything else (float precision on a quantised network, fields too narrow for its codes, fixed precision of what is not finite) is a fault.
 */
#ifndef BITLET_LAYER_H
#define BITLET_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "fault.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LAYER_NAME_SIZE = 64 };

struct layer_product {
	char layer[LAYER_NAME_SIZE]; /* the node's name, or that of its output when it has none; cut off when longer */
	char op[24];                /* Conv, QLinearConv, Gemm, MatMul, QLinearMatMul */
	size_t node;                /* index in execution order: products of one layer share it */
	size_t part, parts;         /* group of a grouped convolution; 0, 1 otherwise */
	struct bitlet_precision precision;
	size_t outputs, pixels, k;  /* all >= 1 */
	size_t w_bytes, a_bytes;    /* bytes of an element: 1, 2 or 4 as fast.h says */
	void *weights;              /* [outputs][k] words of docs/engine.md section 1 with P = 1, right-aligned, upper bits 0 */
	void *acts;                 /* [pixels][k] */
	int32_t zero;               /* zero point as a number; 0 for float and for what layer.h quantised */
	uint32_t zero_field;        /* the same as an activation field (a_bits wide) */
};

struct layer_list {
	struct layer_product *product; /* in execution order */
	size_t count;
};

/*
 * Runs the network in file `onnx` on images first .. first + count - 1 (count >= 1) of the array in file `images` ([image][...], .npy, shape and
 * type as the network's one input declares) and gives the operands of all its layers. False with *f set, *list empty, when a file is at
 * fault, when the network has no such layer or when memory runs out. layers_free() takes the list.
 */
bool layers_of_network(const char *onnx, const char *images, size_t first, size_t count, const struct bitlet_precision *p,
                       struct layer_list *list, struct fault *f);
void layers_free(struct layer_list *list);

/* The same from a run; the list does not refer to it. */
struct execution;
bool layers_of_execution(const struct execution *e, const struct bitlet_precision *p, struct layer_list *list, struct fault *f);

/* Groups of one output when a group has `pairs` pairs (N * P): ceil(k / pairs). */
size_t layer_groups(const struct layer_product *p, size_t pairs);

/* Element k of a row; for k past the end what fills up the last group: weight 0, activation zero_field. */
uint32_t layer_weight(const struct layer_product *p, size_t output, size_t k);
uint32_t layer_act(const struct layer_product *p, size_t pixel, size_t k);

/*
 * One group's port words: word[0 .. n - 1], `pack` (P) fields of the precision's width each, element (group * n + slot) * pack + field.
 * pack * field bits must be <= 32.
 */
void layer_weight_words(const struct layer_product *p, size_t output, size_t group, unsigned n, unsigned pack, uint32_t *word);
void layer_act_words(const struct layer_product *p, size_t pixel, size_t group, unsigned n, unsigned pack, uint32_t *word);

#ifdef __cplusplus
}
#endif

#endif
