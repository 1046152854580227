/* Real layers through the engine's model: the int8 network comes out byte for byte, the fp32 one within rounding. */
#include "model.h"

#include <math.h>

#include "execute.h"
#include "layer.h"
#include "onnx_load.h"
#include "requantize.h"

#define DIGITS "sim/networks/digits/"

enum { IMAGES = 5 };

struct net {
	struct graph *graph;
	struct tensor *images;
	struct execution e;
	struct layer_list list;
};

static void net_start(struct net *n, const char *path, const struct bitlet_precision *p)
{
	struct fault f = {""};
	struct tensor *all = npy_load(DIGITS "images.npy", &f);
	n->graph = onnx_load(path, &f);
	n->images = tensor_rows(all, 40, IMAGES, &f);
	assert_true(execute(n->graph, (const struct tensor *const[]){n->images}, NULL, &n->e, &f));
	assert_true(layers_of_execution(&n->e, p, &n->list, &f));
	tensor_free(all);
}

static void net_end(struct net *n)
{
	layers_free(&n->list);
	execution_free(&n->e);
	tensor_free(n->images);
	graph_free(n->graph);
}

static const struct tensor *input_of(const struct net *n, const struct graph_node *node, size_t i)
{
	return i < node->inputs ? n->e.value[node->input[i]] : NULL;
}

/* results[pixel * outputs + output] of one product on the model; to be freed. */
static uint64_t *multiply(const struct bitlet_config *c, const struct layer_product *p, size_t *groups)
{
	struct bitlet_derived d;
	bitlet_derive(c, &d);
	uint64_t *bits = model_alloc(p->pixels * p->outputs, sizeof *bits);
	assert_int_equal(bitlet_element_bytes(&d, 0, BITLET_WEIGHTS), p->w_bytes);
	assert_int_equal(bitlet_element_bytes(&d, 0, BITLET_ACTIVATIONS), p->a_bytes);
	struct bitlet_operand *w = bitlet_operand_new(c, &d, 0, BITLET_WEIGHTS, p->weights, p->outputs, p->k, 0);
	struct bitlet_operand *a = bitlet_operand_new(c, &d, 0, BITLET_ACTIVATIONS, p->acts, p->pixels, p->k, p->zero_field);
	assert_true(w && a && bitlet_fast_multiply(w, a, 1, bits, NULL));
	*groups = bitlet_operand_groups(w);
	assert_int_equal(*groups, layer_groups(p, (size_t)c->n * d.mode[0].pack));
	bitlet_operand_free(w);
	bitlet_operand_free(a);
	return bits;
}

/* Index in the node's output of a product's result. */
static size_t place(const struct layer_product *p, const struct tensor *y, size_t pixel, size_t output)
{
	size_t plane = y->rank == 4 ? (size_t)(y->dim[2] * y->dim[3]) : 1;
	return (pixel / plane * (size_t)y->dim[1] + p->part * p->outputs + output) * plane + pixel % plane;
}

static int64_t clamp_code(int64_t v)
{
	return v < INT8_MIN ? INT8_MIN : v > INT8_MAX ? INT8_MAX : v;
}

static void compare_codes(const struct net *n, const struct layer_product *p, const uint64_t *bits)
{
	const struct graph_node *node = &n->graph->node[n->graph->order[p->node]];
	const struct tensor *y = n->e.value[node->output[0]], *bias = input_of(n, node, 8), *w_scale = input_of(n, node, 4);
	for (size_t o = 0; o < p->outputs; o++) {
		size_t channel = p->part * p->outputs + o;
		struct requantize r;
		assert_true(requantize_set(&r, *(const float *)input_of(n, node, 1)->data, ((const float *)w_scale->data)[channel],
		                           *(const float *)input_of(n, node, 6)->data));
		for (size_t pixel = 0; pixel < p->pixels; pixel++) {
			int64_t sum = (int32_t)(uint32_t)bits[pixel * p->outputs + o] + (bias ? tensor_integer(bias, channel) : 0);
			int64_t code = clamp_code(requantize_round(&r, sum) + tensor_integer(input_of(n, node, 7), 0));
			assert_int_equal(code, tensor_integer(y, place(p, y, pixel, o)));
		}
	}
}

static void int8_network(void **state)
{
	(void)state;
	for (unsigned packed = 0; packed < 2; packed++) {
		struct net n;
		struct bitlet_config c = model_config(16, "int8");
		c.zero_point = true;
		if (packed)
			model_pack_all(&c);
		net_start(&n, DIGITS "digits_int8.onnx", &c.precision[0]);
		for (size_t i = 0; i < n.list.count; i++) {
			size_t groups;
			uint64_t *bits = multiply(&c, &n.list.product[i], &groups);
			compare_codes(&n, &n.list.product[i], bits);
			free(bits);
		}
		net_end(&n);
	}
}

static float as_float(uint64_t bits)
{
	uint32_t word = (uint32_t)bits;
	float v;
	memcpy(&v, &word, sizeof v);
	return v;
}

/* Each group loses at most one unit in the last place of its largest product for each pair (truncation), G = 3 takes an eighth of it. */
static void fp32_network(void **state)
{
	(void)state;
	struct net n;
	struct bitlet_config c = model_config(16, "fp32");
	c.guard_bits = 3;
	net_start(&n, DIGITS "digits_fp32.onnx", &c.precision[0]);
	for (size_t i = 0; i < n.list.count; i++) {
		const struct layer_product *p = &n.list.product[i];
		const struct graph_node *node = &n.graph->node[n.graph->order[p->node]];
		const struct tensor *y = n.e.value[node->output[0]], *bias = input_of(&n, node, 2);
		size_t groups;
		uint64_t *bits = multiply(&c, p, &groups);
		for (size_t j = 0; j < p->pixels * p->outputs; j++) {
			size_t pixel = j / p->outputs, o = j % p->outputs;
			double sum = (double)as_float(bits[j]) + (bias ? tensor_number(bias, p->part * p->outputs + o) : 0);
			double have = tensor_number(y, place(p, y, pixel, o));
			if (!(fabs(sum - have) <= 1e-5 * fmax(1, fabs(have))))
				fail_msg("%s pixel %zu output %zu: %.9g, the layer has %.9g", p->layer, pixel, o, sum, have);
		}
		free(bits);
	}
	net_end(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(int8_network), cmocka_unit_test(fp32_network)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
