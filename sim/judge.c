#include "judge.h"

const char *mismatch_name(enum mismatch_kind kind)
{
	static const char *const name[] = {
		[MISMATCH_NONE] = "none", [MISMATCH_ACT_READY] = "act_ready", [MISMATCH_WGT_READY] = "wgt_ready",
		[MISMATCH_OUT_VALID] = "out_valid", [MISMATCH_BUSY] = "busy", [MISMATCH_BLOCKED] = "blocked",
		[MISMATCH_VALUE] = "value", [MISMATCH_FLAGS] = "flags",
		[MISMATCH_ORACLE_VALUE] = "oracle value", [MISMATCH_ORACLE_FLAGS] = "oracle flags",
		[MISMATCH_INTERVAL] = "load interval", [MISMATCH_HANG] = "hang",
	};
	return name[kind];
}

static size_t clamp_group(const struct feed *f, size_t beat)
{
	return beat < f->beats ? beat : f->beats - 1;
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

static void keep(struct judge *j, const struct mismatch *m)
{
	if (j->first->kind == MISMATCH_NONE)
		*j->first = *m;
}

static void keep_timing(struct judge *j, const struct mismatch *m)
{
	j->counts->timing++;
	j->stop = true;
	keep(j, m);
}

/* The group that a port shows in this cycle. */
static size_t shown_group(const struct traffic *t, enum mismatch_kind kind, unsigned pe)
{
	size_t first, last;
	switch (kind) {
	case MISMATCH_WGT_READY:
		return clamp_group(t->feed, t->wgt_at[pe] - (t->in.wgt_valid >> pe & t->out.wgt_ready >> pe & 1));
	case MISMATCH_OUT_VALID:
		find_groups(t->feed, t->output[pe], &first, &last);
		return last;
	default:
		return clamp_group(t->feed, t->act_at - (t->in.act_valid && t->out.act_ready));
	}
}

/* The same bit of the model. */
static bool model_bit(const struct traffic *t, enum mismatch_kind kind, unsigned pe)
{
	switch (kind) {
	case MISMATCH_WGT_READY:
		return t->out.wgt_ready >> pe & 1;
	case MISMATCH_OUT_VALID:
		return t->out.out_valid >> pe & 1;
	case MISMATCH_BUSY:
		return t->out.busy >> pe & 1;
	case MISMATCH_BLOCKED:
		return t->out.blocked >> pe & 1;
	default:
		return t->out.act_ready;
	}
}

void judge_bit(struct judge *j, enum mismatch_kind kind, unsigned pe, bool rtl)
{
	const struct traffic *t = j->traffic;
	bool model = model_bit(t, kind, pe);
	if (rtl == model)
		return;
	size_t group = shown_group(t, kind, pe);
	struct mismatch m = {
		.kind = kind, .cycle = t->cycle, .pe = pe, .output = t->feed->beat[group].output, .first_group = group, .group = group,
		.rtl = rtl, .model = model, .oracle = model, .width = 1,
	};
	keep_timing(j, &m);
}

static void keep_result(struct judge *j, enum mismatch_kind kind, unsigned pe, uint64_t rtl, uint64_t model, uint64_t oracle)
{
	const struct traffic *t = j->traffic;
	bool is_flags = kind == MISMATCH_FLAGS || kind == MISMATCH_ORACLE_FLAGS;
	bool taken = t->in.out_ready >> pe & 1;
	struct mismatch m = {
		.kind = kind, .cycle = t->cycle, .pe = pe, .output = t->output[pe], .rtl = rtl, .model = model, .oracle = oracle,
		.width = is_flags ? 4 : t->feed->derived->out_bits,
	};
	*(is_flags ? &j->counts->flags : &j->counts->values) += taken;
	if (j->first->kind == MISMATCH_NONE)
		find_groups(t->feed, m.output, &m.first_group, &m.group);
	keep(j, &m);
}

void judge_result(struct judge *j, unsigned pe, struct bitlet_result rtl)
{
	const struct traffic *t = j->traffic;
	const struct bitlet_result *model = &t->out.result[pe];
	if (t->output[pe] >= t->feed->outputs)
		return; /* out_valid itself is wrong, and reported */
	const struct bitlet_result *want = &t->feed->want[t->output[pe] * t->feed->config->pes + pe];
	if (rtl.bits != model->bits)
		keep_result(j, MISMATCH_VALUE, pe, rtl.bits, model->bits, want->bits);
	else if (model->bits != want->bits)
		keep_result(j, MISMATCH_ORACLE_VALUE, pe, rtl.bits, model->bits, want->bits);
	if (rtl.flags != model->flags)
		keep_result(j, MISMATCH_FLAGS, pe, rtl.flags, model->flags, want->flags);
	else if (model->flags != want->flags)
		keep_result(j, MISMATCH_ORACLE_FLAGS, pe, rtl.flags, model->flags, want->flags);
}

void judge_pace(struct judge *j, enum traffic_state state)
{
	const struct traffic *t = j->traffic;
	struct mismatch m = {.kind = state == TRAFFIC_HANGS ? MISMATCH_HANG : MISMATCH_INTERVAL, .cycle = t->cycle, .width = 32};
	if (state != TRAFFIC_HANGS && !t->law_broken)
		return;
	size_t beat = state == TRAFFIC_HANGS ? t->act_at : t->act_at - 1;
	m.first_group = m.group = clamp_group(t->feed, beat);
	m.output = t->feed->beat[m.group].output;
	m.rtl = m.model = t->cycle;
	m.oracle = t->law_load;
	keep_timing(j, &m);
}

void judge_finish(struct judge *j)
{
	const struct traffic *t = j->traffic;
	struct cosim_counts *c = j->counts;
	c->beats += t->act_at;
	c->cycles += t->cycle - t->first_load;
	c->load_cycles += t->last_load - t->first_load;
	c->law_sum += t->law_sum;
	if (t->has_law && t->act_at)
		c->law_checked += t->act_at - 1;
	if (t->act_at < t->feed->beats)
		return; /* a run that was cut short says nothing about work done */
	c->essential_bits += t->feed->essential_bits;
	c->pairs += t->feed->pairs;
	c->lane_ones += t->feed->lane_ones;
}
