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

/* The parts of one layer (groups of a grouped convolution) one after the other. */
static struct feed *layer_feed(const struct options *o, const struct layer_product *p, size_t parts, unsigned mode)
{
	size_t beats = 0, at = 0, limit = o->groups / parts;
	struct cut cut;
	for (size_t i = 0; i < parts; i++) {
		cut = make_cut(&p[i], &o->config, o->derived.mode[mode].pack, limit);
		beats += cut.tiles * cut.pixels * cut.groups;
	}
	struct feed *f = feed_new(&o->config, &o->derived, beats);
	if (!f)
		return NULL;
	uint64_t pairs = 0;
	for (size_t i = 0; i < parts; i++) {
		cut = make_cut(&p[i], &o->config, o->derived.mode[mode].pack, limit);
		for (size_t tile = 0; tile < cut.tiles; tile++)
			for (size_t pixel = 0; pixel < cut.pixels; pixel++, at += cut.groups)
				pairs += fill_tile(f, at, &p[i], mode, tile, pixel * cut.step);
	}
	if (!feed_finish(f)) {
		feed_free(f);
		return NULL;
	}
	f->pairs = pairs; /* without what fills up groups and tiles */
	return f;
}

static bool play_layer(struct campaign *c, const struct layer_product *p, size_t parts, unsigned mode)
{
	const struct options *o = c->options;
	char name[ROW_NAME];
	if (parts > 1)
		snprintf(name, sizeof name, "%s %s %zu of %zux%zu", p->layer, p->op, parts, p->outputs, p->k);
	else
		snprintf(name, sizeof name, "%s %s %zux%zu", p->layer, p->op, p->outputs, p->k);
	struct feed *f = layer_feed(o, p, parts, mode);
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

/* Products of the layer that begins at p. */
static size_t count_parts(const struct layer_list *list, size_t first)
{
	size_t parts = 1;
	while (first + parts < list->count && list->product[first + parts].node == list->product[first].node)
		parts++;
	return parts;
}

static bool layers_fit(const struct options *o, const struct layer_list *list, unsigned mode, struct fault *fault)
{
	const struct bitlet_config *c = &o->config;
	for (size_t i = 0; i < list->count; i++) {
		const struct layer_product *p = &list->product[i];
		size_t groups = layer_groups(p, (size_t)c->n * o->derived.mode[mode].pack);
		if (groups > c->max_groups)
			return fault_set(fault, "bitlet check: layer %s needs %zu groups an output; expected at most max_groups = %u", p->layer,
			                 groups, c->max_groups);
		if (!c->zero_point && p->zero != 0)
			return fault_set(fault, "bitlet check: layer %s has zero point %d in %s; expected a configuration with zero_point: yes",
			                 p->layer, (int)p->zero, o->derived.mode[mode].precision.name);
	}
	return true;
}

static bool load_mode(const struct options *o, unsigned mode, struct layer_list *list, struct fault *fault)
{
	if (!layers_of_network(o->network, o->images, 0, o->image_count, &o->derived.mode[mode].precision, list, fault))
		return false;
	if (layers_fit(o, list, mode, fault))
		return true;
	layers_free(list);
	return false;
}

static unsigned width_of(const struct options *o, unsigned mode)
{
	const struct bitlet_precision *p = &o->derived.mode[mode].precision;
	return p->w_bits + p->a_bits;
}

/* Operands in the precision asked for; else in the first float one that the network can have, else in the narrowest fixed one. */
static bool load_layers(const struct options *o, struct layer_list *list, unsigned *mode)
{
	struct fault first = {""};
	bool found = false;
	for (unsigned m = 0; m < o->derived.modes; m++) {
		struct fault fault = {""};
		struct layer_list more;
		bool better = !found || (!o->derived.mode[*mode].precision.is_float && !o->derived.mode[m].precision.is_float &&
		                         width_of(o, m) < width_of(o, *mode));
		if ((o->mode >= 0 && o->mode != (int)m) || !better)
			continue;
		if (load_mode(o, m, &more, &fault)) {
			if (found)
				layers_free(list);
			*list = more;
			*mode = m;
			found = true;
		} else if (!first.text[0]) {
			first = fault;
		}
	}
	if (!found)
		fprintf(stderr, "%s\n", first.text);
	return found;
}

enum campaign_verdict campaign_network(struct campaign *c)
{
	struct layer_list list;
	unsigned mode = 0;
	bool good = true;
	if (!load_layers(c->options, &list, &mode))
		return CAMPAIGN_FAILED;
	printf("%s, precision %s\n", c->options->network, options_mode_name(c->options, (int)mode));
	for (size_t i = 0; i < list.count && good && c->mismatch.kind == MISMATCH_NONE;) {
		size_t parts = count_parts(&list, i);
		good = play_layer(c, &list.product[i], parts, mode);
		i += parts;
	}
	layers_free(&list);
	return good ? CAMPAIGN_GOOD : CAMPAIGN_FAILED;
}
