/*
 * program_groups.h: what a layer's program brings to the array, without a clock. An output is a dot product of a record: one pixel, one filter in each of
 * the record's PEs, all of its groups; what a record leaves as partial sums counts likewise. Outputs come in the array's order: record after record, pixel
 * after pixel.
 *
 *     bytes of an output    act [groups][a_group_bytes]    wgt [pes][groups][w_group_bytes]    as docs/core.md section 2 has them in the buffers
 */
#ifndef BITLET_PROGRAM_GROUPS_H
#define BITLET_PROGRAM_GROUPS_H

#include "derive.h"
#include "program_read.h"

struct program_groups {
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	const struct image *image;
	struct program_tile *record; /* [records]; owned */
	uint64_t *before;           /* [records + 1]: outputs of the records before; owned */
	uint32_t records;
	uint64_t outputs, groups;   /* of all records; both at least 1 */
};

/*
 * Of the program of `bytes` bytes at `program`, made by compile_layer(), with its operands in *m. Config, derived and image are referred to.
 * False, *f set and *p empty, when it is no such program or memory runs out.
 */
bool program_groups_of(const struct bitlet_config *c, const struct bitlet_derived *d, const struct image *m, uint64_t program, uint32_t bytes,
                       struct program_groups *p, struct fault *f);
void program_groups_free(struct program_groups *p);

/* Groups of outputs first .. first + count - 1. */
uint64_t program_groups_count(const struct program_groups *p, uint64_t first, uint64_t count);

/* One output; false ends the reading. */
typedef bool program_groups_take(void *context, const struct program_tile *t, const uint8_t *act, const uint8_t *wgt);

/* Reads outputs first .. first + count - 1 in order. False when `take` says so, or with *f set: an operand outside of the image, memory. */
bool program_groups_read(const struct program_groups *p, uint64_t first, uint64_t count, program_groups_take *take, void *context, struct fault *f);

#endif
