#include "output_job.h"

#include <algorithm>

uint64_t random_source::next()
{
	state += 0x9e3779b97f4a7c15u;
	uint64_t z = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

output_job_maker::output_job_maker(const bitlet_config &config, const bitlet_derived &derived, random_source &source)
	: c(config), d(derived), random(source), base(0)
{
}

/* Numbers of every size, and those at the ends. */
uint32_t output_job_maker::random_word(bool is_float)
{
	static const uint32_t floats[] = {0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffc12345, 0x00800000, 0x007fffff, 0x00000001, 0x7f7fffff, 0x3f800000};
	static const uint32_t ints[] = {0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 0x80000001};
	if (random.below(6) == 0)
		return is_float ? floats[random.below(sizeof floats / sizeof *floats)] : ints[random.below(sizeof ints / sizeof *ints)];
	if (!is_float)
		return (uint32_t)((int32_t)random.next() >> random.below(32));
	/* exponents near the middle, so that sums and products are finite and lose bits */
	uint32_t exponent = random.below(4) ? 110 + random.below(36) : random.below(255);
	return (uint32_t)(random.next() & 0x807fffff) | exponent << 23;
}

bitlet_result output_job_maker::random_result(bool is_float)
{
	bitlet_result r = {0, (uint8_t)(random.below(8) ? 0 : random.below(16))};
	if (is_float) {
		r.bits = random_word(true);
		if ((r.bits & 0x7fffffff) > 0x7f800000)
			r.bits = BITLET_NAN;
		return r;
	}
	int64_t v = (int64_t)random.next() >> (64 - c.result_bits);
	v = random.below(8) ? v >> random.below(c.result_bits) : v;
	if (random.below(16) == 0)
		v = (int64_t)(UINT64_C(1) << 63) >> (64 - c.result_bits);
	r.bits = bitlet_result_word(&d, v);
	return r;
}

void output_job_maker::choose_output(program_tile &t, bool is_float)
{
	t.format = is_float || random.below(4) == 0 ? FORMAT_FP32 : random.below(3);
	t.rounding = random.below(3);
	t.zero_out = (int32_t)random_word(false);
	bool floats = t.format == FORMAT_FP32;
	t.clamp_low = random.below(2) ? (int32_t)random_word(floats) : floats ? (int32_t)0xff800000 : INT32_MIN;
	t.clamp_high = random.below(2) ? (int32_t)random_word(floats) : floats ? (int32_t)0x7f800000 : INT32_MAX;
}

/* Some factors of pixels; strides that keep runs apart, in a random order of the loops. */
void output_job_maker::choose_loops(program_tile &t, unsigned bytes)
{
	unsigned rest = (unsigned)t.pixels, order[PROGRAM_OUT_LOOPS] = {0, 1, 2, 3};
	uint64_t span = bytes + (random.below(2) ? random.below(9) : 0);
	for (unsigned i = 0; i < PROGRAM_OUT_LOOPS; i++)
		std::swap(order[i], order[random.below(PROGRAM_OUT_LOOPS)]);
	for (unsigned i = 0; i < PROGRAM_OUT_LOOPS; i++) {
		unsigned count = i == PROGRAM_OUT_LOOPS - 1 ? rest : 1 + random.below(4);
		if (rest % count)
			count = 1;
		t.out_loop[order[i]] = program_loop();
		t.out_loop[order[i]].count_less_1 = count - 1;
		t.out_loop[order[i]].stride = (int64_t)span;
		span = span * count + (random.below(2) ? random.below(20) : 0);
		rest /= count;
	}
	uint64_t gap = random.below(3) ? random.below(100) : 0;
	t.out_base = base + gap;
	base += gap + span;
	t.out_run_bytes = bytes;
}

void output_job_maker::choose_data(output_job_tile &t)
{
	bool is_float = d.mode[t.fields.mode].precision.is_float, scaled = t.fields.format == FORMAT_FP32;
	unsigned pes = (unsigned)t.fields.pes_less_1 + 1;
	for (unsigned e = 0; t.fields.load_params && e < pes; e++) {
		t.params.push_back(random_word(is_float));
		t.params.push_back(random_word(scaled));
		/* most shifts keep something of the product; the byte is kept whole */
		int shift = t.fields.rounding == ROUND_TFLITE_DOUBLE ? (int)random.below(24) - 20 : (int)random.below(50);
		t.params.push_back(random.below(8) ? (uint32_t)shift : (uint32_t)random.next());
		t.params.push_back((uint32_t)random.next());
	}
	for (uint64_t i = 0; i < (uint64_t)t.fields.pixels * c.pes; i++)
		t.results.push_back(random_result(is_float));
}

output_job_tile output_job_maker::choose(unsigned mode, unsigned pes, unsigned pixels)
{
	output_job_tile t = {};
	t.fields.opcode = PROGRAM_TILE;
	t.fields.mode = mode;
	t.fields.pes_less_1 = pes - 1;
	t.fields.pixels = pixels;
	choose_output(t.fields, d.mode[mode].precision.is_float);
	return t;
}

/* One tile, or the chunks of one. */
output_job output_job_maker::make()
{
	output_job job = {};
	unsigned units = 1 + random.below(8);
	base = random.below(2) ? 0x10000 + random.below(64) : 0xfff00000;
	for (unsigned u = 0; u < units; u++) {
		unsigned chunks = random.below(3) ? 1 : 1 + random.below(4);
		unsigned most = chunks > 1 ? std::min(c.psum_buffer, 12u) : 12;
		output_job_tile first = choose(random.below(d.modes), random.below(3) ? 1 + random.below(c.pes) : c.pes, random.below(3) ? 1 + random.below(most) : 1);
		bool after = !job.tiles.empty() && job.tiles.back().fields.format == first.fields.format && job.tiles.back().fields.mode == first.fields.mode &&
		             job.tiles.back().fields.pes_less_1 >= first.fields.pes_less_1;
		for (unsigned i = 0; i < chunks; i++) {
			output_job_tile t = first;
			t.fields.psum_in = i > 0;
			t.fields.psum_out = i < chunks - 1;
			/* parameters come with any chunk, and stay for a tile alike */
			t.fields.load_params = i == 0 ? !after || random.below(2) : random.below(4) == 0;
			if (!t.fields.psum_out)
				choose_loops(t.fields, ((unsigned)t.fields.pes_less_1 + 1) * (t.fields.format == 0 ? 1 : t.fields.format == 1 ? 2 : 4));
			choose_data(t);
			job.tiles.push_back(t);
		}
	}
	finish(job);
	return job;
}

output_job output_job_maker::make_regular(unsigned tiles, unsigned pixels, bool sums)
{
	output_job job = {};
	base = 0x4000;
	unsigned mode = 0;
	while (mode + 1 < d.modes && d.mode[mode].precision.is_float)
		mode++;
	for (unsigned i = 0; i < tiles; i++) {
		output_job_tile t = choose(mode, c.pes, pixels);
		t.fields.format = d.mode[mode].precision.is_float ? FORMAT_FP32 : FORMAT_INT8;
		unsigned bytes = c.pes * (t.fields.format == FORMAT_FP32 ? 4 : 1);
		t.fields.load_params = i == 0;
		t.fields.psum_in = sums && i > 0;
		t.fields.psum_out = sums && i < tiles - 1;
		t.fields.out_base = base;
		t.fields.out_run_bytes = bytes;
		t.fields.out_loop[0].count_less_1 = pixels - 1;
		t.fields.out_loop[0].stride = bytes;
		base += (uint64_t)bytes * pixels;
		choose_data(t);
		job.tiles.push_back(t);
	}
	finish(job);
	return job;
}

static uint64_t pixel_address(const program_tile &t, uint64_t pixel)
{
	uint64_t address = t.out_base;
	for (const program_loop &l : t.out_loop) {
		uint64_t count = (uint64_t)l.count_less_1 + 1;
		address += pixel % count * (uint64_t)l.stride;
		pixel /= count;
	}
	return address;
}

void output_job_maker::compute(output_job &job, const output_job_tile &t, const std::vector<output_params> &params, std::vector<int64_t> &sums)
{
	output_stage stage = output_stage_of(&c, &t.fields);
	uint64_t mask = c.axi_address_bits == 64 ? UINT64_MAX : (UINT64_C(1) << c.axi_address_bits) - 1;
	unsigned pes = (unsigned)t.fields.pes_less_1 + 1, bytes = stage.format == FORMAT_INT8 ? 1 : stage.format == FORMAT_INT16 ? 2 : 4;
	for (uint64_t pixel = 0; pixel < (uint64_t)t.fields.pixels; pixel++)
		for (unsigned e = 0; e < pes; e++) {
			const bitlet_result &r = t.results[pixel * c.pes + e];
			int64_t v = stage.is_float ? (int64_t)r.bits : bitlet_result_value(&d, r.bits);
			job.flags |= r.flags;
			job.active++;
			if (t.fields.psum_in)
				v = output_accumulate(&stage, sums[pixel * c.pes + e], v, &job.flags);
			if (t.fields.psum_out) {
				sums[pixel * c.pes + e] = v;
				continue;
			}
			uint32_t word = output_finish(&stage, v, &params[e], &job.flags);
			for (unsigned b = 0; b < bytes; b++)
				job.memory[(pixel_address(t.fields, pixel) + e * bytes + b) & mask] = (uint8_t)(word >> 8 * b);
		}
}

void output_job_maker::finish(output_job &job)
{
	std::vector<int64_t> sums((size_t)c.psum_buffer * c.pes);
	std::vector<output_params> params(c.pes);
	for (const output_job_tile &t : job.tiles) {
		for (size_t e = 0; e < t.params.size() / 4; e++)
			params[e] = output_params_of(&t.params[4 * e]);
		compute(job, t, params, sums);
	}
}
