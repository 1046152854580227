#include "onnx_save.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "onnx.pb-c.h"

/* The messages point into the graph; what they need beside it lives in a graph of its own, which goes as a whole. */
struct writer {
	const struct graph *g;
	struct graph *memory;
	struct fault *f;
};

/* Text that protobuf-c does not change, though it asks for a char *. */
static char *text(const char *s)
{
	union {
		const char *in;
		char *out;
	} u = {s};
	return u.out;
}

/* A list of pointers to `count` zeroed elements; the elements themselves in *first. NULL with *f set. */
static void *list_of(struct writer *w, size_t count, size_t size, char **first)
{
	char **list = graph_alloc(w->memory, count, sizeof *list, w->f);
	*first = list ? graph_alloc(w->memory, count, size, w->f) : NULL;
	for (size_t i = 0; *first && i < count; i++)
		list[i] = *first + i * size;
	return *first ? list : NULL;
}

/* The elements of a list, each initialised. */
#define NEW_LIST(w, list, number, count, type, init) \
	do { \
		char *first_; \
		(list) = list_of(w, count, sizeof(type), &first_); \
		(number) = (list) ? (count) : 0; \
		for (size_t i_ = 0; i_ < (number); i_++) \
			*(list)[i_] = (type)init; \
	} while (0)

/* ---- tensors and types */

static int onnx_type(enum tensor_type t)
{
	static const int type[] = {
#define X(symbol, c, name, npy, onnx) [TENSOR_##symbol] = onnx,
		TENSOR_TYPES(X)
#undef X
	};
	return type[t];
}

static bool write_tensor(struct writer *w, const struct tensor *t, const char *name, Onnx__TensorProto *p)
{
	*p = (Onnx__TensorProto)ONNX__TENSOR_PROTO__INIT;
	p->dims = graph_alloc(w->memory, t->rank, sizeof *p->dims, w->f);
	if (!p->dims)
		return false;
	memcpy(p->dims, t->dim, t->rank * sizeof t->dim[0]);
	p->n_dims = t->rank;
	p->has_data_type = true;
	p->data_type = onnx_type(t->type);
	p->name = text(name);
	p->has_raw_data = true;
	p->raw_data.len = t->count * tensor_type_bytes(t->type);
	p->raw_data.data = t->data;
	return true;
}

static bool write_shape(struct writer *w, const struct graph_value *v, Onnx__TypeProto__Tensor *p)
{
	Onnx__TensorShapeProto *shape = graph_alloc(w->memory, 1, sizeof *shape, w->f);
	if (!shape)
		return false;
	*shape = (Onnx__TensorShapeProto)ONNX__TENSOR_SHAPE_PROTO__INIT;
	NEW_LIST(w, shape->dim, shape->n_dim, v->rank, Onnx__TensorShapeProto__Dimension, ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT);
	if (!shape->dim)
		return false;
	for (unsigned i = 0; i < v->rank; i++)
		if (v->dim[i] >= 0) {
			shape->dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
			shape->dim[i]->dim_value = v->dim[i];
		}
	p->shape = shape;
	return true;
}

static bool write_end(struct writer *w, int value, Onnx__ValueInfoProto *p)
{
	const struct graph_value *v = &w->g->value[value];
	p->name = v->name;
	if (!v->typed)
		return true;
	Onnx__TypeProto *type = graph_alloc(w->memory, 1, sizeof *type, w->f);
	Onnx__TypeProto__Tensor *tensor = graph_alloc(w->memory, 1, sizeof *tensor, w->f);
	if (!type || !tensor)
		return false;
	*type = (Onnx__TypeProto)ONNX__TYPE_PROTO__INIT;
	*tensor = (Onnx__TypeProto__Tensor)ONNX__TYPE_PROTO__TENSOR__INIT;
	type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	type->tensor_type = tensor;
	tensor->has_elem_type = true;
	tensor->elem_type = onnx_type(v->type);
	p->type = type;
	return write_shape(w, v, tensor);
}

/* ---- nodes */

static bool write_attribute(struct writer *w, const struct graph_attribute *a, Onnx__AttributeProto *p)
{
	p->name = a->name;
	p->has_type = true;
	switch (a->type) {
	case GRAPH_INT:
		p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
		p->has_i = true;
		p->i = a->i;
		return true;
	case GRAPH_FLOAT:
		p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
		p->has_f = true;
		p->f = a->f;
		return true;
	case GRAPH_STRING:
		p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
		p->has_s = true;
		p->s = (ProtobufCBinaryData){strlen(a->s), (uint8_t *)a->s};
		return true;
	case GRAPH_INTS:
		p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
		p->n_ints = a->count;
		p->ints = a->ints;
		return true;
	case GRAPH_FLOATS:
		p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
		p->n_floats = a->count;
		p->floats = a->floats;
		return true;
	case GRAPH_TENSOR:
		p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
		p->t = graph_alloc(w->memory, 1, sizeof *p->t, w->f);
		return p->t && write_tensor(w, a->tensor, "", p->t);
	default:
		return fault_set(w->f, "attribute '%.60s' is of a kind that cannot be written", a->name);
	}
}

static bool write_names(struct writer *w, const int *value, size_t count, char ***name)
{
	*name = graph_alloc(w->memory, count, sizeof **name, w->f);
	for (size_t i = 0; *name && i < count; i++)
		(*name)[i] = value[i] == GRAPH_NONE ? text("") : w->g->value[value[i]].name;
	return *name;
}

/* "domain.Op" in its two parts; the last dot divides. */
static bool write_operator(struct writer *w, const struct graph_node *n, Onnx__NodeProto *p)
{
	const char *dot = strrchr(n->op, '.');
	p->op_type = text(dot ? dot + 1 : n->op);
	if (!dot)
		return true;
	if (!strncmp(n->op, "tflite.", 7))
		return fault_set(w->f, "is TFLite's; expected a network of ONNX operators");
	p->domain = graph_alloc(w->memory, (size_t)(dot - n->op) + 1, 1, w->f);
	if (p->domain)
		memcpy(p->domain, n->op, (size_t)(dot - n->op));
	return p->domain;
}

static bool write_node(struct writer *w, const struct graph_node *n, Onnx__NodeProto *p)
{
	p->name = n->name;
	if (!write_operator(w, n, p) || !write_names(w, n->input, n->inputs, &p->input) || !write_names(w, n->output, n->outputs, &p->output))
		return false;
	p->n_input = n->inputs;
	p->n_output = n->outputs;
	NEW_LIST(w, p->attribute, p->n_attribute, n->attributes, Onnx__AttributeProto, ONNX__ATTRIBUTE_PROTO__INIT);
	if (!p->attribute)
		return false;
	for (size_t i = 0; i < n->attributes; i++)
		if (!write_attribute(w, &n->attribute[i], p->attribute[i]))
			return false;
	return true;
}

static bool write_nodes(struct writer *w, Onnx__GraphProto *p)
{
	NEW_LIST(w, p->node, p->n_node, w->g->nodes, Onnx__NodeProto, ONNX__NODE_PROTO__INIT);
	if (!p->node)
		return false;
	for (size_t i = 0; i < w->g->nodes; i++) {
		const struct graph_node *n = &w->g->node[w->g->order[i]];
		if (!write_node(w, n, p->node[i])) {
			struct fault inner = *w->f;
			w->f->text[0] = '\0';
			return graph_node_fault(n, w->f, "%s", inner.text);
		}
	}
	return true;
}

/* ---- the graph */

static bool write_weights(struct writer *w, Onnx__GraphProto *p)
{
	size_t count = 0, at = 0;
	for (size_t i = 0; i < w->g->values; i++)
		count += w->g->value[i].constant != NULL;
	NEW_LIST(w, p->initializer, p->n_initializer, count, Onnx__TensorProto, ONNX__TENSOR_PROTO__INIT);
	if (!p->initializer)
		return false;
	for (size_t i = 0; i < w->g->values; i++) {
		const struct graph_value *v = &w->g->value[i];
		if (v->constant && !write_tensor(w, v->constant, v->name, p->initializer[at++]))
			return false;
	}
	return true;
}

static bool write_ends(struct writer *w, Onnx__GraphProto *p)
{
	NEW_LIST(w, p->input, p->n_input, w->g->inputs, Onnx__ValueInfoProto, ONNX__VALUE_INFO_PROTO__INIT);
	NEW_LIST(w, p->output, p->n_output, w->g->outputs, Onnx__ValueInfoProto, ONNX__VALUE_INFO_PROTO__INIT);
	if (!p->input || !p->output)
		return false;
	for (size_t i = 0; i < w->g->inputs; i++)
		if (!write_end(w, w->g->input[i], p->input[i]))
			return false;
	for (size_t i = 0; i < w->g->outputs; i++)
		if (!write_end(w, w->g->output[i], p->output[i]))
			return false;
	return true;
}

/* ONNX's own operator set first, then the other domains in version 1. */
static bool write_opsets(struct writer *w, const Onnx__GraphProto *graph, Onnx__ModelProto *p)
{
	NEW_LIST(w, p->opset_import, p->n_opset_import, 1 + graph->n_node, Onnx__OperatorSetIdProto, ONNX__OPERATOR_SET_ID_PROTO__INIT);
	if (!p->opset_import)
		return false;
	size_t used = 1;
	p->opset_import[0]->domain = text("");
	p->opset_import[0]->has_version = true;
	p->opset_import[0]->version = w->g->opset;
	for (size_t i = 0; i < graph->n_node; i++) {
		const char *domain = graph->node[i]->domain;
		size_t at = 0;
		while (at < used && domain && strcmp(p->opset_import[at]->domain, domain) != 0)
			at++;
		if (!domain || !*domain || at < used)
			continue;
		p->opset_import[used]->domain = text(domain);
		p->opset_import[used]->has_version = true;
		p->opset_import[used++]->version = 1;
	}
	p->n_opset_import = used;
	return true;
}

static bool write_model(struct writer *w, Onnx__GraphProto *graph, Onnx__ModelProto *p)
{
	*p = (Onnx__ModelProto)ONNX__MODEL_PROTO__INIT;
	*graph = (Onnx__GraphProto)ONNX__GRAPH_PROTO__INIT;
	p->has_ir_version = true;
	p->ir_version = w->g->opset >= 15 ? 8 : 7; /* from 4 on weights need not be inputs */
	p->producer_name = text("bitlet");
	p->graph = graph;
	graph->name = text("graph");
	return write_nodes(w, graph) && write_weights(w, graph) && write_ends(w, graph) && write_opsets(w, graph, p);
}

static uint8_t *pack_model(const Onnx__ModelProto *p, size_t *size, struct fault *f)
{
	*size = onnx__model_proto__get_packed_size(p);
	uint8_t *data = *size <= INT32_MAX ? malloc(*size ? *size : 1) : NULL;
	if (!data)
		fault_set(f, "the network takes %zu bytes; a file holds at most %d", *size, INT32_MAX);
	else
		onnx__model_proto__pack(p, data);
	return data;
}

uint8_t *onnx_pack(const struct graph *g, size_t *size, struct fault *f)
{
	Onnx__ModelProto model;
	Onnx__GraphProto graph;
	struct writer w = {g, graph_new(""), f};
	uint8_t *data = NULL;
	if (!w.memory)
		fault_set(f, "out of memory");
	else if (write_model(&w, &graph, &model))
		data = pack_model(&model, size, f);
	graph_free(w.memory);
	return data;
}

bool onnx_save(const char *path, const struct graph *g, struct fault *f)
{
	size_t size;
	uint8_t *data = onnx_pack(g, &size, f);
	if (!data)
		return fault_prefix(f, path);
	bool good = file_save(path, data, size, "", 0, f);
	free(data);
	return good;
}
