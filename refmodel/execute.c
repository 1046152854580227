#include "execute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct host_budget standard = {(uint64_t)2 << 30, 1000000000000};

/* ---- before the run */

/* Is an earlier node of the same operator in the list already? */
static bool seen_before(const struct graph *g, size_t node)
{
	for (size_t i = 0; i < node; i++)
		if (!strcmp(g->node[i].op, g->node[node].op))
			return true;
	return false;
}

static bool all_supported(const struct graph *g, struct fault *f)
{
	char list[400] = "";
	size_t at = 0, missing = 0;
	for (size_t i = 0; i < g->nodes && at < sizeof list; i++) {
		const struct graph_node *n = &g->node[i];
		if (host_op_find(n->op) || seen_before(g, i))
			continue;
		int used = snprintf(list + at, sizeof list - at, "%s%.40s (node '%.60s')", missing++ ? ", " : "", n->op, n->name);
		at += used > 0 ? (size_t)used : 0;
	}
	return !missing || fault_set(f, "operators without support: %s", list);
}

bool execute_check(const struct graph *g, struct fault *f)
{
	if (!all_supported(g, f))
		return false;
	for (size_t i = 0; i < g->nodes; i++)
		if (!host_op_check(host_op_find(g->node[i].op), &g->node[i], f))
			return false;
	return true;
}

bool execute_input_fits(const struct graph_value *v, const struct tensor *t, struct fault *f)
{
	char have[160], want[160];
	bool same = t->rank == v->rank;
	for (unsigned i = 0; same && i < v->rank; i++)
		same = v->dim[i] < 0 || v->dim[i] == t->dim[i];
	if (t->type != v->type)
		return fault_set(f, "input '%.80s' is %s; expected %s", v->name, tensor_type_name(t->type), tensor_type_name(v->type));
	return same || fault_set(f, "input '%.80s' has shape %s; expected %s (-1: any)", v->name,
	                         tensor_shape_text(t->rank, t->dim, have, sizeof have),
	                         tensor_shape_text(v->rank, v->dim, want, sizeof want));
}

/* ---- the run */

/* The inputs of a node into in[]. */
static bool gather(const struct execution *e, const struct graph_node *n, const struct tensor **in, struct fault *f)
{
	for (size_t i = 0; i < n->inputs; i++) {
		in[i] = n->input[i] == GRAPH_NONE ? NULL : e->value[n->input[i]];
		if (n->input[i] != GRAPH_NONE && !in[i])
			return graph_node_fault(n, f, "input '%.80s' has no value", e->graph->value[n->input[i]].name);
	}
	return true;
}

static bool is_constant(const struct execution *e, const struct graph_node *n)
{
	for (size_t i = 0; i < n->inputs; i++)
		if (n->input[i] != GRAPH_NONE && !e->constant[n->input[i]])
			return false;
	return true;
}

static void own(struct execution *e, const struct graph_node *n, int value, struct tensor *t)
{
	e->owned[value] = t;
	e->value[value] = t;
	e->constant[value] = is_constant(e, n);
}

static bool run_node(struct execution *e, const struct graph_node *n, const struct tensor **in, struct tensor **out, struct fault *f)
{
	struct host_call call = {.graph = e->graph, .node = n, .in = in, .out = out, .budget = &e->left, .fault = f, .threads = e->threads};
	bool good = gather(e, n, in, f) && host_op_find(n->op)->run(&call);
	for (size_t i = 0; i < n->outputs; i++) {
		if (n->output[i] == GRAPH_NONE || !good)
			tensor_free(out[i]);
		else
			own(e, n, n->output[i], out[i]);
	}
	return good;
}

bool execution_node(struct execution *e, size_t node, struct fault *f)
{
	const struct graph_node *n = &e->graph->node[node];
	const struct tensor **in = calloc(n->inputs + 1, sizeof(void *));
	struct tensor **out = calloc(n->outputs + 1, sizeof(void *));
	bool good = (in && out) ? run_node(e, n, in, out, f) : fault_set(f, "out of memory");
	free(in);
	free(out);
	return good;
}

static uint64_t bytes_of(const struct tensor *t)
{
	return (uint64_t)t->count * tensor_type_bytes(t->type);
}

bool execution_put(struct execution *e, size_t node, int value, struct tensor *t, struct fault *f)
{
	const struct graph_node *n = &e->graph->node[node];
	own(e, n, value, t);
	if (bytes_of(t) > e->left.bytes)
		return graph_node_fault(n, f, "makes %llu bytes; %llu are left of what a network may use", (unsigned long long)bytes_of(t),
		                        (unsigned long long)e->left.bytes);
	e->left.bytes -= bytes_of(t);
	return true;
}

static void take(struct execution *e, int value)
{
	if (e->uses[value] || !e->owned[value])
		return;
	e->left.bytes += bytes_of(e->owned[value]);
	tensor_free(e->owned[value]);
	e->owned[value] = NULL;
	e->value[value] = NULL;
}

void execution_release(struct execution *e, size_t node)
{
	const struct graph_node *n = &e->graph->node[node];
	for (size_t i = 0; i < n->inputs; i++)
		if (n->input[i] != GRAPH_NONE) {
			e->uses[n->input[i]]--;
			take(e, n->input[i]);
		}
	for (size_t i = 0; i < n->outputs; i++)
		if (n->output[i] != GRAPH_NONE)
			take(e, n->output[i]);
}

static void count_uses(struct execution *e)
{
	const struct graph *g = e->graph;
	for (size_t i = 0; i < g->nodes; i++)
		for (size_t k = 0; k < g->node[i].inputs; k++)
			if (g->node[i].input[k] != GRAPH_NONE)
				e->uses[g->node[i].input[k]]++;
	for (size_t i = 0; i < g->outputs; i++)
		e->uses[g->output[i]]++;
}

static bool set_inputs(const struct graph *g, const struct tensor *const *input, struct execution *e, struct fault *f)
{
	for (size_t i = 0; i < g->values; i++) {
		e->value[i] = g->value[i].constant;
		e->constant[i] = g->value[i].constant;
	}
	for (size_t i = 0; i < g->inputs; i++) {
		if (!execute_input_fits(&g->value[g->input[i]], input[i], f))
			return false;
		e->value[g->input[i]] = input[i];
	}
	return true;
}

bool execution_begin(const struct graph *g, const struct tensor *const *input, const struct host_budget *budget, struct execution *e, struct fault *f)
{
	*e = (struct execution){.graph = g, .left = budget ? *budget : standard, .threads = 1};
	if (!execute_check(g, f))
		return false;
	size_t values = g->values ? g->values : 1;
	e->value = calloc(values, sizeof(void *));
	e->owned = calloc(values, sizeof(void *));
	e->constant = calloc(values, sizeof *e->constant);
	e->uses = calloc(values, sizeof *e->uses);
	bool good = (e->value && e->owned && e->constant && e->uses) || fault_set(f, "out of memory for %zu values", values);
	good = good && set_inputs(g, input, e, f);
	if (good)
		count_uses(e);
	else
		execution_free(e);
	return good;
}

bool execution_end(const struct execution *e, struct fault *f)
{
	const struct graph *g = e->graph;
	for (size_t i = 0; i < g->outputs; i++)
		if (!e->value[g->output[i]])
			return fault_set(f, "output '%.80s' was not computed", g->value[g->output[i]].name);
	return true;
}

bool execute(const struct graph *g, const struct tensor *const *input, const struct host_budget *budget, struct execution *e,
             struct fault *f)
{
	if (!execution_begin(g, input, budget, e, f))
		return false;
	bool good = true;
	for (size_t i = 0; good && i < g->nodes; i++)
		good = execution_node(e, g->order[i], f);
	good = good && execution_end(e, f);
	if (!good)
		execution_free(e);
	return good;
}

void execution_free(struct execution *e)
{
	for (size_t i = 0; e->owned && i < e->graph->values; i++)
		tensor_free(e->owned[i]);
	free(e->owned);
	free(e->value);
	free(e->constant);
	free(e->uses);
	*e = (struct execution){0};
}

const struct tensor *execution_value(const struct execution *e, const char *name)
{
	int v = graph_value_find(e->graph, name);
	return v == GRAPH_NONE ? NULL : e->value[v];
}
