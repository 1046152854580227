/*
 * output_path.v (output_bench.v) against its model in every cycle, and the bytes in memory against output_job.h, under random stalls of results, parameters,
 * runs and beats; parity; how fast results go. Prints TAP. usage: output_bench CONFIG NUMBER ROUNDS SEED; NUMBER: of the first test line
 */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "Voutput_bench.h"
#include "output_job.h"
#include "verilated.h"

extern "C" {
#include "config_load.h"
#include "output_path.h"
}

namespace {

struct stalls {
	const char *name;
	unsigned in, out;           /* of 8 cycles */
};

const stalls patterns[] = {{"no stall", 0, 0}, {"stall in", 5, 0}, {"stall out", 0, 5}, {"both", 4, 4}};

class bench {
public:
	bench(const bitlet_config &config, const bitlet_derived &derived, random_source &source);
	~bench() { output_path_free(&model); }
	/* stop_at: gives up after so many cycles, without complaint. parity: of 64 cycles, those with parity_test. */
	bool run(const output_job &job, const stalls &s, uint64_t stop_at, unsigned parity);
	bool parity_seen;
	uint64_t cycle, first_take, last_beat;

private:
	struct line {
		unsigned set, pe, index;
		bool last;
		uint8_t data[CORE_MAX_BEAT];
	};
	void reset();
	void tick();
	bool chance(unsigned stalled) { return random.below(8) >= stalled; }
	void drive_tile(const output_job &job, const stalls &s);
	void drive_params(const stalls &s);
	void drive_results(const output_job &job, const stalls &s);
	void queue_params(const output_job_tile &t);
	bool same(const char *port, uint64_t expected, uint64_t seen);
	bool compare();
	void follow(const output_job &job);
	bool take_beat();
	bool finished(const output_job &job) const;

	const bitlet_config &c;
	const bitlet_derived &d;
	random_source &random;
	Voutput_bench dut;
	struct output_path model;
	struct output_path_in in;
	struct output_path_out out;
	bitlet_result shown[BITLET_MAX_PES];
	uint8_t param_data[CORE_MAX_BEAT];

	size_t dispatched;          /* tiles */
	std::vector<line> lines;    /* of parameters, to be written */
	size_t written;
	unsigned loads, loaded;     /* sets of parameters: asked for, written */
	size_t at_tile[BITLET_MAX_PES], at_pixel[BITLET_MAX_PES]; /* next result */
	std::vector<output_run> runs; /* without all of their beats */
	std::map<uint64_t, uint8_t> memory;
	uint64_t taken;
	uint8_t flags;
	unsigned beats_due;
	uint64_t run_address;
};

bench::bench(const bitlet_config &config, const bitlet_derived &derived, random_source &source) : c(config), d(derived), random(source)
{
	if (!output_path_init(&model, &c, &d))
		abort();
	dut.clk = 0;
	memset(&in, 0, sizeof in);
}

void bench::tick()
{
	dut.clk = 1;
	dut.eval();
	dut.clk = 0;
	dut.eval();
}

void bench::reset()
{
	dut.rst = 1;
	dut.eval();
	tick();
	dut.rst = 0;
	output_path_reset(&model);
	memset(&in, 0, sizeof in);
	dispatched = written = 0;
	loads = loaded = 0;
	lines.clear();
	runs.clear();
	memory.clear();
	memset(at_tile, 0, sizeof at_tile);
	memset(at_pixel, 0, sizeof at_pixel);
	taken = 0;
	flags = 0;
	beats_due = 0;
	parity_seen = false;
	first_take = last_beat = 0;
}

/* Lines of 16 bytes a PE, each PE's from a line's start; behind them is what was in memory. */
void bench::queue_params(const output_job_tile &t)
{
	unsigned count = d.bus_bytes < 16 ? 16 / d.bus_bytes : 1, pes = (unsigned)t.params.size() / 4;
	for (unsigned e = 0; e < pes; e++)
		for (unsigned i = 0; i < count; i++) {
			line l = {loads % 4, e, i, e == pes - 1 && i == count - 1, {}};
			for (unsigned b = 0; b < d.bus_bytes; b++) {
				unsigned at = i * d.bus_bytes + b;
				l.data[b] = at < 16 ? (uint8_t)(t.params[4 * e + at / 4] >> 8 * (at % 4)) : (uint8_t)random.next();
			}
			lines.push_back(l);
		}
	loads += pes > 0;
}

void bench::drive_tile(const output_job &job, const stalls &s)
{
	in.tile_take = out.tile_ready && dispatched < job.tiles.size() && loads - loaded < 2 && chance(s.in); /* wgt_loader's queue */
	dut.tile_take = in.tile_take;
	if (!in.tile_take)
		return;
	const output_job_tile &t = job.tiles[dispatched];
	in.tile = &t.fields;
	uint32_t words[PROGRAM_BLOCK_WORDS];
	if (!program_put_tile(words, &t.fields))
		abort();
	memcpy(dut.record.m_storage, words, sizeof words);
}

void bench::drive_params(const stalls &s)
{
	in.param_write = written < lines.size() && chance(s.in);
	in.param_last = false;
	if (in.param_write) {
		const line &l = lines[written];
		in.param_set = (uint8_t)l.set;
		in.param_pe = (uint8_t)l.pe;
		in.param_index = (uint16_t)l.index;
		in.param_last = l.last;
		memcpy(param_data, l.data, sizeof param_data);
		in.param_data = param_data;
		memcpy(dut.param_write_data.m_storage, l.data, CORE_MAX_BEAT);
	}
	dut.param_write = in.param_write;
	dut.param_last = in.param_last;
	dut.param_write_set = in.param_set & 3;
	dut.param_write_pe = in.param_pe;
	dut.param_write_index = (uint8_t)in.param_index;
}

/* A PE shows the next result of a tile that was dispatched; once shown it stays. */
void bench::drive_results(const output_job &job, const stalls &s)
{
	dut.out_valid = 0;
	for (unsigned e = 0; e < c.pes; e++) {
		bool there = at_tile[e] < dispatched;
		in.out_valid[e] = there && (in.out_valid[e] || chance(s.in));
		bitlet_result r = {random.next(), (uint8_t)random.below(16)};
		if (in.out_valid[e])
			r = job.tiles[at_tile[e]].results[at_pixel[e] * c.pes + e];
		shown[e] = r;
		dut.out_valid |= (uint64_t)in.out_valid[e] << e;
		memcpy(&dut.out_result.m_storage[2 * e], &r.bits, 8);
		uint32_t *word = &dut.out_flags.m_storage[e / 8];
		*word = (*word & ~(15u << 4 * (e % 8))) | (uint32_t)r.flags << 4 * (e % 8);
	}
	in.out_result = shown;
}

bool bench::same(const char *port, uint64_t expected, uint64_t seen)
{
	if (expected != seen)
		printf("# %s: cycle %llu: %s is %llx in RTL, %llx in the model\n", c.name, (unsigned long long)cycle, port, (unsigned long long)seen,
		       (unsigned long long)expected);
	return expected == seen;
}

bool bench::compare()
{
	uint64_t ready = 0;
	for (unsigned e = 0; e < c.pes; e++)
		ready |= (uint64_t)out.out_ready[e] << e;
	bool good = same("tile_ready", out.tile_ready, dut.tile_ready) & same("tiles_empty", out.tiles_empty, dut.tiles_empty) &
	            same("out_ready", ready, dut.out_ready) & same("wrun_valid", out.wrun_valid, dut.wrun_valid) &
	            same("wbeat_valid", out.wbeat_valid, dut.wbeat_valid) & same("flags_set", out.flags_set, dut.flags_set) &
	            same("result_take_count", out.result_take_count, dut.result_take_count) & same("parity_bad", out.parity_bad, dut.parity_bad);
	if (good && out.wrun_valid)
		good = same("wrun_address", out.wrun_address, dut.wrun_address) & same("wrun_beats", out.wrun_beats, dut.wrun_beats);
	if (good && out.wbeat_valid) {
		good = same("wbeat_strobe", out.wbeat.strobe, dut.wbeat_strobe);
		for (unsigned i = 0; i < d.bus_bytes; i++)
			good &= same("wbeat_data", out.wbeat.data[i], (uint8_t)(dut.wbeat_data.m_storage[i / 4] >> 8 * (i % 4)));
	}
	return good;
}

/* Bytes go where the run at the head says; every byte once. */
bool bench::take_beat()
{
	if (beats_due == 0) {
		if (runs.empty()) {
			printf("# cycle %llu: a beat without a run\n", (unsigned long long)cycle);
			return false;
		}
		run_address = runs.front().address;
		beats_due = runs.front().beats;
		runs.erase(runs.begin());
	}
	for (unsigned i = 0; i < d.bus_bytes; i++)
		if (out.wbeat.strobe >> i & 1 && !memory.insert({run_address + i, out.wbeat.data[i]}).second) {
			printf("# cycle %llu: %llx is written twice\n", (unsigned long long)cycle, (unsigned long long)(run_address + i));
			return false;
		}
	run_address += d.bus_bytes;
	beats_due--;
	last_beat = cycle;
	return true;
}

/* What the edge does around the path. */
void bench::follow(const output_job &job)
{
	for (unsigned e = 0; e < c.pes; e++) {
		if (!in.out_valid[e] || !out.out_ready[e])
			continue;
		if (first_take == 0)
			first_take = cycle;
		in.out_valid[e] = false;
		if (++at_pixel[e] == (size_t)job.tiles[at_tile[e]].fields.pixels) {
			at_pixel[e] = 0;
			at_tile[e]++;
		}
	}
	written += in.param_write;
	loaded += in.param_last;
	if (in.tile_take)
		queue_params(job.tiles[dispatched++]);
	taken += out.result_take_count;
	flags |= out.flags_set;
	parity_seen |= out.parity_bad;
}

bool bench::finished(const output_job &job) const
{
	return dispatched == job.tiles.size() && out.tiles_empty;
}

bool bench::run(const output_job &job, const stalls &s, uint64_t stop_at, unsigned parity)
{
	reset();
	bool good = true;
	for (cycle = 0; good && cycle < stop_at; cycle++) {
		output_path_out(&model, &out);
		if (finished(job))
			break;
		drive_tile(job, s);
		drive_params(s);
		drive_results(job, s);
		/* runs are never behind their beats, so that beats know their address */
		dut.wrun_ready = in.wrun_ready = chance(s.out);
		dut.wbeat_ready = in.wbeat_ready = chance(s.out) && (beats_due || !runs.empty());
		dut.parity_test = in.parity_test = random.below(64) < parity;
		dut.eval();
		good = compare();
		if (good && out.wbeat_valid && in.wbeat_ready)
			good = take_beat();
		if (out.wrun_valid && in.wrun_ready)
			runs.push_back({out.wrun_address, out.wrun_beats});
		follow(job);
		struct output_path_in now = in;
		for (unsigned e = 0; e < c.pes; e++)
			now.out_valid[e] = dut.out_valid >> e & 1;
		output_path_clock(&model, &now);
		tick();
		if (cycle > 1000000) {
			printf("# does not end\n");
			return false;
		}
	}
	if (!good || cycle == stop_at)
		return good;
	bool same_memory = memory == job.memory, same_flags = flags == job.flags, same_count = taken == job.active;
	if (!same_memory)
		printf("# bytes in memory differ: %zu, expected %zu\n", memory.size(), job.memory.size());
	if (!same_flags || !same_count)
		printf("# flags %x, expected %x; %llu results, expected %llu\n", flags, job.flags, (unsigned long long)taken, (unsigned long long)job.active);
	return same_memory && same_flags && same_count && beats_due == 0 && runs.empty();
}

unsigned number;
bool all_good = true;

void report(bool good, const char *config, const char *name)
{
	printf("%sok %u - %s: %s\n", good ? "" : "not ", number++, config, name);
	all_good &= good;
}

/* Whole runs, and now and then one that a reset ends. */
void test_lockstep(bench &b, output_job_maker &maker, unsigned rounds, const stalls &s)
{
	bool good = true;
	for (unsigned i = 0; i < rounds && good; i++)
		good = b.run(maker.make(), s, maker.random.below(5) ? UINT64_MAX : maker.random.below(200), 0);
	report(good, maker.c.name, s.name);
}

void test_parity(bench &b, output_job_maker &maker, unsigned rounds)
{
	bool good = true, seen = false;
	for (unsigned i = 0; i < rounds && good; i++) {
		good = b.run(maker.make(), patterns[i % 4], UINT64_MAX, 8);
		seen |= b.parity_seen;
	}
	report(good && seen == maker.c.parity, maker.c.name, "wrong parity of a partial sum is seen, or nothing without parity");
}

/* Cycles of the packer for a tile: a step each, and one more for a pixel whose last step ends in another beat than it began in. */
uint64_t packer_cycles(const output_job_maker &maker, const program_tile &t)
{
	const bitlet_config &c = maker.c;
	unsigned bus = maker.d.bus_bytes, bytes = (unsigned)t.out_run_bytes, steps = (c.pes + c.output_lanes - 1) / c.output_lanes;
	unsigned before = (steps - 1) * c.output_lanes * (bytes / c.pes); /* bytes of all steps but the last */
	uint64_t cycles = 0;
	for (uint64_t i = 0; i < (uint64_t)t.pixels; i++) {
		uint64_t address = (uint64_t)t.out_base + i * bytes;
		cycles += steps + ((address + before) / bus != (address + bytes - 1) / bus);
	}
	return cycles;
}

/*
 * From the first result taken to the last beat: parameters, the packer's cycles and an idle one a tile, one way through. Of short tiles three are on
 * their way at a time, of a sum's chunks one.
 */
void test_speed(bench &b, output_job_maker &maker, unsigned tiles, unsigned pixels, bool sums)
{
	const bitlet_config &c = maker.c;
	output_job job = maker.make_regular(tiles, pixels, sums);
	bool good = b.run(job, patterns[0], UINT64_MAX, 0);
	unsigned steps = (c.pes + c.output_lanes - 1) / c.output_lanes, bus = maker.d.bus_bytes;
	unsigned lines = c.pes * (bus < 16 ? 16 / bus : 1), way = maker.d.has_float ? 21 : 17, chunk = maker.d.has_float ? 6 : 4;
	uint64_t most = lines + way + (sums ? tiles * (steps + chunk) : 0);
	for (const output_job_tile &t : job.tiles)
		most += sums ? 0 : pixels > 1 ? packer_cycles(maker, t.fields) + 1 : (way + steps + 5) / 3;
	uint64_t took = b.last_beat - b.first_take + 1;
	char name[128];
	snprintf(name, sizeof name, "%u tiles of %u pixels%s: %llu steps in %llu cycles, at most %llu", tiles, pixels, sums ? ", chunks of a sum" : "",
	         (unsigned long long)tiles * pixels * steps, (unsigned long long)took, (unsigned long long)most);
	report(good && took <= most, c.name, name);
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
	output_job_maker maker(c, d, random);
	bench b(c, d, random);
	for (const stalls &s : patterns)
		test_lockstep(b, maker, rounds, s);
	test_parity(b, maker, rounds / 2);
	test_speed(b, maker, 2, 200, false);
	test_speed(b, maker, 40, 1, false);
	test_speed(b, maker, 40, 1, true);
	return !all_good;
}
