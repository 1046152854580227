#include "cosim_bench.h"

#include <string.h>

enum { WARM_CYCLES = 64 };

static void drive(struct bench *b, bool rst)
{
	ports_set(&b->ports, &b->traffic.in, b->traffic.wgt_mode);
	b->ports.in.rst = rst;
	b->cosim->api->drive(b->dut, &b->ports.in);
}

/* A reset, then some traffic, then a reset again while the engine is full. The model restarts from its state after reset. */
static void reset(struct bench *b)
{
	struct stall saved = b->traffic.stall;
	struct traffic_break broken = b->traffic.broken;
	b->traffic.broken.on = false;
	drive(b, true);
	bench_edge(b);
	for (unsigned i = 0; i < WARM_CYCLES && traffic_step(&b->traffic) == TRAFFIC_RUNS; i++) {
		drive(b, i == WARM_CYCLES - 1);
		bench_edge(b);
	}
	drive(b, true);
	bench_edge(b);
	traffic_rewind(&b->traffic);
	b->traffic.stall = saved;
	b->traffic.broken = broken;
}

bool bench_open(struct bench *b, const struct cosim *s)
{
	memset(b, 0, sizeof *b);
	b->cosim = s;
	if (!traffic_new(&b->traffic, s->feed, s->stall, s->stall_seed, s->law))
		return false;
	b->traffic.broken = s->break_model;
	if (!ports_new(&b->ports, s->feed->config, s->feed->derived)) {
		traffic_free(&b->traffic);
		return false;
	}
	b->dut = s->api->open();
	reset(b);
	return true;
}

void bench_close(struct bench *b)
{
	b->cosim->api->close(b->dut);
	ports_free(&b->ports);
	traffic_free(&b->traffic);
}

enum traffic_state bench_cycle(struct bench *b)
{
	enum traffic_state state = traffic_step(&b->traffic);
	drive(b, false);
	b->cosim->api->sample(b->dut, &b->out);
	return state;
}

void bench_edge(struct bench *b)
{
	b->cosim->api->clock(b->dut);
}

struct bitlet_result bench_result(const struct bench *b, unsigned pe)
{
	unsigned bits = b->traffic.feed->derived->out_bits;
	struct bitlet_result r = {
		.bits = port_get(b->out.result, (size_t)pe * bits, bits),
		.flags = (uint8_t)port_get(b->out.flags, (size_t)pe * 4, 4),
	};
	const struct traffic_break *broken = &b->cosim->break_rtl;
	if (broken->on && broken->pe == pe && broken->output == b->traffic.output[pe])
		traffic_flip(broken, bits, &r);
	return r;
}
