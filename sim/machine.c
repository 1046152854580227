#include "machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "machine_compare.h"
#include "stimulus.h"

enum { RESET_CYCLES = 5, ANSWER_CYCLES = 1000, PATIENCE = 20000, GROUP_CYCLES = 64, LATE = 4 };

static const uint64_t forever = UINT64_MAX / 2;

/* --break: what one side shows of a write beat is wrong as long as it is shown. */
static void break_beat(const struct machine *m, enum machine_side side, struct axi_write_port *p)
{
	const struct machine_break *b = &m->setup.broken;
	if (!b->on || b->side != side || b->beat != m->written || !p->wvalid || !p->wstrb)
		return;
	unsigned lane = 0;
	while (!(p->wstrb >> lane & 1))
		lane++;
	p->wdata[lane] ^= 1;
}

static void sample_rtl(const struct machine *m, struct top_out *out)
{
	m->setup.rtl->sample(m->dut, out);
	break_beat(m, MACHINE_RTL, &out->out);
}

static void sample_model(const struct machine *m, struct top_out *out, struct core_out *core, struct core_in *in)
{
	core_out(m->core, core);
	csr_twin_out(&m->csr, &out->axil, &out->irq, in);
	out->act = core->act;
	out->wgt = core->wgt;
	out->out = core->out;
	break_beat(m, MACHINE_MODEL, &out->out);
}

static bool moves(const struct memory_out *reply, const struct top_out *t)
{
	return (t->act.arvalid && reply->act.arready) || (t->act.rready && reply->act.rvalid) || (t->wgt.arvalid && reply->wgt.arready) ||
	       (t->wgt.rready && reply->wgt.rvalid) || (t->out.awvalid && reply->out.awready) || (t->out.wvalid && reply->out.wready) ||
	       (t->out.bready && reply->out.bvalid);
}

static void clock_rtl(struct machine *m, const struct top_axil_in *host, const struct memory_out *reply, bool reset)
{
	struct top_in in = {.rst = reset, .axil = *host, .act = reply->act, .wgt = reply->wgt, .out = reply->out};
	m->setup.rtl->drive(m->dut, &in);
	m->rule = m->setup.rtl->violation(m->dut);
	if (m->rule)
		m->trouble = MACHINE_VIOLATES;
	m->setup.rtl->clock(m->dut);
}

static void clock_model(struct machine *m, const struct top_axil_in *host, const struct memory_out *reply, const struct core_out *core, struct core_in *in)
{
	in->act = reply->act;
	in->wgt = reply->wgt;
	in->out = reply->out;
	if (in->start)
		m->start = m->cycle;
	m->position = core->position;
	core_clock(m->core, in);
	csr_twin_clock(&m->csr, host, core);
}

static void record(const struct machine *m, const struct top_axil_in *host, const struct memory_out *reply)
{
	const struct machine_recorder *r = &m->setup.recorder;
	const struct top_in in = {.axil = *host, .act = reply->act, .wgt = reply->wgt, .out = reply->out};
	if (r->cycle)
		r->cycle(r->context, &in, &m->shown);
}

/* One cycle; host is what s_axil gets in it. */
static void step(struct machine *m, const struct top_axil_in *host)
{
	struct memory_out reply;
	struct top_out model = {.irq = false};
	struct core_out core;
	struct core_in in = {.start = false};
	if (m->trouble)
		return;
	memory_out(&m->memory, &reply);
	if (m->core)
		sample_model(m, &model, &core, &in);
	if (m->dut)
		sample_rtl(m, &m->shown);
	else
		m->shown = model;
	if (m->dut && m->core && !compare_ports(&m->shown, &model, m->setup.derived->bus_bytes, &m->difference)) {
		m->trouble = MACHINE_DIFFERS;
		return;
	}
	record(m, host, &reply);
	m->quiet = moves(&reply, &m->shown) ? 0 : m->quiet + 1;
	m->written += m->shown.out.wvalid && reply.out.wready;
	if (m->dut)
		clock_rtl(m, host, &reply, false);
	if (m->core)
		clock_model(m, host, &reply, &core, &in);
	memory_clock(&m->memory, &(struct memory_in){.act = m->shown.act, .wgt = m->shown.wgt, .out = m->shown.out});
	if (m->memory.violation && !m->rule) {
		m->rule = m->memory.violation;
		m->trouble = MACHINE_VIOLATES;
	}
	m->cycle++;
}

void machine_wait(struct machine *m, uint64_t cycles)
{
	static const struct top_axil_in nothing;
	for (uint64_t i = 0; i < cycles && !m->trouble; i++)
		step(m, &nothing);
}

static unsigned late(struct machine *m)
{
	return m->setup.jitter ? bitlet_random_below(&m->rng, LATE) : 0;
}

static void hang(struct machine *m, const char *what)
{
	m->trouble = MACHINE_HANGS;
	m->rule = what;
}

/* One write: address, data and the answer's ready each come when they like. */
static void write32(void *context, uint32_t offset, uint32_t value)
{
	struct machine *m = context;
	m->access = m->trouble ? m->access : offset;
	unsigned address_at = late(m), data_at = late(m), ready_at = late(m);
	bool address = false, data = false; /* taken */
	for (unsigned i = 0; !m->trouble; i++) {
		struct top_axil_in in = {.awvalid = !address && i >= address_at, .wvalid = !data && i >= data_at, .bready = i >= ready_at};
		in.awaddr = in.awvalid ? offset : 0;
		in.wdata = in.wvalid ? value : 0;
		in.wstrb = in.wvalid ? 0xf : 0;
		step(m, &in);
		address |= in.awvalid && m->shown.axil.awready;
		data |= in.wvalid && m->shown.axil.wready;
		if (in.bready && m->shown.axil.bvalid) {
			m->refused += m->shown.axil.bresp != 0;
			return;
		}
		if (i == ANSWER_CYCLES)
			hang(m, "s_axil does not answer a write");
	}
}

static uint32_t read32(void *context, uint32_t offset)
{
	struct machine *m = context;
	m->access = m->trouble ? m->access : offset;
	unsigned address_at = late(m), ready_at = late(m);
	bool address = false;
	for (unsigned i = 0; !m->trouble; i++) {
		struct top_axil_in in = {.arvalid = !address && i >= address_at, .rready = i >= ready_at};
		in.araddr = in.arvalid ? offset : 0;
		step(m, &in);
		address |= in.arvalid && m->shown.axil.arready;
		if (in.rready && m->shown.axil.rvalid) {
			m->refused += m->shown.axil.rresp != 0;
			return m->shown.axil.rdata;
		}
		if (i == ANSWER_CYCLES)
			hang(m, "s_axil does not answer a read");
	}
	return 0;
}

/* After trouble all time is over, so that the driver gives up. */
static uint64_t now(void *context)
{
	const struct machine *m = context;
	return m->trouble ? UINT64_MAX : m->cycle;
}

/* The driver waits for irq; nothing moves on the bus for long: a hang. */
static void wait_irq(void *context, uint64_t ticks)
{
	struct machine *m = context;
	m->quiet = 0;
	for (uint64_t i = 0; i < ticks && !m->trouble && !m->shown.irq; i++) {
		machine_wait(m, 1);
		if (m->quiet > m->patience && !m->trouble)
			hang(m, "nothing moves on the buses, and the run does not end");
	}
}

static void reset(struct machine *m)
{
	static const struct top_axil_in nothing;
	struct memory_out reply;
	memory_out(&m->memory, &reply);
	for (int i = 0; m->dut && i < RESET_CYCLES; i++)
		clock_rtl(m, &nothing, &reply, true);
	m->trouble = MACHINE_FINE; /* before the first reset registers are anything */
	m->rule = NULL;
}

bool machine_open(struct machine *m, const struct machine_setup *setup)
{
	memset(m, 0, sizeof *m);
	m->setup = *setup;
	m->rng.state = setup->memory.seed;
	m->device = (struct bitlet_device){.read32 = read32, .write32 = write32, .now = now, .wait = wait_irq, .context = m};
	m->patience = PATIENCE + (uint64_t)GROUP_CYCLES * setup->config->act_buffer;
	csr_twin_init(&m->csr, setup->config, setup->derived);
	machine_memory(m, &setup->memory, setup->image);
	m->dut = setup->rtl ? setup->rtl->open() : NULL;
	m->core = setup->model ? core_new(setup->config, setup->derived) : NULL;
	if ((setup->rtl && !m->dut) || (setup->model && !m->core)) {
		machine_close(m);
		return false;
	}
	reset(m);
	machine_wait(m, 1); /* no valid in the first cycle behind reset */
	return true;
}

void machine_close(struct machine *m)
{
	if (m->dut)
		m->setup.rtl->close(m->dut);
	core_free(m->core);
	m->dut = NULL;
	m->core = NULL;
}

void machine_memory(struct machine *m, const struct memory_config *c, struct image *image)
{
	m->setup.memory = *c;
	m->setup.image = image;
	memory_reset(&m->memory, c, image);
}

bool machine_read(struct machine *m, struct machine_result *r)
{
	uint32_t status = read32(m, BITLET_REG_STATUS);
	r->idle = BITLET_GET(status, STATUS_IDLE);
	r->done = BITLET_GET(status, STATUS_DONE);
	r->failed = BITLET_GET(status, STATUS_ERROR);
	r->start_ignored = BITLET_GET(status, STATUS_START_IGNORED);
	bitlet_dev_error(&m->device, &r->error);
	r->flags = bitlet_dev_flags(&m->device, false);
	bitlet_dev_counters(&m->device, r->counter);
	return !m->trouble;
}

bool machine_finish(struct machine *m, struct machine_result *r)
{
	r->result = bitlet_dev_wait(&m->device, forever, &r->error);
	return !m->trouble && machine_read(m, r);
}

bool machine_run(struct machine *m, uint64_t program, uint32_t bytes, struct machine_result *r)
{
	memset(r, 0, sizeof *r);
	bitlet_dev_clear(&m->device);
	r->result = bitlet_dev_start(&m->device, program, bytes);
	return !m->trouble && r->result == BITLET_DEV_OK && machine_finish(m, r);
}

void machine_explain(const struct machine *m, FILE *out)
{
	const struct machine_difference *d = &m->difference;
	if (!m->trouble)
		return;
	fprintf(out, "  cycle %" PRIu64 " of the run, %" PRIu64 " since reset", m->cycle - m->start, m->cycle);
	if (m->core)
		fprintf(out, "; dispatched last: tile %u of layer %u", m->position >> 16, m->position & 0xffff);
	fprintf(out, "\n");
	if (m->trouble != MACHINE_DIFFERS) {
		fprintf(out, "  %s: %s\n", m->trouble == MACHINE_HANGS ? "hang" : "protocol", m->rule);
		return;
	}
	fprintf(out, "  %s", d->port);
	if (d->lane >= 0)
		fprintf(out, ", byte lane %d", d->lane);
	if (!strncmp(d->port, "s_axil", 6))
		fprintf(out, ", host's last access: %s", csr_twin_register(&m->csr, m->access));
	fprintf(out, "\n  RTL    0x%" PRIx64 "\n  model  0x%" PRIx64 "\n", d->rtl, d->model);
}
