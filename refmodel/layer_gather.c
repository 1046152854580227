#include "layer_gather.h"

#include <stdlib.h>
#include <string.h>

#include "attribute.h"

enum kind { CONV, MATMUL, GEMM };

/* Operators that are layers; inputs of the activations, of the weights; zero points follow their tensor by two. */
static const struct {
	const char *op;
	enum kind kind;
	bool quantised;
	size_t x, w;
} kinds[] = {
	{"Conv", CONV, false, 0, 1},
	{"QLinearConv", CONV, true, 0, 3},
	{"MatMul", MATMUL, false, 0, 1},
	{"QLinearMatMul", MATMUL, true, 0, 3},
	{"Gemm", GEMM, false, 0, 1},
};

static const struct tensor *value_in(const struct execution *e, const struct graph_node *n, size_t i)
{
	return i < n->inputs && n->input[i] != GRAPH_NONE ? e->value[n->input[i]] : NULL;
}

/* ---- shapes: the run has checked them */

static bool conv_layout(struct layer_source *s, const struct tensor *x, const struct tensor *w, struct fault *f)
{
	s->is_conv = true;
	if (!conv_resolve(s->node, x, w, &s->conv, f))
		return false;
	s->parts = s->conv.groups;
	s->outputs = s->conv.outputs;
	s->pixels = s->conv.images * s->conv.window.pixels;
	s->k = s->conv.k;
	return true;
}

/* One matrix of weights serves all batches; otherwise each batch is a product of its own. */
static bool matmul_layout(struct layer_source *s, const struct tensor *x, const struct tensor *w, struct fault *f)
{
	if (!matmul_resolve(s->node, x, w, &s->matmul, f))
		return false;
	const struct matmul *m = &s->matmul;
	bool shared = w->count == m->k * m->n;
	s->parts = shared ? 1 : m->batches;
	s->outputs = m->n;
	s->pixels = shared ? m->m * m->batches : m->m;
	s->k = m->k;
	s->w_row = 1;
	s->w_step = m->n;
	s->x_row = m->k;
	s->x_step = 1;
	return true;
}

static bool gemm_layout(struct layer_source *s, const struct tensor *x, const struct tensor *w, struct fault *f)
{
	int64_t x_turned, w_turned;
	if (!attribute_int(s->node, "transA", 0, &x_turned, f) || !attribute_int(s->node, "transB", 0, &w_turned, f))
		return false;
	s->parts = 1;
	s->pixels = (size_t)x->dim[x_turned ? 1 : 0];
	s->k = (size_t)x->dim[x_turned ? 0 : 1];
	s->outputs = (size_t)w->dim[w_turned ? 0 : 1];
	s->w_row = w_turned ? s->k : 1;
	s->w_step = w_turned ? 1 : s->outputs;
	s->x_row = x_turned ? 1 : s->k;
	s->x_step = x_turned ? s->pixels : 1;
	return true;
}

/* ---- numbers */

/* Which zero point element i takes when there are several: weights of a convolution by row, of a product by column. */
static size_t channel_of(const struct layer_source *s, size_t i)
{
	return s->is_conv ? i / s->k : i % s->outputs;
}

static float *numbers(const struct layer_source *s, const struct tensor *t, const struct tensor *zero)
{
	float *out = malloc((t->count ? t->count : 1) * sizeof *out);
	for (size_t i = 0; out && i < t->count; i++) {
		int64_t z = zero ? tensor_integer(zero, zero->count > 1 ? channel_of(s, i) : 0) : 0;
		out[i] = t->type == TENSOR_FLOAT32 ? ((const float *)t->data)[i] : (float)(tensor_integer(t, i) - z);
	}
	return out;
}

int layer_source_new(const struct execution *e, const struct graph_node *n, struct layer_source *s, struct fault *f)
{
	size_t row = 0, rows = sizeof kinds / sizeof kinds[0];
	while (row < rows && strcmp(kinds[row].op, n->op) != 0)
		row++;
	if (row == rows || !e->constant[n->input[kinds[row].w]])
		return 0;
	const struct tensor *x = value_in(e, n, kinds[row].x), *w = value_in(e, n, kinds[row].w);
	bool quantised = kinds[row].quantised;
	const struct tensor *x_zero = quantised ? value_in(e, n, kinds[row].x + 2) : NULL;
	const struct tensor *w_zero = quantised ? value_in(e, n, kinds[row].w + 2) : NULL;
	*s = (struct layer_source){.node = n, .quantised = quantised, .a_type = x->type, .x_count = x->count, .w_count = w->count};
	s->a_zero = x_zero ? (int32_t)tensor_integer(x_zero, 0) : 0;
	bool good = kinds[row].kind == CONV ? conv_layout(s, x, w, f) : kinds[row].kind == MATMUL ? matmul_layout(s, x, w, f)
	                                                                                            : gemm_layout(s, x, w, f);
	if (!good)
		return -1;
	s->w = numbers(s, w, w_zero);
	s->x = numbers(s, x, x_zero);
	if (s->w && s->x)
		return 1;
	layer_source_free(s);
	graph_node_fault(n, f, "out of memory for its operands");
	return -1;
}

void layer_source_free(struct layer_source *s)
{
	free(s->w);
	free(s->x);
	s->w = s->x = NULL;
}

/* ---- one part */

static bool conv_part(const struct layer_source *s, size_t group, float *w, float *x)
{
	const struct conv *c = &s->conv;
	int32_t *offset = malloc(c->window.taps * sizeof *offset);
	if (!offset)
		return false;
	memcpy(w, s->w + group * c->outputs * c->k, c->outputs * c->k * sizeof *w);
	for (size_t pixel = 0; pixel < c->window.pixels; pixel++) {
		window_offsets(&c->window, pixel, offset);
		for (size_t image = 0; image < c->images; image++)
			conv_patch_float(c, s->x + conv_input(c, image, group), offset, x + (image * c->window.pixels + pixel) * c->k);
	}
	free(offset);
	return true;
}

bool layer_source_part(const struct layer_source *s, size_t part, float *w, float *x)
{
	if (s->is_conv)
		return conv_part(s, part, w, x);
	size_t x_first = 0, w_first = 0;
	if (s->parts > 1)
		matmul_batch(&s->matmul, part, &x_first, &w_first);
	for (size_t o = 0; o < s->outputs; o++)
		for (size_t k = 0; k < s->k; k++)
			w[o * s->k + k] = s->w[w_first + o * s->w_row + k * s->w_step];
	for (size_t i = 0; i < s->pixels; i++)
		for (size_t k = 0; k < s->k; k++)
			x[i * s->k + k] = s->x[x_first + i * s->x_row + k * s->x_step];
	return true;
}
