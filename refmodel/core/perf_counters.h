/*
 * perf_counters.h: twin of perf_counters.v: 48-bit counters of counters.def (docs/core.md section 8). They count from the cycle with start to the cycle with
 * clear, both included, and keep their values until the next start or soft reset. `clear` does not reset them.
 */
#ifndef BITLET_PERF_COUNTERS_H
#define BITLET_PERF_COUNTERS_H

#include "core_types.h"

struct perf_counters {
	bool counting;
	struct core_counters count;
};

struct perf_counters_in {
	bool start, clear, soft_reset;
	struct core_counters event; /* what this cycle adds */
};

struct perf_counters_out {
	struct core_counters counters;
};

void perf_counters_reset(struct perf_counters *p);
void perf_counters_out(const struct perf_counters *p, struct perf_counters_out *out);
void perf_counters_clock(struct perf_counters *p, const struct perf_counters_in *in);

#endif
