#include "network_task.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "layer_encode.h"
#include "layer_gather.h"
#include "network_file.h"
#include "requantize.h"

/* One node on its way to a task. */
struct maker {
	const struct execution *e;
	const struct bitlet_mode *mode;
	const struct bitlet_derived *d;
	struct layer_source s;
	struct layer_task *t;
	float a_top;                /* largest |activation| */
	float *w_top;               /* the same by output, of this task */
	struct fault *f;
};

static const struct tensor *value(const struct maker *m, size_t i)
{
	const struct graph_node *n = m->s.node;
	return i < n->inputs && n->input[i] != GRAPH_NONE ? m->e->value[n->input[i]] : NULL;
}

static float top_of(const float *v, size_t count)
{
	float top = 0;
	for (size_t i = 0; i < count; i++)
		top = fabsf(v[i]) > top || isnan(v[i]) ? fabsf(v[i]) : top;
	return top;
}

static bool check_kind(struct maker *m)
{
	const struct bitlet_precision *p = &m->mode->precision;
	if (m->s.quantised && p->is_float)
		return graph_node_fault(m->s.node, m->f, "is quantised; expected a float network for %s", p->name);
	if (!m->s.quantised && !p->is_float && (!isfinite(m->a_top) || !isfinite(top_of(m->s.w, m->s.w_count))))
		return graph_node_fault(m->s.node, m->f, "has operands that are not finite; expected finite ones for %s", p->name);
	return true;
}

/* Codes of an unsigned type in a signed field are moved by 128, zero point and all, and the other way round. */
static int32_t zero_of(const struct maker *m)
{
	int32_t move = (m->mode->precision.a_signed ? 0 : 128) - (m->s.a_type == TENSOR_INT8 ? 0 : 128);
	return m->s.quantised ? m->s.a_zero + move : 0;
}

static bool code_fits(const struct maker *m, int32_t code, unsigned bits, bool is_signed)
{
	if (code >= layer_field_min(bits, is_signed) && code <= layer_field_max(bits, is_signed))
		return true;
	return graph_node_fault(m->s.node, m->f, "code %d does not fit into %s; expected a precision as wide as the network's", (int)code,
	                        m->mode->precision.name);
}

static bool put_act(const struct maker *m, size_t i, float v)
{
	const struct bitlet_precision *p = &m->mode->precision;
	int32_t code = m->s.quantised ? (int32_t)v + m->t->zero : 0;
	if (m->s.quantised && !code_fits(m, code, p->a_bits, p->a_signed))
		return false;
	if (!m->s.quantised && !p->is_float)
		code = layer_quantise(v, m->a_top, p->a_bits, p->a_signed);
	layer_store(m->t->act, m->mode->a_bytes, i, p->is_float ? layer_float_word(v, p->exp_bits, p->man_bits) : layer_field(code, p->a_bits));
	return true;
}

static bool put_weight(const struct maker *m, size_t output, size_t i, float v)
{
	const struct bitlet_precision *p = &m->mode->precision;
	int32_t code = (int32_t)(m->s.quantised ? v : 0);
	if (m->s.quantised && !code_fits(m, code, p->w_bits, p->w_signed))
		return false;
	if (!m->s.quantised && !p->is_float)
		code = layer_quantise(v, m->w_top[output], p->w_bits, p->w_signed);
	layer_store(m->t->weights, m->mode->w_bytes, i, p->is_float ? layer_float_word(v, p->exp_bits, p->man_bits) : layer_field(code, p->w_bits));
	return true;
}

/* ---- outputs */

static uint32_t bits_of(float v)
{
	uint32_t bits;
	memcpy(&bits, &v, sizeof bits);
	return bits;
}

static float scale_at(const struct maker *m, size_t input, size_t channel)
{
	const struct tensor *t = value(m, input);
	return ((const float *)t->data)[t->count == 1 ? 0 : channel];
}

/* QLinearConv and QLinearMatMul: x, its scale and zero point, w, the same, y's scale and zero point, bias. */
static bool set_codes(struct maker *m, size_t first)
{
	struct layer_output *o = &m->t->output;
	const struct tensor *zero = value(m, 7), *bias = value(m, 8);
	bool is_int8 = zero && zero->type == TENSOR_INT8;
	o->format = FORMAT_INT8;
	o->is_unsigned = !is_int8;
	o->zero = zero ? (int32_t)tensor_integer(zero, 0) : 0;
	o->clamp_low = is_int8 ? INT8_MIN : 0;
	o->clamp_high = is_int8 ? INT8_MAX : UINT8_MAX;
	for (uint32_t c = 0; c < m->t->out_channels; c++) {
		struct requantize r;
		if (!requantize_set(&r, scale_at(m, 1, 0), scale_at(m, 4, first + c), scale_at(m, 6, 0)))
			return graph_node_fault(m->s.node, m->f, "has scales that give no multiplier for channel %zu", first + c);
		if (r.shift < -7) /* 24 + 7 bits fit */
			return graph_node_fault(m->s.node, m->f, "has a multiplier of 2^%d for channel %zu; expected less than 2^31", 24 - r.shift, first + c);
		bool vanishes = r.shift > 56; /* |sum| < 2^31 times 2^24 is less than half of 2^56 */
		o->multiplier[c] = vanishes ? 0 : (uint32_t)r.mantissa << (r.shift < 0 ? -r.shift : 0);
		o->shift[c] = (int8_t)(vanishes || r.shift < 0 ? 0 : r.shift);
		o->bias[c] = bias ? (int32_t)tensor_integer(bias, first + c) : 0;
	}
	return true;
}

/* Conv: [channels]. Gemm: anything that broadcasts along the last axis. */
static bool bias_at(const struct maker *m, size_t channel, float *v)
{
	const struct tensor *b = strcmp(m->s.node->op, "MatMul") != 0 ? value(m, 2) : NULL;
	*v = 0;
	if (!b)
		return true;
	if (b->count != 1 && b->count != m->t->out_channels * (size_t)m->s.parts && b->count != m->t->out_channels)
		return graph_node_fault(m->s.node, m->f, "has %zu biases; expected one, or one an output", b->count);
	*v = ((const float *)b->data)[b->count == 1 ? 0 : channel];
	return true;
}

static bool set_floats(struct maker *m, size_t first)
{
	const struct bitlet_precision *p = &m->mode->precision;
	struct layer_output *o = &m->t->output;
	o->format = FORMAT_FP32;
	o->clamp_low = (int32_t)bits_of(-INFINITY);
	o->clamp_high = (int32_t)bits_of(INFINITY);
	for (uint32_t c = 0; c < m->t->out_channels; c++) {
		float bias, scale = 1;
		if (!bias_at(m, first + c, &bias))
			return false;
		if (!p->is_float) {
			float a = m->a_top / (float)layer_field_max(p->a_bits, p->a_signed), w = m->w_top[c] / (float)layer_field_max(p->w_bits, p->w_signed);
			scale = a * w;
			if (!isnormal(scale)) /* all zero: nothing but the bias counts */
				scale = 1.0f / 65536;
			double code = rint((double)bias / (double)scale);
			o->bias[c] = code > INT32_MAX ? INT32_MAX : code < INT32_MIN ? INT32_MIN : (int32_t)code;
		} else {
			o->bias[c] = (int32_t)bits_of(bias);
		}
		o->multiplier[c] = bits_of(scale);
	}
	return true;
}

static bool set_output(struct maker *m, size_t first)
{
	return m->s.quantised ? set_codes(m, first) : set_floats(m, first);
}

/* ---- convolutions */

static void set_geometry(struct layer_task *t, const struct conv *c)
{
	const struct window *w = &c->window;
	t->op = LAYER_CONV;
	t->batch = (uint32_t)c->images;
	t->rank = w->rank;
	t->groups = (uint32_t)c->groups;
	t->in_channels = (uint32_t)(c->groups * c->channels);
	t->out_channels = (uint32_t)(c->groups * c->outputs);
	for (int a = 0; a < LAYER_AXES; a++) {
		t->in[a] = (uint32_t)w->in[a];
		t->kernel[a] = (uint32_t)w->kernel[a];
		t->stride[a] = (uint32_t)w->stride[a];
		t->dilation[a] = (uint32_t)w->dilation[a];
		t->pad_begin[a] = (int32_t)w->begin[a];
		t->pad_end[a] = (int32_t)w->end[a];
	}
}

/* Channels first, as ONNX has them, to channels last. */
static bool put_conv(struct maker *m)
{
	const struct conv *c = &m->s.conv;
	size_t plane = c->window.plane, taps = c->window.taps, channels = m->t->in_channels;
	for (size_t image = 0; image < c->images; image++)
		for (size_t at = 0; at < plane; at++)
			for (size_t k = 0; k < channels; k++)
				if (!put_act(m, (image * plane + at) * channels + k, m->s.x[(image * channels + k) * plane + at]))
					return false;
	for (size_t o = 0; o < m->t->out_channels; o++)
		for (size_t tap = 0; tap < taps; tap++)
			for (size_t k = 0; k < c->channels; k++)
				if (!put_weight(m, o, (o * taps + tap) * c->channels + k, m->s.w[(o * c->channels + k) * taps + tap]))
					return false;
	return true;
}

static void expect_conv(const struct maker *m, const struct tensor *y, struct network_layer *l)
{
	const struct conv *c = &m->s.conv;
	size_t pixels = c->window.pixels, channels = m->t->out_channels;
	for (size_t image = 0; image < c->images; image++)
		for (size_t at = 0; at < pixels; at++)
			for (size_t k = 0; k < channels; k++)
				l->expected[(image * pixels + at) * channels + k] = (float)tensor_number(y, (image * channels + k) * pixels + at);
}

/* ---- products, one a part */

static bool put_dense(struct maker *m, size_t part)
{
	const struct layer_source *s = &m->s;
	float *w = malloc(s->outputs * s->k * sizeof *w), *x = malloc(s->pixels * s->k * sizeof *x);
	bool good = w && x && layer_source_part(s, part, w, x);
	if (!good)
		graph_node_fault(s->node, m->f, "out of memory for its operands");
	for (size_t o = 0; good && o < s->outputs; o++)
		m->w_top[o] = top_of(w + o * s->k, s->k);
	for (size_t i = 0; good && i < s->outputs * s->k; i++)
		good = put_weight(m, i / s->k, i, w[i]);
	for (size_t i = 0; good && i < s->pixels * s->k; i++)
		good = put_act(m, i, x[i]);
	free(w);
	free(x);
	return good;
}

static bool check_gemm(struct maker *m)
{
	float alpha, beta;
	if (strcmp(m->s.node->op, "Gemm") != 0)
		return true;
	if (!attribute_float(m->s.node, "alpha", 1, &alpha, m->f) || !attribute_float(m->s.node, "beta", 1, &beta, m->f))
		return false;
	if (alpha != 1 || beta != 1)
		return graph_node_fault(m->s.node, m->f, "has alpha %g, beta %g; the core's output stage expects 1, 1", (double)alpha, (double)beta);
	return true;
}

/* ---- a task a part (a convolution is one) */

static bool make_task(struct maker *m, size_t part, struct network_layer *l)
{
	const struct layer_source *s = &m->s;
	const struct tensor *y = m->e->value[s->node->output[0]];
	struct layer_task *t = m->t = &l->task;
	layer_task_init(t);
	snprintf(t->name, sizeof t->name, "%.*s", LAYER_TASK_NAME - 1, s->node->name);
	t->mode = (unsigned)(m->mode - m->d->mode);
	if (s->is_conv) {
		set_geometry(t, &s->conv);
	} else {
		t->op = LAYER_DENSE;
		t->batch = (uint32_t)s->pixels;
		t->in_channels = (uint32_t)s->k;
		t->out_channels = (uint32_t)s->outputs;
	}
	t->zero = zero_of(m);
	if (!layer_task_alloc(t, m->d, m->f))
		return false;
	l->exact = s->quantised;
	l->outputs = s->is_conv ? y->count : s->pixels * s->outputs;
	l->expected = malloc(l->outputs * sizeof *l->expected);
	free(m->w_top);
	m->w_top = calloc(t->out_channels, sizeof *m->w_top);
	if (!l->expected || !m->w_top)
		return graph_node_fault(s->node, m->f, "out of memory for its outputs");
	if (s->is_conv) {
		for (size_t o = 0; o < t->out_channels; o++)
			m->w_top[o] = top_of(s->w + o * s->k, s->k);
		expect_conv(m, y, l);
		return put_conv(m) && set_output(m, 0);
	}
	for (size_t i = 0; i < l->outputs; i++)
		l->expected[i] = (float)tensor_number(y, part * l->outputs + i);
	return put_dense(m, part) && set_output(m, 0);
}

static bool append(struct maker *m, size_t node, struct network_layers *out)
{
	size_t parts = m->s.is_conv ? 1 : m->s.parts;
	struct network_layer *grown = realloc(out->layer, (out->count + parts) * sizeof *grown);
	if (!grown)
		return graph_node_fault(m->s.node, m->f, "out of memory for %zu products", parts);
	out->layer = grown;
	m->a_top = top_of(m->s.x, m->s.x_count);
	if (!check_kind(m) || !check_gemm(m))
		return false;
	for (size_t part = 0; part < parts; part++) {
		struct network_layer *l = &out->layer[out->count++];
		*l = (struct network_layer){.node = node};
		if (!make_task(m, part, l))
			return false;
	}
	return true;
}

bool network_layers_of(const struct execution *e, const struct bitlet_derived *d, unsigned mode, struct network_layers *out, struct fault *f)
{
	*out = (struct network_layers){NULL, 0};
	bool good = true;
	for (size_t i = 0; good && i < e->graph->nodes; i++) {
		struct maker m = {.e = e, .mode = &d->mode[mode], .d = d, .f = f};
		int found = layer_source_new(e, &e->graph->node[e->graph->order[i]], &m.s, f);
		if (found > 0) {
			good = append(&m, i, out);
			layer_source_free(&m.s);
			free(m.w_top);
		} else {
			good = found == 0;
		}
	}
	if (good && !out->count)
		good = fault_set(f, "no convolution or product with constant weights; expected at least one");
	if (!good)
		network_layers_free(out);
	return good;
}

struct layers_request {
	const struct bitlet_derived *d;
	unsigned mode;
	struct network_layers *out;
};

static bool visit(const struct execution *e, void *context, struct fault *f)
{
	const struct layers_request *r = context;
	return network_layers_of(e, r->d, r->mode, r->out, f);
}

bool network_layers_load(const char *onnx, const char *images, size_t first, size_t count, const struct bitlet_derived *d, unsigned mode,
                         struct network_layers *out, struct fault *f)
{
	struct layers_request r = {d, mode, out};
	*out = (struct network_layers){NULL, 0};
	return network_run(onnx, images, first, count, visit, &r, f);
}

void network_layers_free(struct network_layers *l)
{
	for (size_t i = 0; i < l->count; i++) {
		layer_task_free(&l->layer[i].task);
		free(l->layer[i].expected);
	}
	free(l->layer);
	*l = (struct network_layers){NULL, 0};
}
