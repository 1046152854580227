#include "cosim.h"

#include <time.h>

#include "cosim_bench.h"
#include "judge.h"

enum { PROGRESS_CYCLES = 2048 };

/* All ports of one cycle. */
static void compare(struct judge *j, const struct bench *b)
{
	const struct traffic *t = j->traffic;
	judge_bit(j, MISMATCH_ACT_READY, 0, b->out.act_ready);
	for (unsigned pe = 0; pe < t->feed->config->pes; pe++) {
		judge_bit(j, MISMATCH_WGT_READY, pe, b->out.wgt_ready >> pe & 1);
		judge_bit(j, MISMATCH_OUT_VALID, pe, b->out.out_valid >> pe & 1);
		judge_bit(j, MISMATCH_BUSY, pe, b->out.busy >> pe & 1);
		judge_bit(j, MISMATCH_BLOCKED, pe, b->out.blocked >> pe & 1);
		if (t->out.out_valid & b->out.out_valid & UINT64_C(1) << pe)
			judge_result(j, pe, bench_result(b, pe));
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bool cosim_run(const struct cosim *s, struct cosim_counts *counts, struct mismatch *first)
{
	struct bench b;
	double start = now();
	if (!bench_open(&b, s))
		return false;
	struct judge j = {.traffic = &b.traffic, .counts = counts, .first = first};
	enum traffic_state state = TRAFFIC_RUNS;
	while (!j.stop && state == TRAFFIC_RUNS) {
		state = bench_cycle(&b);
		compare(&j, &b);
		judge_pace(&j, state);
		bench_edge(&b);
		if (s->progress && b.traffic.cycle % PROGRESS_CYCLES == 0)
			s->progress(s->context, b.traffic.act_at);
	}
	judge_finish(&j);
	bench_close(&b);
	counts->seconds += now() - start;
	return true;
}
