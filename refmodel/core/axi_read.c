#include "axi_read.h"

#include <string.h>

void axi_read_init(struct axi_read *r, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(r, 0, sizeof *r);
	r->outstanding = c->axi_outstanding;
	r->splitter.bytes = d->bus_bytes;
	r->splitter.burst = c->axi_burst;
	r->splitter.address_mask = UINT64_MAX >> (64 - c->axi_address_bits);
	r->run_fifo.depth = 2;
	r->burst_fifo.depth = AXI_MOST_OUTSTANDING;
	r->beat_fifo.depth = 2;
}

void axi_read_reset(struct axi_read *r)
{
	stream_fifo_reset(&r->run_fifo);
	stream_fifo_reset(&r->burst_fifo);
	stream_fifo_reset(&r->beat_fifo);
	r->splitter.valid = false;
	r->arvalid = false;
	r->unanswered = 0;
	r->index = 0;
	r->drop = false;
	r->fail = false;
}

static unsigned open_bursts(const struct axi_read *r)
{
	return r->unanswered + r->arvalid;
}

void axi_read_out(const struct axi_read *r, struct axi_read_out *out)
{
	out->run_ready = stream_fifo_ready(&r->run_fifo);
	out->beat_valid = stream_fifo_valid(&r->beat_fifo);
	if (out->beat_valid)
		out->beat = r->beat[r->beat_fifo.head];
	out->idle = open_bursts(r) == 0;
	out->outstanding = r->unanswered != 0;
	out->fail = r->fail;
	out->fail_code = r->fail_code;
	out->fail_tag = r->fail_tag;
	out->fail_address = r->fail_address;
	out->bus.arvalid = r->arvalid;
	out->bus.araddr = r->arvalid ? r->araddr : 0;
	out->bus.arlen = (uint8_t)(r->arvalid ? r->arbeats - 1 : 0);
	out->bus.rready = stream_fifo_ready(&r->beat_fifo) || r->drop;
}

static void note_fail(struct axi_read *r, uint8_t code)
{
	const struct axi_read_burst *b = &r->burst[r->burst_fifo.head];
	r->fail = true;
	r->drop = true;
	r->fail_code = code;
	r->fail_tag = b->tag;
	r->fail_address = b->address + r->index * r->splitter.bytes;
}

/* A beat is taken from the bus; true when it is for the client. */
static bool take_beat(struct axi_read *r, const struct axi_read_reply *bus)
{
	if (r->drop)
		return false;
	if (bus->rresp & 2) {
		note_fail(r, bus->rresp);
		return false;
	}
	struct core_beat *b = &r->beat[stream_fifo_tail(&r->beat_fifo)];
	memcpy(b->data, bus->rdata, r->splitter.bytes);
	b->tag = r->burst[r->burst_fifo.head].tag;
	return true;
}

static void issue(struct axi_read *r)
{
	r->arvalid = true;
	r->araddr = r->splitter.address;
	r->arbeats = burst_splitter_beats(&r->splitter);
	r->burst[stream_fifo_tail(&r->burst_fifo)] = (struct axi_read_burst){ r->araddr, r->splitter.tag };
	burst_splitter_take(&r->splitter);
}

/* The run at the head of the queue goes to the splitter. */
static void split(struct axi_read *r)
{
	const struct core_run *run = &r->run[r->run_fifo.head];
	unsigned bytes = r->splitter.bytes;
	uint32_t touched = (uint32_t)(run->address % bytes) + run->bytes;
	burst_splitter_load(&r->splitter, run->address, (touched + bytes - 1) / bytes, run->tag);
}

void axi_read_clock(struct axi_read *r, const struct axi_read_in *in)
{
	const struct axi_read_reply *bus = &in->bus;
	bool asked = r->arvalid && bus->arready;
	bool taken = bus->rvalid && (stream_fifo_ready(&r->beat_fifo) || r->drop);
	bool answered = taken && bus->rlast;
	bool issued = r->splitter.valid && (!r->arvalid || bus->arready) && open_bursts(r) < r->outstanding && !in->stop && !r->fail;
	bool run_push = in->run_valid && stream_fifo_ready(&r->run_fifo);
	bool beat_pop = in->beat_ready && stream_fifo_valid(&r->beat_fifo);

	bool beat_push = taken && take_beat(r, bus);
	if (taken)
		r->index = answered ? 0 : r->index + 1;
	r->drop |= in->stop;
	if (asked)
		r->arvalid = false;
	if (issued)
		issue(r);
	bool run_pop = stream_fifo_valid(&r->run_fifo) && !r->splitter.valid;
	if (run_pop)
		split(r);
	if (run_push)
		r->run[stream_fifo_tail(&r->run_fifo)] = in->run;
	r->unanswered += (unsigned)asked - (unsigned)answered;
	stream_fifo_clock(&r->run_fifo, run_push, run_pop);
	stream_fifo_clock(&r->burst_fifo, issued, answered);
	stream_fifo_clock(&r->beat_fifo, beat_push, beat_pop);
}
