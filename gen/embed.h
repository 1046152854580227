/*
 * embed.h: files that are part of the program: templates (rtl_templates/) and presets (gen/presets/), so that it works from any folder.
 * The table is made by scripts/embed into build/gen/embed.c.
 */
#ifndef BITLET_EMBED_H
#define BITLET_EMBED_H

#include <stddef.h>

struct embedded_file {
	const char *path;           /* in the source tree: "rtl_templates/bitlet_pe.v" */
	const char *text;           /* a NUL follows the last byte */
	size_t size;                /* without that NUL */
};

/* Sorted by path; an entry with path NULL ends the table. */
extern const struct embedded_file embedded_files[];

/* The file at that path, NULL when there is none. */
const struct embedded_file *embedded_find(const char *path);

#endif
