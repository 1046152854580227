/*
 * precision_map.h: which precision each node of a network runs in, from a YAML file:
 *
 *     default: int8               # of all other nodes; may be left out
 *     conv1: fp16                 # a node's name
 *     "*attention*": w4a8         # a glob (* ? [...]); * takes in slashes too
 *
 * A node's own name wins over globs; of several globs the first in the file wins.
 */
#ifndef BITLET_PRECISION_MAP_H
#define BITLET_PRECISION_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "graph.h"

enum { PRECISION_MAP_BYTES = 1 << 20, PRECISION_MAP_RULES = 1 << 16 };

struct precision_rule {
	char *pattern;              /* NULL: the default */
	struct bitlet_precision precision;
	unsigned line;              /* in the file, from 1; 0: not from a file */
};

struct precision_map {
	struct precision_rule *rule; /* in the order of the file */
	size_t rules, room;
};

/* Reads the file. False with *f = "path:line:col: ..." and *m empty otherwise. precision_map_free() takes what is in *m. */
bool precision_map_load(const char *path, struct precision_map *m, struct fault *f);
/* The same from memory; path stands in the complaints. */
bool precision_map_parse(const char *path, const char *text, size_t size, struct precision_map *m, struct fault *f);
void precision_map_free(struct precision_map *m);

/* Adds a rule behind the others, or changes the one of that pattern (NULL: the default). False when memory runs out. */
bool precision_map_set(struct precision_map *m, const char *pattern, const struct bitlet_precision *p);

/* The precision of a node, or NULL when there is neither a rule for it nor a default. */
const struct bitlet_precision *precision_map_find(const struct precision_map *m, const char *node);

/* The first rule that no node of the graph meets (a misspelt name), or NULL. */
const struct precision_rule *precision_map_idle(const struct precision_map *m, const struct graph *g);

/* Writes the file that precision_map_load() reads. */
bool precision_map_save(const struct precision_map *m, const char *path, struct fault *f);

#endif
