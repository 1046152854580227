/*
 * quantize_command.c: `bitlet quantize`.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "image_run.h"
#include "onnx_save.h"
#include "precision_map.h"
#include "quant_cost.h"
#include "quant_report.h"
#include "quantize_options.h"
#include "quantize_prepare.h"

static bool load_arrays(struct quant_report *r, struct tensor **images, struct tensor **labels, struct fault *f)
{
	const struct quantize_command *o = r->options;
	size_t batch;
	*images = npy_load(o->images, f);
	if (!*images)
		return false;
	if (!image_batch(r->plan.graph, *images, &batch, f))
		return fault_prefix(f, o->images);
	*labels = o->labels ? npy_load(o->labels, f) : NULL;
	if (o->labels && !*labels)
		return false;
	r->judge = (struct quant_judge){.images = *images, .labels = *labels, .threads = o->threads};
	return true;
}

/* Which images calibrate and which are looked at. */
static bool share_images(struct quant_report *r, struct fault *f)
{
	const struct quantize_command *o = r->options;
	size_t all = (size_t)r->judge.images->dim[0];
	if (all == 0)
		return fault_set(f, "%s: no image; expected one or more", o->images);
	r->calibrated = o->image_count ? o->image_count : all < 100 ? all : 100;
	if (r->calibrated > all)
		return fault_set(f, "%s: %zu images; --image-count wants %zu", o->images, all, r->calibrated);
	r->judge.count = o->check_count ? o->check_count : r->calibrated;
	if (r->judge.count > all)
		return fault_set(f, "%s: %zu images; --check-count wants %zu", o->images, all, r->judge.count);
	r->judge.first = all - r->calibrated >= r->judge.count ? r->calibrated : 0;
	return true;
}

/* ---- precisions without search */

static bool from_file(struct quant_report *r, struct precision_map *map, struct fault *f)
{
	const struct quantize_command *o = r->options;
	if (!o->precisions)
		return true;
	if (!precision_map_load(o->precisions, map, f))
		return false;
	const struct precision_rule *idle = precision_map_idle(map, r->plan.graph);
	return !idle || fault_set(f, "%s:%u:1: no node is called '%.80s'; expected names of the network's nodes", o->precisions, idle->line, idle->pattern);
}

static bool set_precisions(struct quant_report *r, struct fault *f)
{
	const struct quantize_command *o = r->options;
	struct precision_map map = {NULL, 0, 0};
	struct bitlet_precision rest;
	bitlet_precision_parse("fp32", &rest);
	if (o->has_precision)
		rest = o->precision;
	bool good = from_file(r, &map, f);
	for (size_t i = 0; good && i < r->plan.layers; i++) {
		const struct bitlet_precision *p = precision_map_find(&map, quant_report_name(r, i));
		r->precision[i] = p ? *p : rest;
	}
	precision_map_free(&map);
	return good;
}

/* ---- search */

static bool search(struct quant_report *r, struct fault *f)
{
	const struct quantize_command *o = r->options;
	const struct bitlet_config *c = o->has_config ? &o->config : NULL;
	r->cost = calloc(r->plan.layers * o->candidates, sizeof *r->cost);
	if (!r->cost)
		return fault_set(f, "out of memory");
	if (!quant_cost(&r->plan, c, c ? &o->derived : NULL, o->candidate, o->candidates, r->cost, r->macs, f))
		return false;
	struct quant_search s = {.plan = &r->plan, .calibration = &r->calibration, .options = &o->options, .judge = &r->judge, .candidate = o->candidate,
	                         .candidates = o->candidates, .cost = r->cost, .accuracy_budget = o->accuracy, .cost_budget = o->cycles,
	                         .progress = quant_report_progress, .context = r};
	if (!quant_search(&s, &r->found, f))
		return false;
	for (size_t i = 0; i < r->plan.layers; i++)
		r->precision[i] = o->candidate[r->found.choice[i]];
	return true;
}

static bool choose(struct quant_report *r, struct fault *f)
{
	struct bitlet_precision any;
	if (r->options->search)
		return search(r, f);
	bitlet_precision_parse("int8", &any);
	double *ignored = calloc(r->plan.layers, sizeof *ignored);
	bool good = ignored ? quant_cost(&r->plan, NULL, NULL, &any, 1, ignored, r->macs, f) : fault_set(f, "out of memory");
	free(ignored);
	return good && set_precisions(r, f);
}

/* ---- files */

static bool save_precisions(const struct quant_report *r, struct fault *f)
{
	struct precision_map map = {NULL, 0, 0};
	bool good = true;
	for (size_t i = 0; good && i < r->plan.layers; i++)
		good = precision_map_set(&map, quant_report_name(r, i), &r->precision[i]) || fault_set(f, "out of memory");
	good = good && precision_map_save(&map, r->options->save, f);
	precision_map_free(&map);
	return good;
}

static bool save(const struct quant_report *r, const struct graph *g, struct fault *f)
{
	const struct quantize_command *o = r->options;
	return (!o->output || onnx_save(o->output, g, f)) && (!o->save || save_precisions(r, f));
}

/* The network in the precisions chosen, looked at, written. */
static bool finish(struct quant_report *r, struct fault *f)
{
	struct graph *g = quantize_network(&r->plan, &r->calibration, &r->options->options, r->precision, r->result, f);
	bool good = g && quant_judge(&r->judge, g, &r->verdict, f) && save(r, g, f);
	graph_free(g);
	return good;
}

static bool allocate(struct quant_report *r, struct fault *f)
{
	size_t layers = r->plan.layers;
	r->precision = calloc(layers, sizeof *r->precision);
	r->result = calloc(layers, sizeof *r->result);
	r->macs = calloc(layers, sizeof *r->macs);
	return (r->precision && r->result && r->macs) || fault_set(f, "out of memory for %zu layers", layers);
}

static bool quantize(struct quant_report *r, const struct graph *g, struct tensor **images, struct tensor **labels, struct fault *f)
{
	const struct quantize_command *o = r->options;
	if (!quant_plan_new(g, &r->plan, f))
		return fault_prefix(f, o->model);
	if (!allocate(r, f) || !load_arrays(r, images, labels, f) || !share_images(r, f))
		return false;
	if (!calibrate(&r->plan, *images, 0, r->calibrated, o->threads, &r->calibration, f) || !quant_judge_open(&r->judge, g, f))
		return fault_prefix(f, o->model);
	return choose(r, f) && (o->search && !r->found.met ? true : finish(r, f));
}

int command_quantize(int argc, char **argv)
{
	static struct quantize_command o; /* large */
	enum options_verdict verdict = quantize_options_parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	struct fault f = {""};
	struct quant_report r = {.options = &o};
	struct tensor *images = NULL, *labels = NULL;
	struct graph *g = quantize_prepare(o.model, &f);
	bool good = g && quantize(&r, g, &images, &labels, &f);
	quant_report_progress_end(&r);
	int status = !good ? EXIT_INPUT : o.search && !r.found.met ? EXIT_NO : EXIT_GOOD;
	if (!good)
		fprintf(stderr, "bitlet quantize: %s\n", f.text);
	else if (!quant_report(&r, stdout, stderr))
		status = EXIT_INPUT;
	quant_report_free(&r);
	tensor_free(labels);
	tensor_free(images);
	graph_free(g);
	return status;
}
