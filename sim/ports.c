#include "ports.h"

#include <stdlib.h>
#include <string.h>

size_t port_words(size_t bits)
{
	size_t words = (bits + 31) / 32;
	return words < 2 ? 2 : words;
}

uint64_t port_get(const uint32_t *vector, size_t at, unsigned width)
{
	uint64_t value = 0;
	for (unsigned have = 0; have < width;) {
		unsigned shift = (unsigned)((at + have) % 32);
		value |= (uint64_t)(vector[(at + have) / 32] >> shift) << have;
		have += 32 - shift;
	}
	return width < 64 ? value & ((UINT64_C(1) << width) - 1) : value;
}

void port_put(uint32_t *vector, size_t at, unsigned width, uint64_t value)
{
	while (width) {
		unsigned shift = (unsigned)(at % 32);
		unsigned step = width < 32 - shift ? width : 32 - shift;
		uint32_t mask = (step < 32 ? (UINT32_C(1) << step) - 1 : UINT32_MAX) << shift;
		uint32_t *word = &vector[at / 32];
		*word = (*word & ~mask) | ((uint32_t)value << shift & mask);
		value >>= step;
		at += step;
		width -= step;
	}
}

bool ports_new(struct ports *p, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(p, 0, sizeof *p);
	p->config = c;
	p->derived = d;
	p->act = calloc(port_words((size_t)c->n * d->a_slot_bits), sizeof *p->act);
	p->wgt = calloc(port_words((size_t)c->pes * c->n * d->w_slot_bits), sizeof *p->wgt);
	p->in.act = p->act;
	p->in.wgt = p->wgt;
	if (p->act && p->wgt)
		return true;
	ports_free(p);
	return false;
}

void ports_free(struct ports *p)
{
	free(p->act);
	free(p->wgt);
	p->act = p->wgt = NULL;
}

static uint32_t low_bits(unsigned bits)
{
	return bits < 32 ? (UINT32_C(1) << bits) - 1 : UINT32_MAX;
}

/* One group's words to n slots from bit `at`; words NULL: noise. */
static void put_slots(struct ports *p, uint32_t *vector, size_t at, unsigned slot_bits, unsigned word_bits, const uint32_t *words)
{
	for (unsigned i = 0; i < p->config->n; i++) {
		uint32_t keep = words ? low_bits(word_bits) : 0;
		uint32_t slot = keep == UINT32_MAX ? 0 : (uint32_t)bitlet_random(&p->noise) & ~keep;
		if (words)
			slot |= words[i] & keep;
		port_put(vector, at + (size_t)i * slot_bits, slot_bits, slot);
	}
}

static void put_act(struct ports *p, const struct bitlet_lane_in *in)
{
	const struct bitlet_derived *d = p->derived;
	const struct bitlet_mode *m = &d->mode[in->act_valid ? in->act_mode : 0];
	p->in.act_valid = in->act_valid;
	p->in.act_last = in->act_valid ? in->act_last : bitlet_random(&p->noise) & 1;
	p->in.act_mode = in->act_valid ? in->act_mode : bitlet_random_below(&p->noise, d->modes);
	put_slots(p, p->act, 0, d->a_slot_bits, m->a_word_bits, in->act_valid ? in->act : NULL);
	uint32_t keep = 0;
	if (in->act_valid && p->config->zero_point && !m->precision.is_float)
		keep = low_bits(m->precision.a_bits);
	p->in.act_zero = ((in->act_zero & keep) | ((uint32_t)bitlet_random(&p->noise) & ~keep)) & low_bits(d->zero_bits);
}

void ports_set(struct ports *p, const struct bitlet_lane_in *in, const uint8_t *wgt_mode)
{
	const struct bitlet_derived *d = p->derived;
	unsigned n = p->config->n;
	/* noise must not change while valid waits for ready: it depends on nothing but the words shown */
	p->noise.state = in->act_valid ? in->act[0] : 1;
	put_act(p, in);
	for (unsigned pe = 0; pe < p->config->pes; pe++) {
		bool valid = in->wgt_valid >> pe & 1;
		size_t at = (size_t)pe * n * d->w_slot_bits;
		const uint32_t *words = valid ? in->wgt + (size_t)pe * n : NULL;
		p->noise.state = words ? words[0] : pe;
		put_slots(p, p->wgt, at, d->w_slot_bits, d->mode[wgt_mode[pe]].w_word_bits, words);
	}
	p->in.wgt_valid = in->wgt_valid;
	p->in.out_ready = in->out_ready;
}
