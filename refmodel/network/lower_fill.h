/*
 * lower_fill.h: tensors of the graph as memory of a task and back, element by element along a view.
 */
#ifndef BITLET_LOWER_FILL_H
#define BITLET_LOWER_FILL_H

#include "lower.h"

/* How numbers become fields. */
struct lower_field {
	const struct bitlet_precision *precision;
	unsigned bytes, bits;       /* of an element in memory, of its field */
	bool is_signed;
	int32_t move;               /* codes: added */
	const struct tensor *zero;  /* codes: subtracted; one, or one a channel; NULL: nothing */
	const float *top;           /* floats in a fixed field: largest |number|, one, or one a channel with top_by_channel */
	bool top_by_channel;
	float limit;                /* floats in a fixed field: larger magnitudes count as this; 0: none */
	bool channel_is_row;        /* channels are a view's rows; else its outers */
};

size_t lower_view_count(const struct lower_view *v);

/* Tensor element of memory's (outer, 0, 0). */
size_t lower_view_start(const struct lower_view *v, size_t outer);

/*
 * Float32 or integer tensor (of at most 32 bits) into memory. False with *f set when a code does not fit into its field.
 */
bool lower_fill(const struct lower_view *v, const struct lower_field *field, const struct tensor *t, uint8_t *to, struct fault *f);

/* Memory of elements as large as the tensor's into the tensor. */
void lower_unfill(const struct lower_view *v, const uint8_t *from, struct tensor *t);

/* Smallest and largest code less its zero point. */
void lower_code_range(const struct lower_view *v, const struct lower_field *field, const struct tensor *t, int64_t *low, int64_t *high);

/* Largest sum of |code less its zero point| of a channel. */
int64_t lower_code_mass(const struct lower_view *v, const struct lower_field *field, const struct tensor *t);

/* Largest sum of |number| of each channel (of one batch) of a float32 tensor. */
void lower_masses(const struct lower_view *v, bool channel_is_row, const struct tensor *t, double *mass);

/* Largest |number| of each channel of a float32 tensor; NaN where there is one. */
void lower_tops(const struct lower_view *v, bool channel_is_row, const struct tensor *t, float *top);

#endif
