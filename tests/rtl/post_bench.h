/* post_bench.h: what the parts of post_bench share. */
#ifndef POST_BENCH_H
#define POST_BENCH_H

#include "Vpost_bench.h"
#include "post_reference.h"

uint64_t random_word();
unsigned random_below(unsigned n);

/* Two's complement number of at most `bits` bits; lengths are uniform, powers of two and their neighbours are common. */
wide_int random_wide(unsigned bits);

/* Bits of a flat port vector; get_word takes up to 32. */
unsigned get_word(const uint32_t *words, unsigned bit, unsigned bits);
void set_bits(uint32_t *words, unsigned bit, wide_word value, unsigned bits);

void tick(Vpost_bench *dut);

/* Compares and complains. */
bool check(const char *what, unsigned instance, uint64_t cycle, const char *field, uint64_t expected, uint64_t seen);

/* postprocess: values, flags, credits and the cycle of every result. `vectors` counts cycles. `broken`: one expected bit is corrupted. */
bool test_postprocess(Vpost_bench *dut, unsigned k, uint64_t vectors, bool broken);

#endif
