#include "axi_write.h"

#include <stdlib.h>
#include <string.h>

bool axi_write_init(struct axi_write *w, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(w, 0, sizeof *w);
	w->outstanding = c->axi_outstanding;
	w->buffer = c->out_buffer;
	w->parity = c->parity;
	w->splitter.bytes = d->bus_bytes;
	w->splitter.burst = c->axi_burst;
	w->splitter.address_mask = UINT64_MAX >> (64 - c->axi_address_bits);
	w->run_fifo.depth = AXI_WRITE_RUNS;
	w->len_fifo.depth = AXI_WRITE_LENS;
	w->address_fifo.depth = AXI_WRITE_MOST_OUTSTANDING;
	w->place = calloc(w->buffer, sizeof *w->place);
	return w->place != NULL;
}

void axi_write_free(struct axi_write *w)
{
	free(w->place);
}

void axi_write_reset(struct axi_write *w)
{
	stream_fifo_reset(&w->run_fifo);
	stream_fifo_reset(&w->len_fifo);
	stream_fifo_reset(&w->address_fifo);
	w->splitter.valid = false;
	w->awvalid = false;
	w->unanswered = 0;
	w->write = w->read = 0;
	w->held = w->free = 0;
	w->index = 0;
	w->wvalid = false;
	w->drop = w->fail = w->parity_bad = false;
}

static void bus_out(const struct axi_write *w, struct axi_write_port *bus)
{
	bus->awvalid = w->awvalid;
	bus->awaddr = w->awvalid ? w->awaddr : 0;
	bus->awlen = (uint8_t)(w->awvalid ? w->awbeats - 1 : 0);
	bus->wvalid = w->wvalid;
	bus->wlast = w->wvalid && w->wlast;
	bus->wstrb = w->wvalid && w->keep ? w->q.beat.strobe : 0;
	if (w->wvalid)
		memcpy(bus->wdata, w->q.beat.data, w->splitter.bytes);
	bus->bready = true;
}

void axi_write_out(const struct axi_write *w, struct axi_write_out *out)
{
	bool busy = stream_fifo_valid(&w->run_fifo) || w->splitter.valid || w->held > 0;
	out->wrun_ready = stream_fifo_ready(&w->run_fifo);
	out->wbeat_ready = w->held < w->buffer;
	out->idle = w->unanswered == 0 && (w->drop || !busy);
	out->fail = w->fail;
	out->fail_code = w->fail_code;
	out->fail_address = w->fail_address;
	out->parity_bad = w->parity_bad;
	bus_out(w, &out->bus);
}

static void issue(struct axi_write *w)
{
	w->awvalid = true;
	w->awaddr = w->splitter.address;
	w->awbeats = burst_splitter_beats(&w->splitter);
	w->len[stream_fifo_tail(&w->len_fifo)] = w->awbeats;
	w->address[stream_fifo_tail(&w->address_fifo)] = w->awaddr;
	w->free -= w->awbeats;
	burst_splitter_take(&w->splitter);
}

/* Buffer to W; true when it was the last beat of its burst. */
static bool read_beat(struct axi_write *w, bool keep)
{
	w->wvalid = true;
	w->wlast = w->index + 1 == w->len[w->len_fifo.head];
	w->keep = keep;
	w->q = w->place[w->read];
	w->read = (w->read + 1) % w->buffer;
	w->index = w->wlast ? 0 : w->index + 1;
	w->held--;
	return w->wlast;
}

static void write_beat(struct axi_write *w, const struct axi_write_in *in)
{
	w->place[w->write] = (struct axi_write_place){ in->wbeat, w->parity && in->parity_test };
	w->write = (w->write + 1) % w->buffer;
	w->held++;
	w->free++;
}

/* A run enters and the one at the head of the queue goes to the splitter. */
static void clock_runs(struct axi_write *w, const struct axi_write_in *in)
{
	bool push = in->wrun_valid && stream_fifo_ready(&w->run_fifo);
	bool pop = stream_fifo_valid(&w->run_fifo) && !w->splitter.valid;
	if (pop) {
		const struct axi_write_run *r = &w->run[w->run_fifo.head];
		burst_splitter_load(&w->splitter, r->address, r->beats, 0);
	}
	if (push)
		w->run[stream_fifo_tail(&w->run_fifo)] = (struct axi_write_run){ in->wrun_address, in->wrun_beats };
	stream_fifo_clock(&w->run_fifo, push, pop);
}

static void note_answer(struct axi_write *w, uint8_t code)
{
	if (!(code & 2) || w->drop)
		return;
	w->fail = true;
	w->drop = true;
	w->fail_code = code;
	w->fail_address = w->address[w->address_fifo.head];
}

void axi_write_clock(struct axi_write *w, const struct axi_write_in *in)
{
	const struct axi_write_reply *bus = &in->bus;
	bool halted = in->stop || w->fail, keep = !in->stop && !w->drop;
	bool issued = w->splitter.valid && burst_splitter_beats(&w->splitter) <= w->free && (!w->awvalid || bus->awready) && w->unanswered < w->outstanding &&
		stream_fifo_ready(&w->len_fifo) && !halted;
	bool written = in->wbeat_valid && w->held < w->buffer;
	bool read = stream_fifo_valid(&w->len_fifo) && (!w->wvalid || bus->wready);

	w->parity_bad |= w->wvalid && w->q.bad;
	if (bus->bvalid)
		note_answer(w, bus->bresp);
	w->drop |= in->stop;
	if (bus->awready)
		w->awvalid = false;
	if (bus->wready)
		w->wvalid = false;
	bool len_pop = read && read_beat(w, keep);
	if (issued)
		issue(w);
	if (written)
		write_beat(w, in);
	clock_runs(w, in);
	w->unanswered += (unsigned)issued - (unsigned)bus->bvalid;
	stream_fifo_clock(&w->len_fifo, issued, len_pop);
	stream_fifo_clock(&w->address_fifo, issued, bus->bvalid);
}
