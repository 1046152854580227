#include "tile_units.h"

#include <stdlib.h>
#include <string.h>

#include "interpret_stream.h"
#include "program_read.h"

enum { TILE_CYCLES = 100 };         /* of a tile beside its work, as compile_layer() estimates */

static uint64_t max2(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* ---- cutting ---- */

static uint64_t tile_cycles(const struct bitlet_config *c, const struct bitlet_derived *d, const struct program_tile *t)
{
	const struct bitlet_mode *m = &d->mode[t->mode];
	uint64_t group = max2(max2(d->group_cycles, c->n / 2), 1), pes = (uint64_t)t->pes_less_1 + 1, pixels = (uint64_t)t->pixels;
	uint64_t array = pixels * (uint64_t)t->groups * group, load = pixels * (uint64_t)t->act_vector_bytes / d->bus_bytes;
	uint64_t out = pixels * ((pes + c->output_lanes - 1) / c->output_lanes);
	uint64_t weights = t->load_weights ? pes * (uint64_t)t->groups * m->w_group_bytes / d->bus_bytes : 0;
	return max2(max2(max2(array, load), out), weights) + TILE_CYCLES;
}

static bool same_weights(const struct program_tile *a, const struct program_tile *b)
{
	return a->mode == b->mode && a->pes_less_1 == b->pes_less_1 && a->groups == b->groups && a->wgt_base == b->wgt_base &&
	       a->wgt_vector_bytes == b->wgt_vector_bytes && a->wgt_run_bytes == b->wgt_run_bytes && !memcmp(a->wgt_loop, b->wgt_loop, sizeof a->wgt_loop);
}

static bool same_params(const struct program_tile *a, const struct program_tile *b)
{
	return a->pes_less_1 == b->pes_less_1 && a->params_base == b->params_base;
}

/* What the records before a record have left: which weights, which parameters. */
struct loaded {
	struct program_tile before; /* the record before; valid when index > 0 */
	struct program_tile weights, params;
	bool has_weights, has_params;
};

/* May the record stand behind these, and could it load what it uses? */
static bool check_tile(struct loaded *l, const struct program_tile *t, uint32_t index, const struct bitlet_derived *d, struct fault *f)
{
	if (t->opcode != PROGRAM_TILE || t->mode >= d->modes)
		return fault_set(f, "record %u of the program is damaged", index);
	if (index && t->wait)
		return fault_set(f, "record %u of the program waits for those before it; expected the program of one layer", index);
	if (t->psum_in && (!index || !l->before.psum_out || l->before.pixels != t->pixels || l->before.pes_less_1 != t->pes_less_1))
		return fault_set(f, "record %u of the program adds partial sums that the record before it does not leave", index);
	if (t->load_weights)
		l->weights = *t;
	if (t->load_params)
		l->params = *t;
	l->has_weights |= t->load_weights != 0;
	l->has_params |= t->load_params != 0;
	l->before = *t;
	if (l->has_weights && l->has_params && same_weights(&l->weights, t) && same_params(&l->params, t))
		return true;
	return fault_set(f, "record %u of the program uses weights or parameters that its fields do not name", index);
}

bool tile_units_of(const struct bitlet_config *c, const struct bitlet_derived *d, const struct image *m, uint64_t program, uint32_t bytes,
                   struct tile_units *u, struct fault *f)
{
	struct loaded l = { .has_weights = false };
	struct program_tile t;
	*u = (struct tile_units){ .tiles = program_records(m, program, bytes, f) };
	u->unit = u->tiles ? calloc(u->tiles, sizeof *u->unit) : NULL;
	if (u->tiles && !u->unit)
		fault_set(f, "out of memory for a program's units");
	bool good = u->unit != NULL;
	for (uint32_t i = 0; good && i < u->tiles; i++) {
		good = program_record(m, program, i, &t, f) && check_tile(&l, &t, i, d, f);
		if (!good)
			break;
		if (!t.psum_in)
			u->unit[u->count++].first = i;
		u->unit[u->count - 1].count++;
		u->unit[u->count - 1].estimate += tile_cycles(c, d, &t);
	}
	if (!good)
		tile_units_free(u);
	return good;
}

void tile_units_free(struct tile_units *u)
{
	free(u->unit);
	*u = (struct tile_units){ .unit = NULL };
}

/* ---- a program of some units ---- */

/* The records of a unit behind the `tiles` that are there. */
static bool append(const uint32_t *from, uint32_t *to, const struct tile_unit *unit, uint32_t tiles, bool load, struct fault *f)
{
	const uint32_t *source = from + ((size_t)unit->first + 1) * PROGRAM_BLOCK_WORDS;
	uint32_t *goal = to + ((size_t)tiles + 1) * PROGRAM_BLOCK_WORDS;
	memcpy(goal, source, (size_t)unit->count * PROGRAM_BLOCK_BYTES);
	if (!load)
		return true;
	struct program_tile t;
	program_get_tile(source, &t);
	t.load_weights = t.load_params = 1;
	return program_put_tile(goal, &t) || fault_set(f, "a record of the program is damaged");
}

static bool put_units(const struct tile_units *u, const uint32_t *from, uint32_t *to, const uint32_t *unit, size_t count, uint32_t *tiles, struct fault *f)
{
	*tiles = 0;
	for (size_t i = 0; i < count; i++) {
		if (unit[i] >= u->count)
			return fault_set(f, "there is no unit %u in a program of %u", unit[i], u->count);
		const struct tile_unit *at = &u->unit[unit[i]];
		if (at->count > u->tiles - *tiles)
			return fault_set(f, "the units have more records than the program");
		if (!append(from, to, at, *tiles, i ? unit[i] != unit[i - 1] + 1 : unit[i] != 0, f))
			return false;
		*tiles += at->count;
	}
	return true;
}

bool tile_units_keep(const struct tile_units *u, struct image *m, uint64_t program, const uint32_t *unit, size_t count, uint32_t *bytes, struct fault *f)
{
	struct program_header h;
	size_t room = ((size_t)u->tiles + 1) * PROGRAM_BLOCK_BYTES;
	uint8_t *at = image_at(m, program, room);
	uint32_t *from = malloc(room), *to = calloc(1, room), tiles = 0;
	bool good = at && from && to;
	if (!good)
		fault_set(f, at ? "out of memory for a program's units" : "the program is outside of the image");
	if (good) {
		memcpy(from, at, room);
		good = put_units(u, from, to, unit, count, &tiles, f);
	}
	if (good) {
		program_get_header(from, &h);
		h.tiles = tiles;
		h.bytes = *bytes = (tiles + 1) * PROGRAM_BLOCK_BYTES;
		program_put_header(to, &h);
		memcpy(at, to, room);
	}
	free(from);
	free(to);
	return good;
}

/* ---- outputs ---- */

static bool spoil_tile(const struct program_tile *t, unsigned address_bits, struct image *m, struct fault *f)
{
	static const unsigned element[] = { [FORMAT_INT8] = 1, [FORMAT_INT16] = 2, [FORMAT_INT32] = 4, [FORMAT_FP32] = 4 };
	const struct stream_walk w = stream_out(t, address_bits);
	size_t bytes = (size_t)(t->pes_less_1 + 1) * element[t->format];
	for (uint64_t pixel = 0; pixel < (uint64_t)t->pixels; pixel++) {
		uint8_t *at = image_at(m, stream_address(&w, pixel), bytes);
		if (!at)
			return fault_set(f, "a record of the program writes outside of the image");
		for (size_t i = 0; i < bytes; i++)
			at[i] = (uint8_t)~at[i];
	}
	return true;
}

bool tile_units_spoil(const struct tile_units *u, const struct bitlet_config *c, struct image *m, uint64_t program, const uint32_t *unit, size_t count,
                      struct fault *f)
{
	struct program_tile t;
	for (size_t i = 0; i < count; i++) {
		if (unit[i] >= u->count)
			return fault_set(f, "there is no unit %u in a program of %u", unit[i], u->count);
		const struct tile_unit *at = &u->unit[unit[i]];
		for (uint32_t k = at->first; k < at->first + at->count; k++)
			if (!program_record(m, program, k, &t, f) || (!t.psum_out && !spoil_tile(&t, c->axi_address_bits, m, f)))
				return false;
	}
	return true;
}
