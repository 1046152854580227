#include "quant_cost.h"

#include <string.h>

#include "lower.h"
#include "tile.h"

static double products_of(const struct bitlet_precision *p, uint64_t macs)
{
	unsigned w = p->is_float ? p->man_bits + 1u : p->w_bits, a = p->is_float ? p->man_bits + 1u : p->a_bits;
	return (double)macs * w * a / 64;
}

static int mode_of(const struct bitlet_derived *d, const struct bitlet_precision *p)
{
	for (unsigned i = 0; i < d->modes; i++)
		if (!strcmp(d->mode[i].precision.name, p->name))
			return (int)i;
	return -1;
}

/* Lowers and compiles the layer in that mode for its estimate. */
static bool cycles_of(const struct quant_plan *p, const struct shapes *s, const struct bitlet_config *c, const struct bitlet_derived *d, size_t node, int mode,
                      double *cycles, struct fault *f)
{
	struct lower_layer l;
	struct compiled k;
	struct fault why = {""};
	const struct graph_node *n = &p->graph->node[node];
	int found = lower_node(p->graph, s, node, c, d, mode, &l, &why);
	if (found <= 0)
		return graph_node_fault(n, f, "cannot run in %s on this configuration: %s", d->mode[mode].precision.name, why.text);
	bool good = compile_layer(&l.task, c, d, &k, &why) || graph_node_fault(n, f, "%s: %s", d->mode[mode].precision.name, why.text);
	if (good) {
		*cycles = k.estimate ? (double)k.estimate : 1;
		compiled_free(&k);
	}
	lower_free(&l);
	return good;
}

static bool fill(const struct quant_plan *p, const struct shapes *s, const struct bitlet_config *c, const struct bitlet_derived *d,
                 const struct bitlet_precision *precision, size_t precisions, double *cost, uint64_t *macs, struct fault *f)
{
	for (size_t i = 0; i < p->layers; i++) {
		macs[i] = s->steps[p->layer[i].node];
		for (size_t j = 0; j < precisions; j++) {
			double *to = &cost[i * precisions + j];
			int mode = c ? mode_of(d, &precision[j]) : 0;
			if (mode < 0)
				return fault_set(f, "configuration %s has no precision %s", c->name, precision[j].name);
			if (!c)
				*to = products_of(&precision[j], macs[i] ? macs[i] : 1);
			else if (!cycles_of(p, s, c, d, p->layer[i].node, mode, to, f))
				return false;
		}
	}
	return true;
}

bool quant_cost(const struct quant_plan *p, const struct bitlet_config *c, const struct bitlet_derived *d, const struct bitlet_precision *precision, size_t precisions,
                double *cost, uint64_t *macs, struct fault *f)
{
	struct shapes s;
	if (!shapes_of(p->graph, NULL, &s, f))
		return false;
	bool good = fill(p, &s, c, d, precision, precisions, cost, macs, f);
	shapes_free(&s);
	return good;
}
