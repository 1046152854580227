/*
 * values.h: every number and word of a configuration and of what is derived from it, under one name, for templates and generated headers.
 */
#ifndef BITLET_VALUES_H
#define BITLET_VALUES_H

#include "derive.h"
#include "symbols.h"

/* Receives the values in a fixed order; texts live as long as c, d and hash. */
struct value_visitor {
	void (*number)(void *context, const char *name, int64_t number);
	void (*text)(void *context, const char *name, const char *text);
	void (*list)(void *context, const char *name, int64_t count);
	void *context;
};

enum { VALUES_HASH_SIZE = 17 };

/*
 * Names: "n", "pipeline.tree", "packing[1]", "lanes", "mode[0].pack", "mode[0].name", "hash" (16 hexadecimal digits, put into hash[]); a word
 * parameter is a text "selector" and numbers 0 or 1 "selector_full", "selector_window".
 */
void bitlet_values(const struct bitlet_config *c, const struct bitlet_derived *d, char hash[VALUES_HASH_SIZE], const struct value_visitor *v);

/* The same as symbols, sorted. False when memory runs out. */
bool bitlet_symbols(const struct bitlet_config *c, const struct bitlet_derived *d, char hash[VALUES_HASH_SIZE], struct symbols *s);

#endif
