/*
 * interpret_machine.h: what the interpreter's files share: the core's memories, and a tile done as the core does it, byte after byte, with its faults.
 */
#ifndef BITLET_INTERPRET_MACHINE_H
#define BITLET_INTERPRET_MACHINE_H

#include "interpret.h"
#include "output_math.h"
#include "program.h"
#include "result.h"

enum { MAX_SETS = 4 };

/* The core's memories. */
struct machine {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	struct image *m;
	unsigned threads;           /* 0: tile after tile */
	struct interpret_result *r;
	size_t group_room;          /* bytes of a group in the weight buffer */
	uint8_t *half[2];           /* [pes][tile_groups][group_room] */
	unsigned loads, param_loads;
	struct output_params *params; /* [MAX_SETS][pes] */
	int64_t *psum;              /* [psum_buffer][pes] */
};

static inline unsigned pes_of(const struct program_tile *t)
{
	return (unsigned)t->pes_less_1 + 1;
}

/* Sets the error; returns false. */
bool machine_fail(struct machine *k, enum core_fault fault, enum core_channel channel, uint64_t address);
bool machine_bus_error(struct machine *k, enum core_channel channel, uint64_t address);

/* Weights of a PE in the half loaded last: [tile_groups][group_room]. */
const uint8_t *machine_weights(const struct machine *k, unsigned pe);
/* Parameters loaded last, one a PE. */
const struct output_params *machine_params(const struct machine *k);

/* Loads what the record says, nothing when it says so. False with the error set, or with *memory false when the host has none. */
bool machine_load(struct machine *k, const struct program_tile *t, bool *memory);

/* A whole tile. False likewise. */
bool machine_tile(struct machine *k, const struct program_tile *t, bool *memory);

/* A result word as a number for output_finish(). */
static inline int64_t machine_value(const struct machine *k, const struct output_stage *s, uint64_t bits)
{
	return s->is_float ? (int64_t)(uint32_t)bits : bitlet_result_value(k->d, bits);
}

#endif
