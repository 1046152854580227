/*
 * buffer_machine.h: buffers and readers (buffer_bench.v) and their models side by side, with everything around them: lines, weights, tiles and an engine
 * that takes beats. Ports are compared in every cycle, beats with buffer_tiles.h.
 */
#ifndef BUFFER_MACHINE_H
#define BUFFER_MACHINE_H

#include <vector>

#include "Vbuffer_bench.h"
#include "buffer_tiles.h"
#include "verilated.h"

extern "C" {
#include "act_buffer.h"
#include "act_reader.h"
#include "wgt_buffer.h"
#include "wgt_reader.h"
}

struct stalls {
	const char *name;
	unsigned in, out;           /* of 8 cycles */
};

/* Where a stream of lines or beats is: in which tile, at which line or beat of it. */
struct place {
	size_t tile;
	uint64_t at;
};

class bench {
public:
	explicit bench(buffer_tile_maker &m);
	~bench();
	/* stop_at: gives up after so many cycles, without complaint. parity: of 64 lines, those written with wrong parity. */
	bool run(const std::vector<buffer_tile> &tiles, const stalls &s, uint64_t stop_at, unsigned parity);

	uint64_t cycle, first_take, last_take; /* of the last run */
	unsigned bad_seen;          /* bit 0 act, 1 wgt */

private:
	void reset();
	void outputs();
	void choose_tiles(const std::vector<buffer_tile> &tiles);
	void choose_line(const std::vector<buffer_tile> &tiles);
	void follow_line(const std::vector<buffer_tile> &tiles);
	void choose_weights(const std::vector<buffer_tile> &tiles);
	void choose_takes();
	void drive();
	void edge();
	bool same(const char *port, uint64_t a, uint64_t b, const char *who);
	bool compare();
	bool compare_words();
	bool check_act(const std::vector<buffer_tile> &tiles);
	bool check_wgt(const std::vector<buffer_tile> &tiles, unsigned pe);
	bool finished(const std::vector<buffer_tile> &tiles) const;
	bool chance(unsigned stalled) { return random.below(8) >= stalled; }

	buffer_tile_maker &maker;
	const bitlet_config &c;
	const bitlet_derived &d;
	random_source &random;
	Vbuffer_bench rtl;
	act_buffer act_memory;
	wgt_buffer wgt_memory;
	act_reader act;
	wgt_reader wgt;
	struct act_buffer_out act_memory_out;
	struct wgt_buffer_out wgt_memory_out;
	struct act_reader_out act_out;
	struct wgt_reader_out wgt_out;
	/* this cycle's inputs */
	stalls stall;
	unsigned parity_rate;
	bool parity_test;
	const buffer_tile *act_tile, *wgt_tile;
	core_line line;
	bool line_valid, act_ready;
	wgt_buffer_in write;
	uint8_t write_data[CORE_MAX_BEAT];
	uint64_t wgt_ready;
	unsigned slow_pe;           /* stalls for long */
	/* progress */
	size_t act_tiles, wgt_tiles; /* taken */
	place line_at, write_at, act_at;
	unsigned half;
	std::vector<place> wgt_at;
};

#endif
