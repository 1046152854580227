/*
 * network_input.h: what a file says that a network's input is: an array (.npy), or a picture (PNG, JPEG) after its preprocessing.
 *
 *     array      type and shape as declared; a leading batch dimension of 1 that is missing is added. With `quantise`, float32 for an input that has a
 *                scale and zero point (TFLite) becomes codes
 *     picture    bilinear to `resize` or to the declared size, its centre cut out if `resize` is larger; channels red, green, blue, or grey for one channel;
 *                value = (pixel * scale - mean) / std
 *                float32:                 the value
 *                with scale, zero point:  clamp(round(value / scale) + zero), rounded half away from zero
 *                uint8; int8:             clamp(round(value)); clamp(round(value - 128))
 */
#ifndef BITLET_NETWORK_INPUT_H
#define BITLET_NETWORK_INPUT_H

#include "graph.h"

enum network_layout { LAYOUT_DECLARED, LAYOUT_NCHW, LAYOUT_NHWC };

struct network_input_options {
	bool quantise;
	enum network_layout layout; /* LAYOUT_DECLARED: where the declared shape has 3 or 1 channels */
	unsigned width, height;     /* --resize; 0: the declared size */
	double scale;               /* 0: 1/255, or 1 for whole numbers without quantisation */
	double mean[3], std[3];
	unsigned means, stds;       /* 0: 0 and 1; 1: for all channels; else one a channel */
};

enum { NETWORK_INPUT_TEXT = 400 };

/*
 * The tensor for input v, not more rows than declared where `rows` is false; with `rows` dimension 0 may be any. text: one line on what was done to a
 * picture, "" for an array. NULL with *f = "path: ...".
 */
struct tensor *network_input_load(const struct graph_value *v, const char *path, const struct network_input_options *o, bool rows,
                                  char text[NETWORK_INPUT_TEXT], struct fault *f);

#endif
