/*
 * axi_write.h: AXI4 write master with the out buffer: an address goes out when all beats of its burst are in the buffer. Twin of axi_write.v.
 *
 * Runs and their beats come in the same order, but otherwise independently. With `stop` up no new address is shown (one that is shown stays) and
 * the beats of issued bursts get strobes 0 from the next one that is read on.
 */
#ifndef BITLET_AXI_WRITE_H
#define BITLET_AXI_WRITE_H

#include "burst_splitter.h"
#include "core_types.h"
#include "derive.h"
#include "stream_fifo.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { AXI_WRITE_RUNS = 4, AXI_WRITE_LENS = 4, AXI_WRITE_MOST_OUTSTANDING = 64 };

/* A beat on its way out. */
struct axi_write_beat {
	uint8_t data[CORE_MAX_BEAT]; /* B bytes, lane 0 first */
	uint64_t strobe;            /* bit i: lane i is written */
};

struct axi_write {
	unsigned outstanding, buffer; /* parameters: bursts issued and not acknowledged at most; beats, power of two */
	bool parity;
	struct stream_fifo run_fifo;
	struct axi_write_run {
		uint64_t address;
		unsigned beats;
	} run[AXI_WRITE_RUNS];
	struct burst_splitter splitter;
	bool awvalid;
	uint64_t awaddr;
	unsigned awbeats;
	unsigned unanswered;        /* bursts issued and not acknowledged */
	struct stream_fifo len_fifo, address_fifo;
	unsigned len[AXI_WRITE_LENS]; /* beats */
	uint64_t address[AXI_WRITE_MOST_OUTSTANDING];
	struct axi_write_place {
		struct axi_write_beat beat;
		bool bad;           /* written with wrong parity */
	} *place;                   /* [buffer], owned */
	unsigned write, read;       /* places */
	unsigned held, free;        /* beats in the buffer; those of them that are in no issued burst */
	unsigned index;             /* of the next beat in its burst */
	bool wvalid, wlast, keep;   /* keep: with its strobes */
	struct axi_write_place q;   /* the buffer's read register */
	bool drop, fail, parity_bad;
	uint8_t fail_code;
	uint64_t fail_address;
};

struct axi_write_in {
	bool wrun_valid;
	uint64_t wrun_address;      /* rounded down to a beat here */
	unsigned wrun_beats;        /* 1..511, at most `buffer` */
	bool wbeat_valid;
	struct axi_write_beat wbeat;
	bool stop, parity_test;
	struct axi_write_reply bus;
};

struct axi_write_out {
	bool wrun_ready, wbeat_ready;
	bool idle;                  /* nothing held, everything acknowledged; after stop or fail: no burst unanswered, no address offered */
	bool fail;                  /* sticky; then the two below hold; up no later than idle */
	uint8_t fail_code;          /* 2 SLVERR, 3 DECERR */
	uint64_t fail_address;      /* of the burst */
	bool parity_bad;            /* sticky */
	struct axi_write_port bus;
};

/* In the state behind reset. False when out of memory. */
bool axi_write_init(struct axi_write *w, const struct bitlet_config *c, const struct bitlet_derived *d);
void axi_write_free(struct axi_write *w);
void axi_write_reset(struct axi_write *w);
void axi_write_out(const struct axi_write *w, struct axi_write_out *out);
void axi_write_clock(struct axi_write *w, const struct axi_write_in *in);

#ifdef __cplusplus
}
#endif

#endif
