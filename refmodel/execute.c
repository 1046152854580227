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

static bool run_node(const struct graph_node *n, struct execution *e, const struct tensor **in, struct tensor **out,
                     struct host_budget *budget, struct fault *f)
{
	bool constant = true;
	for (size_t i = 0; i < n->inputs; i++) {
		in[i] = n->input[i] == GRAPH_NONE ? NULL : e->value[n->input[i]];
		if (n->input[i] != GRAPH_NONE && !in[i])
			return graph_node_fault(n, f, "input '%.80s' has no value", e->graph->value[n->input[i]].name);
		constant = constant && (!in[i] || e->constant[n->input[i]]);
	}
	for (size_t i = 0; i < n->outputs; i++)
		out[i] = NULL;
	struct host_call call = {.graph = e->graph, .node = n, .in = in, .out = out, .budget = budget, .fault = f};
	bool good = host_op_find(n->op)->run(&call);
	for (size_t i = 0; i < n->outputs; i++) {
		if (n->output[i] == GRAPH_NONE || !good) {
			tensor_free(out[i]);
			continue;
		}
		e->owned[n->output[i]] = out[i];
		e->value[n->output[i]] = out[i];
		e->constant[n->output[i]] = constant;
	}
	return good;
}

static bool run_all(const struct graph *g, struct execution *e, struct host_budget *budget, struct fault *f)
{
	size_t widest = 1;
	for (size_t i = 0; i < g->nodes; i++) {
		widest = g->node[i].inputs > widest ? g->node[i].inputs : widest;
		widest = g->node[i].outputs > widest ? g->node[i].outputs : widest;
	}
	const struct tensor **in = calloc(widest, sizeof(void *));
	struct tensor **out = calloc(widest, sizeof(void *));
	bool good = (in && out) || fault_set(f, "out of memory");
	for (size_t i = 0; good && i < g->nodes; i++)
		good = run_node(&g->node[g->order[i]], e, in, out, budget, f);
	free(in);
	free(out);
	return good;
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

bool execute(const struct graph *g, const struct tensor *const *input, const struct host_budget *budget, struct execution *e,
             struct fault *f)
{
	struct host_budget left = budget ? *budget : standard;
	*e = (struct execution){.graph = g};
	if (!execute_check(g, f))
		return false;
	size_t values = g->values ? g->values : 1;
	e->value = calloc(values, sizeof(void *));
	e->owned = calloc(values, sizeof(void *));
	e->constant = calloc(values, sizeof *e->constant);
	bool good = (e->value && e->owned && e->constant) || fault_set(f, "out of memory for %zu values", values);
	good = good && set_inputs(g, input, e, f) && run_all(g, e, &left, f);
	for (size_t i = 0; good && i < g->outputs; i++)
		if (!e->value[g->output[i]])
			good = fault_set(f, "output '%.80s' was not computed", g->value[g->output[i]].name);
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
	*e = (struct execution){0};
}

const struct tensor *execution_value(const struct execution *e, const char *name)
{
	int v = graph_value_find(e->graph, name);
	return v == GRAPH_NONE ? NULL : e->value[v];
}
