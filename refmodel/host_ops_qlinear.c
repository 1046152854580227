/*
 * Operators of onnxruntime on codes that are no products: com.microsoft.QLinearAdd and its kin, and DynamicQuantizeLinear.
 *
 *     code = clamp(round(real result / y_scale) + y_zero)
 *
 * The real result and the quotient are computed in double precision and rounded half to even. onnxruntime computes in single precision, in an order
 * that depends on the machine, so that it may differ by one code where the quotient is all but half way between two.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "host_broadcast.h"
#include "host_pool.h"

/* Scale and zero point of one tensor, and its codes' range. */
struct coding {
	double scale;
	int32_t zero, low, high;
};

/* From inputs `scale`, `scale + 1` (zero point; left out: 0), for codes of type t. */
static bool coding(struct host_call *c, size_t scale, enum tensor_type t, struct coding *k)
{
	struct host_quant q;
	if (!host_quant(c, scale, 0, t, &q))
		return false;
	*k = (struct coding){(double)q.scale[0], host_quant_zero(&q, 0), host_code_min(t), host_code_max(t)};
	return true;
}

static uint8_t encode(const struct coding *k, double real)
{
	double code = rint(real / k->scale) + k->zero;
	return (uint8_t)(int32_t)fmin(fmax(code, k->low), k->high); /* of int8, too: the same byte */
}

static int32_t code_at(const struct tensor *t, size_t i)
{
	return t->type == TENSOR_INT8 ? ((const int8_t *)t->data)[i] : ((const uint8_t *)t->data)[i];
}

static bool codes(struct host_call *c, size_t i)
{
	const struct tensor *t = host_in(c, i);
	return (t && host_is_code(t->type)) || host_type_fault(c, i, "int8 or uint8");
}

/* ---- two tensors: a, scale, zero point, b, scale, zero point, the result's scale and zero point */

static bool binary(struct host_call *c, bool product)
{
	const struct tensor *const operand[2] = {c->in[0], host_in(c, 3)};
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	struct coding k[3];
	struct host_broadcast s;
	struct host_call shape = *c;
	struct graph_node pair = *c->node; /* the two of its inputs that are no scales */
	if (!codes(c, 0) || !codes(c, 3) || !host_type(c, 3, c->in[0]->type))
		return false;
	pair.inputs = 2;
	shape.node = &pair;
	shape.in = operand;
	if (!host_broadcast_shape(&shape, &rank, dim))
		return false;
	struct tensor *y = host_out(c, 0, operand[0]->type, rank, dim);
	if (!y || c->dry || !y->count)
		return y;
	if (!coding(c, 1, y->type, &k[0]) || !coding(c, 4, y->type, &k[1]) || !coding(c, 6, y->type, &k[2]) || !host_steps(c, y->count, 1, 1))
		return false;
	host_broadcast(rank, dim, operand, 2, &s);
	for (size_t i = 0; i < s.rows; i++) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(&s, i, at);
		for (size_t j = 0; j < s.row; j++) {
			double a = k[0].scale * (code_at(operand[0], at[0] + j * s.step[0]) - k[0].zero);
			double b = k[1].scale * (code_at(operand[1], at[1] + j * s.step[1]) - k[1].zero);
			((uint8_t *)y->data)[i * s.row + j] = encode(&k[2], product ? a * b : a + b);
		}
	}
	return true;
}

bool host_q_linear_add(struct host_call *c)
{
	return binary(c, false);
}

bool host_q_linear_mul(struct host_call *c)
{
	return binary(c, true);
}

/* ---- functions of one code: x, scale, zero point, the result's scale and zero point. A table of all codes */

static double sigmoid(double x, double unused)
{
	(void)unused;
	return 1 / (1 + exp(-x));
}

static double leaky_relu(double x, double alpha)
{
	return x < 0 ? alpha * x : x;
}

static double identity(double x, double unused)
{
	(void)unused;
	return x;
}

/* table[byte of x] = byte of y */
static void make_table(enum tensor_type t, const struct coding *x, const struct coding *y, double (*f)(double x, double p), double p, uint8_t table[256])
{
	for (int32_t i = 0; i < 256; i++) {
		int32_t code = t == TENSOR_INT8 ? (int8_t)(uint8_t)i : i;
		table[i] = encode(y, f(x->scale * (code - x->zero), p));
	}
}

static bool unary(struct host_call *c, double (*f)(double x, double p), double p)
{
	const struct tensor *x = c->in[0];
	struct coding from, to;
	uint8_t table[256];
	if (!codes(c, 0))
		return false;
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry)
		return y;
	if (!coding(c, 1, x->type, &from) || !coding(c, 3, x->type, &to))
		return false;
	make_table(x->type, &from, &to, f, p, table);
	for (size_t i = 0; i < x->count; i++)
		((uint8_t *)y->data)[i] = table[((const uint8_t *)x->data)[i]];
	return true;
}

bool host_q_linear_sigmoid(struct host_call *c)
{
	return unary(c, sigmoid, 0);
}

bool host_q_linear_leaky_relu(struct host_call *c)
{
	float alpha;
	return attribute_float(c->node, "alpha", 0.01f, &alpha, c->fault) && unary(c, leaky_relu, (double)alpha);
}

/* ---- Concat: the result's scale and zero point, then each tensor with its own */

static bool concat_shape(struct host_call *c, unsigned *axis, int64_t dim[TENSOR_MAX_RANK])
{
	const struct tensor *first = c->in[2];
	if (c->node->inputs % 3 != 2)
		return host_fault(c, "%zu inputs; expected two and three a tensor", c->node->inputs);
	if (!attribute_axis(c->node, 0, first->rank, axis, c->fault))
		return false;
	memcpy(dim, first->dim, TENSOR_MAX_RANK * sizeof dim[0]);
	dim[*axis] = 0;
	for (size_t i = 2; i < c->node->inputs; i += 3) {
		const struct tensor *t = host_in(c, i);
		bool same = t && t->type == first->type && t->rank == first->rank;
		for (unsigned d = 0; same && d < first->rank; d++)
			same = d == *axis || t->dim[d] == first->dim[d];
		if (!same)
			return host_fault(c, "inputs %zu and 2 differ in type or shape", i);
		dim[*axis] += t->dim[*axis];
	}
	return true;
}

bool host_q_linear_concat(struct host_call *c)
{
	int64_t dim[TENSOR_MAX_RANK];
	unsigned axis;
	struct coding from, to;
	uint8_t table[256];
	if (!codes(c, 2) || !concat_shape(c, &axis, dim))
		return false;
	struct tensor *y = host_out(c, 0, c->in[2]->type, c->in[2]->rank, dim);
	if (!y || c->dry || !y->count)
		return y;
	size_t inner = 1, place = 0;
	for (unsigned d = axis; d < y->rank; d++)
		inner *= (size_t)dim[d];
	if (!host_steps(c, y->count, 1, 1) || !coding(c, 0, y->type, &to))
		return false;
	for (size_t i = 2; i < c->node->inputs; i += 3) {
		const struct tensor *t = c->in[i];
		size_t row = inner / (size_t)dim[axis] * (size_t)t->dim[axis];
		if (!coding(c, i + 1, y->type, &from))
			return false;
		make_table(y->type, &from, &to, identity, 0, table);
		for (size_t k = 0; k < t->count; k++)
			((uint8_t *)y->data)[k / row * inner + place + k % row] = table[((const uint8_t *)t->data)[k]];
		place += row;
	}
	return true;
}

/* ---- averages: x, scale, zero point, the result's scale and zero point */

struct average {
	const struct window *w;
	const struct tensor *x;
	struct tensor *y;
	struct coding from, to;
	bool with_pads;
};

static uint8_t mean_code(const struct average *s, int64_t sum, size_t count)
{
	return encode(&s->to, (double)sum * s->from.scale / (double)count);
}

/* Padding counts as real zeros. */
static void average_pixel(void *context, size_t plane, size_t pixel, const int32_t *offset, size_t padded)
{
	const struct average *s = context;
	size_t count = s->with_pads ? padded : host_pool_inside(offset, s->w->taps);
	int64_t sum = 0;
	for (size_t i = 0; i < s->w->taps; i++)
		if (offset[i] >= 0)
			sum += code_at(s->x, plane * s->w->plane + (size_t)offset[i]) - s->from.zero;
	((uint8_t *)s->y->data)[plane * s->w->pixels + pixel] = mean_code(s, sum, count);
}

static bool average_codings(struct host_call *c, struct average *s)
{
	s->x = c->in[0];
	return coding(c, 1, s->x->type, &s->from) && coding(c, 3, s->x->type, &s->to);
}

bool host_q_linear_average_pool(struct host_call *c)
{
	struct window w;
	int64_t with_pads, last;
	if (!codes(c, 0) || !attribute_range(c->node, "count_include_pad", 0, 0, 1, &with_pads, c->fault) ||
	    !attribute_range(c->node, "channels_last", 0, 0, 0, &last, c->fault) || !host_pool_window(c, &w))
		return false;
	struct average s = {.w = &w, .y = host_pool_output(c, &w, 0, c->in[0]->type), .with_pads = with_pads};
	if (!s.y || c->dry)
		return s.y;
	return average_codings(c, &s) && host_pool_run(c, &w, average_pixel, &s);
}

bool host_q_linear_global_average_pool(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	int64_t last;
	if (!codes(c, 0) || !attribute_range(c->node, "channels_last", 0, 0, 1, &last, c->fault))
		return false;
	if (x->rank < 3 || !x->count)
		return host_fault(c, "input of %u dimensions; expected at least 3, none of them 0", x->rank);
	int64_t dim[TENSOR_MAX_RANK];
	for (unsigned i = 0; i < x->rank; i++)
		dim[i] = i == 0 || i == (last ? x->rank - 1 : 1) ? x->dim[i] : 1;
	struct average s = {.y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, x->type, x->rank, dim) : NULL};
	if (!s.y || c->dry)
		return s.y;
	if (!average_codings(c, &s))
		return false;
	size_t channels = s.y->count / (size_t)x->dim[0], plane = x->count / s.y->count, step = last ? channels : 1;
	for (size_t i = 0; i < s.y->count; i++) {
		size_t at = last ? i / channels * channels * plane + i % channels : i * plane;
		int64_t sum = 0;
		for (size_t k = 0; k < plane; k++)
			sum += code_at(x, at + k * step) - s.from.zero;
		((uint8_t *)s.y->data)[i] = mean_code(&s, sum, plane);
	}
	return true;
}

/* ---- DynamicQuantizeLinear: the scale follows from the data; in single precision, as ONNX defines it */

bool host_dynamic_quantize_linear(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	float low = 0, high = 0;
	if (!host_type(c, 0, TENSOR_FLOAT32))
		return false;
	if (c->node->outputs != 3)
		return host_fault(c, "%zu outputs; expected 3", c->node->outputs);
	struct tensor *y = host_steps(c, x->count, 2, 1) ? host_out(c, 0, TENSOR_UINT8, x->rank, x->dim) : NULL;
	struct tensor *scale = y ? host_out(c, 1, TENSOR_FLOAT32, 0, NULL) : NULL, *zero = scale ? host_out(c, 2, TENSOR_UINT8, 0, NULL) : NULL;
	if (!zero || c->dry)
		return zero;
	for (size_t i = 0; i < x->count; i++) {
		low = fminf(low, ((const float *)x->data)[i]);
		high = fmaxf(high, ((const float *)x->data)[i]);
	}
	float step = high == low ? 1 : (high - low) / 255;
	if (!isfinite(step))
		return host_fault(c, "input 0 reaches from %g to %g; expected finite numbers", (double)low, (double)high);
	float at = rintf(fminf(fmaxf(-low / step, 0), 255));
	*(float *)scale->data = step;
	*(uint8_t *)zero->data = (uint8_t)at;
	for (size_t i = 0; i < x->count; i++) {
		float v = rintf(((const float *)x->data)[i] / step) + at;
		((uint8_t *)y->data)[i] = (uint8_t)fminf(fmaxf(v, 0), 255);
	}
	return true;
}
