#include "lane_fifo.h"

#include <stdlib.h>
#include <string.h>

bool lane_fifo_init(struct lane_fifo *f, const struct bitlet_config *c)
{
	memset(f, 0, sizeof *f);
	f->depth = c->array_fifo;
	f->pes = c->pes;
	f->n = c->n;
	if (f->depth == 0)
		return true;
	f->entry = calloc(f->depth, sizeof *f->entry);
	f->words = calloc((size_t)f->depth * f->n, sizeof *f->words);
	return f->entry && f->words;
}

void lane_fifo_free(struct lane_fifo *f)
{
	free(f->entry);
	free(f->words);
}

void lane_fifo_reset(struct lane_fifo *f)
{
	f->pushed = 0;
	memset(f->popped, 0, sizeof f->popped);
}

bool lane_fifo_ready(const struct lane_fifo *f)
{
	for (unsigned p = 0; p < f->pes; p++)
		if (f->pushed - f->popped[p] == f->depth)
			return false;
	return true;
}

bool lane_fifo_front(const struct lane_fifo *f, unsigned p, struct lane_beat *beat)
{
	size_t place = f->popped[p] % f->depth;
	const struct lane_fifo_entry *e = &f->entry[place];
	if (f->popped[p] == f->pushed)
		return false;
	*beat = (struct lane_beat){ NULL, f->words + place * f->n, e->mode, e->zero, e->last };
	return true;
}

void lane_fifo_edge(struct lane_fifo *f, const struct bitlet_lane_in *in, bool ready, uint64_t taken)
{
	for (unsigned p = 0; p < f->pes; p++)
		f->popped[p] += taken >> p & 1;
	if (!in->act_valid || !ready)
		return;
	size_t place = f->pushed % f->depth;
	f->entry[place] = (struct lane_fifo_entry){ in->act_mode, in->act_zero, in->act_last };
	memcpy(f->words + place * f->n, in->act, f->n * sizeof *f->words);
	f->pushed++;
}
