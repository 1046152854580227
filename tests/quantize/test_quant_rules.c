/* Codes, scales and ranges: what the rules promise, on the extremes and on every width. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "histogram.h"
#include "quant_weights.h"

#define assert_near(a, b, within) assert_true(fabs((double)(a) - (double)(b)) <= (within))

static uint32_t seed = 1;

static double uniform(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (double)(seed >> 8) / 0x1p24;
}

static struct quant_field field(unsigned bits, bool is_signed)
{
	return (struct quant_field){bits, is_signed};
}

/* ---- scales and codes */

static void test_known_scales(void **state)
{
	(void)state;
	struct quant_param p = quant_param(field(8, true), false, 0, 2.55);
	assert_near(p.scale, 0.01, 1e-8);
	assert_int_equal(p.zero, -128);
	p = quant_param(field(8, false), false, -1, 1.55);
	assert_near(p.scale, 0.01, 1e-8);
	assert_int_equal(p.zero, 100);
	p = quant_param(field(8, true), true, -1.27, 0.5);
	assert_near(p.scale, 0.01, 1e-8);
	assert_int_equal(p.zero, 0);
	p = quant_param(field(1, true), false, 0, 3);
	assert_true(p.scale == 3 && p.zero == -1 && quant_real(p, 0) == 3 && quant_real(p, -1) == 0);
	p = quant_param(field(1, true), true, -3, 5);
	assert_true(p.scale == 3 && quant_code(field(1, true), p, -2) == -1 && quant_code(field(1, true), p, 5) == 0);
	p = quant_param(field(1, false), true, 0, 3);
	assert_true(p.scale == 3 && p.zero == 0 && quant_code(field(1, false), p, 2) == 1);
}

static void test_half_to_even(void **state)
{
	(void)state;
	const float v[] = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 200, -200, INFINITY, -INFINITY, NAN};
	const int want[] = {3, 5, 5, 3, 1, 127, -128, 127, -128, 3};
	struct quant_param p = {1, 3};
	for (size_t i = 0; i < sizeof v / sizeof v[0]; i++)
		assert_int_equal(quant_code(field(8, true), p, v[i]), want[i]);
}

/* Zero is a code; what lies in the range is off by half a step at most; scales stay normal. */
static void check_range(struct quant_field q, double low, double high)
{
	struct quant_param p = quant_param(q, false, low, high);
	assert_true(isnormal(p.scale) && p.scale > 0);
	assert_in_range(p.zero - quant_low(q), 0, quant_high(q) - quant_low(q));
	assert_int_equal(quant_code(q, p, 0), p.zero);
	assert_true(quant_real(p, p.zero) == 0);
	double step = (double)p.scale, bound = step * (0.5 + 1e-6) + 1e-6 * fmax(-low, high);
	for (int i = 0; i <= 20; i++) {
		float v = (float)(low + (high - low) * i / 20);
		double off = fabs(quant_real(p, quant_code(q, p, v)) - (double)v);
		/* the zero point's rounding moves the ends by half a step */
		assert_true(off <= bound + (i == 0 || i == 20 || q.bits < 6 ? step / 2 : 0));
	}
}

static void test_every_width(void **state)
{
	(void)state;
	const double range[][2] = {{0, 1}, {-1, 0}, {-1, 1}, {-0.1, 3}, {0, 1e-37}, {-1e38, 1e38}, {0, (double)FLT_MAX}, {-7, 0.01}};
	for (unsigned bits = 1; bits <= 24; bits++)
		for (int is_signed = 0; is_signed < 2; is_signed++)
			for (size_t i = 0; i < sizeof range / sizeof range[0]; i++)
				check_range(field(bits, is_signed), range[i][0], range[i][1]);
}

static void test_all_zero(void **state)
{
	(void)state;
	for (unsigned bits = 1; bits <= 24; bits++) {
		struct quant_param p = quant_param(field(bits, true), bits % 2, 0, 0);
		assert_true(p.scale == 1 && p.zero == 0);
	}
}

/* ---- histograms */

static struct histogram *filled(const float *v, size_t count, size_t at_once)
{
	struct histogram *h = calloc(1, sizeof *h);
	for (size_t i = 0; i < count; i += at_once)
		assert_true(histogram_add(h, v + i, count - i < at_once ? count - i : at_once));
	return h;
}

/* Growing numbers: bins merge, and are those of one pass with the last width. */
static void test_widening(void **state)
{
	(void)state;
	float v[4000];
	for (size_t i = 0; i < 4000; i++)
		v[i] = i % 10 ? (float)((uniform() - 0.4) * pow(1.004, (double)i)) : 0;
	struct histogram *h = filled(v, 4000, 7);
	uint64_t want[HISTOGRAM_BINS] = {0};
	double low = 0, high = 0;
	assert_int_equal(h->zeros, 400);
	assert_int_equal(h->count, 4000);
	for (size_t i = 0; i < 4000; i++) {
		low = fmin(low, (double)v[i]);
		high = fmax(high, (double)v[i]);
		if (v[i] != 0)
			want[(size_t)floor(((double)v[i] + h->top) / (2 * h->top) * HISTOGRAM_BINS)]++;
	}
	assert_true(h->low == low && h->high == high && h->top > fmax(-low, high) && h->top <= 2 * fmax(-low, high));
	assert_memory_equal(h->bin, want, sizeof want);
	free(h);
}

static void test_not_finite(void **state)
{
	(void)state;
	struct histogram *h = calloc(1, sizeof *h);
	assert_false(histogram_add(h, (const float[]){1, INFINITY}, 2));
	assert_false(histogram_add(h, (const float[]){NAN}, 1));
	free(h);
}

static void test_percentile(void **state)
{
	(void)state;
	float v[10000];
	for (size_t i = 0; i < 10000; i++)
		v[i] = (float)i / 10000;
	v[9999] = 50;
	struct histogram *h = filled(v, 10000, 10000);
	struct calibrate_rule rule = {CALIBRATE_PERCENTILE, 99, false};
	struct quant_param p = histogram_param(h, field(8, false), &rule);
	assert_near(p.scale * 255, 0.99, 0.02);
	assert_int_equal(p.zero, 0);
	rule.percentile = 100;
	p = histogram_param(h, field(8, false), &rule);
	assert_near(p.scale * 255, 50, 1e-3);
	rule.method = CALIBRATE_MINMAX;
	p = histogram_param(h, field(8, false), &rule);
	assert_near(p.scale * 255, 50, 1e-3);
	free(h);
}

/* Mean squared error of real numbers, without a histogram. */
static double real_error(const float *v, size_t count, struct quant_field q, struct quant_param p)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		double e = (double)v[i] - quant_real(p, quant_code(q, p, v[i]));
		sum += e * e;
	}
	return sum / (double)count;
}

/* A bell with a few far ones: cutting them off is better, on the numbers themselves and not only on bins. */
static void test_error_cuts_tails(void **state)
{
	(void)state;
	float v[20000];
	for (size_t i = 0; i < 20000; i++) {
		double sum = -6;
		for (int j = 0; j < 12; j++)
			sum += uniform();
		v[i] = (float)(i % 2000 == 0 ? 8 * sum : sum);
	}
	struct histogram *h = filled(v, 20000, 333);
	for (unsigned bits = 2; bits <= 16; bits++)
		for (int symmetric = 0; symmetric < 2; symmetric++) {
			struct calibrate_rule minmax = {CALIBRATE_MINMAX, 0, symmetric}, mse = {CALIBRATE_MSE, 0, symmetric};
			struct quant_param wide = histogram_param(h, field(bits, true), &minmax), cut = histogram_param(h, field(bits, true), &mse);
			double far = real_error(v, 20000, field(bits, true), wide), near = real_error(v, 20000, field(bits, true), cut);
			assert_true(near <= far * 1.02);
			if (bits >= 3 && bits <= 5)
				assert_true(near < far * 0.6 && cut.scale < wide.scale * 0.7f);
			if (bits == 16)
				assert_true(cut.scale > wide.scale * 0.9f);
			assert_near(histogram_error(h, field(bits, true), cut) / near, 1, bits < 10 ? 0.05 : 0.5);
		}
	free(h);
}

static void test_constant_activations(void **state)
{
	(void)state;
	float v[100];
	for (size_t i = 0; i < 100; i++)
		v[i] = 2.5f;
	struct histogram *h = filled(v, 100, 100), *zeros = calloc(1, sizeof *zeros);
	for (enum calibrate_method m = CALIBRATE_MINMAX; m <= CALIBRATE_MSE; m++) {
		struct calibrate_rule rule = {m, 99.9, false};
		struct quant_param p = histogram_param(h, field(8, true), &rule);
		assert_true(fabs(quant_real(p, quant_code(field(8, true), p, 2.5f)) - 2.5) < 0.01);
		p = histogram_param(zeros, field(8, true), &rule);
		assert_true(p.scale == 1 && p.zero == 0);
	}
	assert_true(histogram_error(zeros, field(8, true), (struct quant_param){1, 0}) == 0);
	free(zeros);
	free(h);
}

/* ---- weights */

static struct tensor *floats(size_t rank, const int64_t *dim)
{
	struct fault f = {""};
	return tensor_new(TENSOR_FLOAT32, rank, dim, &f);
}

static double noise_of(const struct tensor *t, const struct quant_weights *w, size_t inner)
{
	double off = 0, all = 0;
	for (size_t i = 0; i < t->count; i++) {
		double v = (double)((const float *)t->data)[i], scale = (double)w->scale[w->scales == 1 ? 0 : i / inner % w->scales];
		off += pow(v - (double)tensor_integer(w->codes, i) * scale, 2);
		all += v * v;
	}
	return off / all;
}

static void test_weights(void **state)
{
	(void)state;
	struct tensor *t = floats(3, (const int64_t[]){4, 3, 5});
	struct fault f = {""};
	for (size_t i = 0; i < t->count; i++)
		((float *)t->data)[i] = (float)((uniform() - 0.5) * pow(10, (double)(i / 5 % 3)));
	for (unsigned bits = 2; bits <= 24; bits++) {
		struct quant_weights_source s = {.w = t, .axis = 1, .factor = 1};
		struct quant_weights top, error, one;
		assert_true(quant_weights_new(&s, field(bits, true), QUANT_WEIGHTS_TOP, &top, &f));
		assert_true(quant_weights_new(&s, field(bits, true), QUANT_WEIGHTS_ERROR, &error, &f));
		s.axis = -1;
		assert_true(quant_weights_new(&s, field(bits, true), QUANT_WEIGHTS_TOP, &one, &f));
		assert_true(top.scales == 3 && one.scales == 1);
		int64_t most = 0;
		for (size_t i = 0; i < t->count; i++)
			most = llabs(tensor_integer(top.codes, i)) > most ? llabs(tensor_integer(top.codes, i)) : most;
		assert_int_equal(most, quant_high(field(bits, true)));
		assert_near(noise_of(t, &top, 5), top.noise, 1e-9 * top.noise);
		assert_near(noise_of(t, &error, 5), error.noise, 1e-9 * error.noise);
		assert_true(error.noise <= top.noise * (1 + 1e-9) && top.noise <= one.noise);
		quant_weights_free(&top);
		quant_weights_free(&error);
		quant_weights_free(&one);
	}
	tensor_free(t);
}

static void test_bias(void **state)
{
	(void)state;
	struct tensor *t = floats(2, (const int64_t[]){3, 2}), *bias = floats(1, (const int64_t[]){3});
	struct fault f = {""};
	memcpy(t->data, (const float[]){1, -0.5f, 0, 0, 1e-9f, -1e-9f}, 6 * sizeof(float));
	memcpy(bias->data, (const float[]){0.25f, -3, 100}, 3 * sizeof(float));
	struct quant_weights_source s = {.w = t, .axis = 0, .factor = 2, .bias = bias, .bias_factor = 0.5, .act_scale = 0.125f, .act_bits = 8};
	struct quant_weights w;
	assert_true(quant_weights_new(&s, field(8, true), QUANT_WEIGHTS_TOP, &w, &f));
	assert_near(w.scale[0], 2.0 / 127, 1e-7);
	const double want[] = {0.125, -1.5, 50};
	for (size_t i = 0; i < 3; i++)
		assert_near((double)((int32_t *)w.bias->data)[i] * (double)(0.125f * w.scale[i]), want[i], i ? 1e-6 * fabs(want[i]) : 0.001);
	quant_weights_free(&w);
	s.act_scale = 1e-7f;
	s.act_bits = 24;
	assert_true(quant_weights_new(&s, field(24, true), QUANT_WEIGHTS_TOP, &w, &f));
	assert_null(w.bias);
	quant_weights_free(&w);
	tensor_free(t);
	tensor_free(bias);
}

static void test_weight_extremes(void **state)
{
	(void)state;
	struct tensor *t = floats(1, (const int64_t[]){4});
	struct fault f = {""};
	struct quant_weights_source s = {.w = t, .axis = -1, .factor = 1};
	struct quant_weights w;
	assert_true(quant_weights_new(&s, field(4, true), QUANT_WEIGHTS_AUTO, &w, &f));
	assert_true(w.scale[0] == 1 && w.noise == 0);
	quant_weights_free(&w);
	memcpy(t->data, (const float[]){-1, -0.9f, 0.5f, 0}, 4 * sizeof(float));
	assert_true(quant_weights_new(&s, field(1, true), QUANT_WEIGHTS_AUTO, &w, &f));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(tensor_integer(w.codes, i), i < 2 ? -1 : 0);
	quant_weights_free(&w);
	assert_false(quant_weights_new(&s, field(8, false), QUANT_WEIGHTS_AUTO, &w, &f));
	assert_string_equal(f.text, "weights below 0 in an unsigned field; expected a precision with signed weights");
	f.text[0] = '\0';
	((float *)t->data)[2] = NAN;
	assert_false(quant_weights_new(&s, field(8, true), QUANT_WEIGHTS_AUTO, &w, &f));
	assert_string_equal(f.text, "weights are not finite; expected finite ones");
	tensor_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_scales), cmocka_unit_test(test_half_to_even), cmocka_unit_test(test_every_width), cmocka_unit_test(test_all_zero),
		cmocka_unit_test(test_widening), cmocka_unit_test(test_not_finite), cmocka_unit_test(test_percentile), cmocka_unit_test(test_error_cuts_tails),
		cmocka_unit_test(test_constant_activations), cmocka_unit_test(test_weights), cmocka_unit_test(test_bias), cmocka_unit_test(test_weight_extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
