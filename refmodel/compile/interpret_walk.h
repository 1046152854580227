/*
 * interpret_walk.h: the activations of a record by whole rows of loop 0, from any vector on: the bytes of interpret_stream.h for walks without oddities.
 */
#ifndef BITLET_INTERPRET_WALK_H
#define BITLET_INTERPRET_WALK_H

#include "interpret_stream.h"

/* What a whole walk takes from memory. Addresses count from the walk's base. */
struct walk_extent {
	uint64_t runs, bytes;
	int64_t low, high;          /* bytes low .. high - 1; low >= high: none */
};

/* Does merging change only how many runs there are, and do all runs together make `bytes` bytes? */
bool walk_is_regular(const struct stream_walk *w, uint64_t bytes);

/* Of a regular walk. */
struct walk_extent walk_extent_of(const struct stream_walk *w);

/* How vectors become rows of whole groups. */
struct walk_rows {
	size_t vector_bytes, row_bytes;
	const uint8_t *padding;     /* [row_bytes]: a row of nothing else */
};

/* Vectors first .. first + count - 1 of a regular walk whose extent lies in the image, to rows[count][row_bytes]. */
void walk_gather(const struct stream_walk *w, const struct image *m, const struct walk_rows *shape, uint64_t first, size_t count, uint8_t *rows);

#endif
