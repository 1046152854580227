/*
 * interpret_stream.h: the bytes that a record's walks bring, cut into vectors (docs/core.md section 5): a run after the other, a byte after the other.
 */
#ifndef BITLET_INTERPRET_STREAM_H
#define BITLET_INTERPRET_STREAM_H

#include "image.h"
#include "program.h"

/* A walk, of either kind. */
struct stream_walk {
	uint64_t base;
	uint64_t address_mask;
	uint32_t run_bytes, merge_bytes;
	int64_t merge_span;
	int64_t start[3], limit[3];
	const struct program_loop *loop;
	unsigned loops;
	bool clip;                  /* axes are looked at */
};

/* Where the vectors go: `room` rows of groups * group_bytes bytes, then `full` is called, and it begins again at row 0. */
struct stream_sink {
	uint8_t *rows;
	size_t room, row, at;       /* at: bytes of the row that came */
	size_t vector_bytes, group_bytes, groups;
	uint8_t pattern[4];
	uint64_t vectors;           /* that are wanted; 0: enough */
	bool (*full)(void *context, size_t rows); /* false: memory ran out */
	void *context;
};

struct stream_count {
	uint64_t runs, bytes;       /* from memory */
	uint64_t bad;               /* address of the first byte outside of the image, when the result says so */
};

enum stream_result { STREAM_GOOD, STREAM_OUTSIDE, STREAM_MEMORY };

/* The descriptor of the activations, weights and outputs of a record. */
struct stream_walk stream_act(const struct program_tile *t, unsigned address_bits);
struct stream_walk stream_wgt(const struct program_tile *t, unsigned address_bits);
struct stream_walk stream_out(const struct program_tile *t, unsigned address_bits);

/* Number of index values of all loops together. */
uint64_t stream_steps(const struct stream_walk *w);
/* Address at step `i` of an unclipped walk. */
uint64_t stream_address(const struct stream_walk *w, uint64_t i);

/* Brings sink->vectors vectors, calls full for the rest, too. */
enum stream_result stream_run(const struct stream_walk *w, const struct image *m, struct stream_sink *sink, struct stream_count *count);

#endif
