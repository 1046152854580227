/* Operators that change nothing vanish. */
#include <stdlib.h>

#include "fuse_graph.h"

struct aliases {
	struct fuser *u;
	int *of;                    /* by value: what stands for it; itself */
	bool *output;               /* by value: the network's */
};

static int resolve(const struct aliases *a, int v)
{
	while (v != GRAPH_NONE && a->of[v] != v)
		v = a->of[v];
	return v;
}

/* Dropout in training and one whose mask is wanted are more than that. */
static bool changes_nothing(const struct fuser *u, const struct graph_node *n)
{
	if (!fuser_is(n, "Identity Dropout") || !fuser_has(n, 0) || n->output[0] == GRAPH_NONE || fuser_has(n, 2))
		return false;
	for (size_t i = 1; i < n->outputs; i++)
		if (n->output[i] != GRAPH_NONE && u->uses[n->output[i]])
			return false;
	return true;
}

/* y = x: users of y take x; an output of the network keeps its name, then x's producer gives y. */
static void join(struct aliases *a, size_t at)
{
	struct graph *g = a->u->g;
	struct graph_node *n = &g->node[at];
	int x = resolve(a, n->input[0]), y = n->output[0];
	if (!a->output[y]) {
		a->of[y] = x;
		a->u->dead[at] = true;
		return;
	}
	int source = g->value[x].producer;
	if (source == GRAPH_NONE || a->output[x])
		return;
	struct graph_node *p = &g->node[source];
	for (size_t i = 0; i < p->outputs; i++)
		if (p->output[i] == x)
			p->output[i] = y;
	g->value[y].producer = source;
	g->value[x].producer = GRAPH_NONE;
	a->of[x] = y;
	a->u->dead[at] = true;
}

static void count_again(struct fuser *u, const struct aliases *a)
{
	struct graph *g = u->g;
	for (size_t i = 0; i < g->values; i++)
		u->uses[i] = a->output[i];
	for (size_t i = 0; i < g->nodes; i++)
		for (size_t j = 0; !u->dead[i] && j < g->node[i].inputs; j++) {
			int v = g->node[i].input[j] = resolve(a, g->node[i].input[j]);
			if (v != GRAPH_NONE)
				u->uses[v]++;
		}
}

bool fuse_identity(struct fuser *u)
{
	struct graph *g = u->g;
	size_t values = g->values ? g->values : 1;
	struct aliases a = {u, malloc(values * sizeof *a.of), calloc(values, sizeof *a.output)};
	bool good = (a.of && a.output) || fault_set(u->f, "out of memory for %zu values", values);
	for (size_t i = 0; good && i < g->values; i++)
		a.of[i] = (int)i;
	for (size_t i = 0; good && i < g->outputs; i++)
		a.output[g->output[i]] = true;
	for (size_t i = 0; good && i < g->nodes; i++)
		if (!u->dead[g->order[i]] && changes_nothing(u, &g->node[g->order[i]]))
			join(&a, g->order[i]);
	if (good)
		count_again(u, &a);
	free(a.of);
	free(a.output);
	return good;
}
