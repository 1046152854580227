#include "image_run.h"

#include <string.h>

bool image_batch(const struct graph *g, const struct tensor *images, size_t *batch, struct fault *f)
{
	if (g->inputs != 1)
		return fault_set(f, "%zu inputs; expected one, the image", g->inputs);
	const struct graph_value *v = &g->value[g->input[0]];
	char have[160], want[160];
	bool fits = images->rank == v->rank && v->rank > 0;
	for (unsigned i = 1; fits && i < v->rank; i++)
		fits = v->dim[i] < 0 || v->dim[i] == images->dim[i];
	if (images->type != v->type)
		return fault_set(f, "images are %s; input '%.80s' is %s", tensor_type_name(images->type), v->name, tensor_type_name(v->type));
	if (!fits)
		return fault_set(f, "images have shape %s; input '%.80s' has %s, images along the first dimension",
		                 tensor_shape_text(images->rank, images->dim, have, sizeof have), v->name, tensor_shape_text(v->rank, v->dim, want, sizeof want));
	*batch = v->dim[0] > 0 ? (size_t)v->dim[0] : 1;
	return true;
}

/* Rows first .. first + count - 1, the last one repeated until there are `batch`. */
static struct tensor *take(const struct tensor *images, size_t first, size_t count, size_t batch, struct fault *f)
{
	struct tensor *some = tensor_rows(images, first, count, f);
	if (!some || count == batch)
		return some;
	int64_t dim[TENSOR_MAX_RANK];
	memcpy(dim, some->dim, sizeof dim);
	dim[0] = (int64_t)batch;
	struct tensor *all = tensor_new(some->type, some->rank, dim, f);
	size_t row = some->count / count * tensor_type_bytes(some->type);
	for (size_t i = 0; all && i < batch; i++)
		memcpy((char *)all->data + i * row, (const char *)some->data + (i < count ? i : count - 1) * row, row);
	tensor_free(some);
	return all;
}

static bool visit(const struct image_visitor *v, const struct execution *e, int value, struct fault *f)
{
	return !v->value || value == GRAPH_NONE || !e->value[value] || v->value(v->context, e, value, f);
}

static bool run_nodes(struct execution *e, const struct image_visitor *v, struct fault *f)
{
	const struct graph *g = e->graph;
	if (!visit(v, e, g->input[0], f))
		return false;
	for (size_t i = 0; i < g->nodes; i++) {
		const struct graph_node *n = &g->node[g->order[i]];
		if (!execution_node(e, g->order[i], f))
			return false;
		for (size_t j = 0; j < n->outputs; j++)
			if (!visit(v, e, n->output[j], f))
				return false;
		execution_release(e, g->order[i]);
	}
	return execution_end(e, f);
}

bool image_run(const struct graph *g, const struct tensor *images, size_t first, size_t count, const struct image_visitor *v, struct fault *f)
{
	size_t batch;
	if (!image_batch(g, images, &batch, f))
		return false;
	bool good = true;
	for (size_t i = 0; good && i < count; i += batch) {
		size_t some = count - i < batch ? count - i : batch;
		struct execution e;
		struct tensor *t = take(images, first + i, some, batch, f);
		if (!t)
			return false;
		good = execution_begin(g, (const struct tensor *const[]){t}, NULL, &e, f);
		if (good) {
			e.threads = v->threads;
			good = run_nodes(&e, v, f) && (!v->end || v->end(v->context, &e, first + i, some, f));
			execution_free(&e);
		}
		tensor_free(t);
	}
	return good;
}
