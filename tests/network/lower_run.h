/*
 * lower_run.h: every layer of a network through lowering, compiler and interpreter, against the host's operator for the same node.
 */
#ifndef BITLET_TEST_LOWER_RUN_H
#define BITLET_TEST_LOWER_RUN_H

#include <math.h>
#include <string.h>

#include "config_load.h"
#include "execute.h"
#include "interpret.h"
#include "lower.h"
#include "tile.h"

struct lower_run {
	struct bitlet_config config;
	struct bitlet_derived derived;
	unsigned layers, kept;      /* nodes that the core did, and layers that stayed on the host */
	char why[512];              /* of the last one that stayed */
	double worst;               /* of floats: largest error in parts of the layer's largest output */
};

static inline double lower_run_distance(const struct tensor *a, const struct tensor *b)
{
	double top = 0, worst = 0;
	for (size_t i = 0; i < a->count; i++) {
		top = fmax(top, fabs(tensor_number(a, i)));
		worst = fmax(worst, fabs(tensor_number(a, i) - tensor_number(b, i)));
	}
	return worst > 0 ? worst / top : 0;
}

/* The core's output of a lowered layer; ends the test when it cannot be had. */
static inline struct tensor *lower_run_core(const struct lower_run *r, struct lower_layer *l, const struct execution *e, bool *refused, char *why)
{
	struct fault f = {""};
	struct compiled p;
	struct interpret_result result;
	if (!lower_operands(l, &r->derived, e->value[l->act], l->weights == GRAPH_NONE ? NULL : e->value[l->weights], &f))
		fail_msg("%s", f.text);
	*refused = !compile_layer(&l->task, &r->config, &r->derived, &p, &f);
	if (*refused) {
		snprintf(why, sizeof r->why, "%s", f.text);
		return NULL;
	}
	assert_true(interpret(&r->config, &r->derived, &p.image, p.program, p.program_bytes, 1, &result, &f));
	assert_int_equal(result.error.fault, CORE_FAULT_NONE);
	struct tensor *y = lower_result(l, e->value[l->out], image_at(&p.image, p.out, p.out_bytes), &f);
	if (!y)
		fail_msg("%s", f.text);
	compiled_free(&p);
	return y;
}

/* All nodes of an executed graph in `mode`. Codes must be equal, floats within `tolerance` of the layer's largest output. */
static inline void lower_run_nodes(struct lower_run *r, const struct graph *g, const struct shapes *s, const struct execution *e, int mode, double tolerance)
{
	for (size_t i = 0; i < g->nodes; i++) {
		struct lower_layer l;
		struct fault why = {""};
		bool refused;
		int good = lower_node(g, s, i, &r->config, &r->derived, mode, &l, &why);
		if (good < 0)
			fail_msg("%s", why.text);
		if (good == 0) {
			r->kept += why.text[0] != '\0';
			if (why.text[0])
				memcpy(r->why, why.text, sizeof r->why);
			continue;
		}
		struct tensor *y = lower_run_core(r, &l, e, &refused, r->why);
		r->kept += refused;
		r->layers += !refused;
		if (y) {
			double off = lower_run_distance(e->value[l.out], y);
			r->worst = off > r->worst ? off : r->worst;
			if (l.exact && l.task.output.format != FORMAT_FP32 ? !tensor_equal(y, e->value[l.out]) : off > tolerance)
				fail_msg("%s: node '%s' is off by %g", g->name, g->node[i].name, off);
			tensor_free(y);
		}
		lower_free(&l);
	}
}

static inline int lower_run_mode(const struct lower_run *r, const char *name)
{
	for (unsigned m = 0; m < r->derived.modes; m++)
		if (!strcmp(r->derived.mode[m].precision.name, name))
			return (int)m;
	fail_msg("no precision %s", name);
	return 0;
}

static inline void lower_run_open(struct lower_run *r, const char *preset)
{
	memset(r, 0, sizeof *r);
	assert_true(config_load(preset, &r->config, stderr));
	bitlet_derive(&r->config, &r->derived);
}

static inline void lower_run_graph(struct lower_run *r, const struct graph *g, struct tensor *const *input, int mode, double tolerance)
{
	const struct tensor *const *in = (const struct tensor *const *)input;
	struct shapes s;
	struct execution e;
	struct fault f = {""};
	if (!shapes_of(g, in, &s, &f) || !execute(g, in, NULL, &e, &f))
		fail_msg("%s", f.text);
	lower_run_nodes(r, g, &s, &e, mode, tolerance);
	execution_free(&e);
	shapes_free(&s);
}

#endif
