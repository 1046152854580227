#include "traffic.h"

#include <stdlib.h>
#include <string.h>

enum { HANG_CYCLES = 20000 };

bool traffic_new(struct traffic *t, const struct feed *f, enum stall_kind kind, uint64_t seed, bool law)
{
	const struct bitlet_config *c = f->config;
	memset(t, 0, sizeof *t);
	t->feed = f;
	t->has_law = law;
	t->model = bitlet_lane_new(c, f->derived);
	t->wgt = calloc((size_t)c->pes * c->n, sizeof *t->wgt);
	stall_start(&t->stall, kind, seed);
	if (!t->model || !t->wgt) {
		traffic_free(t);
		return false;
	}
	traffic_rewind(t);
	return true;
}

void traffic_free(struct traffic *t)
{
	bitlet_lane_free(t->model);
	free(t->wgt);
	t->model = NULL;
	t->wgt = NULL;
}

void traffic_rewind(struct traffic *t)
{
	bitlet_lane_reset(t->model);
	memset(&t->in, 0, sizeof t->in);
	memset(t->wgt_at, 0, sizeof t->wgt_at);
	memset(t->out_at, 0, sizeof t->out_at);
	t->act_at = 0;
	t->cycle = UINT64_MAX;
	t->idle = t->first_load = t->last_load = t->law_sum = 0;
	t->law_ended = t->law_broken = false;
}

static void show_act(struct traffic *t)
{
	const struct feed *f = t->feed;
	if (t->act_at < f->beats && stall_act(&t->stall))
		t->in.act_valid = true;
	if (!t->in.act_valid)
		return;
	const struct feed_beat *b = &f->beat[t->act_at];
	t->in.act = feed_act(f, t->act_at);
	t->in.act_last = b->last;
	t->in.act_mode = b->mode;
	t->in.act_zero = b->zero;
}

static void show_wgt(struct traffic *t, unsigned pe)
{
	const struct feed *f = t->feed;
	unsigned n = f->config->n;
	if ((t->in.wgt_valid >> pe & 1) || t->wgt_at[pe] >= f->beats || !stall_wgt(&t->stall, pe))
		return;
	t->in.wgt_valid |= UINT64_C(1) << pe;
	t->wgt_mode[pe] = f->beat[t->wgt_at[pe]].mode;
	memcpy(t->wgt + (size_t)pe * n, feed_wgt(f, t->wgt_at[pe], pe), n * sizeof *t->wgt);
}

/* Chooses the inputs. What was shown and not taken stays. */
static void show(struct traffic *t)
{
	stall_cycle(&t->stall);
	show_act(t);
	t->in.wgt = t->wgt;
	t->in.out_ready = 0;
	for (unsigned pe = 0; pe < t->feed->config->pes; pe++) {
		show_wgt(t, pe);
		if (stall_out(&t->stall, pe))
			t->in.out_ready |= UINT64_C(1) << pe;
	}
}

static uint64_t max2(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* Lane cycles of the group just loaded: of the busiest lane of all PEs. */
static uint64_t lane_cycles(const struct traffic *t, const struct feed_beat *b)
{
	if (t->feed->config->selector == BITLET_SELECTOR_FULL)
		return b->busiest; /* counted by the oracle */
	uint64_t most = 0;
	for (unsigned pe = 0; pe < t->feed->config->pes; pe++)
		most = max2(most, bitlet_lane_look(t->model, pe)->busiest);
	return most;
}

/* Section 9 as a recurrence: when does the next group load? */
static void apply_law(struct traffic *t, const struct feed_beat *b)
{
	const struct bitlet_derived *d = t->feed->derived;
	uint64_t busy = max2(1, lane_cycles(t, b));
	uint64_t retire = t->cycle + busy;
	bool is_float = d->mode[b->mode].precision.is_float;
	if ((is_float || b->last) && t->law_ended)
		retire = max2(retire, t->law_end + d->post_wait + 1);
	if (is_float) {
		t->law_end = retire;
		t->law_ended = true;
	}
	t->law_load = max2(t->cycle + d->group_cycles, retire);
	if (t->act_at + 1 < t->feed->beats)
		t->law_sum += max2(busy, d->group_cycles);
}

static void take_act(struct traffic *t)
{
	t->law_broken = false;
	if (!(t->in.act_valid && t->out.act_ready))
		return;
	if (!t->act_at)
		t->first_load = t->cycle;
	else
		t->law_broken = t->has_law && t->cycle != t->law_load;
	t->last_load = t->cycle;
	if (!t->law_broken) /* keep what was expected for the report */
		apply_law(t, &t->feed->beat[t->act_at]);
	t->act_at++;
	t->idle = 0;
}

void traffic_flip(const struct traffic_break *b, unsigned out_bits, struct bitlet_result *r)
{
	if (b->bit < out_bits)
		r->bits ^= UINT64_C(1) << b->bit;
	else
		r->flags ^= (uint8_t)(1u << (b->bit - out_bits));
}

static void take_pe(struct traffic *t, unsigned pe)
{
	uint64_t bit = UINT64_C(1) << pe;
	t->output[pe] = t->out_at[pe];
	if (t->in.wgt_valid & t->out.wgt_ready & bit) {
		t->wgt_at[pe]++;
		t->idle = 0;
	}
	if (t->broken.on && t->broken.pe == pe && t->broken.output == t->out_at[pe])
		traffic_flip(&t->broken, t->feed->derived->out_bits, &t->out.result[pe]);
	if (t->in.out_ready & t->out.out_valid & bit) {
		t->out_at[pe]++;
		t->idle = 0;
	}
}

static bool all_taken(const struct traffic *t)
{
	for (unsigned pe = 0; pe < t->feed->config->pes; pe++)
		if (t->out_at[pe] < t->feed->outputs)
			return false;
	return true;
}

enum traffic_state traffic_step(struct traffic *t)
{
	t->cycle++;
	/* what the last cycle took is no longer shown */
	if (t->cycle) {
		if (t->out.act_ready)
			t->in.act_valid = false;
		t->in.wgt_valid &= ~t->out.wgt_ready;
	} else {
		t->in.act_valid = false;
		t->in.wgt_valid = 0;
	}
	show(t);
	bitlet_lane_step(t->model, &t->in, &t->out);
	t->idle++;
	take_act(t);
	for (unsigned pe = 0; pe < t->feed->config->pes; pe++)
		take_pe(t, pe);
	if (all_taken(t))
		return TRAFFIC_DONE;
	return t->idle > HANG_CYCLES ? TRAFFIC_HANGS : TRAFFIC_RUNS;
}

unsigned traffic_credit_length(const struct bitlet_config *c, const struct bitlet_derived *d)
{
	/* result_fifo outputs must last latency + 1 cycles, and a group lasts T cycles or more */
	unsigned cycles = (d->latency + c->result_fifo) / c->result_fifo;
	return (cycles + d->group_cycles - 1) / d->group_cycles;
}

bool traffic_law_holds(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned shortest)
{
	return c->run_ahead == 0 && c->array_fifo == 0 && shortest >= traffic_credit_length(c, d);
}
