#include "interpret_stream.h"

#include <string.h>

static uint64_t mask_of(unsigned bits)
{
	return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

struct stream_walk stream_act(const struct program_tile *t, unsigned address_bits)
{
	return (struct stream_walk){ .base = t->act_base, .address_mask = mask_of(address_bits), .run_bytes = (uint32_t)t->act_run_bytes,
	                             .merge_bytes = (uint32_t)t->act_merge_bytes, .merge_span = t->act_merge_span,
	                             .start = { t->act_start_0, t->act_start_1, t->act_start_2 }, .limit = { t->act_limit_0, t->act_limit_1, t->act_limit_2 },
	                             .loop = t->act_loop, .loops = PROGRAM_ACT_LOOPS, .clip = true };
}

struct stream_walk stream_wgt(const struct program_tile *t, unsigned address_bits)
{
	return (struct stream_walk){ .base = t->wgt_base, .address_mask = mask_of(address_bits), .run_bytes = (uint32_t)t->wgt_run_bytes, .loop = t->wgt_loop,
	                             .loops = PROGRAM_WGT_LOOPS };
}

struct stream_walk stream_out(const struct program_tile *t, unsigned address_bits)
{
	return (struct stream_walk){ .base = t->out_base, .address_mask = mask_of(address_bits), .run_bytes = (uint32_t)t->out_run_bytes, .loop = t->out_loop,
	                             .loops = PROGRAM_OUT_LOOPS };
}

/* ---- indices ---- */

static void indices(const struct stream_walk *w, uint64_t step, int64_t *index)
{
	for (unsigned d = 0; d < w->loops; d++) {
		uint64_t count = (uint64_t)w->loop[d].count_less_1 + 1;
		index[d] = (int64_t)(step % count);
		step /= count;
	}
}

uint64_t stream_steps(const struct stream_walk *w)
{
	uint64_t steps = 1;
	for (unsigned d = 0; d < w->loops; d++)
		steps *= (uint64_t)w->loop[d].count_less_1 + 1;
	return steps;
}

static uint64_t address_of(const struct stream_walk *w, const int64_t *index)
{
	uint64_t address = w->base;
	for (unsigned d = 0; d < w->loops; d++)
		address += (uint64_t)(index[d] * w->loop[d].stride);
	return address & w->address_mask;
}

uint64_t stream_address(const struct stream_walk *w, uint64_t i)
{
	int64_t index[PROGRAM_ACT_LOOPS];
	indices(w, i, index);
	return address_of(w, index);
}

/* Is the coordinate on that axis outside of the tensor? */
static bool outside_on(const struct stream_walk *w, const int64_t *index, unsigned axis, int64_t further)
{
	int64_t at = w->start[axis] + further;
	for (unsigned d = 0; d < w->loops; d++)
		if (w->loop[d].axis == axis)
			at += index[d] * w->loop[d].step;
	return at < 0 || at >= w->limit[axis];
}

static bool outside(const struct stream_walk *w, const int64_t *index)
{
	return w->clip && (outside_on(w, index, 0, 0) || outside_on(w, index, 1, 0) || outside_on(w, index, 2, 0));
}

/* At index 0 of loop 0: may all of loop 0 be one run? *fill says of what kind. */
static bool merges(const struct stream_walk *w, const int64_t *index, bool *fill)
{
	unsigned own = (unsigned)w->loop[0].axis;
	bool ends = false, others = false;
	for (unsigned axis = 0; axis < 3; axis++) {
		if (axis == own)
			ends = outside_on(w, index, axis, 0) || outside_on(w, index, axis, w->merge_span);
		else if (outside_on(w, index, axis, 0))
			others = true;
	}
	*fill = others;
	return others || !ends;
}

/* ---- vectors ---- */

/* Fills a row from sink->at to its end. */
static void fill_row(struct stream_sink *s, size_t bytes)
{
	uint8_t *row = s->rows + s->row * s->groups * s->group_bytes;
	for (; bytes > 0; bytes--, s->at++)
		row[s->at] = s->pattern[s->at % s->group_bytes % 4];
}

static bool end_vector(struct stream_sink *s)
{
	fill_row(s, s->groups * s->group_bytes - s->at);
	s->at = 0;
	s->row++;
	s->vectors--;
	if (s->row < s->room && s->vectors)
		return true;
	size_t rows = s->row;
	s->row = 0;
	return s->full(s->context, rows);
}

/* `bytes` bytes at data, or padding when data is NULL. */
static bool take(struct stream_sink *s, const uint8_t *data, size_t bytes)
{
	while (bytes && s->vectors) {
		size_t n = s->vector_bytes - s->at < bytes ? s->vector_bytes - s->at : bytes;
		if (data) {
			memcpy(s->rows + s->row * s->groups * s->group_bytes + s->at, data, n);
			data += n;
			s->at += n;
		} else {
			fill_row(s, n);
		}
		bytes -= n;
		if (s->at == s->vector_bytes && !end_vector(s))
			return false;
	}
	return true;
}

/* First byte of a stretch that is not in the image. */
static uint64_t first_outside(const struct image *m, uint64_t address, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (!image_at(m, address + i, 1))
			return address + i;
	return address;
}

static enum stream_result one_run(const struct image *m, struct stream_sink *s, struct stream_count *count, bool fill, uint64_t address, size_t bytes)
{
	const uint8_t *data = NULL;
	if (!fill) {
		count->runs++;
		count->bytes += bytes;
		data = image_at(m, address, bytes);
		if (!data) {
			count->bad = first_outside(m, address, bytes);
			return STREAM_OUTSIDE;
		}
	}
	return take(s, data, bytes) ? STREAM_GOOD : STREAM_MEMORY;
}

enum stream_result stream_run(const struct stream_walk *w, const struct image *m, struct stream_sink *s, struct stream_count *count)
{
	uint64_t steps = stream_steps(w), inner = (uint64_t)w->loop[0].count_less_1 + 1;
	int64_t index[PROGRAM_ACT_LOOPS];
	for (uint64_t i = 0; i < steps && s->vectors;) {
		bool fill = false;
		indices(w, i, index);
		bool whole = w->merge_bytes && index[0] == 0 && merges(w, index, &fill);
		if (!whole)
			fill = outside(w, index);
		enum stream_result r = one_run(m, s, count, fill, address_of(w, index), whole ? w->merge_bytes : w->run_bytes);
		if (r != STREAM_GOOD)
			return r;
		i += whole ? inner : 1;
	}
	return STREAM_GOOD;
}
