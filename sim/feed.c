#include "feed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint32_t *feed_act(const struct feed *f, size_t beat)
{
	return f->act + beat * f->config->n;
}

uint32_t *feed_wgt(const struct feed *f, size_t beat, unsigned pe)
{
	return f->wgt + (beat * f->config->pes + pe) * f->config->n;
}

uint64_t feed_seed(uint64_t seed, const char *part, uint64_t number)
{
	struct bitlet_rng r = {seed};
	for (const char *s = part; *s; s++)
		r.state = bitlet_random(&r) + (unsigned char)*s;
	r.state += number;
	return bitlet_random(&r);
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	free(f->beat);
	free(f->act);
	free(f->wgt);
	free(f->want);
	free(f);
}

struct feed *feed_new(const struct bitlet_config *c, const struct bitlet_derived *d, size_t beats)
{
	struct feed *f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	f->config = c;
	f->derived = d;
	f->beats = beats;
	f->beat = calloc(beats, sizeof *f->beat);
	f->act = calloc(beats * c->n, sizeof *f->act);
	f->wgt = calloc(beats * c->n * c->pes, sizeof *f->wgt);
	if (!f->beat || !f->act || !f->wgt) {
		feed_free(f);
		return NULL;
	}
	return f;
}

static void number_outputs(struct feed *f)
{
	f->beat[f->beats - 1].last = true;
	f->outputs = 0;
	for (size_t i = 0; i < f->beats; i++) {
		f->beat[i].output = (uint32_t)f->outputs;
		f->outputs += f->beat[i].last;
	}
}

/* The oracle's results of one PE. */
static void expect_pe(struct feed *f, unsigned pe, struct bitlet_naive_group *group)
{
	size_t groups = 0;
	for (size_t i = 0; i < f->beats; i++) {
		const struct feed_beat *b = &f->beat[i];
		bitlet_naive_group(f->config, f->derived, b->mode, feed_wgt(f, i, pe), feed_act(f, i), b->zero, &group[groups++]);
		if (!b->last)
			continue;
		f->want[(size_t)b->output * f->config->pes + pe] = bitlet_naive_output(f->config, f->derived, b->mode, group, groups);
		groups = 0;
	}
}

/* Ones of one PE's lanes: group by group, over all groups, altogether. */
static void count_pe(struct feed *f, unsigned pe)
{
	uint64_t total[BITLET_MAX_LANES] = {0};
	unsigned ones[BITLET_MAX_LANES];
	for (size_t i = 0; i < f->beats; i++) {
		struct feed_beat *b = &f->beat[i];
		bitlet_naive_lanes(f->config, f->derived, b->mode, feed_wgt(f, i, pe), feed_act(f, i), b->zero, ones);
		for (unsigned l = 0; l < BITLET_MAX_LANES; l++) {
			total[l] += ones[l];
			f->essential_bits += ones[l];
			if (ones[l] > b->busiest)
				b->busiest = ones[l];
		}
		f->pairs += (uint64_t)f->config->n * f->derived->mode[b->mode].pack;
	}
	for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
		if (total[l] > f->lane_ones)
			f->lane_ones = total[l];
}

bool feed_finish(struct feed *f)
{
	number_outputs(f);
	f->want = calloc(f->outputs * f->config->pes, sizeof *f->want);
	struct bitlet_naive_group *group = calloc(f->beats, sizeof *group);
	if (f->want && group)
		for (unsigned pe = 0; pe < f->config->pes; pe++) {
			expect_pe(f, pe, group);
			count_pe(f, pe);
		}
	free(group);
	return f->want && group;
}

/* An output's length: short ones mostly, the longest possible now and then when that is not too long. */
static unsigned draw_length(const struct bitlet_config *c, struct bitlet_rng *r, unsigned least)
{
	unsigned length = bitlet_stimulus_length(c, r, 64);
	return length < least ? least : length;
}

struct feed *feed_random(const struct bitlet_config *c, const struct bitlet_derived *d, const struct feed_plan *plan)
{
	assert(plan->beats >= 1 && plan->least >= 1 && plan->least <= c->max_groups);
	struct feed *f = feed_new(c, d, plan->beats);
	if (!f)
		return NULL;
	struct bitlet_rng r = {plan->seed};
	unsigned mode = 0, kind = 0, left = 0;
	for (size_t i = 0; i < f->beats; i++) {
		if (!left) {
			left = draw_length(c, &r, plan->least);
			mode = plan->mode == FEED_MIXED ? bitlet_random_below(&r, d->modes) : (unsigned)plan->mode;
			kind = plan->kind == FEED_ANY ? bitlet_random_below(&r, BITLET_STIMULI + 1) : (unsigned)plan->kind;
		}
		struct feed_beat *b = &f->beat[i];
		b->mode = (uint8_t)mode;
		b->last = --left == 0;
		bitlet_stimulus_group(c, d, mode, kind, &r, feed_wgt(f, i, 0), feed_act(f, i), &b->zero);
		for (unsigned pe = 1; pe < c->pes; pe++)
			bitlet_stimulus_weights(c, d, mode, kind, &r, feed_wgt(f, i, pe));
	}
	if (feed_finish(f))
		return f;
	feed_free(f);
	return NULL;
}
