/*
 * layer_case.h: one random layer in its memory, with what must come out: for `bitlet check --layers`.
 */
#ifndef BITLET_LAYER_CASE_H
#define BITLET_LAYER_CASE_H

#include "interpret.h"
#include "machine.h"
#include "random_layer.h"
#include "tile.h"

enum { LAYER_CASE_TEXT = 256 };

struct layer_case {
	const struct bitlet_derived *derived;
	enum layer_op op;
	unsigned mode;              /* its precision */
	char text[LAYER_CASE_TEXT]; /* shape and precision */
	struct compiled program;    /* its image stays as compiled */
	struct image image;         /* where a machine runs */
	struct image want;          /* what the interpreter makes of it */
	struct interpret_result expect;
	struct memory_config memory; /* random behaviour */
	bool wild;                  /* memory is not the default */
	char problem[LAYER_CASE_TEXT]; /* interpreter and oracle differ; "" when they agree */
};

/* Layer `number` of a seed: equal arguments, equal case. cycles: about how long it may run. False after a message to err; nothing is to be freed then. */
bool layer_case_make(struct layer_case *l, const struct bitlet_config *c, const struct bitlet_derived *d, uint64_t seed, uint64_t number, uint64_t cycles,
                     FILE *err);
void layer_case_free(struct layer_case *l);

/* The image as compiled, before another run. */
void layer_case_rewind(struct layer_case *l);

/*
 * Is the run that ended with *r the right one: a good end, all bytes of memory, flags, position, and the counters that do not depend on time? Otherwise
 * a line about the first thing that is wrong goes to text[LAYER_CASE_TEXT].
 */
bool layer_case_judge(const struct layer_case *l, const struct machine_result *r, char *text);

#endif
