#include "quant_search.h"

#include <stdlib.h>

/* One layer into one candidate. */
struct step {
	size_t layer, candidate;
	double rate;                /* sensitivity per saved cost */
};

struct searcher {
	const struct quant_search *s;
	struct quant_search_result *r;
	struct bitlet_precision *precision; /* [layers], of the run */
	struct step *step;
	size_t steps;
	size_t runs, total;
	struct fault *f;
};

static double cost_of(const struct quant_search *s, size_t layer, size_t candidate)
{
	return s->cost[layer * s->candidates + candidate];
}

static double total_cost(const struct quant_search *s, const size_t *choice)
{
	double sum = 0;
	for (size_t i = 0; i < s->plan->layers; i++)
		sum += cost_of(s, i, choice[i]);
	return sum;
}

/* All layers in their choices, on all images. */
static bool try(struct searcher *k, struct quant_verdict *v)
{
	const struct quant_search *s = k->s;
	for (size_t i = 0; i < s->plan->layers; i++)
		k->precision[i] = s->candidate[k->r->choice[i]];
	if (s->progress)
		s->progress(s->context, k->runs, k->total);
	k->runs++;
	struct graph *g = quantize_network(s->plan, s->calibration, s->options, k->precision, NULL, k->f);
	bool good = g && quant_judge(s->judge, g, v, k->f);
	graph_free(g);
	return good;
}

static bool within(const struct searcher *k, const struct quant_verdict *v)
{
	const struct quant_judge *j = k->s->judge;
	if (k->s->accuracy_budget < 0)
		return true;
	if (!j->labels)
		return v->error <= k->s->accuracy_budget;
	double lost = ((double)quant_judge_correct(j) - (double)v->correct) / (double)j->count;
	return lost <= k->s->accuracy_budget + 1e-12;
}

static bool find_steps(struct searcher *k)
{
	const struct quant_search *s = k->s;
	struct quant_search_result *r = k->r;
	for (size_t i = 0; i < s->plan->layers; i++)
		for (size_t c = 0; c < s->candidates; c++) {
			double saved = cost_of(s, i, 0) - cost_of(s, i, c);
			struct quant_verdict v;
			r->error[i * s->candidates + c] = r->start.error;
			if (saved <= 0)
				continue;
			r->choice[i] = c;
			if (!try(k, &v))
				return false;
			r->choice[i] = 0;
			r->error[i * s->candidates + c] = v.error;
			double more = v.error > r->start.error ? v.error - r->start.error : 0;
			k->step[k->steps++] = (struct step){i, c, more / saved};
		}
	return true;
}

static int by_rate(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	if (x->rate != y->rate)
		return x->rate < y->rate ? -1 : 1;
	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	return x->candidate < y->candidate ? -1 : x->candidate > y->candidate;
}

/* Takes step after step; what an accuracy budget forbids is taken back. */
static bool take_steps(struct searcher *k)
{
	const struct quant_search *s = k->s;
	struct quant_search_result *r = k->r;
	qsort(k->step, k->steps, sizeof *k->step, by_rate);
	for (size_t i = 0; i < k->steps; i++) {
		size_t layer = k->step[i].layer, before = r->choice[layer], next = k->step[i].candidate;
		if (s->cost_budget > 0 && total_cost(s, r->choice) <= s->cost_budget)
			break;
		if (cost_of(s, layer, next) >= cost_of(s, layer, before))
			continue;
		struct quant_verdict v;
		r->choice[layer] = next;
		if (s->accuracy_budget < 0)
			continue;
		if (!try(k, &v))
			return false;
		if (!within(k, &v))
			r->choice[layer] = before;
	}
	return true;
}

static bool search(struct searcher *k)
{
	const struct quant_search *s = k->s;
	struct quant_search_result *r = k->r;
	k->total = 2 + (s->accuracy_budget < 0 ? 1 : 2) * s->plan->layers * (s->candidates - 1); /* at most */
	if (!try(k, &r->start))
		return false;
	r->start_cost = total_cost(s, r->choice);
	bool start_good = within(k, &r->start);
	if (!find_steps(k) || (start_good && !take_steps(k)) || !try(k, &r->end))
		return false;
	r->end_cost = total_cost(s, r->choice);
	r->met = start_good && (s->cost_budget <= 0 || r->end_cost <= s->cost_budget);
	return true;
}

bool quant_search(const struct quant_search *s, struct quant_search_result *r, struct fault *f)
{
	size_t layers = s->plan->layers, changes = layers * s->candidates;
	*r = (struct quant_search_result){.met = false};
	struct searcher k = {.s = s, .r = r, .f = f};
	k.precision = calloc(layers, sizeof *k.precision);
	k.step = calloc(changes, sizeof *k.step);
	r->choice = calloc(layers, sizeof *r->choice);
	r->error = calloc(changes, sizeof *r->error);
	bool good = (k.precision && k.step && r->choice && r->error) || fault_set(f, "out of memory");
	good = good && search(&k);
	free(k.precision);
	free(k.step);
	if (!good)
		quant_search_free(r);
	return good;
}

void quant_search_free(struct quant_search_result *r)
{
	free(r->choice);
	free(r->error);
	*r = (struct quant_search_result){.met = false};
}
