/*
 * interpret_unit.h: the tiles of a window (interpret_window.h) computed: batches of chains with the same activations, cut into units for the threads.
 * Nothing here can be at fault any more but the host's memory.
 */
#ifndef BITLET_INTERPRET_UNIT_H
#define BITLET_INTERPRET_UNIT_H

#include "interpret_machine.h"
#include "interpret_walk.h"

struct unit_tile {
	struct program_tile t;
	struct stream_walk act;     /* loops are t's */
	struct walk_extent extent;
};

/* Tiles first .. first + stages - 1; all but the last give partial sums to the next. */
struct unit_chain {
	size_t first;
	unsigned stages, pes;
};

/* Bytes of an output. */
static inline unsigned unit_format_bytes(const struct program_tile *t)
{
	return t->format == FORMAT_INT8 ? 1 : t->format == FORMAT_INT16 ? 2 : 4;
}

/* The same walk but for its base. */
bool unit_same_walk(const struct program_tile *a, const struct program_tile *b);

/* All chains in the order of the program: what they load, compute and write, counts and flags. False when memory runs out. */
bool unit_run(struct machine *k, const struct unit_tile *tile, const struct unit_chain *chain, size_t chains);

#endif
