#include "interpret.h"

#include <stdlib.h>
#include <string.h>

#include "interpret_window.h"

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

/* ---- program ---- */

/* One block; its CRC has been checked. */
static bool fetch(struct machine *k, uint64_t address, uint32_t *block)
{
	const uint8_t *at = image_at(k->m, address, PROGRAM_BLOCK_BYTES);
	if (!at)
		return machine_bus_error(k, CHANNEL_PROGRAM, address);
	memcpy(block, at, PROGRAM_BLOCK_BYTES);
	return program_crc(block, PROGRAM_CRC_WORD) == block[PROGRAM_CRC_WORD] || machine_fail(k, CORE_FAULT_CRC, CHANNEL_NONE, address);
}

static bool header_good(struct machine *k, const struct program_header *h, uint64_t address, uint32_t bytes)
{
	if (h->magic != PROGRAM_MAGIC)
		return machine_fail(k, CORE_FAULT_MAGIC, CHANNEL_NONE, address);
	if (h->version != PROGRAM_VERSION)
		return machine_fail(k, CORE_FAULT_VERSION, CHANNEL_NONE, address);
	if (h->hash_low != k->d->hash_low || h->hash_high != k->d->hash_high)
		return machine_fail(k, CORE_FAULT_HASH, CHANNEL_NONE, address);
	if (h->bytes != bytes || h->bytes != ((uint64_t)h->tiles + 1) * PROGRAM_BLOCK_BYTES)
		return machine_fail(k, CORE_FAULT_TRUNCATED, CHANNEL_NONE, address);
	return true;
}

/* The good records from number `first` on that can be done together; how many. */
static size_t look_ahead(const struct machine *k, struct window *w, uint64_t program, uint32_t first, uint32_t tiles)
{
	struct program_tile t;
	window_start(w, program, ((uint64_t)tiles + 1) * PROGRAM_BLOCK_BYTES);
	for (uint32_t i = first; i < tiles; i++) {
		const uint8_t *at = image_at(k->m, program + ((uint64_t)i + 1) * PROGRAM_BLOCK_BYTES, PROGRAM_BLOCK_BYTES);
		uint32_t block[PROGRAM_BLOCK_WORDS];
		if (!at)
			break;
		memcpy(block, at, sizeof block);
		if (program_crc(block, PROGRAM_CRC_WORD) != block[PROGRAM_CRC_WORD])
			break;
		program_get_tile(block, &t);
		if (!record_good(k, &t) || !window_add(w, &t))
			break;
	}
	return window_close(w);
}

static bool run_one(struct machine *k, uint64_t address, bool *memory)
{
	uint32_t block[PROGRAM_BLOCK_WORDS];
	struct program_tile t;
	if (!fetch(k, address, block))
		return false;
	program_get_tile(block, &t);
	return record_good(k, &t) ? machine_tile(k, &t, memory) : machine_fail(k, CORE_FAULT_RECORD, CHANNEL_NONE, address);
}

static void run_tiles(struct machine *k, uint64_t program, uint32_t tiles, bool *memory)
{
	struct window *w = k->threads ? window_new(k) : NULL;
	bool good = *memory = w || !k->threads;
	for (uint32_t i = 0; good && i < tiles;) {
		size_t together = w ? look_ahead(k, w, program, i, tiles) : 0;
		if (together)
			good = *memory = window_run(w, k);
		else
			good = run_one(k, program + ((uint64_t)i + 1) * PROGRAM_BLOCK_BYTES, memory);
		i += together ? (uint32_t)together : 1;
	}
	window_free(w);
}

static void run_program(struct machine *k, uint64_t address, uint32_t bytes, bool *memory)
{
	uint32_t block[PROGRAM_BLOCK_WORDS];
	struct program_header h;
	bool good = address % PROGRAM_BLOCK_BYTES ? machine_fail(k, CORE_FAULT_ADDRESS, CHANNEL_NONE, address) : fetch(k, address, block);
	if (!good)
		return;
	program_get_header(block, &h);
	if (header_good(k, &h, address, bytes))
		run_tiles(k, address, h.tiles, memory);
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
