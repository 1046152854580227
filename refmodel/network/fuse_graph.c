#include "fuse_graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_op.h"

/* ---- counting */

static void count_node(const struct fuser *u, const struct graph_node *n, bool more)
{
	for (size_t i = 0; i < n->inputs; i++)
		if (n->input[i] != GRAPH_NONE)
			u->uses[n->input[i]] += more ? 1 : (size_t)-1;
}

bool fuser_open(struct fuser *u, struct graph *g, struct fault *f)
{
	*u = (struct fuser){.g = g, .f = f, .room = g->values + 64};
	u->uses = calloc(u->room, sizeof *u->uses);
	u->dead = calloc(g->nodes ? g->nodes : 1, sizeof *u->dead);
	if (!u->uses || !u->dead) {
		fuser_close(u);
		return fault_set(f, "out of memory for %zu values", g->values);
	}
	for (size_t i = 0; i < g->nodes; i++)
		count_node(u, &g->node[i], true);
	for (size_t i = 0; i < g->outputs; i++)
		u->uses[g->output[i]]++;
	return true;
}

void fuser_close(struct fuser *u)
{
	free(u->uses);
	free(u->dead);
	u->uses = NULL;
	u->dead = NULL;
}

/* ---- pruning */

static bool is_needed(const struct fuser *u, const struct graph_node *n)
{
	for (size_t i = 0; i < n->outputs; i++)
		if (n->output[i] != GRAPH_NONE && u->uses[n->output[i]])
			return true;
	return false;
}

static void node_free(struct graph_node *n)
{
	for (size_t i = 0; i < n->attributes; i++)
		tensor_free(n->attribute[i].tensor);
}

bool fuser_prune(struct fuser *u)
{
	struct graph *g = u->g;
	size_t kept = 0;
	for (size_t i = g->nodes; i-- > 0;) {
		size_t at = g->order[i];
		if (!u->dead[at] && !is_needed(u, &g->node[at])) {
			u->dead[at] = true;
			count_node(u, &g->node[at], false);
		}
	}
	for (size_t i = 0; i < g->nodes; i++) {
		if (u->dead[i])
			node_free(&g->node[i]);
		else
			g->node[kept++] = g->node[i];
	}
	g->nodes = kept;
	memset(u->dead, 0, kept * sizeof *u->dead);
	for (size_t i = 0; i < g->values; i++) {
		g->value[i].producer = GRAPH_NONE;
		if (!u->uses[i] && !g->value[i].is_input) {
			tensor_free(g->value[i].constant);
			g->value[i].constant = NULL;
		}
	}
	return graph_sort(g, u->f);
}

/* ---- looking */

static bool is_word(const char *words, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = strstr(words, word); length && at; at = strstr(at + 1, word))
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

bool fuser_is(const struct graph_node *n, const char *operators)
{
	return is_word(operators, n->op);
}

bool fuser_has(const struct graph_node *n, size_t i)
{
	return i < n->inputs && n->input[i] != GRAPH_NONE;
}

struct graph_node *fuser_source(const struct fuser *u, const struct graph_node *n, size_t i, const char *operators)
{
	int at = fuser_has(n, i) ? u->g->value[n->input[i]].producer : GRAPH_NONE;
	if (at == GRAPH_NONE || u->dead[at] || !fuser_is(&u->g->node[at], operators) || u->g->node[at].output[0] != n->input[i])
		return NULL;
	return &u->g->node[at];
}

struct graph_node *fuser_only_source(const struct fuser *u, const struct graph_node *n, size_t i, const char *operators)
{
	return fuser_has(n, i) && u->uses[n->input[i]] == 1 ? fuser_source(u, n, i, operators) : NULL;
}

const struct tensor *fuser_weights(const struct fuser *u, const struct graph_node *n, size_t i)
{
	return fuser_has(n, i) ? u->g->value[n->input[i]].constant : NULL;
}

/* ---- changing */

static bool grow(struct fuser *u)
{
	size_t *uses = u->g->values < u->room ? u->uses : realloc(u->uses, 2 * u->room * sizeof *uses);
	if (!uses)
		return fault_set(u->f, "out of memory for %zu values", u->g->values);
	if (u->g->values >= u->room) {
		memset(uses + u->room, 0, u->room * sizeof *uses);
		u->room *= 2;
	}
	u->uses = uses;
	return true;
}

int fuser_add(struct fuser *u, const char *like, struct tensor *t)
{
	char name[300];
	size_t number = u->g->values;
	do
		snprintf(name, sizeof name, "%.250s#%zu", like, number++);
	while (graph_value_find(u->g, name) != GRAPH_NONE);
	int v = grow(u) ? graph_value_add(u->g, name, u->f) : GRAPH_NONE;
	if (v == GRAPH_NONE)
		tensor_free(t);
	else
		u->g->value[v].constant = t;
	return v;
}

bool fuser_set_inputs(struct fuser *u, struct graph_node *n, const int *input, size_t count)
{
	int *to = graph_alloc(u->g, count, sizeof *to, u->f);
	if (!to)
		return false;
	memcpy(to, input, count * sizeof *to);
	count_node(u, n, false);
	n->input = to;
	n->inputs = count;
	count_node(u, n, true);
	return true;
}

bool fuser_set_input(struct fuser *u, struct graph_node *n, size_t i, int value)
{
	int input[16];
	size_t count = n->inputs > i ? n->inputs : i + 1;
	if (count > sizeof input / sizeof input[0])
		return graph_node_fault(n, u->f, "has %zu inputs; expected fewer", n->inputs);
	for (size_t j = 0; j < count; j++)
		input[j] = j == i ? value : j < n->inputs ? n->input[j] : GRAPH_NONE;
	return fuser_set_inputs(u, n, input, count);
}

void fuser_replace(struct fuser *u, struct graph_node *n, struct graph_node *last)
{
	size_t at = (size_t)(last - u->g->node);
	count_node(u, last, false);
	u->dead[at] = true;
	n->output[0] = last->output[0];
	u->g->value[n->output[0]].producer = (int)(n - u->g->node);
}

/* ---- attributes */

void fuser_drop(struct graph_node *n, const char *name)
{
	size_t kept = 0;
	for (size_t i = 0; i < n->attributes; i++) {
		if (strcmp(n->attribute[i].name, name) != 0)
			n->attribute[kept++] = n->attribute[i];
		else
			tensor_free(n->attribute[i].tensor);
	}
	n->attributes = kept;
}

/* A new attribute, nothing set but its name; NULL with the fault set. */
static struct graph_attribute *attribute_add(struct fuser *u, struct graph_node *n, const char *name)
{
	fuser_drop(n, name);
	struct graph_attribute *a = graph_alloc(u->g, n->attributes + 1, sizeof *a, u->f);
	if (!a)
		return NULL;
	if (n->attributes)
		memcpy(a, n->attribute, n->attributes * sizeof *a);
	n->attribute = a;
	a[n->attributes].name = graph_strdup(u->g, name, u->f);
	return a[n->attributes].name ? &a[n->attributes++] : NULL;
}

bool fuser_set_float(struct fuser *u, struct graph_node *n, const char *name, float v)
{
	struct graph_attribute *a = attribute_add(u, n, name);
	if (!a)
		return false;
	a->type = GRAPH_FLOAT;
	a->f = v;
	return true;
}

bool fuser_set_int(struct fuser *u, struct graph_node *n, const char *name, int64_t v)
{
	struct graph_attribute *a = attribute_add(u, n, name);
	if (!a)
		return false;
	a->type = GRAPH_INT;
	a->i = v;
	return true;
}

bool fuser_set_ints(struct fuser *u, struct graph_node *n, const char *name, const int64_t *v, size_t count)
{
	int64_t *ints = graph_alloc(u->g, count, sizeof *ints, u->f);
	struct graph_attribute *a = ints ? attribute_add(u, n, name) : NULL;
	if (!a)
		return false;
	memcpy(ints, v, count * sizeof *v);
	a->type = GRAPH_INTS;
	a->ints = ints;
	a->count = count;
	return true;
}

bool fuser_set_operator(struct fuser *u, struct graph_node *n, const char *op)
{
	char *copy = graph_strdup(u->g, op, u->f);
	if (copy)
		n->op = copy;
	return copy;
}

bool fuser_understands(const struct graph_node *n, const char *attribute)
{
	const struct host_op *op = host_op_find(n->op);
	return op && is_word(op->attributes, attribute);
}
