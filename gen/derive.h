/*
 * derive.h: everything that follows from a configuration, computed once and linked by generator, model and compiler.
 * Symbols are those of docs/engine.md.
 */
#ifndef BITLET_DERIVE_H
#define BITLET_DERIVE_H

#include "config.h"

/* One precision as the hardware sees it; `mode` on the ports is the index. */
struct bitlet_mode {
	struct bitlet_precision precision;
	unsigned pack;              /* P: pairs a slot */
	unsigned lanes;             /* lanes in use: man + 1 + G, or 24 for P > 1, or the distilled field's width */
	unsigned sub_lanes;         /* lanes of one sub-word: 24 / P for P > 1, else = lanes */
	unsigned w_word_bits;       /* P * w_bits or the float's width */
	unsigned a_word_bits;
	unsigned bias;              /* float */
	unsigned scale;             /* float: K of docs/engine.md section 3 */
	unsigned exp_offset;        /* float: scale_max - scale >= 0 */
	unsigned sum_bits;          /* two's complement bits of S: a group (float), max_groups groups (fixed) */
	unsigned w_bytes, a_bytes;  /* bytes of an element in memory: 1, 2 or 4 (docs/core.md section 2) */
	unsigned w_group_bytes, a_group_bytes; /* bytes of a group: n * pack * bytes */
};

struct bitlet_derived {
	struct bitlet_mode mode[BITLET_MAX_PRECISIONS];
	unsigned modes;
	unsigned mode_bits;         /* width of the mode port, at least 1 */
	bool has_float, has_fixed;
	unsigned slots;             /* run_ahead + 1 */
	unsigned w_slot_bits, a_slot_bits; /* port widths of one slot */
	unsigned zero_bits;         /* width of the zero point port, at least 1 */
	unsigned lanes;             /* lanes of the PE */
	unsigned select_bits;       /* width of a lane's selected magnitude (the mux) */
	unsigned sign_blocks;       /* sign bits a slot: lcm of the packs */
	unsigned sign_lanes;        /* lanes a sign block: 24 / sign_blocks, or all lanes when nothing is packed */
	unsigned block_lanes;       /* lanes that the adder tree's first level adds: at most 4, within a sign block */
	unsigned blocks;            /* ceil(lanes / block_lanes) */
	unsigned group_cycles;      /* T */
	unsigned pre_cuts;          /* pipeline cuts in preprocess that fit into T */
	unsigned exp_cycles;        /* T1: cycles of the exponent pass (0: combinational or fixed only) */
	unsigned align_cycles;      /* T2: cycles of the alignment pass */
	unsigned slice;             /* slots a cycle in either pass */
	unsigned exp_bits;          /* width of E_max (sum of two biased exponents); 2 without float */
	unsigned post_exp_bits;     /* width of F = E_max + exp_offset */
	unsigned scale_max;         /* K of the packager: max over float modes */
	unsigned sum_bits;          /* width of the sum register S */
	unsigned acc_bits;          /* width of A (accumulation wide) */
	unsigned out_bits;          /* width of a result */
	unsigned latency;           /* end tag to out_valid */
	unsigned post_wait;         /* cycles that must pass between two float end tags, less one */
	/* dense engine: bits of a slot behind the registers, of what is multiplied, of a group's sum */
	unsigned w_field_bits, a_field_bits, w_factor_bits, a_factor_bits, product_sum_bits;
	unsigned bus_bytes;         /* B: bytes of an AXI beat and of a buffer line */
	unsigned w_lines, a_lines;  /* lines of the longest group: banks of a buffer */
	unsigned tile_groups;       /* longest vector of a tile: min(wgt_buffer / 2, max_groups) groups */
	unsigned run_beats;         /* most beats that one pixel's outputs touch */
	unsigned hash_low, hash_high; /* halves of hash, as in CSR and program */
	uint64_t hash;              /* of all parameters but the name */
};

/*
 * Fills *d. c must have passed config_check(). Never fails.
 */
void bitlet_derive(const struct bitlet_config *c, struct bitlet_derived *d);

/* Bits to count 0 .. n-1; at least 0. clog2(1) = 0. */
unsigned bitlet_clog2(unsigned n);

#endif
