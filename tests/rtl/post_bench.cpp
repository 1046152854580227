/*
 * Drives post_bench.v: every module behind the adder tree against post_reference.h, random vectors and corners. Prints TAP.
 * usage: post_bench [-b] [-s SEED] [-n VECTORS]
 *   -b: corrupt one bit of one expected result of every test; each test must then fail (exit status 0 when all do).
 */
#include "post_bench.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <unistd.h>
#include <verilated.h>

static uint64_t random_state;

uint64_t random_word()
{
	random_state += 0x9e3779b97f4a7c15u; /* splitmix64 */
	uint64_t z = random_state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

unsigned random_below(unsigned n)
{
	return (unsigned)(random_word() % n);
}

wide_int random_wide(unsigned bits)
{
	if (bits == 0)
		return 0;
	wide_int x = (wide_int)((wide_word)random_word() << 64 | random_word());
	unsigned length = 1 + random_below(bits);
	switch (random_below(4)) {
	case 0: /* a power of two and a little */
		x = ((wide_int)1 << random_below(length)) + (wide_int)random_below(5) - 2;
		break;
	case 1: /* bits at the top, few far below */
		x = ((wide_int)(random_word() & 0x3ffffff) << 70 | (wide_int)(random_word() & random_word() & random_word())) >> random_below(70);
		break;
	default:
		break;
	}
	if (random_below(2))
		x = -x;
	return sign_extend(x, length);
}

unsigned get_word(const uint32_t *words, unsigned bit, unsigned bits)
{
	uint64_t both = words[bit / 32] | (bit % 32 + bits > 32 ? (uint64_t)words[bit / 32 + 1] << 32 : 0);
	return (unsigned)(both >> bit % 32 & ((1ull << bits) - 1));
}

void set_bits(uint32_t *words, unsigned bit, wide_word value, unsigned bits)
{
	for (unsigned i = 0; i < bits; i++) {
		uint32_t mask = 1u << (bit + i) % 32;
		words[(bit + i) / 32] = value >> i & 1 ? words[(bit + i) / 32] | mask : words[(bit + i) / 32] & ~mask;
	}
}

void tick(Vpost_bench *dut)
{
	dut->clk = 1;
	dut->eval();
	dut->clk = 0;
	dut->eval();
}

bool check(const char *what, unsigned instance, uint64_t cycle, const char *field, uint64_t expected, uint64_t seen)
{
	if (expected != seen)
		printf("# %s %u, cycle %" PRIu64 ": %s is %" PRIx64 ", expected %" PRIx64 "\n", what, instance, cycle, field, seen, expected);
	return expected == seen;
}

/* One expected beat of a pipeline without back-pressure. */
struct beat {
	bool valid;
	unsigned tag;
	reference_result result;
};

static unsigned random_exp(unsigned exp_bits, unsigned scale, unsigned sum_bits)
{
	int range = 1 << exp_bits;
	int exp = (int)random_below((unsigned)range);
	switch (random_below(3)) {
	case 0: /* about the smallest normal and subnormal numbers */
		exp = (int)scale - 149 - (int)random_below(sum_bits + 8);
		break;
	case 1: /* about the largest */
		exp = (int)scale + 127 - (int)random_below(sum_bits + 2);
		break;
	default:
		break;
	}
	return (unsigned)(exp < 0 ? 0 : exp >= range ? range - 1 : exp);
}

static unsigned random_specials()
{
	return random_below(8) ? random_below(2) * SPECIAL_INEXACT : random_below(32);
}

static bool test_packager(Vpost_bench *dut, unsigned k, uint64_t vectors, bool broken)
{
	unsigned sum_bits = dut->pack_config[k * 4], exp_bits = dut->pack_config[k * 4 + 1];
	unsigned scale = dut->pack_config[k * 4 + 2], cuts = dut->pack_config[k * 4 + 3];
	std::deque<beat> line(cuts, beat{});
	for (uint64_t t = 0; t < vectors; t++) {
		wide_int s = random_wide(sum_bits);
		unsigned exp = random_exp(exp_bits, scale, sum_bits), specials = random_specials();
		beat b = {random_below(8) != 0, random_below(256), pack_special(s, (int)exp - (int)scale, specials)};
		set_bits(dut->pack_sum.m_storage, 0, (wide_word)s, 128);
		dut->pack_exp = (uint16_t)exp;
		dut->pack_specials = (uint8_t)specials;
		dut->pack_valid = b.valid;
		dut->pack_tag = (uint8_t)b.tag;
		if (broken && t == vectors / 2) {
			b.valid = true;
			dut->pack_valid = 1;
			b.result.word ^= 1u << random_below(32);
		}
		line.push_back(b);
		dut->eval();
		beat want = line.front();
		line.pop_front();
		const uint32_t *out = dut->packed_out.m_storage + k * 2;
		if (t < cuts)
			want.valid = false; /* whatever was there before */
		else if (!check("final_packager", k, t, "valid", want.valid, get_word(out, 44, 1)))
			return false;
		if (want.valid && !(check("final_packager", k, t, "result", want.result.word, out[0]) &
		                    check("final_packager", k, t, "flags", want.result.flags, get_word(out, 32, 4)) &
		                    check("final_packager", k, t, "tag", want.tag, get_word(out, 36, 8))))
			return false;
		tick(dut);
	}
	return true;
}

static bool test_fixed(Vpost_bench *dut, unsigned k, uint64_t vectors, bool broken)
{
	unsigned sum_bits = dut->fixed_config[k * 4], result_bits = dut->fixed_config[k * 4 + 1], out_bits = dut->fixed_config[k * 4 + 2];
	for (uint64_t t = 0; t < vectors; t++) {
		wide_int s = random_wide(sum_bits);
		if (random_below(4) == 0) /* about the limits */
			s = sign_extend((((wide_int)1 << (result_bits - 1)) + (wide_int)random_below(5) - 2) * (random_below(2) ? 1 : -1), sum_bits);
		reference_result want = saturate(s, result_bits, out_bits);
		if (broken && t == vectors / 2)
			want.word ^= 1ull << random_below(out_bits);
		set_bits(dut->pack_sum.m_storage, 0, (wide_word)s, 128);
		dut->eval();
		const uint32_t *out = dut->fixed_out.m_storage + k * 4;
		uint64_t word = (out[0] | (uint64_t)out[1] << 32) & (out_bits == 64 ? ~0ull : (1ull << out_bits) - 1);
		if (!(check("fixed_result", k, t, "result", want.word, word) & check("fixed_result", k, t, "overflow", want.flags != 0, out[2] & 1)))
			return false;
	}
	return true;
}

/* Any fp32 that can stand in the adder: canonical NaN only; corners and near neighbours are common. */
static uint32_t random_fp32(uint32_t near)
{
	static const uint32_t corner[] = {0, 1, 0x7fffff, 0x800000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x3f800000, 0x3f7fffff, 0x34000000, 0x33800000};
	uint32_t sign = random_below(2) ? 0x80000000u : 0, x = (uint32_t)random_word() & 0x7fffffff;
	switch (random_below(6)) {
	case 0:
		x = corner[random_below(sizeof corner / sizeof *corner)];
		break;
	case 1: /* an exponent within reach of the other's */
		x = ((near + ((random_below(60) - 30) << 23)) & 0x7f800000) | (x & 0x7fffff);
		break;
	case 2: /* almost the same magnitude */
		x = (near & 0x7fffffff) + random_below(5) - 2;
		break;
	case 3: /* few bits: ties */
		x = (near & 0x7f800000) + ((random_below(56) - 28) << 23) + ((x & 0x700007) << random_below(4));
		break;
	default:
		break;
	}
	x &= 0x7fffffff;
	return x > 0x7f800000 ? 0x7fc00000 : x | sign;
}

static bool test_adder(Vpost_bench *dut, unsigned k, uint64_t vectors, bool broken)
{
	std::deque<reference_result> line;
	for (uint64_t t = 0; t < vectors; t++) {
		uint32_t a = random_fp32((uint32_t)random_word()), b = random_fp32(a);
		reference_result r = add_fp32(a, b);
		if (broken && t == vectors / 2)
			r.word ^= 1u << random_below(32);
		line.push_back(r);
		dut->add_a = a;
		dut->add_b = b;
		dut->eval();
		if (line.size() > k) {
			const uint32_t *out = dut->add_out.m_storage + k * 2;
			if (!(check("fp32_adder", k, t, "sum", line.front().word, out[0]) & check("fp32_adder", k, t, "flags", line.front().flags, out[1] & 15)))
				return false;
			line.pop_front();
		}
		tick(dut);
	}
	return true;
}

typedef bool (*test_function)(Vpost_bench *, unsigned, uint64_t, bool);

static const struct {
	const char *name;
	test_function run;
	unsigned instances;
} tests[] = {
	{"final_packager", test_packager, 8},
	{"fixed_result", test_fixed, 4},
	{"fp32_adder", test_adder, 4},
	{"postprocess", test_postprocess, 17},
};

int main(int argc, char **argv)
{
	bool broken = false, good = true;
	uint64_t vectors = 100000, seed = 1;
	for (int c; (c = getopt(argc, argv, "bs:n:")) != -1;) {
		if (c == 'b')
			broken = true;
		else if (c == 's')
			seed = strtoull(optarg, nullptr, 0);
		else if (c == 'n')
			vectors = strtoull(optarg, nullptr, 0);
		else
			return 2;
	}
	Vpost_bench dut;
	unsigned number = broken ? 50 : 0;
	printf("# seed %" PRIu64 "\n", seed);
	for (const auto &t : tests)
		for (unsigned k = 0; k < t.instances; k++) {
			random_state = seed;
			dut.rst = 1;
			tick(&dut);
			dut.rst = 0;
			bool ok = t.run(&dut, k, vectors, broken) != broken;
			good = good && ok;
			printf("%s %u - %s, configuration %u%s\n", ok ? "ok" : "not ok", ++number, t.name, k, broken ? ": a wrong bit is found" : "");
		}
	return good ? 0 : 1;
}
