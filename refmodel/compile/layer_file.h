/*
 * layer_file.h: a layer from files: a description in YAML (docs/layers.md) that names .npy files beside it.
 *
 * Every complaint about the description is `path:line:col: what is wrong; what was expected`, about an array `path: ...`.
 */
#ifndef BITLET_LAYER_FILE_H
#define BITLET_LAYER_FILE_H

#include "config.h"
#include "layer_task.h"
#include "tensor.h"
#include "tile.h"

/* One or several numbers, or a file of them. */
struct layer_numbers {
	bool given;
	unsigned count;
	double number[2];
	const char *file;           /* NULL: number[] */
};

/* What the description says, every value checked by itself. Texts belong to the layer_yaml it was made from. */
struct layer_description {
	enum layer_op op;
	struct bitlet_precision precision;
	const char *input, *weights, *bias; /* bias may be NULL */
	bool channels_first, trans_b;
	unsigned strides, dilations, pads, output_paddings; /* numbers given; 0: none */
	int32_t stride[LAYER_AXES], dilation[LAYER_AXES], pad[2 * LAYER_AXES], output_padding[LAYER_AXES];
	uint32_t groups;
	int32_t zero;
	bool format_given, is_unsigned;
	enum program_format format;
	enum program_rounding rounding;
	struct layer_numbers scale, multiplier, shift, clamp;
	int32_t out_zero;
	unsigned relu;              /* 0, 1 (ReLU) or 6 */
	double step;                /* 0: not given */
};

struct layer_yaml;

/* Fills *l from values that were read; false with the first fault. */
bool layer_describe(const struct layer_yaml *y, struct layer_description *l, struct fault *f);

/*
 * Loads description and arrays into a task for that configuration (its precision's mode). True: layer_task_free() takes the task, which has passed
 * layer_task_check(). *channels_first says how results are to be written.
 */
bool layer_file_load(const char *path, const struct bitlet_config *c, const struct bitlet_derived *d, struct layer_task *t, bool *channels_first, struct fault *f);

/* The same with the activations of another .npy file; input NULL: the description's. */
bool layer_file_load_input(const char *path, const char *input, const struct bitlet_config *c, const struct bitlet_derived *d, struct layer_task *t,
                           bool *channels_first, struct fault *f);

/* The output in an image as a tensor of its format's type, [batch][spatial...][channels] or, channels_first, [batch][channels][spatial...]. */
struct tensor *layer_result(const struct compiled *p, const struct image *m, bool channels_first, struct fault *f);

/* scale as multiplier * 2^-shift (as the rounding counts shifts); false when it is negative, not finite or too large. */
bool layer_scale(double scale, enum program_rounding rounding, uint32_t *multiplier, int8_t *shift);

#endif
