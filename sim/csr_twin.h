/*
 * csr_twin.h: the C twin of csr.v and axil_port.v: the registers of gen/registers.def behind AXI4-Lite, in every cycle as the RTL. Between the host's
 * side (struct top_axil_in) and a core model it makes a whole bitlet_top.
 */
#ifndef BITLET_CSR_TWIN_H
#define BITLET_CSR_TWIN_H

#include "registers.h"
#include "top_dut.h"

struct csr_twin {
	struct register_map map;
	short row[REGISTER_SPACE / 4]; /* of the register at a word, -1: none */
	/* axil_port */
	bool aw, w, bvalid, bad, ar, rvalid, rbad;
	uint32_t waddr, wdata, wmask, raddr, rdata;
	/* registers */
	uint32_t value[REGISTER_MAX]; /* SETTING and STICKY fields */
	bool start, abort, reset, quiet, done, error;
	uint32_t code, channel, kept; /* kept: upper bits of the counter read last */
	uint64_t address;
	bool irq;
};

void csr_twin_init(struct csr_twin *m, const struct bitlet_config *c, const struct bitlet_derived *d);

/* What the host sees in this cycle, and what the core is told (fields of *in other than the AXI replies). */
void csr_twin_out(const struct csr_twin *m, struct top_axil_out *host, bool *irq, struct core_in *in);

/* The edge; core is what the core showed in the cycle. */
void csr_twin_clock(struct csr_twin *m, const struct top_axil_in *host, const struct core_out *core);

/* A register as the host would read it after this cycle's edge; unlike a read it changes nothing. High halves of counters are whole. */
uint32_t csr_twin_peek(const struct csr_twin *m, uint32_t offset, const struct core_out *core);

/* Name of the register at an offset, "nothing" when there is none. */
const char *csr_twin_register(const struct csr_twin *m, uint32_t offset);

#endif
