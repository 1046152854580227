/*
 * result_packer.h: results to beats (docs/core.md section 7). Twin of result_packer.v and of the queue of results before it.
 *
 * A run is one pixel's results, byte after byte from its address; its first bytes begin a beat, its last ones end one.
 */
#ifndef BITLET_RESULT_PACKER_H
#define BITLET_RESULT_PACKER_H

#include "core_types.h"
#include "stream_fifo.h"

enum {
	PACKER_MAX_LANES = 16,
	PACKER_MAX_RESULTS = 24,    /* steps in the queue */
	PACKER_OFFSETS = 2,         /* of pixels to come */
	PACKER_BEATS = 2,
};

/* A step on its way to memory. */
struct packed_step {
	uint32_t word[PACKER_MAX_LANES];
	uint8_t lanes;              /* 1 .. L */
	uint8_t bytes;              /* of a result: 1, 2, 4 */
	uint8_t tile;               /* slot */
	bool pixel_last, tile_last;
	uint64_t visible;           /* cycle from which on it may be at the queue's output: two behind its push */
};

struct packed_beat {
	uint8_t data[CORE_MAX_BEAT]; /* 0 where not strobed */
	uint64_t strobe;
};

struct result_packer {
	unsigned beat_bytes;        /* B >= 4 * L */

	struct packed_step step[PACKER_MAX_RESULTS];
	struct stream_fifo steps;
	unsigned position;          /* in the beat, of the next step */
	bool first;                 /* the next step begins a pixel */
	uint8_t offset[PACKER_OFFSETS];
	struct stream_fifo offsets;

	bool held;                  /* a step on its way into the beat */
	uint8_t held_data[CORE_MAX_BEAT];
	unsigned held_bytes, held_position;
	bool held_pixel_last, held_tile_last;
	uint8_t held_tile;

	struct packed_beat line;    /* bytes that wait for their beat to be full */
	bool flush, flush_tile_last; /* the pixel ended with them; the tile too */
	uint8_t flush_tile;
	struct packed_beat beat[PACKER_BEATS];
	struct stream_fifo beats;
};

struct result_packer_in {
	bool push;                  /* to the queue, which has a place: credits of the owner */
	const struct packed_step *step;
	bool offset_valid;          /* of the next pixel; taken when stream_fifo_ready(&offsets) */
	uint8_t offset;
	bool beat_ready;
};

/* What this edge does to the owner. */
struct result_packer_events {
	bool popped;                /* a step left the queue */
	bool tile_done;             /* the last beat of `tile` was put into the FIFO */
	uint8_t tile;
};

void result_packer_init(struct result_packer *p, unsigned beat_bytes, unsigned queue);
void result_packer_reset(struct result_packer *p);
void result_packer_clock(struct result_packer *p, uint64_t cycle, const struct result_packer_in *in, struct result_packer_events *events);

#endif
