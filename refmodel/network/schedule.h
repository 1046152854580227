/*
 * schedule.h: what happens when a network runs: the order of steps, host or core, and where every tensor of the core lies in memory.
 *
 *     memory:  [arena: activations and results of core steps, reused] [layer 0: weights, params, program] [layer 1: ...] ...
 *
 * One schedule serves model and RTL: a core step is one program at one address of one image. The host starts each and does the operators in between.
 * Activations that a core step before left in memory just as they are needed stay there; all others the host writes.
 */
#ifndef BITLET_SCHEDULE_H
#define BITLET_SCHEDULE_H

#include "execute.h"
#include "image.h"
#include "lower.h"
#include "tile.h"

struct schedule_options {
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	int mode;                   /* of nodes that mode_of does not know; LOWER_AUTO */
	/* A node's mode: index, or LOWER_AUTO. NULL: `mode` for all. */
	int (*mode_of)(void *context, const struct graph_node *n);
	/* Calibrated largest |activation| of a float node, 0: none. NULL: none. */
	float (*act_top_of)(void *context, const struct graph_node *n);
	void *context;
};

struct schedule_step {
	size_t node;                /* index in graph->node */
	bool on_core;
	char why[120];              /* a convolution or product on the host: why; else "" */
	/* core steps: */
	struct lower_layer layer;
	struct compiled compiled;   /* its image is empty: the bytes are in schedule.image. Program, act, out are final addresses */
	uint64_t base;              /* weights, parameters, program: [base, base + bytes) */
	size_t bytes;
	uint64_t operand;           /* address of B of a product (LAYER_MATMUL) */
	bool in_place;              /* the activations are the result of a core step before: the host writes none */
};

struct schedule_memory {        /* bytes */
	size_t arena, arena_without_reuse, weights, params, programs; /* the arena lies at image.base */
};

struct schedule {
	const struct graph *graph;
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	struct shapes shapes;
	struct schedule_step *step; /* in order */
	size_t steps, core_steps;
	struct image image;         /* the whole network's */
	struct schedule_memory memory;
};

/*
 * Lowers and compiles everything. input as of shapes_of(). A layer that the compiler cannot do goes to the host with the compiler's words in `why`.
 * Graph, config and derived must outlive the schedule. False, *f set, *s empty otherwise.
 */
bool schedule_new(const struct graph *g, const struct tensor *const *input, const struct schedule_options *o, struct schedule *s, struct fault *f);
void schedule_free(struct schedule *s);

/* What a run does at its steps. Any may be NULL. */
struct schedule_hooks {
	/* Before the program of a core step runs: its operands are in the image. False with *f set ends the run. */
	bool (*ready)(void *context, const struct schedule_step *step, const struct image *m, struct fault *f);
	/* Runs the program of a core step on the image: false with *f set, also when the program ends at a fault. NULL: by the interpreter. */
	bool (*core)(void *context, const struct schedule_step *step, struct image *m, struct fault *f);
	/* After each step: outputs are in e->value[]. */
	bool (*after)(void *context, const struct schedule_step *step, const struct execution *e, struct fault *f);
	void *context;
	unsigned threads;           /* of the interpreter and of the host's operators; 0: 1 */
	bool keep;                  /* keep all values; else each one goes after its last use (outputs of the network stay) */
};

/*
 * Runs all steps. input: as execute(), of the shapes that the schedule was made for. h: NULL: no hooks. On good end *e holds the values (execution_free() takes it). The image's arena is overwritten; runs may follow
 * one another. False with *f set otherwise.
 */
bool schedule_run(struct schedule *s, const struct tensor *const *input, const struct schedule_hooks *h, struct execution *e, struct fault *f);

#endif
