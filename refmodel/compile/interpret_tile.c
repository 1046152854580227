#include "interpret_machine.h"

#include <stdlib.h>
#include <string.h>

#include "fast.h"
#include "interpret_stream.h"

enum { BLOCK_BYTES = 4 << 20 };

/* One tile on its way. */
struct work {
	struct machine *k;
	const struct program_tile *t;
	const struct bitlet_mode *m;
	struct output_stage stage;
	struct stream_walk out;
	struct bitlet_operand *w;
	uint8_t *rows;              /* activations of a block of pixels */
	uint64_t *bits;
	uint8_t *flags;
	uint64_t pixel;             /* first of the block */
	bool write_failed;
};

bool machine_fail(struct machine *k, enum core_fault fault, enum core_channel channel, uint64_t address)
{
	k->r->error = (struct core_error){ fault, channel, address };
	return false;
}

/* ---- weights and parameters ---- */

static bool rows_done(void *context, size_t rows)
{
	(void)context;
	(void)rows;
	return true;
}

static uint8_t *pe_weights(const struct machine *k, unsigned pe)
{
	return k->half[(k->loads + 1) % 2] + (size_t)pe * k->d->tile_groups * k->group_room;
}

const uint8_t *machine_weights(const struct machine *k, unsigned pe)
{
	return pe_weights(k, pe);
}

const struct output_params *machine_params(const struct machine *k)
{
	return &k->params[(k->param_loads + MAX_SETS - 1) % MAX_SETS * k->c->pes];
}

bool machine_bus_error(struct machine *k, enum core_channel channel, uint64_t address)
{
	return machine_fail(k, CORE_FAULT_DECERR, channel, address / k->d->bus_bytes * k->d->bus_bytes);
}

/* Into the other half. *memory becomes false when the host has none. */
static bool load_weights(struct machine *k, const struct program_tile *t, bool *memory)
{
	const struct bitlet_mode *m = &k->d->mode[t->mode];
	size_t groups = (size_t)t->groups, row = groups * m->w_group_bytes;
	struct stream_walk w = stream_wgt(t, k->c->axi_address_bits);
	struct stream_count count = { 0, 0, 0 };
	struct stream_sink s = { .rows = calloc(pes_of(t), row), .room = pes_of(t), .vector_bytes = (size_t)t->wgt_vector_bytes, .group_bytes = m->w_group_bytes,
	                         .groups = groups, .vectors = pes_of(t), .full = rows_done };
	*memory = s.rows != NULL;
	if (!s.rows)
		return false;
	enum stream_result r = stream_run(&w, k->m, &s, &count);
	k->r->wgt_runs += count.runs;
	k->r->wgt_bytes += count.bytes;
	k->loads++;
	for (size_t i = 0; r == STREAM_GOOD && i < pes_of(t) * groups; i++)
		memcpy(pe_weights(k, (unsigned)(i / groups)) + i % groups * k->group_room, s.rows + i * m->w_group_bytes, m->w_group_bytes);
	free(s.rows);
	return r == STREAM_GOOD || machine_bus_error(k, CHANNEL_WGT, count.bad);
}

static bool load_params(struct machine *k, const struct program_tile *t)
{
	unsigned set = k->param_loads++ % MAX_SETS;
	k->r->wgt_runs++;
	k->r->wgt_bytes += (uint64_t)pes_of(t) * PROGRAM_PARAMS_BYTES;
	for (unsigned pe = 0; pe < pes_of(t); pe++) {
		uint32_t words[PROGRAM_PARAMS_BYTES / 4];
		uint64_t address = t->params_base + (uint64_t)pe * PROGRAM_PARAMS_BYTES;
		const uint8_t *at = image_at(k->m, address, PROGRAM_PARAMS_BYTES);
		if (!at)
			return machine_bus_error(k, CHANNEL_WGT, address);
		memcpy(words, at, sizeof words);
		k->params[set * k->c->pes + pe] = output_params_of(words);
	}
	return true;
}

/* The weights of the tile as a matrix: [pes_active][groups * pairs]. NULL when memory runs out. */
static struct bitlet_operand *weight_operand(const struct machine *k, const struct program_tile *t)
{
	const struct bitlet_mode *m = &k->d->mode[t->mode];
	size_t groups = (size_t)t->groups;
	uint8_t *rows = malloc(pes_of(t) * groups * m->w_group_bytes);
	struct bitlet_operand *w = NULL;
	for (size_t i = 0; rows && i < pes_of(t) * groups; i++)
		memcpy(rows + i * m->w_group_bytes, pe_weights(k, (unsigned)(i / groups)) + i % groups * k->group_room, m->w_group_bytes);
	if (rows)
		w = bitlet_operand_new(k->c, k->d, (unsigned)t->mode, BITLET_WEIGHTS, rows, pes_of(t), groups * k->c->n * m->pack, 0);
	free(rows);
	return w;
}

/* ---- results ---- */

static bool write_pixel(struct work *w, uint64_t pixel, const uint32_t *out)
{
	unsigned bytes = w->stage.format == FORMAT_INT8 ? 1 : w->stage.format == FORMAT_INT16 ? 2 : 4, pes = pes_of(w->t);
	uint64_t address = stream_address(&w->out, pixel);
	uint8_t *to = image_at(w->k->m, address, (size_t)bytes * pes);
	if (!to)
		return machine_bus_error(w->k, CHANNEL_OUT, address);
	for (unsigned pe = 0; pe < pes; pe++)
		memcpy(to + (size_t)pe * bytes, &out[pe], bytes);
	w->k->r->out_bytes += (uint64_t)bytes * pes;
	return true;
}

static bool finish_pixel(struct work *w, uint64_t pixel, const uint64_t *bits, const uint8_t *engine_flags)
{
	struct machine *k = w->k;
	unsigned pes = pes_of(w->t);
	const struct output_params *params = machine_params(k);
	uint32_t out[BITLET_MAX_PES];
	for (unsigned pe = 0; pe < pes; pe++) {
		int64_t v = machine_value(k, &w->stage, bits[pe]);
		k->r->flags |= engine_flags[pe];
		if (w->t->psum_in)
			v = output_accumulate(&w->stage, k->psum[pixel * k->c->pes + pe], v, &k->r->flags);
		if (w->t->psum_out)
			k->psum[pixel * k->c->pes + pe] = v;
		else
			out[pe] = output_finish(&w->stage, v, &params[pe], &k->r->flags);
	}
	k->r->outputs += pes;
	return w->t->psum_out || write_pixel(w, pixel, out);
}

/* A block of pixels has come. */
static bool compute_block(void *context, size_t rows)
{
	struct work *w = context;
	struct machine *k = w->k;
	size_t pes = pes_of(w->t), elements = (size_t)w->t->groups * k->c->n * w->m->pack;
	struct bitlet_operand *a = bitlet_operand_new(k->c, k->d, (unsigned)w->t->mode, BITLET_ACTIVATIONS, w->rows, rows, elements, (uint32_t)w->t->act_zero);
	bool good = a && bitlet_fast_multiply(w->w, a, k->threads ? k->threads : 1, w->bits, w->flags);
	bitlet_operand_free(a);
	if (!good)
		return false;
	k->r->groups += rows * (uint64_t)w->t->groups;
	for (size_t i = 0; i < rows && !w->write_failed; i++)
		w->write_failed = !finish_pixel(w, w->pixel + i, w->bits + i * pes, w->flags + i * pes);
	w->pixel += rows;
	return true;
}

/* ---- tiles ---- */

static bool stream_tile(struct work *w, size_t block, bool *memory)
{
	struct machine *k = w->k;
	const struct program_tile *t = w->t;
	struct stream_walk walk = stream_act(t, k->c->axi_address_bits);
	struct stream_count count = { 0, 0, 0 };
	struct stream_sink s = { .rows = w->rows, .room = block, .vector_bytes = (size_t)t->act_vector_bytes, .group_bytes = w->m->a_group_bytes,
	                         .groups = (size_t)t->groups, .vectors = (uint64_t)t->pixels, .full = compute_block, .context = w };
	for (unsigned i = 0; i < 4; i++)
		s.pattern[i] = (uint8_t)(t->act_fill >> (8 * i));
	enum stream_result r = stream_run(&walk, k->m, &s, &count);
	k->r->act_runs += count.runs;
	k->r->act_bytes += count.bytes;
	*memory = r != STREAM_MEMORY;
	if (r == STREAM_OUTSIDE && !w->write_failed)
		machine_bus_error(k, CHANNEL_ACT, count.bad);
	return r == STREAM_GOOD && !w->write_failed;
}

static bool compute_tile(struct machine *k, const struct program_tile *t, bool *memory)
{
	struct work w = { .k = k, .t = t, .m = &k->d->mode[t->mode], .stage = output_stage_of(k->c, t), .out = stream_out(t, k->c->axi_address_bits) };
	size_t row = (size_t)t->groups * w.m->a_group_bytes, block = BLOCK_BYTES / row + 1;
	if (block > (size_t)t->pixels)
		block = (size_t)t->pixels;
	w.w = weight_operand(k, t);
	w.rows = malloc(block * row);
	w.bits = malloc(block * pes_of(t) * sizeof *w.bits);
	w.flags = malloc(block * pes_of(t));
	*memory = w.w && w.rows && w.bits && w.flags;
	bool good = *memory && stream_tile(&w, block, memory);
	bitlet_operand_free(w.w);
	free(w.rows);
	free(w.bits);
	free(w.flags);
	return good;
}

bool machine_load(struct machine *k, const struct program_tile *t, bool *memory)
{
	return (!t->load_params || load_params(k, t)) && (!t->load_weights || load_weights(k, t, memory));
}

bool machine_tile(struct machine *k, const struct program_tile *t, bool *memory)
{
	k->r->tiles++;
	k->r->position = (uint32_t)t->layer | (uint32_t)t->tile << 16;
	return machine_load(k, t, memory) && compute_tile(k, t, memory);
}
