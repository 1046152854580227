/*
 * axi_bench.h: what the benches of the AXI masters share. Each bench steps RTL and twin together, compares every output in every cycle, plays the
 * clients and the memory at random, and has an oracle of its own for what the bus and the clients must see.
 */
#ifndef AXI_BENCH_H
#define AXI_BENCH_H

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include "Vaxi_bench.h"

extern "C" {
#include "axi_read.h"
#include "axi_write.h"
#include "read_arbiter.h"
}

struct axi_bench_parameters {
	bitlet_config c;
	bitlet_derived d;
};

/* How often (of 256) something moves, and what goes wrong. */
struct axi_bench_mode {
	const char *name;
	unsigned in, out;           /* clients offer and take; memory offers and takes */
	unsigned latency;           /* cycles from request to answer at least */
	unsigned error;             /* of 65536 beats (reads) or bursts (writes) */
	unsigned stop;              /* of 65536 cycles */
	bool address_waits;         /* the memory takes a write address only while W is valid, and W only behind its address */
	bool tamper;                /* one handshake is hidden from the twin: a difference must be found */
};

class axi_bench_random {
public:
	explicit axi_bench_random(unsigned seed) : engine(seed) {}
	unsigned below(unsigned n) { return (unsigned)(engine() % n); }
	bool chance(unsigned of_256) { return below(256) < of_256; }
	bool rare(unsigned of_65536) { return below(65536) < of_65536; }
	uint64_t word() { return engine(); }
private:
	std::mt19937_64 engine;
};

/* The byte that the memory has at an address. */
inline uint8_t axi_bench_byte(uint64_t address)
{
	uint64_t x = address * 0x9e3779b97f4a7c15u;
	return (uint8_t)(x >> 56 ^ x >> 29);
}

/* A run's start: often at or just before a page or a beat, never so near to the end of the address space that it is reached. */
uint64_t axi_bench_address(axi_bench_random &r, const axi_bench_parameters &p);

/* TAP. */
bool axi_bench_report(bool good, const std::string &name);

/* Runs `cycles` in a mode; the first thing that is wrong is described in *what, "" when all is well. */
bool read_bench(Vaxi_bench &v, const axi_bench_parameters &p, const axi_bench_mode &m, unsigned cycles, unsigned seed, std::string *what);
bool write_bench(Vaxi_bench &v, const axi_bench_parameters &p, const axi_bench_mode &m, unsigned cycles, unsigned seed, std::string *what);

/* Cycles from the first to the last of `count`: beats of one run; addresses of runs of one beat. Memory answers after `latency`. */
unsigned read_beat_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned count, unsigned latency);
unsigned read_address_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned count, unsigned latency);
/* The same for W beats, given one a cycle in runs of `beats`. */
unsigned write_beat_cycles(Vaxi_bench &v, const axi_bench_parameters &p, unsigned count, unsigned beats, unsigned latency);

#endif
