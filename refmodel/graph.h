/*
 * graph.h: a network: values (tensors by name), nodes (operators with attributes), inputs and outputs. Front ends build it, execute.h runs it.
 *
 * Values and nodes are known by their index. The graph owns everything in it; graph_free() takes it all.
 */
#ifndef BITLET_GRAPH_H
#define BITLET_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "tensor.h"

enum { GRAPH_NONE = -1 };       /* no value, no node */

enum graph_attribute_type { GRAPH_INT, GRAPH_FLOAT, GRAPH_STRING, GRAPH_INTS, GRAPH_FLOATS, GRAPH_TENSOR, GRAPH_OTHER };

struct graph_attribute {
	char *name;
	enum graph_attribute_type type;
	int64_t i;
	float f;
	char *s;
	int64_t *ints;
	float *floats;
	size_t count;               /* of ints or floats */
	struct tensor *tensor;
};

struct graph_node {
	char *name;                 /* never NULL: the file's name, or the first output's when the file has none, or "" */
	char *op;                   /* operator; "domain.Op" when it is not ONNX's own */
	int *input;                 /* value indices; GRAPH_NONE: left out */
	size_t inputs;
	int *output;                /* value indices; GRAPH_NONE: not wanted */
	size_t outputs;
	struct graph_attribute *attribute;
	size_t attributes;
};

/* What integers of a value stand for: real = scale * (code - zero). TFLite's; ONNX has nodes for it. */
struct graph_quant {
	size_t count;               /* 1, or one a slice of dimension `axis` */
	float *scale;               /* finite, above 0 */
	int32_t *zero;
	unsigned axis;
};

struct graph_value {
	char *name;
	struct tensor *constant;    /* weights; NULL for what is computed or given */
	int producer;               /* node, or GRAPH_NONE */
	bool is_input;
	bool typed;                 /* type and shape are declared (graph inputs; outputs where the file says; all of TFLite) */
	enum tensor_type type;
	unsigned rank;
	int64_t dim[TENSOR_MAX_RANK]; /* -1: any */
	struct graph_quant *quant;  /* NULL: none */
};

struct graph {
	char *name;                 /* where it came from, for messages */
	int64_t opset;              /* ONNX operator set version */
	struct graph_node *node;
	size_t nodes;
	struct graph_value *value;
	size_t values;
	int *input, *output;        /* value indices */
	size_t inputs, outputs;
	size_t *order;              /* node indices, producers first; after graph_sort() */
	struct graph_block *blocks; /* memory, see graph_alloc() */
	int *table;                 /* hash table of values by name */
	size_t table_size;          /* power of two */
};

struct graph *graph_new(const char *name);
void graph_free(struct graph *g);

/* Zeroed memory for count elements that lives as long as the graph; NULL with *f set when there is none. count may be 0. */
void *graph_alloc(struct graph *g, size_t count, size_t size, struct fault *f);
char *graph_strdup(struct graph *g, const char *s, struct fault *f);

/* Index of the value of that name, added when new; GRAPH_NONE with *f set when memory runs out. */
int graph_value_add(struct graph *g, const char *name, struct fault *f);
/* Index, or GRAPH_NONE. */
int graph_value_find(const struct graph *g, const char *name);

/*
 * Sets producers and the order, keeping the file's order where possible. Faults: a value produced twice or also given as input or weights,
 * a value used and never produced, a cycle, an output that nothing gives.
 */
bool graph_sort(struct graph *g, struct fault *f);

/* NULL when the node has no such attribute. */
const struct graph_attribute *graph_attribute_find(const struct graph_node *n, const char *name);

/* Sets "node 'name' (Op): what". Returns false. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool graph_node_fault(const struct graph_node *n, struct fault *f, const char *format, ...);

#endif
