/*
 * act_buffer.h: the activation buffer, a ring of groups. Twin of act_buffer.v.
 */
#ifndef BITLET_ACT_BUFFER_H
#define BITLET_ACT_BUFFER_H

#include "core_types.h"
#include "derive.h"

struct act_buffer {
	unsigned groups, lines, bytes; /* places, lines of the longest group, bytes of a line */
	bool parity;
	uint8_t *data;              /* [groups][lines * bytes], owned */
	bool *wrong;                /* [groups][lines]: written with wrong parity; owned */
	uint8_t *q;                 /* [lines * bytes]: the memories' output registers; owned */
	bool q_wrong;
	unsigned put, get, count;   /* count: complete groups that were not pulled yet */
	bool valid;                 /* q holds a group */
	bool parity_bad;
};

struct act_buffer_in {
	bool line_valid;
	const struct core_line *line; /* looked at with line_valid */
	bool group_take;            /* act_valid of act_reader and act_ready of the engine */
	bool parity_test;
};

struct act_buffer_out {
	bool line_ready;
	bool group_valid;
	const uint8_t *group;       /* [lines * bytes]; in the buffer, until the next clock */
	bool parity_bad;
};

/* In reset's state. False when out of memory; act_buffer_free() takes both. */
bool act_buffer_init(struct act_buffer *b, const struct bitlet_config *c, const struct bitlet_derived *d);
void act_buffer_free(struct act_buffer *b);
void act_buffer_reset(struct act_buffer *b);
void act_buffer_out(const struct act_buffer *b, struct act_buffer_out *out);
void act_buffer_clock(struct act_buffer *b, const struct act_buffer_in *in);

#endif
