/*
 * quant_search.h: a precision for each layer under a budget.
 *
 * Every layer starts in the first candidate. Each step that saves something (one layer into one cheaper candidate) is tried alone: how much farther the outputs
 * are from the float network's then is its sensitivity. The steps are taken in the order of sensitivity per saved cost, smallest first: under an accuracy budget
 * a step that would break it is taken back; under a cost budget until the total is low enough.
 */
#ifndef BITLET_QUANT_SEARCH_H
#define BITLET_QUANT_SEARCH_H

#include "quant_judge.h"
#include "quantize_network.h"

enum { QUANT_CANDIDATES = 16 };

struct quant_search {
	const struct quant_plan *plan;
	const struct calibration *calibration;
	const struct quantize_options *options;
	const struct quant_judge *judge;
	const struct bitlet_precision *candidate; /* [candidates] */
	size_t candidates;          /* 1..QUANT_CANDIDATES */
	const double *cost;         /* [layers][candidates], above 0 */
	double accuracy_budget;     /* with labels: share of the images that may be lost; without: largest mean relative error. Below 0: no such budget */
	double cost_budget;         /* 0: no such budget */
	/* Called before each run of all images; NULL: not wanted. */
	void (*progress)(void *context, size_t done, size_t total);
	void *context;
};

struct quant_search_result {
	size_t *choice;             /* [layers]: index of the candidate */
	double *error;              /* [layers][candidates]: mean relative error of the outputs with that change alone; the start's where nothing changes */
	struct quant_verdict start, end;
	double start_cost, end_cost;
	bool met;                   /* the budget is kept; else even the start breaks it, or the cheapest of all costs too much */
};

/* False with *f set; quant_search_free() takes what is in *r. */
bool quant_search(const struct quant_search *s, struct quant_search_result *r, struct fault *f);
void quant_search_free(struct quant_search_result *r);

#endif
