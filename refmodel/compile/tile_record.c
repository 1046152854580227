#include "tile_record.h"

#include "layer_encode.h"
#include "tile_walk.h"

static uint64_t ceil_div(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

/* ---- activations ---- */

static void set_axis(struct program_tile *r, unsigned axis, int64_t start, int64_t limit)
{
	if (axis == 0)
		r->act_start_0 = start, r->act_limit_0 = limit;
	else if (axis == 1)
		r->act_start_1 = start, r->act_limit_1 = limit;
	else
		r->act_start_2 = start, r->act_limit_2 = limit;
}

/*
 * Which axis number the loops of axis i carry, PROGRAM_AXIS_NONE when nothing of this tile is outside. `low` is the tile's lowest coordinate, `high` its
 * highest. Coordinates count from the lowest one unless that is outside, so that they fit the record.
 */
static unsigned clip_axis(struct program_tile *r, unsigned i, const struct plan_axis *a, int64_t low, int64_t high)
{
	if (i >= LAYER_AXES || (low >= 0 && high < a->in))
		return PROGRAM_AXIS_NONE;
	int64_t zero = low > 0 ? low : 0, limit = a->in > zero ? a->in - zero : 0;
	set_axis(r, i, low - zero, limit < 65535 ? limit : 65535);
	return i;
}

/* The walk over what the pixels of a box see of a chunk. */
static void act_walk(const struct build *b, struct program_tile *r, const struct plan_phase *p, const struct box *box, const uint32_t first[4],
                     const uint32_t size[4], uint32_t channel, uint32_t copy, struct walk *w)
{
	int64_t bytes = b->m->a_bytes, stride[PLAN_AXES], base = (int64_t)(channel + first[3]) * bytes;
	unsigned axis[PLAN_AXES];
	stride[0] = (int64_t)b->t->in_channels * bytes;
	for (unsigned i = 0; i < PLAN_AXES; i++) {
		const struct plan_axis *a = &p->axis[i];
		uint32_t taps = i < 3 ? size[i] : 1, tap = i < 3 ? first[i] : 0;
		int64_t low = a->start + box->first[i] * a->step + tap * a->tap_step;
		int64_t high = low + (int64_t)(box->size[i] - 1) * a->step + (int64_t)(taps - 1) * a->tap_step;
		if (i)
			stride[i] = stride[i - 1] * p->axis[i - 1].in;
		axis[i] = clip_axis(r, i, a, low, high);
		base += low * stride[i];
	}
	walk_start(w, (int64_t)size[3] * bytes);
	for (unsigned i = 0; i < 3; i++)
		walk_add(w, size[i], p->axis[i].tap_step * stride[i], axis[i] == i ? p->axis[i].tap_step : 0, axis[i]);
	for (unsigned i = 0; i < PLAN_AXES; i++)
		walk_add(w, box->size[i], p->axis[i].step * stride[i], axis[i] == i ? p->axis[i].step : 0, axis[i]);
	walk_tidy(w, true);
	r->act_base = (uint64_t)(base + copy * stride[3] * p->axis[3].in);
}

/* Nothing but padding: outputs that no tap reaches. One element a vector, always outside. */
static void empty_walk(struct program_tile *r, const struct box *box, int64_t bytes, struct walk *w)
{
	walk_start(w, bytes);
	for (unsigned i = 0; i < PLAN_AXES; i++)
		walk_add(w, box->size[i], 0, 0, PROGRAM_AXIS_NONE);
	walk_tidy(w, false);
	set_axis(r, 0, 0, 0);
}

static uint32_t zero_field(const struct build *b)
{
	return b->m->precision.is_float ? 0 : layer_field(b->t->zero, b->m->precision.a_bits);
}

void record_activations(const struct build *b, struct program_tile *r, const struct plan_phase *p, const struct box *box, const uint32_t first[4],
                            const uint32_t size[4], const struct build_filters *filters, uint32_t copy)
{
	struct walk w;
	uint32_t zero = zero_field(b), k = size[0] * size[1] * size[2] * size[3];
	for (unsigned i = 0; i < LAYER_AXES; i++)
		set_axis(r, i, 0, 1);
	if (k)
		act_walk(b, r, p, box, first, size, filters->channel, copy, &w);
	else
		empty_walk(r, box, b->m->a_bytes, &w);
	r->groups = k ? (int64_t)ceil_div(k, (uint64_t)b->c->n * b->m->pack) : 1;
	r->act_vector_bytes = (int64_t)(k ? k : 1) * b->m->a_bytes;
	r->act_run_bytes = w.run_bytes;
	walk_merge(&w, &r->act_merge_bytes, &r->act_merge_span);
	r->act_fill = b->m->a_bytes == 1 ? zero * 0x01010101u : b->m->a_bytes == 2 ? zero * 0x00010001u : zero;
	r->act_zero = b->c->zero_point ? zero : 0;
	walk_store(&w, r->act_loop, PROGRAM_ACT_LOOPS); /* 3 + 4 loops at most */
}

/* ---- weights and outputs ---- */

void record_operand(const struct build *b, struct program_tile *r, const struct build_filters *filters, uint32_t copy, const uint32_t first[4],
                        const uint32_t size[4])
{
	const struct layer_task *t = b->t;
	int64_t bytes = b->m->w_bytes, k = t->in_channels, n = t->out_channels;
	struct walk w;
	walk_start(&w, t->by_column ? bytes : size[3] * bytes);
	if (t->by_column)
		walk_add(&w, size[3], n * bytes, 0, PROGRAM_AXIS_NONE);
	walk_add(&w, filters->count, t->by_column ? bytes : k * bytes, 0, PROGRAM_AXIS_NONE);
	walk_tidy(&w, true);
	int64_t at = t->by_column ? first[3] * n + filters->first : filters->first * k + first[3];
	r->wgt_base = (uint64_t)((copy * k * n + at) * bytes);
	r->wgt_vector_bytes = size[3] * bytes;
	r->wgt_run_bytes = w.run_bytes;
	walk_store(&w, r->wgt_loop, PROGRAM_WGT_LOOPS);
}

void record_arranged(const struct build *b, struct program_tile *r, size_t offset, uint32_t filters)
{
	struct walk w;
	r->wgt_base = offset;
	r->wgt_vector_bytes = r->groups * b->m->w_group_bytes;
	walk_start(&w, r->wgt_vector_bytes);
	walk_add(&w, filters, r->wgt_vector_bytes, 0, PROGRAM_AXIS_NONE);
	walk_tidy(&w, true);
	r->wgt_run_bytes = w.run_bytes;
	walk_store(&w, r->wgt_loop, PROGRAM_WGT_LOOPS);
}

/* Loops of the weights and outputs have no axis: both fields are 0. */
static void clear_axes(struct program_loop *loop, unsigned loops)
{
	for (unsigned i = 0; i < loops; i++)
		loop[i].axis = 0;
}

void record_outputs(const struct build *b, struct program_tile *r, const struct plan_phase *p, const struct box *box, const struct build_filters *filters,
                        uint32_t copy)
{
	int64_t bytes = layer_format_bytes(b->t->output.format), stride = b->t->out_channels * bytes, base = filters->first * bytes;
	struct walk w;
	walk_start(&w, filters->count * bytes);
	r->pixels = 1;
	for (unsigned i = 0; i < PLAN_AXES; i++) {
		const struct plan_axis *a = &p->axis[i];
		base += (a->out_first + (int64_t)box->first[i] * a->out_inc) * stride;
		walk_add(&w, box->size[i], a->out_inc * stride, 0, PROGRAM_AXIS_NONE);
		stride *= a->out_extent;
		r->pixels *= box->size[i];
	}
	walk_tidy(&w, false);
	r->out_base = (uint64_t)(base + copy * stride);
	r->out_run_bytes = w.run_bytes;
	walk_store(&w, r->out_loop, PROGRAM_OUT_LOOPS);
	clear_axes(r->out_loop, PROGRAM_OUT_LOOPS);
	clear_axes(r->wgt_loop, PROGRAM_WGT_LOOPS);
	r->pes_less_1 = filters->count - 1;
}
