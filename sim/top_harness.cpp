// top_harness.cpp: top_dut.h on top of Verilator's class Vdut of sim/top_bench.v, for any configuration. Built by sim/simulator.c as a shared object;
// port widths are found by overloading.
#include <cstring>
#include <string>

#include "Vdut.h"
#include "verilated.h"

#include "top_dut.h"

double sc_time_stamp() { return 0; }

namespace {

// Ports up to 64 bits are plain integers, wider ones arrays of 32-bit words; bytes are lanes, lane 0 first.
template <class Port> void put(Port &port, const uint8_t *bytes)
{
	std::memcpy(&port, bytes, sizeof port);
}
template <std::size_t Words> void put(VlWide<Words> &port, const uint8_t *bytes)
{
	std::memcpy(port.m_storage, bytes, sizeof port.m_storage);
}
template <class Port> void get(const Port &port, uint8_t *bytes)
{
	std::memcpy(bytes, &port, sizeof port);
}
template <std::size_t Words> void get(const VlWide<Words> &port, uint8_t *bytes)
{
	std::memcpy(bytes, port.m_storage, sizeof port.m_storage);
}

// Registers begin with random values, as they do in silicon. Verilator looks for some things in the thread's context, which must be this one's,
// also when a second core has come and gone.
bool scramble(VerilatedContext &context)
{
	Verilated::threadContextp(&context);
	context.randReset(2);
	context.randSeed(1);
	return true;
}

} // namespace

struct top_dut {
	VerilatedContext context;
	const bool scrambled = scramble(context); // before the model is made
	Vdut top{&context, "TOP"};
	std::string rule;
};

namespace {

// The checkers' rules, as their headers number them.
const char *const ports[] = {"s_axil", "m_axi_act", "m_axi_wgt", "m_axi_out"};
const char *const axil_master[] = {"AWVALID fell or changed", "WVALID fell or changed", "ARVALID fell or changed", "a valid behind reset", "too many requests", nullptr};
const char *const axil_slave[] = {
	"BVALID fell or changed", "RVALID fell or changed", "BVALID without a request", "RVALID without a request", "BRESP is EXOKAY", "RRESP is EXOKAY",
	"a valid behind reset", nullptr,
};
const char *const read_master[] = {
	"ARVALID fell or changed", "ARVALID behind reset", "a burst crosses 4 KiB, or ARADDR is not a beat's", "ARLEN above the longest burst",
	"ID, ARSIZE, ARBURST, ARLOCK, ARCACHE or ARPROT", "too many bursts outstanding", nullptr,
};
const char *const read_slave[] = {
	"RVALID fell or changed", "RVALID behind reset", "RVALID without a burst", "RLAST missing or early", "RRESP is EXOKAY, or RID", nullptr,
};
const char *const write_master[] = {
	"AWVALID fell or changed", "WVALID fell or changed", "a valid behind reset", "a burst crosses 4 KiB, or AWADDR is not a beat's",
	"AWLEN above the longest burst", "ID, AWSIZE, AWBURST, AWLOCK, AWCACHE or AWPROT", "too many bursts outstanding", "WVALID without a burst",
	"WLAST missing or early", "WVALID fell within a burst", nullptr,
};
const char *const write_slave[] = {"BVALID fell or changed", "BVALID behind reset", "BVALID without a burst", "BRESP is EXOKAY, or BID", nullptr};
const char *const *const rules[][2] = {
	{axil_master, axil_slave}, {read_master, read_slave}, {read_master, read_slave}, {write_master, write_slave},
};

// Name of the lowest bit that is set in 16 bits of one side.
const char *rule_of(uint32_t bits, const char *const *names)
{
	for (; *names; names++, bits >>= 1)
		if (bits & 1)
			return *names;
	return "?";
}

} // namespace

extern "C" {

static top_dut *dut_open()
{
	return new top_dut;
}

static void dut_close(top_dut *d)
{
	Verilated::threadContextp(&d->context);
	d->top.final();
	delete d;
}

static void dut_sample(top_dut *d, top_out *out)
{
	const Vdut &t = d->top;
	std::memset(out, 0, sizeof *out);
	out->axil.awready = t.s_axil_awready;
	out->axil.wready = t.s_axil_wready;
	out->axil.bvalid = t.s_axil_bvalid;
	out->axil.bresp = t.s_axil_bresp;
	out->axil.arready = t.s_axil_arready;
	out->axil.rvalid = t.s_axil_rvalid;
	out->axil.rresp = t.s_axil_rresp;
	out->axil.rdata = t.s_axil_rdata;
	out->irq = t.irq;
	out->act.arvalid = t.act_arvalid;
	out->act.araddr = t.act_araddr;
	out->act.arlen = t.act_arlen;
	out->act.rready = t.act_rready;
	out->wgt.arvalid = t.wgt_arvalid;
	out->wgt.araddr = t.wgt_araddr;
	out->wgt.arlen = t.wgt_arlen;
	out->wgt.rready = t.wgt_rready;
	out->out.awvalid = t.out_awvalid;
	out->out.awaddr = t.out_awaddr;
	out->out.awlen = t.out_awlen;
	out->out.wvalid = t.out_wvalid;
	out->out.wlast = t.out_wlast;
	out->out.wstrb = t.out_wstrb;
	get(t.out_wdata, out->out.wdata);
	out->out.bready = t.out_bready;
}

static void dut_drive(top_dut *d, const top_in *in)
{
	Vdut &t = d->top;
	t.clk = 0;
	t.rst = in->rst;
	t.s_axil_awvalid = in->axil.awvalid;
	t.s_axil_awaddr = in->axil.awaddr & 0xfff;
	t.s_axil_wvalid = in->axil.wvalid;
	t.s_axil_wdata = in->axil.wdata;
	t.s_axil_wstrb = in->axil.wstrb & 0xf;
	t.s_axil_bready = in->axil.bready;
	t.s_axil_arvalid = in->axil.arvalid;
	t.s_axil_araddr = in->axil.araddr & 0xfff;
	t.s_axil_rready = in->axil.rready;
	t.act_arready = in->act.arready;
	t.act_rvalid = in->act.rvalid;
	t.act_rlast = in->act.rlast;
	t.act_rresp = in->act.rresp;
	put(t.act_rdata, in->act.rdata);
	t.wgt_arready = in->wgt.arready;
	t.wgt_rvalid = in->wgt.rvalid;
	t.wgt_rlast = in->wgt.rlast;
	t.wgt_rresp = in->wgt.rresp;
	put(t.wgt_rdata, in->wgt.rdata);
	t.out_awready = in->out.awready;
	t.out_wready = in->out.wready;
	t.out_bvalid = in->out.bvalid;
	t.out_bresp = in->out.bresp;
	t.eval();
}

static void dut_clock(top_dut *d)
{
	d->top.clk = 1;
	d->top.eval();
}

static const char *dut_violation(top_dut *d)
{
	for (unsigned p = 0; p < 4; p++) {
		const uint32_t bits = d->top.violation.m_storage[p];
		if (!bits)
			continue;
		const unsigned side = !(bits & 0xffff);
		d->rule = std::string(ports[p]) + (side ? ", slave: " : ", master: ") + rule_of(side ? bits >> 16 : bits & 0xffff, rules[p][side]);
		return d->rule.c_str();
	}
	return nullptr;
}

extern const top_api bitlet_top_dut;
const top_api bitlet_top_dut = {TOP_DUT_ABI, dut_open, dut_close, dut_sample, dut_drive, dut_clock, dut_violation};
}
