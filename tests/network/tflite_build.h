/*
 * tflite_build.h: small TensorFlow Lite files for tests, written by a flatbuffer writer of its own: every table before what it refers to, the vtable in
 * front of it. Nothing is shared with the reader but the schema. Running out of memory ends the test program.
 */
#ifndef BITLET_TEST_TFLITE_BUILD_H
#define BITLET_TEST_TFLITE_BUILD_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tensor.h"

enum { MADE_TENSORS = 24, MADE_OPTIONS = 16, MADE_FIELDS = 16, MADE_INTS = 8, MADE_NODES = 8, MADE_IOS = 8 };

struct made_tensor {
	const char *name;
	struct tensor *t;           /* type and shape; its data is written when `constant` */
	bool constant;
	size_t scales;
	float scale[64];
	int64_t zero[64];
	int32_t axis;
	/* For what struct tensor does not have; 0, NULL: as it says. */
	int type;                   /* of the schema */
	const void *raw;            /* data */
	size_t raw_bytes;
	bool open;                  /* the shape's signature says -1 for dimension 0 */
	uint32_t buffer;            /* another tensor's: its index + 1 */
};

/* An option: `bytes` 1 or 4 (ints and floats), or a vector of int32. */
struct made_option {
	unsigned field;
	size_t bytes;
	uint32_t value;
	size_t ints;
	int32_t v[MADE_INTS];
};

struct made_node {
	int32_t number;             /* BuiltinOperator */
	int union_type;             /* of its options */
	size_t inputs, outputs, options;
	int32_t input[MADE_TENSORS], output[MADE_TENSORS];
	struct made_option option[MADE_OPTIONS];
};

struct made {
	struct made_tensor tensor[MADE_TENSORS];
	struct made_node node[MADE_NODES];
	int32_t input[MADE_IOS], output[MADE_IOS];
	size_t tensors, nodes, inputs, outputs;
	uint32_t version, subgraphs; /* 0: 3 and 1 */
	const char *custom;         /* name of the custom operator */
	uint8_t *data;              /* the file */
	size_t size, room;
};

/* ---- bytes */

static inline size_t made_bytes(struct made *m, const void *from, size_t count, size_t align)
{
	size_t at = (m->size + align - 1) / align * align;
	if (at + count > m->room) {
		m->room = 2 * (at + count) + 1024;
		if (!(m->data = realloc(m->data, m->room)))
			abort();
	}
	memset(m->data + m->size, 0, at + count - m->size);
	if (from && count)
		memcpy(m->data + at, from, count);
	m->size = at + count;
	return at;
}

static inline void made_refer(struct made *m, size_t at, size_t target)
{
	uint32_t offset = (uint32_t)(target - at);
	memcpy(m->data + at, &offset, sizeof offset);
}

struct made_field {
	size_t bytes;               /* 0: left out, 1, 4, 8 */
	uint64_t value;
};

/* Writes vtable and table; at[i] is where field i lies. Returns where the table lies. */
static inline size_t made_table(struct made *m, const struct made_field *field, size_t fields, size_t at[MADE_FIELDS])
{
	uint16_t vtable[2 + MADE_FIELDS] = {(uint16_t)(4 + 2 * fields), 4};
	for (size_t i = 0; i < fields; i++) {
		if (!field[i].bytes)
			continue;
		size_t place = (vtable[1] + field[i].bytes - 1) / field[i].bytes * field[i].bytes;
		vtable[2 + i] = (uint16_t)place;
		vtable[1] = (uint16_t)(place + field[i].bytes);
	}
	made_bytes(m, NULL, 0, 8);
	size_t length = 4 + 2 * fields, pad = (8 - length % 8) % 8; /* so that the table begins at a multiple of 8 */
	made_bytes(m, NULL, pad, 1);
	size_t v = made_bytes(m, vtable, length, 1), table = made_bytes(m, NULL, vtable[1], 1);
	int32_t back = (int32_t)(table - v);
	memcpy(m->data + table, &back, sizeof back);
	for (size_t i = 0; i < fields; i++) {
		at[i] = table + vtable[2 + i];
		if (field[i].bytes)
			memcpy(m->data + at[i], &field[i].value, field[i].bytes);
	}
	return table;
}

/* A vector that the reference at `from` refers to. Returns where element 0 lies. */
static inline size_t made_vector(struct made *m, size_t from, const void *element, size_t bytes, size_t count)
{
	uint32_t n = (uint32_t)count;
	size_t at = made_bytes(m, &n, sizeof n, 4);
	made_refer(m, from, at);
	return made_bytes(m, element, bytes * count, 4);
}

/* ---- the schema's tables */

static const struct made_field made_ref = {4, 0}, made_none = {0, 0};

static inline uint64_t made_type(enum tensor_type t)
{
	static const unsigned char number[TENSOR_TYPE_COUNT] = {[TENSOR_FLOAT32] = 0, [TENSOR_INT32] = 2, [TENSOR_UINT8] = 3, [TENSOR_INT64] = 4,
	                                                        [TENSOR_BOOL] = 6, [TENSOR_INT16] = 7, [TENSOR_INT8] = 9, [TENSOR_FLOAT64] = 10,
	                                                        [TENSOR_UINT16] = 16};
	return number[t];
}

static inline void made_quant(struct made *m, size_t from, const struct made_tensor *t)
{
	size_t at[MADE_FIELDS];
	const struct made_field field[7] = {made_none, made_none, made_ref, made_ref, made_none, made_none, {4, (uint32_t)t->axis}};
	made_refer(m, from, made_table(m, field, 7, at));
	made_vector(m, at[2], t->scale, sizeof t->scale[0], t->scales);
	made_vector(m, at[3], t->zero, sizeof t->zero[0], t->scales);
}

/* Buffer i + 1 is tensor i's. */
static inline void made_one_tensor(struct made *m, size_t from, size_t i)
{
	const struct made_tensor *t = &m->tensor[i];
	size_t at[MADE_FIELDS];
	int32_t dim[TENSOR_MAX_RANK];
	const struct made_field field[8] = {made_ref, {1, t->type ? (uint64_t)t->type : made_type(t->t->type)}, {4, t->buffer ? t->buffer : i + 1},
	                                    made_ref, t->scales ? made_ref : made_none, made_none, made_none, t->open ? made_ref : made_none};
	for (unsigned d = 0; d < t->t->rank; d++)
		dim[d] = (int32_t)t->t->dim[d];
	made_refer(m, from, made_table(m, field, t->open ? 8 : 5, at));
	made_vector(m, at[0], dim, sizeof dim[0], t->t->rank);
	made_vector(m, at[3], t->name, 1, strlen(t->name));
	if (t->scales)
		made_quant(m, at[4], t);
	if (t->open) {
		dim[0] = -1;
		made_vector(m, at[7], dim, sizeof dim[0], t->t->rank);
	}
}

static inline void made_one_node(struct made *m, size_t from, size_t i)
{
	const struct made_node *n = &m->node[i];
	size_t at[MADE_FIELDS], inner[MADE_FIELDS];
	struct made_field options[MADE_FIELDS] = {{0, 0}};
	const struct made_field field[5] = {{4, i}, made_ref, made_ref, {1, (uint64_t)n->union_type}, made_ref};
	made_refer(m, from, made_table(m, field, n->union_type ? 5 : 3, at));
	made_vector(m, at[1], n->input, sizeof n->input[0], n->inputs);
	made_vector(m, at[2], n->output, sizeof n->output[0], n->outputs);
	if (!n->union_type)
		return;
	size_t fields = 0;
	for (size_t j = 0; j < n->options; j++) {
		const struct made_option *o = &n->option[j];
		options[o->field] = o->bytes ? (struct made_field){o->bytes, o->value} : made_ref;
		fields = o->field >= fields ? o->field + 1 : fields;
	}
	made_refer(m, at[4], made_table(m, options, fields, inner));
	for (size_t j = 0; j < n->options; j++)
		if (!n->option[j].bytes)
			made_vector(m, inner[n->option[j].field], n->option[j].v, sizeof(int32_t), n->option[j].ints);
}

static inline void made_one_code(struct made *m, size_t from, size_t i)
{
	size_t at[MADE_FIELDS];
	int32_t number = m->node[i].number;
	const struct made_field field[4] = {{1, (uint64_t)(number < 127 ? number : 127)}, m->custom ? made_ref : made_none, made_none, {4, (uint32_t)number}};
	made_refer(m, from, made_table(m, field, 4, at));
	if (m->custom)
		made_vector(m, at[1], m->custom, 1, strlen(m->custom));
}

static inline void made_one_buffer(struct made *m, size_t from, size_t i)
{
	size_t at[MADE_FIELDS];
	const struct made_tensor *t = i ? &m->tensor[i - 1] : NULL;
	bool full = t && t->constant && !t->buffer;
	const struct made_field field[1] = {full ? made_ref : made_none};
	made_refer(m, from, made_table(m, field, 1, at));
	if (full)
		made_vector(m, at[0], t->raw ? t->raw : t->t->data, 1, t->raw ? t->raw_bytes : t->t->count * tensor_type_bytes(t->t->type));
}

static inline void made_many(struct made *m, size_t from, size_t count, void (*one)(struct made *m, size_t from, size_t i))
{
	size_t at = made_vector(m, from, NULL, 4, count);
	for (size_t i = 0; i < count; i++)
		one(m, at + 4 * i, i);
}

static inline void made_one_subgraph(struct made *m, size_t from, size_t i)
{
	size_t at[MADE_FIELDS];
	const struct made_field field[4] = {made_ref, made_ref, made_ref, made_ref};
	(void)i;
	made_refer(m, from, made_table(m, field, 4, at));
	made_many(m, at[0], m->tensors, made_one_tensor);
	made_vector(m, at[1], m->input, sizeof m->input[0], m->inputs);
	made_vector(m, at[2], m->output, sizeof m->output[0], m->outputs);
	made_many(m, at[3], m->nodes, made_one_node);
}

/* Writes the file into m->data and m->size. */
static inline void made_file(struct made *m)
{
	size_t at[MADE_FIELDS];
	const struct made_field field[5] = {{4, m->version ? m->version : 3}, made_ref, made_ref, made_none, made_ref};
	m->size = 0;
	made_bytes(m, "\0\0\0\0TFL3", 8, 1);
	made_refer(m, 0, made_table(m, field, 5, at));
	made_many(m, at[1], m->nodes, made_one_code);
	made_many(m, at[2], m->subgraphs ? m->subgraphs : 1, made_one_subgraph);
	made_many(m, at[4], m->tensors + 1, made_one_buffer);
}

static inline void made_free(struct made *m)
{
	for (size_t i = 0; i < m->tensors; i++)
		tensor_free(m->tensor[i].t);
	free(m->data);
	memset(m, 0, sizeof *m);
}

#endif
