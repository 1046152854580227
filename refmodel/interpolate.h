/*
 * interpolate.h: resizing along one dimension: coordinates of output elements in the input, and weighted sums there (ONNX Resize, Upsample).
 */
#ifndef BITLET_INTERPOLATE_H
#define BITLET_INTERPOLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum resize_mode { RESIZE_NEAREST, RESIZE_LINEAR, RESIZE_CUBIC };
enum resize_place { PLACE_HALF_PIXEL, PLACE_PYTORCH_HALF_PIXEL, PLACE_ALIGN_CORNERS, PLACE_ASYMMETRIC, PLACE_TF_HALF_PIXEL, PLACE_TF_CROP };
/* SIMPLE: what was before operator set 11: floor, but ceil for what shrinks. */
enum resize_round { ROUND_PREFER_FLOOR, ROUND_PREFER_CEIL, ROUND_FLOOR, ROUND_CEIL, ROUND_SIMPLE };

/* One dimension. */
struct resize_axis {
	enum resize_place place;
	int64_t in, out;            /* elements; in >= 1 */
	double scale;               /* of output to input, above 0 */
	double start, end;          /* PLACE_TF_CROP: the part of the input, 0 to 1 */
};

/*
 * Where output element i lies in the input, in elements; may be outside. single: every step rounded to float, as those do who choose the nearest
 * element by it.
 */
double resize_coordinate(const struct resize_axis *a, int64_t i, bool single);

/* The element nearest to output element i, inside the input. */
int64_t resize_nearest(const struct resize_axis *a, enum resize_round round, int64_t i);

/* Elements and weights that make an output element. */
enum { RESIZE_MAX_TAPS = 4 };

struct resize_taps {
	unsigned count;             /* 2: linear, 4: cubic */
	int64_t at[RESIZE_MAX_TAPS];
	double weight[RESIZE_MAX_TAPS];
};

void resize_linear(const struct resize_axis *a, int64_t i, struct resize_taps *t);
/* coefficient: of the cubic, -0.75 in ONNX; exclude_outside: taps outside the input have no weight, the others share it. */
void resize_cubic(const struct resize_axis *a, int64_t i, double coefficient, bool exclude_outside, struct resize_taps *t);

#endif
