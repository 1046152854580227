#include "output_collect.h"

void output_collect_reset(struct output_path *p)
{
	stream_fifo_reset(&p->collected_steps);
	p->collecting = false;
	p->have = 0;
	p->dropped = 0;
	p->engine_flags = 0;
	p->taken = 0;
}

/* The step that is collected. */
struct wanted {
	bool on;                    /* something is asked for */
	bool last;                  /* last step of the pixel */
	unsigned first_pe, lanes, pes;
};

static struct wanted wanted(const struct output_path *p)
{
	struct wanted w = { .on = p->collecting && stream_fifo_ready(&p->collected_steps) };
	if (!w.on)
		return w;
	w.pes = p->tile[p->slot].pes;
	w.first_pe = p->step * p->lanes;
	w.last = w.first_pe + p->lanes >= w.pes;
	w.lanes = w.last ? w.pes - w.first_pe : p->lanes;
	return w;
}

/* PE e is asked for its result. */
static bool asks(const struct output_path *p, const struct wanted *w, unsigned e)
{
	if (!w->on)
		return false;
	if (e >= w->pes)
		return !(p->dropped >> e & 1);
	return e >= w->first_pe && e < w->first_pe + w->lanes && !(p->have >> (e - w->first_pe) & 1);
}

void output_collect_out(const struct output_path *p, bool *ready)
{
	struct wanted w = wanted(p);
	for (unsigned e = 0; e < p->c->pes; e++)
		ready[e] = asks(p, &w, e);
}

static void begin(struct output_path *p)
{
	struct output_tile *t = &p->tile[p->begin_tile];
	if (!t->waiting)
		return;
	t->waiting = false;
	p->collecting = p->first = true;
	p->slot = p->begin_tile;
	p->begin_tile = (p->begin_tile + 1) % OUTPUT_TILES;
	p->step = 0;
	p->pixels = t->pixels;
}

/* The step is whole: it joins those that wait, and the next one is collected. */
static void finish_step(struct output_path *p, const struct wanted *w, struct output_step *s)
{
	const struct output_tile *t = &p->tile[p->slot];
	s->first = p->first;
	s->pixel_last = w->last;
	s->last = w->last && p->pixels == 1;
	s->psum_in = t->psum_in;
	s->psum_out = t->psum_out;
	s->tile = (uint8_t)p->slot;
	s->number = p->step;
	s->lanes = w->lanes;
	p->first = false;
	p->have = 0;
	p->step = w->last ? 0 : p->step + 1;
	p->collecting = !s->last;
	if (w->last) {
		p->dropped = 0;
		p->pixels--;
	}
}

/* True when the step is whole. */
static bool take(struct output_path *p, const struct wanted *w, struct output_step *s, const struct output_path_in *in)
{
	bool whole = w->on;
	for (unsigned e = 0; e < p->c->pes; e++) {
		bool mine = e >= w->first_pe && e < w->first_pe + w->lanes;
		bool came = asks(p, w, e) && in->out_valid[e];
		if (came && mine) {
			s->result[e - w->first_pe] = in->out_result[e].bits;
			p->engine_flags |= in->out_result[e].flags;
			p->have |= (uint16_t)(1u << (e - w->first_pe));
			p->taken++;
		} else if (came) {
			p->dropped |= UINT64_C(1) << e;
		}
		if (mine || (w->last && e >= w->pes))
			whole &= !asks(p, w, e);
	}
	return whole;
}

void output_collect_clock(struct output_path *p, const struct output_path_in *in, bool issued)
{
	struct wanted w = wanted(p);
	struct output_step *s = &p->collected[stream_fifo_tail(&p->collected_steps)];
	p->engine_flags = 0;
	p->taken = 0;
	bool idle = !p->collecting, whole = w.on && take(p, &w, s, in);
	if (whole)
		finish_step(p, &w, s);
	else if (idle)
		begin(p);
	stream_fifo_clock(&p->collected_steps, whole, issued);
}
