#include "onnx_load.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "onnx.pb-c.h"
#include "onnx_tensor.h"
#include "wire.h"

/* What is being read, so that the steps need few arguments. */
struct reader {
	struct graph *g;
	const char *folder;
	bool any_opset;
	struct fault *f;
};

static const char *text_or_empty(const char *s)
{
	return s ? s : "";
}

/* ---- attributes */

static bool copy_array(struct reader *r, const void *from, size_t count, size_t size, void **to)
{
	*to = graph_alloc(r->g, count, size, r->f);
	if (*to && count)
		memcpy(*to, from, count * size);
	return *to;
}

static bool read_string(struct reader *r, const ProtobufCBinaryData *s, char **to)
{
	*to = graph_alloc(r->g, s->len + 1, 1, r->f);
	if (*to && s->len)
		memcpy(*to, s->data, s->len);
	return *to;
}

/* Files from before IR version 2 leave the type out; the field that is there tells. */
static Onnx__AttributeProto__AttributeType attribute_type(const Onnx__AttributeProto *p)
{
	if (p->has_type && p->type)
		return p->type;
	if (p->has_f)
		return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
	if (p->has_i)
		return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
	if (p->has_s)
		return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
	if (p->t)
		return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
	if (p->n_floats)
		return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
	return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
}

static bool read_attribute(struct reader *r, const Onnx__AttributeProto *p, struct graph_attribute *a)
{
	void *array = NULL;
	if (!(a->name = graph_strdup(r->g, text_or_empty(p->name), r->f)))
		return false;
	switch (attribute_type(p)) {
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
		a->type = GRAPH_INT;
		a->i = p->i;
		return true;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
		a->type = GRAPH_FLOAT;
		a->f = p->f;
		return true;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
		a->type = GRAPH_STRING;
		return read_string(r, &p->s, &a->s);
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS:
		a->type = GRAPH_INTS;
		a->count = p->n_ints;
		if (!copy_array(r, p->ints, p->n_ints, sizeof *p->ints, &array))
			return false;
		a->ints = array;
		return true;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS:
		a->type = GRAPH_FLOATS;
		a->count = p->n_floats;
		if (!copy_array(r, p->floats, p->n_floats, sizeof *p->floats, &array))
			return false;
		a->floats = array;
		return true;
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
		a->type = GRAPH_TENSOR;
		if (!p->t)
			return fault_set(r->f, "attribute '%.40s' lacks its tensor", a->name);
		a->tensor = onnx_tensor(p->t, r->folder, r->f);
		return a->tensor;
	default:
		a->type = GRAPH_OTHER; /* subgraphs and the like: the operator that wants one will say so */
		return true;
	}
}

/* ---- nodes */

static int *read_names(struct reader *r, char **name, size_t count)
{
	int *index = graph_alloc(r->g, count, sizeof *index, r->f);
	for (size_t i = 0; index && i < count; i++) {
		index[i] = GRAPH_NONE;
		if (name[i][0] && (index[i] = graph_value_add(r->g, name[i], r->f)) == GRAPH_NONE)
			return NULL;
	}
	return index;
}

static char *operator_name(struct reader *r, const Onnx__NodeProto *p)
{
	const char *op = text_or_empty(p->op_type), *domain = text_or_empty(p->domain);
	if (!domain[0] || !strcmp(domain, "ai.onnx"))
		return graph_strdup(r->g, op, r->f);
	char *name = graph_alloc(r->g, strlen(domain) + strlen(op) + 2, 1, r->f);
	if (name) {
		strcpy(name, domain);
		strcat(name, ".");
		strcat(name, op);
	}
	return name;
}

static bool read_node(struct reader *r, const Onnx__NodeProto *p, struct graph_node *n)
{
	const char *name = text_or_empty(p->name);
	if (!name[0] && p->n_output)
		name = p->output[0];
	if (!(n->name = graph_strdup(r->g, name, r->f)) || !(n->op = operator_name(r, p)))
		return false;
	if (!(n->input = read_names(r, p->input, p->n_input)) || !(n->output = read_names(r, p->output, p->n_output)))
		return false;
	n->inputs = p->n_input;
	n->outputs = p->n_output;
	n->attribute = graph_alloc(r->g, p->n_attribute, sizeof *n->attribute, r->f);
	if (!n->attribute)
		return false;
	for (n->attributes = 0; n->attributes < p->n_attribute; n->attributes++)
		if (!read_attribute(r, p->attribute[n->attributes], &n->attribute[n->attributes])) {
			struct fault inner = *r->f;
			r->f->text[0] = '\0';
			return graph_node_fault(n, r->f, "%s", inner.text);
		}
	return true;
}

static bool read_nodes(struct reader *r, const Onnx__GraphProto *p)
{
	r->g->node = graph_alloc(r->g, p->n_node, sizeof *r->g->node, r->f);
	if (!r->g->node)
		return false;
	for (size_t i = 0; i < p->n_node; i++) {
		r->g->nodes++; /* counted first: graph_free() takes what a half-read node holds */
		if (!read_node(r, p->node[i], &r->g->node[i]))
			return false;
	}
	return true;
}

/* ---- weights, inputs, outputs */

static bool read_weights(struct reader *r, const Onnx__GraphProto *p)
{
	if (p->n_sparse_initializer)
		return fault_set(r->f, "sparse weights; expected dense ones");
	for (size_t i = 0; i < p->n_initializer; i++) {
		const char *name = text_or_empty(p->initializer[i]->name);
		int v = graph_value_add(r->g, name, r->f);
		if (v == GRAPH_NONE)
			return false;
		if (r->g->value[v].constant)
			return fault_set(r->f, "tensor '%.80s' is there twice; expected one of each name", name);
		if (!(r->g->value[v].constant = onnx_tensor(p->initializer[i], r->folder, r->f)))
			return false;
	}
	return true;
}

static bool read_shape(const Onnx__TensorShapeProto *p, struct graph_value *v, struct fault *f)
{
	if (p->n_dim > TENSOR_MAX_RANK)
		return fault_set(f, "input '%.80s' has %zu dimensions; at most %d are possible", v->name, p->n_dim, TENSOR_MAX_RANK);
	v->rank = (unsigned)p->n_dim;
	for (size_t i = 0; i < p->n_dim; i++) {
		const Onnx__TensorShapeProto__Dimension *d = p->dim[i];
		bool known = d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
		if (known && d->dim_value < 0 && d->dim_value != -1)
			return fault_set(f, "input '%.80s' has dimension %lld; expected none below 0", v->name, (long long)d->dim_value);
		/* some exporters write -1 or 0 for a batch of any size */
		v->dim[i] = known && d->dim_value > 0 ? d->dim_value : -1;
	}
	return true;
}

static bool read_input(struct reader *r, const Onnx__ValueInfoProto *p)
{
	int index = graph_value_add(r->g, text_or_empty(p->name), r->f);
	if (index == GRAPH_NONE)
		return false;
	struct graph_value *v = &r->g->value[index];
	if (v->constant)
		return true; /* before IR version 4 weights were listed as inputs too */
	if (v->is_input)
		return fault_set(r->f, "input '%.80s' is there twice; expected one of each name", v->name);
	v->is_input = true;
	r->g->input[r->g->inputs++] = index;
	if (!p->type || p->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE || !p->type->tensor_type->shape)
		return fault_set(r->f, "input '%.80s' has no tensor type and shape", v->name);
	v->typed = true;
	struct fault inner = {""};
	if (!onnx_tensor_type(p->type->tensor_type->elem_type, &v->type, &inner))
		return fault_set(r->f, "input '%.80s': %s", v->name, inner.text);
	return read_shape(p->type->tensor_type->shape, v, r->f);
}

/* What the file says of an output, for those who write it again; the run finds out by itself, so nothing here is a fault. */
static void read_output_type(const Onnx__ValueInfoProto *p, struct graph_value *v)
{
	struct fault ignored = {""};
	bool tensor = p->type && p->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE && p->type->tensor_type->shape;
	if (!v->typed && tensor && onnx_tensor_type(p->type->tensor_type->elem_type, &v->type, &ignored))
		v->typed = read_shape(p->type->tensor_type->shape, v, &ignored);
}

static bool read_ends(struct reader *r, const Onnx__GraphProto *p)
{
	r->g->input = graph_alloc(r->g, p->n_input, sizeof *r->g->input, r->f);
	r->g->output = graph_alloc(r->g, p->n_output, sizeof *r->g->output, r->f);
	if (!r->g->input || !r->g->output)
		return false;
	for (size_t i = 0; i < p->n_input; i++)
		if (!read_input(r, p->input[i]))
			return false;
	for (; r->g->outputs < p->n_output; r->g->outputs++) {
		int v = graph_value_add(r->g, text_or_empty(p->output[r->g->outputs]->name), r->f);
		if (v == GRAPH_NONE)
			return false;
		r->g->output[r->g->outputs] = v;
		read_output_type(p->output[r->g->outputs], &r->g->value[v]);
	}
	return r->g->outputs || fault_set(r->f, "the graph has no output");
}

/* ---- the model */

static bool read_opset(struct reader *r, const Onnx__ModelProto *p)
{
	r->g->opset = 0;
	for (size_t i = 0; i < p->n_opset_import; i++) {
		const char *domain = text_or_empty(p->opset_import[i]->domain);
		if (!domain[0] || !strcmp(domain, "ai.onnx"))
			r->g->opset = p->opset_import[i]->version;
	}
	if (!r->any_opset && (r->g->opset < ONNX_OPSET_MIN || r->g->opset > ONNX_OPSET_MAX))
		return fault_set(r->f, "operator set %lld; expected %d to %d", (long long)r->g->opset, ONNX_OPSET_MIN, ONNX_OPSET_MAX);
	return true;
}

static bool read_model(struct reader *r, const Onnx__ModelProto *p)
{
	if (!p->graph)
		return fault_set(r->f, "has no graph; expected an ONNX model");
	return read_opset(r, p) && read_weights(r, p->graph) && read_ends(r, p->graph) && read_nodes(r, p->graph) &&
	       graph_sort(r->g, r->f);
}

static struct graph *parse(const void *data, size_t size, const char *name, const char *folder, bool any_opset, struct fault *f)
{
	ProtobufCMessage *message = wire_unpack(&onnx__model_proto__descriptor, data, size, f);
	if (!message)
		return NULL;
	struct graph *g = graph_new(name);
	struct reader r = {g, folder, any_opset, f};
	if (!g) {
		fault_set(f, "out of memory");
	} else if (!read_model(&r, (const Onnx__ModelProto *)message)) {
		graph_free(g);
		g = NULL;
	}
	wire_free(message);
	return g;
}

struct graph *onnx_parse(const void *data, size_t size, const char *name, const char *folder, struct fault *f)
{
	return parse(data, size, name, folder, false, f);
}

struct graph *onnx_parse_any(const void *data, size_t size, const char *name, const char *folder, struct fault *f)
{
	return parse(data, size, name, folder, true, f);
}

/* The folder of a path, to be freed; NULL when memory runs out. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

struct graph *onnx_load(const char *path, struct fault *f)
{
	size_t size;
	void *data = file_load(path, TENSOR_MAX_BYTES, &size, f);
	if (!data)
		return NULL;
	char *folder = folder_of(path);
	struct graph *g = NULL;
	if (!folder)
		fault_set(f, "out of memory");
	else
		g = onnx_parse(data, size, path, folder, f);
	free(folder);
	free(data);
	if (!g)
		fault_prefix(f, path);
	return g;
}
