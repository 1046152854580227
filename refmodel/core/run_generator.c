#include "run_generator.h"

#include <assert.h>
#include <string.h>

void run_generator_init(struct run_generator *g, unsigned loops, bool clip, unsigned address_bits)
{
	assert(loops >= 2 && loops <= RUN_MAX_LOOPS && address_bits >= 24 && address_bits <= 64);
	memset(g, 0, sizeof *g);
	g->loops = loops;
	g->clip = clip;
	g->address_mask = address_bits == 64 ? UINT64_MAX : (UINT64_C(1) << address_bits) - 1;
}

void run_generator_reset(struct run_generator *g)
{
	g->active = false;
}

/* The signed value of the low RUN_COORDINATE_BITS. */
static int32_t wrap(int64_t v)
{
	int32_t half = 1 << (RUN_COORDINATE_BITS - 1);
	return (int32_t)((v + half) & (2 * half - 1)) - half;
}

static bool is_outside(const struct run_generator *g, unsigned axis, int32_t coordinate)
{
	return coordinate < 0 || (uint32_t)coordinate >= g->walk.limit[axis];
}

struct place {
	bool fill, merged;
};

/* Whether this run is padding, and whether it is all of loop 0. */
static struct place look(const struct run_generator *g)
{
	bool here = false, other = false, there = false;
	for (unsigned a = 0; g->clip && a < RUN_AXES; a++) {
		bool inner = g->walk.loop[0].axis == (int64_t)a;
		bool outside = is_outside(g, a, g->coordinate[a][0]);
		here |= outside;
		other |= outside && !inner;
		there |= is_outside(g, a, wrap(g->coordinate[a][0] + (inner ? g->walk.merge_span : 0)));
	}
	return (struct place){ here, g->clip && g->first && g->walk.merge_bytes && (other || (!here && !there)) };
}

/* The lowest loop from 1 that goes on when loop 0 is over; `loops` when none does. */
static unsigned outer_step(const struct run_generator *g)
{
	unsigned d = 1;
	while (d < g->loops && g->rest[d] == 0)
		d++;
	return d;
}

void run_generator_out(const struct run_generator *g, struct run_generator_out *out)
{
	out->start_ready = !g->active;
	out->run_valid = g->active;
	out->run = (struct core_run){ 0 };
	if (!g->active)
		return;
	struct place p = look(g);
	out->run.fill = p.fill;
	out->run.address = p.fill ? 0 : g->row[0];
	out->run.bytes = p.merged ? g->walk.merge_bytes : g->walk.run_bytes;
	out->run.last = (p.merged || g->rest[0] == 0) && outer_step(g) == g->loops;
}

static void start(struct run_generator *g, const struct run_descriptor *r)
{
	g->active = g->first = true;
	g->walk = *r;
	for (unsigned d = 0; d < g->loops; d++) {
		g->rest[d] = (uint16_t)r->loop[d].count_less_1;
		g->row[d] = r->base & g->address_mask;
		for (unsigned a = 0; a < RUN_AXES; a++)
			g->coordinate[a][d] = r->start[a];
	}
}

/* Loop d goes to its next index, all below begin again. */
static void step(struct run_generator *g, unsigned d)
{
	const struct program_loop *loop = &g->walk.loop[d];
	uint64_t row = (g->row[d] + (uint64_t)loop->stride) & g->address_mask;
	g->rest[d]--;
	for (unsigned i = 0; i <= d; i++)
		g->row[i] = row;
	for (unsigned i = 0; i < d; i++)
		g->rest[i] = (uint16_t)g->walk.loop[i].count_less_1;
	for (unsigned a = 0; g->clip && a < RUN_AXES; a++) {
		int32_t c = wrap(g->coordinate[a][d] + (loop->axis == (int64_t)a ? loop->step : 0));
		for (unsigned i = 0; i <= d; i++)
			g->coordinate[a][i] = c;
	}
}

static void advance(struct run_generator *g)
{
	bool inner_end = look(g).merged || g->rest[0] == 0;
	unsigned d = inner_end ? outer_step(g) : 0;
	g->first = inner_end;
	if (d == g->loops)
		g->active = false;
	else
		step(g, d);
}

void run_generator_clock(struct run_generator *g, const struct run_generator_in *in)
{
	if (g->active && in->run_ready)
		advance(g);
	else if (!g->active && in->start_valid)
		start(g, in->start);
}

void run_descriptor_act(struct run_descriptor *r, const struct program_tile *t)
{
	*r = (struct run_descriptor){
		.base = t->act_base,
		.run_bytes = (uint32_t)t->act_run_bytes,
		.merge_bytes = (uint32_t)t->act_merge_bytes,
		.merge_span = (int32_t)t->act_merge_span,
		.start = { (int32_t)t->act_start_0, (int32_t)t->act_start_1, (int32_t)t->act_start_2 },
		.limit = { (uint32_t)t->act_limit_0, (uint32_t)t->act_limit_1, (uint32_t)t->act_limit_2 },
	};
	memcpy(r->loop, t->act_loop, sizeof t->act_loop);
}

void run_descriptor_wgt(struct run_descriptor *r, const struct program_tile *t)
{
	*r = (struct run_descriptor){ .base = t->wgt_base, .run_bytes = (uint32_t)t->wgt_run_bytes };
	memcpy(r->loop, t->wgt_loop, sizeof t->wgt_loop);
}

void run_descriptor_out(struct run_descriptor *r, const struct program_tile *t)
{
	*r = (struct run_descriptor){ .base = t->out_base, .run_bytes = (uint32_t)t->out_run_bytes };
	memcpy(r->loop, t->out_loop, sizeof t->out_loop);
}
