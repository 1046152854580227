#include "tflite_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "flatbuffer.h"
#include "tflite_ops.h"
#include "tflite_tensor.h"

/* Fields of the schema's tables. */
enum { MODEL_VERSION, MODEL_CODES, MODEL_SUBGRAPHS, MODEL_DESCRIPTION, MODEL_BUFFERS };
enum { SUBGRAPH_TENSORS, SUBGRAPH_INPUTS, SUBGRAPH_OUTPUTS, SUBGRAPH_OPERATORS };
enum { CODE_OLD, CODE_CUSTOM, CODE_VERSION, CODE_NUMBER };
enum { OPERATOR_CODE, OPERATOR_INPUTS, OPERATOR_OUTPUTS, OPERATOR_OPTIONS_TYPE, OPERATOR_OPTIONS };

enum {
	SCHEMA = 3,
	CUSTOM = 32,
	LONGEST_NAME = 4096,
	MOST = 1 << 20,             /* tensors, operators */
	RENAMES = 8,
};

struct loader {
	struct tflite_file file;    /* buffers, and what may still be copied */
	struct flat_vector codes, tensors, operators;
	struct graph *g;
	struct fault *f;
};

/* ---- tensors */

/* The name up to its first 0, cut off at LONGEST_NAME; "#index" behind it until it is new. */
static bool unique_name(struct loader *l, size_t index, const struct flat_vector *s, char *name, size_t size)
{
	size_t length = s->count < LONGEST_NAME ? s->count : LONGEST_NAME;
	memcpy(name, s->file.data + s->at, length);
	name[length] = '\0';
	length = strlen(name);
	for (unsigned i = 0; !name[0] || graph_value_find(l->g, name) != GRAPH_NONE; i++) {
		if (i == RENAMES)
			return fault_set(l->f, "tensor %zu: the name '%.80s' is taken; expected another", index, name);
		length += (size_t)snprintf(name + length, size - length, "#%zu", index);
	}
	return true;
}

static bool read_tensor(struct loader *l, size_t i)
{
	char name[LONGEST_NAME + RENAMES * 24];
	struct flat_table t;
	struct flat_vector s;
	if (!flat_element(&l->tensors, i, "a tensor", &t, l->f) || !flat_vector(&t, TFLITE_TENSOR_NAME, "a tensor's name", 1, &s, l->f) ||
	    !unique_name(l, i, &s, name, sizeof name) || !tflite_file_copies(&l->file, strlen(name), l->f))
		return false;
	int v = graph_value_add(l->g, name, l->f);
	if (v == GRAPH_NONE)
		return false;
	struct fault inner = {""};
	if (tflite_tensor(&l->file, &t, l->g, &l->g->value[v], &inner))
		return true;
	return fault_set(l->f, "tensor %zu '%.80s': %s", i, name, inner.text);
}

static bool read_tensors(struct loader *l)
{
	if (l->tensors.count > MOST)
		return fault_set(l->f, "%zu tensors; at most %d are possible", l->tensors.count, MOST);
	for (size_t i = 0; i < l->tensors.count; i++)
		if (!read_tensor(l, i))
			return false;
	return true;
}

/* A vector of tensor indices as value indices, which are the same numbers. least: -1 where a tensor may be left out. */
static bool read_indices(struct loader *l, const struct flat_table *t, unsigned field, const char *what, int32_t least, int **to, size_t *count)
{
	struct flat_vector v;
	if (!flat_vector(t, field, what, sizeof(int32_t), &v, l->f) || !tflite_file_copies(&l->file, v.count * sizeof(int), l->f))
		return false;
	*to = graph_alloc(l->g, v.count, sizeof **to, l->f);
	if (!*to)
		return false;
	for (size_t i = 0; i < v.count; i++) {
		int32_t index = flat_int32(&v, i);
		if (index < least || index >= (int64_t)l->tensors.count)
			return fault_set(l->f, "%s name tensor %d; expected %d to %zu", what, index, least, l->tensors.count - 1);
		(*to)[i] = index < 0 ? GRAPH_NONE : index;
	}
	*count = v.count;
	return true;
}

/* ---- operators */

/* A number of `size` bytes, 1 or 4, signed. */
static bool read_number(const struct flat_table *t, const struct tflite_option *o, size_t size, int32_t *v, struct fault *f)
{
	int8_t small = (int8_t)o->fallback;
	*v = o->fallback;
	if (size == sizeof *v)
		return flat_scalar(t, o->field, o->name, size, v, f);
	if (!flat_scalar(t, o->field, o->name, size, &small, f))
		return false;
	*v = small;
	return true;
}

static bool read_ints(struct loader *l, const struct flat_table *t, const struct tflite_option *o, struct graph_attribute *a)
{
	struct flat_vector v = {0};
	if ((t->there && !flat_vector(t, o->field, o->name, sizeof(int32_t), &v, l->f)) ||
	    !tflite_file_copies(&l->file, v.count * sizeof *a->ints, l->f))
		return false;
	a->type = GRAPH_INTS;
	a->ints = graph_alloc(l->g, v.count, sizeof *a->ints, l->f);
	for (size_t i = 0; a->ints && i < v.count; i++)
		a->ints[i] = flat_int32(&v, i);
	a->count = v.count;
	return a->ints;
}

static bool read_word(struct loader *l, const struct tflite_option *o, int32_t v, struct graph_attribute *a)
{
	const char *word = tflite_option_word(o->kind, v);
	if (!word)
		return fault_set(l->f, "%s is %d, which the schema does not know", o->name, v);
	a->type = GRAPH_STRING;
	a->s = graph_strdup(l->g, word, l->f);
	return a->s;
}

static bool read_option(struct loader *l, const struct flat_table *t, const struct tflite_option *o, struct graph_attribute *a)
{
	int32_t v = o->fallback;
	a->f = (float)o->fallback;
	if (!(a->name = graph_strdup(l->g, o->name, l->f)))
		return false;
	switch (o->kind) {
	case TFLITE_INTS:
		return read_ints(l, t, o, a);
	case TFLITE_FLOAT:
		a->type = GRAPH_FLOAT;
		return !t->there || flat_scalar(t, o->field, o->name, sizeof a->f, &a->f, l->f);
	case TFLITE_INT:
	case TFLITE_BOOL:
		if (t->there && !read_number(t, o, o->kind == TFLITE_INT ? 4 : 1, &v, l->f))
			return false;
		a->type = GRAPH_INT;
		a->i = o->kind == TFLITE_BOOL ? v != 0 : v;
		return true;
	default:
		return (!t->there || read_number(t, o, 1, &v, l->f)) && read_word(l, o, v, a);
	}
}

static bool read_options(struct loader *l, const struct flat_table *t, const struct tflite_op *op, struct graph_node *n)
{
	uint8_t type = 0;
	struct flat_table options;
	if (!flat_scalar(t, OPERATOR_OPTIONS_TYPE, "the options' type", 1, &type, l->f) ||
	    !flat_child(t, OPERATOR_OPTIONS, "options", &options, l->f))
		return false;
	options.there = options.there && type;
	if (options.there && op->union_type >= 0 && type != op->union_type)
		return fault_set(l->f, "options of type %u; expected %d", type, op->union_type);
	n->attribute = graph_alloc(l->g, op->options, sizeof *n->attribute, l->f);
	if (!n->attribute)
		return false;
	for (n->attributes = 0; n->attributes < op->options; n->attributes++)
		if (!read_option(l, &options, &op->option[n->attributes], &n->attribute[n->attributes]))
			return false;
	return true;
}

static char *custom_name(struct loader *l, const struct flat_table *code)
{
	char name[160];
	struct flat_vector s;
	if (!flat_vector(code, CODE_CUSTOM, "a custom operator's name", 1, &s, l->f))
		return NULL;
	snprintf(name, sizeof name, "tflite.CUSTOM.%.*s", (int)(s.count < 120 ? s.count : 120), (const char *)s.file.data + s.at);
	return graph_strdup(l->g, name, l->f);
}

/* The number was a byte until there were too many of them. */
static bool read_code(struct loader *l, uint32_t index, struct flat_table *code, int32_t *number)
{
	int8_t old = 0;
	*number = 0;
	if (index >= l->codes.count)
		return fault_set(l->f, "operator code %u; there are %zu", index, l->codes.count);
	if (!flat_element(&l->codes, index, "an operator code", code, l->f) ||
	    !flat_scalar(code, CODE_OLD, "an operator's number", 1, &old, l->f) ||
	    !flat_scalar(code, CODE_NUMBER, "an operator's number", sizeof *number, number, l->f))
		return false;
	*number = *number > old ? *number : old;
	return true;
}

static bool read_kind(struct loader *l, const struct flat_table *t, struct graph_node *n)
{
	char name[40];
	uint32_t index = 0;
	int32_t number;
	struct flat_table code;
	if (!flat_scalar(t, OPERATOR_CODE, "an operator's code", sizeof index, &index, l->f) || !read_code(l, index, &code, &number))
		return false;
	const struct tflite_op *op = tflite_op_find(number);
	snprintf(name, sizeof name, "tflite.%d", number);
	n->op = number == CUSTOM ? custom_name(l, &code) : graph_strdup(l->g, op ? op->name : name, l->f);
	return n->op && (!op || read_options(l, t, op, n));
}

static bool read_operator(struct loader *l, size_t i)
{
	struct graph_node *n = &l->g->node[i];
	struct flat_table t;
	if (!flat_element(&l->operators, i, "an operator", &t, l->f) ||
	    !read_indices(l, &t, OPERATOR_INPUTS, "inputs", GRAPH_NONE, &n->input, &n->inputs) ||
	    !read_indices(l, &t, OPERATOR_OUTPUTS, "outputs", 0, &n->output, &n->outputs))
		return false;
	n->name = n->outputs ? l->g->value[n->output[0]].name : graph_strdup(l->g, "", l->f);
	return n->name && read_kind(l, &t, n);
}

static bool read_operators(struct loader *l)
{
	size_t count = l->operators.count;
	if (count > MOST)
		return fault_set(l->f, "%zu operators; at most %d are possible", count, MOST);
	l->g->node = graph_alloc(l->g, count, sizeof *l->g->node, l->f);
	if (!l->g->node)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct fault inner = {""}, *outer = l->f;
		l->f = &inner;
		l->g->nodes++;
		bool good = read_operator(l, i);
		l->f = outer;
		const struct graph_node *n = &l->g->node[i];
		if (!good && n->op)
			return fault_set(l->f, "operator %zu '%.80s' (%.60s): %s", i, n->name, n->op, inner.text);
		if (!good)
			return fault_set(l->f, "operator %zu: %s", i, inner.text);
	}
	return true;
}

/* ---- inputs, outputs, and the whole */

static bool read_ends(struct loader *l, const struct flat_table *t)
{
	struct graph *g = l->g;
	if (!read_indices(l, t, SUBGRAPH_INPUTS, "the network's inputs", 0, &g->input, &g->inputs) ||
	    !read_indices(l, t, SUBGRAPH_OUTPUTS, "the network's outputs", 0, &g->output, &g->outputs))
		return false;
	for (size_t i = 0; i < g->inputs; i++) {
		struct graph_value *v = &g->value[g->input[i]];
		if (v->is_input)
			return fault_set(l->f, "input '%.80s' is there twice; expected one of each", v->name);
		v->is_input = true;
		tensor_free(v->constant);
		v->constant = NULL;
	}
	return g->outputs || fault_set(l->f, "the network has no output");
}

/* A tensor without elements that nobody makes is a constant: there is nothing to be stored for it. */
static bool fill_empty(struct loader *l)
{
	struct graph *g = l->g;
	for (size_t i = 0; i < g->nodes; i++)
		for (size_t j = 0; j < g->node[i].outputs; j++)
			g->value[g->node[i].output[j]].producer = (int)i;
	for (size_t i = 0; i < g->values; i++) {
		struct graph_value *v = &g->value[i];
		bool empty = false;
		for (unsigned d = 0; d < v->rank; d++)
			empty = empty || v->dim[d] == 0;
		if (empty && !v->constant && !v->is_input && v->producer == GRAPH_NONE)
			if (!(v->constant = tensor_new(v->type, v->rank, v->dim, l->f)))
				return false;
	}
	for (size_t i = 0; i < g->values; i++)
		g->value[i].producer = GRAPH_NONE; /* graph_sort() finds them, and doubles, itself */
	return true;
}

static bool read_model(struct loader *l, const struct flat_table *model)
{
	uint32_t version = 0;
	struct flat_vector subgraphs;
	struct flat_table t;
	if (!flat_scalar(model, MODEL_VERSION, "the version", sizeof version, &version, l->f) ||
	    !flat_tables(model, MODEL_CODES, "operator codes", &l->codes, l->f) ||
	    !flat_tables(model, MODEL_SUBGRAPHS, "subgraphs", &subgraphs, l->f) ||
	    !flat_tables(model, MODEL_BUFFERS, "buffers", &l->file.buffers, l->f))
		return false;
	if (version != SCHEMA)
		return fault_set(l->f, "schema version %u; expected %d", version, SCHEMA);
	if (subgraphs.count != 1)
		return fault_set(l->f, "%zu subgraphs; expected 1", subgraphs.count);
	l->g->opset = version;
	return flat_element(&subgraphs, 0, "the subgraph", &t, l->f) && flat_tables(&t, SUBGRAPH_TENSORS, "tensors", &l->tensors, l->f) &&
	       flat_tables(&t, SUBGRAPH_OPERATORS, "operators", &l->operators, l->f) && read_tensors(l) && read_ends(l, &t) &&
	       read_operators(l) && fill_empty(l) && graph_sort(l->g, l->f);
}

bool tflite_is(const void *data, size_t size)
{
	return size >= 8 && !memcmp((const char *)data + 4, "TFL3", 4);
}

struct graph *tflite_parse(const void *data, size_t size, const char *name, struct fault *f)
{
	struct flat_table model;
	if (!tflite_is(data, size)) {
		fault_set(f, "no TensorFlow Lite file; expected \"TFL3\" at byte 4");
		return NULL;
	}
	if (!flat_root(data, size, &model, f))
		return NULL;
	struct loader l = {.g = graph_new(name), .f = f};
	tflite_file_new(&l.file, size);
	if (!l.g) {
		fault_set(f, "out of memory");
		return NULL;
	}
	if (read_model(&l, &model))
		return l.g;
	graph_free(l.g);
	return NULL;
}

struct graph *tflite_load(const char *path, struct fault *f)
{
	size_t size;
	void *data = file_load(path, TENSOR_MAX_BYTES, &size, f);
	if (!data)
		return NULL;
	struct graph *g = tflite_parse(data, size, path, f);
	free(data);
	if (!g)
		fault_prefix(f, path);
	return g;
}
