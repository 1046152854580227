#include "wgt_reader.h"

#include <assert.h>
#include <string.h>

void wgt_reader_init(struct wgt_reader *r, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(r, 0, sizeof *r);
	r->pes = c->pes;
	r->n = c->n;
	r->walks = c->array_fifo ? c->pes : 1;
	r->depth = c->wgt_buffer;
	r->group_stride = d->w_lines * d->bus_bytes;
	for (unsigned m = 0; m < d->modes; m++) {
		const struct bitlet_mode *mode = &d->mode[m];
		r->layout[m] = group_layout(c->n, mode->pack, mode->precision.w_bits, mode->w_bytes, d->w_slot_bits);
	}
	wgt_reader_reset(r);
}

void wgt_reader_reset(struct wgt_reader *r)
{
	unsigned each = r->pes / r->walks;
	r->put = 0;
	r->half = true;
	r->oldest = false;
	for (unsigned w = 0; w < r->walks; w++)
		r->walk[w] = (struct wgt_walk){ .first = w * each, .count = each, .pixel = 1 };
}

/* All walks have begun the tile behind the oldest half's. */
static bool releases(const struct wgt_reader *r)
{
	for (unsigned w = 0; w < r->walks; w++)
		if (r->walk[w].held < 2)
			return false;
	return true;
}

static uint64_t walk_pes(const struct wgt_walk *w)
{
	return UINT64_MAX >> (64 - w->count) << w->first;
}

/* Words of the group that a walk shows. */
static void convert(struct wgt_reader *r, struct wgt_walk *w, const struct wgt_buffer_out *buffer)
{
	for (unsigned p = w->first; p < w->first + w->count; p++) {
		uint32_t *word = r->word + (size_t)p * r->n;
		if (w->active >> p & 1)
			group_words(&r->layout[w->mode], buffer->data + (size_t)p * r->group_stride, word);
		else
			memset(word, 0, r->n * sizeof *word);
	}
	w->converted = true;
}

void wgt_reader_out(struct wgt_reader *r, const struct wgt_buffer_out *buffer, struct wgt_reader_out *out)
{
	*out = (struct wgt_reader_out){ .tile_ready = true, .tiles_empty = true, .wgt = r->word };
	out->half_clear[r->oldest] = releases(r);
	for (unsigned i = 0; i < r->walks; i++) {
		struct wgt_walk *w = &r->walk[i];
		out->tile_ready &= w->waiting < READER_TILES;
		out->tiles_empty &= w->waiting == 0;
		if (!w->valid)
			continue;
		out->wgt_valid |= walk_pes(w);
		if (!w->converted)
			convert(r, w, buffer);
	}
}

/* A read at the coming edge. */
static bool fires(const struct wgt_reader *r, const struct wgt_walk *w, const struct wgt_reader_in *in)
{
	const struct wgt_reader_tile *t = &r->tile[w->at];
	bool may_begin = !t->load || (in->half_full[t->half] && w->held < 2);
	return w->waiting && (w->inside || may_begin) && (!w->valid || in->wgt_ready >> w->first & 1);
}

/* PEs that a walk's tile uses. */
static uint64_t active_pes(const struct wgt_walk *w, const struct wgt_reader_tile *t)
{
	return walk_pes(w) & UINT64_MAX >> (63 - t->last_pe);
}

void wgt_reader_read(const struct wgt_reader *r, const struct wgt_reader_in *in, struct wgt_read *read)
{
	read->pes = 0;
	for (unsigned i = 0; i < r->walks; i++) {
		const struct wgt_walk *w = &r->walk[i];
		const struct wgt_reader_tile *t = &r->tile[w->at];
		if (!fires(r, w, in))
			continue;
		read->pes |= active_pes(w, t);
		for (unsigned p = w->first; p < w->first + w->count; p++)
			read->address[p] = t->half * r->depth / 2 + w->group;
	}
}

static void step(struct wgt_walk *w, const struct wgt_reader_tile *t)
{
	w->mode = t->mode;
	w->active = active_pes(w, t);
	w->converted = false;
	w->held += !w->inside && t->load;
	w->inside = true;
	if (w->group++ < t->last_group)
		return;
	w->group = 0;
	if (w->pixel++ != t->pixels)
		return;
	w->pixel = 1;
	w->inside = false;
	w->at = (w->at + 1) % READER_TILES;
	w->waiting--;
}

static void take_tile(struct wgt_reader *r, const struct program_tile *t)
{
	r->half ^= t->load_weights != 0;
	r->tile[r->put] = (struct wgt_reader_tile){
		t->load_weights != 0, r->half, (unsigned)t->pes_less_1, (unsigned)t->mode, (uint32_t)t->groups - 1, (uint32_t)t->pixels,
	};
	r->put = (r->put + 1) % READER_TILES;
	for (unsigned i = 0; i < r->walks; i++) {
		assert(r->walk[i].waiting < READER_TILES);
		r->walk[i].waiting++;
	}
}

void wgt_reader_clock(struct wgt_reader *r, const struct wgt_reader_in *in)
{
	bool release = releases(r);
	for (unsigned i = 0; i < r->walks; i++) {
		struct wgt_walk *w = &r->walk[i];
		bool fire = fires(r, w, in);
		if (fire)
			step(w, &r->tile[w->at]);
		w->valid = fire || (w->valid && !(in->wgt_ready >> w->first & 1));
		w->held -= release;
	}
	r->oldest ^= release;
	if (in->tile_take)
		take_tile(r, in->tile);
}
