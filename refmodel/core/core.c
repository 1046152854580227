#include "core.h"

#include <stdlib.h>
#include <string.h>

#include "core_blocks.h"

/* What all blocks show in the cycle that begins. */
static void settle(struct core *core)
{
	struct core_wires *w = &core->wires;
	fetch_out(&core->fetch, &w->fetch);
	sequencer_out(&core->sequencer, &w->sequencer);
	axi_read_out(&core->act_read, &w->act_read);
	axi_read_out(&core->wgt_read, &w->wgt_read);
	read_arbiter_out(&core->arbiter, &w->arbiter);
	act_loader_out(&core->act_loader, &w->act_loader);
	wgt_loader_out(&core->wgt_loader, &w->wgt_loader);
	act_buffer_out(&core->act_buffer, &w->act_buffer);
	wgt_buffer_out(&core->wgt_buffer, &w->wgt_buffer);
	act_reader_out(&core->act_reader, &w->act_buffer, &w->act_reader);
	wgt_reader_out(&core->wgt_reader, &w->wgt_buffer, &w->wgt_reader);
	output_path_out(&core->output, &w->output);
	axi_write_out(&core->write, &w->write);
}

/* rst | clear: everything but sequencer and counters. */
static void clear(struct core *core)
{
	fetch_reset(&core->fetch);
	axi_read_reset(&core->act_read);
	axi_read_reset(&core->wgt_read);
	read_arbiter_reset(&core->arbiter);
	act_loader_reset(&core->act_loader);
	wgt_loader_reset(&core->wgt_loader);
	act_buffer_reset(&core->act_buffer);
	wgt_buffer_reset(&core->wgt_buffer);
	act_reader_reset(&core->act_reader);
	wgt_reader_reset(&core->wgt_reader);
	output_path_reset(&core->output);
	axi_write_reset(&core->write);
	bitlet_lane_reset(core->lane);
}

void core_reset(struct core *core)
{
	sequencer_reset(&core->sequencer);
	perf_counters_reset(&core->counters);
	clear(core);
	settle(core);
}

struct core *core_new(const struct bitlet_config *c, const struct bitlet_derived *d)
{
	struct core *core = calloc(1, sizeof *core);
	if (!core)
		return NULL;
	core->c = c;
	core->d = d;
	fetch_init(&core->fetch, c, d);
	axi_read_init(&core->act_read, c, d);
	axi_read_init(&core->wgt_read, c, d);
	read_arbiter_init(&core->arbiter);
	act_loader_init(&core->act_loader, c, d);
	wgt_loader_init(&core->wgt_loader, c, d);
	act_reader_init(&core->act_reader, c, d);
	wgt_reader_init(&core->wgt_reader, c, d);
	bool good = act_buffer_init(&core->act_buffer, c, d);
	good &= wgt_buffer_init(&core->wgt_buffer, c, d);
	good &= output_path_init(&core->output, c, d);
	good &= axi_write_init(&core->write, c, d);
	core->lane = bitlet_lane_new(c, d);
	if (!good || !core->lane) {
		core_free(core);
		return NULL;
	}
	core_reset(core);
	return core;
}

void core_free(struct core *core)
{
	if (!core)
		return;
	act_buffer_free(&core->act_buffer);
	wgt_buffer_free(&core->wgt_buffer);
	output_path_free(&core->output);
	axi_write_free(&core->write);
	bitlet_lane_free(core->lane);
	free(core);
}

const struct bitlet_lane *core_lane(const struct core *core)
{
	return core->lane;
}

void core_out(const struct core *core, struct core_out *out)
{
	const struct core_wires *w = &core->wires;
	out->idle = w->sequencer.idle;
	out->done = w->sequencer.done;
	out->failed = w->sequencer.failed;
	out->error = w->sequencer.error;
	out->position = w->sequencer.position;
	out->flags = w->output.flags_set;
	out->act = w->act_read.bus;
	out->wgt = w->wgt_read.bus;
	out->out = w->write.bus;
	out->counters = core->counters.count;
}

/* The one block whose outputs depend on this cycle's inputs; steps it. */
static void step_engine(struct core *core)
{
	const struct core_wires *w = &core->wires;
	struct bitlet_lane_in in = {
		.act_valid = w->act_reader.act_valid,
		.act_last = w->act_reader.act_last,
		.act_mode = w->act_reader.act_mode,
		.act_zero = w->act_reader.act_zero,
		.act = w->act_reader.act,
		.wgt_valid = w->wgt_reader.wgt_valid,
		.wgt = w->wgt_reader.wgt,
	};
	for (unsigned p = 0; p < core->c->pes; p++)
		in.out_ready |= (uint64_t)w->output.out_ready[p] << p;
	bitlet_lane_step(core->lane, &in, &core->engine);
}

static struct sequencer_fail read_fail(const struct axi_read_out *r)
{
	return (struct sequencer_fail){ .fail = r->fail, .code = r->fail_code, .tag = r->fail_tag, .address = r->fail_address };
}

static void clock_sequencer(struct core *core, const struct core_in *in)
{
	const struct core_wires *w = &core->wires;
	const struct sequencer_in to = {
		.start = in->start, .abort = in->abort, .soft_reset = in->soft_reset,
		.record_valid = w->fetch.record_valid, .finished = w->fetch.finished, .record = w->fetch.record,
		.fetch_fault = w->fetch.fault, .fetch_address = w->fetch.fault_address,
		.tile_ready = w->act_loader.tile_ready && w->wgt_loader.tile_ready && w->act_reader.tile_ready && w->wgt_reader.tile_ready &&
		              w->output.tile_ready,
		.tiles_empty = w->act_loader.tiles_empty && w->wgt_loader.tiles_empty && w->act_reader.tiles_empty && w->wgt_reader.tiles_empty &&
		               w->output.tiles_empty,
		.act_idle = w->act_read.idle, .wgt_idle = w->wgt_read.idle, .out_idle = w->write.idle,
		.act = read_fail(&w->act_read), .wgt = read_fail(&w->wgt_read),
		.out = { .fail = w->write.fail, .code = w->write.fail_code, .address = w->write.fail_address },
		.act_parity = w->act_buffer.parity_bad, .wgt_parity = w->wgt_buffer.parity_bad,
		.out_parity = w->output.parity_bad || w->write.parity_bad,
	};
	sequencer_clock(&core->sequencer, &to);
}

static void clock_counters(struct core *core, const struct core_in *in)
{
	struct perf_counters_in to = { .start = in->start, .clear = core->wires.sequencer.clear, .soft_reset = in->soft_reset };
	core_events(core, in, &to.event);
	perf_counters_clock(&core->counters, &to);
}

static void clock_fetch(struct core *core, const struct core_in *in)
{
	const struct core_wires *w = &core->wires;
	fetch_clock(&core->fetch, &(struct fetch_in){
		.start = in->start, .program_address = in->program_address, .program_bytes = in->program_bytes,
		.run_ready = w->arbiter.fetch_run_ready,
		.beat_valid = w->arbiter.fetch_beat_valid, .beat = w->arbiter.beat,
		.record_take = w->sequencer.tile_take,
	});
}

/* From the masters to the buffers. */
static void clock_loaders(struct core *core, const struct core_in *in, const struct program_tile *tile)
{
	const struct core_wires *w = &core->wires;
	bool take = w->sequencer.tile_take, stop = w->sequencer.stop;
	axi_read_clock(&core->act_read, &(struct axi_read_in){
		.run_valid = w->act_loader.run_valid, .run = w->act_loader.run, .beat_ready = w->act_loader.beat_ready, .stop = stop, .bus = in->act,
	});
	axi_read_clock(&core->wgt_read, &(struct axi_read_in){
		.run_valid = w->arbiter.run_valid, .run = w->arbiter.run, .beat_ready = w->arbiter.beat_ready, .stop = stop, .bus = in->wgt,
	});
	read_arbiter_clock(&core->arbiter, &(struct read_arbiter_in){
		.fetch_run_valid = w->fetch.run_valid, .fetch_run = w->fetch.run, .fetch_beat_ready = w->fetch.beat_ready,
		.wgt_run_valid = w->wgt_loader.run_valid, .wgt_run = w->wgt_loader.run, .wgt_beat_ready = w->wgt_loader.beat_ready,
		.run_ready = w->wgt_read.run_ready, .beat_valid = w->wgt_read.beat_valid, .beat = w->wgt_read.beat,
	});
	act_loader_clock(&core->act_loader, &(struct act_loader_in){
		.tile_take = take, .tile = tile, .run_ready = w->act_read.run_ready, .beat_valid = w->act_read.beat_valid, .beat = w->act_read.beat,
		.line_ready = w->act_buffer.line_ready,
	});
	wgt_loader_clock(&core->wgt_loader, &(struct wgt_loader_in){
		.tile_take = take, .tile = tile, .run_ready = w->arbiter.wgt_run_ready, .beat_valid = w->arbiter.wgt_beat_valid, .beat = w->arbiter.beat,
		.half_full = { w->wgt_buffer.half_full[0], w->wgt_buffer.half_full[1] },
	});
}

/* From the buffers to the engine. */
static void clock_readers(struct core *core, const struct core_in *in, const struct program_tile *tile)
{
	const struct core_wires *w = &core->wires;
	bool act_take = w->act_reader.act_valid && core->engine.act_ready;
	struct wgt_read read;
	const struct wgt_reader_in wgt = {
		.tile_take = w->sequencer.tile_take, .tile = tile, .half_full = { w->wgt_buffer.half_full[0], w->wgt_buffer.half_full[1] },
		.wgt_ready = core->engine.wgt_ready,
	};
	wgt_reader_read(&core->wgt_reader, &wgt, &read);
	wgt_reader_clock(&core->wgt_reader, &wgt);
	wgt_buffer_clock(&core->wgt_buffer, &(struct wgt_buffer_in){
		.write = w->wgt_loader.wgt_write, .pe = w->wgt_loader.pe, .half = w->wgt_loader.half, .group = w->wgt_loader.group,
		.index = w->wgt_loader.index, .line = w->wgt_loader.data,
		.half_set = { w->wgt_loader.half_set[0], w->wgt_loader.half_set[1] },
		.half_clear = { w->wgt_reader.half_clear[0], w->wgt_reader.half_clear[1] },
		.read = &read, .parity_test = in->parity_test >> 1 & 1,
	});
	act_reader_clock(&core->act_reader, &(struct act_reader_in){ .tile_take = w->sequencer.tile_take, .tile = tile, .take = act_take });
	act_buffer_clock(&core->act_buffer, &(struct act_buffer_in){
		.line_valid = w->act_loader.line_valid, .line = &w->act_loader.line, .group_take = act_take, .parity_test = in->parity_test & 1,
	});
}

/* From the engine to memory. */
static void clock_output(struct core *core, const struct core_in *in, const struct program_tile *tile)
{
	const struct core_wires *w = &core->wires;
	struct output_path_in to = {
		.tile_take = w->sequencer.tile_take, .tile = tile, .out_result = core->engine.result,
		.param_write = w->wgt_loader.param_write, .param_last = w->wgt_loader.param_last, .param_set = w->wgt_loader.set,
		.param_pe = w->wgt_loader.pe, .param_index = w->wgt_loader.index, .param_data = w->wgt_loader.data,
		.wrun_ready = w->write.wrun_ready, .wbeat_ready = w->write.wbeat_ready, .parity_test = in->parity_test >> 2 & 1,
	};
	for (unsigned p = 0; p < core->c->pes; p++)
		to.out_valid[p] = core->engine.out_valid >> p & 1;
	output_path_clock(&core->output, &to);

	struct axi_write_in write = {
		.wrun_valid = w->output.wrun_valid, .wrun_address = w->output.wrun_address, .wrun_beats = w->output.wrun_beats,
		.wbeat_valid = w->output.wbeat_valid, .wbeat.strobe = w->output.wbeat.strobe,
		.stop = w->sequencer.stop, .parity_test = in->parity_test >> 2 & 1, .bus = in->out,
	};
	memcpy(write.wbeat.data, w->output.wbeat.data, sizeof write.wbeat.data);
	axi_write_clock(&core->write, &write);
}

void core_clock(struct core *core, const struct core_in *in)
{
	const struct program_tile *tile = core->wires.fetch.record;
	bool end = core->wires.sequencer.clear;
	step_engine(core);
	clock_counters(core, in);
	clock_sequencer(core, in);
	if (end) {
		clear(core);
	} else {
		clock_loaders(core, in, tile);
		clock_readers(core, in, tile);
		clock_output(core, in, tile);
		clock_fetch(core, in); /* last: tile lies in it */
	}
	settle(core);
}
