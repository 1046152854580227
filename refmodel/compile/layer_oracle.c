#include "layer_oracle.h"

#include <stdlib.h>
#include <string.h>

#include "naive.h"
#include "output_math.h"
#include "tile_plan.h"

/* Taps of one axis that meet an output: kernel index and input coordinate (outside of 0 .. in - 1: padding), by rising coordinate. */
struct taps {
	uint32_t count;
	uint32_t *kernel;
	int64_t *at;
};

struct oracle {
	const struct layer_task *t;
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	const struct bitlet_mode *m;
	uint32_t out[LAYER_AXES];
	struct taps taps[LAYER_AXES]; /* of the output under way */
	uint32_t block;
	uint8_t flags;
};

/* One output. */
struct output {
	uint32_t image, pixel[LAYER_AXES], channel;
	uint32_t group;             /* its own */
	uint32_t first_group, groups; /* that share the vector */
};

/* ---- operands ---- */

static uint32_t load(const uint8_t *from, unsigned bytes, size_t index)
{
	uint32_t word = 0;
	memcpy(&word, from + index * bytes, bytes);
	return word;
}

static uint32_t activation(const struct oracle *o, const struct output *p, const uint32_t tap[3], uint32_t channel)
{
	const struct layer_task *t = o->t;
	size_t index = p->image;
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		int64_t at = o->taps[a].at[tap[a]];
		if (at < 0 || at >= t->in[a])
			return o->m->precision.is_float ? 0 : (uint32_t)t->zero;
		index = index * t->in[a] + (size_t)at;
	}
	return load(t->act, o->m->a_bytes, index * t->in_channels + channel);
}

static uint32_t weight(const struct oracle *o, const struct output *p, const uint32_t tap[3], uint32_t channel)
{
	const struct layer_task *t = o->t;
	uint32_t own = t->in_channels / t->groups;
	size_t copy = t->op == LAYER_MATMUL && !t->shared ? p->image : 0, index = p->channel;
	if (channel / own != p->group)
		return 0; /* another group's channel in the same vector */
	if (t->op == LAYER_MATMUL)
		return load(t->weights, o->m->w_bytes, t->by_column ? (copy * t->in_channels + channel) * t->out_channels + p->channel
		                                                     : (copy * t->out_channels + p->channel) * t->in_channels + channel);
	for (unsigned a = 0; a < LAYER_AXES; a++)
		index = index * t->kernel[a] + o->taps[a].kernel[tap[a]];
	return load(t->weights, o->m->w_bytes, index * own + channel % own);
}

/* ---- taps ---- */

static void add_tap(struct taps *taps, uint32_t kernel, int64_t at)
{
	uint32_t i = taps->count++;
	for (; i > 0 && taps->at[i - 1] > at; i--) {
		taps->at[i] = taps->at[i - 1];
		taps->kernel[i] = taps->kernel[i - 1];
	}
	taps->at[i] = at;
	taps->kernel[i] = kernel;
}

static void find_taps(const struct layer_task *t, unsigned a, int64_t out, struct taps *taps)
{
	taps->count = 0;
	for (uint32_t k = 0; k < t->kernel[a]; k++) {
		int64_t reach = (int64_t)k * t->dilation[a];
		if (t->op != LAYER_CONV_TRANSPOSE)
			add_tap(taps, k, out * t->stride[a] - t->pad_begin[a] + reach);
		else if ((out + t->pad_begin[a] - reach) % t->stride[a] == 0)
			add_tap(taps, k, (out + t->pad_begin[a] - reach) / t->stride[a]);
	}
}

/* ---- sums ---- */

static int64_t number(uint32_t word, unsigned bits, bool is_signed)
{
	int64_t span = INT64_C(1) << bits, v = word & (uint32_t)(span - 1);
	return is_signed && v >= span / 2 ? v - span : v;
}

/* Without zero_point in the engine the zero point's part of the sum goes to the bias. */
static int64_t fixed_zero(const struct oracle *o, bool in_engine)
{
	return o->c->zero_point == in_engine ? o->t->zero : 0;
}

/* Exact sum over a chunk of w * (a - zero), or with minus: of w * -zero. */
static bitlet_int128 fixed_sum(const struct oracle *o, const struct output *p, const uint32_t first[4], const uint32_t size[4], bool minus)
{
	const struct bitlet_precision *q = &o->m->precision;
	uint32_t tap[3], base = p->first_group * (o->t->in_channels / o->t->groups);
	bitlet_int128 sum = 0;
	for (tap[0] = first[2]; tap[0] < first[2] + size[2]; tap[0]++)
		for (tap[1] = first[1]; tap[1] < first[1] + size[1]; tap[1]++)
			for (tap[2] = first[0]; tap[2] < first[0] + size[0]; tap[2]++)
				for (uint32_t c = first[3]; c < first[3] + size[3]; c++) {
					int64_t w = number(weight(o, p, tap, base + c), q->w_bits, q->w_signed);
					int64_t a = number(activation(o, p, tap, base + c), q->a_bits, q->a_signed);
					sum += (bitlet_int128)w * (minus ? -fixed_zero(o, false) : a - fixed_zero(o, true));
				}
	return sum;
}

static int64_t saturate(bitlet_int128 v, unsigned bits, uint8_t *flags)
{
	bitlet_int128 top = ((bitlet_int128)1 << (bits - 1)) - 1;
	if (v > top || v < -top - 1)
		*flags |= BITLET_OVERFLOW;
	return (int64_t)(v > top ? top : v < -top - 1 ? -top - 1 : v);
}

/* A float chunk by groups of n pairs. */
static uint32_t float_sum(struct oracle *o, const struct output *p, const uint32_t first[4], const uint32_t size[4], struct bitlet_naive_group *g)
{
	uint32_t w[BITLET_MAX_N] = { 0 }, a[BITLET_MAX_N] = { 0 }, tap[3], base = p->first_group * (o->t->in_channels / o->t->groups);
	unsigned n = o->c->n, used = 0;
	size_t groups = 0;
	for (tap[0] = first[2]; tap[0] < first[2] + size[2]; tap[0]++)
		for (tap[1] = first[1]; tap[1] < first[1] + size[1]; tap[1]++)
			for (tap[2] = first[0]; tap[2] < first[0] + size[0]; tap[2]++)
				for (uint32_t c = first[3]; c < first[3] + size[3]; c++) {
					w[used] = weight(o, p, tap, base + c);
					a[used++] = activation(o, p, tap, base + c);
					if (used < n)
						continue;
					bitlet_naive_group(o->c, o->d, o->t->mode, w, a, 0, &g[groups++]);
					memset(w, 0, sizeof w);
					memset(a, 0, sizeof a);
					used = 0;
				}
	if (used || !groups)
		bitlet_naive_group(o->c, o->d, o->t->mode, w, a, 0, &g[groups++]);
	struct bitlet_result r = bitlet_naive_output(o->c, o->d, o->t->mode, g, groups);
	o->flags |= r.flags;
	return (uint32_t)r.bits;
}

static int64_t chunk_sum(struct oracle *o, const struct output *p, const uint32_t first[4], const uint32_t size[4], struct bitlet_naive_group *g)
{
	if (o->m->precision.is_float)
		return float_sum(o, p, first, size, g);
	return saturate(fixed_sum(o, p, first, size, false), o->c->result_bits, &o->flags);
}

/* ---- outputs ---- */

static uint32_t finish(struct oracle *o, const struct output *p, int64_t sum, int64_t folded)
{
	const struct layer_output *l = &o->t->output;
	struct output_params params = { (uint32_t)(l->bias[p->channel] + folded), l->multiplier[p->channel], (uint8_t)l->shift[p->channel] };
	struct output_stage stage = { .is_float = o->m->precision.is_float, .result_bits = o->c->result_bits, .format = l->format, .rounding = l->rounding,
	                              .zero = l->zero, .clamp_low = (uint32_t)l->clamp_low, .clamp_high = (uint32_t)l->clamp_high };
	return output_finish(&stage, sum, &params, &o->flags);
}

static int64_t add_chunk(struct oracle *o, int64_t sum, int64_t chunk)
{
	if (o->m->precision.is_float)
		return bitlet_naive_add((uint32_t)sum, (uint32_t)chunk, &o->flags);
	return saturate((bitlet_int128)sum + chunk, o->c->result_bits, &o->flags);
}

static uint32_t one_output(struct oracle *o, const struct output *p, struct bitlet_naive_group *g)
{
	const uint32_t taps[3] = { o->taps[2].count, o->taps[1].count, o->taps[0].count };
	uint32_t channels = p->groups * (o->t->in_channels / o->t->groups), first[4] = { 0 }, size[4] = { taps[0], taps[1], taps[2], channels };
	struct plan_split s;
	if (!taps[0] || !taps[1] || !taps[2])
		return finish(o, p, 0, 0);
	int64_t sum = 0, folded = (int64_t)fixed_sum(o, p, first, size, true);
	plan_split(o->c, o->d, o->t->mode, taps, channels, o->t->by_column, &s);
	for (uint32_t i = 0; i < s.chunks; i++) {
		plan_chunk(&s, taps, channels, i, first, size);
		int64_t chunk = chunk_sum(o, p, first, size, g);
		sum = i ? add_chunk(o, sum, chunk) : chunk;
	}
	return finish(o, p, sum, o->m->precision.is_float ? 0 : folded);
}

static struct output output_at(const struct oracle *o, size_t index)
{
	const struct layer_task *t = o->t;
	struct output p = { .channel = (uint32_t)(index % t->out_channels) };
	index /= t->out_channels;
	for (unsigned a = LAYER_AXES; a-- > 0;) {
		p.pixel[a] = (uint32_t)(index % o->out[a]);
		index /= o->out[a];
	}
	p.image = (uint32_t)index;
	p.group = p.channel / (t->out_channels / t->groups);
	p.first_group = p.group / o->block * o->block;
	p.groups = t->groups - p.first_group < o->block ? t->groups - p.first_group : o->block;
	return p;
}

static bool taps_new(struct oracle *o)
{
	bool good = true;
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		o->taps[a].kernel = calloc(o->t->kernel[a], sizeof *o->taps[a].kernel);
		o->taps[a].at = calloc(o->t->kernel[a], sizeof *o->taps[a].at);
		good = good && o->taps[a].kernel && o->taps[a].at;
	}
	return good;
}

static void taps_free(struct oracle *o)
{
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		free(o->taps[a].kernel);
		free(o->taps[a].at);
	}
}

bool layer_oracle(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, size_t first, size_t every, uint8_t *out,
                  uint8_t *flags, struct fault *f)
{
	struct oracle o = { .t = t, .c = c, .d = d, .m = &d->mode[t->mode], .block = plan_block(t, c, d) };
	unsigned bytes = layer_format_bytes(t->output.format);
	struct bitlet_naive_group *g = calloc(d->tile_groups, sizeof *g);
	bool good = taps_new(&o) && g && layer_task_out(t, o.out, f);
	size_t count = layer_out_bytes(t) / bytes;
	for (size_t i = first; good && i < count; i += every) {
		struct output p = output_at(&o, i);
		for (unsigned a = 0; a < LAYER_AXES; a++)
			find_taps(t, a, p.pixel[a], &o.taps[a]);
		uint32_t word = one_output(&o, &p, g);
		memcpy(out + i * bytes, &word, bytes);
	}
	*flags = o.flags;
	taps_free(&o);
	free(g);
	return good || fault_set(f, "out of memory for the oracle");
}
