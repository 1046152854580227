/* Comparisons, logic, and Where: truth values of tensors that are broadcast by NumPy's rules. */
#include <string.h>

#include "host_broadcast.h"
#include "host_ops.h"

enum test { TEST_EQUAL, TEST_LESS, TEST_LESS_OR_EQUAL, TEST_GREATER, TEST_GREATER_OR_EQUAL, TEST_AND, TEST_OR, TEST_XOR };

struct row {
	const void *a, *b;          /* where the row begins */
	size_t a_step, b_step;      /* 0 or 1 */
	uint8_t *y;
	size_t count;
};

#define LOOP(name, expression) \
	case name: \
		for (size_t i = 0; i < r->count; i++) \
			r->y[i] = (uint8_t)(expression); \
		return;
#define A a[i * r->a_step]
#define B b[i * r->b_step]

#define ROW(symbol, type, name, npy, onnx) \
	static void row_##symbol(enum test t, const struct row *r) \
	{ \
		const type *a = r->a, *b = r->b; \
		switch (t) { \
			LOOP(TEST_EQUAL, A == B) \
			LOOP(TEST_LESS, A < B) \
			LOOP(TEST_LESS_OR_EQUAL, A <= B) \
			LOOP(TEST_GREATER, A > B) \
			LOOP(TEST_GREATER_OR_EQUAL, A >= B) \
			LOOP(TEST_AND, (A != 0) & (B != 0)) \
			LOOP(TEST_OR, (A != 0) | (B != 0)) \
			LOOP(TEST_XOR, (A != 0) ^ (B != 0)) \
		} \
	}
TENSOR_TYPES(ROW)

static void run_row(enum tensor_type type, enum test t, const struct row *r)
{
	switch (type) {
#define X(symbol, c, name, npy, onnx) \
	case TENSOR_##symbol: \
		row_##symbol(t, r); \
		return;
		TENSOR_TYPES(X)
#undef X
	default:
		return;
	}
}

static void compare(enum test t, const struct tensor *a, const struct tensor *b, struct tensor *y)
{
	size_t bytes = tensor_type_bytes(a->type), at[HOST_BROADCAST_MAX];
	struct host_broadcast s;
	host_broadcast(y->rank, y->dim, (const struct tensor *const[]){a, b}, 2, &s);
	for (size_t i = 0; y->count && i < s.rows; i++) {
		host_broadcast_row(&s, i, at);
		struct row r = {(const char *)a->data + at[0] * bytes, (const char *)b->data + at[1] * bytes, s.step[0], s.step[1],
		                (uint8_t *)y->data + i * s.row, s.row};
		run_row(a->type, t, &r);
	}
}

static bool binary(struct host_call *c, enum test t)
{
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	if ((t >= TEST_AND && !host_type(c, 0, TENSOR_BOOL)) || !host_type(c, 1, c->in[0]->type) || !host_broadcast_shape(c, &rank, dim))
		return false;
	struct tensor *y = host_out(c, 0, TENSOR_BOOL, rank, dim);
	if (!y || !host_steps(c, y->count, 1, 1))
		return false;
	if (!c->dry)
		compare(t, c->in[0], c->in[1], y);
	return true;
}

bool host_equal(struct host_call *c)
{
	return binary(c, TEST_EQUAL);
}

bool host_less(struct host_call *c)
{
	return binary(c, TEST_LESS);
}

bool host_less_or_equal(struct host_call *c)
{
	return binary(c, TEST_LESS_OR_EQUAL);
}

bool host_greater(struct host_call *c)
{
	return binary(c, TEST_GREATER);
}

bool host_greater_or_equal(struct host_call *c)
{
	return binary(c, TEST_GREATER_OR_EQUAL);
}

bool host_and(struct host_call *c)
{
	return binary(c, TEST_AND);
}

bool host_or(struct host_call *c)
{
	return binary(c, TEST_OR);
}

bool host_xor(struct host_call *c)
{
	return binary(c, TEST_XOR);
}

bool host_not(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	if (!host_type(c, 0, TENSOR_BOOL) || !host_steps(c, x->count, 1, 1))
		return false;
	struct tensor *y = host_out_like(c, 0, x);
	for (size_t i = 0; y && !c->dry && i < x->count; i++)
		((uint8_t *)y->data)[i] = !((const uint8_t *)x->data)[i];
	return y;
}

/* ---- Where */

static void choose(const struct tensor *which, const struct tensor *a, const struct tensor *b, struct tensor *y)
{
	size_t bytes = tensor_type_bytes(y->type), at[HOST_BROADCAST_MAX];
	struct host_broadcast s;
	host_broadcast(y->rank, y->dim, (const struct tensor *const[]){which, a, b}, 3, &s);
	char *to = y->data;
	for (size_t i = 0; y->count && i < s.rows; i++) {
		host_broadcast_row(&s, i, at);
		for (size_t j = 0; j < s.row; j++, to += bytes) {
			bool first = ((const uint8_t *)which->data)[at[0] + j * s.step[0]];
			const char *from = first ? (const char *)a->data + (at[1] + j * s.step[1]) * bytes
			                         : (const char *)b->data + (at[2] + j * s.step[2]) * bytes;
			memcpy(to, from, bytes);
		}
	}
}

bool host_where(struct host_call *c)
{
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	if (!host_type(c, 0, TENSOR_BOOL) || !host_type(c, 2, c->in[1]->type) || !host_broadcast_shape(c, &rank, dim))
		return false;
	struct tensor *y = host_out(c, 0, c->in[1]->type, rank, dim);
	if (!y || !host_steps(c, y->count, 1, 1))
		return false;
	if (!c->dry)
		choose(c->in[0], c->in[1], c->in[2], y);
	return true;
}
