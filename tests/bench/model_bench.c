/*
 * model_bench: speed of the model's fast path and lane model.
 * usage: build/model_bench [--json] [--threads T] [--seconds S]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bitlet.h"

enum { N = 16, K = 1152, OUTPUTS = 128, PIXELS = 196 };

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *get(size_t count, size_t size)
{
	void *p = calloc(count, size);
	if (!p) {
		fprintf(stderr, "model_bench: out of memory\n");
		exit(2);
	}
	return p;
}

static struct bitlet_config configure(const char *precision, unsigned guard)
{
	struct bitlet_config c;
	memset(&c, 0, sizeof c);
	c.n = c.preprocess_rate = N;
	c.pes = c.packs = c.packing[0] = c.precisions = 1;
	c.guard_bits = guard;
	c.max_groups = 4096;
	c.result_bits = 32;
	c.result_fifo = 4;
	c.axi_bits = 64; /* the core around the engine: anything valid */
	c.wgt_buffer = 2 * c.max_groups;
	if (!bitlet_precision_parse(precision, &c.precision[0]))
		abort();
	return c;
}

/* rows x K elements of Gaussian values, one a word, then cut to the element's size. */
static struct bitlet_operand *operand(const struct bitlet_config *c, const struct bitlet_derived *d, enum bitlet_role role, size_t rows,
                                      struct bitlet_rng *r)
{
	size_t bytes = bitlet_element_bytes(d, 0, role), cells = rows * K;
	unsigned char *elements = get(cells, bytes);
	uint32_t w[N], a[N], zero;
	for (size_t i = 0; i < cells; i++) {
		if (i % N == 0)
			bitlet_stimulus_group(c, d, 0, BITLET_STIMULUS_GAUSS, r, w, a, &zero);
		uint32_t v = role == BITLET_WEIGHTS ? w[i % N] : a[i % N];
		for (size_t b = 0; b < bytes; b++)
			elements[i * bytes + b] = (unsigned char)(v >> 8 * b);
	}
	struct bitlet_operand *o = bitlet_operand_new(c, d, 0, role, elements, rows, K, 0);
	free(elements);
	if (!o) {
		fprintf(stderr, "model_bench: out of memory\n");
		exit(2);
	}
	return o;
}

/* Multiply-adds a second of the fast path. */
static double multiply_speed(const char *precision, unsigned guard, unsigned threads, double duration)
{
	struct bitlet_config c = configure(precision, guard);
	struct bitlet_derived d;
	struct bitlet_rng r = { 1 };
	uint64_t *bits = get((size_t)OUTPUTS * PIXELS, sizeof *bits);
	uint8_t *flags = get((size_t)OUTPUTS * PIXELS, 1);
	double count = 0, start, now;
	bitlet_derive(&c, &d);
	struct bitlet_operand *w = operand(&c, &d, BITLET_WEIGHTS, OUTPUTS, &r), *a = operand(&c, &d, BITLET_ACTIVATIONS, PIXELS, &r);
	bitlet_fast_multiply(w, a, threads, bits, flags); /* warm up */
	start = seconds();
	do {
		if (!bitlet_fast_multiply(w, a, threads, bits, flags))
			exit(2);
		count += (double)K * OUTPUTS * PIXELS;
		now = seconds();
	} while (now - start < duration);
	bitlet_operand_free(w);
	bitlet_operand_free(a);
	free(bits);
	free(flags);
	return count / (now - start);
}

/* Clock cycles a second of the lane model, one PE. */
static double lane_speed(const char *precision, double duration)
{
	struct bitlet_config c = configure(precision, 0);
	struct bitlet_derived d;
	struct bitlet_rng r = { 1 };
	enum { BEATS = 512 };
	static uint32_t w[BEATS][N], a[BEATS][N];
	uint32_t zero;
	double start, now;
	uint64_t cycles = 0, beat = 0;
	bitlet_derive(&c, &d);
	struct bitlet_lane *m = bitlet_lane_new(&c, &d);
	if (!m)
		exit(2);
	for (unsigned i = 0; i < BEATS; i++)
		bitlet_stimulus_group(&c, &d, 0, BITLET_STIMULUS_GAUSS, &r, w[i], a[i], &zero);
	start = seconds();
	do {
		for (unsigned i = 0; i < 10000; i++, cycles++) {
			struct bitlet_lane_in in = { true, beat % 16 == 15, 0, 0, a[beat % BEATS], 1, w[beat % BEATS], 1 };
			struct bitlet_lane_out out;
			bitlet_lane_step(m, &in, &out);
			beat += out.wgt_ready & 1;
		}
		now = seconds();
	} while (now - start < duration);
	bitlet_lane_free(m);
	return (double)cycles / (now - start);
}

int main(int argc, char **argv)
{
	unsigned threads = 2;
	double duration = 0.5;
	bool json = false;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			json = true;
		} else if (!strcmp(argv[i], "--threads") && i + 1 < argc && atoi(argv[i + 1]) > 0) {
			threads = (unsigned)atoi(argv[++i]);
		} else if (!strcmp(argv[i], "--seconds") && i + 1 < argc && atof(argv[i + 1]) > 0) {
			duration = atof(argv[++i]);
		} else {
			fprintf(stderr, "usage: model_bench [--json] [--threads T] [--seconds S]\n");
			return 2;
		}
	}
	double int8 = multiply_speed("int8", 0, threads, duration) * 1e-9, int16 = multiply_speed("int16", 0, threads, duration) * 1e-9;
	double fp32 = multiply_speed("fp32", 0, threads, duration) * 1e-9, fp32g = multiply_speed("fp32", 3, threads, duration) * 1e-9;
	double lane8 = lane_speed("int8", duration) * 1e-6, lane32 = lane_speed("fp32", duration) * 1e-6;
	printf(json ? "{\"threads\": %u, \"int8_gmac_s\": %.3f, \"int16_gmac_s\": %.3f, \"fp32_gmac_s\": %.3f, \"fp32_guard3_gmac_s\": %.3f, "
	              "\"lane_int8_mcycle_s\": %.3f, \"lane_fp32_mcycle_s\": %.3f}\n"
	            : "fast path, %u threads, N = 16: int8 %.2f GMAC/s, int16 %.2f, fp32 %.2f, fp32 with 3 guard bits %.2f\n"
	              "lane model, one PE, N = 16: int8 %.2f Mcycle/s, fp32 %.2f\n",
	       threads, int8, int16, fp32, fp32g, lane8, lane32);
	return 0;
}
