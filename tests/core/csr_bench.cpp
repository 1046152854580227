/*
 * csr.v against csr_model in every cycle under random accesses, events and stalls; then the host driver (sim/driver) against csr.v and a core
 * that does what the test says. Prints TAP. usage: csr_bench CONFIG CYCLES SEED
 */
#include "csr_bench.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bitlet_regs.h"

extern "C" {
#include "config_load.h"
}

static unsigned tests, failures;

bool report(bool good, const char *name)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++tests, name);
	failures += !good;
	return good;
}

void csr_rtl::drive(const csr_in &in)
{
	v.rst = in.rst;
	v.awaddr = in.awaddr;
	v.awvalid = in.awvalid;
	v.wdata = in.wdata;
	v.wstrb = in.wstrb;
	v.wvalid = in.wvalid;
	v.bready = in.bready;
	v.araddr = in.araddr;
	v.arvalid = in.arvalid;
	v.rready = in.rready;
	v.idle = in.idle;
	v.done = in.done;
	v.failed = in.failed;
	v.error_code = in.code;
	v.error_channel = in.channel;
	v.error_address = in.address;
	v.flags_set = in.flags;
	v.position = in.position;
	for (unsigned i = 0; i < CSR_COUNTERS; i++)
		for (unsigned half = 0; half < 3; half++) { /* 16 bits each */
			unsigned at = 48 * i + 16 * half;
			uint32_t part = (uint32_t)(in.counters[i] >> 16 * half) & 0xffff;
			v.counters[at / 32] = (v.counters[at / 32] & ~(0xffffu << at % 32)) | part << at % 32;
		}
	v.clk = 0;
	v.eval();
}

csr_out csr_rtl::out() const
{
	csr_out o = {};
	o.awready = v.awready;
	o.wready = v.wready;
	o.bvalid = v.bvalid;
	o.bresp = v.bvalid ? v.bresp : 0;
	o.arready = v.arready;
	o.rvalid = v.rvalid;
	o.rresp = v.rvalid ? v.rresp : 0;
	o.rdata = v.rvalid ? v.rdata : 0;
	o.irq = v.irq;
	o.start = v.start;
	o.stop_run = v.stop_run;
	o.soft_reset = v.soft_reset;
	o.program_address = v.program_address;
	o.program_bytes = v.program_bytes;
	o.parity_test = v.parity_test;
	return o;
}

void csr_rtl::clock()
{
	v.clk = 1;
	v.eval();
}

bool operator==(const csr_out &a, const csr_out &b)
{
	return a.awready == b.awready && a.wready == b.wready && a.bvalid == b.bvalid && a.arready == b.arready && a.rvalid == b.rvalid &&
	       a.irq == b.irq && a.start == b.start && a.stop_run == b.stop_run && a.soft_reset == b.soft_reset && a.bresp == b.bresp &&
	       a.rresp == b.rresp && a.rdata == b.rdata && a.program_address == b.program_address && a.program_bytes == b.program_bytes &&
	       a.parity_test == b.parity_test;
}

/* Random accesses: `pace` is the chance in 256 that a master offers something, `take` that it takes an answer. */
class random_master {
public:
	random_master(const register_map *m, unsigned pace_, unsigned take_) : map(m), pace(pace_), take(take_) {}
	void choose(csr_in *in);
	void step(const csr_in &in, const csr_out &out);

private:
	uint32_t address();
	const register_map *map;
	unsigned pace, take;
	bool aw = false, w = false, ar = false;
	uint32_t awaddr = 0, wdata = 0, wstrb = 0, araddr = 0;
	int ahead = 0; /* addresses offered less data offered */
};

uint32_t random_master::address()
{
	if (chance(24))
		return (uint32_t)rand() & 0xfff;
	bool with_effect = chance(128);
	const register_row *r;
	do
		r = &map->row[(unsigned)rand() % map->rows];
	while (with_effect && (r->counter >= 0 || r->offset < BITLET_REG_CONTROL));
	return r->offset + ((uint32_t)rand() & (chance(16) ? 3 : 0));
}

void random_master::choose(csr_in *in)
{
	if (!aw && chance(pace) && ahead < 3) {
		aw = true;
		awaddr = address();
		ahead++;
	}
	if (!w && chance(pace) && ahead > -3) {
		w = true;
		wdata = chance(96) ? 1u << (rand() & 3) : (uint32_t)rand() ^ (uint32_t)rand() << 16;
		wstrb = chance(64) ? (uint32_t)rand() & 15 : 15;
		ahead--;
	}
	if (!ar && chance(pace)) {
		ar = true;
		araddr = address();
	}
	in->awvalid = aw;
	in->awaddr = awaddr;
	in->wvalid = w;
	in->wdata = wdata;
	in->wstrb = wstrb;
	in->arvalid = ar;
	in->araddr = araddr;
	in->bready = chance(take);
	in->rready = chance(take);
}

void random_master::step(const csr_in &in, const csr_out &out)
{
	aw = aw && !(in.awvalid && out.awready);
	w = w && !(in.wvalid && out.wready);
	ar = ar && !(in.arvalid && out.arready);
}

/* A core that starts and ends runs at random. */
class random_core {
public:
	void choose(csr_in *in);
	void step(const csr_out &out);

private:
	uint64_t counters[CSR_COUNTERS];
	bool idle = true;
	unsigned left = 0;
};

void random_core::choose(csr_in *in)
{
	in->idle = idle;
	in->done = in->failed = false;
	if (!idle && left == 0)
		(chance(128) ? in->done : in->failed) = true;
	in->code = (uint32_t)rand() & 15;
	in->channel = (uint32_t)rand() & 7;
	in->address = (uint64_t)rand() << 40 ^ (uint64_t)rand() << 20 ^ (uint64_t)rand();
	in->flags = chance(16) ? (uint32_t)rand() & 15 : 0;
	in->position = (uint32_t)rand() << 8 ^ (uint32_t)rand();
	for (unsigned i = 0; i < CSR_COUNTERS; i++)
		counters[i] = ((uint64_t)rand() << 24 ^ (uint64_t)rand()) & 0xffffffffffff;
	in->counters = counters;
}

void random_core::step(const csr_out &out)
{
	if (idle) {
		idle = !out.start;
		left = (unsigned)rand() % 100;
	} else if (left == 0) {
		idle = true;
	} else {
		left = out.stop_run || out.soft_reset ? (unsigned)rand() % 8 : left - 1;
	}
}

/* Cycles until the first difference, `cycles` when there is none. */
static unsigned compare(const register_map *map, unsigned cycles, int fault, unsigned pace, unsigned take, bool quiet)
{
	csr_rtl rtl;
	csr_model model(map, fault);
	random_master master(map, pace, take);
	random_core core;
	bool fresh = true; /* the cycle behind reset: nothing is offered */
	for (unsigned t = 0; t < cycles; t++) {
		csr_in in = {};
		in.rst = t < 2 || (chance(1) && chance(16));
		if (in.rst) {
			master = random_master(map, pace, take);
			core = random_core();
		} else if (!fresh) {
			master.choose(&in);
		}
		core.choose(&in);
		fresh = in.rst;
		rtl.drive(in);
		csr_out a = rtl.out(), b = model.out();
		if (t > 0 && (!(a == b) || rtl.v.bad)) {
			if (!quiet)
				printf("# cycle %u: %s, rules %03x, rdata %08x and %08x\n", t, a == b ? "a rule is broken" : "differs", (unsigned)rtl.v.bad, a.rdata, b.rdata);
			return t;
		}
		master.step(in, a);
		core.step(a);
		rtl.clock();
		model.clock(in);
	}
	return cycles;
}

int main(int argc, char **argv)
{
	static register_map map;
	bitlet_config c;
	bitlet_derived d;
	unsigned cycles = argc > 2 ? (unsigned)atoi(argv[2]) : 20000, seed = argc > 3 ? (unsigned)atoi(argv[3]) : 1;
	if (argc < 2 || !config_load(argv[1], &c, stderr))
		return 2;
	bitlet_derive(&c, &d);
	register_map_fill(&map, &c, &d);
	srand(seed);
	static const struct {
		unsigned pace, take;
		const char *name;
	} stalls[] = { { 256, 256, "no stall" }, { 60, 256, "stall in" }, { 256, 60, "stall out" }, { 60, 60, "stall in and out" } };
	for (unsigned i = 0; i < 4; i++)
		report(compare(&map, cycles, 0, stalls[i].pace, stalls[i].take, false) == cycles, stalls[i].name);
	for (int fault = 1; fault <= csr_model::FAULTS; fault++) {
		char name[64];
		snprintf(name, sizeof name, "mistake %d in the model is found", fault);
		report(compare(&map, 10 * cycles, fault, 200, 200, true) < 10 * cycles, name);
	}
	test_driver(&map, &c, &d);
	printf("1..%u\n", tests);
	return failures != 0;
}
