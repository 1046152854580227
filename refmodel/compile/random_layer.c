#include "random_layer.h"

#include <stdio.h>
#include <string.h>

#include "random_fill.h"
#include "tile.h"

enum { TRIES = 36, MAX_SIZE = 12, MAX_ELEMENTS = 1 << 20 };

struct draw {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	struct bitlet_rng *r;
	uint32_t pairs;             /* N * P of the mode */
	uint32_t size;              /* 1 .. MAX_SIZE: how large extents may be */
	/* drawn once, so that kinds of large layers are as frequent as others: their shapes are drawn again until they are small enough */
	enum layer_op op;
	unsigned mode, rank;
	bool grouped, is_long;
};

static bool chance(struct draw *w, uint32_t percent)
{
	return bitlet_random_below(w->r, 100) < percent;
}

static uint32_t between(struct draw *w, uint32_t low, uint32_t high)
{
	return low + (high > low ? bitlet_random_below(w->r, high - low + 1) : 0);
}

/* Around a boundary of `unit`, or anything small. */
static uint32_t channels(struct draw *w, uint32_t unit)
{
	uint32_t near = unit * between(w, 1, 2) + between(w, 0, 2);
	if (w->size < 3 || chance(w, 40))
		return between(w, 1, w->size + 2);
	return chance(w, 70) ? (near > 1 ? near - 1 : 1) : between(w, 1, 3 * unit);
}

static void draw_axis(struct draw *w, struct layer_task *t, unsigned a)
{
	bool solid = t->rank == 3;
	t->in[a] = solid ? between(w, 2, w->size / 3 + 2) : between(w, 1, w->size + 1);
	t->kernel[a] = chance(w, solid ? 10 : 35) ? 1 : between(w, 1, !solid && chance(w, 10) ? 7 : solid ? 3 : 4);
	t->stride[a] = chance(w, solid ? 75 : 55) ? 1 : between(w, 1, chance(w, 5) ? 9 : 3);
	t->dilation[a] = chance(w, 70) ? 1 : between(w, 1, 3);
	uint32_t reach = (t->kernel[a] - 1) * t->dilation[a];
	t->pad_begin[a] = chance(w, 40) ? 0 : (int32_t)between(w, 0, chance(w, 10) ? reach + 3 : reach);
	t->pad_end[a] = chance(w, 40) ? t->pad_begin[a] : (int32_t)between(w, 0, reach);
	if (chance(w, 3))
		t->pad_begin[a] = -1;
	if (t->op == LAYER_CONV_TRANSPOSE)
		t->output_padding[a] = between(w, 0, chance(w, 30) ? t->stride[a] - 1 : 0);
}

static void draw_conv(struct draw *w, struct layer_task *t)
{
	t->rank = w->rank;
	for (unsigned a = LAYER_AXES - t->rank; a < LAYER_AXES; a++)
		draw_axis(w, t, a);
	t->batch = chance(w, 70) ? 1 : between(w, 1, 3);
	if (!w->grouped) {
		t->in_channels = channels(w, w->pairs);
		t->out_channels = channels(w, w->c->pes);
		return;
	}
	bool depthwise = chance(w, 50);
	t->groups = between(w, 1, chance(w, 50) ? 3 * w->c->pes : 4);
	t->in_channels = t->groups * (depthwise ? 1 : between(w, 1, w->size));
	t->out_channels = t->groups * (depthwise ? between(w, 1, 2) : chance(w, 20) ? channels(w, w->c->pes) : between(w, 1, 4));
}

/* A dot product beyond a tile's. */
static void draw_long(struct draw *w, struct layer_task *t)
{
	uint64_t taps = (uint64_t)t->kernel[0] * t->kernel[1] * t->kernel[2], reach = (uint64_t)w->d->tile_groups * w->pairs;
	uint64_t k = reach + bitlet_random_below(w->r, (uint32_t)(reach < 1 << 20 ? reach * 3 / 2 : 1 << 20));
	if (t->groups == 1 && k / taps + 1 < MAX_ELEMENTS)
		t->in_channels = (uint32_t)(k / taps + 1);
}

static void draw_product(struct draw *w, struct layer_task *t)
{
	t->in_channels = channels(w, w->pairs);
	t->out_channels = channels(w, w->c->pes);
	if (t->op == LAYER_DENSE) {
		t->batch = between(w, 1, 2 * w->size);
		return;
	}
	t->rank = 1;
	t->in[2] = between(w, 1, 2 * w->size);
	t->batch = chance(w, 50) ? 1 : between(w, 1, 3);
	t->by_column = chance(w, 40);
	t->shared = chance(w, 30);
}

static void draw_place(struct draw *w, struct layer_task *t)
{
	struct layer_place *p = &t->place;
	unsigned bits = w->c->axi_address_bits;
	/* the lowest, the highest or any; room for a small image above */
	uint64_t top = (bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1) - (UINT64_C(64) << 20);
	p->base = chance(w, 30) ? 0 : chance(w, 20) ? top : bitlet_random(w->r) % top;
	p->base &= ~UINT64_C(4095);
	if (chance(w, 50))
		p->act_offset = bitlet_random_below(w->r, 64);
	if (chance(w, 50))
		p->out_offset = bitlet_random_below(w->r, 64);
	if (chance(w, 50))
		p->weights_offset = bitlet_random_below(w->r, 64);
	p->layer = bitlet_random_below(w->r, 65536);
	p->wait = chance(w, 50);
}

static void draw_zero(struct draw *w, struct layer_task *t)
{
	const struct bitlet_precision *p = &w->d->mode[t->mode].precision;
	if (p->is_float || chance(w, 40) || (t->op == LAYER_MATMUL && !w->c->zero_point))
		return;
	t->zero = (int32_t)bitlet_random_below(w->r, UINT32_C(1) << p->a_bits);
	if (p->a_signed)
		t->zero -= 1 << (p->a_bits - 1);
}

static void draw_kind(struct draw *w)
{
	w->mode = bitlet_random_below(w->r, w->d->modes);
	w->pairs = w->c->n * w->d->mode[w->mode].pack;
	w->op = chance(w, 45) ? LAYER_CONV : chance(w, 35) ? LAYER_CONV_TRANSPOSE : chance(w, 40) ? LAYER_DENSE : LAYER_MATMUL;
	w->rank = chance(w, 50) ? 2 : chance(w, 40) ? 1 : 3;
	w->grouped = chance(w, 35);
	w->is_long = chance(w, 25);
}

static void draw_layer(struct draw *w, struct layer_task *t)
{
	layer_task_init(t);
	t->mode = w->mode;
	t->op = w->op;
	if (t->op == LAYER_CONV || t->op == LAYER_CONV_TRANSPOSE)
		draw_conv(w, t);
	else
		draw_product(w, t);
	if (w->is_long)
		draw_long(w, t);
	draw_zero(w, t);
	random_output(t, w->d, w->r);
	draw_place(w, t);
	snprintf(t->name, sizeof t->name, "random");
}

/* Is the shape sound and small enough to try? */
static bool sensible(const struct draw *w, const struct layer_task *t, uint64_t cycles)
{
	uint32_t out[LAYER_AXES];
	struct fault ignored = { "" };
	double macs = (double)cycles * w->c->pes * w->pairs;
	return layer_task_out(t, out, &ignored) && (double)layer_macs(t) <= macs && layer_act_bytes(t, w->d) < MAX_ELEMENTS && layer_out_bytes(t) < MAX_ELEMENTS &&
	       layer_weight_bytes(t, w->d) < MAX_ELEMENTS;
}

static bool takes(const struct draw *w, const struct layer_task *t, uint64_t cycles)
{
	struct compiled p;
	struct fault ignored = { "" };
	if (!compile_layer(t, w->c, w->d, &p, &ignored))
		return false;
	bool good = p.estimate <= cycles;
	compiled_free(&p);
	return good;
}

bool random_layer(const struct bitlet_config *c, const struct bitlet_derived *d, struct bitlet_rng *r, const struct random_layer_limits *limits,
                  struct layer_task *t, struct fault *f)
{
	struct draw w = { .c = c, .d = d, .r = r };
	for (unsigned i = 0;; i++) {
		if (i % TRIES == 0)
			draw_kind(&w);
		w.size = MAX_SIZE - i % TRIES * MAX_SIZE / TRIES;
		draw_layer(&w, t);
		if (!sensible(&w, t, limits->cycles))
			continue;
		if (!layer_task_alloc(t, d, f))
			return false;
		random_fill(t, d, r, limits->finite);
		if (takes(&w, t, limits->cycles))
			return true;
		layer_task_free(t);
	}
}

/* "3x5", of the axes that are there; "-" when there is none. */
static const char *extents(const struct layer_task *t, const uint32_t v[LAYER_AXES], char text[40])
{
	size_t used = 0;
	strcpy(text, "-");
	for (unsigned a = LAYER_AXES - t->rank; a < LAYER_AXES; a++)
		used += (size_t)snprintf(text + used, 40 - used, "%s%u", used ? "x" : "", v[a]);
	return text;
}

char *layer_task_text(const struct layer_task *t, const struct bitlet_derived *d, char *text, size_t size)
{
	static const char *const format[] = { "i8", "i16", "i32", "fp32" }, *const rounding[] = { "even", "tflite", "up" };
	char in[40], out[40], kernel[40], stride[40], dilation[40];
	uint32_t extent[LAYER_AXES] = { 0 };
	struct fault f = { "" };
	layer_task_out(t, extent, &f);
	snprintf(text, size, "%s %s b%u in %sx%u out %sx%u k%s s%s d%s p%d,%d,%d/%d,%d,%d g%u zero %d -> %s %s%s%s @%llx+%u,%u", layer_op_name(t->op),
	         d->mode[t->mode].precision.name, t->batch, extents(t, t->in, in), t->in_channels, extents(t, extent, out), t->out_channels,
	         extents(t, t->kernel, kernel), extents(t, t->stride, stride), extents(t, t->dilation, dilation), (int)t->pad_begin[0], (int)t->pad_begin[1],
	         (int)t->pad_begin[2], (int)t->pad_end[0], (int)t->pad_end[1], (int)t->pad_end[2], t->groups, (int)t->zero, format[t->output.format],
	         rounding[t->output.rounding], t->by_column ? " by column" : "", t->shared ? " shared" : "", (unsigned long long)t->place.base,
	         t->place.act_offset, t->place.out_offset);
	return text;
}
