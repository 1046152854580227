/*
 * lower.h: a node of a (fused) graph as a layer of the accelerator: geometry, weights, output stage, and how the graph's tensors lie in its memory.
 *
 *     ONNX     Conv, ConvTranspose, QLinearConv, Gemm, MatMul, QLinearMatMul, bitlet.QGemm, bitlet.QConv (quantised operands, float result), ConvInteger,
 *              MatMulInteger. Convolutions' tensors are transposed between [n][c][...] and the memory's [n][...][c]
 *     TFLite   CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV, FULLY_CONNECTED, BATCH_MATMUL
 *
 * Operands by precision are those of layer.h, outputs those of network_task.h; TFLite's int8 layers round twice (ROUND_TFLITE_DOUBLE) with the
 * multiplier and shift that the framework derives.
 */
#ifndef BITLET_LOWER_H
#define BITLET_LOWER_H

#include "layer_task.h"
#include "shapes.h"

enum { LOWER_AUTO = -1 };       /* of a mode: see lower_mode() */

/* How a tensor of the graph becomes memory of the task. */
enum lower_layout {
	LOWER_PLAIN,                /* as it is */
	LOWER_CHANNELS_FIRST,       /* [n][c][spatial...] <-> [n][spatial...][c] */
	LOWER_SWAPPED,              /* [rows][columns] <-> [columns][rows] (Gemm's transA) */
};

struct lower_layer {
	size_t node;                /* index in graph->node */
	int act, weights, out;      /* value indices; weights: GRAPH_NONE when constant, then they are in the task */
	struct layer_task task;     /* complete but for act, and for weights that are computed; both allocated */
	enum lower_layout act_layout, out_layout;
	bool dynamic;               /* float network at a fixed precision: scales follow from the activations, see lower_operands() */
	bool exact;                 /* the host's operator gives the same codes */
	float *weight_top;          /* dynamic: largest |weight| of each output channel; owned */
	float *real_bias;           /* dynamic: biases; owned */
	float act_top;              /* dynamic: what the largest activation code stands for; 0: the largest |activation| of the run */
};

/*
 * The mode (index of the precision) that a node runs in when nobody says: quantised nodes the narrowest fixed precision that holds their codes; float
 * nodes fp32, else the widest float precision, else the widest fixed one. -1 when the configuration has none.
 */
int lower_mode(const struct graph *g, const struct shapes *s, size_t node, const struct bitlet_derived *d);

/*
 * 1: the node is a layer that the core can run, *l is filled, lower_free() takes it. 0: the host's business; *why says in a few words why a
 * convolution or product is ("weights are computed and have a zero point"), "" for operators that are never the core's. -1: a fault.
 */
int lower_node(const struct graph *g, const struct shapes *s, size_t node, const struct bitlet_config *c, const struct bitlet_derived *d, int mode,
               struct lower_layer *l, struct fault *why);
void lower_free(struct lower_layer *l);

/*
 * Fills task.act (and task.weights when computed) from tensors of the run; with `dynamic` sets scales and biases, too. weights: NULL when constant.
 * False with *f set: a code that does not fit, operands that are not finite, memory.
 */
bool lower_operands(struct lower_layer *l, const struct bitlet_derived *d, const struct tensor *act, const struct tensor *weights, struct fault *f);

/* The graph's tensor (type and shape as s->value[l->out]) from the task's output bytes; NULL with *f set. */
struct tensor *lower_result(const struct lower_layer *l, const struct tensor *shape, const uint8_t *bytes, struct fault *f);

#endif
