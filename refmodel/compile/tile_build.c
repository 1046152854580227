#include "tile_build.h"

#include <stdlib.h>
#include <string.h>

#include "layer_encode.h"

void build_free(struct build *b)
{
	free(b->tile);
	free(b->weights.data);
	free(b->params.data);
}

struct program_tile *build_tile(struct build *b)
{
	if (b->tiles == BUILD_MAX_TILES)
		return fault_set(b->f, "the layer needs more than %d tiles; expected a smaller layer or larger buffers", BUILD_MAX_TILES), NULL;
	if (b->tiles == b->room) {
		size_t room = b->room ? 2 * b->room : 16;
		struct program_tile *tile = realloc(b->tile, room * sizeof *tile);
		if (!tile)
			return fault_set(b->f, "out of memory for %zu tiles", room), NULL;
		b->tile = tile;
		b->room = room;
	}
	struct program_tile *p = &b->tile[b->tiles];
	const struct layer_output *o = &b->t->output;
	memset(p, 0, sizeof *p);
	p->opcode = PROGRAM_TILE;
	p->wait = !b->tiles && b->t->place.wait;
	p->layer = b->t->place.layer;
	p->tile = (int64_t)(b->tiles++ & 0xffff);
	p->mode = b->t->mode;
	p->format = o->format;
	p->rounding = o->rounding;
	p->zero_out = o->zero;
	p->clamp_low = o->clamp_low;
	p->clamp_high = o->clamp_high;
	return p;
}

/* `size` zero bytes behind a multiple of B; NULL when memory runs out. */
static uint8_t *append(struct build *b, struct build_bytes *to, size_t size, size_t *offset)
{
	size_t align = b->d->bus_bytes, at = (to->size + align - 1) / align * align;
	if (size > IMAGE_MAX_BYTES || at > IMAGE_MAX_BYTES - size)
		return fault_set(b->f, "the arranged weights take more than %d bytes; expected a smaller layer", IMAGE_MAX_BYTES), NULL;
	if (at + size > to->room) {
		size_t room = to->room ? to->room : 4096;
		while (room < at + size)
			room *= 2;
		uint8_t *data = realloc(to->data, room);
		if (!data)
			return fault_set(b->f, "out of memory for %zu bytes of weights", room), NULL;
		to->data = data;
		to->room = room;
	}
	memset(to->data + to->size, 0, at + size - to->size);
	to->size = at + size;
	*offset = at;
	return to->data + at;
}

/* ---- weights ---- */

static int64_t tap_index(const struct plan_axis *a, uint32_t tap)
{
	return a->tap_first + (int64_t)tap * a->tap_inc;
}

/* Index of a filter's first channel at a tap of the phase. */
static size_t weight_index(const struct build *b, const struct plan_phase *p, uint32_t filter, const uint32_t tap[3])
{
	const struct layer_task *t = b->t;
	size_t at = filter;
	for (unsigned a = 0; a < LAYER_AXES; a++)
		at = at * t->kernel[a] + (size_t)tap_index(&p->axis[2 - a], tap[2 - a]);
	return at * (t->in_channels / t->groups);
}

/* Channels first .. first + count - 1 (counted from the tile's first) at one tap: those of the filter's own group are copied. */
static void copy_channels(const struct build *b, const struct build_filters *filters, uint32_t filter, size_t index, uint32_t first, uint32_t count, uint8_t *to)
{
	const struct layer_task *t = b->t;
	uint32_t own = t->in_channels / t->groups, group = filter / (t->out_channels / t->groups) - filters->group;
	uint32_t begin = group * own, end = begin + own, bytes = b->m->w_bytes;
	uint32_t low = begin > first ? begin : first, high = end < first + count ? end : first + count;
	if (low < high)
		memcpy(to + (size_t)(low - first) * bytes, t->weights + (index + low - begin) * bytes, (size_t)(high - low) * bytes);
}

static void copy_filter(const struct build *b, const struct plan_phase *p, const struct build_filters *filters, uint32_t filter, const uint32_t first[4],
                        const uint32_t size[4], uint8_t *to)
{
	uint32_t tap[3];
	for (tap[2] = first[2]; tap[2] < first[2] + size[2]; tap[2]++)
		for (tap[1] = first[1]; tap[1] < first[1] + size[1]; tap[1]++)
			for (tap[0] = first[0]; tap[0] < first[0] + size[0]; tap[0]++) {
				copy_channels(b, filters, filter, weight_index(b, p, filter, tap), first[3], size[3], to);
				to += (size_t)size[3] * b->m->w_bytes;
			}
}

bool build_weights(struct build *b, const struct plan_phase *p, const struct build_filters *filters, const uint32_t first[4], const uint32_t size[4],
                   size_t *offset)
{
	size_t pairs = (size_t)b->c->n * b->m->pack, k = (size_t)size[0] * size[1] * size[2] * size[3];
	size_t row = (k ? (k + pairs - 1) / pairs : 1) * b->m->w_group_bytes;
	uint8_t *to = append(b, &b->weights, row * filters->count, offset);
	if (!to)
		return false;
	for (uint32_t i = 0; i < filters->count; i++)
		copy_filter(b, p, filters, filters->first + i, first, size, to + i * row);
	return true;
}

/* ---- parameters ---- */

/* Sum of a filter's weights at the taps of the phase. */
static int64_t weight_sum(const struct build *b, const struct plan_phase *p, uint32_t filter)
{
	const struct bitlet_precision *precision = &b->m->precision;
	uint32_t own = b->t->in_channels / b->t->groups, tap[3];
	int64_t span = INT64_C(1) << precision->w_bits, sum = 0;
	for (tap[2] = 0; tap[2] < p->axis[2].taps; tap[2]++)
		for (tap[1] = 0; tap[1] < p->axis[1].taps; tap[1]++)
			for (tap[0] = 0; tap[0] < p->axis[0].taps; tap[0]++) {
				size_t index = weight_index(b, p, filter, tap);
				for (uint32_t c = 0; c < own; c++) {
					int64_t v = layer_load(b->t->weights, b->m->w_bytes, index + c) & (span - 1);
					sum += precision->w_signed && v >= span / 2 ? v - span : v;
				}
			}
	return sum;
}

static bool folded_bias(struct build *b, const struct plan_phase *p, uint32_t filter, int32_t *bias)
{
	*bias = b->t->output.bias[filter];
	if (b->c->zero_point || !b->t->zero || b->dynamic)
		return true;
	int64_t v = *bias - weight_sum(b, p, filter) * b->t->zero;
	if (v < INT32_MIN || v > INT32_MAX)
		return fault_set(b->f, "bias of output channel %u less zero point times weights is %lld; expected 32 bits, or a configuration with zero_point: yes", filter,
		                 (long long)v);
	*bias = (int32_t)v;
	return true;
}

bool build_params(struct build *b, const struct plan_phase *p, const struct build_filters *filters, size_t *offset)
{
	const struct layer_output *o = &b->t->output;
	uint8_t *to = append(b, &b->params, (size_t)filters->count * PROGRAM_PARAMS_BYTES, offset);
	for (uint32_t i = 0; to && i < filters->count; i++, to += PROGRAM_PARAMS_BYTES) {
		uint32_t filter = filters->first + i;
		int32_t bias;
		if (!folded_bias(b, p, filter, &bias))
			return false;
		memcpy(to, &bias, sizeof bias);
		memcpy(to + 4, &o->multiplier[filter], 4);
		memcpy(to + 8, &o->shift[filter], 1);
	}
	return to != NULL;
}

/* ---- image ---- */

static bool place_bytes(struct build *b, struct image *m, const char *name, unsigned offset, const void *data, size_t size, uint64_t *address)
{
	size_t align = b->d->bus_bytes > 64 ? b->d->bus_bytes : 64;
	if (!image_alloc(m, name, align, offset, size, address, b->f))
		return false;
	if (size)
		memcpy(image_at(m, *address, size), data, size);
	return true;
}

static bool place_program(struct build *b, struct compiled *out)
{
	struct image *m = &out->image;
	struct program_header h = { PROGRAM_MAGIC, PROGRAM_VERSION, b->d->hash_low, b->d->hash_high, (uint32_t)(PROGRAM_BLOCK_BYTES * (b->tiles + 1)),
		                        (uint32_t)b->tiles, 1 };
	uint32_t block[PROGRAM_BLOCK_WORDS];
	if (!image_alloc(m, "program", PROGRAM_BLOCK_BYTES, 0, h.bytes, &out->program, b->f))
		return false;
	uint8_t *to = image_at(m, out->program, h.bytes);
	program_put_header(block, &h);
	memcpy(to, block, sizeof block);
	for (size_t i = 0; i < b->tiles; i++) {
		if (!program_put_tile(block, &b->tile[i]))
			return fault_set(b->f, "a stride, pad, dilation or extent is beyond what a program's record holds; expected smaller ones");
		memcpy(to + (i + 1) * sizeof block, block, sizeof block);
	}
	out->program_bytes = h.bytes;
	return true;
}

static bool fits_bus(const struct build *b, const char *what, uint64_t first, uint64_t bytes)
{
	unsigned bits = b->c->axi_address_bits;
	uint64_t last = first + (bytes ? bytes - 1 : 0);
	if (last < first || (bits < 64 && last >> bits))
		return fault_set(b->f, "the %s at 0x%llx; expected addresses of %u bits", what, (unsigned long long)last, bits);
	return true;
}

static bool check_ends(const struct build *b, const struct compiled *out, uint64_t operand)
{
	const struct image *m = &out->image;
	if (!fits_bus(b, "image ends", m->base, m->bytes))
		return false;
	return !b->t->place.placed || (fits_bus(b, "activations end", out->act, layer_act_bytes(b->t, b->d)) &&
	                               (!b->dynamic || fits_bus(b, "right operand ends", operand, layer_weight_bytes(b->t, b->d))) &&
	                               fits_bus(b, "outputs end", out->out, layer_out_bytes(b->t)));
}

/* Activations, operand B and outputs: regions of this image, or where the task says. */
static bool place_tensors(struct build *b, struct compiled *out, uint64_t *operand)
{
	const struct layer_task *t = b->t;
	const struct layer_place *p = &t->place;
	struct image *m = &out->image;
	out->act = p->act_at;
	*operand = p->operand_at;
	out->out = p->out_at;
	return p->placed || (place_bytes(b, m, "act", p->act_offset, t->act, layer_act_bytes(t, b->d), &out->act) &&
	                     (!b->dynamic || place_bytes(b, m, "b", p->weights_offset, t->weights, layer_weight_bytes(t, b->d), operand)) &&
	                     image_alloc(m, "out", 64, p->out_offset, layer_out_bytes(t), &out->out, b->f));
}

bool build_place(struct build *b, struct compiled *out)
{
	struct image *m = &out->image;
	uint64_t weights, params, operand = 0;
	image_init(m, b->t->place.base);
	if (!place_bytes(b, m, "weights", 0, b->weights.data, b->weights.size, &weights) || !place_bytes(b, m, "params", 0, b->params.data, b->params.size, &params) ||
	    !place_tensors(b, out, &operand))
		return false;
	for (size_t i = 0; i < b->tiles; i++) {
		b->tile[i].wgt_base += b->dynamic ? operand : weights;
		b->tile[i].params_base += params;
		b->tile[i].act_base += out->act;
		b->tile[i].out_base += out->out;
	}
	return place_program(b, out) && check_ends(b, out, operand);
}
