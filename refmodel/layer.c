#include "layer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "layer_encode.h"
#include "layer_gather.h"
#include "network_file.h"

/* ---- words: how one matrix of plain numbers becomes one of the precision */

struct encoder {
	const struct layer_source *s;
	const struct bitlet_precision *p;
	struct layer_product *out;
	float x_top;                /* largest |activation| of the layer, for those that are quantised here */
	struct fault *f;
};

static float top_of(const float *v, size_t count)
{
	float top = 0;
	for (size_t i = 0; i < count; i++)
		top = fabsf(v[i]) > top || isnan(v[i]) ? fabsf(v[i]) : top;
	return top;
}

/* A code of the network, which must fit into the field. */
static bool code_fits(const struct encoder *e, float v, unsigned bits, bool is_signed, int32_t *code)
{
	*code = (int32_t)v;
	if (*code >= layer_field_min(bits, is_signed) && *code <= layer_field_max(bits, is_signed))
		return true;
	return graph_node_fault(e->s->node, e->f, "code %d does not fit into %s; expected a precision as wide as the network's", (int)*code,
	                        e->p->name);
}

static bool encode_weights(const struct encoder *e, const float *w)
{
	const struct bitlet_precision *p = e->p;
	struct layer_product *out = e->out;
	for (size_t o = 0; o < out->outputs; o++) {
		float top = top_of(w + o * out->k, out->k);
		for (size_t i = o * out->k; i < (o + 1) * out->k; i++) {
			int32_t code = 0;
			if (e->s->quantised && !code_fits(e, w[i], p->w_bits, p->w_signed, &code))
				return false;
			if (!e->s->quantised && !p->is_float)
				code = layer_quantise(w[i], top, p->w_bits, p->w_signed);
			layer_store(out->weights, out->w_bytes, i,
			            p->is_float ? layer_float_word(w[i], p->exp_bits, p->man_bits) : layer_field(code, p->w_bits));
		}
	}
	return true;
}

static bool encode_acts(const struct encoder *e, const float *x)
{
	const struct bitlet_precision *p = e->p;
	struct layer_product *out = e->out;
	for (size_t i = 0; i < out->pixels * out->k; i++) {
		int32_t code = 0;
		if (e->s->quantised && !code_fits(e, x[i] + (float)out->zero, p->a_bits, p->a_signed, &code))
			return false;
		if (!e->s->quantised && !p->is_float)
			code = layer_quantise(x[i], e->x_top, p->a_bits, p->a_signed);
		layer_store(out->acts, out->a_bytes, i,
		            p->is_float ? layer_float_word(x[i], p->exp_bits, p->man_bits) : layer_field(code, p->a_bits));
	}
	return true;
}

/* Can this layer be written in this precision at all? Sets the zero point. */
static bool encode_start(struct encoder *e)
{
	const struct layer_source *s = e->s;
	const struct bitlet_precision *p = e->p;
	if (s->quantised && p->is_float)
		return graph_node_fault(s->node, e->f, "is quantised; expected a float network for %s", p->name);
	if (!s->quantised && !p->is_float && (!isfinite(e->x_top) || !isfinite(top_of(s->w, s->w_count))))
		return graph_node_fault(s->node, e->f, "has operands that are not finite; expected finite ones for %s", p->name);
	e->out->zero = 0;
	if (!s->quantised)
		return true;
	int32_t move = (p->a_signed ? 0 : 128) - (s->a_type == TENSOR_INT8 ? 0 : 128), code;
	e->out->zero = s->a_zero + move;
	e->out->zero_field = layer_field(e->out->zero, p->a_bits);
	return code_fits(e, (float)e->out->zero, p->a_bits, p->a_signed, &code);
}

/* ---- products */

static void describe(const struct layer_source *s, const struct bitlet_precision *p, size_t node, size_t part, struct layer_product *out)
{
	*out = (struct layer_product){.node = node, .part = part, .parts = s->parts, .precision = *p,
	                              .outputs = s->outputs, .pixels = s->pixels, .k = s->k,
	                              .w_bytes = layer_element_bytes(p->w_bits), .a_bytes = layer_element_bytes(p->a_bits)};
	snprintf(out->layer, sizeof out->layer, "%.*s", LAYER_NAME_SIZE - 1, s->node->name);
	snprintf(out->op, sizeof out->op, "%.23s", s->node->op);
}

static bool product_new(struct encoder *e, size_t part, float *w, float *x)
{
	struct layer_product *out = e->out;
	out->weights = calloc(out->outputs * out->k, out->w_bytes);
	out->acts = calloc(out->pixels * out->k, out->a_bytes);
	if (!w || !x || !out->weights || !out->acts || !layer_source_part(e->s, part, w, x))
		return graph_node_fault(e->s->node, e->f, "out of memory for its operands");
	return encode_start(e) && encode_weights(e, w) && encode_acts(e, x);
}

static bool append_parts(const struct layer_source *s, const struct bitlet_precision *p, size_t node, struct layer_list *list,
                         struct fault *f)
{
	struct layer_product *grown = realloc(list->product, (list->count + s->parts) * sizeof *grown);
	if (!grown)
		return graph_node_fault(s->node, f, "out of memory for %zu products", s->parts);
	list->product = grown;
	float *w = malloc(s->outputs * s->k * sizeof *w), *x = malloc(s->pixels * s->k * sizeof *x);
	struct encoder e = {s, p, NULL, top_of(s->x, s->x_count), f};
	bool good = true;
	for (size_t part = 0; good && part < s->parts; part++) {
		e.out = &list->product[list->count++];
		describe(s, p, node, part, e.out);
		good = product_new(&e, part, w, x);
	}
	free(w);
	free(x);
	return good;
}

static bool append_layer(const struct execution *e, size_t node, const struct bitlet_precision *p, struct layer_list *list,
                         struct fault *f)
{
	struct layer_source s;
	int found = layer_source_new(e, &e->graph->node[e->graph->order[node]], &s, f);
	if (found <= 0)
		return found == 0;
	bool good = append_parts(&s, p, node, list, f);
	layer_source_free(&s);
	return good;
}

bool layers_of_execution(const struct execution *e, const struct bitlet_precision *p, struct layer_list *list, struct fault *f)
{
	*list = (struct layer_list){NULL, 0};
	bool good = true;
	for (size_t i = 0; good && i < e->graph->nodes; i++)
		good = append_layer(e, i, p, list, f);
	if (good && !list->count)
		good = fault_set(f, "no convolution or product with constant weights; expected at least one");
	if (!good)
		layers_free(list);
	return good;
}

struct layer_request {
	const struct bitlet_precision *precision;
	struct layer_list *list;
};

static bool visit(const struct execution *e, void *context, struct fault *f)
{
	const struct layer_request *r = context;
	return layers_of_execution(e, r->precision, r->list, f);
}

bool layers_of_network(const char *onnx, const char *images, size_t first, size_t count, const struct bitlet_precision *p,
                       struct layer_list *list, struct fault *f)
{
	struct layer_request r = {p, list};
	*list = (struct layer_list){NULL, 0};
	return network_run(onnx, images, first, count, visit, &r, f);
}

void layers_free(struct layer_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->product[i].weights);
		free(list->product[i].acts);
	}
	free(list->product);
	*list = (struct layer_list){NULL, 0};
}

/* ---- groups */

size_t layer_groups(const struct layer_product *p, size_t pairs)
{
	return (p->k + pairs - 1) / pairs;
}

uint32_t layer_weight(const struct layer_product *p, size_t output, size_t k)
{
	return k < p->k ? layer_load(p->weights, p->w_bytes, output * p->k + k) : 0;
}

uint32_t layer_act(const struct layer_product *p, size_t pixel, size_t k)
{
	return k < p->k ? layer_load(p->acts, p->a_bytes, pixel * p->k + k) : p->zero_field;
}

void layer_weight_words(const struct layer_product *p, size_t output, size_t group, unsigned n, unsigned pack, uint32_t *word)
{
	for (unsigned slot = 0; slot < n; slot++) {
		word[slot] = 0;
		for (unsigned j = 0; j < pack; j++)
			word[slot] |= layer_weight(p, output, (group * n + slot) * pack + j) << (j * p->precision.w_bits);
	}
}

void layer_act_words(const struct layer_product *p, size_t pixel, size_t group, unsigned n, unsigned pack, uint32_t *word)
{
	for (unsigned slot = 0; slot < n; slot++) {
		word[slot] = 0;
		for (unsigned j = 0; j < pack; j++)
			word[slot] |= layer_act(p, pixel, (group * n + slot) * pack + j) << (j * p->precision.a_bits);
	}
}
