/*
 * network_load.h: a network in a file of either kind (ONNX, TFLite) as a graph, ready to be lowered.
 */
#ifndef BITLET_NETWORK_LOAD_H
#define BITLET_NETWORK_LOAD_H

#include "graph.h"

enum network_kind { NETWORK_ONNX, NETWORK_TFLITE };

/*
 * Loads by content ("TFL3" behind the first four bytes is TFLite), says which operators are missing (all of them, in one fault), folds and fuses (fuse.h).
 * NULL with *f = "path: ..." . plain: the graph as the file has it, operators not looked at (execute_check()), for `inspect` and as the reference.
 */
struct graph *network_load(const char *path, bool plain, enum network_kind *kind, struct fault *f);

/* The same from memory; folder as of onnx_parse(); *f without path. */
struct graph *network_parse(const void *data, size_t size, const char *name, const char *folder, bool plain, enum network_kind *kind, struct fault *f);

/* As network_load() with `plain`, but ONNX files of any operator set, too: for `inspect`, which tells of that itself. */
struct graph *network_load_any(const char *path, enum network_kind *kind, struct fault *f);

#endif
