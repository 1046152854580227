#include "core_blocks.h"

#include <string.h>

static uint64_t all_pes(const struct core *core)
{
	return UINT64_MAX >> (64 - core->c->pes);
}

/* Exactly one of the five: what the array does with the cycle. */
static void engine_events(const struct core *core, struct core_counters *event)
{
	const struct core_wires *w = &core->wires;
	bool offered = w->act_reader.act_valid && w->wgt_reader.wgt_valid == all_pes(core);
	if (core->engine.blocked)
		event->wait_out = 1;
	else if (core->engine.busy || offered)
		event->busy = 1;
	else if (w->act_reader.tiles_empty)
		event->idle = 1;
	else if (!w->act_reader.act_valid)
		event->wait_act = 1;
	else
		event->wait_wgt = 1;
	event->groups = w->act_reader.act_valid && core->engine.act_ready && !w->sequencer.clear;
}

void core_events(const struct core *core, const struct core_in *in, struct core_counters *event)
{
	const struct core_wires *w = &core->wires;
	memset(event, 0, sizeof *event);
	engine_events(core, event);
	event->cycles = 1;
	event->outputs = w->output.result_take_count;
	event->tiles = w->sequencer.tile_take;
#define READ_EVENTS(side, wires) \
	event->side##_beats = in->side.rvalid && wires.bus.rready; \
	event->side##_bursts = wires.bus.arvalid && in->side.arready; \
	event->side##_stall_address = wires.bus.arvalid && !in->side.arready; \
	event->side##_stall_data = wires.bus.rready && !in->side.rvalid && wires.outstanding;
	READ_EVENTS(act, w->act_read)
	READ_EVENTS(wgt, w->wgt_read)
#undef READ_EVENTS
	const struct axi_write_port *out = &w->write.bus;
	event->out_beats = out->wvalid && in->out.wready;
	event->out_bursts = out->awvalid && in->out.awready;
	event->out_stall_address = out->awvalid && !in->out.awready;
	event->out_stall_data = out->wvalid && !in->out.wready;
}
