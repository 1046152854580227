/*
 * core_blocks.h: inside struct core: the blocks, and what all of them show in the current cycle (core.c: the wires between them).
 */
#ifndef BITLET_CORE_BLOCKS_H
#define BITLET_CORE_BLOCKS_H

#include "act_buffer.h"
#include "act_loader.h"
#include "act_reader.h"
#include "axi_read.h"
#include "axi_write.h"
#include "fetch.h"
#include "lane.h"
#include "output_path.h"
#include "perf_counters.h"
#include "read_arbiter.h"
#include "sequencer.h"
#include "wgt_buffer.h"
#include "wgt_loader.h"
#include "wgt_reader.h"

/* Every output of every block but the engine's, functions of the registers. */
struct core_wires {
	struct fetch_out fetch;
	struct sequencer_out sequencer;
	struct axi_read_out act_read, wgt_read;
	struct read_arbiter_out arbiter;
	struct act_loader_out act_loader;
	struct wgt_loader_out wgt_loader;
	struct act_buffer_out act_buffer;
	struct wgt_buffer_out wgt_buffer;
	struct act_reader_out act_reader;
	struct wgt_reader_out wgt_reader;
	struct output_path_out output;
	struct axi_write_out write;
};

struct core {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	struct fetch fetch;
	struct sequencer sequencer;
	struct perf_counters counters;
	struct axi_read act_read, wgt_read;
	struct read_arbiter arbiter;
	struct act_loader act_loader;
	struct wgt_loader wgt_loader;
	struct act_buffer act_buffer;
	struct wgt_buffer wgt_buffer;
	struct act_reader act_reader;
	struct wgt_reader wgt_reader;
	struct output_path output;
	struct axi_write write;
	struct bitlet_lane *lane;
	struct bitlet_lane_out engine; /* of the last cycle */
	struct core_wires wires;    /* of this cycle */
};

/* What this cycle adds to the counters; core->engine is of this cycle. */
void core_events(const struct core *core, const struct core_in *in, struct core_counters *event);

#endif
