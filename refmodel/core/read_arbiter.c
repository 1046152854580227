#include "read_arbiter.h"

#include <string.h>

void read_arbiter_init(struct read_arbiter *a)
{
	memset(a, 0, sizeof *a);
	a->wgt_fifo.depth = 2;
	a->run_fifo.depth = 2;
	a->beat_fifo.depth = 2;
}

void read_arbiter_reset(struct read_arbiter *a)
{
	stream_fifo_reset(&a->wgt_fifo);
	stream_fifo_reset(&a->run_fifo);
	stream_fifo_reset(&a->beat_fifo);
}

void read_arbiter_out(const struct read_arbiter *a, struct read_arbiter_out *out)
{
	bool held = stream_fifo_valid(&a->beat_fifo);
	if (held)
		out->beat = a->beat[a->beat_fifo.head];
	out->fetch_beat_valid = held && out->beat.tag == READ_TAG_FETCH;
	out->wgt_beat_valid = held && out->beat.tag == READ_TAG_WGT;
	out->fetch_run_ready = stream_fifo_ready(&a->run_fifo);
	out->wgt_run_ready = stream_fifo_ready(&a->wgt_fifo);
	out->run_valid = stream_fifo_valid(&a->run_fifo);
	if (out->run_valid)
		out->run = a->run[a->run_fifo.head];
	out->beat_ready = stream_fifo_ready(&a->beat_fifo);
}

static void clock_runs(struct read_arbiter *a, const struct read_arbiter_in *in)
{
	bool free_place = stream_fifo_ready(&a->run_fifo);
	bool wgt_goes = free_place && !in->fetch_run_valid && stream_fifo_valid(&a->wgt_fifo);
	bool push = wgt_goes || (free_place && in->fetch_run_valid);
	bool wgt_push = in->wgt_run_valid && stream_fifo_ready(&a->wgt_fifo);
	bool pop = in->run_ready && stream_fifo_valid(&a->run_fifo);
	if (push) {
		struct core_run *r = &a->run[stream_fifo_tail(&a->run_fifo)];
		*r = wgt_goes ? a->wgt[a->wgt_fifo.head] : in->fetch_run;
		r->tag = wgt_goes ? READ_TAG_WGT : READ_TAG_FETCH;
	}
	if (wgt_push)
		a->wgt[stream_fifo_tail(&a->wgt_fifo)] = in->wgt_run;
	stream_fifo_clock(&a->wgt_fifo, wgt_push, wgt_goes);
	stream_fifo_clock(&a->run_fifo, push, pop);
}

static void clock_beats(struct read_arbiter *a, const struct read_arbiter_in *in)
{
	bool held = stream_fifo_valid(&a->beat_fifo);
	bool fetch = held && a->beat[a->beat_fifo.head].tag == READ_TAG_FETCH;
	bool pop = held && (fetch ? in->fetch_beat_ready : in->wgt_beat_ready);
	bool push = in->beat_valid && stream_fifo_ready(&a->beat_fifo);
	if (push)
		a->beat[stream_fifo_tail(&a->beat_fifo)] = in->beat;
	stream_fifo_clock(&a->beat_fifo, push, pop);
}

void read_arbiter_clock(struct read_arbiter *a, const struct read_arbiter_in *in)
{
	clock_runs(a, in);
	clock_beats(a, in);
}
