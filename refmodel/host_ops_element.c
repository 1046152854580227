/* Operators that work element by element on one input. Those with two: host_ops_binary.c. */
#include <math.h>

#include "attribute.h"
#include "host_ops.h"

/* ---- one input */

static bool unary(struct host_call *c, float (*f)(float x, float parameter), float parameter)
{
	const struct tensor *x = c->in[0];
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_steps(c, x->count, 1, 1))
		return false;
	struct tensor *y = host_out_like(c, 0, x);
	for (size_t i = 0; y && !c->dry && i < x->count; i++)
		((float *)y->data)[i] = f(((const float *)x->data)[i], parameter);
	return y;
}

static float relu(float x, float unused)
{
	(void)unused;
	return x > 0 || isnan(x) ? x : 0;
}

static float leaky_relu(float x, float alpha)
{
	return x < 0 ? alpha * x : x;
}

static float sigmoid(float x, float unused)
{
	(void)unused;
	return (float)(1 / (1 + exp(-(double)x)));
}

static float hyperbolic_tangent(float x, float unused)
{
	(void)unused;
	return (float)tanh((double)x);
}

bool host_relu(struct host_call *c)
{
	return unary(c, relu, 0);
}

bool host_leaky_relu(struct host_call *c)
{
	float alpha;
	return attribute_float(c->node, "alpha", 0.01f, &alpha, c->fault) && unary(c, leaky_relu, alpha);
}

bool host_sigmoid(struct host_call *c)
{
	return unary(c, sigmoid, 0);
}

bool host_tanh(struct host_call *c)
{
	return unary(c, hyperbolic_tangent, 0);
}

/* ---- Clip: bounds are attributes before operator set 11, inputs since */

struct bound {
	double real;                /* of floats */
	int64_t whole;              /* of integers */
};

static bool clip_bound(struct host_call *c, size_t input, const char *name, struct bound *b)
{
	const struct tensor *t = host_in(c, input);
	float v = (float)b->real;
	if (c->graph->opset < 11) {
		if (!tensor_type_is_float(c->in[0]->type))
			return host_type_fault(c, 0, "float32 or float64 before operator set 11");
		if (!attribute_float(c->node, name, v, &v, c->fault))
			return false;
		b->real = (double)v;
		return true;
	}
	if (!t)
		return true;
	if (!host_type(c, input, c->in[0]->type))
		return false;
	if (t->count != 1)
		return host_fault(c, "input %zu has %zu elements; expected one", input, t->count);
	if (t->data && tensor_type_is_float(t->type))
		b->real = tensor_number(t, 0);
	else if (t->data)
		b->whole = tensor_integer(t, 0);
	return true;
}

static void clip(const struct tensor *x, struct tensor *y, const struct bound *low, const struct bound *high)
{
	for (size_t i = 0; i < x->count; i++) {
		if (x->type == TENSOR_FLOAT32) {
			float v = ((const float *)x->data)[i];
			v = v < (float)low->real ? (float)low->real : v;
			((float *)y->data)[i] = v > (float)high->real ? (float)high->real : v;
		} else if (x->type == TENSOR_FLOAT64) {
			double v = ((const double *)x->data)[i];
			v = v < low->real ? low->real : v;
			((double *)y->data)[i] = v > high->real ? high->real : v;
		} else {
			int64_t v = tensor_integer(x, i);
			v = v < low->whole ? low->whole : v;
			tensor_set_integer(y, i, v > high->whole ? high->whole : v);
		}
	}
}

bool host_clip(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct bound low = {-INFINITY, INT64_MIN}, high = {INFINITY, INT64_MAX};
	if (x->type == TENSOR_BOOL)
		return host_type_fault(c, 0, "a type of numbers");
	if (!clip_bound(c, 1, "min", &low) || !clip_bound(c, 2, "max", &high) || !host_steps(c, x->count, 1, 1))
		return false;
	struct tensor *y = host_out_like(c, 0, x);
	if (y && !c->dry)
		clip(x, y, &low, &high);
	return y;
}
