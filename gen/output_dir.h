/*
 * output_dir.h: a directory that appears complete or not at all. Files are written to a hidden sibling, which takes the directory's name at the end.
 */
#ifndef BITLET_OUTPUT_DIR_H
#define BITLET_OUTPUT_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output_dir {
	char *path;                 /* what it will be called, symbolic links resolved */
	char *temporary;            /* sibling in which files are written */
	char *made;                 /* topmost parent that had to be made; NULL when none */
	bool replaces;              /* an earlier output is there */
	FILE *err;
};

/*
 * Prepares to write the directory `path`, making its parents. marker is a file of ours and its first bytes (signature): a directory with
 * that file will be replaced, an empty one filled; any other is refused. False after a report; nothing is left behind then.
 */
bool output_dir_open(struct output_dir *o, const char *path, const char *marker, const char *signature, FILE *err);

/* Makes a folder inside, or writes a file (name relative to the directory). False after a report; then output_dir_abandon(). */
bool output_dir_folder(struct output_dir *o, const char *name);
bool output_dir_write(struct output_dir *o, const char *name, const char *text, size_t size);

/*
 * Gives the directory its name. What an earlier output of that name held beside the names at its top that were written now moves over. False
 * after a report; nothing is left behind, an earlier output stays. Frees o in any case.
 */
bool output_dir_commit(struct output_dir *o);

/* Removes what was written, and parents that were made. Frees o. */
void output_dir_abandon(struct output_dir *o);

#endif
