/* The fast path against the oracle (values, flags) and against the lane model (cycles), for random matrix products. */
#include "model.h"

/* A product: matrices of elements as fast.h takes them, and the same as port words. */
struct product {
	struct bitlet_config c;
	struct bitlet_derived d;
	size_t outputs, pixels, k, groups;
	uint32_t zero;
	uint32_t *w, *a;            /* [rows][groups * pairs], fields; what lies behind k is padding */
};

static uint32_t get_field(uint32_t word, unsigned j, unsigned bits)
{
	return (uint32_t)(word >> (j * bits) & ((UINT64_C(1) << bits) - 1));
}

/* Random groups taken apart into rows of fields, padding as fast.h says. */
static void make_product(struct product *x, size_t outputs, size_t pixels, size_t k, unsigned kind, struct bitlet_rng *r)
{
	const struct bitlet_mode *m = &x->d.mode[0];
	size_t pairs = (size_t)x->c.n * m->pack;
	uint32_t w[BITLET_MAX_N], a[BITLET_MAX_N], zero;
	x->outputs = outputs;
	x->pixels = pixels;
	x->k = k;
	x->groups = (k + pairs - 1) / pairs;
	x->w = model_alloc(outputs * x->groups * pairs, sizeof *x->w);
	x->a = model_alloc(pixels * x->groups * pairs, sizeof *x->a);
	bitlet_stimulus_group(&x->c, &x->d, 0, kind, r, w, a, &x->zero);
	for (size_t row = 0; row < (outputs > pixels ? outputs : pixels); row++) {
		for (size_t g = 0; g < x->groups; g++) {
			bitlet_stimulus_group(&x->c, &x->d, 0, kind, r, w, a, &zero);
			for (size_t q = 0; q < pairs; q++) {
				bool padding = g * pairs + q >= k;
				size_t at = (row * x->groups + g) * pairs + q;
				if (row < outputs && !padding)
					x->w[at] = get_field(w[q / m->pack], (unsigned)(q % m->pack), m->precision.w_bits);
				if (row < pixels)
					x->a[at] = padding ? x->zero : get_field(a[q / m->pack], (unsigned)(q % m->pack), m->precision.a_bits);
			}
		}
	}
}

static void free_product(struct product *x)
{
	free(x->w);
	free(x->a);
}

/* Port words of one group. */
static void group_words(const struct product *x, const uint32_t *fields, size_t row, size_t g, unsigned bits, uint32_t *words)
{
	unsigned pack = x->d.mode[0].pack;
	for (unsigned i = 0; i < x->c.n; i++) {
		words[i] = 0;
		for (unsigned j = 0; j < pack; j++)
			words[i] |= fields[(row * x->groups + g) * x->c.n * pack + i * pack + j] << (j * bits);
	}
}

static void words_of(const struct product *x, size_t pixel, size_t output, size_t g, uint32_t *w, uint32_t *a)
{
	group_words(x, x->w, output, g, x->d.mode[0].precision.w_bits, w);
	group_words(x, x->a, pixel, g, x->d.mode[0].precision.a_bits, a);
}

static struct bitlet_operand *make_operand(const struct product *x, enum bitlet_role role)
{
	size_t bytes = bitlet_element_bytes(&x->d, 0, role), rows = role == BITLET_WEIGHTS ? x->outputs : x->pixels;
	size_t padded = x->groups * x->c.n * x->d.mode[0].pack;
	const uint32_t *fields = role == BITLET_WEIGHTS ? x->w : x->a;
	unsigned char *elements = model_alloc(rows * x->k, bytes);
	for (size_t row = 0; row < rows; row++) {
		for (size_t e = 0; e < x->k; e++) {
			uint32_t v = fields[row * padded + e];
			uint16_t half = (uint16_t)v;
			memcpy(elements + (row * x->k + e) * bytes, bytes == 1 ? (const void *)&(uint8_t){ (uint8_t)v } : bytes == 2 ? (const void *)&half : &v,
			       bytes);
		}
	}
	struct bitlet_operand *o = bitlet_operand_new(&x->c, &x->d, 0, role, elements, rows, x->k, x->zero);
	free(elements);
	assert_non_null(o);
	assert_int_equal(bitlet_operand_groups(o), x->groups);
	return o;
}

static void check_values(const struct product *x, const struct bitlet_operand *w, const struct bitlet_operand *a, unsigned threads)
{
	uint64_t *bits = model_alloc(x->outputs * x->pixels, sizeof *bits);
	uint8_t *flags = model_alloc(x->outputs * x->pixels, 1);
	struct bitlet_naive_group *g = model_alloc(x->groups, sizeof *g);
	uint32_t ww[BITLET_MAX_N], wa[BITLET_MAX_N];
	assert_true(bitlet_fast_multiply(w, a, threads, bits, flags));
	for (size_t p = 0; p < x->pixels; p++) {
		for (size_t o = 0; o < x->outputs; o++) {
			for (size_t i = 0; i < x->groups; i++) {
				words_of(x, p, o, i, ww, wa);
				bitlet_naive_group(&x->c, &x->d, 0, ww, wa, x->zero, &g[i]);
			}
			struct bitlet_result want = bitlet_naive_output(&x->c, &x->d, 0, g, x->groups);
			size_t at = p * x->outputs + o;
			if (bits[at] == want.bits && flags[at] == want.flags)
				continue;
			char line[512];
			model_describe(&x->c, line, sizeof line);
			fail_msg("%s: k=%zu pixel %zu output %zu: fast %llx flags %x, naive %llx flags %x", line, x->k, p, o,
			         (unsigned long long)bits[at], flags[at], (unsigned long long)want.bits, want.flags);
		}
	}
	free(bits);
	free(flags);
	free(g);
}

/* Streams the product through the lane model, output o in PE o, inputs always valid, outputs always ready. */
static struct bitlet_fast_cycles lane_cycles(const struct product *x)
{
	const struct bitlet_config *c = &x->c;
	struct bitlet_lane *m = bitlet_lane_new(c, &x->d);
	size_t beats = x->pixels * x->groups, act = 0, wgt[BITLET_MAX_PES] = { 0 };
	uint32_t *words = model_alloc((size_t)c->pes * c->n, sizeof *words), a[BITLET_MAX_N], unused[BITLET_MAX_N];
	uint64_t first = UINT64_MAX, last = 0, left = beats * c->pes;
	struct bitlet_fast_cycles k = { .groups = beats };
	for (uint64_t now = 0; left; now++) {
		struct bitlet_lane_in in = { .act_valid = act < beats, .act_last = act % x->groups == x->groups - 1, .act_zero = x->zero,
			                     .act = a, .wgt = words, .out_ready = UINT64_MAX };
		struct bitlet_lane_out out;
		if (in.act_valid)
			words_of(x, act / x->groups, 0, act % x->groups, unused, a);
		for (unsigned p = 0; p < c->pes; p++) {
			if (wgt[p] >= beats)
				continue;
			in.wgt_valid |= UINT64_C(1) << p;
			words_of(x, 0, p, wgt[p] % x->groups, words + (size_t)p * c->n, unused);
		}
		bitlet_lane_step(m, &in, &out);
		act += in.act_valid && out.act_ready;
		for (unsigned p = 0; p < c->pes; p++) {
			wgt[p] += out.wgt_ready >> p & 1;
			if (out.wgt_ready >> p & 1 && now < first)
				first = now;
			if (bitlet_lane_look(m, p)->retired) {
				left--;
				last = now;
			}
		}
	}
	k.cycles = last - first;
	for (unsigned p = 0; p < c->pes; p++) {
		k.essential_bits += bitlet_lane_count(m, p)->essential_bits;
		k.busiest += bitlet_lane_count(m, p)->busiest;
	}
	free(words);
	bitlet_lane_free(m);
	return k;
}

static void check_cycles(const struct product *x, const struct bitlet_operand *w, const struct bitlet_operand *a)
{
	struct bitlet_fast_tile tile = { .pes = x->c.pes, .pixels = x->pixels };
	struct bitlet_fast_cycles got, want = lane_cycles(x);
	uint16_t *busiest = model_alloc(x->groups, sizeof *busiest);
	uint64_t bits = 0, sum = 0;
	assert_true(bitlet_fast_cycles(w, a, &tile, &got));
	if (got.cycles != want.cycles || got.busiest != want.busiest || got.essential_bits != want.essential_bits || got.groups != want.groups) {
		char line[512];
		model_describe(&x->c, line, sizeof line);
		fail_msg("%s: k=%zu pixels %zu: fast %llu cycles, busiest %llu, bits %llu; lane %llu, %llu, %llu", line, x->k, x->pixels,
		         (unsigned long long)got.cycles, (unsigned long long)got.busiest, (unsigned long long)got.essential_bits,
		         (unsigned long long)want.cycles, (unsigned long long)want.busiest, (unsigned long long)want.essential_bits);
	}
	for (size_t p = 0; p < x->pixels; p++) {
		for (unsigned o = 0; o < x->c.pes; o++) {
			bits += bitlet_fast_busiest(w, a, p, o, busiest);
			for (size_t g = 0; g < x->groups; g++)
				sum += busiest[g];
		}
	}
	assert_int_equal(bits, want.essential_bits);
	assert_int_equal(sum, want.busiest);
	free(busiest);
}

static void check_one(struct bitlet_config c, size_t outputs, size_t pixels, size_t k, struct bitlet_rng *r)
{
	struct product x = { .c = c };
	bitlet_derive(&x.c, &x.d);
	make_product(&x, outputs, pixels, k, BITLET_STIMULUS_MIXED, r);
	struct bitlet_operand *w = make_operand(&x, BITLET_WEIGHTS), *a = make_operand(&x, BITLET_ACTIVATIONS);
	check_values(&x, w, a, 1 + bitlet_random_below(r, 3));
	check_cycles(&x, w, a);
	bitlet_operand_free(w);
	bitlet_operand_free(a);
	free_product(&x);
}

static struct bitlet_config random_config(struct bitlet_rng *r)
{
	static const unsigned sizes[] = { 2, 3, 4, 16, 64, 128 };
	static const char *const precisions[] = { "fp32", "fp16", "bf16", "tf32", "int8", "uint8", "w4a16", "w16a4", "int1", "uint1", "w8au8",
		                                  "wu4a8", "int24", "uint24", "int16", "w2a12" };
	unsigned n = sizes[bitlet_random_below(r, 6)];
	struct bitlet_config c = model_config(n, precisions[bitlet_random_below(r, 16)]);
	c.guard_bits = bitlet_random_below(r, 2) ? 0 : bitlet_random_below(r, 9);
	c.side = !c.precision[0].is_float && bitlet_random_below(r, 3) == 0 ? BITLET_SIDE_ACTIVATION : BITLET_SIDE_WEIGHT;
	c.run_ahead = bitlet_random_below(r, 4);
	if (c.run_ahead == 0 && bitlet_random_below(r, 2))
		c.selector = BITLET_SELECTOR_WINDOW;
	if (bitlet_random_below(r, 2))
		model_pack_all(&c);
	c.pes = 1 + bitlet_random_below(r, 3);
	c.preprocess_rate = bitlet_random_below(r, 2) ? n : 1 + bitlet_random_below(r, n);
	c.gate_zero_activations = bitlet_random_below(r, 2);
	c.zero_point = bitlet_random_below(r, 2);
	c.array_fifo = c.side == BITLET_SIDE_WEIGHT && bitlet_random_below(r, 2) ? 1 + bitlet_random_below(r, 8) : 0;
	c.accumulation = bitlet_random_below(r, 2) ? BITLET_ACCUMULATION_WIDE : BITLET_ACCUMULATION_FP32;
	c.result_bits = bitlet_random_below(r, 2) ? 8 + bitlet_random_below(r, 57) : 32;
	c.result_fifo = 1 + bitlet_random_below(r, 16);
	c.pipeline = (struct bitlet_pipeline){ 0, bitlet_random_below(r, 2), bitlet_random_below(r, 3), bitlet_random_below(r, 4),
		                               bitlet_random_below(r, 4) };
	return c;
}

static void test_sweep(void **state)
{
	struct bitlet_rng r = { 31337 };
	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		struct bitlet_config c = random_config(&r);
		size_t most = c.n < 64 ? 12 : 3, k = 1 + bitlet_random_below(&r, (uint32_t)(c.n * most));
		check_one(c, c.pes + bitlet_random_below(&r, 20), 1 + bitlet_random_below(&r, 12), k, &r);
	}
}

/* Few outputs of many pixels, which have kernels of their own. */
static void test_many_pixels(void **state)
{
	struct bitlet_rng r = { 4242 };
	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		struct product x = { .c = random_config(&r) };
		bitlet_derive(&x.c, &x.d);
		size_t most = x.c.n < 64 ? 6 : 2, k = 1 + bitlet_random_below(&r, (uint32_t)(x.c.n * most));
		make_product(&x, 1 + bitlet_random_below(&r, 14), 14 + bitlet_random_below(&r, 40), k, BITLET_STIMULUS_MIXED, &r);
		struct bitlet_operand *w = make_operand(&x, BITLET_WEIGHTS), *a = make_operand(&x, BITLET_ACTIVATIONS);
		check_values(&x, w, a, 1 + bitlet_random_below(&r, 3));
		bitlet_operand_free(w);
		bitlet_operand_free(a);
		free_product(&x);
	}
}

/* Sums longer than the pieces that fit into machine words, with the largest products there are. */
static void test_long_sums(void **state)
{
	static const char *const precisions[] = { "uint8", "int8", "uint24", "int24" };
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		enum { K = 70000 };
		struct bitlet_config c = model_config(128, precisions[i]);
		struct bitlet_derived d;
		size_t bytes;
		uint64_t bits;
		uint8_t flags;
		unsigned width = i < 2 ? 8 : 24;
		bool is_signed = i & 1;
		c.max_groups = 65536;
		c.result_bits = 64;
		bitlet_derive(&c, &d);
		bytes = bitlet_element_bytes(&d, 0, BITLET_WEIGHTS);
		unsigned char *x = model_alloc(K, bytes);
		for (size_t e = 0; e < K * bytes; e++)
			x[e] = is_signed ? (e % bytes == width / 8 - 1 ? 0x80 : 0) : 0xff;
		struct bitlet_operand *w = bitlet_operand_new(&c, &d, 0, BITLET_WEIGHTS, x, 1, K, 0);
		struct bitlet_operand *a = bitlet_operand_new(&c, &d, 0, BITLET_ACTIVATIONS, x, 1, K, 0);
		bitlet_int128 v = is_signed ? (bitlet_int128)1 << (width - 1) : ((bitlet_int128)1 << width) - 1, sum = v * v * K;
		bool over = sum > INT64_MAX;
		assert_true(bitlet_fast_multiply(w, a, 1, &bits, &flags));
		assert_true(bits == (over ? (uint64_t)INT64_MAX : (uint64_t)sum));
		assert_int_equal(flags, over ? BITLET_OVERFLOW : 0);
		bitlet_operand_free(w);
		bitlet_operand_free(a);
		free(x);
	}
}

/* (2^48 - 1) * 2^-174 is below the normal range and is rounded up into it: an underflow all the same. */
static void test_rounded_up_to_normal(void **state)
{
	const uint32_t weights[] = { 0x1fffffff, 0x14800000 }, acts[] = { 0x1fffffff, 0x1fffffff };
	struct bitlet_config c = model_config(2, "fp32");
	struct bitlet_derived d;
	uint64_t bits;
	uint8_t flags;
	(void)state;
	c.accumulation = BITLET_ACCUMULATION_FP32;
	bitlet_derive(&c, &d);
	struct bitlet_operand *w = bitlet_operand_new(&c, &d, 0, BITLET_WEIGHTS, weights, 1, 2, 0);
	struct bitlet_operand *a = bitlet_operand_new(&c, &d, 0, BITLET_ACTIVATIONS, acts, 1, 2, 0);
	assert_true(bitlet_fast_multiply(w, a, 1, &bits, &flags));
	assert_int_equal(bits, 0x00800000);
	assert_int_equal(flags, BITLET_UNDERFLOW | BITLET_INEXACT);
	bitlet_operand_free(w);
	bitlet_operand_free(a);
}

static void test_too_long(void **state)
{
	struct bitlet_config c = model_config(2, "int8");
	struct bitlet_derived d;
	uint8_t x[8] = { 0 };
	(void)state;
	c.max_groups = 3;
	bitlet_derive(&c, &d);
	assert_null(bitlet_operand_new(&c, &d, 0, BITLET_WEIGHTS, x, 1, 7, 0));
	struct bitlet_operand *o = bitlet_operand_new(&c, &d, 0, BITLET_WEIGHTS, x, 1, 6, 0);
	assert_non_null(o);
	bitlet_operand_free(o);
	bitlet_operand_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sweep), cmocka_unit_test(test_many_pixels),
		cmocka_unit_test(test_long_sums),
		cmocka_unit_test(test_rounded_up_to_normal),
		cmocka_unit_test(test_too_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
