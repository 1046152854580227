/*
 * core_types.h: what passes between the blocks of the core's model (docs/core.md). Every block has x_out() (Moore: ports as functions of its
 * registers) and x_clock() (the rising edge, given what the other blocks showed in the cycle).
 */
#ifndef BITLET_CORE_TYPES_H
#define BITLET_CORE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

enum { CORE_MAX_BEAT = 64 };        /* bytes: axi_bits <= 512 */

enum core_channel { CHANNEL_NONE, CHANNEL_ACT, CHANNEL_WGT, CHANNEL_OUT, CHANNEL_PROGRAM };

enum core_fault {
#define CORE_FAULT(name, code, meaning, address) CORE_FAULT_##name = code,
#include "faults.def"
};

/* A run of bytes of an affine walk. Weight channel tags: 0 loader, 1 program fetch. */
struct core_run {
	bool fill;                  /* padding: no address */
	bool last;                  /* of the descriptor */
	uint8_t tag;
	uint64_t address;
	uint32_t bytes;             /* >= 1 */
};

struct core_beat {
	uint8_t data[CORE_MAX_BEAT]; /* B bytes, lane 0 first */
	uint8_t tag;
};

/* A line of a group on its way into a buffer. */
struct core_line {
	uint8_t data[CORE_MAX_BEAT];
	uint16_t index;             /* bank: line within its group */
	bool group_end, vector_end;
};

/* m_axi_act_*, m_axi_wgt_*: what the core drives, and what it sees. Constant: one ID 0, INCR, full-width beats. */
struct axi_read_port {
	bool arvalid, rready;
	uint64_t araddr;            /* multiple of B; 0 in the model while arvalid is 0 */
	uint8_t arlen;              /* beats - 1; 0 in the model while arvalid is 0 */
};

struct axi_read_reply {
	bool arready, rvalid, rlast;
	uint8_t rresp;              /* 0 OKAY, 2 SLVERR, 3 DECERR */
	uint8_t rdata[CORE_MAX_BEAT];
};

/* m_axi_out_*. */
struct axi_write_port {
	bool awvalid, wvalid, wlast, bready;
	uint64_t awaddr;
	uint8_t awlen;
	uint64_t wstrb;             /* bit i: byte lane i */
	uint8_t wdata[CORE_MAX_BEAT]; /* lanes without strobe are 0, but for beats whose strobes a stop took */
};

struct axi_write_reply {
	bool awready, wready, bvalid;
	uint8_t bresp;
};

struct core_counters {
#define COUNTER(name, meaning) uint64_t name;
#include "counters.def"
};

/* What a fault looks like in STATUS. */
struct core_error {
	enum core_fault fault;
	enum core_channel channel;
	uint64_t address;
};

/* The core's ports in one cycle, CSR side as wires behind the registers. */
struct core_in {
	bool start, abort, soft_reset; /* pulses */
	uint64_t program_address;
	uint32_t program_bytes;
	uint8_t parity_test;        /* bit 0 act, 1 wgt, 2 psum and out: words are written with wrong parity */
	struct axi_read_reply act, wgt;
	struct axi_write_reply out;
};

struct core_out {
	bool idle;                  /* sequencer's state */
	bool done, failed;          /* pulses: in the cycle before idle is seen again */
	struct core_error error;    /* with failed */
	uint8_t flags;              /* 3 invalid .. 0 inexact: raised in this cycle */
	uint32_t position;          /* word 1 of the tile dispatched last */
	struct axi_read_port act, wgt;
	struct axi_write_port out;
	struct core_counters counters;
};

#endif
