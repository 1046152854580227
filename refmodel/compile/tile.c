#include "tile.h"

#include <stdlib.h>
#include <string.h>

#include "layer_encode.h"
#include "tile_record.h"

static uint64_t max2(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* What a set of filters is computed with: one phase, one batch of a product. */
struct job {
	struct plan_phase full;     /* as the kernel lies */
	struct plan_phase walked;   /* with plain axes joined */
	struct plan_split split;
	uint32_t taps[3];
	uint32_t copy;              /* batch of a product; else 0 */
	size_t params;
	size_t *weights;            /* offset of each chunk, or NULL */
	uint32_t box_size[PLAN_AXES];
};

static uint64_t tile_cycles(const struct build *b, const struct job *j, const struct program_tile *r, const struct build_filters *filters)
{
	uint64_t own = (uint64_t)j->taps[0] * j->taps[1] * j->taps[2] * (b->t->in_channels / b->t->groups);
	uint64_t pixel = plan_pixel_cycles(b->c, b->d, b->t->mode, j->taps, filters->channels, own, filters->channels == b->t->in_channels, filters->count,
	                                   &j->split);
	uint64_t bytes = (uint64_t)r->wgt_vector_bytes * filters->count;
	uint64_t load = b->dynamic && b->t->by_column ? 2 * bytes / b->m->w_bytes : bytes / b->d->bus_bytes;
	return max2((uint64_t)r->pixels * pixel / j->split.chunks, r->load_weights ? load : 0) + 100;
}

/* All chunks over one box. */
static bool cut_box(struct build *b, const struct job *j, const struct build_filters *filters, const struct box *box, bool first_box)
{
	for (uint32_t i = 0; i < j->split.chunks; i++) {
		uint32_t first[4] = { 0 }, size[4] = { 0 };
		struct program_tile *r = build_tile(b);
		if (!r)
			return false;
		if (j->taps[0] && j->taps[1] && j->taps[2])
			plan_chunk(&j->split, j->taps, filters->channels, i, first, size);
		record_activations(b, r, &j->walked, box, first, size, filters, j->copy);
		if (b->dynamic)
			record_operand(b, r, filters, b->t->shared ? 0 : j->copy, first, size);
		else
			record_arranged(b, r, j->weights[i], filters->count);
		r->load_weights = first_box || j->split.chunks > 1;
		r->load_params = first_box && i == 0;
		r->params_base = j->params;
		r->psum_in = i > 0;
		r->psum_out = i + 1 < j->split.chunks;
		record_outputs(b, r, &j->walked, box, filters, j->copy);
		b->groups += (uint64_t)(r->pixels * r->groups);
		b->estimate += tile_cycles(b, j, r, filters);
	}
	return true;
}

static bool lay_weights(struct build *b, struct job *j, const struct build_filters *filters)
{
	for (uint32_t i = 0; i < j->split.chunks; i++) {
		uint32_t first[4] = { 0 }, size[4] = { 0 };
		if (j->taps[0] && j->taps[1] && j->taps[2])
			plan_chunk(&j->split, j->taps, filters->channels, i, first, size);
		if (!build_weights(b, &j->full, filters, first, size, &j->weights[i]))
			return false;
	}
	return true;
}

static bool cut_boxes(struct build *b, struct job *j, const struct build_filters *filters)
{
	struct box box;
	bool good = build_params(b, &j->full, filters, &j->params) && (b->dynamic || lay_weights(b, j, filters)) &&
	            box_sizes(b, &j->walked, j->split.chunks > 1 ? b->c->psum_buffer : UINT32_MAX, j->box_size);
	for (uint64_t i = 0; good; i++) {
		bool more = box_at(&j->walked, j->box_size, i, &box);
		if (!more)
			break;
		good = cut_box(b, j, filters, &box, i == 0);
	}
	return good;
}

/* ---- the layer ---- */

/* One group's filters PES at a time, or a whole block of groups. */
static bool cut_filters(struct build *b, struct job *j, uint32_t group, uint32_t groups)
{
	uint32_t own = b->t->out_channels / b->t->groups, channels = b->t->in_channels / b->t->groups, end = (group + groups) * own;
	struct build_filters filters = { .group = group, .groups = groups, .channel = group * channels, .channels = groups * channels };
	bool empty = !j->taps[0] || !j->taps[1] || !j->taps[2];
	if (empty)
		j->split = (struct plan_split){ .size = { 1, 1, 1, 1 }, .count = { 1, 1, 1, 1 }, .chunks = 1, .groups = 1 };
	else if (!plan_split(b->c, b->d, b->t->mode, j->taps, filters.channels, b->t->by_column, &j->split))
		return fault_set(b->f, "a dot product of %u channels and %llu taps cannot be cut into chunks; expected a shorter one", filters.channels,
		                 (unsigned long long)j->taps[0] * j->taps[1] * j->taps[2]);
	j->weights = calloc(j->split.chunks, sizeof *j->weights);
	bool good = j->weights || fault_set(b->f, "out of memory for a layer's chunks");
	for (filters.first = group * own; good && filters.first < end; filters.first += filters.count) {
		filters.count = end - filters.first < b->c->pes ? end - filters.first : b->c->pes;
		good = cut_boxes(b, j, &filters);
	}
	free(j->weights);
	return good;
}

static bool cut_phase(struct build *b, struct job *j)
{
	uint32_t block = plan_block(b->t, b->c, b->d), copies = b->dynamic && !b->t->shared ? b->t->batch : 1;
	if (copies > 1)
		j->full.axis[3].in = j->full.axis[3].out = j->full.axis[3].out_extent = 1;
	for (unsigned i = 0; i < 3; i++)
		j->taps[i] = j->full.axis[i].taps;
	j->walked = j->full;
	box_join_axes(&j->walked);
	for (j->copy = 0; j->copy < copies; j->copy++)
		for (uint32_t g = 0; g < b->t->groups; g += block)
			if (!cut_filters(b, j, g, b->t->groups - g < block ? b->t->groups - g : block))
				return false;
	return true;
}

static bool cut_layer(struct build *b)
{
	uint64_t phases = plan_phases(b->t);
	struct job j;
	memset(&j, 0, sizeof j);
	if (phases > BUILD_MAX_TILES)
		return fault_set(b->f, "the strides make more than %d phases; expected smaller strides", BUILD_MAX_TILES);
	for (uint64_t i = 0; i < phases; i++)
		if (plan_phase(b->t, i, &j.full) && !cut_phase(b, &j))
			return false;
	return true;
}

static void describe(const struct build *b, struct compiled *out)
{
	out->tiles = (uint32_t)b->tiles;
	out->act_bytes = layer_act_bytes(b->t, b->d);
	out->out_bytes = layer_out_bytes(b->t);
	out->format = b->t->output.format;
	out->is_unsigned = b->t->output.is_unsigned;
	out->rank = layer_task_shape(b->t, out->dim);
	out->macs = layer_macs(b->t);
	out->groups = b->groups;
	out->estimate = b->estimate;
}

bool compile_layer(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, struct compiled *out, struct fault *f)
{
	struct build b = { .t = t, .c = c, .d = d, .f = f, .dynamic = t->op == LAYER_MATMUL };
	memset(out, 0, sizeof *out);
	if (!layer_task_check(t, c, d, f))
		return false;
	b.m = &d->mode[t->mode];
	bool good = cut_layer(&b) && build_place(&b, out);
	if (good)
		describe(&b, out);
	else
		compiled_free(out);
	build_free(&b);
	return good;
}

void compiled_free(struct compiled *p)
{
	image_free(&p->image);
}

double compiled_number(const struct compiled *p, const struct image *m, size_t i)
{
	unsigned bytes = layer_format_bytes(p->format);
	uint32_t bits = 0;
	float number;
	memcpy(&bits, image_at(m, p->out + i * bytes, bytes), bytes);
	memcpy(&number, &bits, sizeof number);
	if (p->format == FORMAT_FP32)
		return (double)number;
	if (p->is_unsigned)
		return bits;
	return bytes == 1 ? (int8_t)bits : bytes == 2 ? (int16_t)bits : (int32_t)bits;
}
