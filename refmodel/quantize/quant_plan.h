/*
 * quant_plan.h: which nodes of a float network are layers of the core, and where their operands come from and their results go.
 */
#ifndef BITLET_QUANT_PLAN_H
#define BITLET_QUANT_PLAN_H

#include "graph.h"

enum quant_kind { QUANT_CONV, QUANT_CONV_TRANSPOSE, QUANT_GEMM, QUANT_MATMUL };

struct quant_layer {
	size_t node;                /* index in graph->node */
	enum quant_kind kind;
	int act, weights;           /* values */
	int bias;                   /* value of a constant bias input; GRAPH_NONE: none, or it is computed */
	int out;                    /* value behind the Relu or Clip (and, of a MatMul, the Add of a bias) that only this layer feeds */
};

struct quant_plan {
	const struct graph *graph;
	struct quant_layer *layer;  /* in execution order */
	size_t layers;
	bool *constant;             /* by value: follows from weights alone */
	int *root;                  /* by value: what it is a copy of (reshaped, or largest of several), itself if it is none */
};

/* False when memory runs out, or when there is no layer ("no convolution or product"). quant_plan_free() takes what is in *p. */
bool quant_plan_new(const struct graph *g, struct quant_plan *p, struct fault *f);
void quant_plan_free(struct quant_plan *p);

/* Does some node read the value that keeps or pools numbers, or a layer as its operand? Then codes are worth having there. */
bool quant_plan_wants_codes(const struct quant_plan *p, int value);

/* The layer that a node is, or NULL. */
const struct quant_layer *quant_plan_layer(const struct quant_plan *p, size_t node);

#endif
