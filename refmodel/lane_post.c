#include "lane_post.h"

#include <assert.h>
#include <string.h>

void lane_post_reset(struct lane_post *p, const struct bitlet_config *c)
{
	memset(p, 0, sizeof *p);
	p->credit = c->result_fifo;
}

bool lane_post_ready(const struct lane_post *p, const struct lane_group *g)
{
	return !g->ends_unit || ((!g->ends_output || p->credit > 0) && p->wait == 0);
}

static void or_specials(struct bitlet_specials *s, const struct bitlet_specials *t)
{
	s->nan |= t->nan;
	s->pinf |= t->pinf;
	s->ninf |= t->ninf;
	s->invalid |= t->invalid;
}

/* Specials or the packed value; flags of this operation alone are or-ed into p->flags. */
static uint32_t pack(struct lane_post *p, const struct bitlet_mode *m, struct bitlet_specials s, bool inexact, bitlet_int128 sum,
                     unsigned exponent)
{
	uint32_t word = bitlet_specials_word(&s);
	if (s.invalid)
		p->flags |= BITLET_INVALID;
	if (word)
		return word;
	if (inexact)
		p->flags |= BITLET_INEXACT;
	return bitlet_fp32_pack(sum, (int)exponent - (int)m->scale, &p->flags);
}

static void accumulate_fp32(struct lane_post *p, const struct bitlet_mode *m, const struct lane_group *g, bitlet_int128 sum)
{
	uint32_t word = pack(p, m, g->specials, g->inexact, sum, g->exponent);
	p->fp32 = p->begun ? bitlet_fp32_add(p->fp32, word, &p->flags) : word;
}

/* v >>> shift; a lost 1 raises *inexact. */
static bitlet_int128 shift_down(bitlet_int128 v, unsigned shift, bool *inexact)
{
	if (shift > 126)
		shift = 126; /* |v| < 2^80: all that is left is its sign */
	bitlet_int128 r = v >> shift;
	*inexact |= r * ((bitlet_int128)1 << shift) != v;
	return r;
}

static void accumulate_wide(struct lane_post *p, const struct lane_group *g, bitlet_int128 sum)
{
	bool inexact = g->inexact;
	if (g->exponent > p->exponent) {
		p->wide = shift_down(p->wide, g->exponent - p->exponent, &inexact) + sum;
		p->exponent = g->exponent;
	} else {
		p->wide += shift_down(sum, p->exponent - g->exponent, &inexact);
	}
	or_specials(&p->specials, &g->specials);
	if (inexact)
		p->flags |= BITLET_INEXACT;
}

/* Leaves only the flags that a wide output may have. */
static uint32_t finish_wide(struct lane_post *p, const struct bitlet_mode *m)
{
	bool inexact = p->flags & BITLET_INEXACT;
	p->flags = 0;
	return pack(p, m, p->specials, inexact, p->wide, p->exponent);
}

static uint64_t saturate(struct lane_post *p, const struct bitlet_config *c, const struct bitlet_derived *d, bitlet_int128 sum)
{
	bitlet_int128 max = ((bitlet_int128)1 << (c->result_bits - 1)) - 1, min = -max - 1;
	if (sum > max || sum < min)
		p->flags |= BITLET_OVERFLOW;
	return bitlet_result_word(d, (int64_t)(sum > max ? max : sum < min ? min : sum));
}

static void push(struct lane_post *p, uint64_t bits, uint64_t visible)
{
	struct lane_pending *e = &p->queue[(p->first + p->count) % LANE_MAX_RESULTS];
	assert(p->count < LANE_MAX_RESULTS && p->credit > 0);
	e->result.bits = bits;
	e->result.flags = p->flags;
	e->visible = visible;
	p->count++;
	p->credit--;
}

static void begin_output(struct lane_post *p)
{
	p->begun = false;
	p->flags = 0;
	p->wide = 0;
	p->exponent = 0;
	memset(&p->specials, 0, sizeof p->specials);
}

void lane_post_end(struct lane_post *p, const struct bitlet_config *c, const struct bitlet_derived *d, const struct lane_group *g,
                   bitlet_int128 sum, uint64_t now)
{
	const struct bitlet_mode *m = &d->mode[g->mode];
	bool fp32 = m->precision.is_float && c->accumulation == BITLET_ACCUMULATION_FP32;
	uint64_t bits;
	if (fp32) {
		accumulate_fp32(p, m, g, sum);
		p->wait = d->post_wait + 1; /* the edge of this cycle takes one off */
	} else if (m->precision.is_float) {
		accumulate_wide(p, g, sum);
	}
	p->begun = true;
	if (!g->ends_output)
		return;
	if (fp32)
		bits = p->fp32;
	else if (m->precision.is_float)
		bits = finish_wide(p, m);
	else
		bits = saturate(p, c, d, sum);
	push(p, bits, now + d->latency);
	begin_output(p);
}

const struct bitlet_result *lane_post_front(const struct lane_post *p, uint64_t now)
{
	return p->count && p->queue[p->first].visible <= now ? &p->queue[p->first].result : NULL;
}

void lane_post_edge(struct lane_post *p, bool popped)
{
	if (p->wait)
		p->wait--;
	if (!popped)
		return;
	p->first = (p->first + 1) % LANE_MAX_RESULTS;
	p->count--;
	p->credit++;
}
