/*
 * dut.h: what a simulated engine looks like to the co-simulation: one C table of functions in a shared object that Verilator and
 * sim/harness.cpp make from a configuration's RTL. `bitlet check` loads it; so the object knows nothing of the model and is rebuilt only
 * when the RTL changes.
 *
 * Vectors are arrays of 32-bit words, bit b of a vector at bit b mod 32 of word b / 32 (port layouts: docs/engine.md section 10).
 *
 *     a cycle:   drive() the inputs and settle -> sample() the outputs -> clock() the rising edge
 */
#ifndef BITLET_DUT_H
#define BITLET_DUT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DUT_ABI = 2 };           /* goes up with every change of this file */

/* Input ports. act and wgt must stay readable until the next drive(); their words are read in every drive(). */
struct dut_in {
	bool rst;
	bool act_valid, act_last;
	uint32_t act_mode, act_zero;
	const uint32_t *act;        /* N * a_slot_bits bits */
	uint64_t wgt_valid;         /* bit p */
	const uint32_t *wgt;        /* PES * N * w_slot_bits bits */
	uint64_t out_ready;         /* bit p */
};

/* Output ports; result and flags point into the model and hold until the next drive() or clock(). */
struct dut_out {
	bool act_ready;
	uint64_t wgt_ready, out_valid;
	const uint32_t *result;     /* PES * out_bits bits */
	const uint32_t *flags;      /* PES * 4 bits */
	uint64_t busy, blocked;     /* bit p */
};

struct dut;                         /* one simulated engine */

struct dut_api {
	unsigned abi;               /* DUT_ABI */
	struct dut *(*open)(void);
	void (*close)(struct dut *);
	void (*drive)(struct dut *, const struct dut_in *);
	void (*sample)(struct dut *, struct dut_out *);
	void (*clock)(struct dut *);
	/*
	 * The settled `select` vector of PE p's distiller: lane l, ring slot k, group slot i at bit (l * SLOTS + k) * N + i (one hot a lane).
	 * With distilled activations there is one distiller, p = 0. NULL when there is no such PE. Holds until the next call.
	 */
	const uint32_t *(*select)(struct dut *, unsigned p);
};

#define DUT_SYMBOL "bitlet_dut"     /* the table's name in the shared object */

#ifdef __cplusplus
}
#endif

#endif
