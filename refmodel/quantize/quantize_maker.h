/*
 * quantize_maker.h: a quantised network in the making, shared by the files that make it: quantize_network.c (activations, nodes), quantize_layer.c (layers of
 * fixed precision), quantize_nodes.c (scales, zero points, nodes of either kind).
 */
#ifndef BITLET_QUANTIZE_MAKER_H
#define BITLET_QUANTIZE_MAKER_H

#include "graph_build.h"
#include "quantize_network.h"

/* Codes of an activation, and the value that is made of them. */
struct mark {
	int value;                  /* of the float network */
	struct quant_field field;
	struct quant_param param;
	int real;                   /* of the new network: dequantised */
};

struct maker {
	const struct quant_plan *p;
	const struct calibration *c;
	const struct quantize_options *o;
	const struct bitlet_precision *precision;
	struct quantize_result *result;
	struct graph_build b;
	struct mark *mark;
	size_t marks;
	bool *live;                 /* by node of the float network */
};

/* The name of a value of the float network. */
const char *maker_name(const struct maker *m, int value);

struct quant_field maker_act_field(const struct bitlet_precision *p);
struct quant_field maker_weight_field(const struct bitlet_precision *p);

/* The numbers that decide a value's scale. */
const struct histogram *maker_histogram(const struct maker *m, int value);

/* Codes of that field of a value, or NULL when there are none. */
struct mark *maker_mark(const struct maker *m, int value, struct quant_field q);

/*
 * A node that quantises (to_codes) or dequantises: ONNX's for 8 bits, bitlet's for other widths. axis -1: one scale. Inputs and outputs stay to be set; NULL on a
 * fault.
 */
struct graph_node *maker_scale_node(struct maker *m, bool to_codes, struct quant_field q, const char *name, int axis, size_t inputs);

/* New weights of the new network: floats; zero points of the field's container type. scalar: without a dimension. GRAPH_NONE on a fault. */
int maker_floats(struct maker *m, const char *like, const char *suffix, const float *v, size_t count, bool scalar);
int maker_zeros(struct maker *m, const char *like, const char *suffix, struct quant_field q, int32_t zero, size_t count, bool scalar);

/* What a node of the new network reads for a value of the float one: codes made real where a layer gives codes. False on a fault. */
bool maker_input(struct maker *m, int value, int *to);

/* Copies of a layer's node: of a fixed precision, on codes; with weights rounded to a float one. */
bool maker_fixed_layer(struct maker *m, size_t layer);
int maker_rounded_weights(struct maker *m, size_t layer);

#endif
