/*
 * icarus.h: the same comparison in Icarus Verilog: vectors and expected ports of every cycle go into files, sim/bench.v plays them.
 */
#ifndef BITLET_ICARUS_H
#define BITLET_ICARUS_H

#include "cosim.h"
#include "simulator.h"

/*
 * As cosim_run() (api is not used); only results that the model gets wrong against the oracle, and the law, are looked at before, in the model's
 * own run. Stops at the first mismatch. False after a message when memory runs out or a tool fails.
 */
bool icarus_run(const struct workspace *w, enum dut_top top, const struct cosim *s, struct cosim_counts *counts, struct mismatch *first);

/* As cosim_explain(): plays up to the mismatch again and compares the lanes that Icarus wrote down. */
bool icarus_explain(const struct workspace *w, enum dut_top top, const struct cosim *s, const struct mismatch *m,
                    struct lane_difference *lane);

#endif
