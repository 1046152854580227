/*
 * config_tree.h: a configuration's YAML text as a flat list of values, each with its place in the file. What libcyaml cannot say (line and
 * column of the value at fault) comes from here; libcyaml then fills the struct.
 */
#ifndef BITLET_CONFIG_TREE_H
#define BITLET_CONFIG_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "params.h"

enum {
	CONFIG_TREE_ENTRIES = 64,       /* all parameters and all sequence entries that the schema allows */
	CONFIG_KEY_SIZE = 32,
};

/* A value: of a scalar, of one entry of a sequence, or (text NULL) a sequence or mapping as a whole. */
struct config_entry {
	char key[CONFIG_KEY_SIZE];      /* "n", "pipeline.tree", "precisions[3]" */
	const struct param *param;      /* row of the parameter that it belongs to; NULL for the mapping `pipeline` */
	char *text;
	bool plain;                     /* written without quotes */
	unsigned line, column;          /* of the value, from 1 */
	unsigned count;                 /* sequence: entries */
};

struct config_tree {
	const char *path;               /* for messages */
	FILE *err;
	struct config_entry entry[CONFIG_TREE_ENTRIES];
	unsigned entries;
	unsigned line, column;          /* of the root mapping */
};

/*
 * Reads text[0..size) (UTF-8 already checked). Reports the first error to err and returns false: YAML syntax, more than one document, anchors,
 * aliases, tags, unknown or repeated keys, a sequence or mapping where there should be none or the other way round. Entries' values are
 * not looked at. The caller frees with config_tree_free(), also after a failure.
 */
bool config_tree_read(struct config_tree *tree, const char *path, const char *text, size_t size, FILE *err);
void config_tree_free(struct config_tree *tree);

/* The entry of that key, NULL when the file does not have it. */
const struct config_entry *config_tree_find(const struct config_tree *tree, const char *key);

#endif
