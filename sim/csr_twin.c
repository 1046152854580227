#include "csr_twin.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "bitlet_regs.h"

enum { SLVERR = 2, WORDS = REGISTER_SPACE / 4 };

static uint32_t field_mask(const struct register_field *f)
{
	return (f->width == 32 ? UINT32_MAX : (UINT32_C(1) << f->width) - 1) << f->lsb;
}

/* Bits of a register's fields of one kind. */
static uint32_t kind_mask(const struct csr_twin *m, const struct register_row *r, enum register_kind kind)
{
	uint32_t mask = 0;
	for (unsigned i = r->first; i < r->first + r->fields; i++)
		if (m->map.field[i].kind == kind)
			mask |= field_mask(&m->map.field[i]);
	return mask;
}

static void reset_values(struct csr_twin *m)
{
	for (unsigned r = 0; r < m->map.rows; r++)
		m->value[r] = register_reset(&m->map, &m->map.row[r]);
	m->done = m->error = false;
	m->code = m->channel = 0;
	m->address = 0;
	m->irq = false;
	m->kept = 0;
}

void csr_twin_init(struct csr_twin *m, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(m, 0, sizeof *m);
	register_map_fill(&m->map, c, d);
	for (int i = 0; i < WORDS; i++)
		m->row[i] = -1;
	for (unsigned r = 0; r < m->map.rows; r++)
		m->row[m->map.row[r].offset / 4] = (short)r;
	reset_values(m);
}

static const struct register_row *row_at(const struct csr_twin *m, uint32_t offset)
{
	int row = m->row[offset / 4 % WORDS];
	return row < 0 ? NULL : &m->map.row[row];
}

static uint32_t *value_at(struct csr_twin *m, uint32_t offset)
{
	return &m->value[m->row[offset / 4]];
}

static uint32_t setting(const struct csr_twin *m, uint32_t offset)
{
	return m->value[m->row[offset / 4]];
}

void csr_twin_out(const struct csr_twin *m, struct top_axil_out *host, bool *irq, struct core_in *in)
{
	*host = (struct top_axil_out){
		.awready = !m->aw, .wready = !m->w, .bvalid = m->bvalid, .bresp = m->bad ? SLVERR : 0, .arready = !m->ar, .rvalid = m->rvalid,
		.rresp = m->rbad ? SLVERR : 0, .rdata = m->rdata,
	};
	*irq = m->irq;
	in->start = m->start;
	in->abort = m->abort;
	in->soft_reset = m->reset;
	in->program_address = setting(m, BITLET_REG_PROGRAM_LOW) | (uint64_t)setting(m, BITLET_REG_PROGRAM_HIGH) << 32;
	in->program_bytes = setting(m, BITLET_REG_PROGRAM_BYTES);
	in->parity_test = (uint8_t)setting(m, BITLET_REG_PARITY_TEST);
}

static uint64_t counter(const struct core_counters *c, unsigned index)
{
	const uint64_t all[] = {
#define COUNTER(name, meaning) c->name,
#include "counters.def"
	};
	assert(index < sizeof all / sizeof *all);
	return all[index] & ((UINT64_C(1) << COUNTER_BITS) - 1);
}

static uint32_t status(const struct csr_twin *m, const struct core_out *core)
{
	return (core->idle && !m->start ? BITLET_STATUS_IDLE_MASK : 0) | (m->done ? BITLET_STATUS_DONE_MASK : 0) |
	       (m->error ? BITLET_STATUS_ERROR_MASK : 0) | BITLET_PUT(m->code, STATUS_CODE) | BITLET_PUT(m->channel, STATUS_CHANNEL);
}

/* STATE fields other than counters. */
static uint32_t state(const struct csr_twin *m, const struct register_row *r, const struct core_out *core)
{
	switch (r->offset) {
	case BITLET_REG_STATUS: return status(m, core);
	case BITLET_REG_ERROR_ADDRESS_LOW: return (uint32_t)m->address;
	case BITLET_REG_ERROR_ADDRESS_HIGH: return (uint32_t)(m->address >> 32);
	case BITLET_REG_POSITION: return core->position;
	default: return 0;
	}
}

/* The register as it is read in this cycle, but for high halves of counters. */
static uint32_t read_row(const struct csr_twin *m, const struct register_row *r, const struct core_out *core)
{
	uint32_t kept = kind_mask(m, r, KIND_CONSTANT) | kind_mask(m, r, KIND_SETTING) | kind_mask(m, r, KIND_STICKY);
	if (r->counter >= 0)
		return (uint32_t)counter(&core->counters, (unsigned)r->counter);
	return (m->value[r - m->map.row] & kept) | (state(m, r, core) & kind_mask(m, r, KIND_STATE));
}

uint32_t csr_twin_peek(const struct csr_twin *m, uint32_t offset, const struct core_out *core)
{
	const struct register_row *r = row_at(m, offset);
	if (!r)
		return 0;
	return r->high ? (uint32_t)(counter(&core->counters, (unsigned)r->counter) >> 32) : read_row(m, r, core);
}

/* Byte strobes as a mask of bits. */
static uint32_t strobe_mask(uint8_t strobe)
{
	uint32_t mask = 0;
	for (int i = 0; i < 4; i++)
		mask |= (strobe >> i & 1 ? UINT32_C(0xff) : 0) << 8 * i;
	return mask;
}

static void clock_read(struct csr_twin *m, const struct top_axil_in *host, const struct core_out *core)
{
	bool read = m->ar && !m->rvalid;
	if (read) {
		const struct register_row *r = row_at(m, m->raddr);
		m->rbad = !r;
		m->rdata = !r ? 0 : r->high ? m->kept : read_row(m, r, core);
		if (r && r->counter >= 0 && !r->high)
			m->kept = (uint32_t)(counter(&core->counters, (unsigned)r->counter) >> 32);
	}
	m->rvalid = m->rvalid ? !host->rready : read;
	if (!m->ar)
		m->raddr = host->araddr;
	m->ar = m->ar ? !read : host->arvalid;
}

/* The axil_port's part of a write; register contents have been changed before. */
static void clock_write(struct csr_twin *m, const struct top_axil_in *host, bool write)
{
	m->bvalid = m->bvalid ? !host->bready : write;
	if (!m->aw)
		m->waddr = host->awaddr;
	if (!m->w) {
		m->wdata = host->wdata;
		m->wmask = strobe_mask(host->wstrb);
	}
	m->aw = m->aw ? !write : host->awvalid;
	m->w = m->w ? !write : host->wvalid;
}

/* Settings and sticky bits of the register that is written. */
static void write_row(struct csr_twin *m, const struct register_row *r)
{
	uint32_t *v = &m->value[r - m->map.row], ones = m->wdata & m->wmask, settings = kind_mask(m, r, KIND_SETTING) & m->wmask;
	*v = (*v & ~settings) | (ones & settings);
	*v &= ~(ones & kind_mask(m, r, KIND_STICKY));
}

/* How the run ended; set against cleared: set wins. */
static void note_events(struct csr_twin *m, const struct core_out *core)
{
	if (m->quiet)
		return;
	if (core->done)
		m->done = true;
	if (core->failed) {
		m->error = true;
		m->code = core->error.fault;
		m->channel = core->error.channel;
		m->address = core->error.address;
	}
	*value_at(m, BITLET_REG_IRQ_STATUS) |= (core->done ? BITLET_IRQ_STATUS_DONE_MASK : 0) | (core->failed ? BITLET_IRQ_STATUS_ERROR_MASK : 0);
	*value_at(m, BITLET_REG_FLAGS) |= core->flags & 0xf;
}

static void forget_run(struct csr_twin *m)
{
	m->done = m->error = false;
	m->code = m->channel = 0;
	m->address = 0;
}

void csr_twin_clock(struct csr_twin *m, const struct top_axil_in *host, const struct core_out *core)
{
	bool write = m->aw && m->w && !m->bvalid;
	const struct register_row *r = write ? row_at(m, m->waddr) : NULL;
	bool good = r && register_writable(&m->map, r);
	uint32_t control = good && r->offset == BITLET_REG_CONTROL ? m->wdata & m->wmask : 0;
	bool reset = BITLET_GET(control, CONTROL_RESET), start = BITLET_GET(control, CONTROL_START), abort = BITLET_GET(control, CONTROL_ABORT);
	bool irq = (setting(m, BITLET_REG_IRQ_STATUS) & setting(m, BITLET_REG_IRQ_ENABLE)) != 0;

	clock_read(m, host, core);
	if (good)
		write_row(m, r);
	note_events(m, core);
	m->irq = irq;
	m->start = start && core->idle && !reset;
	m->abort = abort && !core->idle && !reset;
	m->reset = reset;
	m->quiet = (m->quiet || reset) && !core->idle;
	if (start && !core->idle)
		*value_at(m, BITLET_REG_STATUS) |= BITLET_STATUS_START_IGNORED_MASK;
	if (m->start)
		forget_run(m);
	if (reset)
		reset_values(m);
	if (write)
		m->bad = !good;
	clock_write(m, host, write);
}

const char *csr_twin_register(const struct csr_twin *m, uint32_t offset)
{
	const struct register_row *r = row_at(m, offset);
	return r ? r->name : "nothing";
}
