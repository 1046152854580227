/*
 * network.c: real layers of a network through RTL and model.
 */
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "layer.h"

/* How a product is cut: PE p of tile t computes output t * pes + p, of every chosen pixel. */
struct cut {
	size_t groups;              /* of one output */
	size_t tiles;
	size_t pixels, step;        /* how many pixels, every step-th */
};

static struct cut make_cut(const struct layer_product *p, const struct bitlet_config *c, unsigned pack, size_t limit)
{
	struct cut cut = {.groups = layer_groups(p, (size_t)c->n * pack), .tiles = (p->outputs + c->pes - 1) / c->pes};
	size_t fit = limit / (cut.groups * cut.tiles * c->pes);
	cut.pixels = fit < 1 ? 1 : fit < p->pixels ? fit : p->pixels;
	cut.step = p->pixels / cut.pixels;
	if (fit < 1) /* not even one pixel of all outputs: fewer tiles */
		cut.tiles = limit / (cut.groups * c->pes) ? limit / (cut.groups * c->pes) : 1;
	return cut;
}

/* Beats of one output tile at one pixel, from beat `at` on. Returns real multiplications. */
static uint64_t fill_tile(struct feed *f, size_t at, const struct layer_product *p, unsigned mode, size_t tile, size_t pixel)
{
	const struct bitlet_config *c = f->config;
	unsigned pack = f->derived->mode[mode].pack;
	size_t groups = layer_groups(p, (size_t)c->n * pack);
	uint64_t pairs = 0;
	for (size_t g = 0; g < groups; g++) {
		struct feed_beat *b = &f->beat[at + g];
		b->mode = (uint8_t)mode;
		b->last = g + 1 == groups;
		b->zero = c->zero_point ? p->zero_field : 0;
		layer_act_words(p, pixel, g, c->n, pack, feed_act(f, at + g));
		for (unsigned pe = 0; pe < c->pes; pe++)
			if (tile * c->pes + pe < p->outputs)
				layer_weight_words(p, tile * c->pes + pe, g, c->n, pack, feed_wgt(f, at + g, pe));
	}
	for (unsigned pe = 0; pe < c->pes; pe++)
		pairs += tile * c->pes + pe < p->outputs ? p->k : 0;
	return pairs;
}

static struct feed *layer_feed(const struct options *o, const struct layer_product *p, unsigned mode)
{
	struct cut cut = make_cut(p, &o->config, o->derived.mode[mode].pack, o->groups);
	struct feed *f = feed_new(&o->config, &o->derived, cut.tiles * cut.pixels * cut.groups);
	if (!f)
		return NULL;
	uint64_t pairs = 0;
	size_t at = 0;
	for (size_t tile = 0; tile < cut.tiles; tile++)
		for (size_t pixel = 0; pixel < cut.pixels; pixel++, at += cut.groups)
			pairs += fill_tile(f, at, p, mode, tile, pixel * cut.step);
	if (!feed_finish(f)) {
		feed_free(f);
		return NULL;
	}
	f->pairs = pairs; /* without what fills up groups and tiles */
	return f;
}

static bool play_layer(struct campaign *c, const struct layer_product *p, unsigned mode)
{
	const struct options *o = c->options;
	char name[ROW_NAME];
	if (p->parts > 1)
		snprintf(name, sizeof name, "%s[%zu] %s %zux%zu", p->layer, p->part, p->op, p->outputs, p->k);
	else
		snprintf(name, sizeof name, "%s %s %zux%zu", p->layer, p->op, p->outputs, p->k);
	struct feed *f = layer_feed(o, p, mode);
	bool good = f && campaign_row(c, name, (int)mode);
	size_t groups = layer_groups(p, (size_t)o->config.n * o->derived.mode[mode].pack);
	bool law = traffic_law_holds(&o->config, &o->derived, (unsigned)groups);
	for (int stall = STALL_NONE; good && stall < STALL_KINDS && c->mismatch.kind == MISMATCH_NONE; stall++)
		if (stall == o->stall || (o->stall == EVERY_STALL && stall == STALL_NONE))
			good = campaign_play(c, f, (enum stall_kind)stall, 0, law && stall == STALL_NONE, 0);
	feed_free(f);
	if (!good)
		fprintf(stderr, "bitlet check: layer %s could not be run (out of memory, or a tool failed)\n", p->layer);
	return good;
}

/* Operands in the precision asked for, or in the first configured one that the network can have. */
static bool load_layers(const struct options *o, struct layer_list *list, unsigned *mode)
{
	struct fault fault = {""}, first = {""};
	for (unsigned m = 0; m < o->derived.modes; m++) {
		if (o->mode >= 0 && o->mode != (int)m)
			continue;
		fault.text[0] = '\0';
		*mode = m;
		if (layers_of_network(o->network, o->images, 0, o->image_count, &o->derived.mode[m].precision, list, &fault))
			return true;
		if (!first.text[0])
			first = fault;
	}
	fprintf(stderr, "%s\n", first.text);
	return false;
}

static bool layers_fit(const struct options *o, const struct layer_list *list, unsigned mode)
{
	const struct bitlet_config *c = &o->config;
	for (size_t i = 0; i < list->count; i++) {
		const struct layer_product *p = &list->product[i];
		size_t groups = layer_groups(p, (size_t)c->n * o->derived.mode[mode].pack);
		if (groups > c->max_groups) {
			fprintf(stderr, "bitlet check: layer %s needs %zu groups an output; expected at most max_groups = %u\n", p->layer, groups,
			        c->max_groups);
			return false;
		}
		if (!c->zero_point && p->zero != 0) {
			fprintf(stderr, "bitlet check: layer %s has zero point %d; expected a configuration with zero_point: yes\n", p->layer,
			        (int)p->zero);
			return false;
		}
	}
	return true;
}

enum campaign_verdict campaign_network(struct campaign *c)
{
	struct layer_list list;
	unsigned mode;
	if (!load_layers(c->options, &list, &mode))
		return CAMPAIGN_FAILED;
	bool good = layers_fit(c->options, &list, mode);
	if (good)
		printf("%s, precision %s\n", c->options->network, options_mode_name(c->options, (int)mode));
	for (size_t i = 0; i < list.count && good && c->mismatch.kind == MISMATCH_NONE; i++)
		good = play_layer(c, &list.product[i], mode);
	layers_free(&list);
	return good ? CAMPAIGN_GOOD : CAMPAIGN_FAILED;
}
