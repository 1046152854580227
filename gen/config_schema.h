/*
 * config_schema.h: libcyaml's part: text that config_tree and config_value found good becomes a struct bitlet_config, with defaults.
 */
#ifndef BITLET_CONFIG_SCHEMA_H
#define BITLET_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config.h"

/* Fills *c. False after one line to err: libcyaml refused the text, which only want of memory explains. */
bool config_schema_load(const char *path, const char *text, size_t size, struct bitlet_config *c, FILE *err);

#endif
