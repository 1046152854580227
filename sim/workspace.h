/*
 * workspace.h: where simulators are built and how tools are run.
 *
 *     ROOT/<name>-<hash>/generated/   what `bitlet gen` writes
 *     ROOT/<name>-<hash>/sim/         simulators, vectors, logs
 *
 * ROOT is $BITLET_BUILD when set, else ./build when there is such a folder, else a temporary folder that goes away at the end.
 */
#ifndef BITLET_WORKSPACE_H
#define BITLET_WORKSPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config.h"

enum { WORKSPACE_PATH = 4096 };

struct workspace {
	char root[WORKSPACE_PATH / 2];
	bool temporary;
	char dir[WORKSPACE_PATH];   /* of the configuration */
	int lock;                   /* descriptor: one process at a time in dir; -1 without */
};

/*
 * Chooses the root, makes the configuration's folder, waits until no other process works in it, and generates the RTL there. False after a
 * message to err. workspace_close() takes it in either case.
 */
bool workspace_open(struct workspace *w, const struct bitlet_config *c, FILE *err);
void workspace_close(struct workspace *w);

/* Lets other processes work in the folder; what is used from now on must not be what they may build anew. */
void workspace_unlock(struct workspace *w);

/* dir/format..., into path[WORKSPACE_PATH]. False, with a message to err, when that is too long. */
__attribute__((format(printf, 4, 5)))
bool workspace_path(const struct workspace *w, char *path, FILE *err, const char *format, ...);

/* Makes a folder and those above it. False with a message (err NULL: in errno) when there is none then that files can be made in. */
bool make_folder(const char *path, FILE *err);

/* Writes a file unless it holds these bytes already. False with a message. */
bool write_if_changed(const char *path, const char *text, size_t size, FILE *err);

/* The whole file, NUL behind it; NULL when it cannot be read. The caller frees. */
char *read_whole(const char *path, size_t *size);

/* FNV-1a over bytes. Begin with HASH_START. */
#define HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t hash_bytes(uint64_t h, const void *bytes, size_t size);

/* What belongs to bitlet_array alone, or everything that bitlet_top needs. */
enum rtl_part { RTL_ENGINE, RTL_ALL };

/* Adds the RTL files of the workspace to a hash: 0 when one cannot be read. */
uint64_t hash_rtl(const struct workspace *w, enum rtl_part part, uint64_t h);

/* Source files of filelist.f, relative to the folder `generated`: NULL-terminated, in one allocation; NULL without memory or file. */
char **rtl_files(const struct workspace *w, enum rtl_part part);

#endif
