/* Operators that work element by element: with one input, or with two that are broadcast by NumPy's rules. */
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

static bool clip_bound(struct host_call *c, size_t input, const char *name, float *v)
{
	const struct tensor *t = host_in(c, input);
	if (c->graph->opset < 11)
		return attribute_float(c->node, name, *v, v, c->fault);
	if (!t)
		return true;
	if (!host_type(c, input, TENSOR_FLOAT32))
		return false;
	if (t->count != 1)
		return host_fault(c, "input %zu has %zu elements; expected one", input, t->count);
	*v = t->data ? *(const float *)t->data : *v;
	return true;
}

bool host_clip(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	float low = -INFINITY, high = INFINITY;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !clip_bound(c, 1, "min", &low) || !clip_bound(c, 2, "max", &high) ||
	    !host_steps(c, x->count, 1, 1))
		return false;
	struct tensor *y = host_out_like(c, 0, x);
	for (size_t i = 0; y && !c->dry && i < x->count; i++) {
		float v = ((const float *)x->data)[i];
		v = v < low ? low : v;
		((float *)y->data)[i] = v > high ? high : v;
	}
	return y;
}

/* ---- two inputs */

struct broadcast {
	unsigned rank;
	int64_t dim[TENSOR_MAX_RANK];
	size_t a_step[TENSOR_MAX_RANK], b_step[TENSOR_MAX_RANK];
};

static int64_t aligned_dim(const struct tensor *t, unsigned rank, unsigned i)
{
	return i < rank - t->rank ? 1 : t->dim[i - (rank - t->rank)];
}

static bool broadcast_shapes(struct host_call *c, struct broadcast *s)
{
	const struct tensor *a = c->in[0], *b = c->in[1];
	char left[160], right[160];
	size_t a_size = 1, b_size = 1;
	s->rank = a->rank > b->rank ? a->rank : b->rank;
	for (unsigned i = s->rank; i-- > 0;) {
		int64_t x = aligned_dim(a, s->rank, i), y = aligned_dim(b, s->rank, i);
		if (x != y && x != 1 && y != 1)
			return host_fault(c, "shapes %s and %s cannot be broadcast", tensor_shape_text(a->rank, a->dim, left, sizeof left),
			                  tensor_shape_text(b->rank, b->dim, right, sizeof right));
		s->dim[i] = x == 1 ? y : x;
		s->a_step[i] = x == 1 ? 0 : a_size;
		s->b_step[i] = y == 1 ? 0 : b_size;
		a_size *= (size_t)x;
		b_size *= (size_t)y;
	}
	return true;
}

static void broadcast_index(const struct broadcast *s, size_t i, size_t *a, size_t *b)
{
	*a = *b = 0;
	for (unsigned d = s->rank; d-- > 0; i /= (size_t)s->dim[d]) {
		*a += i % (size_t)s->dim[d] * s->a_step[d];
		*b += i % (size_t)s->dim[d] * s->b_step[d];
	}
}

static float float_of(char op, float a, float b)
{
	return op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
}

/* Wraps like two's complement hardware; b = 0 is excluded before. */
static int64_t int_of(char op, int64_t a, int64_t b)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;
	if (op == '/')
		return b == -1 ? (int64_t)(0 - x) : a / b;
	return (int64_t)(op == '+' ? x + y : op == '-' ? x - y : x * y);
}

static bool divides_by_zero(const struct tensor *b)
{
	for (size_t i = 0; b->data && i < b->count; i++)
		if (tensor_integer(b, i) == 0)
			return true;
	return false;
}

static void binary_element(struct host_call *c, char op, struct tensor *y, size_t i, size_t a, size_t b)
{
	const struct tensor *x = c->in[0], *z = c->in[1];
	if (y->type == TENSOR_FLOAT32)
		((float *)y->data)[i] = float_of(op, ((const float *)x->data)[a], ((const float *)z->data)[b]);
	else if (y->type == TENSOR_INT32)
		((int32_t *)y->data)[i] = (int32_t)int_of(op, tensor_integer(x, a), tensor_integer(z, b));
	else
		((int64_t *)y->data)[i] = int_of(op, tensor_integer(x, a), tensor_integer(z, b));
}

static bool binary(struct host_call *c, char op)
{
	const struct tensor *a = c->in[0], *b = c->in[1];
	struct broadcast s;
	if (a->type != TENSOR_FLOAT32 && a->type != TENSOR_INT32 && a->type != TENSOR_INT64)
		return host_type_fault(c, 0, "float32, int32 or int64");
	if (!host_type(c, 1, a->type) || !broadcast_shapes(c, &s))
		return false;
	if (op == '/' && a->type != TENSOR_FLOAT32 && divides_by_zero(b))
		return host_fault(c, "divides integers by zero");
	struct tensor *y = host_out(c, 0, a->type, s.rank, s.dim);
	if (!y || !host_steps(c, y->count, 1, 1))
		return false;
	for (size_t i = 0; !c->dry && i < y->count; i++) {
		size_t x, z;
		broadcast_index(&s, i, &x, &z);
		binary_element(c, op, y, i, x, z);
	}
	return true;
}

bool host_add(struct host_call *c)
{
	return binary(c, '+');
}

bool host_sub(struct host_call *c)
{
	return binary(c, '-');
}

bool host_mul(struct host_call *c)
{
	return binary(c, '*');
}

bool host_div(struct host_call *c)
{
	return binary(c, '/');
}
