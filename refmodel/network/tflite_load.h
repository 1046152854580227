/*
 * tflite_load.h: TensorFlow Lite files (flatbuffers, schema version 3, one subgraph) as graphs.
 *
 * Nodes are called "tflite.CONV_2D" and so on, with the options as attributes under their schema names ("padding" as the string "SAME" or "VALID",
 * "fused_activation_function" as "NONE", "RELU", "RELU6", ...). Values keep TFLite's layouts (channels last) and carry scales and zero points (graph_quant);
 * all are typed. Names are the file's; a name that comes twice, and an empty one, gets "#index" behind it.
 *
 * Files may come from anywhere: every offset, length, vector and index is checked; see onnx_load.h for what a fault says.
 */
#ifndef BITLET_TFLITE_LOAD_H
#define BITLET_TFLITE_LOAD_H

#include <stddef.h>

#include "graph.h"

/* The sorted graph; NULL with *f set. */
struct graph *tflite_load(const char *path, struct fault *f);
/* The same from memory; *f without path. */
struct graph *tflite_parse(const void *data, size_t size, const char *name, struct fault *f);
/* Does the file's beginning say that it is one? */
bool tflite_is(const void *data, size_t size);

#endif
