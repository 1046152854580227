/* Random units through postprocess, compared in every cycle. */
#include "post_bench.h"

#include <algorithm>
#include <deque>

namespace {

struct config {
	unsigned has_float, has_fixed, wide, units, tree_bits, sum_bits, float_bits, acc_bits, exp_bits, scale, acc_cuts, pack_cuts;
	unsigned result_bits, out_bits, fifo;
	unsigned latency() const { return has_float ? 3 + pack_cuts + acc_cuts : 2; }
};

/* What stands at the ports in one cycle, besides credit_take and out_ready. */
struct port_inputs {
	wide_int tree[2];
	bool unit_end, parity, last, is_float;
	unsigned exp, specials;
};

struct expected {
	uint64_t cycle; /* seen from here on */
	reference_result result;
};

class driver {
public:
	driver(Vpost_bench *d, unsigned instance);
	bool run(uint64_t cycles, bool broken);

private:
	port_inputs choose(uint64_t cycle, bool *take);
	void end_unit(port_inputs *in, uint64_t cycle, bool *take);
	void set_inputs(const port_inputs &in, bool take, bool ready);
	bool compare(uint64_t cycle);
	void start_output();
	wide_int limit() const { return (wide_int)1 << ((is_float ? c.float_bits : c.sum_bits) - 1); }

	Vpost_bench *dut;
	unsigned k;
	config c;
	unsigned pipeline;           /* cycles from credit_take to unit_end: the cuts before the tree's end */
	std::deque<port_inputs> under_way;
	std::deque<expected> results;
	unsigned credit;
	bool parity = false;
	bool is_float = false;
	unsigned groups_left = 0;
	unsigned exp_base = 0;
	unsigned busy = 0;           /* post_wait */
	wide_int sums[2] = {0, 0};
	float_output out = {};
	unsigned ready_chance = 1;
};

driver::driver(Vpost_bench *d, unsigned instance) : dut(d), k(instance)
{
	const uint32_t *w = d->post_config.m_storage + k * 16;
	c = {w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13], w[14]};
	pipeline = k % 4;
	under_way.assign(pipeline, port_inputs{});
	credit = c.fifo;
	start_output();
}

void driver::start_output()
{
	is_float = c.has_float && (!c.has_fixed || random_below(2));
	groups_left = 1;
	if (is_float) {
		/* few bits above the group's leave room for few groups */
		unsigned room = c.acc_bits - c.float_bits < 5 ? 1u << (c.acc_bits - c.float_bits) : 32;
		groups_left += random_below(std::min(random_below(4) ? 4u : 32u, c.wide ? room : 32u));
	}
	exp_base = random_below(1u << c.exp_bits);
	out.groups = 0;
	out.wide = c.wide;
}

/* The unit ends in this cycle. */
void driver::end_unit(port_inputs *in, uint64_t cycle, bool *take)
{
	wide_int s = sums[parity];
	sums[parity] = 0;
	in->unit_end = true;
	in->parity = parity;
	in->is_float = is_float;
	in->last = groups_left == 1;
	in->specials = random_below(12) ? random_below(2) : random_below(32);
	in->exp = (exp_base + random_below(random_below(2) ? 8 : 80)) & ((1u << c.exp_bits) - 1);
	if (s == 0 && random_below(2))
		in->exp = 0;
	if (c.units == 2)
		parity = !parity;
	if (is_float) {
		add_group(&out, s, in->exp, in->specials, c.scale);
		busy = c.wide ? 0 : c.acc_cuts;
	}
	groups_left--;
	if (!in->last)
		return;
	results.push_back({cycle + pipeline + c.latency(), is_float ? finish(&out, c.scale) : saturate(s, c.result_bits, c.out_bits)});
	*take = true;
	start_output();
}

port_inputs driver::choose(uint64_t cycle, bool *take)
{
	port_inputs in = {};
	*take = false;
	for (unsigned u = 0; u < c.units; u++) {
		bool older = u == (unsigned)parity;
		wide_int x = random_below(3) ? random_wide(c.tree_bits) : 0;
		/* the next unit of a float output, and what would not fit, stays 0 */
		bool fits = sums[u] + x < limit() && sums[u] + x >= -limit();
		if (fits && (older || (!is_float && !c.has_float)))
			in.tree[u] = x;
		sums[u] += in.tree[u];
	}
	bool may_end = busy == 0 && (groups_left > 1 || credit > 0);
	if (busy)
		busy--;
	if (may_end && random_below(3) == 0)
		end_unit(&in, cycle, take);
	else /* garbage beside no end */
		in.exp = random_below(1u << c.exp_bits), in.specials = random_below(32), in.last = random_below(2), in.is_float = random_below(2);
	return in;
}

void driver::set_inputs(const port_inputs &in, bool take, bool ready)
{
	set_bits(dut->post_tree.m_storage, k * 128, (wide_word)in.tree[0], 64);
	set_bits(dut->post_tree.m_storage, k * 128 + 64, (wide_word)in.tree[1], 64);
	uint64_t word = in.unit_end | in.parity << 1 | in.last << 2 | in.is_float << 3 | take << 4 | ready << 5 | in.specials << 8 | in.exp << 16;
	set_bits(dut->post_in.m_storage, k * 64, word, 64);
}

bool driver::compare(uint64_t cycle)
{
	const uint32_t *seen = dut->post_out.m_storage + k * 4;
	bool valid = !results.empty() && results.front().cycle <= cycle;
	bool ok = check("postprocess", k, cycle, "credit", credit > 0, get_word(seen, 0, 1)) &
	          check("postprocess", k, cycle, "out_valid", valid, get_word(seen, 1, 1));
	if (!valid || !ok)
		return ok;
	uint64_t mask = c.out_bits == 64 ? ~0ull : (1ull << c.out_bits) - 1;
	return check("postprocess", k, cycle, "result", results.front().result.word, (seen[2] | (uint64_t)seen[3] << 32) & mask) &
	       check("postprocess", k, cycle, "flags", results.front().result.flags, get_word(seen, 4, 4));
}

bool driver::run(uint64_t cycles, bool broken)
{
	for (uint64_t t = 0; t < cycles; t++) {
		bool take;
		port_inputs in = choose(t, &take);
		if (broken && t > cycles / 2 && take) {
			results.back().result.word ^= 1ull << random_below(c.out_bits);
			broken = false;
		}
		if (t % 256 == 0) /* stalls: never, now and then, mostly */
			ready_chance = 1 + random_below(3) * random_below(8);
		bool ready = random_below(ready_chance) == 0;
		under_way.push_back(in);
		set_inputs(under_way.front(), take, ready);
		under_way.pop_front();
		dut->eval();
		if (!compare(t))
			return false;
		bool leaves = ready && !results.empty() && results.front().cycle <= t;
		if (leaves)
			results.pop_front();
		credit = credit - take + leaves;
		tick(dut);
	}
	return true;
}

}

bool test_postprocess(Vpost_bench *dut, unsigned k, uint64_t vectors, bool broken)
{
	driver d(dut, k);
	return d.run(vectors, broken);
}
