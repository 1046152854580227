#include "opset_raise.h"

#include <string.h>

#include "attribute.h"
#include "fuse_graph.h"
#include "shapes.h"

/* Attributes that became inputs. */
static const struct {
	const char *op, *attribute;
	size_t input;
	int64_t since;
} moved[] = {
	{"Slice", "starts", 1, 10}, {"Slice", "ends", 2, 10}, {"Slice", "axes", 3, 10},
	{"Clip", "min", 1, 11}, {"Clip", "max", 2, 11}, {"Pad", "pads", 1, 11}, {"Pad", "value", 2, 11},
	{"Dropout", "ratio", 1, 12},
	{"Squeeze", "axes", 1, 13}, {"Unsqueeze", "axes", 1, 13}, {"ReduceSum", "axes", 1, 13}, {"Split", "split", 1, 13},
};

/* Operators whose older forms are not rewritten here. */
static const struct {
	const char *op;
	int64_t since;
} changed[] = {{"Upsample", 10}, {"TopK", 10}, {"Resize", 11}, {"OneHot", 11}, {"Hardmax", 13}};

static struct tensor *tensor_of(const struct graph_attribute *a, struct fault *f)
{
	struct tensor *t = NULL;
	if (a->type == GRAPH_FLOAT && (t = tensor_new(TENSOR_FLOAT32, 0, NULL, f)))
		((float *)t->data)[0] = a->f;
	if (a->type == GRAPH_INTS && (t = tensor_new(TENSOR_INT64, 1, (const int64_t[]){(int64_t)a->count}, f)) && a->count)
		memcpy(t->data, a->ints, a->count * sizeof *a->ints);
	return t;
}

static bool move_attribute(struct fuser *u, struct graph_node *n, size_t row)
{
	const struct graph_attribute *a = graph_attribute_find(n, moved[row].attribute);
	int input[4] = {GRAPH_NONE, GRAPH_NONE, GRAPH_NONE, GRAPH_NONE};
	size_t count = moved[row].input + 1 > n->inputs ? moved[row].input + 1 : n->inputs;
	if (!a)
		return true;
	if (count > 4 || n->inputs > 4 || (a->type != GRAPH_FLOAT && a->type != GRAPH_INTS))
		return graph_node_fault(n, u->f, "attribute '%s' is not what operator set %lld has", a->name, (long long)u->g->opset);
	struct tensor *t = tensor_of(a, u->f);
	int value = t ? fuser_add(u, n->output[0] == GRAPH_NONE ? n->name : u->g->value[n->output[0]].name, t) : GRAPH_NONE;
	if (value == GRAPH_NONE)
		return false;
	memcpy(input, n->input, n->inputs * sizeof *input);
	input[moved[row].input] = value;
	fuser_drop(n, moved[row].attribute);
	return fuser_set_inputs(u, n, input, count);
}

static bool raise_node(struct fuser *u, struct graph_node *n, int64_t opset)
{
	int64_t spatial;
	for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++)
		if (!strcmp(n->op, changed[i].op) && u->g->opset < changed[i].since && opset >= changed[i].since)
			return graph_node_fault(n, u->f, "of operator set %lld is written otherwise from %lld on; expected a network exported with operator set %lld or newer",
			                        (long long)u->g->opset, (long long)changed[i].since, (long long)opset);
	if (!strcmp(n->op, "BatchNormalization") && u->g->opset < 9) {
		if (!attribute_int(n, "spatial", 1, &spatial, u->f))
			return false;
		if (!spatial)
			return graph_node_fault(n, u->f, "has spatial = 0, which newer operator sets lack; expected 1");
		fuser_drop(n, "spatial");
	}
	for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++)
		if (!strcmp(n->op, moved[i].op) && u->g->opset < moved[i].since && opset >= moved[i].since && !move_attribute(u, n, i))
			return false;
	return true;
}

static bool is_softmax(const struct graph_node *n)
{
	return !strcmp(n->op, "Softmax") || !strcmp(n->op, "LogSoftmax");
}

/* Are there sizes, other than the batch, that only a run will tell? */
static bool open_inside(const struct graph *g)
{
	for (size_t i = 0; i < g->inputs; i++)
		for (unsigned j = 1; j < g->value[g->input[i]].rank; j++)
			if (g->value[g->input[i]].dim[j] < 0)
				return true;
	return false;
}

/* All axes from `axis` on as one is the last axis alone when that one comes first, or when those between are 1. */
static bool raise_softmax(struct fuser *u, struct graph_node *n, const struct shapes *s)
{
	const struct tensor *x = s->value[n->input[0]];
	unsigned axis = 0;
	if (!attribute_axis(n, 1, x->rank, &axis, u->f))
		return false;
	int64_t others = axis + 1 < x->rank && open_inside(u->g) ? -1 : 1;
	for (unsigned i = axis; i + 1 < x->rank; i++)
		others *= x->dim[i];
	if (others != 1)
		return graph_node_fault(n, u->f, "runs over several axes, which newer operator sets lack; expected a network exported with operator set 13 or newer");
	return fuser_set_int(u, n, "axis", -1);
}

static bool raise_softmaxes(struct fuser *u)
{
	struct graph *g = u->g;
	struct shapes s;
	size_t found = 0;
	for (size_t i = 0; i < g->nodes; i++)
		found += is_softmax(&g->node[i]);
	if (!found)
		return true;
	if (!shapes_of(g, NULL, &s, u->f))
		return false;
	bool good = true;
	for (size_t i = 0; good && i < g->nodes; i++)
		good = !is_softmax(&g->node[i]) || raise_softmax(u, &g->node[i], &s);
	shapes_free(&s);
	return good;
}

bool opset_raise(struct graph *g, int64_t opset, struct fault *f)
{
	struct fuser u;
	if (g->opset >= opset)
		return true;
	if (!fuser_open(&u, g, f))
		return false;
	bool good = g->opset >= 13 || opset < 13 || raise_softmaxes(&u);
	for (size_t i = 0; good && i < g->nodes; i++)
		good = raise_node(&u, &g->node[i], opset);
	if (good) {
		g->opset = opset;
		good = fuser_prune(&u);
	}
	fuser_close(&u);
	return good;
}
