#include "csr_model.h"

#include <cassert>
#include <cstring>

enum { OKAY = 0, SLVERR = 2 };

csr_model::csr_model(const register_map *m, int fault_) : map(m), fault(fault_)
{
	reset_registers();
}

uint32_t csr_model::offset_of(const char *name) const
{
	for (unsigned r = 0; r < map->rows; r++)
		if (!strcmp(map->row[r].name, name))
			return map->row[r].offset;
	assert(!"a register of that name");
	return 0;
}

const register_row *csr_model::at(uint32_t address) const
{
	for (unsigned r = 0; r < map->rows; r++)
		if (map->row[r].offset == (address & ~3u))
			return &map->row[r];
	return NULL;
}

void csr_model::reset_registers()
{
	for (unsigned r = 0; r < map->rows; r++)
		values[map->row[r].offset] = register_reset(map, &map->row[r]);
	*value("STATUS") = 0; /* idle is the core's */
	high = 0;
	irq_now = false;
}

csr_out csr_model::out() const
{
	csr_out o = {};
	o.awready = !aw_full;
	o.wready = !w_full;
	o.bvalid = b_full;
	o.bresp = b_full ? bresp : 0;
	o.arready = !ar_full;
	o.rvalid = r_full;
	o.rresp = r_full ? rresp : 0;
	o.rdata = r_full ? rdata : 0;
	o.irq = irq_now;
	o.start = start_now;
	o.stop_run = abort_now;
	o.soft_reset = reset_now;
	o.program_address = get("PROGRAM_LOW") | (uint64_t)get("PROGRAM_HIGH") << 32;
	o.program_bytes = get("PROGRAM_BYTES");
	o.parity_test = get("PARITY_TEST");
	return o;
}

static uint32_t bit_mask(uint32_t strobes)
{
	uint32_t mask = 0;
	for (int i = 0; i < 4; i++)
		if (strobes >> i & 1)
			mask |= 0xffu << 8 * i;
	return mask;
}

/* The held write acts. */
void csr_model::write(const csr_in &in, bool *start, bool *stop_run, bool *reset)
{
	const register_row *r = at(awaddr);
	uint32_t mask = fault == 1 ? ~0u : bit_mask(wstrb);
	bresp = r && register_writable(map, r) ? OKAY : SLVERR;
	if (fault == 2 && !r)
		bresp = OKAY;
	if (bresp != OKAY || !r)
		return;
	for (unsigned i = r->first; i < r->first + r->fields; i++) {
		const register_field *f = &map->field[i];
		uint32_t bits = (uint32_t)(((UINT64_C(1) << f->width) - 1) << f->lsb) & mask;
		uint32_t *v = &values[r->offset];
		bool one = (wdata & bits) != 0;
		if (f->kind == KIND_SETTING)
			*v = (*v & ~bits) | (wdata & bits);
		else if (f->kind == KIND_STICKY && one)
			*v &= ~bits;
		else if (f->kind == KIND_PULSE && one && !strcmp(f->name, "start"))
			*start = true;
		else if (f->kind == KIND_PULSE && one && !strcmp(f->name, "abort"))
			*stop_run = in.idle ? fault == 3 : true;
		else if (f->kind == KIND_PULSE && one && !strcmp(f->name, "reset"))
			*reset = true;
	}
}

void csr_model::read(const csr_in &in)
{
	const register_row *r = at(araddr);
	rresp = r ? OKAY : SLVERR;
	rdata = 0;
	if (!r)
		return;
	if (r->counter >= 0 && r->high) {
		rdata = fault == 4 ? (uint32_t)(in.counters[r->counter] >> 32) : high;
	} else if (r->counter >= 0) {
		rdata = (uint32_t)in.counters[r->counter];
		high = (uint32_t)(in.counters[r->counter] >> 32);
	} else if (!strcmp(r->name, "STATUS")) {
		rdata = values[r->offset] | (in.idle && (!start_now || fault == 5));
	} else if (!strcmp(r->name, "POSITION")) {
		rdata = in.position;
	} else {
		rdata = values[r->offset];
	}
}

void csr_model::clock(const csr_in &in)
{
	bool start = false, stop_run = false, reset = false;
	uint32_t irq = get("IRQ_STATUS") & get("IRQ_ENABLE");
	bool writes = aw_full && w_full && !b_full, reads = ar_full && !r_full;
	if (in.rst) {
		int f = fault;
		*this = csr_model(map, f);
		return;
	}
	if (reads)
		read(in); /* sees the registers before the write of the same cycle */
	if (writes)
		write(in, &start, &stop_run, &reset);
	bool started = start && in.idle && !reset;
	bool heard = !quiet || fault == 6;
	if (start && !in.idle)
		*value("STATUS") |= fault == 7 ? 0 : 8;
	if (started && fault != 8) {
		*value("STATUS") &= 8;
		*value("ERROR_ADDRESS_LOW") = *value("ERROR_ADDRESS_HIGH") = 0;
	}
	if (in.done && heard) {
		if (!started)
			*value("STATUS") |= 2;
		if (fault != 9 || !writes)
			*value("IRQ_STATUS") |= 1;
	}
	if (in.failed && heard) {
		if (!started) {
			*value("STATUS") = (*value("STATUS") & 0xff) | 4 | in.code << 8 | in.channel << 12;
			*value("ERROR_ADDRESS_LOW") = (uint32_t)in.address;
			*value("ERROR_ADDRESS_HIGH") = (uint32_t)(in.address >> 32);
		}
		*value("IRQ_STATUS") |= 2;
	}
	if (heard)
		*value("FLAGS") |= in.flags;
	irq_now = irq != 0;
	if (reset && fault != 10)
		reset_registers();
	start_now = started;
	abort_now = stop_run && (!reset || fault == 11);
	reset_now = reset;
	quiet = (quiet || reset) && !in.idle;
	if (fault == 12 && started)
		*value("FLAGS") = 0;

	b_full = b_full ? !in.bready : writes;
	if (!aw_full)
		awaddr = in.awaddr;
	if (!w_full) {
		wdata = in.wdata;
		wstrb = in.wstrb;
	}
	aw_full = aw_full ? !writes : in.awvalid;
	w_full = w_full ? !writes : in.wvalid;
	r_full = r_full ? !in.rready : reads;
	if (!ar_full)
		araddr = in.araddr;
	ar_full = ar_full ? !reads : in.arvalid;
}
