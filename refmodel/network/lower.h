/*
 * lower.h: a node of a (fused) graph as a layer of the accelerator: geometry, weights, output stage, and how the graph's tensors lie in its memory.
 *
 *     ONNX     Conv, ConvTranspose, QLinearConv, Gemm, MatMul, QLinearMatMul, com.microsoft.QGemm, ConvInteger, MatMulInteger,
 *              bitlet.QConv, bitlet.QGemm, bitlet.QMatMul (host_quantised.h). Convolutions' tensors are transposed between [n][c][...] and the memory's [n][...][c]
 *     TFLite   CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV, FULLY_CONNECTED, BATCH_MATMUL
 *
 * Operands by precision:
 *     float node, float precision       weights and activations rounded to nearest even to that format; NaN stays NaN
 *     float node, fixed precision       w = round(weight / s), s by output so that the largest |weight| meets the largest code (the smallest one is -largest);
 *                                       activations likewise with one s a layer over the images of a run. Unsigned ones clamp at 0; a signed field of one
 *                                       bit is -1 for what is negative; zero point 0
 *     quantised node, fixed precision   the network's own codes and zero point; fields may be wider than its own. Activations are moved by half their range,
 *                                       zero point and all, when signedness differs; weights are taken less their zero points
 * Outputs:
 *     quantised node, fixed precision   the node's own codes: bias, 24-bit multiplier and shift by channel, half to even, zero point, clamp; TFLite's round
 *                                       twice (ROUND_TFLITE_DOUBLE) with the multiplier and shift that the framework derives. The host's, byte for byte
 *     quantised node with float result  fp32 = (sum + bias) * scale, rounded once: the host's, too
 *     float node, float precision       fp32 sums + bias, rounded as docs/engine.md says, clamp
 *     float node, fixed precision       fp32 = (sum + round(bias / scale)) * scale; scale = that of the weights by channel times that of the activations;
 *                                       both larger than said above where sums or biases could leave the core's 32 bits (lower_scale.h)
 * Quantised nodes whose sums could leave those 32 bits stay on the host.
 */
#ifndef BITLET_LOWER_H
#define BITLET_LOWER_H

#include "layer_task.h"
#include "shapes.h"

enum { LOWER_AUTO = -1 };       /* of a mode: see lower_mode() */

/* How a tensor of the graph becomes memory of the task. */
enum lower_layout {
	LOWER_PLAIN,                /* byte for byte in the graph's order (elements may become wider, codes may move) */
	LOWER_CHANNELS_FIRST,       /* [n][c][spatial...] <-> [n][spatial...][c] */
	LOWER_SWAPPED,              /* [batch][rows][columns] <-> [batch][columns][rows] (Gemm's transA, the right operand of a MatMul) */
	LOWER_REPEATED,             /* batches are repeated by broadcasting; perhaps swapped, too */
};

/* The same as a walk: memory's element (outer, row, column), column fastest, is the tensor's start + row * row_step + column * column_step. */
struct lower_view {
	size_t outers, rows, columns;
	size_t outer_step, row_step, column_step;
	size_t *start;              /* [outers]; NULL: outer * outer_step; owned */
};

struct lower_layer {
	size_t node;                /* index in graph->node */
	int act, weights, out;      /* value indices; weights: GRAPH_NONE when constant, then they are in the task */
	struct layer_task task;     /* complete but for act, and for weights that are computed; both allocated */
	enum lower_layout act_layout, weights_layout, out_layout; /* of weights: when computed */
	struct lower_view act_view, weights_view, out_view;
	int32_t act_move, weights_move; /* quantised: what is added to the graph's codes (signedness; zero point of computed weights) */
	bool dynamic;               /* float network at a fixed precision: scales follow from the activations, see lower_operands() */
	bool exact;                 /* the host's operator gives the same codes */
	float factor;               /* dynamic: Gemm's alpha */
	float *weight_top;          /* dynamic: what the largest weight code of each output channel stands for; owned */
	float *real_bias;           /* dynamic: biases; owned */
	const struct tensor *constant; /* dynamic: weights that are constant; the graph's or the shapes' */
	int64_t sum_limit;          /* largest sum that the core's results hold */
	float act_top;              /* dynamic: what the largest activation code stands for; 0: the largest |activation| of the run */
};

/*
 * The mode (index of the precision) that a node runs in when nobody says: quantised nodes the narrowest fixed precision that holds their codes; float
 * nodes fp32, else the widest float precision, else the widest fixed one. -1 when the configuration has none, or the node is no layer.
 */
int lower_mode(const struct graph *g, const struct shapes *s, size_t node, const struct bitlet_derived *d);

/*
 * 1: the node is a layer that the core can run, *l is filled, lower_free() takes it. 0: the host's business; *why says in a few words why a
 * convolution or product is ("weights are computed and have a zero point"), "" for operators that are never the core's. -1: a fault. mode: index or
 * LOWER_AUTO. A mode that cannot hold the node's numbers (a float precision for codes, too narrow a field) gives 0, too.
 */
int lower_node(const struct graph *g, const struct shapes *s, size_t node, const struct bitlet_config *c, const struct bitlet_derived *d, int mode,
               struct lower_layer *l, struct fault *why);
void lower_free(struct lower_layer *l);

/*
 * Fills task.act (and task.weights when computed) from tensors of the run; with `dynamic` both, and scales and biases. weights: NULL when constant.
 * False with *f set: a code that does not fit, operands that are not finite, memory.
 */
bool lower_operands(struct lower_layer *l, const struct bitlet_derived *d, const struct tensor *act, const struct tensor *weights, struct fault *f);

/* The graph's tensor (type and shape as s->value[l->out]) from the task's output bytes; NULL with *f set. */
struct tensor *lower_result(const struct lower_layer *l, const struct tensor *shape, const uint8_t *bytes, struct fault *f);

#endif
