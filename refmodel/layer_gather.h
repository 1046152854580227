/*
 * layer_gather.h: operand matrices of a node of an executed graph, as plain numbers.
 */
#ifndef BITLET_LAYER_GATHER_H
#define BITLET_LAYER_GATHER_H

#include "conv.h"
#include "execute.h"
#include "matmul.h"

/* Small integers are exact in float, so that one type serves float and quantised layers. */
struct layer_source {
	const struct graph_node *node;
	bool quantised;
	enum tensor_type a_type;    /* quantised: int8 or uint8, and its zero point */
	int32_t a_zero;
	size_t parts;               /* products of this layer */
	size_t outputs, pixels, k;  /* of one of them */
	float *w, *x;               /* whole operand tensors, less their zero points; owned */
	size_t w_count, x_count;
	/* how a part's matrices lie in them */
	bool is_conv;
	struct conv conv;
	struct matmul matmul;
	size_t w_row, w_step, x_row, x_step; /* dense: elements from row to row, and along k */
};

/*
 * 1: the node is a layer (convolution or product with constant weights) and *s is filled, layer_source_free() takes it; 0: it is none;
 * -1: a fault.
 */
int layer_source_new(const struct execution *e, const struct graph_node *n, struct layer_source *s, struct fault *f);
void layer_source_free(struct layer_source *s);

/* Matrices of one part: w[outputs][k], x[pixels][k]. False when memory for scratch runs out. */
bool layer_source_part(const struct layer_source *s, size_t part, float *w, float *x);

#endif
