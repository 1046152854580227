/*
 * wgt_reader.h: shows wgt_buffer's groups to the engine, tile by tile. Twin of wgt_reader.v and wgt_walk.v.
 *
 *     wgt_buffer_out(...); wgt_reader_out(&r, &buffer_out, &out);      wgt_* -> bitlet_lane_step()
 *     in = {..., .wgt_ready = lane_out.wgt_ready};
 *     wgt_reader_read(&r, &in, &read);                                 -> wgt_buffer's read
 */
#ifndef BITLET_WGT_READER_H
#define BITLET_WGT_READER_H

#include "act_reader.h"
#include "wgt_buffer.h"

/* A reader of the buffer for PEs first .. first + count - 1, which take together. */
struct wgt_walk {
	unsigned first, count;
	unsigned at, waiting;       /* place of the tile being read, tiles not read to their end */
	bool inside;                /* its first read was done */
	uint32_t group, pixel;      /* next to read; pixels count from 1 */
	unsigned held;              /* halves begun and not released */
	bool valid;                 /* the buffer's registers show a group of this: */
	unsigned mode;
	uint64_t active;            /* bit p: PE p has weights in it */
	bool converted;             /* word holds the group shown: no state of the hardware */
};

struct wgt_reader {
	unsigned pes, n, walks, depth, group_stride; /* group_stride: bytes of the buffer's longest group */
	struct group_layout layout[BITLET_MAX_PRECISIONS]; /* by mode */
	struct wgt_reader_tile {
		bool load, half;
		unsigned last_pe, mode;
		uint32_t last_group, pixels;
	} tile[READER_TILES];
	unsigned put;
	bool half;                  /* of the weights loaded last */
	bool oldest;                /* half that is released next */
	struct wgt_walk walk[BITLET_MAX_PES];
	uint32_t word[BITLET_MAX_PES * BITLET_MAX_N]; /* [pes][n] */
};

struct wgt_reader_in {
	bool tile_take;
	const struct program_tile *tile; /* looked at with tile_take */
	bool half_full[2];
	uint64_t wgt_ready;
};

struct wgt_reader_out {
	bool tile_ready, tiles_empty;
	bool half_clear[2];
	uint64_t wgt_valid;
	const uint32_t *wgt;        /* [pes][n], meaningful where wgt_valid; in the reader, until the next out */
};

void wgt_reader_init(struct wgt_reader *r, const struct bitlet_config *c, const struct bitlet_derived *d);
void wgt_reader_reset(struct wgt_reader *r);

/* Behind wgt_buffer_out() of the same cycle: words are wires from there. */
void wgt_reader_out(struct wgt_reader *r, const struct wgt_buffer_out *buffer, struct wgt_reader_out *out);

/* What is read at the coming edge, once wgt_ready is known. */
void wgt_reader_read(const struct wgt_reader *r, const struct wgt_reader_in *in, struct wgt_read *read);
void wgt_reader_clock(struct wgt_reader *r, const struct wgt_reader_in *in);

#endif
