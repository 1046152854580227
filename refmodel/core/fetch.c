#include "fetch.h"

#include <string.h>

#define RESIDUE UINT32_C(0xdebb20e3) /* CRC register behind a block and its own CRC */

void fetch_init(struct fetch *f, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(f, 0, sizeof *f);
	f->c = c;
	f->d = d;
}

void fetch_reset(struct fetch *f)
{
	f->state = FETCH_IDLE;
	f->fault = CORE_FAULT_NONE;
}

static uint64_t address_mask(const struct fetch *f)
{
	return UINT64_MAX >> (64 - f->c->axi_address_bits);
}

void fetch_out(const struct fetch *f, struct fetch_out *out)
{
	unsigned bus_words = f->d->bus_bytes / 4;
	out->run_valid = f->state == FETCH_REQUEST;
	out->run = (struct core_run){ .last = true, .tag = 1, .address = f->address & address_mask(f), .bytes = PROGRAM_BLOCK_BYTES };
	out->beat_ready = f->state == FETCH_READ && f->word % bus_words == bus_words - 1;
	out->record_valid = f->state == FETCH_HOLD;
	out->record = &f->tile;
	out->finished = f->state == FETCH_END;
	out->fault = f->fault;
	out->fault_address = f->address;
}

static enum core_fault check_header(const struct fetch *f)
{
	struct program_header h;
	program_get_header(f->block, &h);
	if (h.magic != PROGRAM_MAGIC)
		return CORE_FAULT_MAGIC;
	if (h.version != PROGRAM_VERSION)
		return CORE_FAULT_VERSION;
	if (h.hash_low != f->d->hash_low || h.hash_high != f->d->hash_high)
		return CORE_FAULT_HASH;
	if (f->bytes != h.bytes || h.bytes != PROGRAM_BLOCK_BYTES * ((uint64_t)h.tiles + 1))
		return CORE_FAULT_TRUNCATED;
	return CORE_FAULT_NONE;
}

/* Does a vector of so many bytes end in its last group? */
static bool fits_groups(int64_t bytes, int64_t groups, int64_t group_bytes)
{
	return bytes > (groups - 1) * group_bytes && bytes <= groups * group_bytes;
}

static bool good_shape(const struct fetch *f, const struct program_tile *t)
{
	const struct bitlet_mode *m = &f->d->mode[t->mode];
	return t->groups >= 1 && t->groups <= f->d->tile_groups && t->pixels >= 1 &&
	       fits_groups(t->act_vector_bytes, t->groups, m->a_group_bytes) && fits_groups(t->wgt_vector_bytes, t->groups, m->w_group_bytes) &&
	       t->act_run_bytes >= 1 && t->wgt_run_bytes >= 1 && t->out_run_bytes >= 1;
}

static bool good_output(const struct fetch *f, const struct program_tile *t)
{
	bool psum = t->psum_in || t->psum_out;
	return (t->format == FORMAT_FP32 || !f->d->mode[t->mode].precision.is_float) && t->rounding <= ROUND_HALF_UP &&
	       !(psum && t->pixels > f->c->psum_buffer);
}

static enum core_fault check_record(const struct fetch *f)
{
	const struct program_tile *t = &f->tile;
	bool good = t->opcode == PROGRAM_TILE && t->mode < f->d->modes && t->pes_less_1 < f->c->pes && good_shape(f, t) && good_output(f, t);
	return good ? CORE_FAULT_NONE : CORE_FAULT_RECORD;
}

static enum core_fault check_block(const struct fetch *f)
{
	if (f->crc != RESIDUE)
		return CORE_FAULT_CRC;
	return f->header ? check_header(f) : check_record(f);
}

static void start(struct fetch *f, const struct fetch_in *in)
{
	f->address = in->program_address;
	f->bytes = in->program_bytes;
	f->header = true;
	f->fault = in->program_address % PROGRAM_BLOCK_BYTES ? CORE_FAULT_ADDRESS : CORE_FAULT_NONE;
	f->state = f->fault ? FETCH_FAULT : FETCH_REQUEST;
}

static void request(struct fetch *f)
{
	f->word = 0;
	f->crc = UINT32_MAX;
	f->state = FETCH_READ;
}

static void read_word(struct fetch *f, const struct core_beat *beat)
{
	uint32_t word = 0;
	const uint8_t *lane = beat->data + 4 * f->word % f->d->bus_bytes;
	for (unsigned i = 0; i < 4; i++)
		word |= (uint32_t)lane[i] << (8 * i);
	f->crc = program_crc_word(f->crc, word);
	f->block[f->word++] = word;
	if (f->word == PROGRAM_BLOCK_WORDS) {
		program_get_tile(f->block, &f->tile);
		f->state = FETCH_MULTIPLY;
	}
}

static void judge(struct fetch *f)
{
	f->fault = check_block(f);
	if (f->fault) {
		f->state = FETCH_FAULT;
	} else if (!f->header) {
		f->state = FETCH_HOLD;
	} else {
		struct program_header h;
		program_get_header(f->block, &h);
		f->header = false;
		f->tiles = h.tiles;
		f->address += PROGRAM_BLOCK_BYTES;
		f->state = f->tiles ? FETCH_REQUEST : FETCH_END;
	}
}

static void next_record(struct fetch *f)
{
	f->address += PROGRAM_BLOCK_BYTES;
	f->state = --f->tiles ? FETCH_REQUEST : FETCH_END;
}

void fetch_clock(struct fetch *f, const struct fetch_in *in)
{
	if (f->state == FETCH_IDLE && in->start)
		start(f, in);
	else if (f->state == FETCH_REQUEST && in->run_ready)
		request(f);
	else if (f->state == FETCH_READ && in->beat_valid)
		read_word(f, &in->beat);
	else if (f->state == FETCH_MULTIPLY)
		f->state = FETCH_CHECK;
	else if (f->state == FETCH_CHECK)
		judge(f);
	else if (f->state == FETCH_HOLD && in->record_take)
		next_record(f);
}
