/*
 * config_load.h: from a YAML file or the name of a preset to a checked struct bitlet_config.
 *
 * Every complaint is one line, `path:line:col: what is wrong; what was expected`, line and column those of the value at fault, from 1.
 * The first fault found is the one reported. Nothing is printed on success.
 */
#ifndef BITLET_CONFIG_LOAD_H
#define BITLET_CONFIG_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config.h"

enum { CONFIG_SIZE_LIMIT = 65536 }; /* bytes of a configuration file */

/*
 * Fills *c from the preset of that name or from the file at that path (a preset wins; write ./tiny for a file called tiny). False after a
 * complaint to err; *c is then undefined. A configuration that loads has passed config_check().
 */
bool config_load(const char *path_or_preset, struct bitlet_config *c, FILE *err);

/*
 * The same from text[0..size). path stands in the complaints, and its last component without suffix is the default of `name`.
 */
bool config_parse(const char *path, const char *text, size_t size, struct bitlet_config *c, FILE *err);

/* What config_check() found. */
struct config_complaint {
	char key[32];               /* parameter at fault: "n", "pipeline.tree", "precisions[3]" */
	char other[32];             /* parameter that is as much at fault, to point at when the file leaves the first one out; or "" */
	char text[224];             /* what is wrong; what was expected */
};

/*
 * Checks the ranges of all parameters and that they fit together. Needed only for a struct that was not filled by config_load().
 * Returns true when all is well; otherwise fills *complaint with the first fault.
 */
bool config_check(const struct bitlet_config *c, struct config_complaint *complaint);

/* Names of the presets, sorted; NULL ends the list. */
const char *const *config_presets(void);

/* The YAML text of a preset, NULL when there is none of that name. */
const char *config_preset_text(const char *name, size_t *size);

#endif
