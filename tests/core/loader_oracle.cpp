/* Random tiles and their lines (loader_oracle.h). */
#include "loader_oracle.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

uint8_t tile_maker::memory(uint64_t address) const
{
	uint64_t mask = c.axi_address_bits == 64 ? UINT64_MAX : ((uint64_t)1 << c.axi_address_bits) - 1;
	return (uint8_t)(((address & mask) * 0x9e3779b97f4a7c15u) >> 53);
}

unsigned tile_maker::aligned_mode() const
{
	unsigned m = 0;
	while (m < d.modes && (d.mode[m].w_group_bytes % d.bus_bytes || d.mode[m].a_group_bytes % d.bus_bytes))
		m++;
	return m;
}

uint64_t tile_maker::base(bool aligned)
{
	uint64_t a = (uint64_t)random.below(UINT32_MAX) << 32 | random.below(UINT32_MAX);
	return aligned ? a & ~(uint64_t)4095 : a;
}

/* One-run loops throughout. */
static void clear_loops(program_loop *loop, int loops)
{
	for (int i = 0; i < loops; i++)
		loop[i] = {0, 0, PROGRAM_AXIS_NONE, 0};
}

void tile_maker::aligned_act(program_tile &t, tile_kind kind)
{
	unsigned group = d.mode[t.mode].a_group_bytes;
	unsigned groups = std::min(2u, d.tile_groups);
	t.act_vector_bytes = (int64_t)groups * group;
	t.act_run_bytes = kind == TILE_SHORT_RUNS ? d.bus_bytes : t.act_vector_bytes;
	t.act_loop[0].count_less_1 = t.act_vector_bytes / t.act_run_bytes - 1;
	t.act_loop[0].stride = t.act_run_bytes;
	t.pixels = 100;
	t.act_loop[3].count_less_1 = t.pixels - 1;
	t.act_loop[3].stride = t.act_vector_bytes;
}

void tile_maker::random_act(program_tile &t)
{
	int64_t longest = std::min<int64_t>((int64_t)d.tile_groups * d.mode[t.mode].a_group_bytes, 8 * d.bus_bytes + 100);
	int64_t room, far = random.below(4) ? 0 : random.below(2) ? 4000 : -4000; /* far: to the ends of 18 bits, on one axis */
	t.act_run_bytes = 1 + random.below((uint32_t)std::min<int64_t>(longest, random.below(2) ? 3 : 3 * d.bus_bytes));
	t.act_vector_bytes = t.act_run_bytes;
	for (int i = 0; i < PROGRAM_ACT_LOOPS; i++) {
		program_loop &loop = t.act_loop[i];
		room = i < 3 ? longest / t.act_vector_bytes : 24 / t.pixels;
		int64_t count = 1 + random.below((uint32_t)std::min<int64_t>(room, 4));
		(i < 3 ? t.act_vector_bytes : t.pixels) *= count;
		loop = {count - 1, random.between(-3, 3), (int64_t)random.below(4), random.between(-300, 300)};
		if (far) {
			loop.step = far;
			loop.axis = 1;
		}
		if (random.below(8) == 0)
			loop.stride = (int32_t)random.below(UINT32_MAX);
	}
	if (random.below(2)) {
		t.act_loop[0].stride = t.act_run_bytes;
		t.act_merge_bytes = t.act_run_bytes * (t.act_loop[0].count_less_1 + 1);
		t.act_merge_span = t.act_loop[0].step * t.act_loop[0].count_less_1;
	}
	int64_t *start[] = {&t.act_start_0, &t.act_start_1, &t.act_start_2};
	int64_t *limit[] = {&t.act_limit_0, &t.act_limit_1, &t.act_limit_2};
	for (int a = 0; a < 3; a++) {
		*start[a] = random.between(-2, 4);
		*limit[a] = random.below(4) ? 1 + random.below(10) : 65535;
	}
	if (far)
		t.act_start_1 = far < 0 ? -32768 : 32767;
}

void tile_maker::choose_act(program_tile &t, tile_kind kind)
{
	clear_loops(t.act_loop, PROGRAM_ACT_LOOPS);
	t.mode = kind == TILE_RANDOM ? random.below(d.modes) : aligned_mode();
	t.act_base = base(kind != TILE_RANDOM);
	t.act_fill = random.below(UINT32_MAX);
	t.act_limit_0 = t.act_limit_1 = t.act_limit_2 = t.pixels = 1;
	if (kind == TILE_RANDOM)
		random_act(t);
	else
		aligned_act(t, kind);
}

void tile_maker::choose_wgt(program_tile &t, tile_kind kind)
{
	bool aligned = kind != TILE_RANDOM;
	unsigned group = d.mode[t.mode].w_group_bytes;
	int64_t groups = 1 + random.below(std::min(d.tile_groups, 4u));
	int64_t pes = aligned ? c.pes : 1 + random.below(c.pes);
	clear_loops(t.wgt_loop, PROGRAM_WGT_LOOPS);
	if (aligned)
		groups = std::min(d.tile_groups, 8u);
	t.wgt_base = base(aligned);
	t.params_base = base(aligned || random.below(2));
	t.load_weights = aligned || random.below(4);
	t.load_params = aligned || random.below(3) == 0;
	t.pes_less_1 = pes - 1;
	t.wgt_vector_bytes = groups * group;
	if (!aligned && random.below(2))
		t.wgt_vector_bytes -= random.below(group);
	/* runs: parts of a vector, a vector, or all */
	int64_t parts = kind == TILE_SHORT_RUNS ? t.wgt_vector_bytes / d.bus_bytes : aligned ? 1 : 1 + random.below(6);
	while (t.wgt_vector_bytes % parts)
		parts--;
	t.wgt_run_bytes = t.wgt_vector_bytes / parts;
	t.wgt_loop[0] = {parts - 1, 0, 0, aligned ? t.wgt_run_bytes : random.between(-200, 200)};
	t.wgt_loop[random.below(2) + 1] = {pes - 1, 0, 0, aligned ? t.wgt_vector_bytes : random.between(-2000, 2000)};
	if (kind == TILE_LONG_RUNS || (!aligned && random.below(4) == 0)) {
		clear_loops(t.wgt_loop, PROGRAM_WGT_LOOPS);
		t.wgt_run_bytes = t.wgt_vector_bytes * pes;
	}
	for (program_loop &loop : t.wgt_loop)
		loop.axis = 0;
}

void tile_maker::bytes_of_run(std::vector<int> &stream, uint64_t address, int64_t bytes, bool fill) const
{
	for (int64_t i = 0; i < bytes; i++)
		stream.push_back(fill ? -1 : memory(address + (uint64_t)i));
}

void tile_maker::act_stream(const program_tile &t, std::vector<int> &stream) const
{
	const int64_t start[] = {t.act_start_0, t.act_start_1, t.act_start_2};
	const int64_t limit[] = {t.act_limit_0, t.act_limit_1, t.act_limit_2};
	int64_t total = t.act_loop[0].count_less_1 + 1;
	for (int l = 1; l < PROGRAM_ACT_LOOPS; l++)
		total *= t.act_loop[l].count_less_1 + 1;
	for (int64_t number = 0; number < total; number++) { /* merging does not change the bytes when loop 0 is contiguous */
		int64_t rest = number, at[4] = {start[0], start[1], start[2], 0};
		uint64_t address = t.act_base;
		bool fill = false;
		for (const program_loop &loop : t.act_loop) {
			int64_t index = rest % (loop.count_less_1 + 1);
			rest /= loop.count_less_1 + 1;
			address += (uint64_t)(index * loop.stride);
			at[loop.axis] += index * loop.step;
		}
		for (int a = 0; a < 3; a++)
			fill |= at[a] < 0 || at[a] >= limit[a];
		bytes_of_run(stream, address, t.act_run_bytes, fill);
	}
}

void tile_maker::wgt_stream(const program_tile &t, std::vector<int> &stream) const
{
	int64_t total = 1;
	for (const program_loop &loop : t.wgt_loop)
		total *= loop.count_less_1 + 1;
	for (int64_t number = 0; number < total; number++) {
		int64_t rest = number;
		uint64_t address = t.wgt_base;
		for (const program_loop &loop : t.wgt_loop) {
			address += (uint64_t)(rest % (loop.count_less_1 + 1) * loop.stride);
			rest /= loop.count_less_1 + 1;
		}
		bytes_of_run(stream, address, t.wgt_run_bytes, false);
	}
}

std::vector<expected_line> tile_maker::cut(const std::vector<int> &stream, unsigned group_bytes, unsigned vector_bytes, uint32_t pattern) const
{
	std::vector<expected_line> lines;
	unsigned groups = (vector_bytes + group_bytes - 1) / group_bytes;
	unsigned group_lines = (group_bytes + d.bus_bytes - 1) / d.bus_bytes;
	for (size_t v = 0; v < stream.size() / vector_bytes; v++)
		for (unsigned number = 0; number < groups * group_lines; number++) {
			unsigned g = number / group_lines, l = number % group_lines;
			expected_line line = {{}, l, g, (unsigned)v, l + 1 == group_lines, false, false, 0};
			for (unsigned i = 0; i < d.bus_bytes; i++) {
				unsigned in_group = l * d.bus_bytes + i, in_vector = g * group_bytes + in_group;
				int byte = in_group < group_bytes && in_vector < vector_bytes ? stream[v * vector_bytes + in_vector] : -1;
				line.data.push_back(byte < 0 ? (uint8_t)(pattern >> 8 * (i % 4)) : (uint8_t)byte);
			}
			lines.push_back(line);
		}
	lines.back().last = true;
	return lines;
}

loader_tile tile_maker::make(tile_kind kind)
{
	loader_tile tile = {};
	program_tile &t = tile.fields;
	std::vector<int> act, wgt, params;
	choose_act(t, kind);
	choose_wgt(t, kind);
	if (!program_put_tile(tile.block, &t)) {
		printf("Bail out! a field of a random tile is too long\n");
		exit(1);
	}
	act_stream(t, act);
	tile.act = cut(act, d.mode[t.mode].a_group_bytes, (unsigned)t.act_vector_bytes, (uint32_t)t.act_fill);
	if (t.load_params) {
		bytes_of_run(params, t.params_base, PROGRAM_PARAMS_BYTES * (t.pes_less_1 + 1), false);
		tile.wgt = cut(params, PROGRAM_PARAMS_BYTES, PROGRAM_PARAMS_BYTES, 0);
		for (expected_line &line : tile.wgt) {
			line.params = true;
			line.place = sets % 4;
		}
		sets++;
	}
	if (t.load_weights) {
		wgt_stream(t, wgt);
		std::vector<expected_line> lines = cut(wgt, d.mode[t.mode].w_group_bytes, (unsigned)t.wgt_vector_bytes, 0);
		for (expected_line &line : lines) {
			line.place = loads % 2;
			tile.wgt.push_back(line);
		}
		loads++;
	}
	return tile;
}
