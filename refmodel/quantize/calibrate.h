/*
 * calibrate.h: what a float network's numbers look like on images: a histogram of each activation that may become codes, the weights, and the outputs.
 */
#ifndef BITLET_CALIBRATE_H
#define BITLET_CALIBRATE_H

#include "histogram.h"
#include "quant_plan.h"

struct calibration {
	size_t values;
	struct histogram **histogram; /* by value index; NULL: not wanted */
	struct tensor **constant;   /* by value index: float weights and biases of layers; NULL: no constant */
	double **mean;              /* by layer of the plan: mean of each input channel of its activation; NULL: weights are computed */
	size_t *channels;           /* by layer: how many */
	size_t layers;
	struct tensor **output;     /* by output of the network: type and shape of one run, no data */
};

/* Dimension of the activation that the layer's dot products run along: channels of a convolution, columns of a product (rows with transA). */
unsigned calibrate_axis(const struct quant_plan *p, const struct quant_layer *l, unsigned rank);

/*
 * Runs images first .. first + count - 1 (count >= 1) and looks at the operands and results of all layers. False with *f set when an activation is not
 * finite, when operands are not float32, or when the run fails. calibration_free() takes what is in *c.
 */
bool calibrate(const struct quant_plan *p, const struct tensor *images, size_t first, size_t count, unsigned threads, struct calibration *c, struct fault *f);
void calibration_free(struct calibration *c);

#endif
