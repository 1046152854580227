#include "perf_counters.h"

#include <string.h>

#define COUNTER_MASK ((UINT64_C(1) << 48) - 1)

void perf_counters_reset(struct perf_counters *p)
{
	memset(p, 0, sizeof *p);
}

void perf_counters_out(const struct perf_counters *p, struct perf_counters_out *out)
{
	out->counters = p->count;
}

void perf_counters_clock(struct perf_counters *p, const struct perf_counters_in *in)
{
	if (in->soft_reset || in->start)
		memset(&p->count, 0, sizeof p->count);
	if (!in->soft_reset && (in->start || p->counting)) {
#define COUNTER(name, meaning) p->count.name = (p->count.name + in->event.name) & COUNTER_MASK;
#include "counters.def"
	}
	p->counting = (in->start || p->counting) && !in->soft_reset && !in->clear;
}
