#include "program_groups.h"

#include <stdlib.h>
#include <string.h>

#include "interpret_stream.h"

static unsigned pes_of(const struct program_tile *t)
{
	return (unsigned)t->pes_less_1 + 1;
}

/* ---- the records ---- */

static bool add_record(struct program_groups *p, uint64_t program, uint32_t index, struct fault *f)
{
	struct program_tile *t = &p->record[index];
	if (!program_record(p->image, program, index, t, f))
		return false;
	if (t->opcode != PROGRAM_TILE || t->mode >= p->derived->modes || pes_of(t) > p->config->pes || t->groups < 1 || t->pixels < 1)
		return fault_set(f, "record %u of the program is damaged", index);
	p->before[index] = p->outputs;
	p->outputs += (uint64_t)t->pixels;
	p->groups += (uint64_t)t->pixels * (uint64_t)t->groups;
	p->before[index + 1] = p->outputs;
	return true;
}

bool program_groups_of(const struct bitlet_config *c, const struct bitlet_derived *d, const struct image *m, uint64_t program, uint32_t bytes,
                       struct program_groups *p, struct fault *f)
{
	*p = (struct program_groups){ .config = c, .derived = d, .image = m, .records = program_records(m, program, bytes, f) };
	bool good = p->records > 0;
	if (good) {
		p->record = calloc(p->records, sizeof *p->record);
		p->before = calloc((size_t)p->records + 1, sizeof *p->before);
		good = (p->record && p->before) || fault_set(f, "out of memory for %u records", p->records);
	}
	for (uint32_t i = 0; good && i < p->records; i++)
		good = add_record(p, program, i, f);
	if (!good)
		program_groups_free(p);
	return good;
}

void program_groups_free(struct program_groups *p)
{
	free(p->record);
	free(p->before);
	*p = (struct program_groups){ .record = NULL };
}

/* Which outputs of record `index` are among first .. first + count - 1? False: none. */
static bool overlap(const struct program_groups *p, uint32_t index, uint64_t first, uint64_t count, uint64_t *low, uint64_t *high)
{
	*low = first > p->before[index] ? first : p->before[index];
	*high = first + count < p->before[index + 1] ? first + count : p->before[index + 1];
	return *low < *high;
}

uint64_t program_groups_count(const struct program_groups *p, uint64_t first, uint64_t count)
{
	uint64_t groups = 0, low, high;
	for (uint32_t i = 0; i < p->records; i++)
		if (overlap(p, i, first, count, &low, &high))
			groups += (high - low) * (uint64_t)p->record[i].groups;
	return groups;
}

/* ---- their bytes ---- */

/* A record on its way. */
struct reading {
	const struct program_tile *tile;
	uint8_t *act, *wgt;
	uint64_t skip;              /* pixels before the first that is wanted */
	program_groups_take *take;
	void *context;
	bool ended;                 /* by `take` */
};

static bool weights_done(void *context, size_t rows)
{
	(void)context;
	(void)rows;
	return true;
}

static bool pixel_done(void *context, size_t rows)
{
	struct reading *r = context;
	(void)rows;
	if (r->skip) {
		r->skip--;
		return true;
	}
	r->ended = !r->take(r->context, r->tile, r->act, r->wgt);
	return !r->ended;
}

/* Every record of a compiled layer says where its weights are, whether it loads them or not (tile_units.h). */
static enum stream_result read_weights(const struct program_groups *p, const struct reading *r)
{
	const struct program_tile *t = r->tile;
	struct stream_walk walk = stream_wgt(t, p->config->axi_address_bits);
	struct stream_count count = { 0, 0, 0 };
	struct stream_sink s = { .rows = r->wgt, .room = pes_of(t), .vector_bytes = (size_t)t->wgt_vector_bytes,
	                         .group_bytes = p->derived->mode[t->mode].w_group_bytes, .groups = (size_t)t->groups, .vectors = pes_of(t), .full = weights_done };
	return stream_run(&walk, p->image, &s, &count);
}

static enum stream_result read_pixels(const struct program_groups *p, struct reading *r, uint64_t pixels)
{
	const struct program_tile *t = r->tile;
	struct stream_walk walk = stream_act(t, p->config->axi_address_bits);
	struct stream_count count = { 0, 0, 0 };
	struct stream_sink s = { .rows = r->act, .room = 1, .vector_bytes = (size_t)t->act_vector_bytes, .group_bytes = p->derived->mode[t->mode].a_group_bytes,
	                         .groups = (size_t)t->groups, .vectors = pixels, .full = pixel_done, .context = r };
	for (unsigned i = 0; i < 4; i++)
		s.pattern[i] = (uint8_t)(t->act_fill >> (8 * i));
	return stream_run(&walk, p->image, &s, &count);
}

/* Pixels low .. high - 1 of a record. */
static bool read_record(const struct program_groups *p, const struct program_tile *t, uint64_t low, uint64_t high, program_groups_take *take, void *context,
                        struct fault *f)
{
	const struct bitlet_mode *m = &p->derived->mode[t->mode];
	struct reading r = { .tile = t, .skip = low, .take = take, .context = context, .act = malloc((size_t)t->groups * m->a_group_bytes),
	                     .wgt = calloc(pes_of(t), (size_t)t->groups * m->w_group_bytes) };
	enum stream_result result = r.act && r.wgt ? read_weights(p, &r) : STREAM_MEMORY;
	if (result == STREAM_GOOD)
		result = read_pixels(p, &r, high);
	free(r.act);
	free(r.wgt);
	if (result == STREAM_GOOD || r.ended)
		return !r.ended;
	return fault_set(f, result == STREAM_OUTSIDE ? "an operand of the program is outside of the image" : "out of memory for a record's operands");
}

bool program_groups_read(const struct program_groups *p, uint64_t first, uint64_t count, program_groups_take *take, void *context, struct fault *f)
{
	uint64_t low, high;
	for (uint32_t i = 0; i < p->records; i++)
		if (overlap(p, i, first, count, &low, &high) &&
		    !read_record(p, &p->record[i], low - p->before[i], high - p->before[i], take, context, f))
			return false;
	return true;
}
