#include "memory.h"

#include <assert.h>
#include <string.h>

#include "image.h"
#include "stimulus.h"

enum { RESP_OKAY, RESP_SLVERR = 2, RESP_DECERR = 3, NOTHING = 0xdd, PAGE = 4096 };

static const enum memory_stream ask_stream[MEMORY_PORTS] = {MEMORY_ACT_AR, MEMORY_WGT_AR, MEMORY_OUT_AW};
static const enum memory_stream data_stream[MEMORY_PORTS] = {MEMORY_ACT_R, MEMORY_WGT_R, MEMORY_OUT_W};

void memory_defaults(struct memory_config *c, unsigned bus_bytes)
{
	*c = (struct memory_config){
		.bus_bytes = bus_bytes, .clock_hz = 200000000, .bandwidth = {12800000000, 12800000000, 12800000000}, .channel = {0, 1, 0},
		.latency = 30, .outstanding = 64, .seed = 1,
	};
}

static unsigned place(const struct memory_ring *r, unsigned size)
{
	return (r->head + r->count) % size;
}

static void pop(struct memory_ring *r, unsigned size)
{
	assert(r->count);
	r->head = (r->head + 1) % size;
	r->count--;
}

/* How long event number k of a stream waits: moods of 64 events, so that there are quiet and busy times. */
static void draw(const struct memory *m, enum memory_stream stream, struct memory_gate *g)
{
	g->wait = 0;
	g->needs_valid = false;
	if (!m->config.stalls)
		return;
	struct bitlet_rng r = {m->config.seed ^ (uint64_t)stream << 56 ^ (g->events / 64) << 8};
	uint32_t mood = bitlet_random_below(&r, 4);
	r.state += g->events % 64;
	bitlet_random(&r);
	uint32_t share = mood == 0 ? 0 : mood == 3 ? 2 * m->config.stalls : m->config.stalls;
	if (bitlet_random_below(&r, 100) >= share)
		return;
	g->wait = 1 + bitlet_random_below(&r, bitlet_random_below(&r, 8) ? 4 : 40);
	g->needs_valid = bitlet_random_below(&r, 2);
}

/* The edge: an event took place, or another cycle of waiting is over. */
static void gate_clock(struct memory *m, enum memory_stream stream, bool event, bool valid)
{
	struct memory_gate *g = &m->gate[stream];
	if (event) {
		g->events++;
		draw(m, stream, g);
	} else if (g->wait && (valid || !g->needs_valid)) {
		g->wait--;
	}
}

void memory_reset(struct memory *m, const struct memory_config *c, struct image *image)
{
	assert(c->bus_bytes && c->bus_bytes <= CORE_MAX_BEAT && c->clock_hz && c->latency);
	assert(c->outstanding && c->outstanding <= MEMORY_MAX_BURSTS);
	memset(m, 0, sizeof *m);
	m->config = *c;
	m->image = image;
	for (int s = 0; s < MEMORY_STREAMS; s++)
		draw(m, (enum memory_stream)s, &m->gate[s]);
}

void memory_inject(struct memory *m, const struct memory_fault *f)
{
	m->fault = *f;
	m->hit = false;
	memset(m->answered, 0, sizeof m->answered);
}

static bool may_ask(const struct memory *m, enum memory_port p)
{
	return !m->gate[ask_stream[p]].wait && m->queue[p].open < m->config.outstanding;
}

static bool has_answer(const struct memory *m)
{
	const struct memory_queue *q = &m->queue[MEMORY_OUT];
	return q->answers.count && q->answer[q->answers.head].ready <= m->cycle;
}

static void read_out(const struct memory *m, enum memory_port p, struct axi_read_reply *r)
{
	const struct memory_queue *q = &m->queue[p];
	r->arready = may_ask(m, p);
	r->rvalid = q->beats.count && !m->gate[data_stream[p]].wait;
	if (!r->rvalid)
		return;
	const struct memory_beat *b = &q->beat[q->beats.head];
	r->rlast = b->last;
	r->rresp = b->resp;
	memcpy(r->rdata, b->data, m->config.bus_bytes);
}

void memory_out(const struct memory *m, struct memory_out *out)
{
	const struct memory_queue *q = &m->queue[MEMORY_OUT];
	memset(out, 0, sizeof *out);
	read_out(m, MEMORY_ACT, &out->act);
	read_out(m, MEMORY_WGT, &out->wgt);
	out->out.awready = may_ask(m, MEMORY_OUT);
	out->out.wready = q->beats.count < MEMORY_FIFO_BEATS && !m->gate[MEMORY_OUT_W].wait;
	out->out.bvalid = has_answer(m) && !m->gate[MEMORY_OUT_B].wait;
	out->out.bresp = out->out.bvalid ? q->answer[q->answers.head].resp : RESP_OKAY;
}

static void violate(struct memory *m, const char *rule)
{
	if (!m->violation)
		m->violation = rule;
}

/* AR or AW handshake. */
static void take_address(struct memory *m, enum memory_port p, uint64_t address, unsigned length)
{
	struct memory_queue *q = &m->queue[p];
	unsigned beats = length + 1, bytes = beats * m->config.bus_bytes;
	if (address % m->config.bus_bytes)
		violate(m, "address is no multiple of a beat");
	if (address % PAGE + bytes > PAGE)
		violate(m, "burst crosses a 4 KiB boundary");
	q->burst[place(&q->bursts, MEMORY_MAX_BURSTS)] = (struct memory_burst){
		.first = address, .address = address, .beats = beats, .ready = m->cycle + m->config.latency,
	};
	q->bursts.count++;
	q->open++;
}

static void clock_read(struct memory *m, enum memory_port p, const struct axi_read_port *in, const struct axi_read_reply *shown)
{
	struct memory_queue *q = &m->queue[p];
	bool ask = in->arvalid && shown->arready, beat = shown->rvalid && in->rready;
	gate_clock(m, data_stream[p], beat, q->beats.count);
	gate_clock(m, ask_stream[p], ask, in->arvalid);
	if (ask)
		take_address(m, p, in->araddr, in->arlen);
	if (!beat)
		return;
	q->open -= shown->rlast;
	pop(&q->beats, MEMORY_FIFO_BEATS);
}

static void clock_write(struct memory *m, const struct axi_write_port *in, const struct axi_write_reply *shown)
{
	struct memory_queue *q = &m->queue[MEMORY_OUT];
	bool ask = in->awvalid && shown->awready, beat = in->wvalid && shown->wready, answer = shown->bvalid && in->bready;
	gate_clock(m, MEMORY_OUT_AW, ask, in->awvalid);
	gate_clock(m, MEMORY_OUT_W, beat, in->wvalid);
	gate_clock(m, MEMORY_OUT_B, answer, has_answer(m));
	if (ask)
		take_address(m, MEMORY_OUT, in->awaddr, in->awlen);
	if (beat) {
		struct memory_beat *b = &q->beat[place(&q->beats, MEMORY_FIFO_BEATS)];
		b->strobe = in->wstrb;
		b->last = in->wlast;
		memcpy(b->data, in->wdata, m->config.bus_bytes);
		q->beats.count++;
	}
	if (answer) {
		pop(&q->answers, MEMORY_MAX_BURSTS);
		q->open--;
	}
}

static bool is_due(const struct memory *m, enum memory_port p)
{
	const struct memory_queue *q = &m->queue[p];
	if (!q->bursts.count)
		return false;
	return p == MEMORY_OUT ? q->beats.count > 0 : q->beats.count < MEMORY_FIFO_BEATS && q->burst[q->bursts.head].ready <= m->cycle + 1;
}

/* The response that memory_inject() wants here, or the one that the memory has. */
static uint8_t answer(struct memory *m, enum memory_port p, uint64_t address, uint8_t resp)
{
	bool hit = m->fault.on && m->fault.port == p && m->fault.at == m->answered[p];
	m->answered[p]++;
	if (!hit)
		return resp;
	m->hit = true;
	m->hit_address = address;
	return m->fault.resp;
}

static void serve_read(struct memory *m, enum memory_port p)
{
	struct memory_queue *q = &m->queue[p];
	struct memory_burst *burst = &q->burst[q->bursts.head];
	struct memory_beat *b = &q->beat[place(&q->beats, MEMORY_FIFO_BEATS)];
	const uint8_t *there = image_at(m->image, burst->address, m->config.bus_bytes);
	if (there)
		memcpy(b->data, there, m->config.bus_bytes);
	else
		memset(b->data, NOTHING, m->config.bus_bytes);
	b->resp = answer(m, p, burst->address, there ? RESP_OKAY : RESP_DECERR);
	b->last = burst->beats == 1;
	q->beats.count++;
	burst->address += m->config.bus_bytes;
	if (--burst->beats == 0)
		pop(&q->bursts, MEMORY_MAX_BURSTS);
}

/* The image is made of pages: a beat is inside or outside. One without strobes needs no memory behind it. */
static uint8_t write_bytes(struct memory *m, uint64_t address, const struct memory_beat *b)
{
	uint8_t *there = image_at(m->image, address, m->config.bus_bytes);
	if (!there)
		return b->strobe ? RESP_DECERR : RESP_OKAY;
	for (unsigned i = 0; i < m->config.bus_bytes; i++)
		if (b->strobe >> i & 1)
			there[i] = b->data[i];
	return RESP_OKAY;
}

static void serve_write(struct memory *m)
{
	struct memory_queue *q = &m->queue[MEMORY_OUT];
	struct memory_burst *burst = &q->burst[q->bursts.head];
	const struct memory_beat *b = &q->beat[q->beats.head];
	uint8_t resp = write_bytes(m, burst->address, b);
	if (resp > burst->resp)
		burst->resp = resp;
	if (b->last != (burst->beats == 1))
		violate(m, "WLAST is not with the last beat of the burst");
	pop(&q->beats, MEMORY_FIFO_BEATS);
	burst->address += m->config.bus_bytes;
	if (--burst->beats)
		return;
	burst->resp = answer(m, MEMORY_OUT, burst->first, burst->resp);
	burst->ready = m->cycle + m->config.latency;
	q->answer[place(&q->answers, MEMORY_MAX_BURSTS)] = *burst;
	q->answers.count++;
	pop(&q->bursts, MEMORY_MAX_BURSTS);
}

/* A cycle of a DRAM channel: each port in its turn, while there is bandwidth. */
static void serve(struct memory *m, unsigned channel)
{
	uint64_t rate = m->config.bandwidth[channel], cost = m->config.bus_bytes * m->config.clock_hz;
	uint64_t *credit = &m->credit[channel];
	*credit = *credit + rate < cost + rate ? *credit + rate : cost + rate;
	unsigned first = m->turn[channel] + 1;
	for (unsigned i = 0; i < MEMORY_PORTS; i++) {
		enum memory_port p = (enum memory_port)((first + i) % MEMORY_PORTS);
		if (m->config.channel[p] != channel || !is_due(m, p) || (rate && *credit < cost))
			continue;
		if (p == MEMORY_OUT)
			serve_write(m);
		else
			serve_read(m, p);
		*credit -= rate ? cost : 0;
		m->turn[channel] = p;
	}
}

void memory_clock(struct memory *m, const struct memory_in *in)
{
	struct memory_out shown;
	memory_out(m, &shown);
	clock_read(m, MEMORY_ACT, &in->act, &shown.act);
	clock_read(m, MEMORY_WGT, &in->wgt, &shown.wgt);
	clock_write(m, &in->out, &shown.out);
	for (unsigned c = 0; c < MEMORY_CHANNELS; c++)
		serve(m, c);
	m->cycle++;
}

bool memory_idle(const struct memory *m)
{
	for (int p = 0; p < MEMORY_PORTS; p++)
		if (m->queue[p].open || m->queue[p].beats.count)
			return false;
	return true;
}
