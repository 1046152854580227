/*
 * Buffers and readers (buffer_bench.v) against their models in every cycle, and the beats that come out against buffer_tiles.h, under random stalls; parity;
 * how fast a stream goes. Prints TAP. usage: buffer_bench CONFIG NUMBER ROUNDS SEED; NUMBER: of the first test line
 */
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "buffer_machine.h"

extern "C" {
#include "config_load.h"
}

namespace {

const stalls patterns[] = {{"no stall", 0, 0}, {"stall in", 5, 0}, {"stall out", 0, 5}, {"both", 4, 4}};
unsigned number;
bool all_good = true;

void report(bool good, const char *config, const char *name)
{
	printf("%sok %u - %s: %s\n", good ? "" : "not ", number++, config, name);
	all_good &= good;
}

std::vector<buffer_tile> random_tiles(buffer_tile_maker &maker)
{
	std::vector<buffer_tile> tiles;
	unsigned count = 1 + maker.random.below(14);
	for (unsigned i = 0; i < count; i++)
		tiles.push_back(maker.make(i ? &tiles.back() : nullptr));
	return tiles;
}

/* Whole runs, and now and then one that a reset ends. */
void test_lockstep(bench &b, buffer_tile_maker &maker, unsigned rounds, const stalls &s)
{
	bool good = true;
	for (unsigned i = 0; i < rounds && good; i++)
		good = b.run(random_tiles(maker), s, maker.random.below(5) ? UINT64_MAX : maker.random.below(300), 0);
	report(good, maker.c.name, s.name);
}

void test_parity(bench &b, buffer_tile_maker &maker, unsigned rounds)
{
	bool good = true;
	unsigned seen = 0;
	for (unsigned i = 0; i < rounds && good; i++) {
		good = b.run(random_tiles(maker), patterns[3], UINT64_MAX, 1);
		seen |= b.bad_seen;
	}
	report(good && seen == (maker.c.parity ? 3 : 0), maker.c.name, "wrong parity is seen in both buffers, or in none without parity");
}

/* Not later than a line a cycle, so a beat a cycle where a group is one line. */
void test_speed(bench &b, buffer_tile_maker &maker, const std::vector<buffer_tile> &tiles, const char *what)
{
	uint64_t beats = 0;
	unsigned lines = maker.lines(*tiles[0].acts);
	for (const buffer_tile &t : tiles)
		beats += t.beats();
	bool good = b.run(tiles, patterns[0], UINT64_MAX, 0);
	uint64_t took = b.last_take - b.first_take + 1, most = (beats - 1) * lines + 1;
	char name[128];
	snprintf(name, sizeof name, "%s, %s, %u lines a group: %llu beats in %llu cycles", what, maker.d.mode[tiles[0].fields.mode].precision.name, lines,
	         (unsigned long long)beats, (unsigned long long)took);
	report(good && took >= beats && took <= most, maker.c.name, name);
}

/* Tiles of enough pixels for the next one's weights to come meanwhile. */
std::vector<buffer_tile> loading_tiles(buffer_tile_maker &maker, unsigned mode)
{
	std::vector<buffer_tile> tiles;
	unsigned groups = maker.d.tile_groups < 3 ? maker.d.tile_groups : 3;
	for (unsigned i = 0; i < 6; i++)
		tiles.push_back(maker.make(mode, groups, maker.c.pes * maker.d.w_lines + 4, maker.c.pes, true, nullptr));
	return tiles;
}

/* The shortest ones there are. */
std::vector<buffer_tile> short_tiles(buffer_tile_maker &maker, unsigned mode)
{
	std::vector<buffer_tile> tiles = {maker.make(mode, 1, 1, maker.c.pes, true, nullptr)};
	for (unsigned i = 0; i < 40; i++)
		tiles.push_back(maker.make(mode, 1, 1, maker.c.pes, false, &tiles[0]));
	return tiles;
}

} // namespace

double sc_time_stamp() { return 0; }

int main(int argc, char **argv)
{
	bitlet_config c;
	bitlet_derived d;
	if (argc != 5 || !config_load(argv[1], &c, stderr))
		return 2;
	bitlet_derive(&c, &d);
	Verilated::randReset(2);
	Verilated::randSeed(1);
	number = (unsigned)atoi(argv[2]);
	unsigned rounds = (unsigned)atoi(argv[3]);
	random_source random = {(uint64_t)atoi(argv[4])};
	buffer_tile_maker maker(c, d, random);
	bench b(maker);
	for (const stalls &s : patterns)
		test_lockstep(b, maker, rounds, s);
	test_parity(b, maker, rounds / 2);
	for (unsigned mode = 0; mode < d.modes; mode += d.modes > 1 ? d.modes - 1 : 1) {
		test_speed(b, maker, loading_tiles(maker, mode), "weights for each tile");
		test_speed(b, maker, short_tiles(maker, mode), "tiles of one group");
	}
	return !all_good;
}
