#include "lane_ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool lane_ring_init(struct lane_ring *r, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	size_t pack = 1;
	memset(r, 0, sizeof *r);
	r->c = c;
	r->d = d;
	for (unsigned i = 0; i < d->modes; i++)
		if (d->mode[i].pack > pack)
			pack = d->mode[i].pack;
	r->terms = malloc(d->slots * c->n * pack * sizeof *r->terms);
	if (!r->terms)
		return false;
	for (unsigned i = 0; i < d->slots; i++)
		r->slot[i].term = r->terms + i * c->n * pack;
	return true;
}

void lane_ring_free(struct lane_ring *r)
{
	free(r->terms);
}

void lane_ring_reset(struct lane_ring *r)
{
	for (unsigned i = 0; i < r->d->slots; i++)
		r->slot[i].held = false;
	r->head = r->tail = r->held = 0;
	r->inside = false;
}

static unsigned next_slot(const struct lane_ring *r, unsigned slot)
{
	return slot + 1 == r->d->slots ? 0 : slot + 1;
}

static bool column_empty(const struct lane_column *col)
{
	return !(col->word[0] | col->word[1]);
}

/* The lowest 1 of a column that is not empty. */
static unsigned column_lowest(const struct lane_column *col)
{
	return (unsigned)(col->word[0] ? __builtin_ctzll(col->word[0]) : 64 + __builtin_ctzll(col->word[1]));
}

static unsigned column_window(const struct lane_column *col, unsigned w)
{
	return w < 16 ? (unsigned)(col->word[w / 8] >> w % 8 * 8 & 0xff) : 0;
}

static void issue_bit(struct lane_ring *r, struct lane_group *g, unsigned lane, unsigned index)
{
	const struct bitlet_mode *m = &r->d->mode[g->mode];
	unsigned sub = lane / m->sub_lanes, weight = lane % m->sub_lanes;
	g->column[lane].word[index / 64] &= ~(UINT64_C(1) << index % 64);
	r->sum[g->unit & 1] += (bitlet_int128)g->term[index * m->pack + sub] * ((bitlet_int128)1 << weight);
}

/* The index that a lane issues from a column that is not empty; -1 while its window shows no 1. */
static int choose(const struct lane_ring *r, const struct lane_column *col, unsigned lane)
{
	if (r->c->selector == BITLET_SELECTOR_FULL)
		return (int)column_lowest(col);
	unsigned seen = column_window(col, r->window[lane]);
	return seen ? (int)(8 * r->window[lane]) + __builtin_ctz(seen) : -1;
}

/* One lane's cycle; true when it issued. */
static bool issue_lane(struct lane_ring *r, unsigned lane, struct bitlet_issue *issue)
{
	unsigned slot = r->head, k = 0;
	issue->slot = -1;
	while (k < r->held && column_empty(&r->slot[slot].column[lane])) {
		slot = next_slot(r, slot);
		k++;
	}
	if (k == r->held)
		return false;
	struct lane_group *g = &r->slot[slot];
	int index = choose(r, &g->column[lane], lane);
	if (index >= 0) {
		issue->slot = (int8_t)slot;
		issue->index = (uint8_t)index;
		issue_bit(r, g, lane, (unsigned)index);
	}
	if (column_window(&g->column[lane], r->window[lane]) == 0)
		r->window[lane]++; /* of no consequence to the full selector */
	return index >= 0;
}

const struct lane_group *lane_ring_finished(const struct lane_ring *r)
{
	const struct lane_group *g = &r->slot[r->head];
	if (!g->held)
		return NULL;
	for (unsigned l = 0; l < r->d->mode[g->mode].lanes; l++)
		if (!column_empty(&g->column[l]))
			return NULL;
	return g;
}

unsigned lane_ring_issue(struct lane_ring *r, struct bitlet_issue *issue, bool *busy)
{
	unsigned bits = 0;
	*busy = r->held && !lane_ring_finished(r);
	for (unsigned l = 0; l < r->d->lanes; l++)
		bits += issue_lane(r, l, &issue[l]);
	*busy |= bits > 0;
	return bits;
}

bitlet_int128 lane_ring_sum(const struct lane_ring *r, const struct lane_group *g)
{
	return r->sum[g->unit & 1];
}

void lane_ring_retire(struct lane_ring *r)
{
	assert(r->held && r->slot[r->head].held);
	r->slot[r->head].held = false;
	r->head = next_slot(r, r->head);
	r->held--;
}

/* Do all held groups belong to one unit? */
static bool one_unit(const struct lane_ring *r)
{
	for (unsigned i = 0; i < r->d->slots; i++)
		if (r->slot[i].held && r->slot[i].unit != r->unit)
			return false;
	return true;
}

bool lane_ring_can_load(const struct lane_ring *r, unsigned mode)
{
	if (r->held == 0)
		return true;
	if (r->slot[r->tail].held || r->d->mode[mode].precision.is_float || mode != r->mode)
		return false;
	return r->inside || one_unit(r);
}

unsigned lane_ring_load(struct lane_ring *r, const struct lane_beat *beat)
{
	struct lane_group *g = &r->slot[r->tail];
	assert(!g->held);
	if (!r->inside) {
		r->unit++;
		r->sum[r->unit & 1] = 0;
	}
	lane_group_load(g, r->c, r->d, beat);
	g->held = true;
	if (r->c->engine == BITLET_DENSE)
		r->sum[r->unit & 1] += g->products;
	g->unit = r->unit;
	memset(r->window, 0, sizeof r->window);
	r->inside = !g->ends_unit;
	r->mode = beat->mode;
	r->tail = next_slot(r, r->tail);
	r->held++;
	return g->busiest;
}
