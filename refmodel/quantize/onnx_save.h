/*
 * onnx_save.h: graphs as ONNX files, the other way of onnx_load.h.
 *
 * Weights are raw data in the file itself. Operators "domain.Op" import their domain in version 1. Graph inputs and outputs carry type and shape when the
 * graph knows them (typed); -1 becomes a dimension without value. Nodes are written in the order of graph_sort(), which the graph must have gone
 * through; that is the file's own order where it came from one. Names and numbers stay as they are, so that loading the file gives the same graph.
 *
 * Faults: operators of TFLite, attributes of other kinds (subgraphs), graphs of 2 GiB and more (protobuf's limit).
 */
#ifndef BITLET_ONNX_SAVE_H
#define BITLET_ONNX_SAVE_H

#include <stddef.h>
#include <stdint.h>

#include "graph.h"

/* The file appears whole or not at all. False with *f = "path: ..." otherwise. */
bool onnx_save(const char *path, const struct graph *g, struct fault *f);

/* The same into memory, which free() takes; NULL with *f set (without path). */
uint8_t *onnx_pack(const struct graph *g, size_t *size, struct fault *f);

#endif
