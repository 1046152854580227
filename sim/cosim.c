#include "cosim.h"

#include <string.h>
#include <time.h>

#include "cosim_bench.h"

enum { PROGRESS_CYCLES = 2048 };

const char *mismatch_name(enum mismatch_kind kind)
{
	static const char *const name[] = {
		[MISMATCH_NONE] = "none", [MISMATCH_ACT_READY] = "act_ready", [MISMATCH_WGT_READY] = "wgt_ready",
		[MISMATCH_OUT_VALID] = "out_valid", [MISMATCH_VALUE] = "value", [MISMATCH_FLAGS] = "flags",
		[MISMATCH_ORACLE_VALUE] = "oracle value", [MISMATCH_ORACLE_FLAGS] = "oracle flags",
		[MISMATCH_INTERVAL] = "load interval", [MISMATCH_HANG] = "hang",
	};
	return name[kind];
}

struct run {
	struct bench bench;
	struct cosim_counts *counts;
	struct mismatch *first;
	bool taken;                 /* the result compared is taken in this cycle: count what differs */
	bool stop;
};

static void note(struct run *r, const struct mismatch *m)
{
	switch (m->kind) {
	case MISMATCH_VALUE:
	case MISMATCH_ORACLE_VALUE:
		r->counts->values += r->taken;
		break;
	case MISMATCH_FLAGS:
	case MISMATCH_ORACLE_FLAGS:
		r->counts->flags += r->taken;
		break;
	default:
		r->counts->timing++;
		r->stop = true; /* from here on both would only drift apart */
	}
	if (r->first->kind == MISMATCH_NONE)
		*r->first = *m;
}

static size_t clamp_group(const struct feed *f, size_t beat)
{
	return beat < f->beats ? beat : f->beats - 1;
}

/* A handshake bit of PE pe (act_ready: 0) that differs, at the group that the port shows. */
static void note_bit(struct run *r, enum mismatch_kind kind, unsigned pe, size_t beat, bool rtl)
{
	const struct traffic *t = &r->bench.traffic;
	size_t group = clamp_group(t->feed, beat);
	struct mismatch m = {
		.kind = kind, .cycle = t->cycle, .pe = pe, .output = t->feed->beat[group].output, .first_group = group, .group = group,
		.rtl = rtl, .model = !rtl, .oracle = !rtl, .width = 1,
	};
	note(r, &m);
}

/* First and last group of an output. */
static void find_groups(const struct feed *f, size_t output, size_t *first, size_t *last)
{
	size_t i = 0;
	while (i < f->beats && f->beat[i].output < output)
		i++;
	*first = clamp_group(f, i);
	while (i + 1 < f->beats && !f->beat[i].last)
		i++;
	*last = clamp_group(f, i);
}

static void note_result(struct run *r, enum mismatch_kind kind, unsigned pe, uint64_t rtl, uint64_t model, uint64_t oracle)
{
	const struct traffic *t = &r->bench.traffic;
	bool is_flags = kind == MISMATCH_FLAGS || kind == MISMATCH_ORACLE_FLAGS;
	struct mismatch m = {
		.kind = kind, .cycle = t->cycle, .pe = pe, .output = t->output[pe], .rtl = rtl, .model = model, .oracle = oracle,
		.width = is_flags ? 4 : t->feed->derived->out_bits,
	};
	find_groups(t->feed, m.output, &m.first_group, &m.group);
	note(r, &m);
}

/* Results are compared in every cycle in which they are shown. */
static void compare_result(struct run *r, unsigned pe)
{
	const struct traffic *t = &r->bench.traffic;
	const struct bitlet_result *model = &t->out.result[pe];
	const struct bitlet_result *want = &t->feed->want[t->output[pe] * t->feed->config->pes + pe];
	struct bitlet_result rtl = bench_result(&r->bench, pe);
	r->taken = t->in.out_ready >> pe & 1;
	if (rtl.bits != model->bits)
		note_result(r, MISMATCH_VALUE, pe, rtl.bits, model->bits, want->bits);
	else if (model->bits != want->bits)
		note_result(r, MISMATCH_ORACLE_VALUE, pe, rtl.bits, model->bits, want->bits);
	if (rtl.flags != model->flags)
		note_result(r, MISMATCH_FLAGS, pe, rtl.flags, model->flags, want->flags);
	else if (model->flags != want->flags)
		note_result(r, MISMATCH_ORACLE_FLAGS, pe, rtl.flags, model->flags, want->flags);
}

static void compare(struct run *r)
{
	const struct traffic *t = &r->bench.traffic;
	const struct dut_out *rtl = &r->bench.out;
	if (rtl->act_ready != t->out.act_ready)
		note_bit(r, MISMATCH_ACT_READY, 0, bench_act_beat(&r->bench), rtl->act_ready);
	uint64_t wgt = rtl->wgt_ready ^ t->out.wgt_ready, out = rtl->out_valid ^ t->out.out_valid;
	for (unsigned pe = 0; pe < t->feed->config->pes; pe++) {
		uint64_t bit = UINT64_C(1) << pe;
		if (wgt & bit)
			note_bit(r, MISMATCH_WGT_READY, pe, bench_wgt_beat(&r->bench, pe), !!(rtl->wgt_ready & bit));
		if (out & bit) {
			size_t first, last;
			find_groups(t->feed, t->output[pe], &first, &last);
			note_bit(r, MISMATCH_OUT_VALID, pe, last, !!(rtl->out_valid & bit));
		} else if (t->out.out_valid & bit) {
			compare_result(r, pe);
		}
	}
	if (t->law_broken) {
		struct mismatch m = {
			.kind = MISMATCH_INTERVAL, .cycle = t->cycle, .first_group = t->act_at - 1, .group = t->act_at - 1,
			.output = t->feed->beat[t->act_at - 1].output, .rtl = t->cycle, .model = t->cycle, .oracle = t->law_load, .width = 32,
		};
		note(r, &m);
	}
}

static void add_counts(const struct run *r)
{
	const struct traffic *t = &r->bench.traffic;
	struct cosim_counts *c = r->counts;
	c->beats += t->act_at;
	c->cycles += t->cycle - t->first_load;
	c->load_cycles += t->last_load - t->first_load;
	c->law_sum += t->law_sum;
	if (t->has_law && t->act_at)
		c->law_checked += t->act_at - 1;
	c->essential_bits += t->feed->essential_bits;
	c->pairs += t->feed->pairs;
	c->lane_ones += t->feed->lane_ones;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bool cosim_run(const struct cosim *s, struct cosim_counts *counts, struct mismatch *first)
{
	struct run r = {.counts = counts, .first = first};
	double start = now();
	if (!bench_open(&r.bench, s))
		return false;
	enum traffic_state state = TRAFFIC_RUNS;
	while (!r.stop && state == TRAFFIC_RUNS) {
		state = bench_cycle(&r.bench);
		compare(&r);
		bench_edge(&r.bench);
		if (s->progress && r.bench.traffic.cycle % PROGRESS_CYCLES == 0)
			s->progress(s->context, r.bench.traffic.act_at);
	}
	if (state == TRAFFIC_HANGS) {
		struct mismatch m = {.kind = MISMATCH_HANG, .cycle = r.bench.traffic.cycle};
		m.first_group = m.group = clamp_group(s->feed, bench_act_beat(&r.bench));
		m.output = s->feed->beat[m.group].output;
		note(&r, &m);
	}
	add_counts(&r);
	bench_close(&r.bench);
	counts->seconds += now() - start;
	return true;
}
