/*
 * The AXI masters against their twins under random AXI behaviour (axi_bench_read.cpp, axi_bench_write.cpp), and their rates. Prints TAP.
 * usage: axi_bench BYTES BURST OUTSTANDING ADDRESS_BITS BUFFER PARITY CYCLES SEED      (as axi_bench.v was built)
 */
#include "axi_bench.h"

#include <cstdlib>
#include <cstring>

static unsigned tests, failures;

bool axi_bench_report(bool good, const std::string &name)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++tests, name.c_str());
	failures += !good;
	return good;
}

uint64_t axi_bench_address(axi_bench_random &r, const axi_bench_parameters &p)
{
	uint64_t most = UINT64_MAX >> (64 - p.c.axi_address_bits), a = (r.word() & most) % (most - (1u << 20));
	switch (r.below(4)) {
	case 0:
		return (a & ~(uint64_t)4095) + 4096 - r.below(3 * p.d.bus_bytes);
	case 1:
		return a & ~(uint64_t)4095;
	case 2:
		return a - a % p.d.bus_bytes;
	default:
		return a;
	}
}

static const axi_bench_mode modes[] = {
	{ "no stall", 256, 256, 1, 0, 0, false, false },
	{ "stall in", 100, 256, 3, 0, 0, false, false },
	{ "stall out", 256, 100, 9, 0, 0, false, false },
	{ "both", 128, 128, 5, 0, 0, false, false },
	{ "address after data", 256, 200, 4, 0, 300, true, false },
	{ "long latency", 256, 250, 60, 0, 0, false, false },
	{ "errors", 200, 200, 7, 400, 0, false, false },
	{ "stop", 200, 128, 7, 0, 500, false, false },
	{ "stop and errors", 128, 200, 12, 300, 300, false, false },
	{ "no client", 20, 256, 2, 300, 300, false, false },
};

static void lockstep(Vaxi_bench &v, const axi_bench_parameters &p, unsigned cycles, unsigned seed)
{
	for (const axi_bench_mode &m : modes) {
		std::string what;
		bool good = read_bench(v, p, m, cycles, seed, &what);
		axi_bench_report(good, "reads, " + std::string(m.name) + what);
		good = write_bench(v, p, m, cycles, seed, &what);
		axi_bench_report(good, "writes, " + std::string(m.name) + what);
	}
	axi_bench_mode tampered = { "tampered", 200, 200, 5, 0, 0, false, true };
	std::string what;
	bool found = !read_bench(v, p, tampered, cycles, seed, &what);
	axi_bench_report(found, "reads, a hidden handshake is found" + what);
	found = !write_bench(v, p, tampered, cycles, seed, &what);
	axi_bench_report(found, "writes, a hidden handshake is found" + what);
}

static void report_rate(const char *name, unsigned cycles, unsigned count)
{
	axi_bench_report(cycles == count, std::string(name) + ": " + std::to_string(count) + " in " + std::to_string(cycles) + " cycles");
}

static void rates(Vaxi_bench &v, const axi_bench_parameters &p)
{
	unsigned page = AXI_PAGE / p.d.bus_bytes, burst = p.c.axi_burst < page ? p.c.axi_burst : page;
	unsigned latency = 40, open = burst * (p.c.axi_outstanding - 1);
	if (open < latency + 4) /* what is open cannot cover 40 cycles */
		latency = open > 6 ? open - 4 : 2;
	if (p.c.axi_outstanding > 1)
		report_rate(("one run, latency " + std::to_string(latency)).c_str(), read_beat_cycles(v, p, 5000, latency), 5000);
	if (p.c.axi_outstanding >= 8) {
		report_rate("addresses of runs of a beat", read_address_cycles(v, p, 500, 2), 500);
		report_rate("writes of runs of a beat", write_beat_cycles(v, p, 500, 1, 1), 500);
	}
	if (p.c.axi_outstanding >= 8 && p.c.out_buffer >= 32) { /* room for a run that comes while another one goes */
		report_rate("writes of runs of 8 beats", write_beat_cycles(v, p, 4000, 8, 20), 4000);
	}
}

int main(int argc, char **argv)
{
	if (argc != 9) {
		fprintf(stderr, "usage: axi_bench BYTES BURST OUTSTANDING ADDRESS_BITS BUFFER PARITY CYCLES SEED\n");
		return 2;
	}
	axi_bench_parameters p;
	memset(&p, 0, sizeof p);
	p.d.bus_bytes = (unsigned)atoi(argv[1]);
	p.c.axi_burst = (unsigned)atoi(argv[2]);
	p.c.axi_outstanding = (unsigned)atoi(argv[3]);
	p.c.axi_address_bits = (unsigned)atoi(argv[4]);
	p.c.out_buffer = (unsigned)atoi(argv[5]);
	p.c.parity = atoi(argv[6]) != 0;
	Vaxi_bench v;
	lockstep(v, p, (unsigned)atoi(argv[7]), (unsigned)atoi(argv[8]));
	rates(v, p);
	return failures != 0;
}
