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

typedef struct graph *parse_function(const void *data, size_t size, const char *name, const char *folder, enum network_kind *kind, struct fault *f);

static struct graph *parse_plain(const void *data, size_t size, const char *name, const char *folder, enum network_kind *kind, struct fault *f)
{
	return network_parse(data, size, name, folder, true, kind, f);
}

static struct graph *parse_fused(const void *data, size_t size, const char *name, const char *folder, enum network_kind *kind, struct fault *f)
{
	return network_parse(data, size, name, folder, false, kind, f);
}

static struct graph *parse_any(const void *data, size_t size, const char *name, const char *folder, enum network_kind *kind, struct fault *f)
{
	if (tflite_is(data, size))
		return parse_plain(data, size, name, folder, kind, f);
	*kind = NETWORK_ONNX;
	return onnx_parse_any(data, size, name, folder, f);
}

static struct graph *load(const char *path, parse_function *parse, enum network_kind *kind, struct fault *f)
{
	size_t size;
	void *data = file_load(path, TENSOR_MAX_BYTES, &size, f);
	if (!data)
		return NULL;
	char *folder = folder_of(path);
	struct graph *g = folder ? parse(data, size, path, folder, kind, f) : NULL;
	if (!folder)
		fault_set(f, "out of memory");
	if (!g)
		fault_prefix(f, path);
	free(folder);
	free(data);
	return g;
}

struct graph *network_load(const char *path, bool plain, enum network_kind *kind, struct fault *f)
{
	return load(path, plain ? parse_plain : parse_fused, kind, f);
}

struct graph *network_load_any(const char *path, enum network_kind *kind, struct fault *f)
{
	return load(path, parse_any, kind, f);
}
