/*
 * loader_oracle.h: random tiles for the loaders, and the lines that must come of them: nested loops into a list of bytes, cut by arithmetic. Shares no
 * code with the models of the blocks.
 */
#ifndef LOADER_ORACLE_H
#define LOADER_ORACLE_H

#include <cstdint>
#include <vector>

extern "C" {
#include "config_load.h"
#include "derive.h"
#include "program.h"
}

struct random_source {
	uint64_t state;
	uint32_t below(uint32_t n)
	{
		state = state * 6364136223846793005u + 1442695040888963407u;
		return (uint32_t)(((state >> 32) * n) >> 32);
	}
	int64_t between(int64_t low, int64_t high) { return low + below((uint32_t)(high - low + 1)); }
};

struct expected_line {
	std::vector<uint8_t> data;
	unsigned index, group, vector;
	bool group_end, last;       /* last: of its tile's part */
	bool params;
	unsigned place;             /* half or set */
};

struct loader_tile {
	program_tile fields;
	uint32_t block[PROGRAM_BLOCK_WORDS];
	std::vector<expected_line> act, wgt; /* wgt: parameters, then weights */
};

enum tile_kind {
	TILE_RANDOM,
	TILE_LONG_RUNS,             /* all aligned, whole groups, a run a vector or a matrix; loads parameters and weights */
	TILE_SHORT_RUNS,            /* the same, a run a line */
};

struct tile_maker {
	const bitlet_config &c;
	const bitlet_derived &d;
	random_source &random;
	unsigned loads = 0, sets = 0; /* of weights, of parameters so far */

	loader_tile make(tile_kind kind);
	uint8_t memory(uint64_t address) const;
	unsigned aligned_mode() const; /* a mode whose groups are whole lines on both sides; >= modes: none */
	void restart() { loads = sets = 0; }

private:
	void choose_act(program_tile &t, tile_kind kind);
	void choose_wgt(program_tile &t, tile_kind kind);
	void aligned_act(program_tile &t, tile_kind kind);
	void random_act(program_tile &t);
	uint64_t base(bool aligned);
	void bytes_of_run(std::vector<int> &stream, uint64_t address, int64_t bytes, bool fill) const;
	void act_stream(const program_tile &t, std::vector<int> &stream) const;
	void wgt_stream(const program_tile &t, std::vector<int> &stream) const;
	std::vector<expected_line> cut(const std::vector<int> &stream, unsigned group_bytes, unsigned vector_bytes, uint32_t pattern) const;
};

#endif
