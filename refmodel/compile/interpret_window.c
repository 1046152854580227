#include "interpret_window.h"

#include <stdlib.h>
#include <string.h>

#include "interpret_unit.h"

enum { MOST_CELLS = 1 << 21 };  /* elements of the window's weights */

/* Addresses low .. high - 1. */
struct range {
	uint64_t low, high;
};

struct window {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	struct image *m;
	bool usable;                /* the image lies within what the bus can address */
	struct unit_tile tile[WINDOW_TILES];
	struct unit_chain chain[WINDOW_TILES];
	size_t tiles, chains, cells;
	bool open;                  /* the last chain has not ended */
	struct range program, act, weights, params, out;
	int64_t out_span[2];        /* least and most distance of an output's bytes from the first chain's first, of one pixel */
	const struct program_tile *first_out;
};

struct window *window_new(const struct machine *k)
{
	struct window *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	uint64_t mask = k->c->axi_address_bits == 64 ? UINT64_MAX : (UINT64_C(1) << k->c->axi_address_bits) - 1;
	w->c = k->c;
	w->d = k->d;
	w->m = k->m;
	w->usable = k->m->bytes && k->m->base <= mask && k->m->bytes - 1 <= mask - k->m->base;
	return w;
}

void window_free(struct window *w)
{
	free(w);
}

void window_start(struct window *w, uint64_t program, uint64_t bytes)
{
	static const struct range none = { UINT64_MAX, 0 };
	w->tiles = w->chains = w->cells = 0;
	w->open = false;
	w->program = (struct range){ program, program + bytes };
	w->act = w->weights = w->params = w->out = none;
	w->first_out = NULL;
}

/* ---- where a tile reads and writes */

static bool touch(struct range a, struct range b)
{
	return a.low < b.high && b.low < a.high;
}

static struct range join(struct range a, struct range b)
{
	return (struct range){ a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high };
}

/* Bytes base + low .. base + high - 1, if the image has them. */
static bool range_at(const struct window *w, uint64_t base, int64_t low, int64_t high, struct range *r)
{
	*r = (struct range){ base + (uint64_t)low, base + (uint64_t)high };
	return image_at(w->m, r->low, (size_t)(high - low)) != NULL;
}

static void loops_span(const struct program_loop *loop, unsigned loops, int64_t *low, int64_t *high)
{
	*low = *high = 0;
	for (unsigned i = 0; i < loops; i++) {
		int64_t far = loop[i].stride * loop[i].count_less_1;
		*low += far < 0 ? far : 0;
		*high += far > 0 ? far : 0;
	}
}

static int64_t out_bytes(const struct program_tile *t)
{
	return (int64_t)pes_of(t) * unit_format_bytes(t);
}

static bool weights_range(const struct window *w, const struct program_tile *t, struct range *r)
{
	int64_t low, high;
	loops_span(t->wgt_loop, PROGRAM_WGT_LOOPS, &low, &high);
	return range_at(w, t->wgt_base, low, high + t->wgt_run_bytes, r);
}

static bool out_range(const struct window *w, const struct program_tile *t, struct range *r)
{
	int64_t low, high;
	loops_span(t->out_loop, PROGRAM_OUT_LOOPS, &low, &high);
	return range_at(w, t->out_base, low, high + out_bytes(t), r);
}

/* Extents of a walk are those of the tile before, or of the same chunk of the chain before, more often than not. */
static struct walk_extent find_extent(const struct window *w, const struct unit_tile *t)
{
	enum { BACK = 16 };
	for (size_t i = w->tiles; i > 0 && i + BACK > w->tiles; i--)
		if (unit_same_walk(&w->tile[i - 1].t, &t->t))
			return w->tile[i - 1].extent;
	return walk_extent_of(&t->act);
}

static bool act_range(const struct window *w, struct unit_tile *t, struct range *r)
{
	t->act = stream_act(&t->t, w->c->axi_address_bits);
	*r = (struct range){ UINT64_MAX, 0 };
	if (!walk_is_regular(&t->act, (uint64_t)t->t.pixels * (uint64_t)t->t.act_vector_bytes))
		return false;
	t->extent = find_extent(w, t);
	return t->extent.low >= t->extent.high || range_at(w, t->t.act_base, t->extent.low, t->extent.high, r);
}

/* ---- outputs: pixels apart from each other, chains side by side within a pixel */

/* Do windows of `span` bytes, one a pixel, never meet? Strides must nest. */
static bool pixels_apart(const struct program_tile *t, int64_t span)
{
	int64_t pixels = 1, reach = span;
	bool used[PROGRAM_OUT_LOOPS] = { false };
	for (unsigned n = 0; n < PROGRAM_OUT_LOOPS; n++) {
		unsigned least = PROGRAM_OUT_LOOPS;
		for (unsigned i = 0; i < PROGRAM_OUT_LOOPS; i++)
			if (!used[i] && (least == PROGRAM_OUT_LOOPS || t->out_loop[i].stride < t->out_loop[least].stride))
				least = i;
		const struct program_loop *l = &t->out_loop[least];
		used[least] = true;
		if (l->count_less_1 && l->stride < reach)
			return false;
		reach += l->stride * l->count_less_1;
		if (pixels > INT64_MAX / (l->count_less_1 + 1))
			return false;
		pixels *= l->count_less_1 + 1;
	}
	return pixels == t->pixels;
}

static bool place_outputs(struct window *w, const struct program_tile *t)
{
	const struct program_tile *first = w->first_out ? w->first_out : t;
	int64_t at = (int64_t)(t->out_base - first->out_base), low = at, high = at + out_bytes(t);
	if (w->first_out && (memcmp(first->out_loop, t->out_loop, sizeof t->out_loop) || first->pixels != t->pixels))
		return false;
	for (size_t i = 0; i < w->chains - w->open; i++) {
		const struct program_tile *other = &w->tile[w->chain[i].first + w->chain[i].stages - 1].t;
		int64_t begin = (int64_t)(other->out_base - first->out_base);
		if (begin < high && low < begin + out_bytes(other))
			return false;
	}
	low = w->first_out && w->out_span[0] < low ? w->out_span[0] : low;
	high = w->first_out && w->out_span[1] > high ? w->out_span[1] : high;
	if (!pixels_apart(t, high - low))
		return false;
	w->out_span[0] = low;
	w->out_span[1] = high;
	return true;
}

/* ---- building */

/* A chain begins without partial sums, and its tiles have the same pixels and filters. */
static bool continues(const struct window *w, const struct program_tile *t)
{
	if (!w->open)
		return !t->psum_in;
	const struct program_tile *before = &w->tile[w->tiles - 1].t;
	return t->psum_in && t->pixels == before->pixels && t->pes_less_1 == before->pes_less_1 && t->mode == before->mode;
}

/* Ranges with the tile's; false when a write would meet a read. */
static bool join_ranges(struct window *w, struct unit_tile *now)
{
	const struct program_tile *t = &now->t;
	struct range act, weights = w->weights, params = w->params, out = w->out;
	if (!act_range(w, now, &act) || (t->load_weights && !weights_range(w, t, &weights)) || (!t->psum_out && !out_range(w, t, &out)) ||
	    (t->load_params && !range_at(w, t->params_base, 0, (int64_t)pes_of(t) * PROGRAM_PARAMS_BYTES, &params)))
		return false;
	act = join(w->act, act);
	weights = join(w->weights, weights);
	params = join(w->params, params);
	out = join(w->out, out);
	if (touch(out, act) || touch(out, weights) || touch(out, params) || touch(out, w->program))
		return false;
	w->act = act;
	w->weights = weights;
	w->params = params;
	w->out = out;
	return true;
}

static void add_to_chain(struct window *w, const struct program_tile *t)
{
	if (!w->open)
		w->chain[w->chains++] = (struct unit_chain){ .first = w->tiles, .pes = pes_of(t) };
	w->chain[w->chains - 1].stages++;
	w->tiles++;
	w->open = t->psum_out;
}

bool window_add(struct window *w, const struct program_tile *t)
{
	const struct bitlet_mode *m = &w->d->mode[t->mode];
	size_t cells = (size_t)t->groups * w->c->n * m->pack * pes_of(t);
	if (!w->usable || w->tiles == WINDOW_TILES || (w->tiles && w->cells + cells > MOST_CELLS) || !continues(w, t))
		return false;
	struct unit_tile *now = &w->tile[w->tiles];
	now->t = *t;
	if (!join_ranges(w, now))
		return false;
	if (!t->psum_out) {
		if (!place_outputs(w, &now->t))
			return false;
		w->first_out = w->first_out ? w->first_out : &now->t;
	}
	w->cells += cells;
	add_to_chain(w, t);
	return true;
}

size_t window_close(struct window *w)
{
	if (w->open)
		w->tiles -= w->chain[--w->chains].stages;
	w->open = false;
	return w->tiles;
}

bool window_run(struct window *w, struct machine *k)
{
	return unit_run(k, w->tile, w->chain, w->chains);
}
