#include "network_plan.h"

#include <stdlib.h>

#include "layer_choice.h"

size_t network_plan_rows(const struct network_plan *p, size_t run)
{
	size_t left = p->frames - run * p->batch;
	return left < p->batch ? left : p->batch;
}

unsigned network_plan_which(const struct network_plan *p, size_t run)
{
	return network_plan_rows(p, run) == p->batch ? 0 : 1;
}

static bool add_schedule(struct network_plan *p, const struct graph *g, const struct network_inputs *in, size_t rows, const struct schedule_options *so,
                         struct fault *f)
{
	struct tensor **t = calloc(g->inputs + 1, sizeof *t);
	bool good = t || fault_set(f, "out of memory");
	if (good && network_inputs_rows(in, 0, rows, t, f))
		good = schedule_new(g, (const struct tensor *const *)t, so, &p->schedule[p->schedules], f);
	else
		good = false;
	if (good)
		p->schedules++;
	if (t)
		network_inputs_drop(in, t);
	free(t);
	return good;
}

/* Which layers, and what units they are cut into. */
static bool cut_layers(struct network_plan *p, unsigned k, const struct run_network_options *o, struct fault *f)
{
	const struct schedule *s = &p->schedule[k];
	p->chosen[k] = calloc(s->steps + 1, sizeof(bool));
	if (!p->chosen[k])
		return fault_set(f, "out of memory");
	for (size_t i = 0; i < s->steps; i++)
		p->chosen[k][i] = s->step[i].on_core && o->kind != BACKEND_FAST;
	if (o->layers && !layer_choice("--layers", o->layers, s, p->chosen[k], f))
		return false;
	if (o->kind == BACKEND_FAST)
		return true;
	p->units[k] = calloc(s->steps + 1, sizeof *p->units[k]);
	bool good = p->units[k] || fault_set(f, "out of memory");
	for (size_t i = 0; good && i < s->steps; i++)
		if (s->step[i].on_core)
			good = tile_units_of(s->config, s->derived, &s->image, s->step[i].compiled.program, s->step[i].compiled.program_bytes, &p->units[k][i], f);
	return good;
}

static bool share_units(struct network_plan *p, const struct run_network_options *o, struct fault *f)
{
	if (o->kind == BACKEND_FAST)
		return true;
	p->share = calloc(p->runs * p->steps + 1, sizeof *p->share);
	if (!p->share)
		return fault_set(f, "out of memory");
	for (size_t r = 0; r < p->runs; r++) {
		unsigned k = network_plan_which(p, r);
		for (size_t i = 0; i < p->steps; i++) {
			size_t at = r * p->steps + i;
			if (p->schedule[k].step[i].on_core &&
			    !shard_choose(&p->share[at], &p->units[k][i], p->chosen[k][i] ? o->sample : 0, o->memory.seed, at, f))
				return false;
		}
	}
	shard_of(p->share, p->runs * p->steps, o->shard, o->shards);
	return true;
}

bool network_plan_new(struct network_plan *p, const struct graph *g, const struct network_inputs *in, const struct run_network_options *o,
                      const struct schedule_options *so, struct fault *f)
{
	*p = (struct network_plan){.frames = in->frames, .batch = in->batch, .runs = (in->frames + in->batch - 1) / in->batch, .steps = g->nodes};
	size_t last = network_plan_rows(p, p->runs - 1);
	bool good = add_schedule(p, g, in, in->batch, so, f) && (last == in->batch || add_schedule(p, g, in, last, so, f));
	for (unsigned k = 0; good && k < p->schedules; k++)
		good = cut_layers(p, k, o, f);
	return good && share_units(p, o, f);
}

void network_plan_free(struct network_plan *p)
{
	for (size_t i = 0; p->share && i < p->runs * p->steps; i++)
		shard_free(&p->share[i]);
	free(p->share);
	for (unsigned k = 0; k < p->schedules; k++) {
		for (size_t i = 0; p->units[k] && i < p->steps; i++)
			tile_units_free(&p->units[k][i]);
		free(p->units[k]);
		free(p->chosen[k]);
		schedule_free(&p->schedule[k]);
	}
	*p = (struct network_plan){0};
}

uint64_t network_plan_step_work(const struct network_plan *p, size_t run, size_t step)
{
	const struct schedule_step *s = &p->schedule[network_plan_which(p, run)].step[step];
	uint64_t other = s->on_core ? s->compiled.macs / 1000 : 0; /* of the interpreter: nothing beside a simulation */
	return 1 + other + (p->share && s->on_core ? shard_estimate(&p->share[run * p->steps + step]) : 0);
}

uint64_t network_plan_work(const struct network_plan *p)
{
	uint64_t sum = 0;
	for (size_t r = 0; r < p->runs; r++)
		for (size_t i = 0; i < p->steps; i++)
			sum += network_plan_step_work(p, r, i);
	return sum;
}
