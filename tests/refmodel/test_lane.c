/* The lane model against the oracle: values and flags over many configurations, and the laws of docs/engine.md sections 8 and 9. */
#include "model.h"

static void sweep_one(struct bitlet_config *c, unsigned beats, uint64_t seed)
{
	static const struct model_stall stalls[] = { { 0, 0, 0 }, { 40, 40, 0 }, { 0, 0, 60 }, { 30, 20, 80 } };
	struct bitlet_derived d;
	struct bitlet_rng r = { seed };
	struct model_stream s;
	bitlet_derive(c, &d);
	model_stream_make(&s, c, &d, beats, BITLET_STIMULUS_MIXED, &r);
	for (unsigned i = 0; i < sizeof stalls / sizeof *stalls; i++) {
		struct model_drive v = model_run(&s, stalls[i], &r);
		for (unsigned p = 0; p < c->pes; p++) {
			const struct bitlet_lane_counts *k = bitlet_lane_count(v.m, p);
			uint64_t sum = 0;
			for (unsigned j = 0; j < BITLET_CAUSES; j++)
				sum += k->cause[j];
			assert_int_equal(sum, k->cycles);
			assert_int_equal(k->groups, s.beats);
			assert_int_equal(k->outputs, s.outputs);
		}
		bitlet_lane_free(v.m);
	}
	model_stream_free(&s);
}

/* A random legal configuration. */
static struct bitlet_config random_config(struct bitlet_rng *r)
{
	static const unsigned sizes[] = { 2, 3, 4, 16, 64, 128 };
	static const char *const sets[] = { "fp32", "fp16", "bf16 tf32", "fp32 fp16 int8", "int8 uint8", "w4a16 w16a4 int1", "w8au8 wu4a8 uint1 int24",
		                            "fp32 tf32 bf16 fp16 int8 int4 uint3 w2a12 int16", "uint24 int24", "int2 uint12 int5 wu1a1" };
	unsigned n = sizes[bitlet_random_below(r, 6)];
	struct bitlet_config c = model_config(n, sets[bitlet_random_below(r, 10)]);
	bool has_float = c.precision[0].is_float;
	c.guard_bits = bitlet_random_below(r, 2) ? 0 : bitlet_random_below(r, 9);
	c.side = !has_float && bitlet_random_below(r, 3) == 0 ? BITLET_SIDE_ACTIVATION : BITLET_SIDE_WEIGHT;
	c.run_ahead = bitlet_random_below(r, 4);
	if (c.run_ahead == 0 && bitlet_random_below(r, 2))
		c.selector = BITLET_SELECTOR_WINDOW;
	if (bitlet_random_below(r, 2))
		model_pack_all(&c);
	c.pes = n < 64 && bitlet_random_below(r, 2) ? 1 + bitlet_random_below(r, 4) : 1;
	c.preprocess_rate = bitlet_random_below(r, 2) ? n : 1 + bitlet_random_below(r, n);
	c.gate_zero_activations = bitlet_random_below(r, 2);
	c.zero_point = bitlet_random_below(r, 2);
	c.array_fifo = c.side == BITLET_SIDE_WEIGHT && bitlet_random_below(r, 2) ? 1 + bitlet_random_below(r, 8) : 0;
	c.accumulation = bitlet_random_below(r, 2) ? BITLET_ACCUMULATION_WIDE : BITLET_ACCUMULATION_FP32;
	c.max_groups = bitlet_random_below(r, 4) ? 64 : 1 + bitlet_random_below(r, 3);
	c.result_bits = bitlet_random_below(r, 2) ? 8 + bitlet_random_below(r, 57) : 32;
	c.result_fifo = 1 + bitlet_random_below(r, 16);
	c.pipeline = (struct bitlet_pipeline){ 0, bitlet_random_below(r, 2), bitlet_random_below(r, 3), bitlet_random_below(r, 4),
		                               bitlet_random_below(r, 4) };
	return c;
}

static void test_sweep(void **state)
{
	struct bitlet_rng r = { 20240601 };
	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct bitlet_config c = random_config(&r);
		sweep_one(&c, c.n >= 64 ? 40 : 150, bitlet_random(&r));
	}
}

/* Every pair of 8-bit operands in either slot, weight and activation side. */
static void test_exhaustive_int8(void **state)
{
	(void)state;
	for (unsigned side = 0; side < 2; side++) {
		struct bitlet_config c = model_config(2, "int8");
		struct bitlet_derived d;
		struct bitlet_lane_out out;
		unsigned sent = 0, got = 0;
		c.side = side ? BITLET_SIDE_ACTIVATION : BITLET_SIDE_WEIGHT;
		bitlet_derive(&c, &d);
		struct bitlet_lane *m = bitlet_lane_new(&c, &d);
		assert_non_null(m);
		while (got < 1 << 16) {
			uint32_t w[2] = { sent >> 8, (sent + 77) & 0xff }, a[2] = { sent & 0xff, sent >> 8 ^ 0x55 };
			struct bitlet_lane_in in = { .act_valid = sent < 1 << 16, .act_last = true, .act = a, .wgt_valid = sent < 1 << 16, .wgt = w, .out_ready = 1 };
			bitlet_lane_step(m, &in, &out);
			if (out.out_valid) {
				int want = (int8_t)(got >> 8) * (int8_t)got + (int8_t)(got + 77) * (int8_t)(got >> 8 ^ 0x55);
				assert_int_equal((int32_t)out.result[0].bits, want);
				assert_int_equal(out.result[0].flags, 0);
				got++;
			}
			sent += out.wgt_ready & 1;
		}
		bitlet_lane_free(m);
	}
}

static unsigned max3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a > b ? a : b;
	return m > c ? m : c;
}

/* Essential bits of the busiest lane by the oracle. */
static unsigned naive_busiest(const struct model_stream *s, unsigned b)
{
	unsigned ones[BITLET_MAX_LANES], most = 0;
	bitlet_naive_lanes(s->c, s->d, s->beat[b].mode, s->w + (size_t)b * s->c->n, s->a + (size_t)b * s->c->n, s->beat[b].zero, ones);
	for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
		most = ones[l] > most ? ones[l] : most;
	return most;
}

/* From load to load a group costs max(1, busiest lane, T) cycles, with run_ahead 0 and nothing that stalls. */
static void test_interval(void **state)
{
	static const char *const sets[] = { "fp32", "fp16 int8", "int8 w4a16", "uint24" };
	struct bitlet_rng r = { 7 };
	(void)state;
	for (unsigned i = 0; i < 24; i++) {
		struct bitlet_config c = model_config(i % 3 ? 16 : 64, sets[i % 4]);
		struct bitlet_derived d;
		struct model_stream s;
		c.preprocess_rate = i & 4 ? c.n : c.n / 4;
		c.result_fifo = 16;
		c.gate_zero_activations = i & 8;
		if (i & 16)
			model_pack_all(&c);
		bitlet_derive(&c, &d);
		model_stream_make(&s, &c, &d, 200, BITLET_STIMULUS_MIXED, &r);
		struct bitlet_lane *m = bitlet_lane_new(&c, &d);
		unsigned b = 0, previous = 0;
		for (unsigned now = 0; b < s.beats; now++) {
			struct bitlet_lane_in in = { true, s.beat[b].last, s.beat[b].mode, s.beat[b].zero, s.a + b * c.n, 1, s.w + b * c.n, 1 };
			struct bitlet_lane_out out;
			bitlet_lane_step(m, &in, &out);
			if (!out.wgt_ready)
				continue;
			assert_int_equal(bitlet_lane_look(m, 0)->busiest, naive_busiest(&s, b));
			if (b)
				assert_int_equal(now - previous, max3(1, naive_busiest(&s, b - 1), d.group_cycles));
			previous = now;
			b++;
		}
		bitlet_lane_free(m);
		model_stream_free(&s);
	}
}

/* With run_ahead 2 only the sum of each lane's bits counts, but for 3 percent: N = 16, int8, Gaussian weights, outputs of 32 groups. */
static void test_run_ahead(void **state)
{
	enum { GROUPS = 32 * 300 };
	struct bitlet_config c = model_config(16, "int8");
	struct bitlet_derived d;
	struct bitlet_rng r = { 11 };
	uint64_t lane[BITLET_MAX_LANES] = { 0 }, limit = 0;
	uint32_t w[16], a[16], zero;
	unsigned now = 0;
	(void)state;
	c.run_ahead = 2;
	bitlet_derive(&c, &d);
	struct bitlet_lane *m = bitlet_lane_new(&c, &d);
	for (unsigned b = 0; b < GROUPS; b++) {
		unsigned ones[BITLET_MAX_LANES];
		struct bitlet_lane_out out = { 0 };
		bitlet_stimulus_group(&c, &d, 0, BITLET_STIMULUS_GAUSS, &r, w, a, &zero);
		bitlet_naive_lanes(&c, &d, 0, w, a, zero, ones);
		for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
			lane[l] += ones[l];
		for (; !(out.wgt_ready & 1); now++) {
			struct bitlet_lane_in in = { true, b % 32 == 31, 0, 0, a, 1, w, 1 };
			bitlet_lane_step(m, &in, &out);
		}
	}
	for (unsigned l = 0; l < BITLET_MAX_LANES; l++)
		limit = lane[l] > limit ? lane[l] : limit;
	print_message("# run_ahead 2: %u cycles, busiest lane over all groups %llu, ratio %.4f, barrier would cost %llu\n", now,
	              (unsigned long long)limit, (double)now / (double)limit, (unsigned long long)bitlet_lane_count(m, 0)->busiest);
	assert_true(now <= limit + limit * 3 / 100);
	assert_true(now < bitlet_lane_count(m, 0)->busiest);
	bitlet_lane_free(m);
}

/* Results appear exactly `latency` cycles after the end tag, and an accumulator loop spaces float end tags. */
static void test_latency(void **state)
{
	static const char *const sets[] = { "int8", "fp32 int8" };
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct bitlet_config c = model_config(4, sets[i]);
		struct bitlet_derived d;
		uint32_t w[4] = { 0 }, a[4] = { 0 };
		c.pipeline = (struct bitlet_pipeline){ 0, 1, 2, 3, 2 };
		c.max_groups = 8;
		bitlet_derive(&c, &d);
		assert_int_equal(d.latency, i ? 1 + 2 + 3 + 2 + 3 : 1 + 2 + 2);
		struct bitlet_lane *m = bitlet_lane_new(&c, &d);
		unsigned loads[64] = { 0 }, loaded = 0, seen = 0;
		for (unsigned now = 0; seen < 10; now++) {
			struct bitlet_lane_in in = { true, true, 0, 0, a, 1, w, 1 };
			struct bitlet_lane_out out;
			bitlet_lane_step(m, &in, &out);
			if (out.wgt_ready)
				loads[loaded++] = now;
			/* an empty group retires in the cycle behind its load, later only for want of the accumulator or of a credit */
			if (out.out_valid && seen < c.result_fifo) {
				assert_int_equal(now, loads[0] + 1 + seen * (i ? 4 : 1) + d.latency);
			}
			seen += out.out_valid & 1;
		}
		bitlet_lane_free(m);
	}
}

/* While nothing leaves, result_fifo outputs are computed and no more; then they come in order, one a cycle. */
static void test_credits(void **state)
{
	struct bitlet_config c = model_config(2, "int8");
	struct bitlet_derived d;
	(void)state;
	c.result_fifo = 3;
	bitlet_derive(&c, &d);
	struct bitlet_lane *m = bitlet_lane_new(&c, &d);
	unsigned loaded = 0, seen = 0;
	for (unsigned now = 0; now < 100; now++) {
		uint32_t w[2] = { loaded + 1, 0 }, a[2] = { 1, 1 };
		struct bitlet_lane_in in = { true, true, 0, 0, a, 1, w, now >= 50 };
		struct bitlet_lane_out out;
		bitlet_lane_step(m, &in, &out);
		loaded += out.wgt_ready & 1;
		if (now == 49) {
			assert_int_equal(loaded, 4); /* three results and one group that waits */
			assert_int_equal(bitlet_lane_look(m, 0)->cause, BITLET_CAUSE_CREDIT);
			assert_int_equal(bitlet_lane_count(m, 0)->outputs, 3);
		}
		if (now >= 50 && now < 53)
			assert_true(out.out_valid);
		if (out.out_valid && now >= 50)
			assert_int_equal(out.result[0].bits, ++seen);
	}
	assert_true(seen > 20);
	bitlet_lane_free(m);
}

/* One selector for all PEs (activation side): what one PE cannot get rid of holds up the retirement of all. */
static void test_one_selector(void **state)
{
	(void)state;
	for (unsigned side = 0; side < 2; side++) {
		struct bitlet_config c = model_config(2, "int8");
		struct bitlet_derived d;
		uint32_t w[4] = { 1, 2, 3, 4 }, a[2] = { 5, 6 };
		c.pes = 2;
		c.result_fifo = 1;
		c.side = side ? BITLET_SIDE_ACTIVATION : BITLET_SIDE_WEIGHT;
		bitlet_derive(&c, &d);
		struct bitlet_lane *m = bitlet_lane_new(&c, &d);
		struct bitlet_lane_out out;
		struct bitlet_lane_in in = { true, true, 0, 0, a, 3, w, 1 };
		for (unsigned now = 0; now < 50; now++)
			bitlet_lane_step(m, &in, &out);
		assert_int_equal(bitlet_lane_count(m, 0)->outputs, side ? 1 : 2);
		assert_int_equal(bitlet_lane_count(m, 1)->outputs, 1);
		assert_int_equal(bitlet_lane_look(m, 0)->cause, BITLET_CAUSE_PEERS);
		assert_int_equal(bitlet_lane_look(m, 1)->cause, BITLET_CAUSE_CREDIT);
		assert_int_equal(out.out_valid, 2);
		assert_int_equal(out.result[1].bits, 3 * 5 + 4 * 6);
		bitlet_lane_free(m);
	}
}

/* A group of another precision waits until the ring is empty; one of the same goes in beside the others. */
static void test_change_of_mode(void **state)
{
	struct bitlet_config c = model_config(4, "int8 int16");
	struct bitlet_derived d;
	uint32_t w[4] = { 1, 1, 1, 1 }, a[4] = { 1, 1, 1, 1 };
	(void)state;
	c.run_ahead = 2;
	bitlet_derive(&c, &d);
	for (unsigned other = 0; other < 2; other++) {
		struct bitlet_lane *m = bitlet_lane_new(&c, &d);
		unsigned loads[2], loaded = 0;
		for (unsigned now = 0; loaded < 2; now++) {
			struct bitlet_lane_in in = { true, true, loaded ? other : 0, 0, a, 1, w, 1 };
			struct bitlet_lane_out out;
			bitlet_lane_step(m, &in, &out);
			if (out.wgt_ready)
				loads[loaded++] = now;
		}
		assert_int_equal(loads[1] - loads[0], other ? 4 : 1);
		bitlet_lane_free(m);
	}
}

/* The published window: a lane walks eight slots at a time, an empty window costs a cycle. */
static void test_window(void **state)
{
	struct bitlet_config c = model_config(32, "int8");
	struct bitlet_derived d;
	uint32_t w[32] = { 0 }, a[32] = { 0 };
	(void)state;
	c.selector = BITLET_SELECTOR_WINDOW;
	bitlet_derive(&c, &d);
	struct bitlet_lane *m = bitlet_lane_new(&c, &d);
	w[1] = w[7] = 1; /* two cycles in window 0, one for the empty window 1, one in window 2 */
	w[16] = 1;
	w[31] = 2; /* three empty windows, then one bit: four cycles as well */
	struct bitlet_lane_in in = { true, true, 0, 0, a, 1, w, 1 };
	struct bitlet_lane_out out;
	static const int want[4][2] = { { 1, -1 }, { 7, -1 }, { -1, -1 }, { 16, 31 } };
	bitlet_lane_step(m, &in, &out);
	assert_int_equal(out.wgt_ready, 1);
	assert_int_equal(bitlet_lane_look(m, 0)->busiest, 4);
	for (unsigned t = 0; t < 4; t++) {
		bitlet_lane_step(m, &in, &out);
		for (unsigned l = 0; l < 2; l++) {
			struct bitlet_issue i = bitlet_lane_look(m, 0)->issue[l];
			assert_int_equal(i.slot < 0 ? -1 : i.index, want[t][l]);
		}
		assert_int_equal(out.wgt_ready, t == 3);
	}
	bitlet_lane_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sweep),     cmocka_unit_test(test_exhaustive_int8), cmocka_unit_test(test_interval),
		cmocka_unit_test(test_run_ahead), cmocka_unit_test(test_latency),         cmocka_unit_test(test_credits),
		cmocka_unit_test(test_window),    cmocka_unit_test(test_change_of_mode),
		cmocka_unit_test(test_one_selector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
