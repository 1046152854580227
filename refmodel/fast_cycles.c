/*
 * Cycles of a tile by recurrences over groups (docs/engine.md section 9 with inputs always valid and outputs always ready). L and R are the cycles in
 * whose closing edge a group loads, and in which it retires:
 *
 *     lane l finishes g in   F(g,l) = max(F(g-1,l), L(g)) + its lane cycles
 *     R(g) = max(R(g-1) + 1, L(g) + 1, F(g,*), and for end tags: accumulator and credits)
 *     L(g) = max(L(g-1) + T, R(g - SLOTS), R of what must be gone), the same for all PEs in lock step
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fast_count.h"

/* Times are cycles since reset, plus one; 0 stands for "before reset". */
struct pe_times {
	uint64_t load, retire[BITLET_MAX_SLOTS]; /* of the last group; of the last groups, group g at g % SLOTS */
	uint64_t lane[BITLET_MAX_LANES];
	uint64_t tag;               /* last end tag */
	uint64_t unit[2];           /* retirement that ended unit u at u % 2 */
	uint64_t output[16];        /* end tag of output o at o % result_fifo */
};

struct cycles_run {
	const struct bitlet_operand *w, *a;
	const struct bitlet_fast_tile *tile;
	struct fast_cost *cost;    /* [pes][groups] of the pixel at hand */
	struct pe_times *pe;        /* [pes] */
	uint64_t push;              /* array_fifo: cycle in which the last beat entered */
	uint64_t *freed;            /* array_fifo: [depth], latest load over all PEs of the last beats, beat b at b % depth */
	uint64_t first_load;
};

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* All groups of one pixel, FAST_LANES outputs at a time. */
static void weigh_floats(const struct cycles_run *run, size_t pixel)
{
	size_t first = run->tile->first_output, end = first + run->tile->pes, groups = run->w->groups;
	for (size_t block = first / FAST_LANES; block * FAST_LANES < end; block++) {
		for (size_t g = 0; g < groups; g++) {
			uint32_t busiest[FAST_LANES], bits[FAST_LANES];
			fast_count_floats(run->w, run->a, pixel, block, g, busiest, bits);
			for (size_t l = 0; l < FAST_LANES; l++) {
				size_t output = block * FAST_LANES + l;
				if (output < first || output >= end)
					continue;
				run->cost[(output - first) * groups + g].busiest = (uint16_t)busiest[l];
				run->cost[(output - first) * groups + g].bits = bits[l];
			}
		}
	}
}

/* Costs of one pixel. Plain weights cost the same for every pixel, distilled activations the same in every PE. */
static void weigh_pixel(const struct cycles_run *run, size_t pixel)
{
	const struct bitlet_config *c = run->w->c;
	bool of_weights = !run->w->m->precision.is_float && c->side == BITLET_SIDE_WEIGHT && !c->gate_zero_activations;
	size_t groups = run->w->groups;
	if (c->engine == BITLET_DENSE)
		return; /* no lanes: costs stay 0 */
	if (of_weights && pixel != run->tile->first_pixel)
		return;
	if (fast_count_blocks(run->w)) {
		weigh_floats(run, pixel);
		return;
	}
	for (unsigned p = 0; p < run->tile->pes; p++) {
		if (p && c->side == BITLET_SIDE_ACTIVATION) {
			memcpy(run->cost + p * groups, run->cost, groups * sizeof *run->cost);
			continue;
		}
		for (size_t g = 0; g < groups; g++)
			fast_count_group(run->w, run->a, pixel, run->tile->first_output + p, g, &run->cost[p * groups + g]);
	}
}

/* The unit that a group belongs to, and whether it begins and ends it. */
struct place {
	uint64_t group, unit, output; /* since reset */
	bool begins_unit, ends_unit, ends_output;
};

static struct place place_of(const struct cycles_run *run, size_t pixel, size_t group)
{
	bool is_float = run->w->m->precision.is_float;
	struct place at;
	at.output = pixel;
	at.group = pixel * run->w->groups + group;
	at.ends_output = group + 1 == run->w->groups;
	at.unit = is_float ? at.group : at.output;
	at.begins_unit = is_float || group == 0;
	at.ends_unit = is_float || at.ends_output;
	return at;
}

/* Earliest load of one PE, but for the others. */
static uint64_t earliest_load(const struct cycles_run *run, const struct pe_times *t, const struct place *at)
{
	unsigned slots = run->w->d->slots, cycles = run->w->d->group_cycles;
	uint64_t load = t->load + cycles;
	if (run->w->c->array_fifo)
		load = later(load, run->push + cycles); /* visible behind the push */
	load = later(load, t->retire[at->group % slots]);
	if (run->w->m->precision.is_float && at->group > 0)
		load = later(load, t->retire[(at->group - 1) % slots]);
	if (at->begins_unit)
		load = later(load, t->unit[at->unit % 2]); /* that of unit - 2 */
	return load;
}

/* The last cycle in which a lane issues for the group. */
static uint64_t finish_time(const struct cycles_run *run, struct pe_times *t, const struct fast_cost *cost)
{
	uint64_t finish = t->load;
	if (!fast_count_lanes(run->w))
		return t->load + cost->busiest;
	for (unsigned l = 0; l < BITLET_MAX_LANES; l++) {
		if (!cost->lane[l])
			continue;
		t->lane[l] = later(t->lane[l], t->load) + cost->lane[l];
		finish = later(finish, t->lane[l]);
	}
	return finish;
}

static uint64_t retire_time(const struct cycles_run *run, struct pe_times *t, const struct fast_cost *cost, const struct place *at)
{
	const struct bitlet_derived *d = run->w->d;
	uint64_t retire = later(t->load + 1, finish_time(run, t, cost));
	if (at->group > 0)
		retire = later(retire, t->retire[(at->group - 1) % d->slots] + 1);
	if (at->ends_unit && t->tag && run->w->m->precision.is_float)
		retire = later(retire, t->tag + d->post_wait + 1);
	if (at->ends_output && t->output[at->output % run->w->c->result_fifo])
		retire = later(retire, t->output[at->output % run->w->c->result_fifo] + d->latency + 1);
	return retire;
}

static void retire(const struct cycles_run *run, struct pe_times *t, const struct fast_cost *cost, const struct place *at)
{
	uint64_t now = retire_time(run, t, cost, at);
	t->retire[at->group % run->w->d->slots] = now;
	if (at->ends_unit)
		t->tag = t->unit[at->unit % 2] = now;
	if (at->ends_output)
		t->output[at->output % run->w->c->result_fifo] = now;
}

static void one_group(struct cycles_run *run, size_t pixel, size_t group)
{
	const struct bitlet_config *c = run->w->c;
	struct place at = place_of(run, pixel, group);
	bool together = c->array_fifo == 0 || c->side == BITLET_SIDE_ACTIVATION;
	uint64_t last = 0;
	if (c->array_fifo)
		run->push = later(run->push + 1, run->freed[at.group % c->array_fifo] + 1);
	for (unsigned p = 0; p < run->tile->pes; p++) {
		uint64_t load = earliest_load(run, &run->pe[p], &at);
		last = later(last, load);
		run->pe[p].load = load;
	}
	for (unsigned p = 0; p < run->tile->pes; p++) {
		if (together)
			run->pe[p].load = last;
		if (at.group == 0)
			run->first_load = p && run->first_load < run->pe[p].load ? run->first_load : run->pe[p].load;
		retire(run, &run->pe[p], &run->cost[p * run->w->groups + group], &at);
	}
	if (c->array_fifo)
		run->freed[at.group % c->array_fifo] = last;
}

static void walk(struct cycles_run *run, struct bitlet_fast_cycles *count)
{
	size_t groups = run->w->groups;
	for (size_t i = 0; i < run->tile->pixels; i++) {
		weigh_pixel(run, run->tile->first_pixel + i);
		for (size_t g = 0; g < groups; g++)
			one_group(run, i, g);
		for (size_t g = 0; g < groups * run->tile->pes; g++) {
			count->busiest += run->cost[g].busiest;
			count->essential_bits += run->cost[g].bits;
		}
	}
	count->groups = groups * run->tile->pixels;
	for (unsigned p = 0; p < run->tile->pes && count->groups; p++)
		count->cycles = later(count->cycles, run->pe[p].retire[(count->groups - 1) % run->w->d->slots] - run->first_load);
}

bool bitlet_fast_cycles(const struct bitlet_operand *w, const struct bitlet_operand *a, const struct bitlet_fast_tile *tile,
                        struct bitlet_fast_cycles *count)
{
	struct cycles_run run = { .w = w, .a = a, .tile = tile };
	assert(w->c == a->c && w->m == a->m && w->k == a->k);
	assert(tile->pes >= 1 && tile->pes <= w->c->pes && tile->first_output + tile->pes <= w->rows);
	assert(tile->first_pixel + tile->pixels <= a->rows);
	memset(count, 0, sizeof *count);
	run.cost = calloc(tile->pes * w->groups, sizeof *run.cost);
	run.pe = calloc(tile->pes, sizeof *run.pe);
	run.freed = calloc(w->c->array_fifo + 1, sizeof *run.freed);
	bool good = run.cost && run.pe && run.freed;
	if (good)
		walk(&run, count);
	free(run.cost);
	free(run.pe);
	free(run.freed);
	return good;
}
