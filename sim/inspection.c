#include "inspection.h"

#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "host_op.h"
#include "onnx_load.h"

const char *inspection_kind(enum network_kind kind)
{
	return kind == NETWORK_TFLITE ? "TFLite" : "ONNX";
}

/* ---- complaints */

/* The array grows at powers of two. */
static bool complain(struct inspection *i, const char *text, struct fault *f)
{
	size_t n = i->complaints;
	if ((n & (n - 1)) == 0) {
		char **grown = realloc(i->unsupported, (n ? 2 * n : 1) * sizeof *grown);
		if (!grown)
			return fault_set(f, "out of memory for %zu complaints", n);
		i->unsupported = grown;
	}
	if (!(i->unsupported[n] = strdup(text)))
		return fault_set(f, "out of memory for %zu complaints", n);
	i->complaints++;
	return true;
}

static bool check_version(struct inspection *i, struct fault *f)
{
	struct fault text = {""};
	if (i->kind != NETWORK_ONNX || (i->graph->opset >= ONNX_OPSET_MIN && i->graph->opset <= ONNX_OPSET_MAX))
		return true;
	fault_set(&text, "operator set %lld; expected %d to %d", (long long)i->graph->opset, ONNX_OPSET_MIN, ONNX_OPSET_MAX);
	return complain(i, text.text, f);
}

/* ---- operators */

static int by_name(const void *a, const void *b)
{
	const struct inspection_op *x = a, *y = b;
	int order = strcmp(x->op, y->op);
	return order ? order : (x->first > y->first) - (x->first < y->first);
}

static bool count_operators(struct inspection *i, struct fault *f)
{
	const struct graph *g = i->graph;
	if (!(i->op = calloc(g->nodes ? g->nodes : 1, sizeof *i->op)))
		return fault_set(f, "out of memory for %zu nodes", g->nodes);
	for (size_t n = 0; n < g->nodes; n++)
		i->op[n] = (struct inspection_op){g->node[n].op, 1, n, host_op_find(g->node[n].op)};
	qsort(i->op, g->nodes, sizeof *i->op, by_name);
	for (size_t n = 0; n < g->nodes; n++) {
		if (i->ops && !strcmp(i->op[i->ops - 1].op, i->op[n].op))
			i->op[i->ops - 1].count++;
		else
			i->op[i->ops++] = i->op[n];
	}
	for (size_t n = 0; n < i->ops; n++) {
		const struct inspection_op *o = &i->op[n];
		struct fault text = {""};
		if (o->supported)
			continue;
		fault_set(&text, "operator %.80s: %zu node%s, the first is '%.80s'", o->op[0] ? o->op : "''", o->count, o->count == 1 ? "" : "s",
		          g->node[o->first].name);
		if (!complain(i, text.text, f))
			return false;
	}
	return true;
}

/* ---- nodes */

/* Every attribute by itself, so that each gets its complaint. *good: there was none. */
static bool check_attributes(struct inspection *i, const struct graph_node *n, const struct host_op *op, bool *good, struct fault *f)
{
	struct graph_node one = *n;
	for (size_t a = 0; a < n->attributes; a++) {
		struct fault text = {""};
		one.attribute = &n->attribute[a];
		one.attributes = 1;
		if (attributes_known(&one, op->attributes, &text))
			continue;
		*good = false;
		if (!complain(i, text.text, f))
			return false;
	}
	return true;
}

/* Shapes of the node's outputs, or what stands against it. What only follows from an earlier complaint is none. */
static bool check_node(struct inspection *i, size_t node, struct host_budget *budget, struct fault *f)
{
	const struct graph_node *n = &i->graph->node[node];
	const struct host_op *op = host_op_find(n->op);
	struct fault text = {""};
	bool good = true;
	if (!op)
		return true;
	if (!check_attributes(i, n, op, &good, f))
		return false;
	if (good && !shapes_node(&i->shapes, node, budget, &text) && text.text[0])
		return complain(i, text.text, f);
	return true;
}

/* Does the operator's work consist of multiply-adds, one a step of the host's? */
static bool multiplies(const struct graph_node *n)
{
	static const char *const word[] = {
		"Conv", "ConvInteger", "ConvTranspose", "Gemm", "MatMul", "MatMulInteger", "QLinearConv", "QLinearMatMul", "com.microsoft.QGemm", "bitlet.QConv",
		"bitlet.QGemm", "bitlet.QMatMul", "tflite.BATCH_MATMUL", "tflite.CONV_2D", "tflite.DEPTHWISE_CONV_2D", "tflite.FULLY_CONNECTED",
		"tflite.TRANSPOSE_CONV",
	};
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (!strcmp(n->op, word[i]))
			return true;
	return false;
}

/* The tensor of a weight: an initialiser, or what a Constant makes; NULL for other values. */
static const struct tensor *weight_of(const struct inspection *i, int value)
{
	const struct graph_value *v = &i->graph->value[value];
	if (v->constant)
		return v->constant;
	return v->producer != GRAPH_NONE && !strcmp(i->graph->node[v->producer].op, "Constant") ? i->shapes.value[value] : NULL;
}

/* counted: values that are in the sums already. */
static void count_node(struct inspection *i, struct inspection_node *to, bool *counted)
{
	const struct graph_node *n = &i->graph->node[to->node];
	to->macs = multiplies(n) ? i->shapes.steps[to->node] : 0;
	i->macs += to->macs;
	for (size_t k = 0; k < n->inputs; k++) {
		const struct tensor *w = n->input[k] == GRAPH_NONE ? NULL : weight_of(i, n->input[k]);
		if (!w)
			continue;
		uint64_t bytes = w->count * tensor_type_bytes(w->type);
		to->parameters += w->count;
		to->weight_bytes += bytes;
		if (counted[n->input[k]])
			continue;
		counted[n->input[k]] = true;
		i->parameters += w->count;
		i->weight_bytes += bytes;
	}
}

static bool look_at_nodes(struct inspection *i, struct fault *f)
{
	const struct graph *g = i->graph;
	struct host_budget budget = shapes_budget();
	bool *counted = calloc(g->values ? g->values : 1, sizeof *counted);
	i->node = calloc(g->nodes ? g->nodes : 1, sizeof *i->node);
	bool good = (counted && i->node) || fault_set(f, "out of memory for %zu nodes", g->nodes);
	for (size_t n = 0; good && n < g->nodes; n++) {
		i->node[n].node = g->order[n];
		good = check_node(i, g->order[n], &budget, f);
		if (good)
			count_node(i, &i->node[n], counted);
	}
	free(counted);
	return good;
}

bool inspection_new(const struct graph *g, enum network_kind kind, const struct tensor *const *input, struct inspection *i, struct fault *f)
{
	*i = (struct inspection){.graph = g, .kind = kind};
	bool good = shapes_begin(g, input, &i->shapes, f) && check_version(i, f) && count_operators(i, f) && look_at_nodes(i, f);
	if (!good)
		inspection_free(i);
	return good;
}

void inspection_free(struct inspection *i)
{
	for (size_t n = 0; n < i->complaints; n++)
		free(i->unsupported[n]);
	free(i->unsupported);
	free(i->op);
	free(i->node);
	shapes_free(&i->shapes);
	*i = (struct inspection){0};
}
