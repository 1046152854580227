#include "interpret.h"

#include <stdlib.h>
#include <string.h>

#include "fast.h"
#include "interpret_stream.h"
#include "output_math.h"
#include "program.h"

enum { BLOCK_BYTES = 4 << 20, MAX_SETS = 4 };

/* The core's memories. */
struct machine {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	struct image *m;
	unsigned threads;
	struct interpret_result *r;
	size_t group_room;          /* bytes of a group in the weight buffer */
	uint8_t *half[2];           /* [pes][tile_groups][group_room] */
	unsigned loads, param_loads;
	struct output_params *params; /* [MAX_SETS][pes] */
	int64_t *psum;              /* [psum_buffer][pes] */
};

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

static bool fail(struct machine *k, enum core_fault fault, enum core_channel channel, uint64_t address)
{
	k->r->error = (struct core_error){ fault, channel, address };
	return false;
}

static unsigned pes_of(const struct program_tile *t)
{
	return (unsigned)t->pes_less_1 + 1;
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

static bool bus_error(struct machine *k, enum core_channel channel, uint64_t address)
{
	return fail(k, CORE_FAULT_DECERR, channel, address / k->d->bus_bytes * k->d->bus_bytes);
}

/* Into the other half. *memory becomes false when the host has none. */
static bool load_weights(struct machine *k, const struct program_tile *t, bool *memory)
{
	const struct bitlet_mode *m = &k->d->mode[t->mode];
	size_t groups = (size_t)t->groups, row = groups * m->w_group_bytes;
	struct stream_walk w = stream_wgt(t, k->c->axi_address_bits);
	struct stream_count count = { 0, 0, 0 };
	struct stream_sink s = { .rows = malloc(row * pes_of(t)), .room = pes_of(t), .vector_bytes = (size_t)t->wgt_vector_bytes, .group_bytes = m->w_group_bytes,
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
	return r == STREAM_GOOD || bus_error(k, CHANNEL_WGT, count.bad);
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
			return bus_error(k, CHANNEL_WGT, address);
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
		return bus_error(w->k, CHANNEL_OUT, address);
	for (unsigned pe = 0; pe < pes; pe++)
		memcpy(to + (size_t)pe * bytes, &out[pe], bytes);
	w->k->r->out_bytes += (uint64_t)bytes * pes;
	return true;
}

static int64_t result_value(const struct work *w, uint64_t bits)
{
	return w->stage.is_float ? (int64_t)(uint32_t)bits : bitlet_result_value(w->k->d, bits);
}

static bool finish_pixel(struct work *w, uint64_t pixel, const uint64_t *bits, const uint8_t *engine_flags)
{
	struct machine *k = w->k;
	unsigned pes = pes_of(w->t);
	const struct output_params *params = &k->params[(k->param_loads + MAX_SETS - 1) % MAX_SETS * k->c->pes];
	uint32_t out[BITLET_MAX_PES];
	for (unsigned pe = 0; pe < pes; pe++) {
		int64_t v = result_value(w, bits[pe]);
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
	bool good = a && bitlet_fast_multiply(w->w, a, k->threads, w->bits, w->flags);
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
		bus_error(k, CHANNEL_ACT, count.bad);
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

static bool vector_fits(int64_t bytes, int64_t groups, unsigned group_bytes)
{
	return bytes > (groups - 1) * group_bytes && bytes <= groups * group_bytes;
}

static bool record_good(const struct machine *k, const struct program_tile *t)
{
	if (t->opcode != PROGRAM_TILE || t->mode >= k->d->modes || t->pes_less_1 >= k->c->pes || t->groups < 1 || t->groups > k->d->tile_groups || t->pixels < 1)
		return false;
	const struct bitlet_mode *m = &k->d->mode[t->mode];
	return vector_fits(t->act_vector_bytes, t->groups, m->a_group_bytes) && vector_fits(t->wgt_vector_bytes, t->groups, m->w_group_bytes) && t->act_run_bytes &&
	       t->wgt_run_bytes && t->out_run_bytes && (t->format == FORMAT_FP32 || !m->precision.is_float) &&
	       !((t->psum_in || t->psum_out) && t->pixels > k->c->psum_buffer) && t->rounding <= ROUND_HALF_UP;
}

static bool run_tile(struct machine *k, const struct program_tile *t, bool *memory)
{
	k->r->tiles++;
	k->r->position = (uint32_t)t->layer | (uint32_t)t->tile << 16;
	return (!t->load_params || load_params(k, t)) && (!t->load_weights || load_weights(k, t, memory)) && compute_tile(k, t, memory);
}

/* ---- program ---- */

/* One block; its CRC has been checked. */
static bool fetch(struct machine *k, uint64_t address, uint32_t *block)
{
	const uint8_t *at = image_at(k->m, address, PROGRAM_BLOCK_BYTES);
	if (!at)
		return bus_error(k, CHANNEL_PROGRAM, address);
	memcpy(block, at, PROGRAM_BLOCK_BYTES);
	return program_crc(block, PROGRAM_CRC_WORD) == block[PROGRAM_CRC_WORD] || fail(k, CORE_FAULT_CRC, CHANNEL_NONE, address);
}

static bool header_good(struct machine *k, const struct program_header *h, uint64_t address, uint32_t bytes)
{
	if (h->magic != PROGRAM_MAGIC)
		return fail(k, CORE_FAULT_MAGIC, CHANNEL_NONE, address);
	if (h->version != PROGRAM_VERSION)
		return fail(k, CORE_FAULT_VERSION, CHANNEL_NONE, address);
	if (h->hash_low != k->d->hash_low || h->hash_high != k->d->hash_high)
		return fail(k, CORE_FAULT_HASH, CHANNEL_NONE, address);
	if (h->bytes != bytes || h->bytes != ((uint64_t)h->tiles + 1) * PROGRAM_BLOCK_BYTES)
		return fail(k, CORE_FAULT_TRUNCATED, CHANNEL_NONE, address);
	return true;
}

static void run_program(struct machine *k, uint64_t address, uint32_t bytes, bool *memory)
{
	uint32_t block[PROGRAM_BLOCK_WORDS];
	struct program_header h;
	struct program_tile t;
	bool good = address % PROGRAM_BLOCK_BYTES ? fail(k, CORE_FAULT_ADDRESS, CHANNEL_NONE, address) : fetch(k, address, block);
	if (!good)
		return;
	program_get_header(block, &h);
	good = header_good(k, &h, address, bytes);
	for (uint32_t i = 0; good && i < h.tiles; i++) {
		address += PROGRAM_BLOCK_BYTES;
		good = fetch(k, address, block);
		if (!good)
			return;
		program_get_tile(block, &t);
		good = record_good(k, &t) ? run_tile(k, &t, memory) : fail(k, CORE_FAULT_RECORD, CHANNEL_NONE, address);
	}
}

bool interpret(const struct bitlet_config *c, const struct bitlet_derived *d, struct image *m, uint64_t address, uint32_t bytes, unsigned threads,
               struct interpret_result *r, struct fault *f)
{
	struct machine k = { .c = c, .d = d, .m = m, .threads = threads, .r = r, .group_room = (size_t)d->w_lines * d->bus_bytes };
	bool memory = true;
	memset(r, 0, sizeof *r);
	k.half[0] = calloc((size_t)c->pes * d->tile_groups, k.group_room);
	k.half[1] = calloc((size_t)c->pes * d->tile_groups, k.group_room);
	k.params = calloc((size_t)MAX_SETS * c->pes, sizeof *k.params);
	k.psum = calloc((size_t)c->psum_buffer * c->pes, sizeof *k.psum);
	memory = k.half[0] && k.half[1] && k.params && k.psum;
	if (memory)
		run_program(&k, address, bytes, &memory);
	free(k.half[0]);
	free(k.half[1]);
	free(k.params);
	free(k.psum);
	return memory || fault_set(f, "out of memory for the interpreter");
}
