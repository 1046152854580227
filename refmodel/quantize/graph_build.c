#include "graph_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool copy_inputs(struct graph_build *b)
{
	const struct graph *from = b->from;
	struct graph *to = b->to;
	to->input = graph_alloc(to, from->inputs, sizeof *to->input, b->f);
	for (size_t i = 0; to->input && i < from->inputs; i++) {
		const struct graph_value *v = &from->value[from->input[i]];
		int at = graph_value_add(to, v->name, b->f);
		if (at == GRAPH_NONE)
			return false;
		struct graph_value *copy = &to->value[at];
		copy->is_input = true;
		copy->typed = v->typed;
		copy->type = v->type;
		copy->rank = v->rank;
		memcpy(copy->dim, v->dim, sizeof copy->dim);
		to->input[to->inputs++] = at;
	}
	return to->input;
}

bool graph_build_open(struct graph_build *b, const struct graph *from, size_t room, int64_t opset, struct fault *f)
{
	*b = (struct graph_build){from, graph_new(from->name), room, f};
	if (!b->to)
		return fault_set(f, "out of memory");
	b->to->opset = opset;
	b->to->node = graph_alloc(b->to, room, sizeof *b->to->node, f);
	if (b->to->node && copy_inputs(b))
		return true;
	graph_free(b->to);
	b->to = NULL;
	return false;
}

bool graph_build_close(struct graph_build *b)
{
	struct graph *to = b->to;
	to->output = graph_alloc(to, b->from->outputs, sizeof *to->output, b->f);
	for (size_t i = 0; to->output && i < b->from->outputs; i++) {
		const struct graph_value *v = &b->from->value[b->from->output[i]];
		int at;
		if (!graph_build_value(b, b->from->output[i], &at))
			return false;
		to->output[to->outputs++] = at;
		to->value[at].typed = v->typed;
		to->value[at].type = v->type;
		to->value[at].rank = v->rank;
		memcpy(to->value[at].dim, v->dim, sizeof v->dim);
	}
	return to->output && graph_sort(to, b->f);
}

bool graph_build_value(struct graph_build *b, int from, int *to)
{
	*to = GRAPH_NONE;
	if (from == GRAPH_NONE)
		return true;
	const struct graph_value *v = &b->from->value[from];
	*to = graph_value_add(b->to, v->name, b->f);
	if (*to == GRAPH_NONE)
		return false;
	if (v->constant && !b->to->value[*to].constant)
		b->to->value[*to].constant = tensor_copy(v->constant, b->f);
	return !v->constant || b->to->value[*to].constant;
}

static bool taken(const struct graph_build *b, const char *name)
{
	return graph_value_find(b->from, name) != GRAPH_NONE || graph_value_find(b->to, name) != GRAPH_NONE;
}

int graph_build_new(struct graph_build *b, const char *like, const char *suffix, struct tensor *t)
{
	size_t size = strlen(like) + strlen(suffix) + 24;
	char *name = malloc(size);
	int at = GRAPH_NONE;
	if (!name)
		fault_set(b->f, "out of memory");
	for (unsigned i = 1; name; i++) {
		snprintf(name, size, i == 1 ? "%s%s" : "%s%s_%u", like, suffix, i);
		if (!taken(b, name))
			break;
	}
	if (name)
		at = graph_value_add(b->to, name, b->f);
	free(name);
	if (at == GRAPH_NONE)
		tensor_free(t);
	else
		b->to->value[at].constant = t;
	return at;
}

static int *none(struct graph_build *b, size_t count)
{
	int *list = graph_alloc(b->to, count, sizeof *list, b->f);
	for (size_t i = 0; list && i < count; i++)
		list[i] = GRAPH_NONE;
	return list;
}

struct graph_node *graph_build_node(struct graph_build *b, const char *op, const char *name, size_t inputs, size_t outputs, size_t attributes)
{
	if (b->to->nodes == b->room) {
		fault_set(b->f, "more than %zu nodes", b->room);
		return NULL;
	}
	struct graph_node n = {.inputs = inputs, .outputs = outputs};
	n.name = graph_strdup(b->to, name, b->f);
	n.op = graph_strdup(b->to, op, b->f);
	n.input = none(b, inputs);
	n.output = none(b, outputs);
	n.attribute = graph_alloc(b->to, attributes, sizeof *n.attribute, b->f);
	if (!n.name || !n.op || !n.input || !n.output || !n.attribute)
		return NULL;
	b->to->node[b->to->nodes] = n;
	return &b->to->node[b->to->nodes++];
}

bool graph_build_int(struct graph_build *b, struct graph_node *n, const char *name, int64_t v)
{
	char *copy = graph_strdup(b->to, name, b->f);
	if (copy)
		n->attribute[n->attributes++] = (struct graph_attribute){.name = copy, .type = GRAPH_INT, .i = v};
	return copy;
}

/* ---- copies */

static bool copy_array(struct graph_build *b, const void *from, size_t count, size_t size, void **to)
{
	*to = graph_alloc(b->to, count, size, b->f);
	if (*to && count)
		memcpy(*to, from, count * size);
	return *to;
}

static bool copy_attribute(struct graph_build *b, const struct graph_attribute *a, struct graph_attribute *to)
{
	void *array = NULL;
	*to = *a;
	to->tensor = NULL;
	if (!(to->name = graph_strdup(b->to, a->name, b->f)))
		return false;
	if (a->type == GRAPH_STRING)
		return (to->s = graph_strdup(b->to, a->s, b->f)) != NULL;
	if (a->type == GRAPH_TENSOR)
		return (to->tensor = tensor_copy(a->tensor, b->f)) != NULL;
	if (a->type == GRAPH_INTS && copy_array(b, a->ints, a->count, sizeof *a->ints, &array))
		to->ints = array;
	if (a->type == GRAPH_FLOATS && copy_array(b, a->floats, a->count, sizeof *a->floats, &array))
		to->floats = array;
	return (a->type != GRAPH_INTS && a->type != GRAPH_FLOATS) || array;
}

static bool is_one(const char *name, const char *const *list)
{
	for (; list && *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

struct graph_node *graph_build_copy(struct graph_build *b, const struct graph_node *n, const char *const *but)
{
	struct graph_node *copy = graph_build_node(b, n->op, n->name, n->inputs + 1, n->outputs, n->attributes);
	if (copy)
		copy->inputs = n->inputs;
	for (size_t i = 0; copy && i < n->attributes; i++)
		if (!is_one(n->attribute[i].name, but) && !copy_attribute(b, &n->attribute[i], &copy->attribute[copy->attributes++]))
			return NULL;
	for (size_t i = 0; copy && i < n->outputs; i++)
		if (!graph_build_value(b, n->output[i], &copy->output[i]))
			return NULL;
	return copy;
}
