#include "derive.h"

#include <string.h>

static unsigned max2(unsigned a, unsigned b) { return a > b ? a : b; }
static unsigned min2(unsigned a, unsigned b) { return a < b ? a : b; }
static unsigned ceil_div(unsigned a, unsigned b) { return (a + b - 1) / b; }

static unsigned gcd(unsigned a, unsigned b)
{
	while (b) {
		unsigned r = a % b;
		a = b;
		b = r;
	}
	return a;
}

unsigned bitlet_clog2(unsigned n)
{
	unsigned bits = 0;
	while (bits < 31 && (1u << bits) < n)
		bits++;
	return bits;
}

static unsigned pack_of(const struct bitlet_config *c, const struct bitlet_precision *p)
{
	unsigned best = 1;
	unsigned width = max2(p->w_bits, p->a_bits);
	for (unsigned i = 0; i < c->packs; i++)
		if (!p->is_float && width <= 24 / c->packing[i])
			best = max2(best, c->packing[i]);
	return best;
}

static void derive_float(const struct bitlet_config *c, struct bitlet_mode *m)
{
	const struct bitlet_precision *p = &m->precision;
	unsigned man = p->man_bits;
	m->lanes = m->sub_lanes = man + 1 + c->guard_bits;
	m->bias = (1u << (p->exp_bits - 1)) - 1;
	m->scale = 2 * m->bias + 2 * man + c->guard_bits;
	m->sum_bits = m->lanes + man + 1 + bitlet_clog2(c->n) + 1;
}

static void derive_fixed(const struct bitlet_config *c, struct bitlet_mode *m)
{
	const struct bitlet_precision *p = &m->precision;
	unsigned distilled = c->side == BITLET_SIDE_WEIGHT ? p->w_bits : p->a_bits;
	m->lanes = m->pack > 1 ? 24 : distilled;
	m->sub_lanes = m->lanes / m->pack;
	/*
	 * Unsigned: each product is below 2^(w + a), a sign bit on top. With a signed operand v its |v| <= 2^(bits - 1), which
	 * saves one bit; a zero point widens |a| to 2^a_bits - 1 again.
	 */
	bool half = p->w_signed || (p->a_signed && !c->zero_point);
	m->sum_bits = p->w_bits + p->a_bits + bitlet_clog2(c->n * m->pack) + bitlet_clog2(c->max_groups) + (half ? 0 : 1);
}

static void derive_mode(const struct bitlet_config *c, const struct bitlet_precision *p, struct bitlet_mode *m)
{
	memset(m, 0, sizeof *m);
	m->precision = *p;
	m->pack = pack_of(c, p);
	m->w_word_bits = m->pack * p->w_bits;
	m->a_word_bits = m->pack * p->a_bits;
	if (p->is_float)
		derive_float(c, m);
	else
		derive_fixed(c, m);
}

/* Width that the lane multiplexer needs for one precision: the operand that is not distilled. */
static unsigned select_width(const struct bitlet_config *c, const struct bitlet_mode *m)
{
	const struct bitlet_precision *p = &m->precision;
	if (p->is_float)
		return p->man_bits + 1u;
	if (m->pack > 1)
		return 24;
	return c->side == BITLET_SIDE_WEIGHT ? p->a_bits : p->w_bits;
}

static void derive_modes(const struct bitlet_config *c, struct bitlet_derived *d)
{
	d->modes = c->precisions;
	d->mode_bits = max2(1, bitlet_clog2(c->precisions));
	for (unsigned i = 0; i < c->precisions; i++) {
		struct bitlet_mode *m = &d->mode[i];
		derive_mode(c, &c->precision[i], m);
		d->has_float |= m->precision.is_float;
		d->has_fixed |= !m->precision.is_float;
		d->w_slot_bits = max2(d->w_slot_bits, m->w_word_bits);
		d->a_slot_bits = max2(d->a_slot_bits, m->a_word_bits);
		d->lanes = max2(d->lanes, m->lanes);
		d->select_bits = max2(d->select_bits, select_width(c, m));
		d->sum_bits = max2(d->sum_bits, m->sum_bits);
		if (m->precision.is_float) {
			d->scale_max = max2(d->scale_max, m->scale);
			d->exp_bits = max2(d->exp_bits, m->precision.exp_bits + 1u);
			d->acc_bits = max2(d->acc_bits, m->sum_bits + bitlet_clog2(c->max_groups));
		}
	}
	d->zero_bits = 1;
	d->post_exp_bits = d->exp_bits = max2(2, d->exp_bits);
	for (unsigned i = 0; i < c->precisions; i++) {
		struct bitlet_mode *m = &d->mode[i];
		if (!m->precision.is_float) {
			d->zero_bits = max2(d->zero_bits, m->precision.a_bits);
			continue;
		}
		m->exp_offset = d->scale_max - m->scale;
		unsigned largest = 2 * ((1u << m->precision.exp_bits) - 2) + m->exp_offset;
		d->post_exp_bits = max2(d->post_exp_bits, bitlet_clog2(largest + 1));
	}
}

static void derive_blocks(struct bitlet_derived *d)
{
	d->sign_blocks = 1;
	for (unsigned i = 0; i < d->modes; i++)
		d->sign_blocks = d->sign_blocks / gcd(d->sign_blocks, d->mode[i].pack) * d->mode[i].pack;
	d->sign_lanes = d->sign_blocks > 1 ? 24 / d->sign_blocks : d->lanes;
	d->block_lanes = d->sign_blocks > 1 ? gcd(d->sign_lanes, 4) : min2(d->lanes, 4);
	d->blocks = ceil_div(d->lanes, d->block_lanes);
}

/* Bytes of an element in memory. */
static unsigned element_bytes(unsigned bits)
{
	return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

/* What the core around the engine needs (docs/core.md section 2). */
static void derive_core(const struct bitlet_config *c, struct bitlet_derived *d)
{
	d->bus_bytes = c->axi_bits / 8;
	for (unsigned i = 0; i < d->modes; i++) {
		struct bitlet_mode *m = &d->mode[i];
		m->w_bytes = element_bytes(m->precision.w_bits);
		m->a_bytes = element_bytes(m->precision.a_bits);
		m->w_group_bytes = c->n * m->pack * m->w_bytes;
		m->a_group_bytes = c->n * m->pack * m->a_bytes;
		d->w_lines = max2(d->w_lines, ceil_div(m->w_group_bytes, d->bus_bytes));
		d->a_lines = max2(d->a_lines, ceil_div(m->a_group_bytes, d->bus_bytes));
	}
	d->tile_groups = min2(c->wgt_buffer / 2, c->max_groups);
	d->run_beats = ceil_div(4 * c->pes, d->bus_bytes) + 1; /* one more when the run starts within a beat */
}

/* Splits T into exponent pass, alignment pass and pipeline latency. */
static void derive_preprocess(const struct bitlet_config *c, struct bitlet_derived *d)
{
	unsigned t = ceil_div(c->n, c->preprocess_rate);
	unsigned passes = d->has_float ? 2 : 1;
	d->group_cycles = t;
	/* the first cut lies in the alignment pass, the second in the exponent pass; T holds them or they are left out */
	d->pre_cuts = min2(min2(c->pipeline.preprocess, passes), t > passes ? t - passes : 0);
	unsigned share = t - d->pre_cuts;
	if (d->has_float && t > 1)
		share /= 2;
	d->slice = ceil_div(c->n, share);
	d->align_cycles = ceil_div(c->n, d->slice); /* no empty slice */
	d->exp_cycles = d->has_float && t > 1 ? d->align_cycles : 0;
}

/* Plain multipliers: signs and exponents beside the magnitudes where there are floats, else two's complement numbers. */
static void derive_dense(const struct bitlet_config *c, struct bitlet_derived *d)
{
	d->group_cycles = d->align_cycles = 1;
	d->exp_cycles = 0;
	d->slice = c->n;
	d->pre_cuts = d->has_float ? min2(c->pipeline.preprocess, 2) : 0;
	d->latency += d->pre_cuts;
	d->w_factor_bits = d->lanes;
	d->a_factor_bits = d->select_bits;
	for (unsigned i = 0; i < d->modes && !d->has_float; i++) {
		const struct bitlet_precision *p = &d->mode[i].precision;
		d->w_factor_bits = max2(d->w_factor_bits, p->w_bits + (p->w_signed ? 0u : 1u));
		d->a_factor_bits = max2(d->a_factor_bits, p->a_bits + (p->a_signed && !c->zero_point ? 0u : 1u));
	}
	unsigned beside = d->has_float ? d->exp_bits - 1 + 5 : 0; /* exponent, sign, four kinds */
	d->w_field_bits = d->w_factor_bits + beside;
	d->a_field_bits = d->a_factor_bits + beside;
	/* signs on top of magnitudes; Booth's digits have two bits each (product_sum.v) */
	d->product_sum_bits = (d->w_factor_bits + d->has_float + 1) / 2 * 2 + d->a_factor_bits + d->has_float + bitlet_clog2(c->n);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	for (int i = 0; i < 8; i++) {
		h ^= v >> (8 * i) & 0xff;
		h *= 0x100000001b3u; /* FNV-1a */
	}
	return h;
}

static uint64_t hash_config(const struct bitlet_config *c)
{
	const uint64_t scalar[] = {
		(uint64_t)c->engine, c->n, c->pes, c->guard_bits, (uint64_t)c->selector, (uint64_t)c->side, c->run_ahead,
		c->preprocess_rate, c->gate_zero_activations, c->zero_point, c->array_fifo, (uint64_t)c->accumulation,
		c->max_groups, c->result_bits, c->result_fifo, c->pipeline.preprocess, c->pipeline.decoder,
		c->pipeline.tree, c->pipeline.accumulator, c->pipeline.packager, c->packs, c->precisions,
		c->axi_bits, c->axi_address_bits, c->axi_burst, c->axi_outstanding, c->act_buffer, c->wgt_buffer,
		c->psum_buffer, c->out_buffer, c->output_lanes, c->parity,
	};
	uint64_t h = 0xcbf29ce484222325u;
	for (unsigned i = 0; i < sizeof scalar / sizeof *scalar; i++)
		h = mix(h, scalar[i]);
	for (unsigned i = 0; i < c->packs; i++)
		h = mix(h, c->packing[i]);
	for (unsigned i = 0; i < c->precisions; i++)
		for (const char *s = c->precision[i].name; *s; s++)
			h = mix(h, (uint64_t)(unsigned char)*s);
	return h;
}

void bitlet_derive(const struct bitlet_config *c, struct bitlet_derived *d)
{
	const struct bitlet_pipeline *p = &c->pipeline;
	memset(d, 0, sizeof *d);
	derive_modes(c, d);
	derive_blocks(d);
	derive_preprocess(c, d);
	d->slots = c->run_ahead + 1;
	d->out_bits = d->has_float ? 32 : 0;
	if (d->has_fixed)
		d->out_bits = max2(d->out_bits, c->result_bits);
	d->latency = p->decoder + p->tree + 2;
	if (d->has_float)
		d->latency += p->packager + p->accumulator + 1;
	if (d->has_float && c->accumulation == BITLET_ACCUMULATION_FP32)
		d->post_wait = p->accumulator;
	if (c->engine == BITLET_DENSE)
		derive_dense(c, d);
	derive_core(c, d);
	d->hash = hash_config(c);
	d->hash_low = (unsigned)d->hash;
	d->hash_high = (unsigned)(d->hash >> 32);
}
