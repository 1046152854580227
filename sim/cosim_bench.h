/*
 * cosim_bench.h: what cosim.c (comparing) and explain.c (watching lanes) share: an engine and a model that are stepped together.
 */
#ifndef BITLET_COSIM_BENCH_H
#define BITLET_COSIM_BENCH_H

#include "cosim.h"
#include "ports.h"

struct bench {
	const struct cosim *cosim;
	struct traffic traffic;
	struct ports ports;
	struct dut *dut;
	struct dut_out out;         /* RTL's outputs in this cycle */
};

/*
 * Builds both and resets them: the RTL after some cycles of traffic, so that a reset from any state is tested too. False when out of memory.
 */
bool bench_open(struct bench *b, const struct cosim *s);
void bench_close(struct bench *b);

/* Both show the next cycle: traffic.in, traffic.out, out. */
enum traffic_state bench_cycle(struct bench *b);

/* The clock edge that ends it. */
void bench_edge(struct bench *b);

/* The RTL's result of a PE, with the fault of --break in it. */
struct bitlet_result bench_result(const struct bench *b, unsigned pe);

#endif
