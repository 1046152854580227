/*
 * act_loader.v and wgt_loader.v against their models in every cycle, and both against loader_oracle.h, under random stalls; then how fast they are on
 * aligned tiles. Prints TAP. usage: loader_bench CONFIG NUMBER ROUNDS SEED; NUMBER: of the first test line
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>

#include "Vloader_bench.h"
#include "loader_oracle.h"
#include "verilated.h"

extern "C" {
#include "act_loader.h"
#include "wgt_loader.h"
}

/* Runs that a channel's loader asked for, as beats. Latency is between the run and its first beat. */
struct channel {
	struct beat {
		uint64_t cycle;
		uint8_t data[CORE_MAX_BEAT];
	};
	std::deque<beat> beats;
	bool shown;                 /* the first one was offered: it stays */
	uint64_t taken, first, last; /* beats; cycles of the first and the last */

	void ask(const tile_maker &maker, const core_run &run, uint64_t cycle)
	{
		uint64_t end = run.address + run.bytes, bus = maker.d.bus_bytes;
		for (uint64_t a = run.address / bus * bus; a < end; a += bus) {
			beat b = {cycle, {}};
			for (unsigned i = 0; i < bus; i++)
				b.data[i] = maker.memory(a + i);
			beats.push_back(b);
		}
	}
	bool offer(uint64_t cycle, bool willing)
	{
		shown = !beats.empty() && beats.front().cycle <= cycle && (shown || willing);
		return shown;
	}
	void take(uint64_t cycle)
	{
		if (taken++ == 0)
			first = cycle;
		last = cycle;
		beats.pop_front();
		shown = false;
	}
};

struct stalls {
	const char *name;
	unsigned in, out;           /* of 8 cycles */
};

class bench {
public:
	bench(const tile_maker &m, random_source &r) : maker(m), random(r)
	{
		act_loader_init(&act, &m.c, &m.d);
		wgt_loader_init(&wgt, &m.c, &m.d);
	}
	bool run(std::deque<loader_tile> &tiles, const stalls &s, unsigned latency, bool cut_short);
	channel act_bus, wgt_bus;

private:
	void reset();
	void choose(std::deque<loader_tile> &tiles);
	void drive();
	bool compare(const char *port, uint64_t rtl, uint64_t model);
	bool compare_data(const char *port, const VlWide<16> &rtl, const uint8_t *model);
	bool compare_act();
	bool compare_wgt();
	bool check_act();
	bool check_wgt();
	void follow(std::deque<loader_tile> &tiles);
	bool chance(unsigned stall) { return random.below(8) >= stall; }

	const tile_maker &maker;
	random_source &random;
	Vloader_bench rtl;
	act_loader act;
	wgt_loader wgt;
	act_loader_in act_in;
	wgt_loader_in wgt_in;
	struct act_loader_out act_out;
	struct wgt_loader_out wgt_out;
	stalls stall;
	unsigned latency;
	uint64_t cycle = 0;
	size_t act_tile, wgt_tile;  /* to be taken next */
	std::deque<expected_line> act_due, wgt_due;
	unsigned act_open, wgt_open; /* tiles taken and not finished */
	std::deque<unsigned> act_left, wgt_left; /* lines of each */
	bool full[2];
};

void bench::reset()
{
	memset(&act_in, 0, sizeof act_in);
	memset(&wgt_in, 0, sizeof wgt_in);
	act_bus = wgt_bus = channel();
	act_tile = wgt_tile = 0;
	act_due.clear();
	wgt_due.clear();
	act_left.clear();
	wgt_left.clear();
	act_open = wgt_open = 0;
	full[0] = full[1] = false;
	act_loader_reset(&act);
	wgt_loader_reset(&wgt);
	rtl.rst = 1;
	drive();
	rtl.clk = 1;
	rtl.eval();
	rtl.rst = 0;
}

void bench::choose(std::deque<loader_tile> &tiles)
{
	act_in.tile_take = act_tile < tiles.size() && act_out.tile_ready && chance(stall.in);
	act_in.tile = act_in.tile_take ? &tiles[act_tile].fields : nullptr;
	act_in.run_ready = chance(stall.out);
	act_in.beat_valid = act_bus.offer(cycle, chance(stall.in));
	if (act_in.beat_valid)
		memcpy(act_in.beat.data, act_bus.beats.front().data, sizeof act_in.beat.data);
	act_in.line_ready = chance(stall.out);
	wgt_in.tile_take = wgt_tile < tiles.size() && wgt_out.tile_ready && chance(stall.in);
	wgt_in.tile = wgt_in.tile_take ? &tiles[wgt_tile].fields : nullptr;
	wgt_in.run_ready = chance(stall.out);
	wgt_in.beat_valid = wgt_bus.offer(cycle, chance(stall.in));
	if (wgt_in.beat_valid)
		memcpy(wgt_in.beat.data, wgt_bus.beats.front().data, sizeof wgt_in.beat.data);
	for (int h = 0; h < 2; h++)
		wgt_in.half_full[h] = full[h];
	for (unsigned i = 0; i < PROGRAM_BLOCK_WORDS; i++) { /* anything while no tile is taken */
		rtl.act_record[i] = act_in.tile_take ? tiles[act_tile].block[i] : random.below(UINT32_MAX);
		rtl.wgt_record[i] = wgt_in.tile_take ? tiles[wgt_tile].block[i] : random.below(UINT32_MAX);
	}
}

void bench::drive()
{
	rtl.act_tile_take = act_in.tile_take;
	rtl.act_run_ready = act_in.run_ready;
	rtl.act_beat_valid = act_in.beat_valid;
	rtl.line_ready = act_in.line_ready;
	rtl.wgt_tile_take = wgt_in.tile_take;
	rtl.wgt_run_ready = wgt_in.run_ready;
	rtl.wgt_beat_valid = wgt_in.beat_valid;
	rtl.half_full = (CData)(wgt_in.half_full[0] | wgt_in.half_full[1] << 1);
	memcpy(rtl.act_beat_data.m_storage, act_in.beat.data, CORE_MAX_BEAT);
	memcpy(rtl.wgt_beat_data.m_storage, wgt_in.beat.data, CORE_MAX_BEAT);
	rtl.clk = 0;
	rtl.eval();
}

bool bench::compare(const char *port, uint64_t is, uint64_t model)
{
	if (is != model)
		printf("# cycle %llu: %s is %llx, the model says %llx\n", (unsigned long long)cycle, port, (unsigned long long)is, (unsigned long long)model);
	return is == model;
}

bool bench::compare_data(const char *port, const VlWide<16> &is, const uint8_t *model)
{
	bool good = !memcmp(is.m_storage, model, maker.d.bus_bytes);
	if (!good)
		printf("# cycle %llu: %s differs from the model\n", (unsigned long long)cycle, port);
	return good;
}

/* Inputs of the cycle are on the ports already: no output may look at them. */
bool bench::compare_act()
{
	bool good = compare("act tile_ready", rtl.act_tile_ready, act_out.tile_ready) & compare("act tiles_empty", rtl.act_tiles_empty, act_out.tiles_empty) &
		compare("act run_valid", rtl.act_run_valid, act_out.run_valid) & compare("act beat_ready", rtl.act_beat_ready, act_out.beat_ready) &
		compare("line_valid", rtl.line_valid, act_out.line_valid) & compare("run_tag", rtl.act_run_tag, 0);
	if (act_out.run_valid)
		good &= compare("act run_address", rtl.act_run_address, act_out.run.address) & compare("act run_bytes", rtl.act_run_bytes, act_out.run.bytes);
	if (act_out.line_valid)
		good &= compare("line_index", rtl.line_index, act_out.line.index) & compare("line_group_end", rtl.line_group_end, act_out.line.group_end) &
			compare_data("line_data", rtl.line_data, act_out.line.data);
	return good;
}

bool bench::compare_wgt()
{
	const struct wgt_loader_out &o = wgt_out;
	bool good = compare("wgt tile_ready", rtl.wgt_tile_ready, o.tile_ready) & compare("wgt tiles_empty", rtl.wgt_tiles_empty, o.tiles_empty) &
		compare("wgt run_valid", rtl.wgt_run_valid, o.run_valid) & compare("wgt beat_ready", rtl.wgt_beat_ready, o.beat_ready) &
		compare("wgt_write", rtl.wgt_write, o.wgt_write) & compare("param_write", rtl.param_write, o.param_write) &
		compare("half_set", rtl.half_set, o.half_set[0] | o.half_set[1] << 1) & compare("param_last", rtl.param_last, o.param_last);
	if (o.run_valid)
		good &= compare("wgt run_address", rtl.wgt_run_address, o.run.address) & compare("wgt run_bytes", rtl.wgt_run_bytes, o.run.bytes);
	if (o.wgt_write)
		good &= compare("wgt_write_pe", rtl.wgt_write_pe, o.pe) & compare("wgt_write_half", rtl.wgt_write_half, o.half) &
			compare("wgt_write_group", rtl.wgt_write_group, o.group) & compare("wgt_write_index", rtl.wgt_write_index, o.index) &
			compare_data("wgt_write_data", rtl.wgt_write_data, o.data);
	if (o.param_write)
		good &= compare("param_write_pe", rtl.param_write_pe, o.pe) & compare("param_write_set", rtl.param_write_set, o.set) &
			compare("param_write_index", rtl.param_write_index, o.index) & compare_data("param_write_data", rtl.param_write_data, o.data);
	return good;
}

static bool wrong(const char *what, uint64_t cycle)
{
	printf("# cycle %llu: %s\n", (unsigned long long)cycle, what);
	return false;
}

bool bench::check_act()
{
	if (act_out.tiles_empty != (act_open == 0) || (act_out.tile_ready && act_open >= 2))
		return wrong("act_loader's queue does not hold what it should", cycle);
	if (!act_out.line_valid)
		return true;
	if (act_due.empty())
		return wrong("a line too many", cycle);
	const expected_line &e = act_due.front();
	return (act_out.line.index == e.index && act_out.line.group_end == e.group_end && !memcmp(act_out.line.data, e.data.data(), e.data.size())) ||
		wrong("the line is not what the tile's bytes make", cycle);
}

bool bench::check_wgt()
{
	const struct wgt_loader_out &o = wgt_out;
	if (o.tiles_empty != (wgt_open == 0) || (o.tile_ready && wgt_open >= 2))
		return wrong("wgt_loader's queue does not hold what it should", cycle);
	if (!o.wgt_write && !o.param_write)
		return (!o.half_set[0] && !o.half_set[1] && !o.param_last) || wrong("an end without its line", cycle);
	if (wgt_due.empty())
		return wrong("a write too many", cycle);
	const expected_line &e = wgt_due.front();
	bool good = o.param_write == e.params && o.wgt_write != e.params && o.index == e.index && o.pe == e.vector && !memcmp(o.data, e.data.data(), e.data.size());
	if (e.params)
		good &= o.set == e.place && o.param_last == e.last;
	else
		good &= o.half == e.place && o.group == e.group && !full[e.place] && o.half_set[e.place] == e.last && !o.half_set[!e.place];
	return good || wrong("the write is not what the tile's bytes make", cycle);
}

static void enqueue(const std::vector<expected_line> &lines, std::deque<expected_line> &due, std::deque<unsigned> &left, unsigned &open)
{
	if (lines.empty())
		return;
	due.insert(due.end(), lines.begin(), lines.end());
	left.push_back((unsigned)lines.size());
	open++;
}

static void dequeue(std::deque<expected_line> &due, std::deque<unsigned> &left, unsigned &open)
{
	due.pop_front();
	if (--left.front() == 0) {
		left.pop_front();
		open--;
	}
}

/* What the cycle's transfers do outside of the loaders. */
void bench::follow(std::deque<loader_tile> &tiles)
{
	if (act_out.run_valid && act_in.run_ready)
		act_bus.ask(maker, act_out.run, cycle + latency);
	if (wgt_out.run_valid && wgt_in.run_ready)
		wgt_bus.ask(maker, wgt_out.run, cycle + latency);
	if (act_in.beat_valid && act_out.beat_ready)
		act_bus.take(cycle);
	if (wgt_in.beat_valid && wgt_out.beat_ready)
		wgt_bus.take(cycle);
	if (act_out.line_valid && act_in.line_ready)
		dequeue(act_due, act_left, act_open);
	if (wgt_out.wgt_write || wgt_out.param_write)
		dequeue(wgt_due, wgt_left, wgt_open);
	if (act_in.tile_take)
		enqueue(tiles[act_tile++].act, act_due, act_left, act_open);
	if (wgt_in.tile_take)
		enqueue(tiles[wgt_tile++].wgt, wgt_due, wgt_left, wgt_open);
	for (int h = 0; h < 2; h++)
		full[h] = wgt_out.half_set[h] || (full[h] && random.below(stall.out ? 64 : 1));
}

/* All tiles through both loaders; cut_short: a reset comes at some time instead. */
bool bench::run(std::deque<loader_tile> &tiles, const stalls &s, unsigned cycles, bool cut_short)
{
	uint64_t quiet = 0, end = cut_short ? cycle + 1 + random.below(400) : UINT64_MAX;
	bool good = true;
	stall = s;
	latency = cycles;
	reset();
	do {
		act_loader_out(&act, &act_out);
		wgt_loader_out(&wgt, &wgt_out);
		choose(tiles);
		drive();
		good = compare_act() & compare_wgt() && check_act() && check_wgt();
		quiet = act_out.line_valid || wgt_out.wgt_write || wgt_out.param_write ? 0 : quiet + 1;
		if (quiet > 5000)
			good = wrong("nothing moves any more", cycle);
		act_loader_clock(&act, &act_in);
		wgt_loader_clock(&wgt, &wgt_in);
		rtl.clk = 1;
		rtl.eval();
		follow(tiles);
		cycle++;
	} while (good && cycle < end && (act_tile < tiles.size() || wgt_tile < tiles.size() || act_open || wgt_open || quiet < 20));
	return good;
}

static unsigned number;
static bool all_good = true;

static void report(bool good, const std::string &name)
{
	printf("%sok %u - %s\n", good ? "" : "not ", number++, name.c_str());
	all_good &= good;
}

static std::deque<loader_tile> make_tiles(tile_maker &maker, tile_kind kind, unsigned count)
{
	std::deque<loader_tile> tiles;
	maker.restart();
	while (tiles.size() < count)
		tiles.push_back(maker.make(kind));
	return tiles;
}

static void test_lockstep(bench &b, tile_maker &maker, unsigned rounds, unsigned s)
{
	static const stalls all[] = {{"no stall", 0, 0}, {"stall in", 4, 0}, {"stall out", 0, 4}, {"both", 3, 3}};
	static const unsigned latencies[] = {1, 7, 40};
	bool good = true;
	for (unsigned i = 0; good && i < rounds; i++) {
		std::deque<loader_tile> tiles = make_tiles(maker, TILE_RANDOM, 1 + maker.random.below(8));
		good = b.run(tiles, all[s], latencies[i % 3], i % 4 == 3);
	}
	report(good, std::string(maker.c.name) + ", " + all[s].name);
}

/* Beat cycles lost between the first and the last beat, without stalls. */
static bool few_lost(const char *what, const channel &bus, uint64_t allowed)
{
	uint64_t lost = bus.last - bus.first + 1 - bus.taken;
	printf("# %s: %llu beats in %llu cycles\n", what, (unsigned long long)bus.taken, (unsigned long long)(bus.last - bus.first + 1));
	return lost <= allowed && bus.taken * 20 > (bus.last - bus.first + 1) * 19;
}

/* A beat a cycle, but for at most 3 cycles a tile. */
static void test_speed(bench &b, tile_maker &maker, tile_kind kind, const char *name)
{
	static const stalls none = {"", 0, 0};
	enum { TILES = 16 };
	std::deque<loader_tile> tiles = make_tiles(maker, kind, TILES);
	bool good = b.run(tiles, none, 5, false);
	good &= few_lost("activations", b.act_bus, 3 * TILES) & few_lost("weights", b.wgt_bus, 3 * TILES);
	report(good, std::string(maker.c.name) + ", " + name);
}

int main(int argc, char **argv)
{
	bitlet_config c;
	bitlet_derived d;
	if (argc != 5 || !config_load(argv[1], &c, stderr))
		return 2;
	bitlet_derive(&c, &d);
	number = (unsigned)atoi(argv[2]);
	random_source random = {(uint64_t)atoi(argv[4])};
	tile_maker maker = {c, d, random};
	bench b(maker, random);
	for (unsigned s = 0; s < 4; s++)
		test_lockstep(b, maker, (unsigned)atoi(argv[3]), s);
	if (maker.aligned_mode() < d.modes) {
		test_speed(b, maker, TILE_LONG_RUNS, "a beat a cycle, a run a vector");
		test_speed(b, maker, TILE_SHORT_RUNS, "a beat a cycle, a run a line");
	}
	return !all_good;
}
