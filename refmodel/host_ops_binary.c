/* Arithmetic of two tensors (Min, Max: of any number), broadcast by NumPy's rules, in every numeric type. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "host_broadcast.h"
#include "host_ops.h"

enum binary { BINARY_ADD, BINARY_SUB, BINARY_MUL, BINARY_DIV, BINARY_MIN, BINARY_MAX, BINARY_MOD, BINARY_REMAINDER };

/* ---- one element; y = a op b */

#define FLOAT_ELEMENT(name, type, remainder) \
	static inline type name(enum binary op, type a, type b) \
	{ \
		switch (op) { \
		case BINARY_ADD: \
			return a + b; \
		case BINARY_SUB: \
			return a - b; \
		case BINARY_MUL: \
			return a * b; \
		case BINARY_DIV: \
			return a / b; \
		case BINARY_MIN: \
			return a < b || isnan(a) ? a : b; \
		case BINARY_MAX: \
			return a > b || isnan(a) ? a : b; \
		default: \
			return remainder(a, b); \
		} \
	}
FLOAT_ELEMENT(element_float, float, fmodf)
FLOAT_ELEMENT(element_double, double, fmod)

/* The remainder with the sign of a; b is not 0. */
static inline int64_t remainder_of(int64_t a, int64_t b)
{
	return b == -1 ? 0 : a % b;
}

/* Wraps like two's complement hardware; b = 0 is excluded before. */
static inline int64_t element_int(enum binary op, int64_t a, int64_t b)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;
	switch (op) {
	case BINARY_ADD:
		return (int64_t)(x + y);
	case BINARY_SUB:
		return (int64_t)(x - y);
	case BINARY_MUL:
		return (int64_t)(x * y);
	case BINARY_DIV:
		return b == -1 ? (int64_t)(0 - x) : a / b;
	case BINARY_MIN:
		return a < b ? a : b;
	case BINARY_MAX:
		return a > b ? a : b;
	case BINARY_MOD: { /* with the sign of b */
		int64_t r = remainder_of(a, b);
		return r && (r < 0) != (b < 0) ? r + b : r;
	}
	default:
		return remainder_of(a, b);
	}
}

/* ---- rows */

struct row {
	const void *a, *b;          /* where the row begins */
	size_t a_step, b_step;      /* 0 or 1 */
	void *y;
	size_t count;
};

/* One loop an operator, so that each is a plain one. */
#define LOOP(op, element, type) \
	case op: \
		for (size_t i = 0; i < r->count; i++) \
			y[i] = (type)element(op, a[i * r->a_step], b[i * r->b_step]); \
		return;

#define ROW(symbol, element, type) \
	static void row_##symbol(enum binary op, const struct row *r) \
	{ \
		const type *a = r->a, *b = r->b; \
		type *y = r->y; \
		switch (op) { \
			LOOP(BINARY_ADD, element, type) \
			LOOP(BINARY_SUB, element, type) \
			LOOP(BINARY_MUL, element, type) \
			LOOP(BINARY_DIV, element, type) \
			LOOP(BINARY_MIN, element, type) \
			LOOP(BINARY_MAX, element, type) \
			LOOP(BINARY_MOD, element, type) \
			LOOP(BINARY_REMAINDER, element, type) \
		} \
	}

/* X(symbol of tensor.h, function of an element, C type) */
#define NUMBERS(X) \
	X(FLOAT32, element_float, float) \
	X(FLOAT64, element_double, double) \
	X(INT8, element_int, int8_t) \
	X(UINT8, element_int, uint8_t) \
	X(INT16, element_int, int16_t) \
	X(UINT16, element_int, uint16_t) \
	X(INT32, element_int, int32_t) \
	X(INT64, element_int, int64_t)
NUMBERS(ROW)

static void run_row(enum tensor_type t, enum binary op, const struct row *r)
{
	switch (t) {
#define X(symbol, element, type) \
	case TENSOR_##symbol: \
		row_##symbol(op, r); \
		return;
		NUMBERS(X)
#undef X
	default:
		return;
	}
}

/* ---- tensors */

static bool divides_by_zero(const struct tensor *b)
{
	for (size_t i = 0; b->data && i < b->count; i++)
		if (tensor_integer(b, i) == 0)
			return true;
	return false;
}

/* y = a op b; y may be a. */
static void combine(enum binary op, const struct tensor *a, const struct tensor *b, struct tensor *y)
{
	size_t bytes = tensor_type_bytes(y->type), at[HOST_BROADCAST_MAX];
	struct host_broadcast s;
	host_broadcast(y->rank, y->dim, (const struct tensor *const[]){a, b}, 2, &s);
	for (size_t i = 0; y->count && i < s.rows; i++) {
		host_broadcast_row(&s, i, at);
		struct row r = {(const char *)a->data + at[0] * bytes, (const char *)b->data + at[1] * bytes, s.step[0], s.step[1],
		                (char *)y->data + i * s.row * bytes, s.row};
		run_row(y->type, op, &r);
	}
}

/* All inputs have one numeric type; the output takes the shape of them together. */
static struct tensor *make_output(struct host_call *c)
{
	enum tensor_type t = c->in[0]->type;
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	if (t == TENSOR_BOOL) {
		host_type_fault(c, 0, "a type of numbers");
		return NULL;
	}
	for (size_t i = 1; i < c->node->inputs; i++)
		if (!host_type(c, i, t))
			return NULL;
	if (!host_broadcast_shape(c, &rank, dim))
		return NULL;
	struct tensor *y = host_out(c, 0, t, rank, dim);
	return y && host_steps(c, y->count, c->node->inputs, 1) ? y : NULL;
}

static bool binary(struct host_call *c, enum binary op)
{
	bool divides = op == BINARY_DIV || op == BINARY_MOD || op == BINARY_REMAINDER;
	struct tensor *y = make_output(c);
	if (!y)
		return false;
	if (divides && !tensor_type_is_float(y->type) && divides_by_zero(c->in[1]))
		return host_fault(c, "divides integers by zero");
	if (!c->dry)
		combine(op, c->in[0], c->in[1], y);
	return true;
}

bool host_add(struct host_call *c)
{
	return binary(c, BINARY_ADD);
}

bool host_sub(struct host_call *c)
{
	return binary(c, BINARY_SUB);
}

bool host_mul(struct host_call *c)
{
	return binary(c, BINARY_MUL);
}

bool host_div(struct host_call *c)
{
	return binary(c, BINARY_DIV);
}

/* fmod: the remainder has the sign of a, like C's; floats have no other. */
bool host_mod(struct host_call *c)
{
	int64_t fmod_wanted;
	if (!attribute_range(c->node, "fmod", 0, 0, 1, &fmod_wanted, c->fault))
		return false;
	if (tensor_type_is_float(c->in[0]->type) && !fmod_wanted)
		return host_fault(c, "input 0 is %s; expected integers, or the attribute fmod = 1", tensor_type_name(c->in[0]->type));
	return binary(c, fmod_wanted ? BINARY_REMAINDER : BINARY_MOD);
}

static bool variadic(struct host_call *c, enum binary op)
{
	for (size_t i = 0; i < c->node->inputs; i++)
		if (!host_in(c, i))
			return host_fault(c, "input %zu is left out; expected a tensor", i);
	struct tensor *y = make_output(c);
	if (!y || c->dry)
		return y;
	combine(op, c->in[0], c->in[c->node->inputs > 1], y); /* of one alone: with itself */
	for (size_t i = 2; i < c->node->inputs; i++)
		combine(op, y, c->in[i], y);
	return true;
}

bool host_min(struct host_call *c)
{
	return variadic(c, BINARY_MIN);
}

bool host_max(struct host_call *c)
{
	return variadic(c, BINARY_MAX);
}
