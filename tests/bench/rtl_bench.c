/*
 * rtl_bench: cycles a second of the Verilator simulator alone (nothing compared, no model beside it), and the time to build it.
 * usage: build/rtl_bench CONFIG [SECONDS]
 * Inputs of the first cycles of a random run are recorded, then played again and again, with a reset in between.
 * One line, parted by tabs: name, N, PEs, seconds to build (0 when it was there: point BITLET_BUILD to a fresh folder), cycles a second of
 * CPU time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config_load.h"
#include "ports.h"
#include "simulator.h"
#include "traffic.h"

enum { CYCLES = 2000 };

/* The input ports of all cycles. */
struct record {
	size_t cycles, act_words, wgt_words;
	struct dut_in in[CYCLES];
	uint32_t *act, *wgt;        /* [CYCLES][words] */
};

/* CPU time: the simulator has one thread, and other programs may be running. */
static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void die(const char *why)
{
	fprintf(stderr, "rtl_bench: %s\n", why);
	exit(2);
}

static void record_cycle(struct record *r, const struct ports *p)
{
	uint32_t *act = r->act + r->cycles * r->act_words, *wgt = r->wgt + r->cycles * r->wgt_words;
	memcpy(act, p->act, r->act_words * sizeof *act);
	memcpy(wgt, p->wgt, r->wgt_words * sizeof *wgt);
	r->in[r->cycles] = p->in;
	r->in[r->cycles].act = act;
	r->in[r->cycles].wgt = wgt;
	r->cycles++;
}

static void record_run(struct record *r, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	struct feed_plan plan = { .mode = 0, .kind = BITLET_STIMULUS_GAUSS, .beats = CYCLES, .seed = 1, .least = 1 };
	struct feed *f = feed_random(c, d, &plan);
	struct traffic t;
	struct ports p;
	if (!f || !traffic_new(&t, f, STALL_NONE, 1, false) || !ports_new(&p, c, d))
		die("out of memory");
	r->act_words = port_words((size_t)c->n * d->a_slot_bits);
	r->wgt_words = port_words((size_t)c->pes * c->n * d->w_slot_bits);
	r->act = malloc(CYCLES * r->act_words * sizeof *r->act);
	r->wgt = malloc(CYCLES * r->wgt_words * sizeof *r->wgt);
	if (!r->act || !r->wgt)
		die("out of memory");
	while (r->cycles < CYCLES && traffic_step(&t) == TRAFFIC_RUNS) {
		ports_set(&p, &t.in, t.wgt_mode);
		record_cycle(r, &p);
	}
	r->in[0].rst = true;
	ports_free(&p);
	traffic_free(&t);
	feed_free(f);
}

static double play(const struct record *r, const struct dut_api *api, double duration)
{
	struct dut *dut = api->open();
	struct dut_out out;
	double start = seconds(), now, cycles = 0;
	do {
		for (size_t i = 0; i < r->cycles; i++) {
			api->drive(dut, &r->in[i]);
			api->sample(dut, &out);
			api->clock(dut);
		}
		cycles += (double)r->cycles;
		now = seconds();
	} while (now - start < duration);
	api->close(dut);
	return cycles / (now - start);
}

int main(int argc, char **argv)
{
	static struct record r;
	static struct workspace w;
	struct bitlet_config c;
	struct bitlet_derived d;
	struct simulator s;
	double duration = argc > 2 ? atof(argv[2]) : 3;
	if (argc < 2 || argc > 3 || duration <= 0) {
		fprintf(stderr, "usage: rtl_bench CONFIG [SECONDS]\n");
		return 2;
	}
	if (!config_load(argv[1], &c, stderr))
		return 2;
	bitlet_derive(&c, &d);
	record_run(&r, &c, &d);
	bool good = workspace_open(&w, &c, stderr) && simulator_open(&s, &w, &c, TOP_ARRAY, stderr);
	if (good) {
		printf("%s\t%u\t%u\t%.1f\t%.0f\n", c.name, c.n, c.pes, s.build_seconds, play(&r, s.api, duration));
		simulator_close(&s);
	}
	workspace_close(&w);
	free(r.act);
	free(r.wgt);
	return good ? 0 : 2;
}
