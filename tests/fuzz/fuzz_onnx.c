/*
 * Fuzzes the ONNX reader and the host operators behind it, with data and dry. Whatever the bytes: a message or a run; what runs keeps to its budget
 * and has the shapes that the dry run says. Inputs are made of the shapes the file declares.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "execute.h"
#include "onnx_load.h"
#include "shapes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_INPUTS = 16, MAX_ELEMENTS = 1 << 16 };

/* A tensor of the declared shape with small numbers; NULL when it would be large. */
static struct tensor *input_of(const struct graph_value *v)
{
	int64_t dim[TENSOR_MAX_RANK];
	size_t count = 0;
	struct fault f = {""};
	for (unsigned i = 0; i < v->rank; i++)
		dim[i] = v->dim[i] < 0 ? 2 : v->dim[i];
	if (!tensor_count(v->type, v->rank, dim, &count, &f) || count > MAX_ELEMENTS)
		return NULL;
	struct tensor *t = tensor_new(v->type, v->rank, dim, &f);
	for (size_t i = 0; t && i < count; i++) {
		if (t->type == TENSOR_FLOAT32)
			((float *)t->data)[i] = (float)(i % 13) / 4 - 1;
		else
			memset((char *)t->data + i * tensor_type_bytes(t->type), (int)(i % 251), 1);
	}
	return t;
}

/* e: what a run gave, or NULL when there was none or it was at fault. */
static void check_shapes(const struct graph *g, const struct tensor *const *input, const struct execution *e)
{
	struct shapes s;
	struct fault f = {""};
	bool good = shapes_of(g, input, &s, &f);
	assert(good == !f.text[0]);
	assert(good || !e || strstr(f.text, "decides the output's shape"));
	for (size_t i = 0; good && e && i < g->values; i++) {
		const struct tensor *a = s.value[i], *b = e->value[i];
		if (!a || !b)
			continue;
		assert(a->type == b->type && a->rank == b->rank && a->count == b->count && !memcmp(a->dim, b->dim, a->rank * sizeof a->dim[0]));
		assert(!a->data || tensor_equal(a, b));
	}
	if (good)
		shapes_free(&s);
}

static void run(const struct graph *g)
{
	struct tensor *input[MAX_INPUTS] = {NULL};
	struct execution e;
	struct fault f = {""};
	const struct host_budget budget = {8 << 20, 1000000};
	bool ready = true;
	for (size_t i = 0; i < g->inputs; i++)
		ready = (input[i] = input_of(&g->value[g->input[i]])) && ready;
	if (ready) {
		bool good = execute(g, (const struct tensor *const *)input, &budget, &e, &f);
		assert(good == !f.text[0]);
		check_shapes(g, (const struct tensor *const *)input, good ? &e : NULL);
		if (good)
			execution_free(&e);
	} else {
		check_shapes(g, NULL, NULL);
	}
	for (size_t i = 0; i < g->inputs; i++)
		tensor_free(input[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = {""};
	struct graph *g = onnx_parse(data, size, "fuzz", NULL, &f);
	assert(!g == (f.text[0] != '\0'));
	if (g && g->inputs <= MAX_INPUTS)
		run(g);
	graph_free(g);
	return 0;
}
