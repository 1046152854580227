#include "output_path.h"

#include <stdlib.h>
#include <string.h>

#include "output_collect.h"

enum { NO_SET = OUTPUT_SETS - 1 };

/* Cycles of a step's way: adders take two cycles, four with floats; behind the bias it is seven. */
static void set_stages(struct output_path *p)
{
	unsigned adder = p->d->has_float ? 4 : 2;
	p->psum_stage = 1 + adder;
	p->bias_stage = p->psum_stage + adder;
	p->end_stage = p->bias_stage + 7;
}

/* Places in the queue: a place's way round. */
static unsigned places(const struct output_path *p)
{
	return p->end_stage + 3;
}

bool output_path_init(struct output_path *p, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(p, 0, sizeof *p);
	p->c = c;
	p->d = d;
	p->lanes = c->output_lanes;
	p->steps = (c->pes + p->lanes - 1) / p->lanes;
	set_stages(p);
	p->walks.depth = OUTPUT_WALKS;
	p->runs.depth = OUTPUT_RUNS;
	p->collected_steps.depth = OUTPUT_COLLECTED;
	run_generator_init(&p->generator, PROGRAM_OUT_LOOPS, false, c->axi_address_bits);
	result_packer_init(&p->packer, d->bus_bytes, places(p));
	size_t words = (size_t)c->psum_buffer * p->steps;
	p->psum = calloc(words * p->lanes, sizeof *p->psum);
	p->psum_wrong = calloc(words, sizeof *p->psum_wrong);
	p->params = calloc((size_t)OUTPUT_SETS * c->pes, sizeof *p->params);
	output_path_reset(p);
	return p->psum && p->psum_wrong && p->params;
}

void output_path_free(struct output_path *p)
{
	free(p->psum);
	free(p->psum_wrong);
	free(p->params);
}

void output_path_reset(struct output_path *p)
{
	memset(p->tile, 0, sizeof p->tile);
	p->take_tile = p->begin_tile = 0;
	p->set = NO_SET;
	for (unsigned s = 0; s < OUTPUT_SETS; s++)
		p->set_full[s] = true;
	stream_fifo_reset(&p->walks);
	stream_fifo_reset(&p->runs);
	run_generator_reset(&p->generator);
	output_collect_reset(p);
	memset(p->ring, 0, sizeof p->ring);
	p->cycle = 0;
	p->address = p->address_pixel = 0;
	p->stage_flags = 0;
	p->credits = places(p);
	p->psum_bad = 0;
	p->parity_bad = false;
	result_packer_reset(&p->packer);
}

void output_path_out(const struct output_path *p, struct output_path_out *out)
{
	memset(out, 0, sizeof *out);
	out->tile_ready = !p->tile[p->take_tile].busy && stream_fifo_ready(&p->walks);
	output_collect_out(p, out->out_ready);
	out->wrun_valid = stream_fifo_valid(&p->runs);
	if (out->wrun_valid) {
		out->wrun_address = p->run[p->runs.head].address;
		out->wrun_beats = p->run[p->runs.head].beats;
	}
	out->wbeat_valid = stream_fifo_valid(&p->packer.beats);
	if (out->wbeat_valid)
		out->wbeat = p->packer.beat[p->packer.beats.head];
	out->tiles_empty = !out->wrun_valid && !out->wbeat_valid;
	for (unsigned t = 0; t < OUTPUT_TILES; t++)
		out->tiles_empty &= !p->tile[t].busy;
	out->flags_set = p->engine_flags | p->stage_flags;
	out->result_take_count = (uint8_t)p->taken;
	out->parity_bad = p->parity_bad;
}

static unsigned element_bytes(const struct output_tile *t)
{
	return t->stage.format == FORMAT_INT8 ? 1 : t->stage.format == FORMAT_INT16 ? 2 : 4;
}

/* What the step of cycle `stage` of its way is. */
static struct output_step *step_at(struct output_path *p, unsigned stage)
{
	return &p->ring[(p->cycle + OUTPUT_MAX_STAGES - stage) % OUTPUT_MAX_STAGES];
}

static bool sums_under_way(struct output_path *p)
{
	for (unsigned k = 1; k <= p->psum_stage; k++)
		if (step_at(p, k)->valid && step_at(p, k)->psum_out)
			return true;
	return false;
}

static bool may_start(struct output_path *p, const struct output_step *s)
{
	const struct output_tile *t = &p->tile[s->tile];
	bool to_memory = p->credits > 0 && p->set_full[t->set];
	return (t->psum_out || to_memory) && !(s->first && t->psum_in && sums_under_way(p));
}

static int64_t signed_result(const struct output_path *p, const struct output_tile *t, uint64_t bits)
{
	return t->stage.is_float ? (int64_t)(uint32_t)bits : bitlet_result_value(p->d, bits);
}

/* All values of a step at once: its tile's parameters are there, and the partial sums that it reads are written. */
static void compute(struct output_path *p, struct output_step *s)
{
	const struct output_tile *t = &p->tile[s->tile];
	const struct output_params *params = p->params + (size_t)t->set * p->c->pes + s->number * p->lanes;
	for (unsigned l = 0; l < s->lanes; l++) {
		int64_t v = signed_result(p, t, s->result[l]);
		if (s->psum_in) {
			int64_t stored = signed_result(p, t, p->psum[(size_t)s->address * p->lanes + l]);
			v = output_accumulate(&t->stage, stored, v, &s->psum_flags);
		}
		s->result[l] = t->stage.is_float ? (uint64_t)v : bitlet_result_word(p->d, v);
		if (!s->psum_out)
			s->word[l] = output_word(&t->stage, output_value(&t->stage, v, &params[l], &s->bias_flags), &params[l], &s->end_flags);
	}
}

/* Sums' addresses go up from 0 in each tile, those of a pixel stand together. */
static void next_address(struct output_path *p, const struct output_step *s)
{
	uint32_t depth = p->c->psum_buffer * p->steps; /* tiles that use no sums run over it */
	if (s->last) {
		p->address = p->address_pixel = 0;
		return;
	}
	if (s->pixel_last)
		p->address_pixel = (p->address_pixel + p->steps) % depth;
	p->address = s->pixel_last ? p->address_pixel : (p->address + 1) % depth;
}

/* The step at the collector's head begins its way, if it may. */
static bool issue(struct output_path *p)
{
	struct output_step *s = step_at(p, 0);
	const struct output_step *head = &p->collected[p->collected_steps.head];
	s->valid = false;
	if (!stream_fifo_valid(&p->collected_steps) || !may_start(p, head))
		return false;
	*s = *head;
	s->valid = true;
	s->address = p->address;
	s->psum_flags = s->bias_flags = s->end_flags = 0;
	compute(p, s);
	next_address(p, s);
	return true;
}

/* Parity: which lanes' memories show a wrong word behind this edge. */
static void read_parity(struct output_path *p, const struct output_step *s)
{
	p->parity_bad |= p->psum_bad != 0;
	if (!p->c->parity || !s->valid || !s->psum_in)
		return;
	uint16_t read = (uint16_t)((1u << s->lanes) - 1);
	p->psum_bad = (uint16_t)((p->psum_bad & ~read) | (p->psum_wrong[s->address] & read));
}

static void write_sums(struct output_path *p, const struct output_step *s, bool parity_test)
{
	if (!s->valid || !s->psum_out)
		return;
	for (unsigned l = 0; l < s->lanes; l++) {
		p->psum[(size_t)s->address * p->lanes + l] = s->result[l];
		p->psum_wrong[s->address] = (uint16_t)((p->psum_wrong[s->address] & ~(1u << l)) | (unsigned)parity_test << l);
	}
	if (s->last)
		p->tile[s->tile].busy = false;
}

static void collect_flags(struct output_path *p)
{
	const struct output_step *sum = step_at(p, p->psum_stage), *bias = step_at(p, p->bias_stage), *end = step_at(p, p->end_stage);
	p->stage_flags = 0;
	if (sum->valid)
		p->stage_flags |= sum->psum_flags;
	if (bias->valid)
		p->stage_flags |= bias->bias_flags;
	if (end->valid)
		p->stage_flags |= end->end_flags;
}

static struct packed_step pack(const struct output_path *p, const struct output_step *s)
{
	struct packed_step packed = {
		.lanes = (uint8_t)s->lanes,
		.bytes = (uint8_t)element_bytes(&p->tile[s->tile]),
		.tile = s->tile,
		.pixel_last = s->pixel_last,
		.tile_last = s->last,
		.visible = p->cycle + 2,
	};
	memcpy(packed.word, s->word, sizeof packed.word);
	return packed;
}

/* Runs of the generator to axi_write and, as offsets, to the packer. */
static void clock_runs(struct output_path *p, const struct output_path_in *in, struct result_packer_in *packer)
{
	struct run_generator_out g;
	run_generator_out(&p->generator, &g);
	unsigned beat = p->d->bus_bytes;
	bool room = stream_fifo_ready(&p->runs) && stream_fifo_ready(&p->packer.offsets), push = g.run_valid && room;
	bool walk = stream_fifo_valid(&p->walks), pop = in->wrun_ready && stream_fifo_valid(&p->runs);
	packer->offset_valid = push;
	packer->offset = (uint8_t)(g.run.address % beat);
	if (push) {
		uint16_t beats = (uint16_t)((packer->offset + g.run.bytes + beat - 1) / beat);
		p->run[stream_fifo_tail(&p->runs)] = (struct output_run){ g.run.address - packer->offset, beats };
	}
	stream_fifo_clock(&p->runs, push, pop);
	run_generator_clock(&p->generator, &(struct run_generator_in){ walk, &p->walk[p->walks.head], room });
	stream_fifo_clock(&p->walks, false, walk && g.start_ready);
}

/* The way from here to beats. True: a step has left the queue. */
static bool clock_packer(struct output_path *p, const struct output_path_in *in)
{
	const struct output_step *end = step_at(p, p->end_stage);
	struct result_packer_in packer = { .push = end->valid && !end->psum_out, .beat_ready = in->wbeat_ready };
	struct packed_step packed;
	if (packer.push)
		packed = pack(p, end);
	packer.step = &packed;
	clock_runs(p, in, &packer);
	struct result_packer_events events;
	result_packer_clock(&p->packer, p->cycle, &packer, &events);
	if (events.tile_done)
		p->tile[events.tile].busy = false;
	return events.popped;
}

static void write_params(struct output_path *p, const struct output_path_in *in)
{
	if (!in->param_write)
		return;
	struct output_params *o = &p->params[(size_t)in->param_set * p->c->pes + in->param_pe];
	unsigned line = p->d->bus_bytes < PROGRAM_PARAMS_BYTES ? p->d->bus_bytes : PROGRAM_PARAMS_BYTES;
	for (unsigned i = 0; i < line; i += 4) {
		const uint8_t *b = in->param_data + i;
		uint32_t word = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
		switch (in->param_index * line + i) {
		case 0: o->bias = word; break;
		case 4: o->multiplier = word; break;
		case 8: o->shift = (uint8_t)word; break;
		}
	}
	if (in->param_last)
		p->set_full[in->param_set] = true;
}

static void take_tile(struct output_path *p, const struct program_tile *t)
{
	if (t->load_params) {
		p->set = (uint8_t)((p->set + 1) % OUTPUT_SETS);
		p->set_full[p->set] = false;
	}
	struct output_tile *o = &p->tile[p->take_tile];
	*o = (struct output_tile){
		.busy = true, .waiting = true,
		.psum_in = t->psum_in, .psum_out = t->psum_out,
		.set = p->set,
		.pes = (unsigned)t->pes_less_1 + 1,
		.pixels = (uint32_t)t->pixels,
		.stage = output_stage_of(p->c, t),
	};
	p->take_tile = (p->take_tile + 1) % OUTPUT_TILES;
	if (o->psum_out)
		return;
	struct run_descriptor *r = &p->walk[stream_fifo_tail(&p->walks)];
	run_descriptor_out(r, t);
	r->run_bytes = o->pes * element_bytes(o);
	stream_fifo_clock(&p->walks, true, false);
}

void output_path_clock(struct output_path *p, const struct output_path_in *in)
{
	bool issued = issue(p);
	read_parity(p, step_at(p, 0));
	collect_flags(p);
	bool popped = clock_packer(p, in);
	write_sums(p, step_at(p, p->psum_stage), in->parity_test);
	p->credits = p->credits + popped - (issued && !step_at(p, 0)->psum_out);
	output_collect_clock(p, in, issued);
	write_params(p, in);
	if (in->tile_take)
		take_tile(p, in->tile);
	p->cycle++;
}
