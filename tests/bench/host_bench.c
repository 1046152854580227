/*
 * Speed of the host's convolutions and products in GMAC/s: build/host_bench [THREADS [SECONDS]]; by default one thread and half a second a case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host_op.h"

enum { MAX_INPUTS = 8 };

struct bench_case {
	const char *name, *op;
	int64_t x[5], w[5];         /* shapes, ended by 0 */
	int64_t group, stride, pad; /* 0: no such attribute */
};

static const struct bench_case cases[] = {
	{"3x3, 64 to 64", "Conv", {1, 64, 56, 56}, {64, 64, 3, 3}, 1, 1, 1},
	{"3x3 first layer", "Conv", {1, 3, 224, 224}, {32, 3, 3, 3}, 1, 2, 1},
	{"9x9, 32 to 3", "Conv", {1, 32, 128, 128}, {3, 32, 9, 9}, 1, 1, 4},
	{"pointwise", "Conv", {1, 144, 56, 56}, {24, 144, 1, 1}, 1, 1, 0},
	{"pointwise, 7x7", "Conv", {1, 960, 7, 7}, {320, 960, 1, 1}, 1, 1, 0},
	{"pointwise, 1x1", "Conv", {1, 1280, 1, 1}, {1000, 1280, 1, 1}, 1, 1, 0},
	{"depthwise", "Conv", {1, 144, 56, 56}, {144, 1, 3, 3}, 144, 1, 1},
	{"depthwise, stride 2", "Conv", {1, 144, 56, 56}, {144, 1, 3, 3}, 144, 2, 1},
	{"depthwise, 7x7", "Conv", {1, 960, 7, 7}, {960, 1, 3, 3}, 960, 1, 1},
	{"3x3, 64 to 64", "QLinearConv", {1, 64, 56, 56}, {64, 64, 3, 3}, 1, 1, 1},
	{"3x3 first layer", "QLinearConv", {1, 3, 224, 224}, {32, 3, 3, 3}, 1, 2, 1},
	{"pointwise", "QLinearConv", {1, 144, 56, 56}, {24, 144, 1, 1}, 1, 1, 0},
	{"pointwise out", "QLinearConv", {1, 24, 56, 56}, {144, 24, 1, 1}, 1, 1, 0},
	{"pointwise, 7x7", "QLinearConv", {1, 960, 7, 7}, {320, 960, 1, 1}, 1, 1, 0},
	{"depthwise", "QLinearConv", {1, 144, 56, 56}, {144, 1, 3, 3}, 144, 1, 1},
	{"depthwise, stride 2", "QLinearConv", {1, 144, 56, 56}, {144, 1, 3, 3}, 144, 2, 1},
	{"512 x 512 x 512", "MatMul", {512, 512}, {512, 512}, 0, 0, 0},
	{"12 heads of 128 x 64 x 128", "MatMul", {12, 128, 64}, {12, 64, 128}, 0, 0, 0},
	{"vector, 1280 to 1000", "Gemm", {1, 1280}, {1280, 1000}, 0, 0, 0},
	{"128 x 768 x 768", "QLinearMatMul", {128, 768}, {768, 768}, 0, 0, 0},
};

static _Noreturn void stop(const char *what)
{
	fprintf(stderr, "host_bench: %s\n", what);
	exit(2);
}

static struct tensor *filled(enum tensor_type t, const int64_t *dim)
{
	struct fault f = {""};
	size_t rank = 0;
	while (rank < 5 && dim[rank])
		rank++;
	struct tensor *x = tensor_new(t, rank, dim, &f);
	if (!x)
		stop(f.text);
	uint32_t state = 1;
	for (size_t i = 0; i < x->count; i++) {
		state = state * 1664525 + 1013904223;
		if (t == TENSOR_FLOAT32)
			((float *)x->data)[i] = (float)(int32_t)state / 2147483648.0f;
		else
			((int8_t *)x->data)[i] = (int8_t)(state >> 24);
	}
	return x;
}

static struct tensor *scalar(enum tensor_type t)
{
	struct fault f = {""};
	struct tensor *x = tensor_new(t, 0, NULL, &f);
	if (!x)
		stop(f.text);
	if (t == TENSOR_FLOAT32)
		*(float *)x->data = 0.01f;
	return x;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t make_attributes(const struct bench_case *b, struct graph_attribute a[3], int64_t strides[2], int64_t pads[4])
{
	if (!b->group)
		return 0;
	for (size_t i = 0; i < 4; i++)
		pads[i] = b->pad;
	strides[0] = strides[1] = b->stride;
	a[0] = (struct graph_attribute){.name = "group", .type = GRAPH_INT, .i = b->group};
	a[1] = (struct graph_attribute){.name = "strides", .type = GRAPH_INTS, .ints = strides, .count = 2};
	a[2] = (struct graph_attribute){.name = "pads", .type = GRAPH_INTS, .ints = pads, .count = 4};
	return 3;
}

/* The seconds of one run; *macs: multiply-adds by the budget's own count. */
static double run_once(struct host_call *c, uint64_t *macs)
{
	struct host_budget budget = {(uint64_t)1 << 40, (uint64_t)1 << 60};
	c->budget = &budget;
	double start = now();
	if (!host_op_find(c->node->op)->run(c))
		stop(c->fault->text);
	double seconds = now() - start;
	tensor_free(c->out[0]);
	c->out[0] = NULL;
	*macs = ((uint64_t)1 << 60) - budget.steps;
	return seconds;
}

static void run_case(const struct bench_case *b, unsigned threads, double seconds)
{
	bool codes = !strncmp(b->op, "QLinear", 7);
	enum tensor_type type = codes ? TENSOR_INT8 : TENSOR_FLOAT32;
	struct graph g = {.opset = 13};
	struct graph_attribute attribute[3];
	int64_t strides[2], pads[4];
	struct tensor *in[MAX_INPUTS] = {filled(type, b->x)}, *out[1] = {NULL};
	for (size_t i = 1; codes && i < MAX_INPUTS; i++)
		in[i] = i == 3 ? NULL : scalar(i == 2 || i == 5 || i == 7 ? TENSOR_INT8 : TENSOR_FLOAT32);
	in[codes ? 3 : 1] = filled(type, b->w);
	struct graph_node n = {.name = "n", .op = (char *)b->op, .inputs = codes ? 8 : 2, .outputs = 1, .attribute = attribute};
	n.attributes = make_attributes(b, attribute, strides, pads);
	struct fault f = {""};
	struct host_call c = {.graph = &g, .node = &n, .in = (const struct tensor *const *)in, .out = out, .fault = &f, .threads = threads};
	uint64_t macs;
	double best = run_once(&c, &macs), end = now() + seconds;
	while (now() < end) {
		double s = run_once(&c, &macs);
		best = s < best ? s : best;
	}
	printf("%-14s %-28s %8.2f MMAC %8.3f ms %7.2f GMAC/s\n", b->op, b->name, (double)macs / 1e6, best * 1e3, (double)macs / best / 1e9);
	fflush(stdout);
	for (size_t i = 0; i < MAX_INPUTS; i++)
		tensor_free(in[i]);
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
	double seconds = argc > 2 ? strtod(argv[2], NULL) : 0.5;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		run_case(&cases[i], threads, seconds);
	return 0;
}
