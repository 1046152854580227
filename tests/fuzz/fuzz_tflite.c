/*
 * Fuzzes the TensorFlow Lite reader and its kernels on the host. Whatever the bytes: a message, or a graph whose shapes and values agree. Inputs are
 * made of the shapes the file declares; what runs keeps to its budget.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "execute.h"
#include "shapes.h"
#include "tflite_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_INPUTS = 16, MAX_ELEMENTS = 1 << 14 };

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

/* Every value that a run made has the type and shape that the dry run foretold. */
static void compare(const struct execution *e, const struct shapes *s)
{
	for (size_t i = 0; i < e->graph->values; i++) {
		const struct tensor *a = e->value[i], *b = s->value[i];
		assert(!a || (b && a->type == b->type && a->rank == b->rank && !memcmp(a->dim, b->dim, a->rank * sizeof a->dim[0])));
	}
}

static void run(const struct graph *g, const struct tensor *const *input)
{
	struct execution e;
	struct shapes s;
	struct fault f = {""}, dry = {""};
	const struct host_budget budget = {8 << 20, 1000000};
	bool foretold = shapes_of(g, input, &s, &dry);
	assert(foretold == !dry.text[0]);
	bool good = execute(g, input, &budget, &e, &f);
	assert(good == !f.text[0]);
	if (good && foretold)
		compare(&e, &s);
	if (good)
		execution_free(&e);
	if (foretold)
		shapes_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tensor *input[MAX_INPUTS] = {NULL};
	struct fault f = {""};
	struct graph *g = tflite_parse(data, size, "fuzz", &f);
	assert(!g == (f.text[0] != '\0'));
	bool ready = g && g->inputs <= MAX_INPUTS;
	for (size_t i = 0; ready && i < g->inputs; i++)
		ready = (input[i] = input_of(&g->value[g->input[i]]));
	if (ready)
		run(g, (const struct tensor *const *)input);
	for (size_t i = 0; i < MAX_INPUTS; i++)
		tensor_free(input[i]);
	graph_free(g);
	return 0;
}
