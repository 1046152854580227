#include "network_load.h"

#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "file.h"
#include "fuse.h"
#include "onnx_load.h"
#include "tflite_load.h"

struct graph *network_parse(const void *data, size_t size, const char *name, const char *folder, bool plain, enum network_kind *kind, struct fault *f)
{
	*kind = tflite_is(data, size) ? NETWORK_TFLITE : NETWORK_ONNX;
	struct graph *g = *kind == NETWORK_TFLITE ? tflite_parse(data, size, name, f) : onnx_parse(data, size, name, folder, f);
	if (g && !plain && (!execute_check(g, f) || !fuse(g, f))) {
		graph_free(g);
		return NULL;
	}
	return g;
}

/* The folder that a file lies in; free() takes it. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 1;
	char *folder = malloc(length + 2);
	if (!folder)
		return NULL;
	memcpy(folder, slash ? path : ".", length);
	folder[length] = '\0';
	if (!length) /* the root */
		memcpy(folder, "/", 2);
	return folder;
}

struct graph *network_load(const char *path, bool plain, enum network_kind *kind, struct fault *f)
{
	size_t size;
	void *data = file_load(path, TENSOR_MAX_BYTES, &size, f);
	if (!data)
		return NULL;
	char *folder = folder_of(path);
	struct graph *g = folder ? network_parse(data, size, path, folder, plain, kind, f) : NULL;
	if (!folder)
		fault_set(f, "out of memory");
	if (!g)
		fault_prefix(f, path);
	free(folder);
	free(data);
	return g;
}
