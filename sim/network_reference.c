#include "network_reference.h"

#include <stdlib.h>

#include "progress.h"

bool network_reference_begin(struct network_reference *r, const struct graph *plain, const struct tensor *const *input, unsigned threads, struct fault *f)
{
	*r = (struct network_reference){.graph = plain};
	r->kept = calloc(plain->values + 1, sizeof(void *));
	r->wanted = calloc(plain->values + 1, sizeof *r->wanted);
	if (!r->kept || !r->wanted)
		return fault_set(f, "out of memory");
	r->open = execution_begin(plain, input, NULL, &r->run, f);
	r->run.threads = threads;
	return r->open;
}

void network_reference_want(struct network_reference *r, const char *name)
{
	int v = graph_value_find(r->graph, name);
	if (v != GRAPH_NONE)
		r->wanted[v] = true;
}

/* Copies what is wanted, lets go of the rest. */
static bool step(struct network_reference *r, struct fault *f)
{
	size_t node = r->graph->order[r->at++];
	const struct graph_node *n = &r->graph->node[node];
	bool good = execution_node(&r->run, node, f);
	for (size_t i = 0; good && i < n->outputs; i++) {
		int v = n->output[i];
		if (v == GRAPH_NONE || !r->wanted[v] || !r->run.value[v])
			continue;
		r->kept[v] = tensor_copy(r->run.value[v], f);
		good = r->kept[v];
	}
	if (good)
		execution_release(&r->run, node);
	return good;
}

bool network_reference_get(struct network_reference *r, const char *name, const struct tensor **t, struct fault *f)
{
	int v = graph_value_find(r->graph, name);
	double begin = progress_now();
	bool good = true;
	*t = NULL;
	if (v == GRAPH_NONE || !r->wanted[v])
		return true;
	while (good && !r->kept[v] && r->graph->value[v].producer != GRAPH_NONE && r->at < r->graph->nodes)
		good = step(r, f);
	*t = r->kept[v] ? r->kept[v] : r->run.value[v]; /* an input or weights */
	r->seconds += progress_now() - begin;
	return good;
}

void network_reference_drop(struct network_reference *r, const char *name)
{
	int v = graph_value_find(r->graph, name);
	if (v == GRAPH_NONE)
		return;
	tensor_free(r->kept[v]);
	r->kept[v] = NULL;
	r->wanted[v] = false;
}

void network_reference_free(struct network_reference *r)
{
	for (size_t i = 0; r->kept && i < r->graph->values; i++)
		tensor_free(r->kept[i]);
	if (r->open)
		execution_free(&r->run);
	free(r->kept);
	free(r->wanted);
	*r = (struct network_reference){0};
}
