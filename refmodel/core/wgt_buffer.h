/*
 * wgt_buffer.h: the weight buffer, two halves a PE. Twin of wgt_buffer.v.
 */
#ifndef BITLET_WGT_BUFFER_H
#define BITLET_WGT_BUFFER_H

#include "core_types.h"
#include "derive.h"

struct wgt_buffer {
	unsigned pes, depth, lines, bytes; /* groups a PE, lines of the longest group, bytes of a line */
	bool parity;
	uint8_t *data;              /* [pes][depth][lines * bytes], owned */
	bool *wrong;                /* [pes][depth][lines]: written with wrong parity; owned */
	uint8_t *q;                 /* [pes][lines * bytes]: the memories' output registers; owned */
	uint64_t q_wrong;           /* bit p */
	bool half_full[2];
	bool parity_bad;
};

/* What wgt_reader reads at the coming edge. */
struct wgt_read {
	uint64_t pes;               /* bit p */
	uint32_t address[BITLET_MAX_PES]; /* of PE p: half * depth / 2 + group; meaningful with its bit */
};

struct wgt_buffer_in {
	bool write;
	unsigned pe;                /* of the write */
	bool half;
	unsigned group, index;      /* index: line in the group */
	const uint8_t *line;        /* bytes of it, looked at with write */
	bool half_set[2], half_clear[2];
	const struct wgt_read *read;
	bool parity_test;
};

struct wgt_buffer_out {
	bool half_full[2];
	const uint8_t *data;        /* [pes][lines * bytes]: PE p's group read last; in the buffer, until the next clock */
	bool parity_bad;
};

/* In reset's state. False when out of memory; wgt_buffer_free() takes both. */
bool wgt_buffer_init(struct wgt_buffer *b, const struct bitlet_config *c, const struct bitlet_derived *d);
void wgt_buffer_free(struct wgt_buffer *b);
void wgt_buffer_reset(struct wgt_buffer *b);
void wgt_buffer_out(const struct wgt_buffer *b, struct wgt_buffer_out *out);
void wgt_buffer_clock(struct wgt_buffer *b, const struct wgt_buffer_in *in);

#endif
