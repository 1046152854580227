/*
 * tile_units.h: a layer's program cut into units: the shortest stretches of records that need nothing of the records before them but weights and
 * parameters, which a unit can load itself. Units run in any order, alone, or on different machines, and leave the bytes that the whole program leaves.
 *
 *     records   0 load   1 psum_out   2 psum_in   3         4 load       "load": load_weights and load_params
 *     units     0        1 -----------------      2         3
 *
 * Works for programs of one layer as compile_layer() makes them: partial sums pass from a tile to the next one only, every record tells where its weights
 * and parameters are, also one that does not load them, and no record waits but the first.
 */
#ifndef BITLET_TILE_UNITS_H
#define BITLET_TILE_UNITS_H

#include "derive.h"
#include "fault.h"
#include "image.h"

struct tile_unit {
	uint32_t first, count;      /* records */
	uint64_t estimate;          /* cycles, roughly; at least 1 */
};

struct tile_units {
	struct tile_unit *unit;     /* in order; owned */
	uint32_t count;
	uint32_t tiles;             /* records of all */
};

/* Cuts the program of `bytes` bytes at `program`. False, *f set and *u empty when it is not such a program. */
bool tile_units_of(const struct bitlet_config *c, const struct bitlet_derived *d, const struct image *m, uint64_t program, uint32_t bytes,
                   struct tile_units *u, struct fault *f);
void tile_units_free(struct tile_units *u);

/*
 * Replaces the program in *m by that of the units in unit[0..count-1] alone, in this order; *bytes is its length. A unit behind any other than the
 * unit before it gets a first record that loads weights and parameters. All units in order: the program as it was. unit[] may hold a unit more than
 * once as long as the records fit the program's place. False, *f set, when they do not or a number is no unit.
 */
bool tile_units_keep(const struct tile_units *u, struct image *m, uint64_t program, const uint32_t *unit, size_t count, uint32_t *bytes, struct fault *f);

/* Inverts every byte that the units write: a run that leaves one of them out leaves wrong bytes. Twice: as before. Before tile_units_keep(). */
bool tile_units_spoil(const struct tile_units *u, const struct bitlet_config *c, struct image *m, uint64_t program, const uint32_t *unit, size_t count,
                      struct fault *f);

#endif
