/* Nodes whose inputs are all weights become weights. */
#include <stdlib.h>
#include <string.h>

#include "fuse.h"
#include "fuse_graph.h"
#include "host_op.h"

/* What all folding together may use. */
enum { MAX_TOTAL_BYTES = 512 << 20 };
static const uint64_t max_steps = (uint64_t)1 << 31;

/* layer: by value, what stays for a layer: dequantised weights are part of a quantised one's pattern. */
static bool is_foldable(const struct fuser *u, const struct graph_node *n, const bool *layer)
{
	if (!host_op_find(n->op) || !n->outputs || n->output[0] == GRAPH_NONE)
		return false;
	if (layer[n->output[0]] && fuser_is(n, "DequantizeLinear bitlet.DequantizeLinear"))
		return false;
	for (size_t i = 0; i < n->inputs; i++)
		if (fuser_has(n, i) && !fuser_weights(u, n, i))
			return false;
	for (size_t i = 0; i < n->outputs; i++)
		if (n->output[i] != GRAPH_NONE && u->uses[n->output[i]])
			return true;
	return false;
}

/* A dry run says how much it would take. */
static bool is_small(struct host_call *c, const struct host_budget *left, struct host_budget *after)
{
	struct fault ignored = {""};
	struct host_budget budget = {(uint64_t)1 << 40, (uint64_t)1 << 60}, before = budget;
	struct host_call dry = *c;
	dry.dry = true;
	dry.budget = &budget;
	dry.fault = &ignored;
	bool good = host_op_find(c->node->op)->run(&dry);
	uint64_t bytes = 0;
	for (size_t i = 0; i < c->node->outputs; i++) {
		uint64_t own = c->out[i] ? c->out[i]->count * tensor_type_bytes(c->out[i]->type) : 0;
		good = good && own <= FUSE_MAX_BYTES;
		bytes += own;
		tensor_free(c->out[i]);
		c->out[i] = NULL;
	}
	uint64_t steps = before.steps - budget.steps;
	good = good && bytes <= left->bytes && steps <= left->steps;
	*after = good ? (struct host_budget){left->bytes - bytes, left->steps - steps} : *left;
	return good;
}

static bool all_made(const struct graph_node *n, struct tensor *const *out)
{
	for (size_t i = 0; i < n->outputs; i++)
		if (n->output[i] != GRAPH_NONE && !out[i])
			return false;
	return true;
}

static void put_outputs(struct fuser *u, struct graph_node *n, struct tensor **out)
{
	for (size_t i = 0; i < n->outputs; i++) {
		if (n->output[i] == GRAPH_NONE) {
			tensor_free(out[i]);
			continue;
		}
		u->g->value[n->output[i]].constant = out[i];
		u->g->value[n->output[i]].producer = GRAPH_NONE;
	}
	for (size_t i = 0; i < n->inputs; i++)
		if (n->input[i] != GRAPH_NONE)
			u->uses[n->input[i]]--;
	u->dead[n - u->g->node] = true;
}

static bool fold(struct fuser *u, struct graph_node *n, struct host_budget *left)
{
	const struct tensor **in = calloc(n->inputs + 1, sizeof(void *));
	struct tensor **out = calloc(n->outputs + 1, sizeof(void *));
	struct host_budget after, budget = {(uint64_t)1 << 40, (uint64_t)1 << 60};
	struct fault ignored = {""};
	struct host_call c = {.graph = u->g, .node = n, .in = in, .out = out, .budget = &budget, .fault = &ignored};
	bool good = (in && out) || fault_set(u->f, "out of memory");
	for (size_t i = 0; good && i < n->inputs; i++)
		in[i] = fuser_weights(u, n, i);
	if (good && is_small(&c, left, &after)) {
		bool done = host_op_find(n->op)->run(&c) && all_made(n, out);
		*left = after;
		if (done)
			put_outputs(u, n, out);
		for (size_t i = 0; !done && i < n->outputs; i++)
			tensor_free(out[i]);
	}
	free(in);
	free(out);
	return good;
}

static void mark_layers(const struct fuser *u, bool *layer)
{
	for (size_t i = 0; i < u->g->nodes; i++) {
		const struct graph_node *n = &u->g->node[i];
		for (size_t j = 0; j < n->inputs && !u->dead[i] && fuser_is(n, "Conv Gemm MatMul"); j++)
			if (n->input[j] != GRAPH_NONE)
				layer[n->input[j]] = true;
	}
}

bool fuse_constants(struct fuser *u, bool all)
{
	struct host_budget left = {MAX_TOTAL_BYTES, max_steps};
	bool *layer = calloc(u->g->values + 1, sizeof *layer);
	bool good = layer || fault_set(u->f, "out of memory for %zu values", u->g->values);
	if (good && !all)
		mark_layers(u, layer);
	for (size_t i = 0; good && i < u->g->nodes; i++) {
		struct graph_node *n = &u->g->node[u->g->order[i]];
		if (!u->dead[u->g->order[i]] && is_foldable(u, n, layer))
			good = fold(u, n, &left);
	}
	free(layer);
	return good;
}
