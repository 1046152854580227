/*
 * file.h: whole files, in and out, with every error reported.
 */
#ifndef BITLET_FILE_H
#define BITLET_FILE_H

#include <stddef.h>

#include "fault.h"

/*
 * Reads a regular file of at most `limit` bytes; free() takes the result, *size its length. NULL with *f = "path: ..." on any error. A file of
 * length 0 gives a pointer that may not be read.
 */
void *file_load(const char *path, size_t limit, size_t *size, struct fault *f);

/* Writes a file: the parts one after the other into path.tmp, which is then renamed. On a fault nothing is left behind. */
bool file_save(const char *path, const void *head, size_t head_size, const void *body, size_t body_size, struct fault *f);

#endif
