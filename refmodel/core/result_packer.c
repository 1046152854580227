#include "result_packer.h"

#include <string.h>

void result_packer_init(struct result_packer *p, unsigned beat_bytes, unsigned queue)
{
	memset(p, 0, sizeof *p);
	p->beat_bytes = beat_bytes;
	p->steps.depth = queue;
	p->offsets.depth = PACKER_OFFSETS;
	p->beats.depth = PACKER_BEATS;
	result_packer_reset(p);
}

void result_packer_reset(struct result_packer *p)
{
	stream_fifo_reset(&p->steps);
	stream_fifo_reset(&p->offsets);
	stream_fifo_reset(&p->beats);
	p->first = true;
	p->held = p->flush = false;
	memset(&p->line, 0, sizeof p->line);
}

/* The step at the head is held, its bytes without gaps. */
static void hold(struct result_packer *p)
{
	const struct packed_step *s = &p->step[p->steps.head];
	p->held_bytes = (unsigned)s->lanes * s->bytes;
	for (unsigned i = 0; i < p->held_bytes; i++)
		p->held_data[i] = (uint8_t)(s->word[i / s->bytes] >> 8 * (i % s->bytes));
	p->held_position = p->first ? p->offset[p->offsets.head] : p->position;
	p->position = (p->held_position + p->held_bytes) % p->beat_bytes;
	p->held_pixel_last = s->pixel_last;
	p->held_tile_last = s->tile_last;
	p->held_tile = s->tile;
	p->held = true;
	p->first = s->pixel_last;
}

/* What is held goes into its beat: true when the beat is complete, then *beat is it and the line what is behind. */
static bool move(struct result_packer *p, struct packed_beat *beat)
{
	unsigned end = p->held_position + p->held_bytes;
	struct packed_beat next = { .strobe = 0 };
	*beat = p->line;
	for (unsigned i = 0; i < p->held_bytes; i++) {
		unsigned place = p->held_position + i;
		struct packed_beat *to = place < p->beat_bytes ? beat : &next;
		to->data[place % p->beat_bytes] = p->held_data[i];
		to->strobe |= UINT64_C(1) << place % p->beat_bytes;
	}
	bool put = end >= p->beat_bytes || p->held_pixel_last;
	p->line = put ? next : *beat;
	p->flush = p->held_pixel_last && end > p->beat_bytes;
	return put;
}

/* The beat that this edge puts into the FIFO, which has a place. False: none. */
static bool find_beat(struct result_packer *p, struct packed_beat *beat, struct result_packer_events *events)
{
	if (p->flush) {
		*beat = p->line;
		memset(&p->line, 0, sizeof p->line);
		p->flush = false;
		events->tile_done = p->flush_tile_last;
		events->tile = p->flush_tile;
		return true;
	}
	if (!p->held)
		return false;
	bool put = move(p, beat);
	p->held = false;
	p->flush_tile_last = p->held_tile_last;
	p->flush_tile = p->held_tile;
	events->tile_done = p->held_tile_last && !p->flush;
	events->tile = p->held_tile;
	return put;
}

void result_packer_clock(struct result_packer *p, uint64_t cycle, const struct result_packer_in *in, struct result_packer_events *events)
{
	bool step_here = stream_fifo_valid(&p->steps) && p->step[p->steps.head].visible <= cycle;
	bool offset_here = stream_fifo_valid(&p->offsets), offset_room = stream_fifo_ready(&p->offsets);
	bool beat_here = stream_fifo_valid(&p->beats), beat_room = stream_fifo_ready(&p->beats);
	struct packed_beat beat;
	*events = (struct result_packer_events){ .popped = false };
	bool put = beat_room && find_beat(p, &beat, events);
	if (put)
		p->beat[stream_fifo_tail(&p->beats)] = beat;
	stream_fifo_clock(&p->beats, put, beat_here && in->beat_ready);
	bool first = p->first, holds = step_here && !p->held && (!first || offset_here);
	if (holds)
		hold(p);
	events->popped = holds;
	if (in->push)
		p->step[stream_fifo_tail(&p->steps)] = *in->step;
	stream_fifo_clock(&p->steps, in->push, events->popped);
	if (in->offset_valid && offset_room)
		p->offset[stream_fifo_tail(&p->offsets)] = in->offset;
	stream_fifo_clock(&p->offsets, in->offset_valid && offset_room, holds && first);
}
