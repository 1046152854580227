#include "tile_box.h"

#include "tile_walk.h"

enum { CLIP_SPAN = 32000 };     /* coordinates that a clipped axis spans within a tile, at most */

static uint32_t min2(uint64_t a, uint64_t b) { return (uint32_t)(a < b ? a : b); }
static uint64_t max2(uint64_t a, uint64_t b) { return a > b ? a : b; }
static uint64_t ceil_div(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

/* No kernel, no stride, no padding: outputs lie as inputs do. */
static bool is_plain(const struct plan_axis *a)
{
	return a->taps == 1 && !a->start && a->step == 1 && a->in == a->out && !a->out_first && a->out_inc == 1;
}

void box_join_axes(struct plan_phase *p)
{
	for (unsigned i = 0; i + 1 < PLAN_AXES; i++) {
		struct plan_axis *a = &p->axis[i], *b = a + 1;
		if (!is_plain(a) || !is_plain(b))
			continue;
		b->in = b->out = b->out_extent = a->in * b->in;
		a->in = a->out = a->out_extent = 1;
	}
}

static bool axis_clips(const struct plan_axis *a)
{
	int64_t last = a->start + (int64_t)(a->out - 1) * a->step + ((int64_t)a->taps - 1) * a->tap_step;
	return a->taps && (a->start < 0 || last >= a->in);
}

/* Most outputs of an axis that one record can walk over; 0: not even one. */
static uint32_t axis_limit(const struct plan_axis *a)
{
	int64_t reach = ((int64_t)a->taps - 1) * a->tap_step;
	if (!axis_clips(a))
		return WALK_MAX_COUNT;
	return reach > CLIP_SPAN ? 0 : min2((uint64_t)((CLIP_SPAN - reach) / a->step + 1), WALK_MAX_COUNT);
}

bool box_sizes(const struct build *b, const struct plan_phase *p, uint64_t pixels, uint32_t size[PLAN_AXES])
{
	uint64_t row_bytes = (uint64_t)b->t->in_channels * b->m->a_bytes;
	for (unsigned i = 0; i < PLAN_AXES; i++) {
		const struct plan_axis *a = &p->axis[i];
		uint64_t limit = min2(axis_limit(a), pixels);
		if (!limit)
			return fault_set(b->f, "the kernel reaches over more than %d elements beside padding; expected less", CLIP_SPAN);
		if (is_plain(a) && a->out * row_bytes > WALK_MAX_RUN)
			limit = min2(limit, max2(WALK_MAX_RUN / row_bytes, 256)); /* so that they can be one run */
		size[i] = (uint32_t)ceil_div(a->out, ceil_div(a->out, limit));
		pixels = size[i] == a->out ? pixels / size[i] : 1;
	}
	return true;
}

bool box_at(const struct plan_phase *p, const uint32_t size[PLAN_AXES], uint64_t index, struct box *box)
{
	for (unsigned i = 0; i < PLAN_AXES; i++) {
		uint32_t out = p->axis[i].out, count = (uint32_t)ceil_div(out, size[i]);
		box->first[i] = (uint32_t)(index % count) * size[i];
		box->size[i] = min2(size[i], out - box->first[i]);
		index /= count;
	}
	return index == 0;
}
