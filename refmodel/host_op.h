/*
 * host_op.h: operators in C, one row each in host_ops.def: what a network needs beside the accelerator, and all of it for reference.
 *
 * An operator gets its input tensors, checks types and shapes (a damaged file can bring anything) and makes its output tensors.
 */
#ifndef BITLET_HOST_OP_H
#define BITLET_HOST_OP_H

#include "graph.h"

/* What a run may still use up; keeps damaged files from taking all memory or all day. */
struct host_budget {
	uint64_t bytes;             /* of tensors */
	uint64_t steps;             /* of innermost loops: multiply-adds and the like */
};

struct host_call {
	const struct graph *graph;
	const struct graph_node *node;
	const struct tensor *const *in; /* [node->inputs]; NULL: left out */
	struct tensor **out;        /* [node->outputs], all NULL at first; the caller frees them, also after a fault */
	struct host_budget *budget;
	struct fault *fault;
	bool dry;                   /* shapes only: outputs get no data, inputs may have none (shapes.h) */
	unsigned threads;           /* for operators that can share their work; 0 and 1: one */
};

struct host_op {
	const char *name;           /* ONNX operator */
	unsigned least_inputs, most_inputs, most_outputs; /* the first least_inputs inputs may not be left out */
	const char *attributes;     /* those that it understands */
	bool (*run)(struct host_call *c);
};

/* Operators of ONNX, and TFLite's (tflite_ops.h). NULL when there is no such operator. */
const struct host_op *host_op_find(const char *name);

/* ONNX's operators, by row; NULL behind the last. */
const struct host_op *host_op_row(size_t i);

/* Numbers of inputs and outputs, and attribute names. */
bool host_op_check(const struct host_op *op, const struct graph_node *n, struct fault *f);

/* Input i, or NULL when it was left out. */
const struct tensor *host_in(const struct host_call *c, size_t i);

/* Sets "node 'name' (Op): ...". Returns false. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
bool host_fault(struct host_call *c, const char *format, ...);

/* Input i must be of type t. */
bool host_type(struct host_call *c, size_t i, enum tensor_type t);
/* A fault that names input i's type; `expected` lists those that were possible. */
bool host_type_fault(struct host_call *c, size_t i, const char *expected);

/*
 * Makes output i (of zeros; in a dry run without data: the operator then returns before it touches any); NULL with the fault set. An output that
 * nobody wants is made too.
 */
struct tensor *host_out(struct host_call *c, size_t i, enum tensor_type t, size_t rank, const int64_t *dim);
struct tensor *host_out_like(struct host_call *c, size_t i, const struct tensor *t);

/*
 * For data that decides shapes (a Reshape's new shape, the bounds of a Slice): a fault when input i has no data in a dry run, because it is computed
 * from the network's inputs. True for an input that is left out.
 */
bool host_known(struct host_call *c, size_t i);

/* Takes a * b * d steps off the budget; a fault when there are not so many. */
bool host_steps(struct host_call *c, uint64_t a, uint64_t b, uint64_t d);

/* Scratch memory: malloc with the fault set; free() takes it. */
void *host_scratch(struct host_call *c, size_t count, size_t size);

#endif
