/* Layers as operands: weights times activations give the network's own tensors again; words of every precision; what cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "layer.h"
#include "layer_encode.h"
#include "onnx_load.h"

#define DIGITS "sim/networks/digits/"

enum { IMAGES = 3, FIRST = 11 };

struct net {
	struct graph *graph;
	struct tensor *images;
	struct execution e;
};

static void net_start(struct net *n, const char *path)
{
	struct fault f = {""};
	struct tensor *all = npy_load(DIGITS "images.npy", &f);
	n->graph = onnx_load(path, &f);
	n->images = tensor_rows(all, FIRST, IMAGES, &f);
	assert_true(execute(n->graph, (const struct tensor *const[]){n->images}, NULL, &n->e, &f));
	tensor_free(all);
}

static void net_end(struct net *n)
{
	execution_free(&n->e);
	tensor_free(n->images);
	graph_free(n->graph);
}

static struct layer_list layers(const char *network, const char *precision)
{
	struct bitlet_precision p;
	struct layer_list list;
	struct fault f = {""};
	assert_true(bitlet_precision_parse(precision, &p));
	if (!layers_of_network(network, DIGITS "images.npy", FIRST, IMAGES, &p, &list, &f))
		fail_msg("%s", f.text);
	return list;
}

static const struct tensor *input_of(const struct net *n, const struct layer_product *p, size_t i)
{
	const struct graph_node *node = &n->graph->node[n->graph->order[p->node]];
	return i < node->inputs && node->input[i] != GRAPH_NONE ? n->e.value[node->input[i]] : NULL;
}

static const struct tensor *output_of(const struct net *n, const struct layer_product *p)
{
	return n->e.value[n->graph->node[n->graph->order[p->node]].output[0]];
}

/* Where a product's result lies in the node's output: [image][channel][pixel], or [row][column] of a product. */
static size_t place(const struct layer_product *p, const struct tensor *y, size_t pixel, size_t output)
{
	size_t plane = y->rank == 4 ? (size_t)(y->dim[2] * y->dim[3]) : 1;
	size_t channel = p->part * p->outputs + output;
	return (pixel / plane * (size_t)y->dim[1] + channel) * plane + pixel % plane;
}

/* ---- fp32: words are the floats themselves */

static float as_float(uint32_t word)
{
	float v;
	memcpy(&v, &word, sizeof v);
	return v;
}

static void fp32_gives_the_layer(void **state)
{
	(void)state;
	struct net n;
	net_start(&n, DIGITS "digits_fp32.onnx");
	struct layer_list list = layers(DIGITS "digits_fp32.onnx", "fp32");
	assert_int_equal(list.count, 3 + 32 + 1);
	for (size_t i = 0; i < list.count; i++) {
		const struct layer_product *p = &list.product[i];
		const struct tensor *y = output_of(&n, p), *bias = input_of(&n, p, 2);
		for (size_t pixel = 0; pixel < p->pixels; pixel++)
			for (size_t o = 0; o < p->outputs; o++) {
				double sum = bias ? tensor_number(bias, p->part * p->outputs + o) : 0;
				for (size_t k = 0; k < p->k; k++)
					sum += (double)as_float(layer_weight(p, o, k)) * (double)as_float(layer_act(p, pixel, k));
				double have = tensor_number(y, place(p, y, pixel, o));
				if (!(fabs(sum - have) <= 1e-6 * fmax(1, fabs(have))))
					fail_msg("%s pixel %zu output %zu: %g, the layer has %g", p->layer, pixel, o, sum, have);
			}
	}
	layers_free(&list);
	net_end(&n);
}

static void shapes(void **state)
{
	(void)state;
	static const struct {
		const char *layer, *op;
		size_t parts, outputs, pixels, k;
	} rows[] = {
		{"conv1", "Conv", 1, 16, 64 * IMAGES, 9},      {"conv2", "Conv", 1, 32, 16 * IMAGES, 144},
		{"depthwise", "Conv", 32, 1, 16 * IMAGES, 9},  {"pointwise", "Conv", 1, 32, 16 * IMAGES, 32},
		{"dense", "MatMul", 1, 10, IMAGES, 128},
	};
	struct layer_list list = layers(DIGITS "digits_fp32.onnx", "bf16");
	size_t at = 0;
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
		for (size_t part = 0; part < rows[r].parts; part++, at++) {
			const struct layer_product *p = &list.product[at];
			assert_string_equal(p->layer, rows[r].layer);
			assert_string_equal(p->op, rows[r].op);
			assert_int_equal(p->part, part);
			assert_int_equal(p->parts, rows[r].parts);
			assert_int_equal(p->outputs, rows[r].outputs);
			assert_int_equal(p->pixels, rows[r].pixels);
			assert_int_equal(p->k, rows[r].k);
			assert_int_equal(p->w_bytes, 2);
			assert_int_equal(p->a_bytes, 2);
		}
	assert_int_equal(at, list.count);
	layers_free(&list);
}

/* ---- int8: the exact codes of the layer, requantised here by floating point */

static int32_t field_number(uint32_t field, unsigned bits, bool is_signed)
{
	return is_signed && field >> (bits - 1) ? (int32_t)field - (1 << bits) : (int32_t)field;
}

static double element_of(const struct tensor *t, size_t i)
{
	return tensor_number(t, t->count == 1 ? 0 : i);
}

/* Sum of codes as the engine forms it: signedness and widths of the precision, zero point of the product. */
static int64_t code_sum(const struct layer_product *p, size_t pixel, size_t output)
{
	const struct bitlet_precision *q = &p->precision;
	int64_t sum = 0;
	for (size_t k = 0; k < p->k; k++) {
		int64_t w = field_number(layer_weight(p, output, k), q->w_bits, q->w_signed);
		sum += w * (field_number(layer_act(p, pixel, k), q->a_bits, q->a_signed) - p->zero);
	}
	return sum;
}

static void int8_gives_the_layer(const char *precision)
{
	struct net n;
	net_start(&n, DIGITS "digits_int8.onnx");
	struct layer_list list = layers(DIGITS "digits_int8.onnx", precision);
	assert_int_equal(list.count, 3 + 32 + 1);
	for (size_t i = 0; i < list.count; i++) {
		const struct layer_product *p = &list.product[i];
		const struct tensor *y = output_of(&n, p), *bias = input_of(&n, p, 8);
		float x_scale = (float)element_of(input_of(&n, p, 1), 0), y_scale = (float)element_of(input_of(&n, p, 6), 0);
		assert_int_equal(field_number(p->zero_field, p->precision.a_bits, p->precision.a_signed), p->zero);
		for (size_t pixel = 0; pixel < p->pixels; pixel++)
			for (size_t o = 0; o < p->outputs; o++) {
				size_t channel = p->part * p->outputs + o;
				float product = x_scale * (float)element_of(input_of(&n, p, 4), channel);
				double sum = (double)code_sum(p, pixel, o) + (bias ? element_of(bias, channel) : 0);
				double code = rint(sum * (double)(product / y_scale)) + element_of(input_of(&n, p, 7), 0);
				assert_int_equal((int)fmin(fmax(code, -128), 127), tensor_integer(y, place(p, y, pixel, o)));
			}
	}
	layers_free(&list);
	net_end(&n);
}

static void int8_words(void **state)
{
	(void)state;
	int8_gives_the_layer("int8");
}

static void int8_in_wider_fields(void **state)
{
	(void)state;
	int8_gives_the_layer("int16");
	int8_gives_the_layer("w9a12");
	int8_gives_the_layer("int24");
}

static void int8_moved_to_unsigned(void **state)
{
	(void)state;
	int8_gives_the_layer("w8au8");
	int8_gives_the_layer("w8au16");
}

/* ---- float network quantised on the way */

/* Correlation between the sums of codes and those of floats, over one product. */
static double likeness(const struct layer_product *code, const struct layer_product *exact, size_t output)
{
	double ab = 0, aa = 0, bb = 0;
	for (size_t pixel = 0; pixel < code->pixels; pixel++) {
		double a = (double)code_sum(code, pixel, output), b = 0;
		for (size_t k = 0; k < exact->k; k++)
			b += (double)as_float(layer_weight(exact, output, k)) * (double)as_float(layer_act(exact, pixel, k));
		ab += a * b;
		aa += a * a;
		bb += b * b;
	}
	return aa == 0 && bb == 0 ? 1 : ab / sqrt(aa * bb);
}

static void quantised_like_the_floats(void **state)
{
	(void)state;
	static const struct {
		const char *precision;
		double least;
	} rows[] = {{"int24", 0.9999999}, {"int16", 0.9999}, {"int8", 0.995}, {"int4", 0.8}, {"w4a16", 0.9}, {"w8au8", 0.995}};
	struct layer_list exact = layers(DIGITS "digits_fp32.onnx", "fp32");
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		struct layer_list list = layers(DIGITS "digits_fp32.onnx", rows[r].precision);
		for (size_t i = 0; i < list.count; i++) {
			const struct layer_product *p = &list.product[i];
			assert_int_equal(p->zero, 0);
			/* one scale for all activations of a layer: few bits may leave nothing of a quiet channel */
			if (p->parts > 1 && p->precision.a_bits < 16)
				continue;
			for (size_t o = 0; o < p->outputs; o++)
				if (!(likeness(p, &exact.product[i], o) >= rows[r].least))
					fail_msg("%s %s part %zu output %zu: %g", rows[r].precision, p->layer, p->part, o,
					         likeness(p, &exact.product[i], o));
		}
		layers_free(&list);
	}
	layers_free(&exact);
}

static void quantise_rule(void **state)
{
	(void)state;
	static const struct {
		float v, top;
		unsigned bits;
		bool is_signed;
		int32_t code;
	} rows[] = {
		{1, 1, 8, true, 127},  {-1, 1, 8, true, -127}, {0, 0, 8, true, 0},    {1, 1, 8, false, 255},  {-1, 1, 8, false, 0},
		{1, 2, 2, true, 0},    {2, 2, 2, true, 1},     {1.5f, 3, 2, true, 0}, {1, 4, 3, true, 1},     {-0.1f, 1, 1, true, -1},
		{0.9f, 1, 1, true, 0}, {1, 1, 1, false, 1},    {0.5f, 1, 1, false, 0}, {1, 1, 24, true, 8388607}, {1, 1, 24, false, 16777215},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(layer_quantise(rows[i].v, rows[i].top, rows[i].bits, rows[i].is_signed), rows[i].code);
	assert_int_equal(layer_field_min(8, true), -128);
	assert_int_equal(layer_field(-1, 4), 15);
}

/* ---- float words */

/* The value of a word, from the definition. */
static double word_value(uint32_t word, unsigned exp_bits, unsigned man_bits)
{
	uint32_t man = word & ((1u << man_bits) - 1), exp = word >> man_bits & ((1u << exp_bits) - 1);
	double magnitude = exp ? 1 + ldexp(man, -(int)man_bits) : ldexp(man, -(int)man_bits);
	magnitude = ldexp(magnitude, (int)(exp ? exp : 1) - (1 << (exp_bits - 1)) + 1);
	if (exp == (1u << exp_bits) - 1)
		magnitude = man ? NAN : INFINITY;
	return word >> (exp_bits + man_bits) ? -magnitude : magnitude;
}

/* Every word comes back; so does what lies between two neighbours: below, at and above the middle. */
static void nearest_even(unsigned exp_bits, unsigned man_bits)
{
	uint32_t infinity = ((1u << exp_bits) - 1) << man_bits;
	for (uint32_t w = 0; w < infinity; w++) {
		double low = word_value(w, exp_bits, man_bits);
		double high = w + 1 == infinity ? 2 * low - word_value(w - 1, exp_bits, man_bits) : word_value(w + 1, exp_bits, man_bits);
		float middle = (float)((low + high) / 2); /* exact: fp32 has more bits in all formats tried */
		uint32_t sign = 1u << (exp_bits + man_bits);
		if (layer_float_word((float)low, exp_bits, man_bits) != w || layer_float_word(-(float)low, exp_bits, man_bits) != (w | sign) ||
		    layer_float_word(middle, exp_bits, man_bits) != w + (w & 1) ||
		    layer_float_word(nextafterf(middle, 0), exp_bits, man_bits) != w ||
		    layer_float_word(nextafterf(middle, INFINITY), exp_bits, man_bits) != w + 1)
			fail_msg("e%um%u, word %x", exp_bits, man_bits, w);
	}
}

static void float_words(void **state)
{
	(void)state;
	nearest_even(5, 10);
	nearest_even(8, 7);
	nearest_even(8, 10);
	assert_int_equal(layer_float_word(INFINITY, 5, 10), 0x7c00);
	assert_int_equal(layer_float_word(-INFINITY, 8, 7), 0xff80);
	assert_int_equal(layer_float_word(1e30f, 5, 10), 0x7c00);
	assert_int_equal(layer_float_word(as_float(0x7f800001), 8, 7), 0x7fc0);
	assert_int_equal(layer_float_word(as_float(0xffc12345), 5, 10), 0xfe09);
	assert_int_equal(layer_float_word(as_float(0x7f800001), 8, 23), 0x7f800001);
	assert_int_equal(layer_float_word(-0.0f, 5, 10), 0x8000);
}

/* ---- groups and port words */

static void port_words(void **state)
{
	(void)state;
	struct layer_list list = layers(DIGITS "digits_int8.onnx", "int8");
	const struct layer_product *p = &list.product[1]; /* K = 144, zero point -128 */
	assert_int_equal(p->zero, -128);
	assert_int_equal(layer_groups(p, 144), 1);
	assert_int_equal(layer_groups(p, 143), 2);
	assert_int_equal(layer_groups(p, 48), 3);
	enum { N = 10, PACK = 3 };
	uint32_t w[N], a[N];
	for (size_t g = 0; g < layer_groups(p, N * PACK); g++) {
		layer_weight_words(p, 5, g, N, PACK, w);
		layer_act_words(p, 6, g, N, PACK, a);
		for (size_t i = 0; i < N; i++)
			assert_true(w[i] >> (8 * PACK) == 0 && a[i] >> (8 * PACK) == 0);
		for (size_t i = 0; i < N * PACK; i++) {
			size_t k = g * N * PACK + i;
			uint32_t want_w = k < 144 ? ((const uint8_t *)p->weights)[5 * 144 + k] : 0;
			uint32_t want_a = k < 144 ? ((const uint8_t *)p->acts)[6 * 144 + k] : 0x80;
			assert_int_equal(w[i / PACK] >> (i % PACK * 8) & 0xff, want_w);
			assert_int_equal(a[i / PACK] >> (i % PACK * 8) & 0xff, want_a);
		}
	}
	layers_free(&list);
}

/* ---- faults */

static void faults(void **state)
{
	(void)state;
	static const struct {
		const char *network, *precision;
		size_t first;
		const char *fault;
	} rows[] = {
		{"digits_int8.onnx", "fp32", 0,
		 DIGITS "digits_int8.onnx: node 'conv1' (QLinearConv): is quantised; expected a float network for fp32"},
		{"digits_int8.onnx", "int4", 0,
		 DIGITS "digits_int8.onnx: node 'conv1' (QLinearConv): code -128 does not fit into int4; expected a precision as wide as the network's"},
		{"digits_int8.onnx", "uint8", 0,
		 DIGITS "digits_int8.onnx: node 'conv1' (QLinearConv): code -*"},
		{"digits_fp32.onnx", "fp32", 450, DIGITS "images.npy: elements 450 to 450 of dimension 0 wanted; there are 450"},
		{"nothing.onnx", "fp32", 0, DIGITS "nothing.onnx: No such file or directory"},
		{"images.npy", "fp32", 0, DIGITS "images.npy: damaged: *"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char path[128];
		struct bitlet_precision p;
		struct layer_list list;
		struct fault f = {""};
		snprintf(path, sizeof path, DIGITS "%s", rows[i].network);
		assert_true(bitlet_precision_parse(rows[i].precision, &p));
		assert_false(layers_of_network(path, DIGITS "images.npy", rows[i].first, 1, &p, &list, &f));
		size_t length = strcspn(rows[i].fault, "*");
		if (rows[i].fault[length])
			f.text[length] = '*', f.text[length + 1] = '\0';
		assert_string_equal(f.text, rows[i].fault);
		assert_int_equal(list.count, 0);
		assert_null(list.product);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fp32_gives_the_layer),
		cmocka_unit_test(shapes),
		cmocka_unit_test(int8_words),
		cmocka_unit_test(int8_in_wider_fields),
		cmocka_unit_test(int8_moved_to_unsigned),
		cmocka_unit_test(quantised_like_the_floats),
		cmocka_unit_test(quantise_rule),
		cmocka_unit_test(float_words),
		cmocka_unit_test(port_words),
		cmocka_unit_test(faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
