/*
 * bitlet.h: libbitlet, the bit-exact model of the engine that `bitlet gen` writes. This is the manual's first page.
 *
 * Three implementations of one contract (docs/engine.md, after the Bitlet paper, MICRO '21, sections 3 and 4):
 *
 *     naive.h   one group, one output: the oracle, exact integers, for reading and for checking
 *     lane.h    clock cycle by clock cycle what each lane does; predicts every handshake and every cycle count
 *     fast.h    matrix products at GMAC/s, cycle counts by popcount; for whole networks
 *
 * beside them
 *
 *     config.h, derive.h   configuration and derived numbers; all three take them
 *     result.h             result word and flags
 *     stimulus.h           seeded vectors for tests and co-simulation
 *
 * Rules that hold for all
 * - Shapes. A group is N slots, a slot P pairs (P = 1 but for packed fixed modes), an output 1 .. max_groups groups. naive and lane take
 *   port words: uint32_t[n] a group and PE, slot i at index i, right-aligned, upper bits ignored. fast takes plain matrices.
 * - Units. Cycles are clock cycles; exponents are biased fields; S counts in 2^(E_max - K) (docs/engine.md section 3).
 * - Ranges. mode < d->modes; a configuration must have passed config_check(), d come from bitlet_derive() of it. Neither is copied: both must
 *   outlive what was made from them. Out-of-range arguments are programming errors (assert), never reported.
 * - Ownership. *_new() gives an object that *_free() takes; free of NULL does nothing. All other memory is the caller's.
 * - Errors. Only running out of memory and what a header names; NULL or false says so.
 * - Threads. No global state: different objects may be used by different threads at the same time; operands of fast.h are read-only.
 * - Results are equal bit for bit on every machine: no host floating point but IEEE single additions with round to nearest even, which the
 *   contract names; do not link it with code that changes the rounding mode or flushes subnormals.
 */
#ifndef BITLET_H
#define BITLET_H

#include "config.h"
#include "derive.h"
#include "fast.h"
#include "lane.h"
#include "naive.h"
#include "result.h"
#include "stimulus.h"

#endif
