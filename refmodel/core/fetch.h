/*
 * fetch.h: twin of fetch.v: program blocks of 256 bytes through the weight channel into the record register, a word a cycle, with their checks
 * (docs/core.md section 4).
 */
#ifndef BITLET_FETCH_H
#define BITLET_FETCH_H

#include "core_types.h"
#include "derive.h"
#include "program.h"

enum fetch_state { FETCH_IDLE, FETCH_REQUEST, FETCH_READ, FETCH_MULTIPLY, FETCH_CHECK, FETCH_HOLD, FETCH_END, FETCH_FAULT };

struct fetch {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;

	enum fetch_state state;
	bool header;                /* the block is the header */
	uint64_t address;           /* of the block */
	uint32_t bytes;             /* PROGRAM_BYTES */
	uint32_t tiles;             /* records to come, this one included */
	unsigned word;              /* next word of the block */
	uint32_t crc;               /* before the final xor */
	uint32_t block[PROGRAM_BLOCK_WORDS];
	struct program_tile tile;   /* the block as a record; not in RTL, which has wires */
	enum core_fault fault;
};

struct fetch_in {
	bool start;                 /* looked at while idle */
	uint64_t program_address;
	uint32_t program_bytes;
	bool run_ready;
	bool beat_valid;
	struct core_beat beat;
	bool record_take;
};

struct fetch_out {
	bool run_valid;
	struct core_run run;        /* 256 bytes, tag 1 */
	bool beat_ready;
	bool record_valid;
	const struct program_tile *record; /* of the block in the register; meaningful while record_valid */
	bool finished;              /* all records are taken */
	enum core_fault fault;      /* NONE or ADDRESS .. RECORD; stays */
	uint64_t fault_address;
};

void fetch_init(struct fetch *f, const struct bitlet_config *c, const struct bitlet_derived *d);
void fetch_reset(struct fetch *f);
void fetch_out(const struct fetch *f, struct fetch_out *out);
void fetch_clock(struct fetch *f, const struct fetch_in *in);

#endif
