/*
 * machine.h: a host, memory and the whole core: as simulated RTL, as model, or as both in lockstep.
 *
 *     host driver (sim/driver) -- s_axil, irq -- bitlet_top or csr_twin + core model -- m_axi_* -- memory (sim/memory.h)
 *
 * The host is the driver that a user would run; its register accesses are AXI4-Lite transactions, during which the clock goes on. In lockstep both
 * cores see one host and one memory, and every output of every port is compared in every cycle, the host's reads of counters and status among
 * them: so bytes in memory, status and counters are equal at the end, or the first difference is known.
 */
#ifndef BITLET_MACHINE_H
#define BITLET_MACHINE_H

#include <stdio.h>

#include "bitlet_driver.h"
#include "csr_twin.h"
#include "image.h"
#include "memory.h"
#include "stimulus.h"
#include "top_dut.h"

struct core;

enum machine_side { MACHINE_RTL, MACHINE_MODEL };

/* A fault put in by purpose: bit 0 of the first strobed byte of write beat `beat` (from reset on) is wrong on one side. */
struct machine_break {
	bool on;
	enum machine_side side;
	uint64_t beat;
};

/* Told of every cycle behind reset, before its edge: what the core gets and what it shows. */
struct machine_recorder {
	void (*cycle)(void *context, const struct top_in *in, const struct top_out *shown); /* NULL: none */
	void *context;
};

struct machine_setup {
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	const struct top_api *rtl;  /* NULL: without RTL */
	bool model;                 /* at least one of both */
	struct memory_config memory;
	struct image *image;        /* not owned */
	bool jitter;                /* the host's AXI4-Lite handshakes come in any order and late, by memory.seed */
	struct machine_break broken;
	struct machine_recorder recorder;
};

/* Why nothing goes on any more. */
enum machine_trouble { MACHINE_FINE, MACHINE_DIFFERS, MACHINE_VIOLATES, MACHINE_HANGS };

struct machine_difference {
	const char *port;           /* "m_axi_out_wdata" */
	int lane;                   /* byte of wdata; -1 for other ports */
	uint64_t rtl, model;
};

struct machine {
	struct machine_setup setup;
	struct top_dut *dut;
	struct core *core;
	struct csr_twin csr;
	struct memory memory;
	struct bitlet_device device; /* for the functions of bitlet_driver.h */
	struct bitlet_rng rng;
	uint64_t cycle;             /* since reset */
	uint64_t start;             /* cycle 0 of the last run */
	uint64_t quiet;             /* cycles without a handshake, while running */
	uint64_t patience;          /* more are a hang */
	uint64_t written;           /* write beats since reset */
	struct top_out shown;       /* what the cycle before this one showed: RTL's when there is RTL */
	uint32_t position;          /* model: tile dispatched last */
	uint32_t access;            /* register of the host's last transaction */
	unsigned refused;           /* transactions of the host answered with an error */
	enum machine_trouble trouble;
	struct machine_difference difference;
	const char *rule;           /* violated: "m_axi_act: ..." */
};

/* Makes the sides and lets reset pass. False when memory runs out. */
bool machine_open(struct machine *m, const struct machine_setup *setup);
void machine_close(struct machine *m);

/* Other memory, other behaviour; only while nothing runs. */
void machine_memory(struct machine *m, const struct memory_config *c, struct image *image);

/* Lets the clock go on; ends early after trouble. */
void machine_wait(struct machine *m, uint64_t cycles);

/* Index of a counter: COUNT_cycles, ... */
enum machine_counter {
#define COUNTER(name, meaning) COUNT_##name,
#include "counters.def"
};

/* How a run ended, read from the registers. */
struct machine_result {
	enum bitlet_dev_result result;
	struct bitlet_error error;
	bool idle, done, failed, start_ignored; /* STATUS */
	uint32_t flags;             /* FLAGS */
	uint64_t counter[BITLET_COUNTERS];
};

/* Clears flags, starts a program by the driver, waits for its end, reads everything. False after trouble; *r is then partial. */
bool machine_run(struct machine *m, uint64_t program, uint32_t bytes, struct machine_result *r);

/* The last two steps alone: for runs that were started, disturbed and stopped by other calls of the driver. */
bool machine_finish(struct machine *m, struct machine_result *r);
bool machine_read(struct machine *m, struct machine_result *r);

/* What the trouble was, in some lines. Nothing when there is none. */
void machine_explain(const struct machine *m, FILE *out);

#endif
