/*
 * axi_read.h: AXI4 read master: runs of bytes -> INCR bursts; the beats come back in order with their run's tag. Twin of axi_read.v.
 *
 * Rate: an address and a beat a cycle. With `stop` up no new address is shown (one that is shown stays) and beats are thrown away from the next cycle
 * on; a failing beat and all after it are thrown away as well.
 */
#ifndef BITLET_AXI_READ_H
#define BITLET_AXI_READ_H

#include "burst_splitter.h"
#include "core_types.h"
#include "derive.h"
#include "stream_fifo.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { AXI_MOST_OUTSTANDING = 64 };

struct axi_read {
	unsigned outstanding;       /* parameter: bursts unanswered or offered at most */
	struct stream_fifo run_fifo;
	struct core_run run[2];
	struct burst_splitter splitter;
	bool arvalid;
	uint64_t araddr;
	unsigned arbeats;
	unsigned unanswered;        /* bursts taken by the memory */
	struct stream_fifo burst_fifo; /* unanswered or offered */
	struct axi_read_burst {
		uint64_t address;
		uint8_t tag;
	} burst[AXI_MOST_OUTSTANDING];
	unsigned index;             /* of the next beat in its burst */
	struct stream_fifo beat_fifo;
	struct core_beat beat[2];
	bool drop;                  /* beats are thrown away */
	bool fail;
	uint8_t fail_code, fail_tag;
	uint64_t fail_address;
};

struct axi_read_in {
	bool run_valid;
	struct core_run run;        /* address, bytes and tag count */
	bool beat_ready;
	bool stop;
	struct axi_read_reply bus;
};

struct axi_read_out {
	bool run_ready;
	bool beat_valid;
	struct core_beat beat;      /* while beat_valid */
	bool idle;                  /* no burst unanswered, no address offered */
	bool outstanding;           /* bursts taken by the memory and unanswered */
	bool fail;                  /* sticky; then the three below hold */
	uint8_t fail_code;          /* 2 SLVERR, 3 DECERR */
	uint8_t fail_tag;
	uint64_t fail_address;      /* of the beat */
	struct axi_read_port bus;
};

/* In the state behind reset. */
void axi_read_init(struct axi_read *r, const struct bitlet_config *c, const struct bitlet_derived *d);
void axi_read_reset(struct axi_read *r);
void axi_read_out(const struct axi_read *r, struct axi_read_out *out);
void axi_read_clock(struct axi_read *r, const struct axi_read_in *in);

#ifdef __cplusplus
}
#endif

#endif
