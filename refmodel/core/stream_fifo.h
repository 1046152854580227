/*
 * stream_fifo.h: counts and places of a stream_fifo (stream_fifo.v). The words are the owner's array of `depth` elements of any type:
 *
 *     out:   valid = stream_fifo_valid(&f); word = words[f.head];
 *     clock: bool pop = taken && stream_fifo_valid(&f), push = offered && stream_fifo_ready(&f);
 *            if (push) words[stream_fifo_tail(&f)] = word;
 *            stream_fifo_clock(&f, push, pop);
 */
#ifndef BITLET_STREAM_FIFO_H
#define BITLET_STREAM_FIFO_H

#include <stdbool.h>

struct stream_fifo {
	unsigned depth;             /* >= 2, set by the owner */
	unsigned head;              /* place of the oldest word */
	unsigned count;
};

static inline void stream_fifo_reset(struct stream_fifo *f)
{
	f->head = 0;
	f->count = 0;
}

/* in_ready: there is a free place. */
static inline bool stream_fifo_ready(const struct stream_fifo *f)
{
	return f->count < f->depth;
}

/* out_valid: there is a word; it is at `head`. */
static inline bool stream_fifo_valid(const struct stream_fifo *f)
{
	return f->count > 0;
}

/* Place of the next push. */
static inline unsigned stream_fifo_tail(const struct stream_fifo *f)
{
	unsigned place = f->head + f->count;
	return place < f->depth ? place : place - f->depth;
}

/* The edge: push only when ready, pop only when valid, both as they were before the edge. */
static inline void stream_fifo_clock(struct stream_fifo *f, bool push, bool pop)
{
	if (pop) {
		f->head = f->head + 1 < f->depth ? f->head + 1 : 0;
		f->count--;
	}
	if (push)
		f->count++;
}

#endif
