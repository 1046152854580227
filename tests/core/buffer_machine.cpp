#include "buffer_machine.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

template <class Port> uint32_t port_bits(const Port &port, size_t at, unsigned width)
{
	return (uint32_t)((uint64_t)port >> at) & (UINT32_MAX >> (32 - width));
}
template <std::size_t Words> uint32_t port_bits(const VlWide<Words> &port, size_t at, unsigned width)
{
	uint64_t v = port.m_storage[at / 32];
	if (at / 32 + 1 < Words)
		v |= (uint64_t)port.m_storage[at / 32 + 1] << 32;
	return (uint32_t)(v >> at % 32) & (UINT32_MAX >> (32 - width));
}

} // namespace

bench::bench(buffer_tile_maker &m) : maker(m), c(m.c), d(m.d), random(m.random)
{
	if (!act_buffer_init(&act_memory, &c, &d) || !wgt_buffer_init(&wgt_memory, &c, &d))
		abort();
	act_reader_init(&act, &c, &d);
	wgt_reader_init(&wgt, &c, &d);
}

bench::~bench()
{
	rtl.final();
	act_buffer_free(&act_memory);
	wgt_buffer_free(&wgt_memory);
}

void bench::reset()
{
	act_buffer_reset(&act_memory);
	wgt_buffer_reset(&wgt_memory);
	act_reader_reset(&act);
	wgt_reader_reset(&wgt);
	cycle = first_take = last_take = 0;
	bad_seen = 0;
	act_tiles = wgt_tiles = 0;
	line_at = write_at = act_at = place{0, 0};
	half = 0;
	wgt_at.assign(c.pes, place{0, 0});
	slow_pe = 0;
	line_valid = false;
	act_tile = wgt_tile = nullptr;
	rtl.rst = 1;
	rtl.clk = 0;
	rtl.eval();
	rtl.clk = 1;
	rtl.eval();
	rtl.rst = 0;
}

void bench::outputs()
{
	act_buffer_out(&act_memory, &act_memory_out);
	wgt_buffer_out(&wgt_memory, &wgt_memory_out);
	act_reader_out(&act, &act_memory_out, &act_out);
	wgt_reader_out(&wgt, &wgt_memory_out, &wgt_out);
}

void bench::choose_tiles(const std::vector<buffer_tile> &tiles)
{
	act_tile = wgt_tile = nullptr;
	/* one record at a time: together as in the core, or one behind the other */
	if (act_tiles <= wgt_tiles && act_tiles < tiles.size() && act_out.tile_ready && chance(stall.in))
		act_tile = &tiles[act_tiles];
	if (wgt_tiles <= act_tiles && wgt_tiles < tiles.size() && wgt_out.tile_ready && (!act_tile || act_tiles == wgt_tiles) && chance(stall.in))
		wgt_tile = &tiles[wgt_tiles];
}

/* Line number `at` of a matrix. */
static void show_line(buffer_tile_maker &maker, const buffer_matrix &m, uint64_t at, core_line &line)
{
	unsigned lines = maker.lines(m);
	maker.line(m, at / lines, (unsigned)(at % lines), line.data);
	line.index = (uint16_t)(at % lines);
	line.group_end = at % lines == lines - 1;
}

void bench::choose_line(const std::vector<buffer_tile> &tiles)
{
	if (line_valid || line_at.tile == tiles.size() || !chance(stall.in))
		return; /* what was offered stays */
	show_line(maker, *tiles[line_at.tile].acts, line_at.at, line);
	line_valid = true;
}

void bench::follow_line(const std::vector<buffer_tile> &tiles)
{
	if (!line_valid || !act_memory_out.line_ready)
		return;
	line_valid = false;
	if (++line_at.at == tiles[line_at.tile].beats() * maker.lines(*tiles[line_at.tile].acts))
		line_at = place{line_at.tile + 1, 0};
}

void bench::choose_weights(const std::vector<buffer_tile> &tiles)
{
	write = wgt_buffer_in{};
	while (write_at.tile < tiles.size() && !tiles[write_at.tile].fields.load_weights)
		write_at.tile++;
	if (write_at.tile == tiles.size() || (write_at.at == 0 && wgt_memory_out.half_full[half]) || !chance(stall.in))
		return;
	const buffer_tile &t = tiles[write_at.tile];
	unsigned lines = maker.lines(*t.weights);
	uint64_t group = write_at.at / lines;
	write.write = true;
	write.half = half != 0;
	write.index = (unsigned)(write_at.at % lines);
	write.pe = (unsigned)(group / t.weights->groups);
	write.group = (unsigned)(group % t.weights->groups);
	write.line = write_data;
	maker.line(*t.weights, group, write.index, write_data);
	if (++write_at.at < (uint64_t)(t.fields.pes_less_1 + 1) * t.weights->groups * lines)
		return;
	write.half_set[half] = true;
	half ^= 1;
	write_at = place{write_at.tile + 1, 0};
}

/* The engine: lock step takes everything or nothing; with FIFOs everybody takes alone. */
void bench::choose_takes()
{
	uint64_t all = UINT64_MAX >> (64 - c.pes);
	if (c.array_fifo == 0) {
		act_ready = act_out.act_valid && wgt_out.wgt_valid == all && chance(stall.out);
		wgt_ready = act_ready ? all : 0;
		return;
	}
	if (random.below(40) == 0)
		slow_pe = random.below(c.pes);
	act_ready = chance(stall.out);
	wgt_ready = 0;
	for (unsigned p = 0; p < c.pes; p++)
		if (chance(p == slow_pe && stall.out ? 7 : stall.out))
			wgt_ready |= wgt_out.wgt_valid & UINT64_C(1) << p;
}

static void put_data(VlWide<16> &port, const uint8_t *data)
{
	memcpy(port.m_storage, data, sizeof port.m_storage);
}

void bench::drive()
{
	const buffer_tile *t = act_tile ? act_tile : wgt_tile;
	rtl.clk = 0;
	rtl.parity_test = parity_test ? 3 : 0;
	rtl.act_tile_take = act_tile != nullptr;
	rtl.wgt_tile_take = wgt_tile != nullptr;
	for (unsigned i = 0; i < PROGRAM_BLOCK_WORDS; i++)
		rtl.record.m_storage[i] = t ? t->block[i] : random.below(UINT32_MAX);
	rtl.line_valid = line_valid;
	put_data(rtl.line_data, line.data);
	rtl.line_index = line.index;
	rtl.line_group_end = line.group_end;
	rtl.wgt_write = write.write;
	rtl.wgt_write_pe = (uint8_t)write.pe;
	rtl.wgt_write_half = write.half;
	rtl.wgt_write_group = (uint16_t)write.group;
	rtl.wgt_write_index = (uint16_t)write.index;
	put_data(rtl.wgt_write_data, write_data);
	rtl.half_set = (uint8_t)(write.half_set[0] | write.half_set[1] << 1);
	rtl.act_ready = act_ready;
	rtl.wgt_ready = wgt_ready;
	rtl.eval();
}

void bench::edge()
{
	act_buffer_in act_write = {line_valid, &line, act_out.act_valid && act_ready, parity_test};
	act_reader_in act_in = {act_tile != nullptr, act_tile ? &act_tile->fields : nullptr, act_out.act_valid && act_ready};
	wgt_reader_in wgt_in = {wgt_tile != nullptr, wgt_tile ? &wgt_tile->fields : nullptr, {}, wgt_ready};
	wgt_read read;
	for (int h = 0; h < 2; h++) {
		wgt_in.half_full[h] = wgt_memory_out.half_full[h];
		write.half_clear[h] = wgt_out.half_clear[h];
	}
	wgt_reader_read(&wgt, &wgt_in, &read);
	write.read = &read;
	write.parity_test = parity_test;
	act_buffer_clock(&act_memory, &act_write);
	wgt_buffer_clock(&wgt_memory, &write);
	act_reader_clock(&act, &act_in);
	wgt_reader_clock(&wgt, &wgt_in);
	act_tiles += act_tile != nullptr;
	wgt_tiles += wgt_tile != nullptr;
	rtl.clk = 1;
	rtl.eval();
	cycle++;
}

bool bench::same(const char *port, uint64_t a, uint64_t b, const char *who)
{
	if (a != b)
		printf("# cycle %llu %s: rtl %llx %s %llx\n", (unsigned long long)cycle, port, (unsigned long long)a, who, (unsigned long long)b);
	return a == b;
}

bool bench::compare_words()
{
	for (unsigned i = 0; i < c.n && act_out.act_valid; i++)
		if (!same("act", port_bits(rtl.act, (size_t)i * d.a_slot_bits, d.a_slot_bits), act_out.act[i], "model"))
			return false;
	for (unsigned i = 0; i < c.pes * c.n; i++)
		if (wgt_out.wgt_valid >> i / c.n & 1 &&
		    !same("wgt", port_bits(rtl.wgt, (size_t)i * d.w_slot_bits, d.w_slot_bits), wgt_out.wgt[i], "model"))
			return false;
	return true;
}

bool bench::compare()
{
	bool good = same("tile_ready", rtl.tile_ready, act_out.tile_ready | wgt_out.tile_ready << 1, "model");
	good &= same("tiles_empty", rtl.tiles_empty, act_out.tiles_empty | wgt_out.tiles_empty << 1, "model");
	good &= same("line_ready", rtl.line_ready, act_memory_out.line_ready, "model");
	good &= same("parity_bad", rtl.parity_bad, act_memory_out.parity_bad | wgt_memory_out.parity_bad << 1, "model");
	good &= same("half_clear", rtl.half_clear, wgt_out.half_clear[0] | wgt_out.half_clear[1] << 1, "model");
	good &= same("half_full", rtl.half_full, wgt_memory_out.half_full[0] | wgt_memory_out.half_full[1] << 1, "model");
	good &= same("act_valid", rtl.act_valid, act_out.act_valid, "model");
	good &= same("wgt_valid", rtl.wgt_valid, wgt_out.wgt_valid, "model");
	if (act_out.act_valid) {
		good &= same("act_last", rtl.act_last, act_out.act_last, "model");
		good &= same("act_mode", rtl.act_mode, act_out.act_mode, "model");
		good &= same("act_zero", rtl.act_zero, act_out.act_zero, "model");
	}
	bad_seen |= rtl.parity_bad;
	if (parity_rate == 0)
		good &= same("parity_bad", rtl.parity_bad, 0, "oracle");
	return good && compare_words();
}

/* The beat that is taken against the tile's elements. */
bool bench::check_act(const std::vector<buffer_tile> &tiles)
{
	uint32_t word[BITLET_MAX_N];
	if (!act_out.act_valid || !act_ready)
		return true;
	if (act_at.tile == tiles.size())
		return same("act_valid", 1, 0, "oracle");
	const buffer_tile &t = tiles[act_at.tile];
	unsigned bits = d.mode[t.fields.mode].a_word_bits;
	maker.act_words(t, act_at.at, word);
	bool good = same("act_last", rtl.act_last, act_at.at % (uint64_t)t.fields.groups == (uint64_t)t.fields.groups - 1, "oracle");
	good &= same("act_mode", rtl.act_mode, (uint64_t)t.fields.mode, "oracle");
	good &= same("act_zero", rtl.act_zero, (uint64_t)t.fields.act_zero & UINT32_MAX >> (32 - d.zero_bits), "oracle");
	for (unsigned i = 0; i < c.n && good; i++)
		good = same("act", port_bits(rtl.act, (size_t)i * d.a_slot_bits, bits), word[i], "oracle");
	if (++act_at.at == t.beats())
		act_at = place{act_at.tile + 1, 0};
	if (first_take == 0)
		first_take = cycle;
	last_take = cycle;
	return good;
}

bool bench::check_wgt(const std::vector<buffer_tile> &tiles, unsigned pe)
{
	uint32_t word[BITLET_MAX_N];
	place &at = wgt_at[pe];
	if (!(wgt_ready >> pe & 1))
		return true;
	if (at.tile == tiles.size())
		return same("wgt_valid", 1, 0, "oracle");
	const buffer_tile &t = tiles[at.tile];
	unsigned bits = d.mode[t.fields.mode].w_word_bits;
	maker.wgt_words(t, at.at, pe, word);
	for (unsigned i = 0; i < c.n; i++)
		if (!same("wgt", port_bits(rtl.wgt, ((size_t)pe * c.n + i) * d.w_slot_bits, bits), word[i], "oracle"))
			return false;
	if (++at.at == t.beats())
		at = place{at.tile + 1, 0};
	return true;
}

bool bench::finished(const std::vector<buffer_tile> &tiles) const
{
	bool all = act_at.tile == tiles.size() && act_out.tiles_empty && wgt_out.tiles_empty;
	for (const place &p : wgt_at)
		all &= p.tile == tiles.size();
	return all;
}

bool bench::run(const std::vector<buffer_tile> &tiles, const stalls &s, uint64_t stop_at, unsigned parity)
{
	uint64_t limit = 2000;
	for (const buffer_tile &t : tiles)
		limit += 100 * t.beats() * (d.a_lines + d.w_lines) + 100 * c.pes * d.w_lines * (uint64_t)t.fields.groups;
	stall = s;
	parity_rate = parity;
	reset();
	outputs();
	while (!finished(tiles) && cycle < stop_at) {
		if (cycle == limit)
			return same("progress", 0, 1, "oracle");
		parity_test = parity && random.below(64) < parity;
		choose_tiles(tiles);
		choose_line(tiles);
		choose_weights(tiles);
		choose_takes();
		drive();
		bool good = compare() && check_act(tiles);
		for (unsigned pe = 0; pe < c.pes && good; pe++)
			good = check_wgt(tiles, pe);
		if (!good)
			return false;
		edge();
		follow_line(tiles);
		outputs();
	}
	return true;
}
