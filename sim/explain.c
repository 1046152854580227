#include "cosim_bench.h"
#include "lanes.h"

/* What an RTL lane issues: the position of its one bit in slots * n, -1 without, -2 with several. */
static int rtl_issue(const uint32_t *select, unsigned lane, unsigned bits)
{
	int found = -1;
	for (unsigned at = 0; at < bits; at += 32) {
		unsigned width = bits - at < 32 ? bits - at : 32;
		uint64_t word = port_get(select, (size_t)lane * bits + at, width);
		if (!word)
			continue;
		if (found >= 0 || (word & (word - 1)))
			return -2;
		found = (int)at + __builtin_ctzll(word);
	}
	return found;
}

static int model_issue(const struct bitlet_lane_view *view, unsigned lane, unsigned n)
{
	const struct bitlet_issue *issue = &view->issue[lane];
	return issue->slot < 0 ? -1 : issue->slot * (int)n + issue->index;
}

/* Which group lies in a ring slot: groups go round the ring in order. */
static size_t group_in(const struct traffic *t, const struct bitlet_lane_view *view, unsigned slot)
{
	unsigned slots = t->feed->derived->slots;
	uint64_t group = view->retire_index - view->retired; /* the head during the cycle */
	while (group % slots != slot)
		group++;
	return (size_t)group;
}

static void fill(const struct traffic *t, unsigned pe, unsigned lane, int rtl, int model, struct lane_difference *d)
{
	const struct bitlet_lane_view *view = bitlet_lane_look(t->model, pe);
	int n = (int)t->feed->config->n;
	int at = model >= 0 ? model : rtl;
	*d = (struct lane_difference){
		.found = true, .cycle = t->cycle, .pe = pe, .lane = lane, .rtl = rtl < 0 ? rtl : rtl % n,
		.model = model < 0 ? model : model % n, .group = group_in(t, view, at < 0 ? 0 : (unsigned)(at / n)),
	};
}

unsigned lanes_distillers(const struct bitlet_config *c)
{
	return c->side == BITLET_SIDE_ACTIVATION ? 1 : c->pes;
}

void lanes_compare(const struct traffic *t, unsigned pe, const uint32_t *select, struct lane_difference *d)
{
	const struct feed *f = t->feed;
	for (unsigned lane = 0; lane < f->derived->lanes && !d->found; lane++) {
		int rtl = rtl_issue(select, lane, f->derived->slots * f->config->n);
		int model = model_issue(bitlet_lane_look(t->model, pe), lane, f->config->n);
		if (rtl != model)
			fill(t, pe, lane, rtl, model, d);
	}
}

bool cosim_explain(const struct cosim *s, const struct mismatch *m, struct lane_difference *lane)
{
	struct bench b;
	*lane = (struct lane_difference){.found = false};
	if (!bench_open(&b, s))
		return false;
	bool seen = true;
	do {
		bench_cycle(&b);
		for (unsigned pe = 0; pe < lanes_distillers(s->feed->config) && seen && !lane->found; pe++) {
			const uint32_t *select = s->api->select(b.dut, pe);
			seen = select != NULL;
			if (seen)
				lanes_compare(&b.traffic, pe, select, lane);
		}
		bench_edge(&b);
	} while (seen && !lane->found && b.traffic.cycle < m->cycle);
	bench_close(&b);
	return seen;
}
