/*
 * arena.h: places for buffers with lifetimes, so that what is never alive together may share memory. Greedy by size, largest first, each at the lowest
 * free place.
 */
#ifndef BITLET_ARENA_H
#define BITLET_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_buffer {
	size_t bytes;
	size_t first, last;         /* steps at which it is alive, both included */
	size_t offset;              /* out: a multiple of `align` */
};

/* Sets the offsets; *bytes is the arena's size. False when memory runs out. */
bool arena_place(struct arena_buffer *buffer, size_t count, size_t align, size_t *bytes);

#endif
