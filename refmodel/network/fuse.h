/*
 * fuse.h: passes over a graph that leave its meaning and bring it closer to what the core does. In place; the graph stays executable by the host's
 * operators alone, which is how the passes are tested and where the expected outputs of layers come from.
 *
 *     constants      nodes whose inputs are all weights become weights (up to FUSE_MAX_BYTES an output)
 *     identity       Identity, Dropout and the like vanish
 *     batch norm     BatchNormalization behind Conv, ConvTranspose, Gemm goes into weights and bias (double precision, rounded once)
 *     bias           Add of a constant along the channels goes into the bias; MatMul takes it as a third input
 *     pad            Pad with the value that the convolution pads with goes into its pads
 *     activation     Relu, Relu6, Clip behind Conv, ConvTranspose, Gemm, MatMul become attributes `clamp_low`, `clamp_high` (floats) of that node
 *     quantised      DequantizeLinear (ONNX's, bitlet's) -> Conv, Gemm, MatMul [-> Relu, Clip] [-> QuantizeLinear] becomes QLinearConv, QLinearMatMul where
 *                    these say it all, else bitlet.QConv, bitlet.QGemm, bitlet.QMatMul (host_quantised.h). Float biases become steps of the sums;
 *                    where 32 bits do not hold one, the layer stays float
 *
 * A value that is an output of the network, or that others use, is never fused away. Nodes that nobody needs are removed.
 */
#ifndef BITLET_FUSE_H
#define BITLET_FUSE_H

#include "graph.h"

enum { FUSE_MAX_BYTES = 64 << 20 };

/* False with *f set when memory runs out. A node that could be folded and is at fault stays, so that a run says so. The graph is sorted before and after. */
bool fuse(struct graph *g, struct fault *f);

#endif
