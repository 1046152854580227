/*
 * layer_faults.c: `bitlet check --layers --faults`: what goes wrong on the bus, in memory and at the host, each followed by a good run.
 */
#include <inttypes.h>
#include <string.h>

#include "feed.h"
#include "layer_campaign.h"

enum { RANDOM_TIMES = 4, SLVERR = 2, DECERR = 3, WAIT_CYCLES = 200000 };

/* How a run must end. */
struct ending {
	enum core_fault fault;
	enum core_channel channel;
	bool any_address;           /* not predicted here (RTL and model agree on it) */
	uint64_t address;
};

static uint32_t *block_at(struct layer_campaign *c, uint32_t block)
{
	return (uint32_t *)(void *)image_at(&c->present.image, c->present.program.program + (uint64_t)block * PROGRAM_BLOCK_BYTES, PROGRAM_BLOCK_BYTES);
}

static void seal(uint32_t *block)
{
	block[PROGRAM_CRC_WORD] = program_crc(block, PROGRAM_CRC_WORD);
}

static bool wrong(struct layer_campaign *c, const char *what, uint64_t got, uint64_t want)
{
	snprintf(c->problem, sizeof c->problem, "%s is 0x%" PRIx64 "; expected 0x%" PRIx64, what, got, want);
	return false;
}

/* Bytes that the layer does not write must be as they were; the program is left out, since experiments damage it. */
static bool judge_memory(struct layer_campaign *c)
{
	const struct layer_case *l = &c->present;
	for (size_t i = 0; i < l->image.bytes; i++) {
		uint64_t address = l->image.base + i;
		if ((address >= l->program.out && address - l->program.out < l->program.out_bytes) ||
		    (address >= l->program.program && address - l->program.program < l->program.program_bytes))
			continue;
		if (l->image.data[i] != l->program.image.data[i])
			return wrong(c, "a byte outside of the outputs", l->image.data[i], l->program.image.data[i]);
	}
	return memory_idle(&c->machine.memory) || wrong(c, "memory_idle", 0, 1);
}

static bool judge(struct layer_campaign *c, const struct machine_result *r, const struct ending *e)
{
	if (c->machine.trouble)
		return false;
	if (!r->idle || r->done == (e->fault != CORE_FAULT_NONE) || r->failed != (e->fault != CORE_FAULT_NONE))
		return wrong(c, "STATUS {idle, done, error}", r->idle * 4u + r->done * 2u + r->failed, e->fault ? 5 : 6);
	if (r->error.code != e->fault)
		return wrong(c, "STATUS.code", r->error.code, e->fault);
	if (r->error.channel != e->channel)
		return wrong(c, "STATUS.channel", r->error.channel, e->channel);
	if (!e->any_address && r->error.address != e->address)
		return wrong(c, "the error's address", r->error.address, e->address);
	return judge_memory(c);
}

/* Memory as the layer wants it, a fault in it, the clock as before a first run. */
static void prepare(struct layer_campaign *c, const struct memory_fault *f)
{
	struct layer_case *l = &c->present;
	machine_memory(&c->machine, &l->memory, &l->image);
	if (f)
		memory_inject(&c->machine.memory, f);
}

static bool run_program(struct layer_campaign *c, uint64_t address, uint32_t bytes, struct machine_result *r)
{
	return machine_run(&c->machine, address, bytes, r) || c->machine.trouble || wrong(c, "result of bitlet_dev_start", r->result, BITLET_DEV_OK);
}

/* The experiment was right so far: then the layer runs as if nothing had been. */
static bool again(struct layer_campaign *c, const char *kind, const struct machine_result *experiment)
{
	struct machine_result r;
	layer_campaign_count(layer_campaign_row(c, kind), &c->present, experiment);
	c->done++;
	size_t used = strlen(c->where);
	snprintf(c->where + used, sizeof c->where - used, ", then the next program");
	if (!layer_campaign_play(c, &r) || c->machine.trouble)
		return false;
	c->where[0] = '\0';
	return true;
}

/* --- the bus */

static bool bus_error(struct layer_campaign *c, enum memory_port port, uint64_t at, uint8_t resp)
{
	static const char *const port_name[] = {"act", "wgt", "out"};
	const struct layer_case *l = &c->present;
	struct machine_result r;
	struct memory_fault f = {.on = true, .port = port, .at = at, .resp = resp};
	snprintf(c->where, sizeof c->where, "%s at %s %s %" PRIu64, resp == DECERR ? "DECERR" : "SLVERR", port_name[port],
	         port == MEMORY_OUT ? "burst" : "beat", at);
	layer_case_rewind(&c->present);
	prepare(c, &f);
	if (!run_program(c, l->program.program, l->program.program_bytes, &r))
		return false;
	if (!c->machine.memory.hit && !c->machine.trouble)
		return wrong(c, "events before the fault", c->machine.memory.answered[port], at + 1);
	uint64_t address = c->machine.memory.hit_address;
	bool program = address >= l->program.program && address - l->program.program < l->program.program_bytes;
	struct ending e = {
		.fault = resp == DECERR ? CORE_FAULT_DECERR : CORE_FAULT_SLVERR, .address = address,
		.channel = port == MEMORY_ACT ? CHANNEL_ACT : port == MEMORY_OUT ? CHANNEL_OUT : program ? CHANNEL_PROGRAM : CHANNEL_WGT,
	};
	return judge(c, &r, &e) && again(c, "bus error", &r);
}

static bool bus_errors(struct layer_campaign *c, const struct machine_result *good)
{
	const uint64_t events[MEMORY_PORTS] = {good->counter[COUNT_act_beats], good->counter[COUNT_wgt_beats], good->counter[COUNT_out_bursts]};
	for (int port = 0; port < MEMORY_PORTS; port++)
		for (unsigned i = 0; i < 3; i++)
			for (uint8_t resp = SLVERR; resp <= DECERR; resp++)
				if (events[port] > i / 2 && !bus_error(c, (enum memory_port)port, i == 0 ? 0 : i == 1 ? events[port] / 2 : events[port] - 1, resp))
					return false;
	return true;
}

/* --- the host */

static bool start(struct layer_campaign *c, uint64_t wait)
{
	const struct layer_case *l = &c->present;
	layer_case_rewind(&c->present);
	prepare(c, NULL);
	bitlet_dev_clear(&c->machine.device);
	enum bitlet_dev_result result = bitlet_dev_start(&c->machine.device, l->program.program, l->program.program_bytes);
	if (c->machine.trouble)
		return false;
	if (result != BITLET_DEV_OK)
		return wrong(c, "result of bitlet_dev_start", result, BITLET_DEV_OK);
	machine_wait(&c->machine, wait);
	return true;
}

static bool abort_run(struct layer_campaign *c, uint64_t cycle)
{
	static const struct ending aborted = {.fault = CORE_FAULT_ABORTED};
	struct machine_result r;
	memset(&r, 0, sizeof r);
	snprintf(c->where, sizeof c->where, "abort %" PRIu64 " cycles behind the start", cycle);
	if (!start(c, cycle))
		return false;
	enum bitlet_dev_result result = bitlet_dev_abort(&c->machine.device, WAIT_CYCLES);
	if (!machine_read(&c->machine, &r))
		return false;
	if (result != BITLET_DEV_OK)
		return wrong(c, "result of bitlet_dev_abort", result, BITLET_DEV_OK);
	bool late = r.error.code == CORE_FAULT_NONE; /* the run had come to its end */
	return (late ? layer_case_judge(&c->present, &r, c->problem) : judge(c, &r, &aborted)) && again(c, "abort", &r);
}

static bool reset_run(struct layer_campaign *c, uint64_t cycle)
{
	struct machine_result r;
	memset(&r, 0, sizeof r);
	snprintf(c->where, sizeof c->where, "reset %" PRIu64 " cycles behind the start", cycle);
	if (!start(c, cycle))
		return false;
	enum bitlet_dev_result result = bitlet_dev_reset(&c->machine.device, WAIT_CYCLES);
	if (!machine_read(&c->machine, &r))
		return false;
	uint64_t rest = r.flags | r.error.layer | r.error.tile | r.error.address | r.error.code | r.error.channel;
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		rest |= r.counter[i];
	rest |= c->machine.device.read32(&c->machine, BITLET_REG_PROGRAM_LOW) | c->machine.device.read32(&c->machine, BITLET_REG_PROGRAM_BYTES);
	if (result != BITLET_DEV_OK)
		return wrong(c, "result of bitlet_dev_reset", result, BITLET_DEV_OK);
	if (rest)
		return wrong(c, "what a soft reset left in the registers", rest, 0);
	if (!r.idle || r.done || r.failed || r.start_ignored)
		return wrong(c, "STATUS {idle, done, error}", r.idle * 4u + r.done * 2u + r.failed, 4);
	return judge_memory(c) && again(c, "soft reset", &r);
}

static bool start_twice(struct layer_campaign *c, uint64_t cycle)
{
	struct machine_result r;
	memset(&r, 0, sizeof r);
	snprintf(c->where, sizeof c->where, "a second start %" PRIu64 " cycles behind the first", cycle);
	if (!start(c, cycle))
		return false;
	c->machine.device.write32(&c->machine, BITLET_REG_CONTROL, BITLET_CONTROL_START_MASK);
	if (!machine_finish(&c->machine, &r))
		return c->machine.trouble ? false : wrong(c, "result of bitlet_dev_wait", r.result, BITLET_DEV_OK);
	/* a late one may come behind the end, and runs the program once more */
	if (!cycle && !r.start_ignored)
		return wrong(c, "STATUS.start_ignored", 0, 1);
	return layer_case_judge(&c->present, &r, c->problem) && again(c, "second start", &r);
}

static bool host_faults(struct layer_campaign *c, const struct machine_result *good, struct bitlet_rng *r)
{
	uint32_t cycles = (uint32_t)good->counter[COUNT_cycles];
	for (int i = 0; i < RANDOM_TIMES; i++)
		if (!abort_run(c, bitlet_random_below(r, i ? cycles + 10 : 4)) || !reset_run(c, bitlet_random_below(r, i ? cycles + 10 : 4)))
			return false;
	return start_twice(c, 0) && start_twice(c, bitlet_random_below(r, cycles));
}

/* --- programs */

/* A program at fault; the image has been damaged already. */
static bool damaged(struct layer_campaign *c, uint64_t address, uint32_t bytes, const struct ending *e)
{
	struct machine_result r;
	prepare(c, NULL);
	return run_program(c, address, bytes, &r) && judge(c, &r, e) && again(c, "bad program", &r);
}

static bool bad_size(struct layer_campaign *c, uint32_t bytes)
{
	struct ending e = {.fault = CORE_FAULT_TRUNCATED, .address = c->present.program.program};
	snprintf(c->where, sizeof c->where, "PROGRAM_BYTES %" PRIu32 " for %" PRIu32, bytes, c->present.program.program_bytes);
	layer_case_rewind(&c->present);
	return damaged(c, c->present.program.program, bytes, &e);
}

/* Word `word` of a block becomes `value`, under a right CRC when sealed. */
static bool bad_word(struct layer_campaign *c, uint32_t block, unsigned word, uint32_t value, bool sealed, enum core_fault fault)
{
	struct ending e = {.fault = fault, .address = c->present.program.program + (uint64_t)block * PROGRAM_BLOCK_BYTES};
	snprintf(c->where, sizeof c->where, "word %u of block %" PRIu32 " is 0x%08" PRIx32 "%s", word, block, value, sealed ? ", CRC right" : "");
	layer_case_rewind(&c->present);
	uint32_t *words = block_at(c, block);
	words[word] = value;
	if (sealed)
		seal(words);
	return damaged(c, c->present.program.program, c->present.program.program_bytes, &e);
}

static bool bad_headers(struct layer_campaign *c, struct bitlet_rng *r)
{
	uint32_t bytes = c->present.program.program_bytes, blocks = bytes / PROGRAM_BLOCK_BYTES;
	layer_case_rewind(&c->present);
	struct program_header h;
	program_get_header(block_at(c, 0), &h);
	for (int i = 0; i < 3; i++) {
		uint32_t block = i ? bitlet_random_below(r, blocks) : 0, word = bitlet_random_below(r, PROGRAM_BLOCK_WORDS);
		uint32_t value = block_at(c, block)[word] ^ UINT32_C(1) << bitlet_random_below(r, 32);
		if (!bad_word(c, block, word, value, false, CORE_FAULT_CRC))
			return false;
	}
	return bad_size(c, 0) && bad_size(c, bytes - PROGRAM_BLOCK_BYTES) && bad_size(c, bytes + PROGRAM_BLOCK_BYTES) && bad_size(c, bytes - 1) &&
	       bad_word(c, 0, 0, ~h.magic, true, CORE_FAULT_MAGIC) && bad_word(c, 0, 1, h.version + 1, true, CORE_FAULT_VERSION) &&
	       bad_word(c, 0, 2, h.hash_low ^ UINT32_C(1) << bitlet_random_below(r, 32), true, CORE_FAULT_HASH) &&
	       bad_word(c, 0, 3, h.hash_high ^ UINT32_C(1) << bitlet_random_below(r, 32), true, CORE_FAULT_HASH) &&
	       bad_word(c, 0, 4, h.bytes + PROGRAM_BLOCK_BYTES, true, CORE_FAULT_TRUNCATED) &&
	       bad_word(c, 0, 5, h.tiles + 1, true, CORE_FAULT_TRUNCATED) && bad_word(c, 0, 5, h.tiles - 1, true, CORE_FAULT_TRUNCATED);
}

static bool bad_addresses(struct layer_campaign *c)
{
	const struct layer_case *l = &c->present;
	struct ending e = {.fault = CORE_FAULT_ADDRESS, .address = l->program.program + 4};
	layer_case_rewind(&c->present);
	snprintf(c->where, sizeof c->where, "a program address that is not aligned");
	if (!damaged(c, e.address, l->program.program_bytes, &e))
		return false;
	e = (struct ending){.fault = CORE_FAULT_DECERR, .channel = CHANNEL_PROGRAM, .address = l->image.base + l->image.bytes};
	snprintf(c->where, sizeof c->where, "a program behind the end of memory");
	return damaged(c, e.address, l->program.program_bytes, &e);
}

/* A field of the last record out of its range. */
static bool bad_field(struct layer_campaign *c, const char *name, const struct program_tile *t)
{
	uint32_t block = c->present.program.tiles;
	struct ending e = {.fault = CORE_FAULT_RECORD, .address = c->present.program.program + (uint64_t)block * PROGRAM_BLOCK_BYTES};
	snprintf(c->where, sizeof c->where, "%s of the last record out of range", name);
	layer_case_rewind(&c->present);
	if (!program_put_tile(block_at(c, block), t))
		return true; /* no bits for such a value */
	return damaged(c, c->present.program.program, c->present.program.program_bytes, &e);
}

static bool bad_records(struct layer_campaign *c)
{
	const struct options *o = c->options;
	struct program_tile good, t;
	layer_case_rewind(&c->present);
	program_get_tile(block_at(c, c->present.program.tiles), &good);
	const struct bitlet_mode *m = &o->derived.mode[good.mode];
	const struct {
		const char *name;
		int64_t *field;
		int64_t value;
	} list[] = {
		{"opcode", &t.opcode, 2}, {"mode", &t.mode, o->derived.modes}, {"pes_less_1", &t.pes_less_1, o->config.pes}, {"groups", &t.groups, 0},
		{"groups", &t.groups, (int64_t)o->derived.tile_groups + 1}, {"pixels", &t.pixels, 0}, {"act_vector_bytes", &t.act_vector_bytes, 0},
		{"act_vector_bytes", &t.act_vector_bytes, good.groups * m->a_group_bytes + 1},
		{"act_vector_bytes", &t.act_vector_bytes, (good.groups - 1) * m->a_group_bytes},
		{"wgt_vector_bytes", &t.wgt_vector_bytes, good.groups * m->w_group_bytes + 1}, {"act_run_bytes", &t.act_run_bytes, 0},
		{"wgt_run_bytes", &t.wgt_run_bytes, 0}, {"out_run_bytes", &t.out_run_bytes, 0}, {"rounding", &t.rounding, 3},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		t = good;
		*list[i].field = list[i].value;
		if (!bad_field(c, list[i].name, &t))
			return false;
	}
	return true;
}

/* A program without tiles is a good one. */
static bool empty_program(struct layer_campaign *c)
{
	static const struct ending good;
	struct program_header h;
	layer_case_rewind(&c->present);
	snprintf(c->where, sizeof c->where, "a program without tiles");
	program_get_header(block_at(c, 0), &h);
	h.tiles = 0;
	h.bytes = PROGRAM_BLOCK_BYTES;
	program_put_header(block_at(c, 0), &h);
	return damaged(c, c->present.program.program, PROGRAM_BLOCK_BYTES, &good);
}

/* --- parity */

static bool parity_fault(struct layer_campaign *c, unsigned bit)
{
	static const enum core_channel channel[] = {CHANNEL_ACT, CHANNEL_WGT, CHANNEL_OUT};
	struct ending e = {.fault = CORE_FAULT_PARITY, .channel = channel[bit]};
	struct machine_result r;
	layer_case_rewind(&c->present);
	prepare(c, NULL);
	snprintf(c->where, sizeof c->where, "PARITY_TEST bit %u", bit);
	c->machine.device.write32(&c->machine, BITLET_REG_PARITY_TEST, UINT32_C(1) << bit);
	if (!run_program(c, c->present.program.program, c->present.program.program_bytes, &r))
		return false;
	c->machine.device.write32(&c->machine, BITLET_REG_PARITY_TEST, 0);
	return (c->options->config.parity ? judge(c, &r, &e) : !c->machine.trouble && layer_case_judge(&c->present, &r, c->problem)) && again(c, "parity", &r);
}

bool layer_faults(struct layer_campaign *c)
{
	struct bitlet_rng r = {feed_seed(c->options->seed, "faults", c->layer)};
	struct machine_result good;
	snprintf(c->where, sizeof c->where, "the same once more");
	if (!layer_campaign_play(c, &good) || c->machine.trouble)
		return false;
	return bus_errors(c, &good) && host_faults(c, &good, &r) && bad_headers(c, &r) && bad_addresses(c) && bad_records(c) && empty_program(c) &&
	       parity_fault(c, 0) && parity_fault(c, 1) && parity_fault(c, 2);
}
