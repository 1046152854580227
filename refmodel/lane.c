#include "lane.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lane_fifo.h"
#include "lane_post.h"
#include "lane_ring.h"

struct lane_pe {
	struct lane_ring ring;
	struct lane_post post;
	unsigned step;
	struct bitlet_lane_counts counts;
	struct bitlet_lane_view view;
	/* this cycle */
	struct lane_beat beat;
	bool busy, valid, pre_done, may_retire, may_load;
};

struct bitlet_lane {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	uint64_t now;               /* cycle since reset */
	struct lane_fifo fifo;      /* array_fifo */
	bool retire_together, load_together;
	struct lane_pe pe[];
};

struct bitlet_lane *bitlet_lane_new(const struct bitlet_config *c, const struct bitlet_derived *d)
{
	struct bitlet_lane *m = calloc(1, sizeof *m + c->pes * sizeof m->pe[0]);
	bool good = m != NULL;
	if (!m)
		return NULL;
	m->c = c;
	m->d = d;
	m->retire_together = c->side == BITLET_SIDE_ACTIVATION;
	m->load_together = m->retire_together || c->array_fifo == 0;
	good &= lane_fifo_init(&m->fifo, c);
	for (unsigned p = 0; p < c->pes; p++)
		good &= lane_ring_init(&m->pe[p].ring, c, d);
	if (!good) {
		bitlet_lane_free(m);
		return NULL;
	}
	bitlet_lane_reset(m);
	return m;
}

void bitlet_lane_free(struct bitlet_lane *m)
{
	if (!m)
		return;
	for (unsigned p = 0; p < m->c->pes; p++)
		lane_ring_free(&m->pe[p].ring);
	lane_fifo_free(&m->fifo);
	free(m);
}

void bitlet_lane_reset(struct bitlet_lane *m)
{
	m->now = 0;
	lane_fifo_reset(&m->fifo);
	for (unsigned p = 0; p < m->c->pes; p++) {
		struct lane_pe *pe = &m->pe[p];
		lane_ring_reset(&pe->ring);
		lane_post_reset(&pe->post, m->c);
		pe->step = 0;
		memset(&pe->counts, 0, sizeof pe->counts);
		memset(&pe->view, 0, sizeof pe->view);
	}
}

const struct bitlet_lane_view *bitlet_lane_look(const struct bitlet_lane *m, unsigned pe)
{
	return &m->pe[pe].view;
}

const struct bitlet_lane_counts *bitlet_lane_count(const struct bitlet_lane *m, unsigned pe)
{
	return &m->pe[pe].counts;
}

/* The beat that PE p sees on its two streams, and whether both are valid. */
static void see_beat(struct bitlet_lane *m, const struct bitlet_lane_in *in, unsigned p)
{
	struct lane_pe *pe = &m->pe[p];
	bool act_valid = in->act_valid;
	pe->beat = (struct lane_beat){ NULL, in->act, in->act_mode, in->act_zero, in->act_last };
	if (m->c->array_fifo)
		act_valid = lane_fifo_front(&m->fifo, p, &pe->beat);
	pe->valid = act_valid && in->wgt_valid >> p & 1;
	if (pe->valid) {
		assert(pe->beat.mode < m->d->modes);
		pe->beat.w = in->wgt + (size_t)p * m->c->n;
	}
	pe->pre_done = pe->valid && pe->step == m->d->group_cycles - 1;
}

static void issue(struct lane_pe *pe)
{
	pe->counts.essential_bits += lane_ring_issue(&pe->ring, pe->view.issue, &pe->busy);
	const struct lane_group *g = lane_ring_finished(&pe->ring);
	pe->may_retire = g && lane_post_ready(&pe->post, g);
}

static void retire(struct bitlet_lane *m, struct lane_pe *pe)
{
	const struct lane_group *g = lane_ring_finished(&pe->ring);
	if (g->ends_unit)
		lane_post_end(&pe->post, m->c, m->d, g, lane_ring_sum(&pe->ring, g), m->now);
	pe->counts.groups++;
	pe->counts.outputs += g->ends_output;
	pe->view.retire_index++;
	lane_ring_retire(&pe->ring);
}

static void load(struct lane_pe *pe)
{
	pe->view.busiest = lane_ring_load(&pe->ring, &pe->beat);
	pe->view.load_index++;
	pe->counts.busiest += pe->view.busiest;
	pe->step = 0;
}

/* The finished head group ends an output, but there is no place for it. */
static bool lacks_credit(const struct lane_pe *pe)
{
	const struct lane_group *g = lane_ring_finished(&pe->ring);
	return g && g->ends_output && pe->post.credit == 0;
}

/* Asked after retirement and before the load. */
static enum bitlet_cause find_cause(const struct lane_pe *pe, bool take)
{
	const struct lane_group *g = lane_ring_finished(&pe->ring);
	if (pe->busy || pe->view.retired)
		return BITLET_CAUSE_BUSY;
	if (lacks_credit(pe))
		return BITLET_CAUSE_CREDIT;
	if (g && g->ends_unit && pe->post.wait > 0)
		return BITLET_CAUSE_POST;
	if (g || (pe->pre_done && !take))
		return BITLET_CAUSE_PEERS;
	return pe->valid ? BITLET_CAUSE_PREPROCESS : BITLET_CAUSE_INPUT;
}

/* Drives the result port, and remembers what leaves at the edge. */
static bool show_result(const struct bitlet_lane *m, unsigned p, const struct bitlet_lane_in *in, struct bitlet_lane_out *out)
{
	const struct bitlet_result *r = lane_post_front(&m->pe[p].post, m->now);
	if (!r)
		return false;
	out->out_valid |= UINT64_C(1) << p;
	out->result[p] = *r;
	return in->out_ready >> p & 1;
}

/* Issue, and retire where allowed: the part of a cycle that does not look at the inputs. */
static void distill(struct bitlet_lane *m, struct bitlet_lane_out *out)
{
	bool all = true;
	out->busy = out->blocked = 0;
	for (unsigned p = 0; p < m->c->pes; p++) {
		out->busy |= (uint64_t)(m->pe[p].ring.held > 0) << p;
		issue(&m->pe[p]);
		out->blocked |= (uint64_t)lacks_credit(&m->pe[p]) << p;
		all &= m->pe[p].may_retire;
	}
	if (m->retire_together && out->blocked)
		out->blocked = UINT64_MAX >> (64 - m->c->pes);
	for (unsigned p = 0; p < m->c->pes; p++) {
		m->pe[p].view.retired = m->pe[p].may_retire && (all || !m->retire_together);
		if (m->pe[p].view.retired)
			retire(m, &m->pe[p]);
	}
}

/* Decides which PEs take their beat at the coming edge; bit p. */
static uint64_t decide_loads(struct bitlet_lane *m, const struct bitlet_lane_in *in)
{
	uint64_t take = 0;
	bool all = true;
	for (unsigned p = 0; p < m->c->pes; p++) {
		struct lane_pe *pe = &m->pe[p];
		see_beat(m, in, p);
		pe->may_load = pe->pre_done && lane_ring_can_load(&pe->ring, pe->beat.mode);
		take |= (uint64_t)pe->may_load << p;
		all &= pe->may_load;
	}
	return m->load_together && !all ? 0 : take;
}

static void edge(struct bitlet_lane *m, struct lane_pe *pe, bool take, bool popped)
{
	enum bitlet_cause cause = find_cause(pe, take);
	pe->view.cause = cause;
	pe->view.loaded = take;
	pe->counts.cause[cause]++;
	pe->counts.cycles++;
	if (take)
		load(pe);
	else if (pe->valid && pe->step < m->d->group_cycles - 1)
		pe->step++;
	lane_post_edge(&pe->post, popped);
}

void bitlet_lane_step(struct bitlet_lane *m, const struct bitlet_lane_in *in, struct bitlet_lane_out *out)
{
	uint64_t popped = 0;
	out->out_valid = 0;
	for (unsigned p = 0; p < m->c->pes; p++)
		popped |= (uint64_t)show_result(m, p, in, out) << p;
	distill(m, out);
	uint64_t take = decide_loads(m, in);
	out->wgt_ready = take;
	out->act_ready = m->c->array_fifo ? lane_fifo_ready(&m->fifo) : take & 1;
	for (unsigned p = 0; p < m->c->pes; p++)
		edge(m, &m->pe[p], take >> p & 1, popped >> p & 1);
	if (m->c->array_fifo)
		lane_fifo_edge(&m->fifo, in, out->act_ready, take);
	m->now++;
}
