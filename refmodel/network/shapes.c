#include "shapes.h"

#include <stdlib.h>
#include <string.h>

#include "execute.h"

struct host_budget shapes_budget(void)
{
	return (struct host_budget){(uint64_t)1 << 40, (uint64_t)1 << 60};
}

/* ---- inputs */

/* given: NULL for the declared shape. */
static struct tensor *input_shape(const struct graph_value *v, const struct tensor *given, struct fault *f)
{
	int64_t dim[TENSOR_MAX_RANK];
	struct fault inner = {""};
	if (given && !execute_input_fits(v, given, f))
		return NULL;
	for (unsigned i = 0; i < v->rank; i++)
		dim[i] = given ? given->dim[i] : v->dim[i] < 0 ? 1 : v->dim[i];
	struct tensor *t = tensor_shape(v->type, v->rank, dim, &inner);
	if (!t)
		fault_set(f, "input '%.80s': %s", v->name, inner.text);
	return t;
}

static bool set_inputs(const struct graph *g, const struct tensor *const *input, struct shapes *s, struct fault *f)
{
	for (size_t i = 0; i < g->values; i++) {
		s->value[i] = g->value[i].constant;
		s->known[i] = s->borrowed[i] = g->value[i].constant;
	}
	for (size_t i = 0; i < g->inputs; i++) {
		int v = g->input[i];
		if (s->value[v])
			continue; /* weights; or listed twice */
		if (!(s->value[v] = input_shape(&g->value[v], input ? input[i] : NULL, f)))
			return false;
	}
	return true;
}

bool shapes_begin(const struct graph *g, const struct tensor *const *input, struct shapes *s, struct fault *f)
{
	size_t values = g->values ? g->values : 1;
	*s = (struct shapes){.graph = g, .ahead = {SHAPES_MAX_AHEAD, (uint64_t)1 << 32}};
	s->value = calloc(values, sizeof(void *));
	s->known = calloc(values, sizeof *s->known);
	s->borrowed = calloc(values, sizeof *s->borrowed);
	s->steps = calloc(g->nodes ? g->nodes : 1, sizeof *s->steps);
	bool good = (s->value && s->known && s->borrowed && s->steps) || fault_set(f, "out of memory for %zu values", values);
	good = good && set_inputs(g, input, s, f);
	if (!good)
		shapes_free(s);
	return good;
}

/* ---- nodes */

/* What an operator sees: pointers to inputs, room for outputs. */
struct frame {
	const struct tensor **in;
	struct tensor **out;
};

static bool frame_new(const struct graph_node *n, struct frame *w, struct fault *f)
{
	w->in = calloc(n->inputs ? n->inputs : 1, sizeof(void *));
	w->out = calloc(n->outputs ? n->outputs : 1, sizeof(void *));
	return (w->in && w->out) || graph_node_fault(n, f, "out of memory");
}

static void drop_outputs(const struct graph_node *n, struct frame *w)
{
	for (size_t i = 0; w->out && i < n->outputs; i++) {
		tensor_free(w->out[i]);
		w->out[i] = NULL;
	}
}

static void frame_free(const struct graph_node *n, struct frame *w)
{
	drop_outputs(n, w);
	free(w->in);
	free(w->out);
}

/* *data: all have data; *known: all are made of weights and shapes. False when one has no shape. */
static bool gather_inputs(const struct shapes *s, const struct graph_node *n, struct frame *w, bool *data, bool *known)
{
	*data = *known = true;
	for (size_t i = 0; i < n->inputs; i++) {
		if (n->input[i] == GRAPH_NONE)
			continue;
		w->in[i] = s->value[n->input[i]];
		if (!w->in[i])
			return false;
		*data = *data && w->in[i]->data;
		*known = *known && s->known[n->input[i]];
	}
	return true;
}

/* Only shapes count for these: their outputs are known whatever goes in. */
static bool needs_shapes_only(const struct graph_node *n)
{
	return !strcmp(n->op, "Shape") || !strcmp(n->op, "Size") || !strcmp(n->op, "tflite.SHAPE") || !strcmp(n->op, "tflite.RANK");
}

static bool is_small(const struct shapes *s, const struct graph_node *n, const struct frame *w, uint64_t steps)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < n->outputs; i++)
		bytes += w->out[i] ? w->out[i]->count * tensor_type_bytes(w->out[i]->type) : 0;
	return bytes <= SHAPES_MAX_KNOWN && bytes <= s->ahead.bytes && steps <= SHAPES_MAX_KNOWN_STEPS && steps <= s->ahead.steps;
}

static bool run(const struct host_op *op, struct host_call *call, uint64_t *steps)
{
	uint64_t before = call->budget->steps;
	bool good = op->run(call);
	*steps = before - call->budget->steps;
	return good;
}

/* First without data; then once more for real when that takes little. */
static bool run_node(struct shapes *s, size_t node, struct frame *w, struct host_budget *budget, struct fault *f)
{
	const struct graph_node *n = &s->graph->node[node];
	const struct host_op *op = host_op_find(n->op);
	struct host_call call = {.graph = s->graph, .node = n, .in = w->in, .out = w->out, .budget = budget, .fault = f, .dry = true};
	bool data, known;
	if (!gather_inputs(s, n, w, &data, &known) || !run(op, &call, &s->steps[node]))
		return false;
	known = known || needs_shapes_only(n);
	if ((data || needs_shapes_only(n)) && is_small(s, n, w, s->steps[node])) {
		uint64_t again;
		drop_outputs(n, w);
		call.dry = false;
		call.budget = &s->ahead;
		if (!run(op, &call, &again))
			return false;
	}
	for (size_t i = 0; i < n->outputs; i++) {
		if (n->output[i] == GRAPH_NONE)
			continue;
		s->value[n->output[i]] = w->out[i];
		s->known[n->output[i]] = known;
		w->out[i] = NULL;
	}
	return true;
}

bool shapes_node(struct shapes *s, size_t node, struct host_budget *budget, struct fault *f)
{
	const struct graph_node *n = &s->graph->node[node];
	const struct host_op *op = host_op_find(n->op);
	struct frame w = {NULL, NULL};
	if (!op)
		return graph_node_fault(n, f, "operator without support");
	bool good = host_op_check(op, n, f) && frame_new(n, &w, f) && run_node(s, node, &w, budget, f);
	frame_free(n, &w);
	return good;
}

bool shapes_of(const struct graph *g, const struct tensor *const *input, struct shapes *s, struct fault *f)
{
	struct host_budget budget = shapes_budget();
	*s = (struct shapes){.graph = g};
	if (!execute_check(g, f) || !shapes_begin(g, input, s, f))
		return false;
	bool good = true;
	for (size_t i = 0; good && i < g->nodes; i++) {
		good = shapes_node(s, g->order[i], &budget, f);
		if (!good && !f->text[0])
			graph_node_fault(&g->node[g->order[i]], f, "an input has no value");
	}
	if (!good)
		shapes_free(s);
	return good;
}

void shapes_free(struct shapes *s)
{
	for (size_t i = 0; s->value && i < s->graph->values; i++)
		if (!s->borrowed[i])
			tensor_free(s->value[i]);
	free(s->value);
	free(s->known);
	free(s->steps);
	free(s->borrowed);
	*s = (struct shapes){0};
}
