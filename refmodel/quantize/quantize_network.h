/*
 * quantize_network.h: a calibrated float network in the form of quantize.h, each layer in a precision of its own.
 *
 * Layers of a fixed precision read codes of their activation and weights. What they give becomes codes at once when a layer, or an operator that keeps or
 * pools numbers, reads it (everybody reads these codes then). An activation that is another one reshaped, or its largest numbers (MaxPool), takes its scale,
 * so that no rounding is added. Below 8 bits of weights, biases take in what the rounding of the weights adds to the layer's output on average (the mean of each
 * input channel on the images times the sum of its weights' errors); a convolution or Gemm without bias gets one. Everything else computes with floats on the host. Layers of bf16, fp16, tf32 get weights that are rounded to that format;
 * their activations are rounded by the hardware in that mode. fp32 layers stay as they are.
 */
#ifndef BITLET_QUANTIZE_NETWORK_H
#define BITLET_QUANTIZE_NETWORK_H

#include "calibrate.h"
#include "config.h"
#include "quant_weights.h"

enum { QUANTIZE_OPSET = 13 };   /* ONNX's, from which DequantizeLinear knows channels */

struct quantize_options {
	struct calibrate_rule activations;
	enum quant_weight_rule weights;
	bool per_tensor;            /* one scale for all weights of a layer */
	bool keep_bias;             /* no correction of biases */
};

/* What became of a layer. */
struct quantize_result {
	struct quant_param act;     /* fixed: codes of its activation */
	double act_noise;           /* fixed: squared error of these codes over the squares of the activation, by the histogram */
	double weight_noise;        /* the same of the weights; 0 when they are computed */
	bool float_bias;            /* the bias did not fit 32 bits and stayed float */
};

/*
 * precision: of each layer of the plan. result: [p->layers], or NULL. The new graph, sorted, which graph_free() takes; NULL with *f set. The graph's
 * operator set is at least QUANTIZE_OPSET; networks of an older one must have been raised to it (opset_raise.h).
 */
struct graph *quantize_network(const struct quant_plan *p, const struct calibration *c, const struct quantize_options *o, const struct bitlet_precision *precision,
                               struct quantize_result *result, struct fault *f);

#endif
