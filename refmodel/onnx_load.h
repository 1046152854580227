/*
 * onnx_load.h: ONNX files (operator sets 7 to 17, protobuf through Debian's onnx.proto) as graphs.
 *
 * Files may come from anywhere: whatever is damaged, too large or contradictory is a fault that names the file and, where there is one, the
 * node or the tensor; see fault.h. Loading does not look at what operators mean: execute.h does.
 *
 * External data is read from files in the model's own folder or below; a path that leaves it (absolute, with "..", through a symbolic link) is
 * a fault.
 */
#ifndef BITLET_ONNX_LOAD_H
#define BITLET_ONNX_LOAD_H

#include <stddef.h>

#include "graph.h"

enum { ONNX_OPSET_MIN = 7, ONNX_OPSET_MAX = 17 };

/* The sorted graph, which graph_free() takes; NULL with *f set. */
struct graph *onnx_load(const char *path, struct fault *f);

/*
 * The same from memory. name: for messages. folder: where external data lies, NULL: external data is a fault. *f comes without path.
 */
struct graph *onnx_parse(const void *data, size_t size, const char *name, const char *folder, struct fault *f);

/* The same of any operator set, whose operators may mean something else: for those who only look (`bitlet inspect`). */
struct graph *onnx_parse_any(const void *data, size_t size, const char *name, const char *folder, struct fault *f);

#endif
