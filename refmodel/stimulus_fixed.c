#include "stimulus_kind.h"

/* One operand's field. */
struct range {
	unsigned bits;
	bool is_signed;
	int64_t min, max;
};

static struct range range_of(unsigned bits, bool is_signed)
{
	struct range g = { bits, is_signed, 0, (INT64_C(1) << bits) - 1 };
	if (is_signed) {
		g.min = -(INT64_C(1) << (bits - 1));
		g.max = (INT64_C(1) << (bits - 1)) - 1;
	}
	return g;
}

static uint32_t encode(struct range g, int64_t v)
{
	v = v < g.min ? g.min : v > g.max ? g.max : v;
	return (uint32_t)((uint64_t)v & ((UINT64_C(1) << g.bits) - 1));
}

static int64_t decode(struct range g, uint32_t field)
{
	return g.is_signed && field >> (g.bits - 1) & 1 ? (int64_t)field - (INT64_C(1) << g.bits) : (int64_t)field;
}

static uint32_t uniform(struct range g, struct bitlet_rng *r)
{
	return (uint32_t)(bitlet_random(r) & ((UINT64_C(1) << g.bits) - 1));
}

/* Deviation a quarter of the largest magnitude; unsigned operands in their middle. */
static int64_t gauss(struct range g, struct bitlet_rng *r)
{
	int64_t half = INT64_C(1) << (g.bits - 1);
	return (stimulus_gauss(r) / 65536 * half / (4 * 65536)) + (g.is_signed ? 0 : half);
}

static uint32_t corner(struct range g, struct bitlet_rng *r, uint32_t zero)
{
	switch (bitlet_random_below(r, 10)) {
	case 0: return encode(g, 0);
	case 1: return encode(g, 1);
	case 2: return encode(g, -1);
	case 3: return encode(g, g.min);
	case 4: return encode(g, g.min + 1);
	case 5: return encode(g, g.max);
	case 6: return encode(g, g.max - 1);
	case 7: return UINT32_C(1) << bitlet_random_below(r, g.bits);
	case 8: return zero & encode((struct range){ g.bits, false, 0, (INT64_C(1) << g.bits) - 1 }, INT64_MAX);
	default: return uniform(g, r);
	}
}

static uint32_t extreme(struct range g, bool high)
{
	return encode(g, high ? g.max : g.min);
}

struct filler {
	struct range w, a;
	struct bitlet_rng *r;
	struct stimulus_pairs *out;
};

static void fill_uniform(struct filler *f)
{
	for (unsigned i = 0; i < f->out->count; i++) {
		f->out->w[i] = uniform(f->w, f->r);
		f->out->a[i] = uniform(f->a, f->r);
	}
}

static void fill_gauss(struct filler *f)
{
	for (unsigned i = 0; i < f->out->count; i++) {
		f->out->w[i] = encode(f->w, gauss(f->w, f->r));
		f->out->a[i] = encode(f->a, gauss(f->a, f->r));
	}
}

static void fill_relu(struct filler *f)
{
	int64_t zero = decode(f->a, f->out->zero);
	fill_gauss(f);
	for (unsigned i = 0; i < f->out->count; i++)
		if (bitlet_random_below(f->r, 2) || decode(f->a, f->out->a[i]) < zero)
			f->out->a[i] = f->out->zero;
}

static void fill_sparse(struct filler *f)
{
	unsigned tenths = bitlet_random_below(f->r, 4) ? 1 : 0; /* a quarter of the groups is all zeros */
	for (unsigned i = 0; i < f->out->count; i++) {
		f->out->w[i] = bitlet_random_below(f->r, 10) < tenths ? uniform(f->w, f->r) : 0;
		f->out->a[i] = bitlet_random_below(f->r, 10) < 2 * tenths ? uniform(f->a, f->r) : f->out->zero;
	}
}

static void fill_corner(struct filler *f)
{
	for (unsigned i = 0; i < f->out->count; i++) {
		f->out->w[i] = corner(f->w, f->r, 0);
		f->out->a[i] = corner(f->a, f->r, f->out->zero);
	}
}

/* All products at one end of their range, so that sums are as large as they get. */
static void fill_extreme(struct filler *f)
{
	bool high_w = bitlet_random_below(f->r, 2), high_a = bitlet_random_below(f->r, 2), mixed = bitlet_random_below(f->r, 4) == 0;
	for (unsigned i = 0; i < f->out->count; i++) {
		bool flip = mixed && bitlet_random_below(f->r, 8) == 0;
		f->out->w[i] = extreme(f->w, high_w != flip);
		f->out->a[i] = extreme(f->a, high_a != flip);
	}
}

static void fill_cancel(struct filler *f)
{
	fill_uniform(f);
	for (unsigned i = 0; i + 1 < f->out->count; i += 2) {
		f->out->w[i + 1] = encode(f->w, -decode(f->w, f->out->w[i]));
		f->out->a[i + 1] = f->out->a[i];
	}
}

static uint32_t masked(struct range g, struct bitlet_rng *r, uint32_t empty, uint32_t full)
{
	int64_t v = (int64_t)((uniform(g, r) | full) & ~empty & (uint32_t)g.max);
	return encode(g, g.is_signed && bitlet_random_below(r, 2) ? -v : v);
}

static void fill_lanes(struct filler *f)
{
	uint32_t empty = (uint32_t)(bitlet_random(f->r) & bitlet_random(f->r)), full = (uint32_t)bitlet_random(f->r);
	for (unsigned i = 0; i < f->out->count; i++) {
		f->out->w[i] = masked(f->w, f->r, empty, full);
		f->out->a[i] = masked(f->a, f->r, full & ~empty, empty);
	}
}

void stimulus_fixed(const struct bitlet_precision *p, bool zero_point, unsigned kind, struct bitlet_rng *r, struct stimulus_pairs *out)
{
	static void (*const fill[])(struct filler *) = {
		[BITLET_STIMULUS_UNIFORM] = fill_uniform, [BITLET_STIMULUS_GAUSS] = fill_gauss,     [BITLET_STIMULUS_RELU] = fill_relu,
		[BITLET_STIMULUS_SPARSE] = fill_sparse,   [BITLET_STIMULUS_CORNER] = fill_corner,   [BITLET_STIMULUS_FINITE] = fill_corner,
		[BITLET_STIMULUS_EXTREME] = fill_extreme, [BITLET_STIMULUS_CANCEL] = fill_cancel,   [BITLET_STIMULUS_LANES] = fill_lanes,
	};
	struct filler f = { range_of(p->w_bits, p->w_signed), range_of(p->a_bits, p->a_signed), r, out };
	out->zero = zero_point ? corner(f.a, r, 0) : 0;
	fill[kind](&f);
}
