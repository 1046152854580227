/*
 * read_arbiter.h: program fetch (tag 1, goes first) and weight loader (tag 0) on one axi_read. Twin of read_arbiter.v.
 *
 * Beats keep the order of their runs: while a client does not take its beat, the other one's beats behind it wait too.
 */
#ifndef BITLET_READ_ARBITER_H
#define BITLET_READ_ARBITER_H

#include "core_types.h"
#include "stream_fifo.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { READ_TAG_WGT, READ_TAG_FETCH };

struct read_arbiter {
	struct stream_fifo wgt_fifo, run_fifo, beat_fifo;
	struct core_run wgt[2], run[2];
	struct core_beat beat[2];
};

struct read_arbiter_in {
	bool fetch_run_valid, wgt_run_valid;
	struct core_run fetch_run, wgt_run; /* address and bytes count */
	bool fetch_beat_ready, wgt_beat_ready;
	bool run_ready;             /* of axi_read, as the two below */
	bool beat_valid;
	struct core_beat beat;
};

struct read_arbiter_out {
	bool fetch_run_ready, wgt_run_ready;
	bool fetch_beat_valid, wgt_beat_valid;
	struct core_beat beat;      /* of the client whose valid is up */
	bool run_valid;
	struct core_run run;        /* while run_valid */
	bool beat_ready;
};

/* In the state behind reset. */
void read_arbiter_init(struct read_arbiter *a);
void read_arbiter_reset(struct read_arbiter *a);
void read_arbiter_out(const struct read_arbiter *a, struct read_arbiter_out *out);
void read_arbiter_clock(struct read_arbiter *a, const struct read_arbiter_in *in);

#ifdef __cplusplus
}
#endif

#endif
