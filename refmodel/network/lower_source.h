/*
 * lower_source.h: a node in common terms, on its way to a layer: which values, how they lie, what its numbers stand for. One file an operator family
 * fills it in; weights, output stage and operands are made from it alone.
 */
#ifndef BITLET_LOWER_SOURCE_H
#define BITLET_LOWER_SOURCE_H

#include "lower.h"
#include "matmul.h"
#include "window.h"

/* What the node makes of its sums. */
enum lower_result {
	RESULT_FLOAT,               /* of floats: + bias */
	RESULT_CODES,               /* requantize.h */
	RESULT_REAL,                /* floats of codes: (sum + bias) * x_scale * w_scale */
	RESULT_SUMS,                /* int32 */
	RESULT_TFLITE,              /* codes, rounded twice */
};

/* Where an operator's inputs are: index, or -1. */
struct lower_inputs {
	signed char x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias;
};

struct lower_source {
	const struct graph *g;
	const struct shapes *s;
	const struct graph_node *n;
	const struct lower_inputs *in;
	struct lower_layer *l;
	struct layer_task *t;       /* l's */
	struct fault *why;
	const struct tensor *x, *w, *y; /* type and shape; w has data when constant */
	bool constant;              /* weights */
	bool quantised;
	enum lower_result result;
	int32_t x_low, x_high, x_zero; /* codes */
	int64_t w_low, w_high;      /* codes of computed weights */
	const struct tensor *w_zero; /* one, or one a channel; NULL: 0 */
	struct tensor zero_tensor;  /* TFLite: what w_zero points at, and its number */
	int32_t zero_number;
	float x_scale, y_scale;
	const float *w_scale;
	size_t w_scales;            /* 1, or one a channel */
	int32_t y_zero, code_low, code_high;
	const struct tensor *bias;  /* with data, float32 or int32, one or one a channel; NULL: none */
	float alpha, beta, low, high; /* results of floats */
};

/* As lower_node(): 1 good, 0 with a reason, -1 fault. */
int lower_describe(struct lower_source *s, const struct graph *g, const struct shapes *shapes, size_t node, struct lower_layer *l, struct fault *why);

/* The operator families. */
int lower_conv(struct lower_source *s, const struct lower_inputs *in);
int lower_conv_transpose(struct lower_source *s, const struct lower_inputs *in);
int lower_product(struct lower_source *s, const struct lower_inputs *in);
int lower_gemm(struct lower_source *s, const struct lower_inputs *in);
int lower_tflite_conv(struct lower_source *s, const struct lower_inputs *in);
int lower_tflite_depthwise(struct lower_source *s, const struct lower_inputs *in);
int lower_tflite_transpose(struct lower_source *s, const struct lower_inputs *in);
int lower_tflite_dense(struct lower_source *s, const struct lower_inputs *in);
int lower_tflite_product(struct lower_source *s, const struct lower_inputs *in);

/* RESULT_TFLITE: multiplier and shift of a channel into the task. 1, 0 with a reason. */
int lower_tflite_channel(struct lower_source *s, uint32_t channel);

/* Sets the reason. Returns 0. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int lower_why(struct lower_source *s, const char *format, ...);

/* Type and shape of an input, NULL when left out; the same with its data, NULL when it is computed, too. */
const struct tensor *lower_shape(const struct lower_source *s, int input);
const struct tensor *lower_constant(const struct lower_source *s, int input);
/* Is the input there? */
bool lower_has(const struct lower_source *s, int input);

/* Memory for the starts of a view; NULL when there is none. */
size_t *lower_starts(size_t outers);

/* Views; tensors of `count` elements, [outers][columns][rows] for the swapped one. */
void lower_view_plain(struct lower_view *v, size_t count);
void lower_view_swapped(struct lower_view *v, size_t outers, size_t rows, size_t columns);

/*
 * Geometry of a product with rows of length m->k, and its views. a_swapped: the left operand lies as [k][m]; b_rows: the right one as [n][k]. Weights
 * that one matrix serves are shared; constant ones then make a dense layer. False: memory.
 */
bool lower_set_product(struct lower_source *s, const struct matmul *m, bool a_swapped, bool b_rows);

/* Geometry of a window; channels of all groups. */
void lower_set_window(struct layer_task *t, const struct window *w);

#endif
