/*
 * interpret.h: what a program does, without clock: every tile by the address rules of docs/core.md sections 3 to 7, in plain loops, the sums by fast.h.
 */
#ifndef BITLET_INTERPRET_H
#define BITLET_INTERPRET_H

#include "core_types.h"
#include "derive.h"
#include "fault.h"
#include "image.h"

#ifdef __cplusplus
extern "C" {
#endif

struct interpret_result {
	struct core_error error;    /* as STATUS; fault CORE_FAULT_NONE when all is well */
	uint8_t flags;              /* as FLAGS */
	uint32_t position;          /* word 1 of the last tile dispatched */
	uint64_t tiles, groups, outputs; /* as the counters of these names */
	uint64_t act_bytes, wgt_bytes, out_bytes; /* asked for and written; wgt: weights and parameters, without the program */
	uint64_t act_runs, wgt_runs; /* runs that go to memory */
};

/*
 * Runs the program of `bytes` bytes at `address`; the outputs appear in *m. A read or write outside of the image is DECERR. With a fault the
 * tiles before it have been done, the one at fault partly. False only when memory of the host runs out. threads: how many may share the work, which is
 * done for many tiles at once where that changes nothing (interpret_window.h); 0: one thread, tile after tile, to compare with.
 */
bool interpret(const struct bitlet_config *c, const struct bitlet_derived *d, struct image *m, uint64_t address, uint32_t bytes, unsigned threads,
               struct interpret_result *r, struct fault *f);

#ifdef __cplusplus
}
#endif

#endif
