/*
 * config.h: what the user chose. One struct, filled from YAML by config_load() (config.c) and linked by generator, model and compiler.
 *
 * Rows of the parameter list (name, range, default, unit, meaning) are in params.def; docs/configuration.md is made from the same rows.
 */
#ifndef BITLET_CONFIG_H
#define BITLET_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

enum {
	BITLET_MAX_N = 128,         /* slots a group */
	BITLET_MAX_PES = 64,
	BITLET_MAX_PRECISIONS = 16,
	BITLET_MAX_PACKS = 6,
	BITLET_MAX_LANES = 32,      /* 24 mantissa bits + 8 guard bits */
	BITLET_MAX_SLOTS = 4,       /* run_ahead + 1 */
	BITLET_NAME_SIZE = 64,
};

enum bitlet_engine { BITLET_CLASSIC, BITLET_DENSE };
enum bitlet_selector { BITLET_SELECTOR_FULL, BITLET_SELECTOR_WINDOW };
enum bitlet_side { BITLET_SIDE_WEIGHT, BITLET_SIDE_ACTIVATION };
enum bitlet_accumulation { BITLET_ACCUMULATION_FP32, BITLET_ACCUMULATION_WIDE };

/* One number format pair. Float: both operands have exp_bits and man_bits (hidden bit not counted). Fixed: widths 1..24. */
struct bitlet_precision {
	char name[16];              /* as docs/engine.md section 1 writes it, lower case */
	bool is_float;
	uint8_t exp_bits, man_bits;
	uint8_t w_bits, a_bits;     /* fixed: field widths; float: 1 + exp_bits + man_bits */
	bool w_signed, a_signed;
};

/* Pipeline cuts: how many registers are put into a stage. */
struct bitlet_pipeline {
	unsigned preprocess;        /* 0..2 */
	unsigned decoder;           /* 0..1 */
	unsigned tree;              /* 0..2 */
	unsigned accumulator;       /* 0..3 */
	unsigned packager;          /* 0..3 */
};

struct bitlet_config {
	char name[BITLET_NAME_SIZE];
	enum bitlet_engine engine;
	unsigned n;                 /* 2..128 slots a group */
	unsigned pes;               /* 1..64 */
	unsigned precisions;        /* 1..16 */
	struct bitlet_precision precision[BITLET_MAX_PRECISIONS];
	unsigned guard_bits;        /* 0..8 */
	enum bitlet_selector selector;
	enum bitlet_side side;
	unsigned run_ahead;         /* 0..3 groups */
	unsigned packs;             /* number of entries below */
	unsigned packing[BITLET_MAX_PACKS]; /* ascending, out of 1 2 3 6 12 24; 1 is always in it */
	unsigned preprocess_rate;   /* 1..n slots a cycle */
	bool gate_zero_activations;
	bool zero_point;
	unsigned array_fifo;        /* 0..8 beats */
	enum bitlet_accumulation accumulation;
	unsigned max_groups;        /* 1..65536 groups an output */
	unsigned result_bits;       /* 8..64, width of a fixed result */
	unsigned result_fifo;       /* 1..16 results */
	unsigned axi_bits;          /* 32..512, power of two: data width of the AXI masters */
	unsigned axi_address_bits;  /* 32..64 */
	unsigned axi_burst;         /* 1..256 beats a burst at most */
	unsigned axi_outstanding;   /* 1..64 bursts in flight a channel */
	unsigned act_buffer;        /* 4..65536 groups, power of two */
	unsigned wgt_buffer;        /* 4..65536 groups a PE in two halves, power of two */
	unsigned psum_buffer;       /* 2..65536 pixels, power of two */
	unsigned out_buffer;        /* 4..4096 beats, power of two */
	unsigned output_lanes;      /* 1..16 results a cycle, power of two, <= pes */
	bool parity;                /* on the local buffers */
	struct bitlet_pipeline pipeline;
};

/*
 * Parses a precision's name ("fp32", "int8", "uint4", "w4a16", "w8au8"). Returns false, *p untouched, when it is none.
 */
bool bitlet_precision_parse(const char *name, struct bitlet_precision *p);

#endif
