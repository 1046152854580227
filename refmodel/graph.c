#include "graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct graph_block {
	struct graph_block *next;
	max_align_t data[];
};

void *graph_alloc(struct graph *g, size_t count, size_t size, struct fault *f)
{
	struct graph_block *b = NULL;
	if (count <= TENSOR_MAX_BYTES / size)
		b = calloc(1, sizeof *b + (count ? count * size : 1));
	if (!b) {
		fault_set(f, "out of memory for %zu objects of %zu bytes", count, size);
		return NULL;
	}
	b->next = g->blocks;
	g->blocks = b;
	return b->data;
}

char *graph_strdup(struct graph *g, const char *s, struct fault *f)
{
	size_t length = strlen(s) + 1;
	char *copy = graph_alloc(g, length, 1, f);
	if (copy)
		memcpy(copy, s, length);
	return copy;
}

struct graph *graph_new(const char *name)
{
	struct fault ignored = {""};
	struct graph *g = calloc(1, sizeof *g);
	if (!g)
		return NULL;
	g->name = graph_strdup(g, name, &ignored);
	if (!g->name) {
		graph_free(g);
		return NULL;
	}
	return g;
}

void graph_free(struct graph *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->values; i++)
		tensor_free(g->value[i].constant);
	for (size_t i = 0; i < g->nodes; i++)
		for (size_t j = 0; j < g->node[i].attributes; j++)
			tensor_free(g->node[i].attribute[j].tensor);
	while (g->blocks) {
		struct graph_block *next = g->blocks->next;
		free(g->blocks);
		g->blocks = next;
	}
	free(g->value);
	free(g->table);
	free(g);
}

/* ---- values by name: open addressing, at most half full */

static size_t hash(const char *s)
{
	uint64_t h = 14695981039346656037u;
	while (*s)
		h = (h ^ (unsigned char)*s++) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

/* The slot that holds the name, or the empty one where it belongs. */
static size_t slot_of(const struct graph *g, const char *name)
{
	size_t i = hash(name) & (g->table_size - 1);
	while (g->table[i] != GRAPH_NONE && strcmp(g->value[g->table[i]].name, name) != 0)
		i = (i + 1) & (g->table_size - 1);
	return i;
}

static bool grow(struct graph *g)
{
	size_t size = g->table_size ? g->table_size * 2 : 64;
	struct graph_value *value = realloc(g->value, size / 2 * sizeof *value);
	if (!value)
		return false;
	g->value = value;
	int *table = malloc(size * sizeof *table);
	if (!table)
		return false;
	free(g->table);
	g->table = table;
	g->table_size = size;
	for (size_t i = 0; i < size; i++)
		table[i] = GRAPH_NONE;
	for (size_t i = 0; i < g->values; i++)
		table[slot_of(g, g->value[i].name)] = (int)i;
	return true;
}

int graph_value_find(const struct graph *g, const char *name)
{
	return g->table_size ? g->table[slot_of(g, name)] : GRAPH_NONE;
}

int graph_value_add(struct graph *g, const char *name, struct fault *f)
{
	int found = graph_value_find(g, name);
	if (found != GRAPH_NONE)
		return found;
	if (g->values == g->table_size / 2 && !grow(g)) {
		fault_set(f, "out of memory for %zu values", g->values);
		return GRAPH_NONE;
	}
	char *copy = graph_strdup(g, name, f);
	if (!copy)
		return GRAPH_NONE;
	g->value[g->values] = (struct graph_value){.name = copy, .producer = GRAPH_NONE};
	g->table[slot_of(g, name)] = (int)g->values;
	return (int)g->values++;
}

/* ---- order */

static bool set_producers(struct graph *g, struct fault *f)
{
	for (size_t i = 0; i < g->nodes; i++) {
		const struct graph_node *n = &g->node[i];
		for (size_t j = 0; j < n->outputs; j++) {
			if (n->output[j] == GRAPH_NONE)
				continue;
			struct graph_value *v = &g->value[n->output[j]];
			if (v->producer != GRAPH_NONE || v->is_input || v->constant)
				return graph_node_fault(n, f, "output '%s' has another source already; expected one", v->name);
			v->producer = (int)i;
		}
	}
	return true;
}

static bool has_source(const struct graph_value *v)
{
	return v->producer != GRAPH_NONE || v->is_input || v->constant;
}

static bool check_sources(const struct graph *g, struct fault *f)
{
	for (size_t i = 0; i < g->nodes; i++) {
		const struct graph_node *n = &g->node[i];
		for (size_t j = 0; j < n->inputs; j++)
			if (n->input[j] != GRAPH_NONE && !has_source(&g->value[n->input[j]]))
				return graph_node_fault(n, f, "input '%s' is missing; expected a node, a graph input or weights of that name",
				                        g->value[n->input[j]].name);
	}
	for (size_t i = 0; i < g->outputs; i++)
		if (!has_source(&g->value[g->output[i]]))
			return fault_set(f, "output '%s' is missing; expected a node that gives it", g->value[g->output[i]].name);
	return true;
}

/* Edges from node to node in compressed rows, and the number of producers each node still waits for. */
struct edges {
	size_t *start;              /* [nodes + 1] */
	size_t *target;
	size_t *waiting;            /* [nodes] */
};

static int producer_of(const struct graph *g, const struct graph_node *n, size_t input)
{
	return n->input[input] == GRAPH_NONE ? GRAPH_NONE : g->value[n->input[input]].producer;
}

static bool edges_new(struct graph *g, struct edges *e, struct fault *f)
{
	size_t total = 0;
	for (size_t i = 0; i < g->nodes; i++)
		total += g->node[i].inputs;
	e->start = graph_alloc(g, g->nodes + 2, sizeof *e->start, f);
	e->target = graph_alloc(g, total, sizeof *e->target, f);
	e->waiting = graph_alloc(g, g->nodes, sizeof *e->waiting, f);
	if (!e->start || !e->target || !e->waiting)
		return false;
	for (size_t i = 0; i < g->nodes; i++)
		for (size_t j = 0; j < g->node[i].inputs; j++) {
			int p = producer_of(g, &g->node[i], j);
			if (p != GRAPH_NONE) {
				e->start[p + 2]++;
				e->waiting[i]++;
			}
		}
	for (size_t i = 2; i < g->nodes + 2; i++)
		e->start[i] += e->start[i - 1];
	/* start[p + 1] moves up to where row p ends, which is where row p + 1 starts */
	for (size_t i = 0; i < g->nodes; i++)
		for (size_t j = 0; j < g->node[i].inputs; j++) {
			int p = producer_of(g, &g->node[i], j);
			if (p != GRAPH_NONE)
				e->target[e->start[p + 1]++] = i;
		}
	return true;
}

static void sift_up(size_t *heap, size_t at)
{
	for (; at && heap[(at - 1) / 2] > heap[at]; at = (at - 1) / 2) {
		size_t t = heap[at];
		heap[at] = heap[(at - 1) / 2];
		heap[(at - 1) / 2] = t;
	}
}

static size_t heap_pop(size_t *heap, size_t *count)
{
	size_t top = heap[0], at = 0;
	heap[0] = heap[--*count];
	for (;;) {
		size_t child = 2 * at + 1;
		if (child + 1 < *count && heap[child + 1] < heap[child])
			child++;
		if (child >= *count || heap[at] <= heap[child])
			return top;
		size_t t = heap[at];
		heap[at] = heap[child];
		heap[child] = t;
		at = child;
	}
}

/* A node on a cycle: whoever waits, waits for a producer that waits. */
static size_t on_cycle(const struct graph *g, const struct edges *e)
{
	size_t at = 0;
	while (!e->waiting[at])
		at++;
	for (size_t step = 0; step < g->nodes; step++)
		for (size_t j = 0; j < g->node[at].inputs; j++) {
			int p = producer_of(g, &g->node[at], j);
			if (p != GRAPH_NONE && e->waiting[p]) {
				at = (size_t)p;
				break;
			}
		}
	return at;
}

/* Of the nodes that could run, the first one in the file runs first. */
static bool order_nodes(struct graph *g, struct edges *e, struct fault *f)
{
	size_t *heap = graph_alloc(g, g->nodes, sizeof *heap, f), count = 0, done = 0;
	g->order = graph_alloc(g, g->nodes, sizeof *g->order, f);
	if (!heap || !g->order)
		return false;
	for (size_t i = 0; i < g->nodes; i++)
		if (!e->waiting[i])
			heap[count++] = i; /* ascending, so a heap already */
	while (count) {
		size_t n = heap_pop(heap, &count);
		g->order[done++] = n;
		for (size_t j = e->start[n]; j < e->start[n + 1]; j++)
			if (--e->waiting[e->target[j]] == 0) {
				heap[count] = e->target[j];
				sift_up(heap, count++);
			}
	}
	if (done == g->nodes)
		return true;
	return graph_node_fault(&g->node[on_cycle(g, e)], f, "needs its own output (a cycle); expected a graph without cycles");
}

bool graph_sort(struct graph *g, struct fault *f)
{
	struct edges e;
	return set_producers(g, f) && check_sources(g, f) && edges_new(g, &e, f) && order_nodes(g, &e, f);
}

const struct graph_attribute *graph_attribute_find(const struct graph_node *n, const char *name)
{
	for (size_t i = 0; i < n->attributes; i++)
		if (!strcmp(n->attribute[i].name, name))
			return &n->attribute[i];
	return NULL;
}

bool graph_node_fault(const struct graph_node *n, struct fault *f, const char *format, ...)
{
	char what[400];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	return fault_set(f, "node '%.80s' (%.40s): %s", n->name, n->op, what);
}
