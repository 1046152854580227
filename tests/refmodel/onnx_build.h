/*
 * onnx_build.h: small ONNX files for tests, made with protobuf-c: values, nodes, attributes, and the bytes of it all.
 *
 * A build owns its memory; build_free() takes it. Running out of memory or room ends the test program.
 */
#ifndef BITLET_TEST_ONNX_BUILD_H
#define BITLET_TEST_ONNX_BUILD_H

#include <stdlib.h>
#include <string.h>

#include "onnx.pb-c.h"
#include "tensor.h"

enum { BUILD_MAX = 16 };        /* nodes, inputs, attributes, ... of one build */

struct build {
	Onnx__ModelProto model;
	Onnx__GraphProto graph;
	Onnx__OperatorSetIdProto opset;
	Onnx__OperatorSetIdProto *opsets[1];
	Onnx__NodeProto node[BUILD_MAX], *nodes[BUILD_MAX];
	Onnx__ValueInfoProto input[BUILD_MAX], *inputs[BUILD_MAX], output[BUILD_MAX], *outputs[BUILD_MAX];
	Onnx__TypeProto type[BUILD_MAX];
	Onnx__TypeProto__Tensor tensor_type[BUILD_MAX];
	Onnx__TensorShapeProto shape[BUILD_MAX];
	Onnx__TensorProto weight[BUILD_MAX], *weights[BUILD_MAX];
	void *taken[512];
	size_t takes;
	void *bytes;                /* after build_bytes() */
	size_t size;
};

static inline void *build_take(struct build *b, size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p || b->takes == sizeof b->taken / sizeof b->taken[0])
		abort();
	b->taken[b->takes++] = p;
	return p;
}

static inline char *build_text(struct build *b, const char *s)
{
	return strcpy(build_take(b, strlen(s) + 1), s);
}

static inline void build_start(struct build *b, int64_t opset)
{
	memset(b, 0, sizeof *b);
	onnx__model_proto__init(&b->model);
	onnx__graph_proto__init(&b->graph);
	onnx__operator_set_id_proto__init(&b->opset);
	b->model.graph = &b->graph;
	b->opset.has_version = 1;
	b->opset.version = opset;
	b->opsets[0] = &b->opset;
	b->model.opset_import = b->opsets;
	b->model.n_opset_import = 1;
	b->graph.node = b->nodes;
	b->graph.input = b->inputs;
	b->graph.output = b->outputs;
	b->graph.initializer = b->weights;
}

static inline int32_t build_type(enum tensor_type t)
{
	static const int32_t onnx_type[] = {
#define X(symbol, c, name, npy, onnx) onnx,
		TENSOR_TYPES(X)
#undef X
	};
	return onnx_type[t];
}

static inline void build_input(struct build *b, const char *name, enum tensor_type t, size_t rank, const int64_t *dim)
{
	size_t i = b->graph.n_input++;
	onnx__value_info_proto__init(b->inputs[i] = &b->input[i]);
	onnx__type_proto__init(b->input[i].type = &b->type[i]);
	onnx__type_proto__tensor__init(b->type[i].tensor_type = &b->tensor_type[i]);
	onnx__tensor_shape_proto__init(b->tensor_type[i].shape = &b->shape[i]);
	b->input[i].name = build_text(b, name);
	b->type[i].value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	b->tensor_type[i].has_elem_type = 1;
	b->tensor_type[i].elem_type = build_type(t);
	b->shape[i].n_dim = rank;
	b->shape[i].dim = build_take(b, rank * sizeof(void *));
	for (size_t d = 0; d < rank; d++) {
		onnx__tensor_shape_proto__dimension__init(b->shape[i].dim[d] = build_take(b, sizeof *b->shape[i].dim[d]));
		b->shape[i].dim[d]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
		b->shape[i].dim[d]->dim_value = dim[d];
	}
}

static inline void build_output(struct build *b, const char *name)
{
	size_t i = b->graph.n_output++;
	onnx__value_info_proto__init(b->outputs[i] = &b->output[i]);
	b->output[i].name = build_text(b, name);
}

/* Names separated by spaces; "-" is one that is left out. */
static inline size_t build_names(struct build *b, const char *text, char ***names)
{
	size_t count = 0;
	*names = build_take(b, BUILD_MAX * sizeof(void *));
	char *copy = build_text(b, text), *save = NULL;
	for (char *t = strtok_r(copy, " ", &save); t; t = strtok_r(NULL, " ", &save))
		(*names)[count++] = build_text(b, strcmp(t, "-") ? t : "");
	return count;
}

static inline Onnx__NodeProto *build_node(struct build *b, const char *op, const char *name, const char *inputs, const char *outputs)
{
	Onnx__NodeProto *n = b->nodes[b->graph.n_node] = &b->node[b->graph.n_node];
	b->graph.n_node++;
	onnx__node_proto__init(n);
	n->op_type = build_text(b, op);
	n->name = build_text(b, name);
	n->n_input = build_names(b, inputs, &n->input);
	n->n_output = build_names(b, outputs, &n->output);
	n->attribute = build_take(b, BUILD_MAX * sizeof(void *));
	return n;
}

static inline Onnx__AttributeProto *build_attribute(struct build *b, Onnx__NodeProto *n, const char *name,
                                                    Onnx__AttributeProto__AttributeType type)
{
	Onnx__AttributeProto *a = build_take(b, sizeof *a);
	onnx__attribute_proto__init(a);
	a->name = build_text(b, name);
	a->has_type = 1;
	a->type = type;
	n->attribute[n->n_attribute++] = a;
	return a;
}

static inline void build_ints(struct build *b, Onnx__NodeProto *n, const char *name, size_t count, const int64_t *v)
{
	Onnx__AttributeProto *a = build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
	a->n_ints = count;
	a->ints = build_take(b, count * sizeof *v);
	memcpy(a->ints, v, count * sizeof *v);
}

/* Weights with raw data, which is copied; data NULL: none. */
static inline Onnx__TensorProto *build_weight(struct build *b, const char *name, enum tensor_type t, size_t rank, const int64_t *dim,
                                              const void *data, size_t bytes)
{
	size_t i = b->graph.n_initializer++;
	Onnx__TensorProto *w = b->weights[i] = &b->weight[i];
	onnx__tensor_proto__init(w);
	w->name = build_text(b, name);
	w->has_data_type = 1;
	w->data_type = build_type(t);
	w->n_dims = rank;
	w->dims = build_take(b, rank * sizeof *dim);
	memcpy(w->dims, dim, rank * sizeof *dim);
	if (data) {
		w->has_raw_data = 1;
		w->raw_data.len = bytes;
		w->raw_data.data = build_take(b, bytes);
		memcpy(w->raw_data.data, data, bytes);
	}
	return w;
}

/* The file's bytes: b->bytes, b->size. */
static inline void build_bytes(struct build *b)
{
	b->size = onnx__model_proto__get_packed_size(&b->model);
	b->bytes = build_take(b, b->size);
	onnx__model_proto__pack(&b->model, b->bytes);
}

static inline void build_free(struct build *b)
{
	while (b->takes)
		free(b->taken[--b->takes]);
}

#endif
