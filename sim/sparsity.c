#include "sparsity.h"

static uint32_t field(const uint8_t *p, unsigned bytes, unsigned bits)
{
	uint32_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint32_t)p[i] << 8 * i;
	return bits < 32 ? v & ((UINT32_C(1) << bits) - 1) : v;
}

static uint32_t fixed_magnitude(const struct bitlet_precision *p, uint32_t v)
{
	uint32_t sign = UINT32_C(1) << (p->w_bits - 1);
	return p->w_signed && (v & sign) ? 2 * sign - v : v;
}

static uint32_t significand(const struct bitlet_precision *p, uint32_t v)
{
	uint32_t mantissa = v & ((UINT32_C(1) << p->man_bits) - 1), exponent = v >> p->man_bits & ((UINT32_C(1) << p->exp_bits) - 1);
	return exponent ? mantissa | UINT32_C(1) << p->man_bits : mantissa;
}

void sparsity_add_weights(struct sparsity *s, const struct bitlet_mode *m, const uint8_t *weights, size_t bytes)
{
	const struct bitlet_precision *p = &m->precision;
	unsigned width = p->is_float ? p->man_bits + 1u : p->w_signed && p->w_bits > 1 ? p->w_bits - 1u : p->w_bits;
	size_t count = bytes / m->w_bytes;
	for (size_t i = 0; i < count; i++) {
		uint32_t v = field(weights + i * m->w_bytes, m->w_bytes, p->w_bits);
		v = p->is_float ? significand(p, v) : fixed_magnitude(p, v);
		s->zero_weights += v == 0;
		s->zero_bits += width - (unsigned)__builtin_popcount(v);
	}
	s->weights += count;
	s->bits += count * width;
}

void sparsity_add_acts(struct sparsity *s, const struct bitlet_mode *m, int32_t zero, const uint8_t *acts, size_t bytes)
{
	const struct bitlet_precision *p = &m->precision;
	uint32_t mask = p->is_float ? ~(UINT32_C(1) << (p->a_bits - 1)) : ~UINT32_C(0);
	uint32_t code = p->is_float ? 0 : (uint32_t)zero & (p->a_bits < 32 ? (UINT32_C(1) << p->a_bits) - 1 : ~UINT32_C(0));
	size_t count = bytes / m->a_bytes;
	for (size_t i = 0; i < count; i++)
		s->zero_acts += (field(acts + i * m->a_bytes, m->a_bytes, p->a_bits) & mask) == code;
	s->acts += count;
}
