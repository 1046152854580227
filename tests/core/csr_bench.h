/* csr_bench.h: what the parts of the CSR bench share. */
#ifndef CSR_BENCH_H
#define CSR_BENCH_H

#include <cstdlib>

#include "Vcsr_bench.h"
#include "csr_model.h"

enum { CSR_COUNTERS = 0
#define COUNTER(name, meaning) + 1
#include "counters.def"
};

inline bool chance(unsigned of_256)
{
	return ((unsigned)rand() >> 8 & 255) < of_256;
}

/* The Verilated csr_bench. */
struct csr_rtl {
	Vcsr_bench v;
	void drive(const csr_in &in); /* and settle */
	csr_out out() const;
	void clock();
};

/* One TAP line; returns `good`. */
bool report(bool good, const char *name);

/* csr_driver.cpp */
void test_driver(const register_map *map, const bitlet_config *c, const bitlet_derived *d);

#endif
