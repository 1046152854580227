/*
 * graph_text.h: small networks for tests, written as text, made ONNX by onnx_build.h and loaded. One statement a line or between semicolons:
 *
 *     in x f32 1x3x8x8                    an input
 *     w k f32 4x3x3x3                     random weights: floats of -1..1, codes of the type's range, or `w k i8 4x3x3x3 -5 5`
 *     c s f32 1 0.5                       given weights, as many numbers as elements; a scalar's shape is -
 *     Conv x k -> y pads=1,1,1,1 group=2  a node: inputs (-: left out), outputs, attributes: ints with a comma, floats with a point, words, one int
 *     out y                               an output of the network
 *
 * Operators of other domains are written with them (bitlet.QConv). The seed decides random weights and inputs. What is wrong ends the test program.
 */
#ifndef BITLET_TEST_GRAPH_TEXT_H
#define BITLET_TEST_GRAPH_TEXT_H

#include <stdio.h>

#include "graph.h"
#include "../refmodel/onnx_build.h"
#include "onnx_load.h"

struct text_graph {
	struct build build;
	struct graph *graph;
	struct tensor *input[BUILD_MAX];
	uint32_t seed;
};

static inline uint32_t text_random(struct text_graph *t)
{
	t->seed = t->seed * 1664525u + 1013904223u;
	return t->seed >> 8;
}

static inline void text_fault(const char *what, const char *where)
{
	fprintf(stderr, "graph_text: %s: %s\n", what, where);
	abort();
}

static inline enum tensor_type text_type(const char *word)
{
	static const struct {
		const char *word;
		enum tensor_type type;
	} types[] = {{"f32", TENSOR_FLOAT32}, {"u8", TENSOR_UINT8}, {"i8", TENSOR_INT8}, {"u16", TENSOR_UINT16}, {"i16", TENSOR_INT16}, {"i32", TENSOR_INT32},
	             {"i64", TENSOR_INT64}};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (!strcmp(types[i].word, word))
			return types[i].type;
	text_fault("no such type", word);
	return TENSOR_FLOAT32;
}

static inline size_t text_shape(const char *word, int64_t dim[TENSOR_MAX_RANK], size_t *count)
{
	size_t rank = 0;
	*count = 1;
	for (char *at = (char *)(uintptr_t)word; strcmp(word, "-") && *at; at += *at == 'x') {
		dim[rank] = strtoll(at, &at, 10);
		*count *= (size_t)dim[rank++];
	}
	return rank;
}

static inline void text_store(void *data, enum tensor_type t, size_t i, double v)
{
	struct tensor view = {.type = t, .data = data};
	switch (t) {
	case TENSOR_FLOAT32: ((float *)view.data)[i] = (float)v; break;
	case TENSOR_UINT8: ((uint8_t *)view.data)[i] = (uint8_t)v; break;
	case TENSOR_INT8: ((int8_t *)view.data)[i] = (int8_t)v; break;
	case TENSOR_UINT16: ((uint16_t *)view.data)[i] = (uint16_t)v; break;
	case TENSOR_INT16: ((int16_t *)view.data)[i] = (int16_t)v; break;
	case TENSOR_INT32: ((int32_t *)view.data)[i] = (int32_t)v; break;
	case TENSOR_INT64: ((int64_t *)view.data)[i] = (int64_t)v; break;
	default: text_fault("type", "store");
	}
}

/* low > high: the type's own range. */
static inline void text_fill(struct text_graph *g, void *data, enum tensor_type t, size_t count, double low, double high)
{
	bool is_unsigned = t == TENSOR_UINT8 || t == TENSOR_UINT16;
	int bits = 8 * (int)tensor_type_bytes(t);
	for (size_t i = 0; i < count; i++) {
		double share = text_random(g) / (double)0xffffff;
		if (t == TENSOR_FLOAT32) {
			text_store(data, t, i, low > high ? 2 * share - 1 : low + (high - low) * share);
			continue;
		}
		double least = low <= high ? low : is_unsigned ? 0 : -(double)(1u << (bits > 24 ? 10 : bits - 1));
		double most = low <= high ? high : is_unsigned ? (double)((1u << bits) - 1) : -least - 1;
		text_store(data, t, i, least + (double)(int64_t)(share * (most - least + 0.999)));
	}
}

static inline void text_weight(struct text_graph *g, char **word, size_t words)
{
	int64_t dim[TENSOR_MAX_RANK];
	size_t count, rank = text_shape(word[3], dim, &count);
	enum tensor_type t = text_type(word[2]);
	void *data = calloc(count + 1, 8);
	bool given = !strcmp(word[0], "c");
	if (given && words != 4 + count)
		text_fault("numbers", word[1]);
	for (size_t i = 0; given && i < count; i++)
		text_store(data, t, i, strtod(word[4 + i], NULL));
	if (!given)
		text_fill(g, data, t, count, words > 5 ? strtod(word[4], NULL) : 1, words > 5 ? strtod(word[5], NULL) : 0);
	build_weight(&g->build, word[1], t, rank, dim, data, count * tensor_type_bytes(t));
	free(data);
}

static inline void text_attribute(struct text_graph *g, Onnx__NodeProto *n, const char *word)
{
	struct build *b = &g->build;
	char name[64];
	const char *value = strchr(word, '=') + 1;
	snprintf(name, sizeof name, "%.*s", (int)(value - word - 1), word);
	if (strchr(value, ',')) {
		int64_t v[16];
		size_t count = 0;
		for (char *at = (char *)(uintptr_t)value; *at; at += *at == ',')
			v[count++] = strtoll(at, &at, 10);
		build_ints(b, n, name, count, v);
	} else if (strpbrk(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
		Onnx__AttributeProto *a = build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
		a->has_s = 1;
		a->s.data = (uint8_t *)build_text(b, value);
		a->s.len = strlen(value);
	} else if (strchr(value, '.')) {
		Onnx__AttributeProto *a = build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
		a->has_f = 1;
		a->f = strtof(value, NULL);
	} else {
		Onnx__AttributeProto *a = build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
		a->has_i = 1;
		a->i = strtoll(value, NULL, 10);
	}
}

static inline void text_node(struct text_graph *g, char **word, size_t words)
{
	char inputs[400] = "", outputs[200] = "";
	size_t at = 1;
	for (; at < words && strcmp(word[at], "->"); at++)
		snprintf(inputs + strlen(inputs), sizeof inputs - strlen(inputs), "%s ", word[at]);
	for (at++; at < words && !strchr(word[at], '='); at++)
		snprintf(outputs + strlen(outputs), sizeof outputs - strlen(outputs), "%s ", word[at]);
	const char *op = strrchr(word[0], '.') ? strrchr(word[0], '.') + 1 : word[0];
	char name[100];
	snprintf(name, sizeof name, "%.80s", outputs);
	name[strlen(name) - 1] = '\0';
	Onnx__NodeProto *n = build_node(&g->build, op, name, inputs, outputs);
	if (op != word[0]) {
		n->domain = build_text(&g->build, word[0]);
		n->domain[op - word[0] - 1] = '\0';
	}
	for (; at < words; at++)
		text_attribute(g, n, word[at]);
}

static inline void text_line(struct text_graph *g, char *line)
{
	char *word[256], *save = NULL;
	size_t words = 0;
	for (char *w = strtok_r(line, " \t", &save); w; w = strtok_r(NULL, " \t", &save))
		word[words++] = w;
	if (!words)
		return;
	if (!strcmp(word[0], "in")) {
		int64_t dim[TENSOR_MAX_RANK];
		struct fault f = {""};
		size_t count, rank = text_shape(word[3], dim, &count), i = g->build.graph.n_input;
		enum tensor_type t = text_type(word[2]);
		build_input(&g->build, word[1], t, rank, dim);
		g->input[i] = tensor_new(t, rank, dim, &f);
		text_fill(g, g->input[i]->data, t, count, words > 5 ? strtod(word[4], NULL) : 1, words > 5 ? strtod(word[5], NULL) : 0);
	} else if (!strcmp(word[0], "out")) {
		for (size_t i = 1; i < words; i++)
			build_output(&g->build, word[i]);
	} else if (!strcmp(word[0], "w") || !strcmp(word[0], "c")) {
		text_weight(g, word, words);
	} else {
		text_node(g, word, words);
	}
}

/* The loaded graph, plain; inputs in its order. */
static inline void text_graph_new(struct text_graph *g, const char *text, uint32_t seed)
{
	struct fault f = {""};
	memset(g, 0, sizeof *g);
	g->seed = seed;
	build_start(&g->build, 13);
	char *copy = strdup(text), *save = NULL;
	for (char *line = strtok_r(copy, ";\n", &save); line; line = strtok_r(NULL, ";\n", &save))
		text_line(g, line);
	free(copy);
	build_bytes(&g->build);
	g->graph = onnx_parse(g->build.bytes, g->build.size, "test", NULL, &f);
	if (!g->graph)
		text_fault(f.text, text);
}

static inline void text_graph_free(struct text_graph *g)
{
	for (size_t i = 0; i < BUILD_MAX; i++)
		tensor_free(g->input[i]);
	graph_free(g->graph);
	build_free(&g->build);
}

#endif
