/*
 * act_reader.h: shows act_buffer's groups to the engine, tile by tile. Twin of act_reader.v.
 *
 *     act_buffer_out(...); act_reader_out(&r, &buffer_out, &out);      act_* -> bitlet_lane_step()
 *     take = out.act_valid && lane_out.act_ready;                      -> act_buffer's group_take, act_reader's take
 */
#ifndef BITLET_ACT_READER_H
#define BITLET_ACT_READER_H

#include "act_buffer.h"
#include "group_words.h"
#include "program.h"

enum { READER_TILES = 3 };      /* queue */

struct act_reader {
	uint32_t zero_mask;         /* bits of the zero point's port */
	struct group_layout layout[BITLET_MAX_PRECISIONS]; /* by mode */
	struct act_reader_tile {
		unsigned mode;
		uint32_t zero, last_group, pixels;
	} tile[READER_TILES];
	unsigned head, tiles;
	uint32_t group, pixel;      /* of the beat shown; pixels count from 1 */
	uint32_t word[BITLET_MAX_N];
	bool converted;             /* word holds the group shown: no state of the hardware */
};

struct act_reader_in {
	bool tile_take;
	const struct program_tile *tile; /* looked at with tile_take */
	bool take;                  /* act_valid and the engine's act_ready */
};

struct act_reader_out {
	bool tile_ready, tiles_empty;
	bool act_valid, act_last;
	unsigned act_mode;          /* this and the following: while act_valid */
	uint32_t act_zero;
	const uint32_t *act;        /* [n]; in the reader, until the next out */
};

void act_reader_init(struct act_reader *r, const struct bitlet_config *c, const struct bitlet_derived *d);
void act_reader_reset(struct act_reader *r);

/* Behind act_buffer_out() of the same cycle: valid and words are wires from there. */
void act_reader_out(struct act_reader *r, const struct act_buffer_out *buffer, struct act_reader_out *out);
void act_reader_clock(struct act_reader *r, const struct act_reader_in *in);

#endif
