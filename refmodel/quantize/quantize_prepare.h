/*
 * quantize_prepare.h: a network file as a float graph that can be quantised.
 */
#ifndef BITLET_QUANTIZE_PREPARE_H
#define BITLET_QUANTIZE_PREPARE_H

#include "graph.h"

/*
 * Loads an ONNX file, folds constants, batch normalisation and padding into weights and convolutions (fuse.h; all stays ONNX), raises the operator set to
 * QUANTIZE_OPSET. NULL with *f = "path: ...": also for TFLite files and for networks that are quantised already.
 */
struct graph *quantize_prepare(const char *path, struct fault *f);

#endif
