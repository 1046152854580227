#include "quant_plan.h"

#include <stdlib.h>
#include <string.h>

static bool one_of(const char *op, const char *const *word)
{
	for (; *word; word++)
		if (!strcmp(op, *word))
			return true;
	return false;
}

/* The first output's numbers are numbers of the first input. */
static bool keeps_numbers(const char *op)
{
	static const char *const word[] = {"Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Slice", "DepthToSpace",
	                                   "SpaceToDepth", "Expand", "Tile", "MaxPool", "GlobalMaxPool", NULL};
	return one_of(op, word);
}

static bool pools(const char *op)
{
	static const char *const word[] = {"AveragePool", "GlobalAveragePool", NULL};
	return one_of(op, word);
}

static int in(const struct graph_node *n, size_t i)
{
	return i < n->inputs ? n->input[i] : GRAPH_NONE;
}

static bool reads(const struct graph_node *n, int value)
{
	for (size_t i = 0; i < n->inputs; i++)
		if (n->input[i] == value)
			return true;
	return false;
}

static void set_values(struct quant_plan *p)
{
	const struct graph *g = p->graph;
	for (size_t i = 0; i < g->values; i++) {
		p->constant[i] = g->value[i].constant;
		p->root[i] = (int)i;
	}
	for (size_t i = 0; i < g->nodes; i++) {
		const struct graph_node *n = &g->node[g->order[i]];
		bool constant = true;
		for (size_t j = 0; j < n->inputs; j++)
			constant = constant && (n->input[j] == GRAPH_NONE || p->constant[n->input[j]]);
		for (size_t j = 0; j < n->outputs; j++)
			if (n->output[j] != GRAPH_NONE)
				p->constant[n->output[j]] = constant;
		if (keeps_numbers(n->op) && in(n, 0) != GRAPH_NONE && !p->constant[n->input[0]] && n->outputs && n->output[0] != GRAPH_NONE)
			p->root[n->output[0]] = p->root[n->input[0]];
	}
}

/* ---- layers */

/* The one node that reads the value, if nothing else needs it; NULL otherwise. */
static const struct graph_node *only_reader(const struct graph *g, int value)
{
	const struct graph_node *found = NULL;
	for (size_t i = 0; i < g->outputs; i++)
		if (g->output[i] == value)
			return NULL;
	for (size_t i = 0; i < g->nodes; i++)
		if (reads(&g->node[i], value)) {
			if (found)
				return NULL;
			found = &g->node[i];
		}
	return found;
}

static bool rest_constant(const struct quant_plan *p, const struct graph_node *n, int but)
{
	for (size_t i = 0; i < n->inputs; i++)
		if (n->input[i] != but && n->input[i] != GRAPH_NONE && !p->constant[n->input[i]])
			return false;
	return true;
}

static int behind_activation(const struct quant_plan *p, enum quant_kind kind, int value)
{
	bool add = kind == QUANT_MATMUL;
	for (;;) {
		const struct graph_node *n = only_reader(p->graph, value);
		bool is_add = n && add && !strcmp(n->op, "Add");
		bool is_activation = n && (!strcmp(n->op, "Relu") || !strcmp(n->op, "Clip"));
		if ((!is_add && !is_activation) || !rest_constant(p, n, value) || n->outputs != 1 || n->output[0] == GRAPH_NONE)
			return value;
		value = n->output[0];
		add = false;
		if (is_activation)
			return value;
	}
}

static bool kind_of(const char *op, enum quant_kind *kind)
{
	static const char *const name[] = {"Conv", "ConvTranspose", "Gemm", "MatMul"};
	for (int i = 0; i < 4; i++)
		if (!strcmp(op, name[i])) {
			*kind = (enum quant_kind)i;
			return true;
		}
	return false;
}

/* A layer has an activation on the left; on the right weights, or with products another activation. */
static bool layer_of(const struct quant_plan *p, size_t node, struct quant_layer *l)
{
	const struct graph_node *n = &p->graph->node[node];
	enum quant_kind kind;
	int act = in(n, 0), weights = in(n, 1), bias = in(n, 2);
	if (!kind_of(n->op, &kind) || act == GRAPH_NONE || weights == GRAPH_NONE || !n->outputs || n->output[0] == GRAPH_NONE || p->constant[act])
		return false;
	if (!p->constant[weights] && kind != QUANT_GEMM && kind != QUANT_MATMUL)
		return false;
	*l = (struct quant_layer){node, kind, act, weights, bias != GRAPH_NONE && p->constant[bias] ? bias : GRAPH_NONE, GRAPH_NONE};
	l->out = behind_activation(p, kind, n->output[0]);
	return true;
}

bool quant_plan_new(const struct graph *g, struct quant_plan *p, struct fault *f)
{
	*p = (struct quant_plan){.graph = g};
	size_t values = g->values ? g->values : 1, nodes = g->nodes ? g->nodes : 1;
	p->constant = calloc(values, sizeof *p->constant);
	p->root = calloc(values, sizeof *p->root);
	p->layer = calloc(nodes, sizeof *p->layer);
	bool good = (p->constant && p->root && p->layer) || fault_set(f, "out of memory for %zu values", values);
	if (good)
		set_values(p);
	for (size_t i = 0; good && i < g->nodes; i++)
		p->layers += layer_of(p, g->order[i], &p->layer[p->layers]);
	if (good && !p->layers)
		good = fault_set(f, "no convolution or product of an activation; expected at least one");
	if (!good)
		quant_plan_free(p);
	return good;
}

void quant_plan_free(struct quant_plan *p)
{
	free(p->constant);
	free(p->root);
	free(p->layer);
	*p = (struct quant_plan){0};
}

const struct quant_layer *quant_plan_layer(const struct quant_plan *p, size_t node)
{
	for (size_t i = 0; i < p->layers; i++)
		if (p->layer[i].node == node)
			return &p->layer[i];
	return NULL;
}

bool quant_plan_wants_codes(const struct quant_plan *p, int value)
{
	for (size_t i = 0; i < p->layers; i++)
		if (p->layer[i].act == value || p->layer[i].weights == value)
			return true;
	for (size_t i = 0; i < p->graph->nodes; i++) {
		const struct graph_node *n = &p->graph->node[i];
		if ((keeps_numbers(n->op) || pools(n->op)) && in(n, 0) == value)
			return true;
	}
	return false;
}
