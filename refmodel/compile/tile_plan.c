#include "tile_plan.h"

#include <string.h>

static uint64_t ceil_div(uint64_t a, uint64_t b) { return (a + b - 1) / b; }
static uint64_t max2(uint64_t a, uint64_t b) { return a > b ? a : b; }
static uint64_t min2(uint64_t a, uint64_t b) { return a < b ? a : b; }

static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a;
}

/* ---- phases ---- */

uint64_t plan_phases(const struct layer_task *t)
{
	return t->op == LAYER_CONV_TRANSPOSE ? min2((uint64_t)t->stride[0] * t->stride[1], UINT32_MAX) * t->stride[2] : 1;
}

static void conv_axis(const struct layer_task *t, unsigned a, uint32_t out, struct plan_axis *x)
{
	*x = (struct plan_axis){ .in = t->in[a], .out = out, .taps = t->kernel[a], .start = -(int64_t)t->pad_begin[a], .step = t->stride[a],
	                         .tap_step = t->dilation[a], .tap_first = 0, .tap_inc = 1, .out_first = 0, .out_inc = 1, .out_extent = out };
}

/*
 * Transposed: input i meets output o at kernel index k where o + pad = i * stride + k * dilation. Outputs o = phase + q * stride meet the k with
 * k * dilation = phase + pad modulo stride: every period-th from `first` on. Taps go by rising input coordinate, so k falls.
 */
static bool transposed_axis(const struct layer_task *t, unsigned a, uint32_t out, uint32_t phase, struct plan_axis *x)
{
	int64_t stride = t->stride[a], dilation = t->dilation[a], sum = phase + (int64_t)t->pad_begin[a];
	int64_t period = stride / gcd(stride, dilation), first = 0;
	if (phase >= out)
		return false;
	while (first < period && (sum - first * dilation) % stride)
		first++;
	int64_t taps = first < period && first < t->kernel[a] ? (t->kernel[a] - 1 - first) / period + 1 : 0;
	int64_t tap_step = period * dilation / stride;
	*x = (struct plan_axis){ .in = t->in[a], .out = (uint32_t)ceil_div(out - phase, (uint64_t)stride), .taps = (uint32_t)taps, .step = 1,
	                         .tap_step = tap_step, .tap_inc = -period, .out_first = phase, .out_inc = (uint32_t)stride,
	                         .out_extent = out };
	if (taps) {
		x->start = (sum - first * dilation) / stride - (taps - 1) * tap_step;
		x->tap_first = first + (taps - 1) * period;
	}
	return true;
}

bool plan_phase(const struct layer_task *t, uint64_t index, struct plan_phase *p)
{
	uint32_t out[LAYER_AXES];
	struct fault f = { "" };
	if (!layer_task_out(t, out, &f))
		return false;
	for (unsigned i = 0; i < LAYER_AXES; i++) {
		unsigned a = LAYER_AXES - 1 - i;
		if (t->op != LAYER_CONV_TRANSPOSE)
			conv_axis(t, a, out[a], &p->axis[i]);
		else if (!transposed_axis(t, a, out[a], (uint32_t)(index % t->stride[a]), &p->axis[i]))
			return false;
		if (t->op == LAYER_CONV_TRANSPOSE)
			index /= t->stride[a];
	}
	p->axis[3] = (struct plan_axis){ .in = t->batch, .out = t->batch, .taps = 1, .step = 1, .tap_step = 1, .tap_inc = 1, .out_inc = 1,
	                                    .out_extent = t->batch };
	return true;
}

/* ---- chunks ---- */

struct limits {
	uint64_t pairs;             /* elements of a group */
	uint64_t groups;            /* of a chunk */
	uint64_t elements;          /* of a chunk */
};

static struct limits limits_of(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, bool by_column)
{
	const struct bitlet_mode *m = &d->mode[mode];
	struct limits l = { .pairs = (uint64_t)c->n * m->pack };
	l.groups = max2(1, min2(d->tile_groups, PLAN_MAX_RUN / max2(m->w_group_bytes, m->a_group_bytes)));
	l.elements = l.groups * l.pairs;
	if (by_column)
		l.elements = min2(l.elements, 65536);
	return l;
}

/* Groups of all chunks when the extents are cut to size[]. */
static void count_split(const struct limits *l, const uint32_t extent[4], struct plan_split *s)
{
	uint32_t first[4], size[4];
	uint64_t chunks = 1;
	for (unsigned i = 0; i < 4; i++) {
		s->count[i] = (uint32_t)ceil_div(extent[i], s->size[i]);
		chunks *= s->count[i];
	}
	s->chunks = (uint32_t)min2(chunks, UINT32_MAX);
	s->groups = UINT64_MAX;
	if (chunks > 1 << 20)
		return;
	s->groups = 0;
	for (uint32_t i = 0; i < s->chunks; i++) {
		plan_chunk(s, extent, extent[3], i, first, size);
		s->groups += ceil_div((uint64_t)size[0] * size[1] * size[2] * size[3], l->pairs);
	}
}

/* Extents below `level` whole, those above it 1, extent `level` cut evenly into as few parts as the limit allows. False: not even one step fits. */
static bool cut_at(const struct limits *l, const uint32_t extent[4], unsigned level, struct plan_split *s)
{
	static const uint8_t order[4] = { 3, 0, 1, 2 }; /* channels lie innermost */
	uint64_t unit = 1;
	for (unsigned i = 0; i < 4; i++) {
		unsigned e = order[i];
		s->size[e] = i < level ? extent[e] : 1;
		unit *= i < level ? extent[e] : 1;
	}
	if (unit > l->elements)
		return false;
	unsigned e = order[level];
	uint64_t parts = ceil_div(extent[e], min2(extent[e], l->elements / unit));
	s->size[e] = (uint32_t)ceil_div(extent[e], parts);
	if (level == 0 && parts > 1) /* whole groups, as far as they fit */
		s->size[e] = (uint32_t)min2(ceil_div(s->size[e], l->pairs) * l->pairs, l->elements);
	count_split(l, extent, s);
	return true;
}

/* All taps with a share of the channels. */
static bool cut_channels(const struct limits *l, const uint32_t extent[4], struct plan_split *s)
{
	uint64_t taps = (uint64_t)extent[0] * extent[1] * extent[2];
	if (taps > l->elements)
		return false;
	uint64_t parts = ceil_div(extent[3], min2(extent[3], l->elements / taps));
	memcpy(s->size, extent, sizeof s->size);
	s->size[3] = (uint32_t)ceil_div(extent[3], parts);
	count_split(l, extent, s);
	return true;
}

static void keep_better(struct plan_split *best, const struct plan_split *s, bool *found)
{
	if (!*found || s->groups < best->groups || (s->groups == best->groups && s->chunks < best->chunks))
		*best = *s;
	*found = true;
}

bool plan_split(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t taps[3], uint32_t channels, bool by_column,
                struct plan_split *s)
{
	const struct limits l = limits_of(c, d, mode, by_column);
	const uint32_t extent[4] = { taps[0], taps[1], taps[2], channels };
	struct plan_split try;
	bool found = false;
	for (unsigned level = 4; level-- > 0;)
		if (cut_at(&l, extent, level, &try)) {
			keep_better(s, &try, &found);
			break;
		}
	if (cut_channels(&l, extent, &try))
		keep_better(s, &try, &found);
	return found && s->groups != UINT64_MAX;
}

void plan_chunk(const struct plan_split *s, const uint32_t taps[3], uint32_t channels, uint32_t i, uint32_t first[4], uint32_t size[4])
{
	static const uint8_t order[4] = { 3, 0, 1, 2 };
	const uint32_t extent[4] = { taps[0], taps[1], taps[2], channels };
	for (unsigned j = 0; j < 4; j++) {
		unsigned e = order[j];
		first[e] = i % s->count[e] * s->size[e];
		size[e] = (uint32_t)min2(s->size[e], extent[e] - first[e]);
		i /= s->count[e];
	}
}

/* ---- blocks of groups ---- */

uint64_t plan_pixel_cycles(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode, const uint32_t taps[3], uint32_t channels,
                           uint64_t filled, bool contiguous, unsigned pes, const struct plan_split *s)
{
	const struct bitlet_mode *m = &d->mode[mode];
	uint64_t k = (uint64_t)taps[0] * taps[1] * taps[2] * channels;
	uint64_t bits = filled * c->n / (2 * max2(k, 1)); /* half of the weights' bits are essential */
	uint64_t array = s->groups * max2(max2(d->group_cycles, bits), 1);
	uint64_t runs = contiguous ? (uint64_t)taps[1] * taps[2] : k / channels;
	uint64_t load = k * m->a_bytes / d->bus_bytes + runs * (runs > 1) + s->groups;
	uint64_t out = s->chunks * ceil_div(pes, c->output_lanes);
	return max2(max2(array, load), out);
}

/* Cycles a pixel of a tile of `block` groups. */
static uint64_t block_cycles(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, uint32_t block)
{
	const uint32_t taps[3] = { t->kernel[2], t->kernel[1], t->kernel[0] };
	uint32_t channels = t->in_channels / t->groups;
	struct plan_split s;
	if (!plan_split(c, d, t->mode, taps, channels * block, false, &s))
		return UINT64_MAX / 65536;
	bool contiguous = block == t->groups && t->dilation[2] == 1;
	uint64_t filled = (uint64_t)taps[0] * taps[1] * taps[2] * channels;
	return plan_pixel_cycles(c, d, t->mode, taps, channels * block, filled, contiguous, block * (t->out_channels / t->groups), &s);
}

uint32_t plan_block(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	uint32_t filters = t->out_channels / t->groups, best = 1;
	uint64_t least = UINT64_MAX;
	for (uint32_t block = 1; block <= t->groups && block * (uint64_t)filters <= c->pes; block++) {
		uint64_t rest = t->groups % block;
		uint64_t cycles = t->groups / block * block_cycles(t, c, d, block) + (rest ? block_cycles(t, c, d, (uint32_t)rest) : 0);
		if (cycles < least) {
			least = cycles;
			best = block;
		}
	}
	return best;
}
