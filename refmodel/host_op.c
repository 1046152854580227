#include "host_op.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "host_ops.h"
#include "tflite_ops.h"

static const struct host_op ops[] = {
#define HOST_OP(name, least, most, outputs, attributes, function) {#name, least, most, outputs, attributes, function},
#include "host_ops.def"
#undef HOST_OP
};

enum { OPS = sizeof ops / sizeof ops[0] };

const struct host_op *host_op_row(size_t i)
{
	return i < OPS ? &ops[i] : NULL;
}

const struct host_op *host_op_find(const char *name)
{
	for (size_t i = 0; i < OPS; i++)
		if (!strcmp(ops[i].name, name))
			return &ops[i];
	return tflite_host_find(name);
}

bool host_op_check(const struct host_op *op, const struct graph_node *n, struct fault *f)
{
	if (n->inputs < op->least_inputs || n->inputs > op->most_inputs)
		return graph_node_fault(n, f, "%zu inputs; expected %u to %u", n->inputs, op->least_inputs, op->most_inputs);
	for (unsigned i = 0; i < op->least_inputs; i++)
		if (n->input[i] == GRAPH_NONE)
			return graph_node_fault(n, f, "input %u is left out; expected a tensor", i);
	if (n->outputs < 1 || n->outputs > op->most_outputs || n->output[0] == GRAPH_NONE)
		return graph_node_fault(n, f, "%zu outputs; expected 1 to %u", n->outputs, op->most_outputs);
	return attributes_known(n, op->attributes, f);
}

const struct tensor *host_in(const struct host_call *c, size_t i)
{
	return i < c->node->inputs ? c->in[i] : NULL;
}

bool host_fault(struct host_call *c, const char *format, ...)
{
	char what[400];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	return graph_node_fault(c->node, c->fault, "%s", what);
}

bool host_type_fault(struct host_call *c, size_t i, const char *expected)
{
	const struct tensor *t = host_in(c, i);
	return host_fault(c, "input %zu is %s; expected %s", i, t ? tensor_type_name(t->type) : "left out", expected);
}

bool host_type(struct host_call *c, size_t i, enum tensor_type t)
{
	const struct tensor *in = host_in(c, i);
	return (in && in->type == t) || host_type_fault(c, i, tensor_type_name(t));
}

struct tensor *host_out(struct host_call *c, size_t i, enum tensor_type t, size_t rank, const int64_t *dim)
{
	size_t count = 0;
	struct fault inner = {""};
	if (!tensor_count(t, rank, dim, &count, &inner)) {
		host_fault(c, "output %zu: %s", i, inner.text);
		return NULL;
	}
	size_t bytes = count * tensor_type_bytes(t);
	if (bytes > c->budget->bytes) {
		host_fault(c, "output %zu needs %zu bytes; only %llu are left of what a run may take", i, bytes,
		           (unsigned long long)c->budget->bytes);
		return NULL;
	}
	c->budget->bytes -= bytes;
	c->out[i] = c->dry ? tensor_shape(t, rank, dim, &inner) : tensor_new(t, rank, dim, &inner);
	if (!c->out[i])
		host_fault(c, "output %zu: %s", i, inner.text);
	return c->out[i];
}

struct tensor *host_out_like(struct host_call *c, size_t i, const struct tensor *t)
{
	return host_out(c, i, t->type, t->rank, t->dim);
}

bool host_known(struct host_call *c, size_t i)
{
	const struct tensor *t = host_in(c, i);
	return !t || t->data || host_fault(c, "input %zu decides the output's shape; expected weights, or what follows from shapes alone", i);
}

bool host_steps(struct host_call *c, uint64_t a, uint64_t b, uint64_t d)
{
	uint64_t left = c->budget->steps;
	/* each of them is a size of something in memory, so that dividing is exact enough: a * b * d <= left */
	bool fits = !a || !b || !d || (a <= left && b <= left / a && d <= left / a / b);
	if (!fits)
		return host_fault(c, "needs %llu * %llu * %llu steps; only %llu are left of what a run may take", (unsigned long long)a,
		                  (unsigned long long)b, (unsigned long long)d, (unsigned long long)left);
	c->budget->steps -= a * b * d;
	return true;
}

void *host_scratch(struct host_call *c, size_t count, size_t size)
{
	void *p = count <= TENSOR_MAX_BYTES / size ? malloc(count ? count * size : 1) : NULL;
	if (!p)
		host_fault(c, "out of memory for %zu elements of %zu bytes", count, size);
	return p;
}
