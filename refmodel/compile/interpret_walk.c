#include "interpret_walk.h"

#include <string.h>

/* All loops but loop 0, counted up one by one. */
struct odometer {
	const struct stream_walk *w;
	int64_t index[PROGRAM_ACT_LOOPS];
	int64_t offset;             /* address at index 0 of loop 0, less the base */
	int64_t at[PROGRAM_AXIS_NONE + 1]; /* coordinates there; the last one is nobody's */
};

static int64_t count_of(const struct stream_walk *w, unsigned loop)
{
	return w->loop[loop].count_less_1 + 1;
}

static struct odometer odometer_at(const struct stream_walk *w, uint64_t step)
{
	struct odometer o = { .w = w, .at = { w->start[0], w->start[1], w->start[2], 0 } };
	for (unsigned d = 1; d < w->loops; d++) {
		o.index[d] = (int64_t)(step % (uint64_t)count_of(w, d));
		step /= (uint64_t)count_of(w, d);
		o.offset += o.index[d] * w->loop[d].stride;
		o.at[w->loop[d].axis] += o.index[d] * w->loop[d].step;
	}
	return o;
}

static void odometer_next(struct odometer *o)
{
	for (unsigned d = 1; d < o->w->loops; d++) {
		const struct program_loop *l = &o->w->loop[d];
		o->offset += l->stride;
		o->at[l->axis] += l->step;
		if (o->index[d]++ < l->count_less_1)
			return;
		o->offset -= l->stride * o->index[d];
		o->at[l->axis] -= l->step * o->index[d];
		o->index[d] = 0;
	}
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return a / b + (a % b > 0);
}

/* Elements first .. last - 1 of loop 0 lie in the tensor. */
static void inside(const struct odometer *o, int64_t *first, int64_t *last)
{
	const struct stream_walk *w = o->w;
	const struct program_loop *l = &w->loop[0];
	int64_t count = count_of(w, 0), low = 0, high = count;
	for (unsigned axis = 0; axis < PROGRAM_AXIS_NONE; axis++) {
		int64_t at = o->at[axis], limit = w->limit[axis], step = l->axis == axis ? l->step : 0;
		if (step == 0 && (at < 0 || at >= limit))
			high = 0;
		if (step > 0) {
			low = at < 0 ? ceil_div(-at, step) : 0;
			high = at < limit && ceil_div(limit - at, step) < high ? ceil_div(limit - at, step) : at < limit ? high : 0;
		} else if (step < 0) {
			low = at >= limit ? ceil_div(at - limit + 1, -step) : 0;
			high = at >= 0 && at / -step + 1 < high ? at / -step + 1 : at >= 0 ? high : 0;
		}
	}
	*first = low < high ? low : 0;
	*last = low < high ? high : 0;
}

static uint64_t rows_of(const struct stream_walk *w)
{
	return stream_steps(w) / (uint64_t)count_of(w, 0);
}

bool walk_is_regular(const struct stream_walk *w, uint64_t bytes)
{
	const struct program_loop *l = &w->loop[0];
	int64_t count = count_of(w, 0);
	uint64_t steps = stream_steps(w);
	bool merges = w->merge_bytes == (uint64_t)w->run_bytes * (uint64_t)count && w->merge_span == l->step * (count - 1) && l->stride == w->run_bytes;
	return (!w->merge_bytes || merges) && steps == bytes / w->run_bytes && bytes % w->run_bytes == 0;
}

/* How many runs memory sees for the elements of loop 0 that are inside. */
static uint64_t runs_of(const struct stream_walk *w, int64_t elements)
{
	return w->merge_bytes && elements == count_of(w, 0) ? 1 : (uint64_t)elements;
}

struct walk_extent walk_extent_of(const struct stream_walk *w)
{
	struct walk_extent e = { 0, 0, INT64_MAX, INT64_MIN };
	struct odometer o = odometer_at(w, 0);
	int64_t stride = w->loop[0].stride;
	for (uint64_t rows = rows_of(w); rows > 0; rows--, odometer_next(&o)) {
		int64_t first, last;
		inside(&o, &first, &last);
		if (first >= last)
			continue;
		int64_t a = o.offset + first * stride, b = o.offset + (last - 1) * stride;
		e.runs += runs_of(w, last - first);
		e.bytes += (uint64_t)(last - first) * w->run_bytes;
		e.low = (a < b ? a : b) < e.low ? (a < b ? a : b) : e.low;
		e.high = (a < b ? b : a) + w->run_bytes > e.high ? (a < b ? b : a) + w->run_bytes : e.high;
	}
	return e;
}

/* ---- rows */

struct filler {
	const struct walk_rows *shape;
	uint8_t *row;
	size_t at;                  /* bytes of the row that came */
	size_t left;                /* vectors */
	uint64_t skip;              /* bytes that belong to vectors before */
};

static void fill(struct filler *f, size_t bytes)
{
	memcpy(f->row + f->at, f->shape->padding + f->at, bytes);
	f->at += bytes;
}

/* `bytes` bytes at data, padding when data is NULL. */
static void put(struct filler *f, const uint8_t *data, uint64_t bytes)
{
	if (f->skip) {
		uint64_t n = f->skip < bytes ? f->skip : bytes;
		f->skip -= n;
		bytes -= n;
		data = data ? data + n : NULL;
	}
	while (bytes && f->left) {
		size_t room = f->shape->vector_bytes - f->at, n = room < bytes ? room : (size_t)bytes;
		if (data) {
			memcpy(f->row + f->at, data, n);
			data += n;
			f->at += n;
		} else {
			fill(f, n);
		}
		bytes -= n;
		if (f->at == f->shape->vector_bytes) {
			fill(f, f->shape->row_bytes - f->at);
			f->row += f->shape->row_bytes;
			f->at = 0;
			f->left--;
		}
	}
}

/* Elements first .. last - 1 of loop 0, not none of them; `at` is the address of index 0. */
static void put_elements(struct filler *f, const struct stream_walk *w, const struct image *m, uint64_t at, int64_t first, int64_t last)
{
	int64_t stride = w->loop[0].stride;
	const uint8_t *data = m->data + (at + (uint64_t)(first * stride) - m->base);
	if (stride == w->run_bytes) {
		put(f, data, (uint64_t)(last - first) * w->run_bytes);
		return;
	}
	for (int64_t i = first; i < last; i++)
		put(f, data + (i - first) * stride, w->run_bytes);
}

void walk_gather(const struct stream_walk *w, const struct image *m, const struct walk_rows *shape, uint64_t first, size_t count, uint8_t *rows)
{
	uint64_t row_bytes = (uint64_t)count_of(w, 0) * w->run_bytes, from = first * shape->vector_bytes;
	struct filler f = { .shape = shape, .row = rows, .left = count, .skip = from % row_bytes };
	struct odometer o = odometer_at(w, from / row_bytes);
	for (; f.left; odometer_next(&o)) {
		int64_t low, high;
		inside(&o, &low, &high);
		put(&f, NULL, (uint64_t)low * w->run_bytes);
		if (low < high)
			put_elements(&f, w, m, w->base + (uint64_t)o.offset, low, high);
		put(&f, NULL, (uint64_t)(count_of(w, 0) - high) * w->run_bytes);
	}
}
