/*
 * layer_yaml.h: the text of a layer description as a list of values, each with its place. Mappings one deep ("output.format"), lists of single values.
 */
#ifndef BITLET_LAYER_YAML_H
#define BITLET_LAYER_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

enum { LAYER_YAML_LIST = 8, LAYER_YAML_KEY = 32, LAYER_YAML_BYTES = 65536 };

enum layer_key {
#define LAYER_KEY(id, key, kind, meaning) LAYER_KEY_##id,
#include "layer_file.def"
	LAYER_KEYS
};

struct layer_value {
	bool given, list;
	unsigned count;             /* texts: 1, or entries of the list */
	char *text[LAYER_YAML_LIST];
	bool plain;                 /* the (first) text is without quotes */
	unsigned line, column;      /* from 1 */
};

struct layer_yaml {
	const char *path;           /* for messages; not copied */
	struct layer_value value[LAYER_KEYS];
};

const char *layer_key_name(enum layer_key k);

/* Reads text[0..size). False with *f = "path:line:col: ..." for the first error; layer_yaml_free() in any case. */
bool layer_yaml_read(struct layer_yaml *y, const char *path, const char *text, size_t size, struct fault *f);
void layer_yaml_free(struct layer_yaml *y);

/* Sets "path:line:col: ..." at a value (line 1 when it is not given). Returns false. */
__attribute__((format(printf, 4, 5)))
bool layer_yaml_fault(const struct layer_yaml *y, enum layer_key k, struct fault *f, const char *format, ...);

#endif
