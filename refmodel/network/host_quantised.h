/*
 * host_quantised.h: quantised layers that ONNX has no operator for. They come from fuse.h; results are those of the core.
 *
 *     bitlet.QConv(x, x_scale, x_zero, w, w_scale, w_zero, [y_scale, y_zero], [bias]) -> y     attributes of Conv; inputs as QLinearConv
 *     bitlet.QGemm(a, a_scale, a_zero, b, b_scale, b_zero, [bias], [y_scale, y_zero]) -> y     transA, transB; inputs as com.microsoft.QGemm; a may
 *                                                                                          have any number of dimensions before its last one
 *     bitlet.QMatMul(the same) -> y                                                            shapes of MatMul; bias by column
 *
 * codes      integers of 8 to 32 bits; x, y: one scale and zero point; w: one, or one an output channel (column)
 * bias       int32, in steps of the sums: one, or one an output channel
 * y          with y_scale: codes of y_zero's type, requantize.h with the exact sum of (x - zero) * (w - zero) and the bias, then clamp_low .. clamp_high
 *            (ints; the type's range when left out). Without: float32 = sum * float32(x_scale * w_scale), rounded once, then clamp_low .. clamp_high (floats)
 * x_bits, x_signed, w_bits, w_signed
 *            field that the codes of x (of w when it is computed) keep within, when that is not their type's: lower.h picks a precision by it
 */
#ifndef BITLET_HOST_QUANTISED_H
#define BITLET_HOST_QUANTISED_H

#include "host_ops.h"

/* Sums on their way to results. */
struct quantised {
	struct host_call *c;
	int32_t *x, *w;             /* codes less their zero points */
	int64_t *bias;              /* [channels] */
	float *scale;               /* [channels] real results */
	struct requantize *multiplier; /* [channels] codes */
	struct tensor *y;
	int64_t zero, low, high;
	struct host_clamp clamp;
};

/* Where the inputs are that differ. */
struct quantised_inputs {
	size_t bias, y_scale;
};

/* Type of y. TENSOR_TYPE_COUNT with the fault set when an input is of a wrong type. */
enum tensor_type quantised_type(struct host_call *c, const struct quantised_inputs *in);

/*
 * Reads all numbers. channel of weight i = i / inner % channels; k: products a sum. False with the fault set; quantised_free() in any case.
 */
bool quantised_open(struct quantised *q, struct host_call *c, const struct quantised_inputs *in, size_t channels, size_t inner, size_t k);
void quantised_free(struct quantised *q);

/* Element i of y. */
void quantised_put(const struct quantised *q, size_t i, size_t channel, int64_t sum);

#endif
