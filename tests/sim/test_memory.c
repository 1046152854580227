/*
 * The AXI memory model: order, data, strobes, latency, bandwidth, stalls by event number, errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image.h"
#include "memory.h"
#include "stimulus.h"

enum { BASE = 0x10000, SIZE = 0x8000 };

static struct memory m;
static struct image image;

static void fill_image(void)
{
	struct fault f;
	uint64_t address;
	image_free(&image);
	image_init(&image, BASE);
	assert_true(image_alloc(&image, "all", 4096, 0, SIZE, &address, &f));
	for (uint64_t a = 0; a < SIZE; a++)
		*image_at(&image, address + a, 1) = (uint8_t)(a * 7 ^ a >> 8);
}

static uint8_t byte_at(uint64_t address)
{
	const uint8_t *byte = image_at(&image, address, 1);
	assert_non_null(byte);
	return *byte;
}

static void start(const struct memory_config *c)
{
	fill_image();
	memory_reset(&m, c, &image);
}

static struct memory_config defaults(unsigned bus)
{
	struct memory_config c;
	memory_defaults(&c, bus);
	return c;
}

/* A master that reads bursts one after the other and checks what comes. */
struct reader {
	uint64_t seed, bursts;      /* how many to ask for */
	unsigned ready_of_8;        /* of 8 cycles, how many rready is high in */
	unsigned length;            /* beats of a burst; 0: random */
	struct bitlet_rng ask, expect, ready;
	uint64_t asked, taken, beats;
	bool has_ask, has_expect, rready;
	bool blind;                 /* what is read changes meanwhile */
	uint64_t address, want;     /* of the AR shown, of the beat expected */
	unsigned beats_less_1, left;
	uint64_t first_ask, first_beat, last_beat; /* cycles */
};

static void draw_burst(struct bitlet_rng *r, unsigned length, unsigned bus, uint64_t *address, unsigned *beats)
{
	*beats = length ? length : 1 + bitlet_random_below(r, 16);
	uint64_t page = bitlet_random_below(r, SIZE / 4096), room = 4096 / bus - *beats + 1;
	*address = BASE + page * 4096 + bitlet_random_below(r, (uint32_t)room) * bus;
}

static void reader_start(struct reader *r, uint64_t seed, uint64_t bursts, unsigned length, unsigned ready_of_8)
{
	*r = (struct reader){.seed = seed, .bursts = bursts, .length = length, .ready_of_8 = ready_of_8, .ask = {seed}, .expect = {seed}, .ready = {~seed}};
}

static void reader_out(struct reader *r, struct axi_read_port *p)
{
	memset(p, 0, sizeof *p);
	if (!r->has_ask && r->asked < r->bursts) {
		unsigned beats;
		draw_burst(&r->ask, r->length, m.config.bus_bytes, &r->address, &beats);
		r->beats_less_1 = beats - 1;
		r->has_ask = true;
	}
	p->arvalid = r->has_ask;
	p->araddr = r->has_ask ? r->address : 0;
	p->arlen = (uint8_t)(r->has_ask ? r->beats_less_1 : 0);
	r->rready = bitlet_random_below(&r->ready, 8) < r->ready_of_8;
	p->rready = r->rready;
}

static void reader_clock(struct reader *r, const struct axi_read_reply *in)
{
	if (r->has_ask && in->arready) {
		if (!r->asked)
			r->first_ask = m.cycle;
		r->has_ask = false;
		r->asked++;
	}
	if (!in->rvalid || !r->rready)
		return;
	if (!r->has_expect) {
		draw_burst(&r->expect, r->length, m.config.bus_bytes, &r->want, &r->left);
		r->has_expect = true;
	}
	assert_int_equal(in->rresp, 0);
	for (unsigned i = 0; i < m.config.bus_bytes && !r->blind; i++)
		assert_int_equal(in->rdata[i], byte_at(r->want + i));
	r->want += m.config.bus_bytes;
	if (!r->beats)
		r->first_beat = m.cycle;
	r->last_beat = m.cycle;
	r->beats++;
	assert_int_equal(in->rlast, --r->left == 0);
	if (!r->left) {
		r->has_expect = false;
		r->taken++;
	}
}

/* A master that writes bursts of random bytes and strobes, `ahead`: data before addresses. */
struct writer {
	struct bitlet_rng rng, ready;
	uint64_t bursts, asked, sent, answered, beats;
	bool ahead, has_ask, bready;
	uint64_t address, beat_address;
	unsigned length, left;      /* of the burst asked for; beats still to send */
	struct memory_beat beat;
	bool has_beat;
	uint8_t shadow[SIZE];
};

static void writer_start(struct writer *w, uint64_t seed, uint64_t bursts, bool ahead)
{
	memset(w, 0, sizeof *w);
	w->rng.state = seed;
	w->ready.state = ~seed;
	w->bursts = bursts;
	w->ahead = ahead;
	for (uint64_t a = 0; a < SIZE; a++)
		w->shadow[a] = byte_at(BASE + a);
}

static void new_beat(struct writer *w)
{
	unsigned bus = m.config.bus_bytes;
	w->has_beat = true;
	w->beat = (struct memory_beat){.last = w->left == 1};
	w->beat.strobe = bitlet_random(&w->rng) & (bus == 64 ? UINT64_MAX : (UINT64_C(1) << bus) - 1);
	for (unsigned i = 0; i < bus; i++) {
		if (!(w->beat.strobe >> i & 1))
			continue;
		w->beat.data[i] = (uint8_t)bitlet_random(&w->rng);
		w->shadow[w->beat_address + i - BASE] = w->beat.data[i];
	}
	w->beat_address += bus;
}

static void writer_out(struct writer *w, struct axi_write_port *p)
{
	memset(p, 0, sizeof *p);
	if (!w->left && !w->has_beat && !w->has_ask && w->asked < w->bursts) {
		draw_burst(&w->rng, 0, m.config.bus_bytes, &w->address, &w->left);
		w->length = w->left;
		w->beat_address = w->address;
		w->has_ask = true;
	}
	if (!w->has_beat && w->left && (w->ahead || !w->has_ask))
		new_beat(w);
	if (w->has_ask && !(w->ahead && w->left > 2)) {
		p->awvalid = true;
		p->awaddr = w->address;
		p->awlen = (uint8_t)(w->length - 1);
	}
	if (w->has_beat) {
		p->wvalid = true;
		p->wlast = w->beat.last;
		p->wstrb = w->beat.strobe;
		memcpy(p->wdata, w->beat.data, m.config.bus_bytes);
	}
	w->bready = bitlet_random_below(&w->ready, 2);
	p->bready = w->bready;
}

static void writer_clock(struct writer *w, const struct axi_write_port *p, const struct axi_write_reply *in)
{
	if (p->awvalid && in->awready) {
		w->has_ask = false;
		w->asked++;
	}
	if (p->wvalid && in->wready) {
		w->has_beat = false;
		w->left--;
		w->beats++;
		w->sent += p->wlast;
	}
	if (in->bvalid && w->bready) {
		assert_int_equal(in->bresp, 0);
		w->answered++;
		assert_true(w->answered <= w->sent);
	}
}

/* Valid stays, with the same payload, until it is taken. */
static void check_stable(const struct memory_out *before, const struct memory_out *now, const struct memory_in *in)
{
	if (before->act.rvalid && !in->act.rready)
		assert_memory_equal(before->act.rdata, now->act.rdata, CORE_MAX_BEAT);
	assert_true(!before->act.rvalid || in->act.rready || (now->act.rvalid && now->act.rlast == before->act.rlast));
	assert_true(!before->out.bvalid || in->out.bready || now->out.bvalid);
}

static void play(struct reader *act, struct reader *wgt, struct writer *out, uint64_t cycles)
{
	struct memory_out shown, before = {.act = {.rvalid = false}};
	struct memory_in in = {.act = {.rready = true}};
	for (uint64_t i = 0; i < cycles; i++) {
		memory_out(&m, &shown);
		check_stable(&before, &shown, &in);
		memset(&in, 0, sizeof in);
		if (act)
			reader_out(act, &in.act);
		if (wgt)
			reader_out(wgt, &in.wgt);
		if (out)
			writer_out(out, &in.out);
		if (act)
			reader_clock(act, &shown.act);
		if (wgt)
			reader_clock(wgt, &shown.wgt);
		if (out)
			writer_clock(out, &in.out, &shown.out);
		memory_clock(&m, &in);
		before = shown;
	}
	assert_null(m.violation);
}

static void reads_give_the_image(void **state)
{
	(void)state;
	for (unsigned bus = 4; bus <= 64; bus *= 2)
		for (unsigned stalls = 0; stalls <= 60; stalls += 30) {
			struct memory_config c = defaults(bus);
			struct reader act, wgt;
			c.stalls = stalls;
			start(&c);
			reader_start(&act, bus + stalls, 200, 0, 6);
			reader_start(&wgt, ~UINT64_C(0) - bus, 200, 0, 8);
			play(&act, &wgt, NULL, 40000);
			assert_int_equal(act.taken, 200);
			assert_int_equal(wgt.taken, 200);
			assert_true(memory_idle(&m));
		}
}

static void writes_land_by_strobes(void **state)
{
	(void)state;
	static struct writer w;
	for (unsigned bus = 4; bus <= 64; bus *= 2)
		for (unsigned i = 0; i < 4; i++) {
			struct memory_config c = defaults(bus);
			c.stalls = i / 2 * 40;
			start(&c);
			writer_start(&w, bus + i, 100, i % 2);
			play(NULL, NULL, &w, 40000);
			assert_int_equal(w.answered, 100);
			for (uint64_t a = 0; a < SIZE; a++)
				assert_int_equal(byte_at(BASE + a), w.shadow[a]);
		}
}

static void the_first_beat_comes_after_the_latency(void **state)
{
	(void)state;
	for (unsigned latency = 1; latency < 50; latency += 7) {
		struct memory_config c = defaults(16);
		struct reader r;
		c.latency = latency;
		start(&c);
		reader_start(&r, 1, 1, 8, 8);
		play(&r, NULL, NULL, 200);
		assert_int_equal(r.first_beat - r.first_ask, latency);
		assert_int_equal(r.last_beat - r.first_beat, 7);
	}
}

/* Beats in 10,000 cycles of endless reading and writing. */
static void measure(const struct memory_config *c, bool writes, uint64_t *read, uint64_t *written)
{
	static struct writer w;
	struct reader r;
	start(c);
	reader_start(&r, 5, UINT64_MAX, 16, 8);
	r.blind = writes;
	writer_start(&w, 6, UINT64_MAX, false);
	play(&r, NULL, writes ? &w : NULL, 10000);
	*read = r.beats;
	*written = w.beats;
}

static void bandwidth_is_kept(void **state)
{
	(void)state;
	struct memory_config c = defaults(64);
	uint64_t read, written;
	measure(&c, false, &read, &written); /* 64 bytes a cycle: a beat in every one */
	assert_in_range(read, 9960, 9970);
	c.bandwidth[0] = 3200000000;         /* one in four */
	measure(&c, false, &read, &written);
	assert_in_range(read, 2480, 2500);
	c.bandwidth[0] = 12800000000 / 3;
	measure(&c, false, &read, &written);
	assert_in_range(read, 3300, 3334);
	c.bandwidth[0] = 6400000000;         /* shared: a beat every second cycle for both */
	measure(&c, true, &read, &written);
	assert_in_range(read + written, 4900, 5000 + MEMORY_FIFO_BEATS);
	assert_in_range(written, 1000, 2600);
	c.channel[MEMORY_OUT] = 2;           /* its own: reads have it all */
	measure(&c, true, &read, &written);
	assert_in_range(read, 4970, 5000);
	c = defaults(8);                     /* the bus is the limit */
	measure(&c, false, &read, &written);
	assert_in_range(read, 9960, 9970);
	c.bandwidth[0] = 0;
	measure(&c, false, &read, &written);
	assert_in_range(read, 9960, 9970);
}

static void no_more_bursts_than_outstanding(void **state)
{
	(void)state;
	struct memory_config c = defaults(8);
	struct memory_out shown;
	struct memory_in in = {.act = {.arvalid = true, .araddr = BASE}};
	c.outstanding = 3;
	start(&c);
	unsigned taken = 0;
	for (int i = 0; i < 100; i++) {
		memory_out(&m, &shown);
		taken += shown.act.arready;
		memory_clock(&m, &in);
	}
	assert_int_equal(taken, 3);
	in.act.rready = true;                /* one leaves, one comes */
	memory_out(&m, &shown);
	assert_true(shown.act.rvalid && !shown.act.arready);
	memory_clock(&m, &in);
	memory_out(&m, &shown);
	assert_true(shown.act.arready);
}

/* Cycles of the events of one run, from its first one on. */
static unsigned trace(unsigned wait, uint64_t seed, uint64_t *cycle, unsigned room)
{
	struct memory_config c = defaults(8);
	struct memory_out shown;
	struct memory_in in = {.act = {.rready = true}};
	unsigned events = 0;
	c.stalls = 40;
	c.seed = seed;
	start(&c);
	for (unsigned i = 0; i < wait + 3000 && events < room; i++) {
		memory_out(&m, &shown);
		in.act.arvalid = i >= wait;
		in.act.araddr = BASE;
		in.act.arlen = 3;
		if (in.act.arvalid && (shown.act.arready || shown.act.rvalid))
			cycle[events++] = i - wait;
		memory_clock(&m, &in);
	}
	return events;
}

static void stalls_depend_on_events_alone(void **state)
{
	(void)state;
	uint64_t early[500], late[500], other[500];
	assert_int_equal(trace(100, 3, early, 500), 500);
	assert_int_equal(trace(1234, 3, late, 500), 500);
	assert_int_equal(trace(100, 4, other, 500), 500);
	assert_memory_equal(early, late, sizeof early);
	assert_memory_not_equal(early, other, sizeof early);
}

/* Reads `beats` from an address in bursts of `burst`; resp[i] of each. */
static void read_beats(uint64_t address, unsigned beats, unsigned burst, uint8_t *resp)
{
	struct memory_out shown;
	struct memory_in in = {.act = {.rready = true, .arlen = (uint8_t)(burst - 1)}};
	unsigned asked = 0;
	for (unsigned i = 0, got = 0; got < beats; i++) {
		assert_true(i < 5000);
		memory_out(&m, &shown);
		in.act.arvalid = asked < beats;
		in.act.araddr = address + asked * m.config.bus_bytes;
		if (in.act.arvalid && shown.act.arready)
			asked += burst;
		if (shown.act.rvalid)
			resp[got++] = shown.act.rresp;
		memory_clock(&m, &in);
	}
}

static void outside_is_decerr(void **state)
{
	(void)state;
	struct memory_config c = defaults(16);
	uint8_t resp[8];
	start(&c);
	read_beats(BASE + SIZE - 64, 8, 4, resp);
	for (int i = 0; i < 8; i++)
		assert_int_equal(resp[i], i < 4 ? 0 : 3);
}

static void errors_come_where_they_are_put(void **state)
{
	(void)state;
	struct memory_config c = defaults(16);
	uint8_t resp[16];
	start(&c);
	for (unsigned at = 0; at < 16; at += 5)
		for (uint8_t code = 2; code <= 3; code++) {
			memory_inject(&m, &(struct memory_fault){.on = true, .port = MEMORY_ACT, .at = at, .resp = code});
			read_beats(BASE, 16, 4, resp);
			for (unsigned i = 0; i < 16; i++)
				assert_int_equal(resp[i], i == at ? code : 0);
			assert_true(m.hit && m.hit_address == BASE + 16 * at);
		}
	memory_inject(&m, &(struct memory_fault){.on = false});
	read_beats(BASE, 16, 4, resp);
	for (unsigned i = 0; i < 16; i++)
		assert_int_equal(resp[i], 0);
}

/* Writes bursts of two beats at an address; resp[i] of each. */
static void write_bursts(uint64_t address, unsigned bursts, uint8_t *resp)
{
	struct memory_out shown;
	struct memory_in in = {.out = {.bready = true, .awlen = 1, .wstrb = 0xffff}};
	unsigned asked = 0, sent = 0;
	for (unsigned i = 0, got = 0; got < bursts; i++) {
		assert_true(i < 5000);
		memory_out(&m, &shown);
		in.out.awvalid = asked < bursts;
		in.out.awaddr = address + asked * 32;
		in.out.wvalid = sent < 2 * bursts;
		in.out.wlast = sent % 2;
		asked += in.out.awvalid && shown.out.awready;
		sent += in.out.wvalid && shown.out.wready;
		if (shown.out.bvalid)
			resp[got++] = shown.out.bresp;
		memory_clock(&m, &in);
	}
}

static void errors_of_writes(void **state)
{
	(void)state;
	struct memory_config c = defaults(16);
	uint8_t resp[8];
	start(&c);
	write_bursts(BASE + SIZE - 64, 4, resp);
	for (int i = 0; i < 4; i++)
		assert_int_equal(resp[i], i < 2 ? 0 : 3);
	memory_inject(&m, &(struct memory_fault){.on = true, .port = MEMORY_OUT, .at = 2, .resp = 2});
	write_bursts(BASE, 4, resp);
	for (int i = 0; i < 4; i++)
		assert_int_equal(resp[i], i == 2 ? 2 : 0);
	assert_true(m.hit && m.hit_address == BASE + 64);
}

static void broken_rules_are_seen(void **state)
{
	(void)state;
	struct memory_config c = defaults(16);
	struct memory_in in = {.act = {.arvalid = true, .araddr = BASE + 4096 - 32, .arlen = 1}};
	start(&c);
	memory_clock(&m, &in);
	assert_null(m.violation);
	in.act.arlen = 2;
	memory_clock(&m, &in);
	assert_string_equal(m.violation, "burst crosses a 4 KiB boundary");
	start(&c);
	in.act.araddr = BASE + 8;
	memory_clock(&m, &in);
	assert_string_equal(m.violation, "address is no multiple of a beat");
	start(&c);
	in = (struct memory_in){.out = {.awvalid = true, .awaddr = BASE, .wvalid = true}};
	for (int i = 0; i < 3; i++)
		memory_clock(&m, &in);
	assert_string_equal(m.violation, "WLAST is not with the last beat of the burst");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_give_the_image),
		cmocka_unit_test(writes_land_by_strobes),
		cmocka_unit_test(the_first_beat_comes_after_the_latency),
		cmocka_unit_test(bandwidth_is_kept),
		cmocka_unit_test(no_more_bursts_than_outstanding),
		cmocka_unit_test(stalls_depend_on_events_alone),
		cmocka_unit_test(outside_is_decerr),
		cmocka_unit_test(errors_come_where_they_are_put),
		cmocka_unit_test(errors_of_writes),
		cmocka_unit_test(broken_rules_are_seen),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	image_free(&image);
	return failed;
}
