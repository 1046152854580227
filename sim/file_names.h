/*
 * file_names.h: names of files for values of a network: characters other than [A-Za-z0-9._-] become '_', long names are cut off, and a name that is
 * there already gets "-2", "-3", ...
 */
#ifndef BITLET_FILE_NAMES_H
#define BITLET_FILE_NAMES_H

#include <stddef.h>

enum { FILE_NAME_MAX = 160 };

struct file_names {
	char **name;
	size_t count, room;
};

/* The new name, without ending; it belongs to n. NULL when memory runs out. */
const char *file_names_add(struct file_names *n, const char *value);
void file_names_free(struct file_names *n);

#endif
