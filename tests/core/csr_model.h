/*
 * csr_model.h: csr.v once more, from the register list alone: what each kind of field does, in cycles. Cycle-exact in all outputs.
 */
#ifndef CSR_MODEL_H
#define CSR_MODEL_H

#include <cstdint>
#include <map>

extern "C" {
#include "registers.h"
}

struct csr_in {
	bool rst;
	bool awvalid, wvalid, bready, arvalid, rready;
	uint32_t awaddr, wdata, wstrb, araddr;
	bool idle, done, failed;
	uint32_t code, channel, flags, position;
	uint64_t address;
	const uint64_t *counters;
};

struct csr_out {
	bool awready, wready, bvalid, arready, rvalid, irq, start, stop_run, soft_reset;
	uint32_t bresp, rresp, rdata; /* 0 without valid */
	uint64_t program_address;
	uint32_t program_bytes, parity_test;
};

class csr_model {
public:
	/* fault 0: none; 1..FAULTS: one mistake, to see that the comparison finds it */
	enum { FAULTS = 12 };
	csr_model(const register_map *m, int fault);
	csr_out out() const;
	void clock(const csr_in &in);

private:
	uint32_t *value(const char *name) { return &values[offset_of(name)]; }
	uint32_t get(const char *name) const { return values.at(offset_of(name)); }
	uint32_t offset_of(const char *name) const;
	const register_row *at(uint32_t address) const;
	void reset_registers();
	void write(const csr_in &in, bool *start, bool *stop_run, bool *reset);
	void read(const csr_in &in);
	void events(const csr_in &in, uint32_t *status_sets, uint32_t *irq_sets, uint32_t *flag_sets) const;

	const register_map *map;
	int fault;
	std::map<uint32_t, uint32_t> values; /* by offset, of what can change */
	bool aw_full = false, w_full = false, b_full = false, ar_full = false, r_full = false;
	uint32_t awaddr = 0, wdata = 0, wstrb = 0, bresp = 0, araddr = 0, rdata = 0, rresp = 0, high = 0;
	bool start_now = false, abort_now = false, reset_now = false, quiet = false, irq_now = false;
};

#endif
