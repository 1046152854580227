#include "bit_stats.h"

#include <string.h>

/* A field's number as bits. */
struct reader {
	const struct bitlet_precision *p;
	unsigned bytes, bits;
	bool is_signed;
	int32_t zero;
};

static uint32_t word_at(const uint8_t *p, const struct reader *r)
{
	uint32_t v = 0;
	for (unsigned i = 0; i < r->bytes; i++)
		v |= (uint32_t)p[i] << 8 * i;
	return r->bits < 32 ? v & ((UINT32_C(1) << r->bits) - 1) : v;
}

static uint32_t significand(const struct bitlet_precision *p, uint32_t v)
{
	uint32_t mantissa = v & ((UINT32_C(1) << p->man_bits) - 1), exponent = v >> p->man_bits & ((UINT32_C(1) << p->exp_bits) - 1);
	return exponent ? mantissa | UINT32_C(1) << p->man_bits : mantissa;
}

static uint32_t magnitude(const struct reader *r, uint32_t v)
{
	if (r->p->is_float)
		return significand(r->p, v);
	int64_t code = v, full = INT64_C(1) << r->bits;
	if (r->is_signed && code >= full / 2)
		code -= full;
	code -= r->zero;
	return (uint32_t)(code < 0 ? -code : code);
}

static unsigned width_of(const struct reader *r)
{
	if (r->p->is_float)
		return r->p->man_bits + 1u;
	return r->is_signed && r->bits > 1 ? r->bits - 1 : r->bits;
}

static void add_number(struct bit_stats *s, uint32_t v)
{
	s->numbers++;
	s->zeros += v == 0;
	for (; v; v &= v - 1)
		s->ones[__builtin_ctz(v)]++;
}

static unsigned exponent(const struct bitlet_precision *p, uint32_t v)
{
	unsigned e = v >> p->man_bits & ((UINT32_C(1) << p->exp_bits) - 1);
	return e ? e : 1; /* subnormal */
}

/* Largest exponent of the numbers that are not 0. */
static unsigned top_exponent(const struct reader *r, const uint8_t *data, size_t count)
{
	unsigned top = 0;
	for (size_t i = 0; r->p->is_float && i < count; i++) {
		uint32_t v = word_at(data + i * r->bytes, r);
		if (significand(r->p, v) && exponent(r->p, v) > top)
			top = exponent(r->p, v);
	}
	return top;
}

static uint32_t aligned(const struct reader *r, uint32_t v, unsigned top)
{
	uint32_t size = magnitude(r, v);
	unsigned shift = r->p->is_float && size ? top - exponent(r->p, v) : 0;
	return shift < 32 ? size >> shift : 0;
}

/* `count` numbers that one group holds. */
static void add_group(struct bit_stats *s, const struct reader *r, const uint8_t *data, size_t count, unsigned pack, unsigned least)
{
	uint32_t lane[24][BIT_STATS_BITS], busiest = 0, ones = 0;
	unsigned top = top_exponent(r, data, count);
	memset(lane, 0, pack * sizeof lane[0]);
	for (size_t i = 0; i < count; i++)
		for (uint32_t v = aligned(r, word_at(data + i * r->bytes, r), top); v; v &= v - 1) {
			uint32_t n = ++lane[i % pack][__builtin_ctz(v)];
			busiest = n > busiest ? n : busiest;
			ones++;
		}
	uint32_t cycles = busiest > least ? busiest : least ? least : 1;
	s->groups++;
	s->grouped += count;
	s->busiest += busiest;
	s->cycles += cycles;
	s->average += (double)ones / (s->width * pack);
}

void bit_stats_add(struct bit_stats *s, const struct bitlet_mode *m, bool weights, int32_t zero, const uint8_t *data, size_t rows, size_t k, unsigned n, unsigned least)
{
	const struct bitlet_precision *p = &m->precision;
	struct reader r = {p, weights ? m->w_bytes : m->a_bytes, weights ? p->w_bits : p->a_bits, weights ? p->w_signed : p->a_signed, zero};
	size_t group = (size_t)n * m->pack;
	s->width = width_of(&r);
	for (size_t i = 0; i < rows * k; i++)
		add_number(s, magnitude(&r, word_at(data + i * r.bytes, &r)));
	for (size_t row = 0; n && row < rows; row++)
		for (size_t at = 0; at < k; at += group)
			add_group(s, &r, data + (row * k + at) * r.bytes, k - at < group ? k - at : group, m->pack, least);
}

uint64_t bit_stats_ones(const struct bit_stats *s)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < BIT_STATS_BITS; i++)
		sum += s->ones[i];
	return sum;
}

double bit_stats_zeros(const struct bit_stats *s)
{
	return s->numbers ? (double)s->zeros / (double)s->numbers : 0;
}

double bit_stats_zero_bits(const struct bit_stats *s)
{
	return s->numbers ? 1 - (double)bit_stats_ones(s) / ((double)s->numbers * s->width) : 0;
}

double bit_stats_share(const struct bit_stats *s, unsigned bit)
{
	return s->numbers ? (double)s->ones[bit] / (double)s->numbers : 0;
}

double bit_stats_speed(const struct bit_stats *s)
{
	return s->cycles ? (double)s->grouped / (double)s->cycles : 0;
}
