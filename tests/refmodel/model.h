/*
 * model.h: what the tests of the model share: cmocka, configurations made by hand, and a driver that streams outputs through the lane model.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bitlet.h"

/* A plain configuration with the precisions named in a list like "fp32 int8"; the caller changes what it wants and then derives. */
static inline struct bitlet_config model_config(unsigned n, const char *precisions)
{
	struct bitlet_config c;
	char list[256], *save = NULL;
	memset(&c, 0, sizeof c);
	snprintf(c.name, sizeof c.name, "test");
	snprintf(list, sizeof list, "%s", precisions);
	c.n = c.preprocess_rate = n;
	c.pes = 1;
	c.packs = 1;
	c.packing[0] = 1;
	c.max_groups = 64;
	c.result_bits = 32;
	c.result_fifo = 4;
	c.axi_bits = 64; /* the core around the engine: anything valid */
	c.wgt_buffer = 256;
	for (char *name = strtok_r(list, " ", &save); name; name = strtok_r(NULL, " ", &save))
		assert_true(bitlet_precision_parse(name, &c.precision[c.precisions++]));
	return c;
}

static inline void model_pack_all(struct bitlet_config *c)
{
	static const unsigned packs[] = { 1, 2, 3, 6, 12, 24 };
	c->packs = 6;
	memcpy(c->packing, packs, sizeof packs);
}

/* One line that tells a failing case apart. */
static inline void model_describe(const struct bitlet_config *c, char *line, size_t size)
{
	int used = snprintf(line, size, "n=%u pes=%u G=%u %s %s run_ahead=%u packs=%u rate=%u gate=%d zero=%d fifo=%u %s bits=%u rf=%u:", c->n,
	                    c->pes, c->guard_bits, c->selector ? "window" : "full", c->side ? "activation" : "weight", c->run_ahead, c->packs,
	                    c->preprocess_rate, c->gate_zero_activations, c->zero_point, c->array_fifo, c->accumulation ? "wide" : "fp32",
	                    c->result_bits, c->result_fifo);
	for (unsigned i = 0; i < c->precisions && used < (int)size; i++)
		used += snprintf(line + used, size - (size_t)used, " %s", c->precision[i].name);
}

/*
 * A stream for the array: beats of random outputs, with the oracle's results. Words are kept, so that the fast path can be asked as well.
 */
struct model_stream {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	unsigned beats, outputs;
	struct model_beat {
		unsigned mode, output;
		uint32_t zero;
		bool last;
	} *beat;
	uint32_t *a;                      /* [beats][n] */
	uint32_t *w;                      /* [beats][pes][n] */
	struct bitlet_naive_group *group; /* [beats][pes] */
	struct bitlet_result *expect;     /* [outputs][pes] */
};

static inline void *model_alloc(size_t count, size_t size)
{
	void *p = calloc(count, size);
	assert_non_null(p);
	return p;
}

static inline void model_fill_beat(struct model_stream *s, unsigned b, unsigned kind, struct bitlet_rng *r)
{
	unsigned n = s->c->n, pes = s->c->pes;
	struct model_beat *beat = &s->beat[b];
	bitlet_stimulus_group(s->c, s->d, beat->mode, kind, r, s->w + (size_t)b * pes * n, s->a + (size_t)b * n, &beat->zero);
	for (unsigned p = 0; p < pes; p++) {
		uint32_t *w = s->w + ((size_t)b * pes + p) * n;
		if (p)
			bitlet_stimulus_weights(s->c, s->d, beat->mode, kind, r, w);
		bitlet_naive_group(s->c, s->d, beat->mode, w, s->a + (size_t)b * n, beat->zero, &s->group[(size_t)b * pes + p]);
	}
}

static inline void model_expect(struct model_stream *s, unsigned first, unsigned end)
{
	unsigned pes = s->c->pes, length = end - first;
	struct bitlet_naive_group *g = model_alloc(length, sizeof *g);
	for (unsigned p = 0; p < pes; p++) {
		for (unsigned i = 0; i < length; i++)
			g[i] = s->group[(size_t)(first + i) * pes + p];
		s->expect[(size_t)s->beat[first].output * pes + p] = bitlet_naive_output(s->c, s->d, s->beat[first].mode, g, length);
	}
	free(g);
}

/* Outputs of any mode and length until `beats` beats are there. */
static inline void model_stream_make(struct model_stream *s, const struct bitlet_config *c, const struct bitlet_derived *d, unsigned beats,
                                     unsigned kind, struct bitlet_rng *r)
{
	*s = (struct model_stream){ .c = c, .d = d, .beats = beats };
	s->beat = model_alloc(beats, sizeof *s->beat);
	s->a = model_alloc((size_t)beats * c->n, sizeof *s->a);
	s->w = model_alloc((size_t)beats * c->n * c->pes, sizeof *s->w);
	s->group = model_alloc((size_t)beats * c->pes, sizeof *s->group);
	s->expect = model_alloc((size_t)beats * c->pes, sizeof *s->expect);
	for (unsigned b = 0; b < beats; s->outputs++) {
		unsigned mode = bitlet_random_below(r, d->modes), first = b;
		unsigned length = bitlet_stimulus_length(c, r, 64);
		for (; b < beats && b - first < length; b++) {
			s->beat[b].mode = mode;
			s->beat[b].output = s->outputs;
			model_fill_beat(s, b, kind, r);
		}
		s->beat[b - 1].last = true;
		model_expect(s, first, b);
	}
}

static inline void model_stream_free(struct model_stream *s)
{
	free(s->beat);
	free(s->a);
	free(s->w);
	free(s->group);
	free(s->expect);
}

/* Percent of cycles in which a stream is held back. */
struct model_stall {
	unsigned act, wgt, out;
};

struct model_drive {
	struct bitlet_lane *m;
	uint64_t cycles;
	uint64_t last_retire;       /* cycle of the last retirement of any PE, first load in cycle 0 of this count */
	uint64_t first_load;
};

static inline bool model_chance(struct bitlet_rng *r, unsigned percent)
{
	return percent && bitlet_random_below(r, 100) < percent;
}

static inline void model_check_result(const struct model_stream *s, const struct bitlet_lane_out *out, unsigned p, unsigned output,
                                      uint64_t cycle)
{
	const struct bitlet_result *want = &s->expect[(size_t)output * s->c->pes + p], *got = &out->result[p];
	if (output < s->outputs && got->bits == want->bits && got->flags == want->flags)
		return;
	char line[512];
	model_describe(s->c, line, sizeof line);
	fail_msg("%s: output %u of %u, PE %u, cycle %llu: %llx flags %x, naive %llx flags %x", line, output, s->outputs, p,
	         (unsigned long long)cycle, (unsigned long long)got->bits, got->flags, (unsigned long long)want->bits, want->flags);
}

/* Streams s through a new model, compares every result with the oracle's, and leaves the model for its counts (free it). */
static inline struct model_drive model_run(const struct model_stream *s, struct model_stall stall, struct bitlet_rng *r)
{
	const struct bitlet_config *c = s->c;
	struct model_drive v = { .m = bitlet_lane_new(c, s->d), .first_load = UINT64_MAX };
	unsigned act = 0, wgt[BITLET_MAX_PES] = { 0 }, seen[BITLET_MAX_PES] = { 0 }, left = s->outputs * c->pes;
	uint32_t *words = model_alloc((size_t)c->pes * c->n, sizeof *words);
	bool act_up = false;
	uint64_t wgt_up = 0;
	assert_non_null(v.m);
	for (; left > 0; v.cycles++) {
		struct bitlet_lane_in in = { .wgt = words };
		struct bitlet_lane_out out;
		act_up = act_up || (act < s->beats && !model_chance(r, stall.act));
		if (act_up) {
			in.act_valid = true;
			in.act = s->a + (size_t)act * c->n;
			in.act_last = s->beat[act].last;
			in.act_mode = s->beat[act].mode;
			in.act_zero = s->beat[act].zero;
		}
		for (unsigned p = 0; p < c->pes; p++) {
			uint64_t bit = UINT64_C(1) << p;
			if (wgt[p] < s->beats && !model_chance(r, stall.wgt))
				wgt_up |= bit;
			if (wgt_up & bit)
				memcpy(words + (size_t)p * c->n, s->w + ((size_t)wgt[p] * c->pes + p) * c->n, c->n * sizeof *words);
			if (!model_chance(r, stall.out))
				in.out_ready |= bit;
		}
		in.wgt_valid = wgt_up;
		bitlet_lane_step(v.m, &in, &out);
		for (unsigned p = 0; p < c->pes; p++) {
			uint64_t bit = UINT64_C(1) << p;
			if (out.out_valid & bit)
				model_check_result(s, &out, p, seen[p], v.cycles);
			if (out.out_valid & in.out_ready & bit) {
				seen[p]++;
				left--;
			}
			if (out.wgt_ready & bit) {
				assert_true(wgt_up & bit);
				wgt[p]++;
				wgt_up &= ~bit;
			}
			if (bitlet_lane_look(v.m, p)->retired)
				v.last_retire = v.cycles;
			if (bitlet_lane_look(v.m, p)->loaded && v.first_load > v.cycles)
				v.first_load = v.cycles;
		}
		if (out.act_ready && act_up) {
			act++;
			act_up = false;
		}
		assert_true(v.cycles < 10000 + (uint64_t)s->beats * 4000); /* it must not hang */
	}
	free(words);
	return v;
}

#endif
