/*
 * Einsum of one or two tensors, as a product of matrices (gemm.h). Each letter of the equation belongs to the
 *
 *     batches   both tensors and the result       rows      the first tensor and the result
 *     k         not the result: summed            columns   the second tensor and the result
 *
 * and where an element lies is the sum of what its places along the four say. Sums are of double precision and rounded once.
 */
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "gemm.h"
#include "host_ops.h"

enum { BATCH, ROW, COLUMN, SUM, PARTS, A = 0, B = 1, Y = 2 };

struct einsum {
	char term[3][TENSOR_MAX_RANK + 1]; /* letters of a, b, the result */
	int64_t size[128];          /* by letter; 0: not there */
	size_t step[3][128];        /* elements a step along that letter, in a, b, the result */
	size_t count[PARTS];        /* places along the four */
	size_t *place[3][PARTS];    /* of a, b, the result: what place i adds to the index */
	const float *a, *b;
	float *y;
};

/* ---- the equation */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters up to a character of `stop` into term; the rest of the text, or NULL with the fault set. */
static const char *read_term(struct host_call *c, const char *text, const char *stop, char term[TENSOR_MAX_RANK + 1])
{
	size_t length = 0;
	for (; *text && !strchr(stop, *text); text++) {
		if (*text == ' ')
			continue;
		if (!is_letter(*text) || length == TENSOR_MAX_RANK) {
			host_fault(c, "equation at '%.20s'; expected letters, at most %d a tensor (dots are not supported)", text, TENSOR_MAX_RANK);
			return NULL;
		}
		term[length++] = *text;
	}
	term[length] = '\0';
	return text;
}

/* Without an arrow the result has the letters that come once, in alphabetical order. */
static void implied_result(struct einsum *e)
{
	size_t length = 0;
	for (char letter = 'A'; letter <= 'z' && length < TENSOR_MAX_RANK; letter++) {
		size_t times = 0;
		for (size_t t = A; t <= B; t++)
			for (const char *s = e->term[t]; *s; s++)
				times += *s == letter;
		if (times == 1)
			e->term[Y][length++] = letter;
	}
	e->term[Y][length] = '\0';
}

static bool parse(struct host_call *c, struct einsum *e)
{
	const char *text;
	if (!attribute_string(c->node, "equation", "", &text, c->fault) || !(text = read_term(c, text, ",-", e->term[A])))
		return false;
	size_t terms = 1;
	if (*text == ',') {
		terms = 2;
		if (!(text = read_term(c, text + 1, ",-", e->term[B])))
			return false;
	}
	if (terms != c->node->inputs)
		return host_fault(c, "equation of %zu tensors; there are %zu inputs", terms, c->node->inputs);
	if (!*text) {
		implied_result(e);
		return true;
	}
	if (text[0] != '-' || text[1] != '>')
		return host_fault(c, "equation at '%.20s'; expected '->'", text);
	if (!read_term(c, text + 2, "", e->term[Y]))
		return false;
	for (const char *s = e->term[Y]; *s; s++)
		if (strchr(s + 1, *s) || (!strchr(e->term[A], *s) && !strchr(e->term[B], *s)))
			return host_fault(c, "the result's letter '%c' comes twice, or in no input", *s);
	return true;
}

/* ---- sizes and steps */

static bool measure(struct host_call *c, struct einsum *e, size_t input)
{
	const struct tensor *t = c->in[input];
	size_t step = 1;
	if (strlen(e->term[input]) != t->rank)
		return host_fault(c, "'%s' for input %zu of %u dimensions", e->term[input], input, t->rank);
	for (unsigned i = t->rank; i-- > 0; step *= (size_t)t->dim[i]) {
		unsigned char letter = (unsigned char)e->term[input][i];
		if (!t->dim[i] || (e->size[letter] && e->size[letter] != t->dim[i]))
			return host_fault(c, "'%c' is %lld in input %zu; expected one size, above 0", letter, (long long)t->dim[i], input);
		e->size[letter] = t->dim[i];
		e->step[input][letter] += step; /* a letter that comes twice walks the diagonal */
	}
	return true;
}

static unsigned part_of(const struct einsum *e, char letter)
{
	if (!strchr(e->term[Y], letter))
		return SUM;
	return !strchr(e->term[B], letter) ? ROW : !strchr(e->term[A], letter) ? COLUMN : BATCH;
}

static bool count_parts(struct host_call *c, struct einsum *e)
{
	for (unsigned p = 0; p < PARTS; p++)
		e->count[p] = 1;
	for (char letter = 'A'; letter <= 'z'; letter++)
		if (e->size[(unsigned char)letter] && __builtin_mul_overflow(e->count[part_of(e, letter)], (size_t)e->size[(unsigned char)letter],
		                                                             &e->count[part_of(e, letter)]))
			return host_fault(c, "the sizes are too large");
	return host_steps(c, e->count[BATCH] * e->count[ROW], e->count[COLUMN], e->count[SUM]);
}

/* place[i]: i counts the letters of a part, the last fastest. */
static void fill_places(const struct einsum *e, unsigned part, const size_t *step, size_t *place)
{
	for (size_t i = 0; i < e->count[part]; i++) {
		size_t rest = i, at = 0;
		for (char letter = 'z'; letter >= 'A'; letter--) {
			size_t size = (size_t)e->size[(unsigned char)letter];
			if (!size || part_of(e, letter) != part)
				continue;
			at += rest % size * step[(unsigned char)letter];
			rest /= size;
		}
		place[i] = at;
	}
}

/* ---- the product */

static void left(const void *context, size_t batch, size_t row, size_t k, size_t count, double *to)
{
	const struct einsum *e = context;
	const float *a = e->a + e->place[A][BATCH][batch] + e->place[A][ROW][row];
	for (size_t i = 0; i < count; i++)
		to[i] = (double)a[e->place[A][SUM][k + i]];
}

static void right(const void *context, size_t batch, size_t k, size_t column, size_t count, double *to)
{
	const struct einsum *e = context;
	const float *b = e->b + e->place[B][BATCH][batch] + e->place[B][SUM][k];
	for (size_t i = 0; i < count; i++)
		to[i] = (double)b[e->place[B][COLUMN][column + i]];
}

static void done(void *context, size_t batch, size_t row, size_t column, size_t count, const double *sum)
{
	const struct einsum *e = context;
	float *y = e->y + e->place[Y][BATCH][batch] + e->place[Y][ROW][row];
	for (size_t i = 0; i < count; i++)
		y[e->place[Y][COLUMN][column + i]] = (float)sum[i];
}

static bool run(struct host_call *c, struct einsum *e)
{
	size_t all = e->count[BATCH] + e->count[ROW] + e->count[COLUMN] + e->count[SUM];
	size_t *memory = host_scratch(c, 3 * all, sizeof *memory), *next = memory;
	struct gemm g = {e->count[BATCH], e->count[ROW], e->count[COLUMN], e->count[SUM], e, left, right, done};
	for (size_t t = A; memory && t <= Y; t++)
		for (unsigned p = 0; p < PARTS; next += e->count[p++]) {
			e->place[t][p] = next;
			fill_places(e, p, e->step[t], next);
		}
	bool good = memory && (gemm_run(&g, c->threads) || host_fault(c, "out of memory"));
	free(memory);
	return good;
}

bool host_einsum(struct host_call *c)
{
	static const float one = 1; /* the second tensor, where there is none */
	struct einsum e = {.b = &one};
	int64_t dim[TENSOR_MAX_RANK];
	size_t step = 1;
	for (size_t i = 0; i < c->node->inputs; i++)
		if (!host_type(c, i, TENSOR_FLOAT32))
			return false;
	if (!parse(c, &e) || !measure(c, &e, 0) || (c->node->inputs > 1 && !measure(c, &e, 1)) || !count_parts(c, &e))
		return false;
	size_t rank = strlen(e.term[Y]);
	for (size_t i = rank; i-- > 0; step *= (size_t)dim[i]) {
		dim[i] = e.size[(unsigned char)e.term[Y][i]];
		e.step[Y][(unsigned char)e.term[Y][i]] = step;
	}
	struct tensor *y = host_out(c, 0, TENSOR_FLOAT32, rank, dim);
	if (!y || c->dry)
		return y;
	e.a = c->in[0]->data;
	e.b = c->node->inputs > 1 ? c->in[1]->data : &one;
	e.y = y->data;
	return run(c, &e);
}
