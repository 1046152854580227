/*
 * fetch.v, sequencer.v and perf_counters.v against their twins in every cycle, over many short runs of random programs, good and damaged, with random
 * units, masters, stalls, faults, aborts and soft resets. Prints TAP. usage: sequencer_bench CONFIG RUNS SEED
 */
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "Vsequencer_bench.h"

extern "C" {
#include "config_load.h"
#include "fetch.h"
#include "perf_counters.h"
#include "sequencer.h"
}

enum { COUNTERS = 0
#define COUNTER(name, meaning) + 1
#include "counters.def"
};

static bitlet_config config;
static bitlet_derived derived;
static uint64_t random_state = 1;

static uint64_t draw()
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state * UINT64_C(0x2545f4914f6cdd1d);
}
static unsigned below(unsigned n) { return (unsigned)((draw() >> 33) % n); }
static bool chance(unsigned of_256) { return below(256) < of_256; }

/* What a run is to end with by the damage done to its program, and where. */
struct plan {
	std::vector<uint32_t> words;
	uint64_t address;
	uint32_t bytes;
	core_fault fault = CORE_FAULT_NONE;
	unsigned good_records;
	uint64_t fault_address = 0;
};

static program_tile random_tile(unsigned index)
{
	program_tile t = {};
	const bitlet_mode *m = &derived.mode[t.mode = below(derived.modes)];
	t.opcode = PROGRAM_TILE;
	t.wait = chance(80);
	t.layer = below(65536);
	t.tile = index;
	t.pes_less_1 = below(config.pes);
	t.groups = chance(60) ? derived.tile_groups : 1 + below(derived.tile_groups);
	t.psum_in = chance(60);
	t.psum_out = chance(60);
	t.pixels = t.psum_in || t.psum_out ? 1 + below(config.psum_buffer) : (int64_t)(draw() >> 32 | 1);
	auto bytes = [&](unsigned group) { return (t.groups - 1) * (int64_t)group + (chance(80) ? 1 : chance(128) ? group : 1 + below(group)); };
	t.act_vector_bytes = bytes(m->a_group_bytes);
	t.wgt_vector_bytes = bytes(m->w_group_bytes);
	t.act_run_bytes = 1 + below(0xffffff);
	t.wgt_run_bytes = 1 + below(0xffffff);
	t.out_run_bytes = 1 + below(0xffff);
	t.format = m->precision.is_float ? (int64_t)FORMAT_FP32 : below(4);
	t.rounding = below(3);
	t.act_base = draw();
	return t;
}

static void put_tile(plan *p, unsigned index, const program_tile &t)
{
	if (!program_put_tile(&p->words[PROGRAM_BLOCK_WORDS * index], &t))
		abort();
}

/* One field out of range. false: this configuration cannot have that. */
static bool damage_tile(program_tile *t)
{
	const bitlet_mode *m = &derived.mode[t->mode];
	switch (below(17)) {
	case 0: t->opcode = chance(128) ? 0 : 2 + below(254); return true;
	case 1: t->mode = derived.modes; return derived.modes < 16;
	case 2: t->pes_less_1 = config.pes + below(256 - config.pes); return true;
	case 3: t->groups = 0; return true;
	case 4: /* nothing else is wrong with it */
		t->groups = derived.tile_groups + 1;
		t->act_vector_bytes = t->groups * m->a_group_bytes;
		t->wgt_vector_bytes = t->groups * m->w_group_bytes;
		return true;
	case 5: t->groups += INT64_C(1) << 31; return true;
	case 6: t->pixels = 0; return true;
	case 7: t->act_vector_bytes = t->groups * m->a_group_bytes + 1; return true;
	case 8: t->act_vector_bytes = (t->groups - 1) * m->a_group_bytes; return true;
	case 9: t->wgt_vector_bytes = t->groups * m->w_group_bytes + 1; return true;
	case 10: t->wgt_vector_bytes = (t->groups - 1) * m->w_group_bytes; return true;
	case 11: t->act_run_bytes = 0; return true;
	case 12: t->wgt_run_bytes = 0; return true;
	case 13: t->out_run_bytes = 0; return true;
	case 14: t->format = below(3); return m->precision.is_float;
	case 15: t->rounding = 3; return true;
	default: t->psum_in = 1; t->psum_out = below(2); t->pixels = config.psum_buffer + 1; return true;
	}
}

static void damage_header(plan *p, program_header h, core_fault fault)
{
	switch (fault) {
	case CORE_FAULT_MAGIC: h.magic ^= 1u << below(32); break;
	case CORE_FAULT_VERSION: h.version = 2; break;
	case CORE_FAULT_HASH: (chance(128) ? h.hash_low : h.hash_high) ^= 1u << below(32); break;
	default:
		switch (below(4)) {
		case 0: p->bytes += 256; break;
		case 1: h.tiles++; break;
		case 2: h.tiles |= UINT32_C(1) << (24 + below(8)); break;
		default: p->bytes = ++h.bytes; break;
		}
	}
	if (chance(64)) /* what is checked later may be wrong too */
		h.bytes ^= fault == CORE_FAULT_TRUNCATED ? 0 : 4;
	program_put_header(p->words.data(), &h);
}

static void damage(plan *p, const program_header &h, std::vector<program_tile> &tiles)
{
	unsigned block = below((unsigned)tiles.size() + 1);
	p->fault = (core_fault)(1 + below(CORE_FAULT_RECORD));
	if (p->fault == CORE_FAULT_RECORD && tiles.empty())
		p->fault = CORE_FAULT_CRC;
	switch (p->fault) {
	case CORE_FAULT_ADDRESS: p->address += 1 + below(255); block = 0; break;
	case CORE_FAULT_CRC: p->words[PROGRAM_BLOCK_WORDS * block + below(PROGRAM_BLOCK_WORDS)] ^= 1u << below(32); break;
	case CORE_FAULT_RECORD:
		block = 1 + below((unsigned)tiles.size());
		for (program_tile t; t = tiles[block - 1], !damage_tile(&t) || (put_tile(p, block, t), false);)
			;
		break;
	default: block = 0; damage_header(p, h, p->fault); break;
	}
	p->good_records = block ? block - 1 : 0;
	p->fault_address = p->address + PROGRAM_BLOCK_BYTES * block;
}

static plan random_plan()
{
	plan p;
	unsigned count = below(4);
	std::vector<program_tile> tiles;
	p.words.resize(PROGRAM_BLOCK_WORDS * (count + 1));
	p.address = (draw() >> (64 - config.axi_address_bits)) & ~UINT64_C(0xffff);
	p.bytes = PROGRAM_BLOCK_BYTES * (count + 1);
	program_header h = { PROGRAM_MAGIC, PROGRAM_VERSION, derived.hash_low, derived.hash_high, p.bytes, count, 1 };
	program_put_header(p.words.data(), &h);
	for (unsigned i = 0; i < count; i++) {
		tiles.push_back(random_tile(i));
		put_tile(&p, i + 1, tiles[i]);
	}
	p.good_records = count;
	if (chance(100))
		damage(&p, h, tiles);
	return p;
}

/* Everything that drives both sides in a cycle. */
struct inputs {
	bool start, abort, soft_reset, run_ready, beat_valid, tile_ready, tiles_empty;
	bool idle[3], fail[3];      /* act, wgt, out */
	uint8_t code[3], tag, parity;
	uint64_t address[3];
	core_beat beat;
	core_counters event;
};

struct twins {
	fetch f;
	sequencer s;
	perf_counters c;
	struct fetch_out fo;
	struct sequencer_out so;
	struct perf_counters_out co;
};

struct bench {
	Vsequencer_bench v;
	twins t;
	const char *stall = "";
	bool stall_in, stall_out;
	uint64_t cycles = 0;
	unsigned ends[16][5] = {};  /* failed runs by code and channel; [0][0]: good ones */
	unsigned resets = 0, waits = 0, takes = 0;
	std::vector<uint8_t> memory_beats; /* to come */
	size_t beat_at;
	bool beat_taken;            /* at the last edge */
	bool drained_before, ready_before; /* what the units showed one cycle ago */
};

static bool differ(const bench &b, const char *what, uint64_t rtl, uint64_t model)
{
	if (rtl == model)
		return false;
	printf("# cycle %" PRIu64 ": %s is %" PRIx64 ", model has %" PRIx64 "\n", b.cycles, what, rtl, model);
	return true;
}

static uint64_t counter_of(const Vsequencer_bench &v, unsigned i)
{
	uint64_t sum = 0;
	for (unsigned bit = 0; bit < 48; bit += 16)
		sum |= (uint64_t)(v.counters[(48 * i + bit) / 32] >> (48 * i + bit) % 32 & 0xffff) << bit;
	return sum;
}

static bool same(bench *b)
{
	const Vsequencer_bench &v = b->v;
	const twins &t = b->t;
	bool bad = differ(*b, "run_valid", v.run_valid, t.fo.run_valid) | differ(*b, "beat_ready", v.beat_ready, t.fo.beat_ready) |
	           differ(*b, "tile_take", v.tile_take, t.so.tile_take) | differ(*b, "idle", v.idle, t.so.idle) | differ(*b, "stop", v.stop, t.so.stop) |
	           differ(*b, "clear", v.clear, t.so.clear) | differ(*b, "done", v.done, t.so.done) | differ(*b, "failed", v.failed, t.so.failed) |
	           differ(*b, "position", v.position, t.so.position);
	if (v.run_valid)
		bad |= differ(*b, "run_address", v.run_address, t.fo.run.address);
	if (v.failed)
		bad |= differ(*b, "error_code", v.error_code, t.so.error.fault) | differ(*b, "error_channel", v.error_channel, t.so.error.channel) |
		       differ(*b, "error_address", v.error_address, t.so.error.address);
	for (unsigned i = 0; v.tile_take && i < PROGRAM_BLOCK_WORDS; i++)
		bad |= differ(*b, "record", v.record[i], t.f.block[i]);
	const uint64_t expected[] = {
#define COUNTER(name, meaning) t.co.counters.name,
#include "counters.def"
	};
	for (unsigned i = 0; i < COUNTERS; i++)
		bad |= differ(*b, "counter", counter_of(v, i), expected[i]);
	return !bad;
}

static void drive(bench *b, const inputs &in, const plan &p)
{
	Vsequencer_bench &v = b->v;
	v.start = in.start;
	v.abort_run = in.abort;
	v.soft_reset = in.soft_reset;
	v.program_address = p.address;
	v.program_bytes = p.bytes;
	v.run_ready = in.run_ready;
	v.beat_valid = in.beat_valid;
	memcpy((void *)&v.beat_data, in.beat.data, derived.bus_bytes);
	v.tile_ready = in.tile_ready;
	v.tiles_empty = in.tiles_empty;
	v.act_idle = in.idle[0], v.wgt_idle = in.idle[1], v.out_idle = in.idle[2];
	v.act_fail = in.fail[0], v.wgt_fail = in.fail[1], v.out_fail = in.fail[2];
	v.act_code = in.code[0], v.wgt_code = in.code[1], v.out_code = in.code[2];
	v.act_address = in.address[0], v.wgt_address = in.address[1], v.out_address = in.address[2];
	v.wgt_tag = in.tag;
	v.parity_bad = in.parity;
	const uint64_t event[] = {
#define COUNTER(name, meaning) in.event.name,
#include "counters.def"
	};
	v.event_now = 0;
	for (unsigned i = 0; i < COUNTERS; i++)
		v.event_now |= (uint32_t)(event[i] & 1) << i;
	v.event_many = (uint8_t)in.event.outputs;
}

static void show(bench *b)
{
	b->v.clk = 0;
	b->v.eval();
	fetch_out(&b->t.f, &b->t.fo);
	sequencer_out(&b->t.s, &b->t.so);
	perf_counters_out(&b->t.c, &b->t.co);
}

static void clock(bench *b, const inputs &in, const plan &p)
{
	twins &t = b->t;
	const fetch_in fi = { in.start, p.address, p.bytes, in.run_ready, in.beat_valid, in.beat, t.so.tile_take };
	const sequencer_in si = {
		in.start, in.abort, in.soft_reset, t.fo.record_valid, t.fo.finished, t.fo.record, t.fo.fault, t.fo.fault_address,
		in.tile_ready, in.tiles_empty, in.idle[0], in.idle[1], in.idle[2],
		{ in.fail[0], in.code[0], 0, in.address[0] }, { in.fail[1], in.code[1], in.tag, in.address[1] }, { in.fail[2], in.code[2], 0, in.address[2] },
		(in.parity & 1) != 0, (in.parity & 2) != 0, (in.parity & 4) != 0,
	};
	const perf_counters_in ci = { in.start, t.so.clear, in.soft_reset, in.event };
	if (t.so.clear)
		fetch_reset(&t.f);
	else
		fetch_clock(&t.f, &fi);
	sequencer_clock(&t.s, &si);
	perf_counters_clock(&t.c, &ci);
	b->v.clk = 1;
	b->v.eval();
	b->cycles++;
}

/* A run's chances, in 65536 a cycle, of something going wrong. */
struct trouble {
	unsigned fail, parity, abort, reset;
};

static void choose(bench *b, inputs *in, const trouble &x)
{
	auto rarely = [](unsigned of_65536) { return of_65536 && below(65536) < of_65536; };
	in->start = false;
	in->abort = rarely(x.abort);
	in->soft_reset = rarely(x.reset);
	in->run_ready = !b->stall_in || chance(100);
	if (!in->beat_valid || b->beat_taken) { /* what was valid and not taken stays */
		in->beat_valid = b->beat_at < b->memory_beats.size() && (!b->stall_in || chance(120));
		if (in->beat_valid)
			memcpy(in->beat.data, &b->memory_beats[b->beat_at], derived.bus_bytes);
	}
	in->tile_ready = !b->stall_out || chance(60);
	in->tiles_empty = b->stall_out ? chance(100) : true;
	for (unsigned i = 0; i < 3; i++) {
		in->idle[i] = !b->stall_out || chance(100);
		in->fail[i] = rarely(x.fail);
		in->code[i] = (uint8_t)(2 + below(2));
		in->address[i] = draw();
	}
	in->tag = (uint8_t)below(2);
	in->parity = (uint8_t)(rarely(x.parity) ? below(8) : 0);
	for (unsigned i = 0; i < COUNTERS; i++)
		((uint64_t *)&in->event)[i] = below(2);
	in->event.outputs = below(17);
}

/* Takes the beat of this cycle off memory, and brings the block that was asked for. */
static void move_memory(bench *b, const inputs &in, const plan &p)
{
	b->beat_taken = in.beat_valid && b->t.fo.beat_ready;
	if (b->beat_taken)
		b->beat_at += derived.bus_bytes;
	if (!b->t.fo.run_valid || !in.run_ready)
		return;
	uint64_t from = b->t.fo.run.address - p.address;
	b->memory_beats.assign(PROGRAM_BLOCK_BYTES, 0);
	b->beat_at = 0;
	if (from + PROGRAM_BLOCK_BYTES <= 4 * p.words.size())
		memcpy(b->memory_beats.data(), (const uint8_t *)p.words.data() + from, PROGRAM_BLOCK_BYTES);
}

/* The contract, not the twin: a tile goes out only when it may. */
static bool may_take(bench *b, const inputs &in, unsigned *taken)
{
	bool good = true;
	if (b->t.so.tile_take) {
		b->takes++;
		++*taken;
		good &= b->ready_before;
		if (b->t.f.tile.wait) {
			b->waits++;
			good &= b->drained_before;
		}
	}
	b->ready_before = in.tile_ready;
	b->drained_before = in.tiles_empty && in.idle[2];
	return good;
}

/* With nothing else going wrong a run ends as its program says. */
static bool ends_well(bench *b, const plan &p, bool calm, unsigned taken)
{
	const struct sequencer_out &o = b->t.so;
	b->ends[o.failed ? o.error.fault : 0][o.failed ? o.error.channel : 0] += o.failed || o.done;
	b->resets += !o.failed && !o.done;
	if (!calm)
		return true;
	uint64_t address = p.fault == CORE_FAULT_ADDRESS ? p.address : p.fault_address;
	if (o.failed == (p.fault != CORE_FAULT_NONE) && o.done == !o.failed && o.error.fault == p.fault && taken == p.good_records &&
	    (!o.failed || o.error.address == address) && o.error.channel == CHANNEL_NONE)
		return true;
	printf("# ended with code %d, channel %d, address %" PRIx64 ", %u tiles; program has fault %d at %" PRIx64 " and %u good tiles\n", o.error.fault,
	       o.error.channel, o.error.address, taken, p.fault, address, p.good_records);
	return false;
}

static bool run(bench *b)
{
	const plan p = random_plan();
	trouble x = {};
	if (chance(128))
		x = (trouble){ chance(100) * 600u, chance(60) * 600u, chance(100) * 600u, chance(60) * 600u };
	bool calm = !(x.fail | x.parity | x.abort | x.reset), good = true;
	inputs in = {};
	unsigned taken = 0, lead = below(4);
	for (unsigned cycle = 0; good && cycle < 20000; cycle++) {
		b->v.rst = 0;
		if (cycle == 0) {
			b->memory_beats.clear();
			b->beat_at = 0;
		}
		show(b);
		choose(b, &in, x);
		in.start = cycle == lead;
		drive(b, in, p);
		show(b);
		good = same(b) && may_take(b, in, &taken);
		move_memory(b, in, p);
		bool over = b->t.so.clear;
		if (over)
			good &= ends_well(b, p, calm, taken);
		clock(b, in, p);
		if (over)
			return good;
	}
	return false;
}

static unsigned tests, failures;
static void report(bool good, const char *name, const char *stall)
{
	printf("%sok %u - %s%s\n", good ? "" : "not ", ++tests, name, stall);
	failures += !good;
}

static void reset(bench *b)
{
	b->v.rst = 1;
	b->v.start = 0;
	for (unsigned i = 0; i < 2; i++) {
		b->v.clk = 0;
		b->v.eval();
		b->v.clk = 1;
		b->v.eval();
	}
	fetch_init(&b->t.f, &config, &derived);
	fetch_reset(&b->t.f);
	sequencer_reset(&b->t.s);
	perf_counters_reset(&b->t.c);
}

/* Every end that there can be was there. */
static bool covered(const bench &b)
{
	bool all = b.ends[0][0] && b.resets && b.waits && b.ends[CORE_FAULT_ABORTED][0];
	for (unsigned code = CORE_FAULT_ADDRESS; code <= CORE_FAULT_RECORD; code++)
		all &= b.ends[code][0] != 0;
	for (unsigned channel = CHANNEL_ACT; channel <= CHANNEL_PROGRAM; channel++)
		all &= b.ends[CORE_FAULT_SLVERR][channel] && b.ends[CORE_FAULT_DECERR][channel] && (channel == CHANNEL_PROGRAM || b.ends[CORE_FAULT_PARITY][channel]);
	return all;
}

int main(int argc, char **argv)
{
	if (argc != 4 || !config_load(argv[1], &config, stderr))
		return 2;
	bitlet_derive(&config, &derived);
	unsigned runs = (unsigned)atoi(argv[2]);
	random_state = (uint64_t)atoll(argv[3]) * 0x9e3779b97f4a7c15u + 1;
	static bench b;
	reset(&b);
	static const char *const stalls[] = { "no stall", "stall in", "stall out", "stall in and out" };
	for (unsigned s = 0; s < 4; s++) {
		bool good = true;
		b.stall_in = s & 1;
		b.stall_out = s >> 1;
		for (unsigned r = 0; good && r < runs; r++)
			good = run(&b);
		report(good, "fetch, sequencer and counters agree with their twins, ", stalls[s]);
	}
	report(covered(b), "every way to end a run was seen", "");
	printf("# %" PRIu64 " cycles, %u tiles, %u of them waited, %u runs ended well\n", b.cycles, b.takes, b.waits, b.ends[0][0]);
	return failures != 0;
}
