/*
 * tensor_dump.h: the tensors of a run as files: DIR/NAME.npy each, and DIR/index.tsv with a line a tensor: file, value's name, type, shape, CRC-32 of
 * the data (as zlib's).
 */
#ifndef BITLET_TENSOR_DUMP_H
#define BITLET_TENSOR_DUMP_H

#include <stdio.h>

#include "file_names.h"
#include "tensor.h"

struct tensor_dump {
	const char *dir;
	struct file_names names;
	FILE *index;                /* in memory until the end */
	char *text;
	size_t size;
};

/* The folder is made. False with *f set. */
bool tensor_dump_open(struct tensor_dump *d, const char *dir, struct fault *f);
bool tensor_dump_add(struct tensor_dump *d, const char *name, const struct tensor *t, struct fault *f);
/* Writes the index. tensor_dump_free() takes it in any case. */
bool tensor_dump_finish(struct tensor_dump *d, struct fault *f);
void tensor_dump_free(struct tensor_dump *d);

/* CRC-32 (0xedb88320, as zlib's and gzip's). */
uint32_t tensor_crc(const struct tensor *t);

#endif
