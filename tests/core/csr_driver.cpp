/* The host driver on csr.v: each access is a bus transaction, time is counted in cycles, and behind the registers stands a core whose runs end as told. */
#include <cstring>

#include "bitlet_driver.h"
#include "csr_bench.h"

namespace {

enum ending { GOOD, FAULT, UNTIL_ABORT, NEVER };

class board {
public:
	board();
	uint32_t read32(uint32_t offset);
	void write32(uint32_t offset, uint32_t value);
	void step();
	void wait(uint64_t ticks);
	bitlet_device device(bool with_irq);
	enum ending ending = GOOD;
	unsigned length = 50;
	uint64_t cycle = 0, counters[CSR_COUNTERS];
	unsigned waits = 0, errors = 0, starts = 0, resets = 0;
	bool protocol_good = true;
	uint32_t flags = 0;

private:
	csr_rtl rtl;
	csr_in in = {};
	csr_out out = {};
	bool idle = true, ends = false;
	unsigned left = 0;
};

board::board()
{
	for (unsigned i = 0; i < CSR_COUNTERS; i++)
		counters[i] = 0x100000000 * (i + 1) + 77 * i;
	in.rst = true;
	step();
	step();
	in.rst = false;
	step();
}

/* One cycle of the core and the registers. */
void board::step()
{
	in.idle = idle;
	in.done = ends && ending == GOOD;
	in.failed = ends && ending != GOOD;
	in.code = ending == FAULT ? BITLET_ERROR_DECERR : BITLET_ERROR_ABORTED;
	in.channel = ending == FAULT ? BITLET_CHANNEL_OUT : 0;
	in.address = ending == FAULT ? 0x123456789abcdef0 : 0;
	in.position = 0x00070003;
	in.flags = idle ? 0 : flags;
	in.counters = counters;
	rtl.drive(in);
	out = rtl.out();
	protocol_good &= rtl.v.bad == 0 || cycle < 2;
	if (idle) {
		idle = !out.start;
		starts += out.start;
		resets += out.soft_reset;
		left = length;
	} else if (ends) {
		idle = true;
		ends = false;
	} else {
		bool stopped = out.stop_run || out.soft_reset;
		resets += out.soft_reset;
		if (stopped && ending != NEVER) {
			ending = UNTIL_ABORT;
			left = 0;
		} else if (left && (ending == GOOD || ending == FAULT)) {
			left--;
		}
		ends = left == 0;
	}
	rtl.clock();
	cycle++;
}

uint32_t board::read32(uint32_t offset)
{
	in.araddr = offset;
	in.arvalid = true;
	do
		step();
	while (!out.arready);
	in.arvalid = false;
	in.rready = true;
	do
		step();
	while (!out.rvalid);
	in.rready = false;
	errors += out.rresp != 0;
	return out.rdata;
}

void board::write32(uint32_t offset, uint32_t value)
{
	in.awaddr = offset;
	in.wdata = value;
	in.wstrb = 15;
	in.awvalid = in.wvalid = true;
	do
		step();
	while (!out.awready || !out.wready);
	in.awvalid = in.wvalid = false;
	in.bready = true;
	do
		step();
	while (!out.bvalid);
	in.bready = false;
	errors += out.bresp != 0;
}

void board::wait(uint64_t ticks)
{
	waits++;
	for (uint64_t i = 0; i < ticks && !out.irq; i++)
		step();
}

uint32_t read32(void *b, uint32_t offset) { return static_cast<board *>(b)->read32(offset); }
void write32(void *b, uint32_t offset, uint32_t value) { static_cast<board *>(b)->write32(offset, value); }
uint64_t now(void *b) { return static_cast<board *>(b)->cycle; }
void wait_irq(void *b, uint64_t ticks) { static_cast<board *>(b)->wait(ticks); }

bitlet_device board::device(bool with_irq)
{
	return { ::read32, ::write32, ::now, with_irq ? ::wait_irq : NULL, this };
}

bool same_error(const bitlet_error &e, unsigned code, unsigned channel, uint64_t address)
{
	return e.code == code && e.channel == channel && e.address == address && e.layer == 3 && e.tile == 7;
}

void probe(const bitlet_config *c, const bitlet_derived *d)
{
	board b;
	bitlet_device dev = b.device(false);
	bitlet_info i = {};
	bool good = bitlet_dev_probe(&dev, &i) == BITLET_DEV_OK && i.hash == d->hash && i.n == c->n && i.pes == c->pes && i.modes == d->modes &&
		    i.output_lanes == c->output_lanes && i.bus_bytes == d->bus_bytes && i.address_bits == c->axi_address_bits && i.burst == c->axi_burst &&
		    i.outstanding == c->axi_outstanding && i.act_buffer == c->act_buffer && i.wgt_buffer == c->wgt_buffer &&
		    i.psum_buffer == c->psum_buffer && i.out_buffer == c->out_buffer && i.max_groups == c->max_groups && i.out_bits == d->out_bits &&
		    i.has_float == d->has_float && i.has_fixed == d->has_fixed && i.zero_point == c->zero_point && i.parity == c->parity;
	report(good, "driver: probe tells the configuration");
	report(b.errors == 0 && b.protocol_good, "driver: probe reads registers that are there");
}

void runs(bool with_irq)
{
	board b;
	bitlet_device dev = b.device(with_irq);
	bitlet_error e = {};
	b.length = 3000;
	report(bitlet_dev_run(&dev, 0x123456700, 512, 5000, &e) == BITLET_DEV_OK && same_error(e, 0, 0, 0), "driver: a good run");
	report(with_irq ? b.waits == 1 : b.waits == 0, with_irq ? "driver: one interrupt ends it" : "driver: polled");
	b.ending = FAULT;
	report(bitlet_dev_run(&dev, 0x100, 512, 5000, &e) == BITLET_DEV_ERROR && same_error(e, BITLET_ERROR_DECERR, BITLET_CHANNEL_OUT, 0x123456789abcdef0),
	       "driver: a fault with code, channel and address");
	report(bitlet_dev_error(&dev, &e) == BITLET_DEV_ERROR && e.code == BITLET_ERROR_DECERR, "driver: the fault stays until the next start");
	b.ending = UNTIL_ABORT;
	uint64_t start = b.cycle;
	report(bitlet_dev_run(&dev, 0x100, 512, 5000, &e) == BITLET_DEV_TIMEOUT && same_error(e, BITLET_ERROR_ABORTED, 0, 0) && b.cycle - start < 5200,
	       "driver: a time-out aborts");
	b.ending = GOOD;
	report(bitlet_dev_run(&dev, 0x100, 512, 5000, &e) == BITLET_DEV_OK && e.code == 0, "driver: a good run after it");
	b.ending = NEVER;
	start = b.cycle;
	report(bitlet_dev_run(&dev, 0x100, 512, 1000, &e) == BITLET_DEV_TIMEOUT && e.code == BITLET_ERROR_NONE && b.cycle - start < 2200,
	       "driver: two time-outs when nothing answers");
	report(bitlet_dev_error(&dev, NULL) == BITLET_DEV_BUSY && bitlet_dev_start(&dev, 0x100, 512) == BITLET_DEV_BUSY, "driver: busy, then");
	report(bitlet_dev_reset(&dev, 500) == BITLET_DEV_TIMEOUT && b.resets == 1, "driver: so does a reset");
	report(b.starts == 5 && b.errors == 0 && b.protocol_good, "driver: every access was good");
}

void control()
{
	board b;
	bitlet_device dev = b.device(true);
	bitlet_error e = {};
	b.length = 100000;
	b.flags = BITLET_FLAGS_OVERFLOW_MASK | BITLET_FLAGS_INEXACT_MASK;
	report(bitlet_dev_start(&dev, 0xabc00, 768) == BITLET_DEV_OK && b.read32(BITLET_REG_PROGRAM_LOW) == 0xabc00 && b.read32(BITLET_REG_PROGRAM_BYTES) == 768,
	       "driver: start sets the program");
	report(bitlet_dev_wait(&dev, 300, &e) == BITLET_DEV_TIMEOUT && bitlet_dev_error(&dev, NULL) == BITLET_DEV_BUSY, "driver: a wait that is too short");
	b.write32(BITLET_REG_CONTROL, BITLET_CONTROL_START_MASK);
	report(BITLET_GET(b.read32(BITLET_REG_STATUS), STATUS_START_IGNORED) == 1, "driver: start while busy is noted");
	report(bitlet_dev_abort(&dev, 1000) == BITLET_DEV_OK && bitlet_dev_error(&dev, &e) == BITLET_DEV_ERROR && e.code == BITLET_ERROR_ABORTED, "driver: abort");
	b.flags = 0;
	report(bitlet_dev_flags(&dev, false) == 5 && bitlet_dev_flags(&dev, true) == 5 && bitlet_dev_flags(&dev, false) == 0, "driver: flags are read and cleared");
	bitlet_dev_clear(&dev);
	report(BITLET_GET(b.read32(BITLET_REG_STATUS), STATUS_START_IGNORED) == 0, "driver: events are cleared");
	report(bitlet_dev_abort(&dev, 1000) == BITLET_DEV_OK, "driver: nothing to abort");
	b.ending = GOOD;
	b.length = 10000;
	report(bitlet_dev_start(&dev, 0x100, 256) == BITLET_DEV_OK && bitlet_dev_reset(&dev, 1000) == BITLET_DEV_OK && b.cycle < 10000, "driver: reset ends a run");
	report(bitlet_dev_error(&dev, &e) == BITLET_DEV_OK && e.code == 0 && b.read32(BITLET_REG_PROGRAM_LOW) == 0 && b.read32(BITLET_REG_IRQ_ENABLE) == 0 &&
	       BITLET_GET(b.read32(BITLET_REG_STATUS), STATUS_DONE) == 0, "driver: ... and leaves reset values");
	b.read32(0xffc);
	b.write32(BITLET_REG_IDENTITY, 0);
	report(b.errors == 2 && b.protocol_good, "bus errors for no register and for one that is read-only");
}

void numbers_and_words()
{
	board b;
	bitlet_device dev = b.device(false);
	uint64_t all[BITLET_COUNTERS];
	bitlet_dev_counters(&dev, all);
	report(!memcmp(all, b.counters, sizeof all) && bitlet_dev_counter(&dev, BITLET_COUNTERS) == 0, "driver: counters of 48 bits");
	bool good = !strcmp(bitlet_error_name(BITLET_ERROR_CRC), "CRC") && !strcmp(bitlet_error_meaning(BITLET_ERROR_ABORTED), "aborted by the host") &&
		    !strcmp(bitlet_error_name(15), "?") && !strcmp(bitlet_error_meaning(15), "?") && !strcmp(bitlet_channel_name(BITLET_CHANNEL_OUT), "out") &&
		    !strcmp(bitlet_channel_name(7), "?") && !strcmp(bitlet_counter_name(0), "cycles") && !strcmp(bitlet_counter_name(BITLET_COUNTERS), "?") &&
		    strstr(bitlet_counter_meaning(1), "cycles") && !strcmp(bitlet_counter_meaning(BITLET_COUNTERS), "?");
	report(good, "driver: words");
}

uint32_t nothing(void *, uint32_t) { return 0xffffffff; }

uint32_t another_version(void *b, uint32_t offset)
{
	uint32_t value = read32(b, offset);
	return offset == BITLET_REG_VERSION ? value + BITLET_PUT(1u, VERSION_PROGRAM) : value;
}

void absent()
{
	board b;
	bitlet_device dev = b.device(false);
	bitlet_info info;
	dev.read32 = nothing;
	report(bitlet_dev_probe(&dev, &info) == BITLET_DEV_ABSENT, "driver: nothing there");
	dev.read32 = another_version;
	report(bitlet_dev_probe(&dev, &info) == BITLET_DEV_ABSENT, "driver: a core for other programs");
}

}

void test_driver(const register_map *, const bitlet_config *c, const bitlet_derived *d)
{
	probe(c, d);
	runs(false);
	runs(true);
	control();
	numbers_and_words();
	absent();
}
