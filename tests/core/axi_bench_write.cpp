/*
 * axi_write against its twin. Oracle: addresses and beats on the bus are those of the runs, in order; nothing is written after stop; a failing burst is named.
 */
#include "axi_bench.h"

#include <cstring>
#include <deque>

namespace {

struct burst {
	uint64_t address;
	unsigned beats;
};

struct run {
	uint64_t address;
	unsigned beats;
};

struct bench {
	Vaxi_bench &v;
	const axi_bench_parameters &p;
	axi_bench_mode m;
	axi_bench_random random;
	axi_write writer;
	struct axi_write_out out;
	axi_write_reply bus;
	bool run_valid, beat_valid, stop, failed, may_ask, bad_sent, bad_seen;
	run next;                   /* run that is offered */
	axi_write_beat beat;
	std::deque<run> expected_runs;            /* rest of each */
	std::deque<axi_write_beat> expected_beats; /* taken from the client, not yet seen on W */
	std::deque<bool> expected_bad;
	std::deque<burst> bursts;   /* whose address was taken, not acknowledged */
	unsigned beats_owed;        /* of the runs that were made: not yet given */
	std::deque<unsigned> acknowledge_at; /* cycle, at least: of the bursts whose last beat was taken */
	unsigned cycle, since_stop, beats, given, restarts;
	uint64_t fail_address;
	uint8_t fail_code;
	std::string what;

	bench(Vaxi_bench &dut, const axi_bench_parameters &q, const axi_bench_mode &mode, unsigned seed) : v(dut), p(q), m(mode), random(seed)
	{
		memset(&writer, 0, sizeof writer);
		if (!axi_write_init(&writer, &p.c, &p.d))
			wrong("out of memory");
		cycle = beats = given = restarts = 0;
		restart();
	}
	bench(const bench &) = delete;
	virtual ~bench() { axi_write_free(&writer); }

	void restart();
	void choose();
	void choose_bus();
	void drive();
	void compare();
	void oracle();
	void see_address();
	void see_beat();
	void memory();
	void clock();
	bool step();
	void wrong(const std::string &s);
	void same(uint64_t rtl, uint64_t twin, const char *name);
	virtual bool next_run();
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

void bench::restart()
{
	v.rst_read = v.rst_write = 1;
	v.wrun_valid = v.wbeat_valid = v.write_stop = v.parity_test = v.awready = v.wready = v.bvalid = 0;
	for (int i = 0; i < 2; i++) {
		v.clk = 0;
		v.eval();
		v.clk = 1;
		v.eval();
	}
	v.rst_write = 0;
	axi_write_reset(&writer);
	memset(&bus, 0, sizeof bus);
	run_valid = beat_valid = stop = failed = may_ask = bad_sent = bad_seen = false;
	expected_runs.clear();
	expected_beats.clear();
	expected_bad.clear();
	bursts.clear();
	acknowledge_at.clear();
	beats_owed = since_stop = 0;
}

bool bench::next_run()
{
	unsigned longest = p.c.out_buffer < 511 ? p.c.out_buffer : 511;
	unsigned most[] = { 1, 3, 9, longest };
	next.address = axi_bench_address(random, p);
	next.beats = 1 + random.below(most[random.below(4)]) % longest;
	return true;
}

/* The clients: runs and beats independent of each other, but no more beats than there are runs for. */
void bench::choose()
{
	if (!run_valid && beats_owed < 2 * p.c.out_buffer && random.chance(m.in) && next_run()) {
		run_valid = true;
		beats_owed += next.beats;
	}
	if (!beat_valid && beats_owed > 0 && random.chance(m.in)) {
		beat_valid = true;
		beats_owed--;
		for (unsigned i = 0; i < p.d.bus_bytes; i++)
			beat.data[i] = (uint8_t)random.word();
		beat.strobe = random.word() & UINT64_MAX >> (64 - p.d.bus_bytes);
	}
	stop = stop || random.rare(m.stop);
	v.parity_test = random.rare(p.c.parity ? 20 : 2000);
	choose_bus();
}

void bench::choose_bus()
{
	bus.awready = random.chance(m.out) && (!m.address_waits || out.bus.wvalid);
	bus.wready = random.chance(m.out) && (!m.address_waits || bursts.size() > acknowledge_at.size());
	if (bus.bvalid || bursts.empty() || acknowledge_at.empty() || acknowledge_at.front() > cycle || !random.chance(m.out))
		return;
	bus.bvalid = true;
	bus.bresp = random.rare(m.error) ? (uint8_t)(2 + random.below(2)) : 0;
}

void bench::drive()
{
	v.wrun_valid = run_valid;
	v.wrun_address = next.address;
	v.wrun_beats = (uint16_t)next.beats;
	v.wbeat_valid = beat_valid;
	memcpy(v.wbeat_data.data(), beat.data, sizeof beat.data);
	v.wbeat_strobe = beat.strobe;
	v.write_stop = stop;
	v.awready = bus.awready;
	v.wready = bus.wready;
	v.bvalid = bus.bvalid;
	v.bresp = bus.bresp;
	v.clk = 0;
	v.eval();
}

void bench::compare()
{
	same(v.wrun_ready, out.wrun_ready, "wrun_ready");
	same(v.wbeat_ready, out.wbeat_ready, "wbeat_ready");
	same(v.write_idle, out.idle, "idle");
	same(v.write_fail, out.fail, "fail");
	if (out.fail) {
		same(v.write_fail_code, out.fail_code, "fail_code");
		same(v.write_fail_address, out.fail_address, "fail_address");
	}
	same(v.parity_bad, out.parity_bad, "parity_bad");
	same(v.awvalid, out.bus.awvalid, "awvalid");
	if (out.bus.awvalid) {
		same(v.awaddr, out.bus.awaddr, "awaddr");
		same(v.awlen, out.bus.awlen, "awlen");
	}
	same(v.wvalid, out.bus.wvalid, "wvalid");
	if (out.bus.wvalid) {
		same(v.wlast, out.bus.wlast, "wlast");
		same(v.wstrb, out.bus.wstrb, "wstrb");
		if (memcmp(v.wdata.data(), out.bus.wdata, p.d.bus_bytes))
			wrong("wdata differs");
	}
	same(v.bready, out.bus.bready, "bready");
	if (v.write_bad)
		wrong("write_bad is " + std::to_string(v.write_bad));
}

void bench::see_address()
{
	unsigned n = v.awlen + 1u;
	if (expected_runs.empty())
		return wrong("a burst without a run");
	run &r = expected_runs.front();
	if (v.awaddr != r.address || n > r.beats)
		wrong("not the run's address");
	r.address += n * p.d.bus_bytes;
	r.beats -= n;
	if (r.beats == 0)
		expected_runs.pop_front();
}

void bench::see_beat()
{
	beats++;
	if (expected_beats.empty())
		return wrong("a beat that was not given");
	const axi_write_beat &b = expected_beats.front();
	if (memcmp(v.wdata.data(), b.data, p.d.bus_bytes))
		wrong("not the given beat's data");
	bool none = v.wstrb == 0 && since_stop > 1;
	if (!none && v.wstrb != b.strobe)
		wrong("not the given beat's strobes");
	bad_sent = bad_sent || expected_bad.front();
	expected_beats.pop_front();
	expected_bad.pop_front();
}

void bench::oracle()
{
	if (since_stop > 1 && v.awvalid && !may_ask)
		wrong("an address after stop");
	may_ask = v.awvalid && !bus.awready;
	/* parity_bad follows the beat that has it on W by a cycle */
	if (v.parity_bad != bad_seen)
		wrong("parity_bad");
	bad_seen = bad_seen || (v.wvalid && !expected_bad.empty() && expected_bad.front());
	if (v.write_fail != failed)
		wrong("fail is not what the memory answered");
	if (failed && (v.write_fail_address != fail_address || v.write_fail_code != fail_code))
		wrong("not the failing burst's address and code");
	if (v.awvalid && bus.awready)
		see_address();
	if (v.wvalid && bus.wready)
		see_beat();
	if (run_valid && v.wrun_ready)
		expected_runs.push_back({ next.address - next.address % p.d.bus_bytes, next.beats });
	if (beat_valid && v.wbeat_ready) {
		given++;
		expected_beats.push_back(beat);
		expected_bad.push_back(p.c.parity && v.parity_test);
	}
	if (bus.bvalid && (bus.bresp & 2) && since_stop <= 1 && !failed) {
		failed = true;
		fail_address = bursts.front().address;
		fail_code = bus.bresp;
	}
	if (v.write_idle && since_stop == 0 && (!expected_runs.empty() || !expected_beats.empty()) && !(run_valid && v.wrun_ready) && !(beat_valid && v.wbeat_ready))
		wrong("idle with something to write");
}

/* The memory's and the clients' side of the edge. */
void bench::memory()
{
	run_valid = run_valid && !v.wrun_ready;
	beat_valid = beat_valid && !v.wbeat_ready;
	if (bus.bvalid) {
		bus.bvalid = false;
		bursts.pop_front();
		acknowledge_at.pop_front();
	}
	if (v.awvalid && bus.awready)
		bursts.push_back({ v.awaddr, v.awlen + 1u });
	if (v.wvalid && bus.wready && v.wlast)
		acknowledge_at.push_back(cycle + m.latency);
}

void bench::clock()
{
	axi_write_in in = {};
	in.wrun_valid = v.wrun_valid;
	in.wrun_address = next.address;
	in.wrun_beats = next.beats;
	in.wbeat_valid = v.wbeat_valid;
	in.wbeat = beat;
	in.stop = stop;
	in.parity_test = v.parity_test;
	in.bus = bus;
	in.bus.bvalid = v.bvalid;
	if (m.tamper && out.bus.wvalid && bus.wready && cycle > 500) {
		m.tamper = false;
		in.bus.wready = false;
	}
	axi_write_clock(&writer, &in);
	v.clk = 1;
	v.eval();
}

bool bench::step()
{
	axi_write_out(&writer, &out);
	choose();
	since_stop += stop || failed;
	drive();
	compare();
	oracle();
	bool over = since_stop > 1 && v.write_idle;
	memory();
	clock();
	cycle++;
	if (since_stop > 60000)
		wrong("never idle after stop");
	if (over && random.chance(64)) {
		if (!bursts.empty() || !acknowledge_at.empty())
			wrong("idle with bursts outstanding");
		restarts++;
		restart();
	}
	return what.empty();
}

struct rate_bench : bench {
	unsigned length, left;
	uint64_t address;
	using bench::bench;
	bool next_run() override
	{
		if (left == 0)
			return false;
		left--;
		next = { address, length };
		address += length * p.d.bus_bytes;
		return true;
	}
};

} // namespace

bool write_bench(Vaxi_bench &v, const axi_bench_parameters &p, const axi_bench_mode &m, unsigned cycles, unsigned seed, std::string *what)
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

unsigned write_beat_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned count, unsigned beats, unsigned latency)
{
	axi_bench_mode m = { "", 256, 256, latency, 0, 0, false, false };
	rate_bench b(v, p, m, 1);
	b.length = beats;
	b.left = count / beats;
	b.address = 0;
	unsigned first = 0, last = 0;
	while (b.beats < count && b.cycle < 100000) {
		unsigned before = b.beats;
		last = b.cycle;
		if (!b.step())
			return 0;
		if (before == 0 && b.beats == 1)
			first = last;
	}
	return last - first + 1;
}
