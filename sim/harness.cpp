// harness.cpp: dut.h on top of a Verilated bitlet_array or bitlet_pe (class Vdut), for any configuration.
// Built by sim/build.c as a shared object; port widths are found by overloading.
#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "Vdut.h"
#include "verilated.h"
#include "verilated_syms.h"

#include "dut.h"

double sc_time_stamp() { return 0; }

namespace {

// Ports up to 64 bits are plain integers, wider ones arrays of 32-bit words.
template <class Port> void put(Port &port, const uint32_t *words)
{
	port = static_cast<Port>(words[0]);
}
void put(QData &port, const uint32_t *words)
{
	port = words[0] | static_cast<QData>(words[1]) << 32;
}
template <std::size_t Words> void put(VlWide<Words> &port, const uint32_t *words)
{
	std::memcpy(port.m_storage, words, sizeof port.m_storage);
}

template <class Port> const uint32_t *get(const Port &port, std::vector<uint32_t> &copy)
{
	copy.assign({static_cast<uint32_t>(port), static_cast<uint32_t>(static_cast<uint64_t>(port) >> 32)});
	return copy.data();
}
template <std::size_t Words> const uint32_t *get(const VlWide<Words> &port, std::vector<uint32_t> &)
{
	return reinterpret_cast<const uint32_t *>(port.m_storage);
}

// Registers begin with random values, as they do in silicon; blocks of a hierarchical build live in the thread's context.
bool scramble(VerilatedContext &context)
{
	for (VerilatedContext *c : {&context, Verilated::threadContextp()}) {
		c->randReset(2);
		c->randSeed(1);
	}
	return true;
}

// "a.b[2].c" before "a.b[10].c": numbers compare as numbers, so that scopes come in the order of PEs.
bool before(const std::string &x, const std::string &y)
{
	std::size_t i = 0;
	while (i < x.size() && i < y.size() && x[i] == y[i])
		i++;
	std::size_t xe = x.find_first_not_of("0123456789", i), ye = y.find_first_not_of("0123456789", i);
	xe = std::min(xe, x.size());
	ye = std::min(ye, y.size());
	if (xe - i != ye - i)
		return xe - i < ye - i;
	return x < y;
}

} // namespace

struct dut {
	VerilatedContext context;
	const bool scrambled = scramble(context); // before the model is made
	Vdut top{&context, "TOP"};
	std::vector<uint32_t> result, flags;
	std::vector<const VerilatedVar *> selects; // by PE
	std::vector<uint32_t> select;

	void find_selects()
	{
		std::vector<std::pair<std::string, const VerilatedVar *>> found;
		for (VerilatedContext *c : {&context, Verilated::threadContextp()})
			for (const auto &scope : *c->scopeNameMap())
				if (const VerilatedVar *v = scope.second->varFind("select"))
					found.emplace_back(scope.first, v);
		std::sort(found.begin(), found.end(), [](const auto &x, const auto &y) { return before(x.first, y.first); });
		found.erase(std::unique(found.begin(), found.end()), found.end());
		for (const auto &f : found)
			selects.push_back(f.second);
	}
};

extern "C" {

static dut *dut_open()
{
	return new dut;
}

static void dut_close(dut *d)
{
	d->top.final();
	delete d;
}

static void dut_drive(dut *d, const dut_in *in)
{
	const uint32_t wgt_valid[2] = {static_cast<uint32_t>(in->wgt_valid), static_cast<uint32_t>(in->wgt_valid >> 32)};
	const uint32_t out_ready[2] = {static_cast<uint32_t>(in->out_ready), static_cast<uint32_t>(in->out_ready >> 32)};
	Vdut &top = d->top;
	top.clk = 0;
	top.rst = in->rst;
	top.act_valid = in->act_valid;
	top.act_last = in->act_last;
	put(top.act_mode, &in->act_mode);
	put(top.act_zero, &in->act_zero);
	put(top.act, in->act);
	put(top.wgt_valid, wgt_valid);
	put(top.wgt, in->wgt);
	put(top.out_ready, out_ready);
	top.eval();
}

static uint64_t mask(const uint32_t *words)
{
	return words[0] | static_cast<uint64_t>(words[1]) << 32;
}

static void dut_sample(dut *d, dut_out *out)
{
	std::vector<uint32_t> copy;
	out->act_ready = d->top.act_ready != 0;
	out->wgt_ready = mask(get(d->top.wgt_ready, copy));
	out->out_valid = mask(get(d->top.out_valid, copy));
	out->result = get(d->top.out_result, d->result);
	out->flags = get(d->top.out_flags, d->flags);
	out->busy = mask(get(d->top.busy, copy));
	out->blocked = mask(get(d->top.blocked, copy));
}

static void dut_clock(dut *d)
{
	d->top.clk = 1;
	d->top.eval();
}

static const uint32_t *dut_select(dut *d, unsigned p)
{
	if (d->selects.empty())
		d->find_selects();
	if (p >= d->selects.size())
		return nullptr;
	const VerilatedVar *v = d->selects[p];
	d->select.assign((v->totalSize() + 3) / 4, 0);
	std::memcpy(d->select.data(), v->datap(), v->totalSize());
	return d->select.data();
}

extern const dut_api bitlet_dut;
const dut_api bitlet_dut = {DUT_ABI, dut_open, dut_close, dut_drive, dut_sample, dut_clock, dut_select};
}
