#include <math.h>
#include <stdlib.h>

#include "feed.h"
#include "group_words.h"

/* Which outputs: stretch i begins at first[i]. */
struct draw {
	uint64_t *first, stretches, length;
};

/* A feed in the making. */
struct maker {
	struct feed *feed;
	size_t at;                  /* beat */
};

static bool draw_outputs(const struct program_groups *p, size_t beats, uint64_t seed, struct draw *d)
{
	struct bitlet_rng r = {seed};
	uint64_t wanted = beats >= p->groups ? p->outputs : (uint64_t)(0.5 + (double)beats * (double)p->outputs / (double)p->groups);
	wanted = wanted < 1 ? 1 : wanted;
	d->length = wanted == p->outputs ? wanted : (uint64_t)sqrt((double)wanted);
	d->stretches = wanted / d->length;
	d->first = calloc(d->stretches, sizeof *d->first);
	for (uint64_t i = 0; d->first && i < d->stretches; i++) {
		uint64_t low = p->outputs * i / d->stretches, high = p->outputs * (i + 1) / d->stretches;
		d->first[i] = low + bitlet_random(&r) % (high - low - d->length + 1);
	}
	return d->first;
}

static bool take(void *context, const struct program_tile *t, const uint8_t *act, const uint8_t *wgt)
{
	struct maker *k = context;
	struct feed *f = k->feed;
	const struct bitlet_mode *m = &f->derived->mode[t->mode];
	const struct group_layout a = group_layout(f->config->n, m->pack, m->precision.a_bits, m->a_bytes, f->derived->a_slot_bits);
	const struct group_layout w = group_layout(f->config->n, m->pack, m->precision.w_bits, m->w_bytes, f->derived->w_slot_bits);
	for (size_t g = 0; g < (size_t)t->groups; g++, k->at++) {
		f->beat[k->at] = (struct feed_beat){.mode = (uint8_t)t->mode, .last = g + 1 == (size_t)t->groups, .zero = (uint32_t)t->act_zero};
		group_words(&a, act + g * m->a_group_bytes, feed_act(f, k->at));
		for (size_t pe = 0; pe <= (size_t)t->pes_less_1; pe++)
			group_words(&w, wgt + (pe * (size_t)t->groups + g) * m->w_group_bytes, feed_wgt(f, k->at, (unsigned)pe));
	}
	return true;
}

static bool fill(const struct program_groups *p, const struct draw *d, struct feed *feed, struct fault *f)
{
	struct maker k = {.feed = feed};
	for (uint64_t i = 0; i < d->stretches; i++)
		if (!program_groups_read(p, d->first[i], d->length, take, &k, f))
			return false;
	return feed_finish(feed) || fault_set(f, "out of memory for a layer's groups");
}

struct feed *feed_program(const struct program_groups *p, size_t beats, uint64_t seed, struct fault *f)
{
	struct draw d;
	struct feed *feed = NULL;
	uint64_t count = 0;
	bool good = draw_outputs(p, beats, seed, &d);
	for (uint64_t i = 0; good && i < d.stretches; i++)
		count += program_groups_count(p, d.first[i], d.length);
	if (good)
		feed = feed_new(p->config, p->derived, (size_t)count);
	if (!feed)
		fault_set(f, "out of memory for a layer's groups");
	else if (!fill(p, &d, feed, f)) {
		feed_free(feed);
		feed = NULL;
	}
	free(d.first);
	return feed;
}

unsigned feed_shortest(const struct feed *f)
{
	unsigned shortest = 0, length = 0;
	for (size_t i = 0; i < f->beats; i++) {
		length++;
		if (!f->beat[i].last)
			continue;
		shortest = !shortest || length < shortest ? length : shortest;
		length = 0;
	}
	return shortest;
}
