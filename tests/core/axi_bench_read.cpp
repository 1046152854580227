/*
 * read_arbiter and axi_read against their twins. Oracle: a client sees the bytes of its runs, beat by beat; a failing beat is named.
 */
#include "axi_bench.h"

#include <cstring>
#include <deque>

namespace {

struct answer {
	uint64_t address;           /* of the beat */
	uint8_t resp;
	bool last;
	unsigned due;               /* cycle */
};

struct client {
	bool valid;                 /* offers `run` */
	core_run run;
	std::deque<uint64_t> expected; /* addresses of the beats to come */
	bool beat_ready;
};

struct bench {
	Vaxi_bench &v;
	const axi_bench_parameters &p;
	axi_bench_mode m;
	axi_bench_random random;
	read_arbiter arbiter;
	axi_read reader;
	struct read_arbiter_out arbiter_out;
	struct axi_read_out reader_out;
	client fetch, wgt;
	std::deque<answer> answers;
	axi_read_reply bus;
	unsigned cycle, since_stop, beats, asked, restarts;
	bool stop, failed, may_ask;
	uint64_t fail_address;
	uint8_t fail_code;
	std::string what;

	bench(Vaxi_bench &dut, const axi_bench_parameters &q, const axi_bench_mode &mode, unsigned seed) : v(dut), p(q), m(mode), random(seed)
	{
		read_arbiter_init(&arbiter);
		axi_read_init(&reader, &p.c, &p.d);
		cycle = beats = asked = restarts = 0;
		restart();
	}

	void restart();
	void choose();
	void drive();
	void compare();
	void oracle();
	void memory();
	void clock();
	bool step();
	void wrong(const std::string &s);
	void same(uint64_t rtl, uint64_t twin, const char *name);
	void same_data(const VlWide<16> &rtl, const uint8_t *twin, const char *name);
	virtual void next_run(client &c, bool is_fetch);
	void take_beat(client &c, const VlWide<16> &data, const char *name);
};

void bench::wrong(const std::string &s)
{
	if (what.empty())
		what = ": cycle " + std::to_string(cycle) + ": " + s;
}

void bench::same(uint64_t rtl, uint64_t twin, const char *name)
{
	if (rtl != twin)
		wrong(std::string(name) + " is " + std::to_string(rtl) + ", twin " + std::to_string(twin));
}

void bench::same_data(const VlWide<16> &rtl, const uint8_t *twin, const char *name)
{
	if (memcmp(rtl.data(), twin, p.d.bus_bytes))
		wrong(std::string(name) + " differs");
}

/* Both sides through reset. */
void bench::restart()
{
	v.rst_read = 1;
	v.rst_write = 1;
	v.arready = v.rvalid = v.read_stop = 0;
	v.fetch_run_valid = v.wgt_run_valid = 0;
	for (int i = 0; i < 2; i++) {
		v.clk = 0;
		v.eval();
		v.clk = 1;
		v.eval();
	}
	v.rst_read = 0;
	read_arbiter_reset(&arbiter);
	axi_read_reset(&reader);
	fetch = client();
	wgt = client();
	answers.clear();
	memset(&bus, 0, sizeof bus);
	stop = failed = may_ask = false;
	since_stop = 0;
}

void bench::next_run(client &c, bool is_fetch)
{
	unsigned most[] = { 2 * p.d.bus_bytes, 64, 600, 12000 };
	c.valid = true;
	c.run.address = axi_bench_address(random, p);
	c.run.bytes = is_fetch ? 256 : 1 + random.below(most[random.below(cycle & 1 ? 2 : 4)]);
}

/* The inputs of this cycle. A valid that was not taken stays. */
void bench::choose()
{
	if (!fetch.valid && random.chance(m.in / 16))
		next_run(fetch, true);
	if (!wgt.valid && random.chance(m.in))
		next_run(wgt, false);
	fetch.beat_ready = random.chance(m.in);
	wgt.beat_ready = random.chance(m.in);
	stop = stop || random.rare(m.stop);
	bus.arready = random.chance(m.out);
	if (!bus.rvalid && !answers.empty() && answers.front().due <= cycle && random.chance(m.out)) {
		const answer &a = answers.front();
		bus.rvalid = true;
		bus.rlast = a.last;
		bus.rresp = a.resp;
		for (unsigned i = 0; i < p.d.bus_bytes; i++)
			bus.rdata[i] = axi_bench_byte(a.address + i);
	}
}

void bench::drive()
{
	v.fetch_run_valid = fetch.valid;
	v.fetch_run_address = fetch.run.address;
	v.fetch_run_bytes = fetch.run.bytes;
	v.fetch_beat_ready = fetch.beat_ready;
	v.wgt_run_valid = wgt.valid;
	v.wgt_run_address = wgt.run.address;
	v.wgt_run_bytes = wgt.run.bytes;
	v.wgt_beat_ready = wgt.beat_ready;
	v.read_stop = stop;
	v.arready = bus.arready;
	v.rvalid = bus.rvalid;
	v.rlast = bus.rlast;
	v.rresp = bus.rresp;
	memcpy(v.rdata.data(), bus.rdata, sizeof bus.rdata);
	v.clk = 0;
	v.eval();
}

void bench::compare()
{
	const struct read_arbiter_out &a = arbiter_out;
	const struct axi_read_out &r = reader_out;
	same(v.fetch_run_ready, a.fetch_run_ready, "fetch_run_ready");
	same(v.wgt_run_ready, a.wgt_run_ready, "wgt_run_ready");
	same(v.fetch_beat_valid, a.fetch_beat_valid, "fetch_beat_valid");
	same(v.wgt_beat_valid, a.wgt_beat_valid, "wgt_beat_valid");
	if (a.fetch_beat_valid)
		same_data(v.fetch_beat_data, a.beat.data, "fetch_beat_data");
	if (a.wgt_beat_valid)
		same_data(v.wgt_beat_data, a.beat.data, "wgt_beat_data");
	same(v.run_valid, a.run_valid, "run_valid");
	if (a.run_valid) {
		same(v.run_address, a.run.address, "run_address");
		same(v.run_bytes, a.run.bytes, "run_bytes");
		same(v.run_tag, a.run.tag, "run_tag");
	}
	same(v.beat_ready, a.beat_ready, "beat_ready");
	same(v.run_ready, r.run_ready, "run_ready");
	same(v.beat_valid, r.beat_valid, "beat_valid");
	if (r.beat_valid) {
		same_data(v.beat_data, r.beat.data, "beat_data");
		same(v.beat_tag, r.beat.tag, "beat_tag");
	}
	same(v.read_idle, r.idle, "idle");
	same(v.read_outstanding, r.outstanding, "outstanding");
	same(v.read_fail, r.fail, "fail");
	if (r.fail) {
		same(v.read_fail_code, r.fail_code, "fail_code");
		same(v.read_fail_address, r.fail_address, "fail_address");
		same(v.read_fail_tag, r.fail_tag, "fail_tag");
	}
	same(v.arvalid, r.bus.arvalid, "arvalid");
	if (r.bus.arvalid) {
		same(v.araddr, r.bus.araddr, "araddr");
		same(v.arlen, r.bus.arlen, "arlen");
	}
	same(v.rready, r.bus.rready, "rready");
	if (v.read_bad)
		wrong("read_bad is " + std::to_string(v.read_bad));
}

void bench::take_beat(client &c, const VlWide<16> &data, const char *name)
{
	beats++;
	if (c.expected.empty())
		return wrong(std::string(name) + " was not asked for");
	const uint8_t *bytes = (const uint8_t *)data.data();
	for (unsigned i = 0; i < p.d.bus_bytes; i++)
		if (bytes[i] != axi_bench_byte(c.expected.front() + i))
			return wrong(std::string(name) + " is not the memory's");
	c.expected.pop_front();
}

static void expect(client &c, unsigned bytes)
{
	for (uint64_t a = c.run.address - c.run.address % bytes; a < c.run.address + c.run.bytes; a += bytes)
		c.expected.push_back(a);
	c.valid = false;
}

void bench::oracle()
{
	if (v.fetch_beat_valid && fetch.beat_ready)
		take_beat(fetch, v.fetch_beat_data, "fetch's beat");
	if (v.wgt_beat_valid && wgt.beat_ready)
		take_beat(wgt, v.wgt_beat_data, "wgt's beat");
	if (fetch.valid && v.fetch_run_ready)
		expect(fetch, p.d.bus_bytes);
	if (wgt.valid && v.wgt_run_ready)
		expect(wgt, p.d.bus_bytes);
	if (v.read_fail != failed)
		wrong("fail is not what the memory answered");
	if (failed && (v.read_fail_address != fail_address || v.read_fail_code != fail_code))
		wrong("not the failing beat's address and code");
	if (since_stop > 1 && v.arvalid && !may_ask)
		wrong("an address after stop");
	if (since_stop > 1 && !v.rready)
		wrong("beats are not thrown away");
	may_ask = v.arvalid && !bus.arready;
	if (bus.rvalid && v.rready && (bus.rresp & 2) && since_stop <= 1 && !failed) {
		failed = true;
		fail_address = answers.front().address;
		fail_code = bus.rresp;
	}
}

/* The memory's side of the edge. */
void bench::memory()
{
	if (bus.rvalid && v.rready) {
		answers.pop_front();
		bus.rvalid = false;
	}
	if (!v.arvalid || !bus.arready)
		return;
	unsigned due = cycle + m.latency;
	asked++;
	for (unsigned i = 0; i <= v.arlen; i++) {
		uint8_t resp = random.rare(m.error) ? (uint8_t)(2 + random.below(2)) : 0;
		answers.push_back({ v.araddr + i * p.d.bus_bytes, resp, i == v.arlen, due });
	}
}

void bench::clock()
{
	read_arbiter_in a = {};
	axi_read_in r = {};
	a.fetch_run_valid = v.fetch_run_valid;
	a.fetch_run.address = v.fetch_run_address;
	a.fetch_run.bytes = v.fetch_run_bytes;
	a.wgt_run_valid = v.wgt_run_valid;
	a.wgt_run.address = v.wgt_run_address;
	a.wgt_run.bytes = v.wgt_run_bytes;
	a.fetch_beat_ready = fetch.beat_ready;
	a.wgt_beat_ready = wgt.beat_ready;
	a.run_ready = reader_out.run_ready;
	a.beat_valid = reader_out.beat_valid;
	a.beat = reader_out.beat;
	r.run_valid = arbiter_out.run_valid;
	r.run = arbiter_out.run;
	r.beat_ready = arbiter_out.beat_ready;
	r.stop = stop;
	r.bus = bus;
	r.bus.rvalid = v.rvalid;
	if (m.tamper && reader_out.bus.arvalid && bus.arready && cycle > 500) {
		m.tamper = false;
		r.bus.arready = false;
	}
	read_arbiter_clock(&arbiter, &a);
	axi_read_clock(&reader, &r);
	v.clk = 1;
	v.eval();
}

/* A cycle; false when something is wrong. */
bool bench::step()
{
	choose();
	since_stop += stop || failed;
	read_arbiter_out(&arbiter, &arbiter_out);
	axi_read_out(&reader, &reader_out);
	drive();
	compare();
	oracle();
	bool over = since_stop > 1 && v.read_idle;
	memory();
	clock();
	cycle++;
	if (since_stop > 60000)
		wrong("never idle after stop");
	if (over && random.chance(64)) {
		if (!answers.empty())
			wrong("idle with beats outstanding");
		restarts++;
		restart();
	}
	return what.empty();
}

/* One run after the other for the rates, no fetch. */
struct rate_bench : bench {
	unsigned bytes, left;
	uint64_t address;
	using bench::bench;
	void next_run(client &c, bool is_fetch) override
	{
		if (is_fetch || left == 0)
			return;
		left--;
		c.valid = true;
		c.run.address = address;
		c.run.bytes = bytes;
		address += bytes;
	}
};

const axi_bench_mode full_rate = { "", 256, 256, 0, 0, 0, false, false };

} // namespace

bool read_bench(Vaxi_bench &v, const axi_bench_parameters &p, const axi_bench_mode &m, unsigned cycles, unsigned seed, std::string *what)
{
	bench b(v, p, m, seed);
	while (b.cycle < cycles && b.step())
		;
	if (b.what.empty() && b.beats < cycles / 300)
		b.wrong("only " + std::to_string(b.beats) + " beats");
	if (b.what.empty() && (m.stop || m.error) && b.restarts < 3)
		b.wrong("only " + std::to_string(b.restarts) + " restarts");
	*what = b.what.empty() ? " (" + std::to_string(b.beats) + " beats, " + std::to_string(b.restarts) + " restarts)" : b.what;
	return b.what.empty();
}

static unsigned read_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned runs, unsigned bytes, unsigned latency, bool addresses)
{
	axi_bench_mode m = full_rate;
	m.latency = latency;
	rate_bench b(v, p, m, 1);
	b.bytes = bytes;
	b.left = runs;
	b.address = 0;
	unsigned first = 0, last = 0, count = runs * (addresses ? 1 : bytes / p.d.bus_bytes);
	const unsigned &seen = addresses ? b.asked : b.beats;
	while (seen < count && b.cycle < 100000) {
		unsigned before = seen;
		last = b.cycle;
		if (!b.step())
			return 0;
		if (before == 0 && seen == 1)
			first = last;
	}
	return last - first + 1;
}

unsigned read_beat_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned count, unsigned latency)
{
	return read_cycles(v, p, 1, count * p.d.bus_bytes, latency, false);
}

unsigned read_address_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned count, unsigned latency)
{
	return read_cycles(v, p, count, p.d.bus_bytes, latency, true);
}
