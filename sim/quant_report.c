#include "quant_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "json_file.h"

const char *quant_report_name(const struct quant_report *r, size_t layer)
{
	return r->plan.graph->node[r->plan.layer[layer].node].name;
}

static const char *op_of(const struct quant_report *r, size_t layer)
{
	return r->plan.graph->node[r->plan.layer[layer].node].op;
}

void quant_report_progress(void *report, size_t done, size_t total)
{
	struct quant_report *r = report;
	if (!r->progressing)
		progress_start(&r->progress, stderr, total);
	r->progressing = true;
	progress_step(&r->progress, done > r->progress.done ? done - r->progress.done : 0, "search");
}

void quant_report_progress_end(struct quant_report *r)
{
	if (r->progressing)
		progress_clear(&r->progress);
	r->progressing = false;
}

/* Signal over noise in dB; noise 0 is exact. */
static const char *decibel(double noise, char text[16])
{
	snprintf(text, 16, noise > 0 ? "%.1f" : "exact", noise > 0 ? -10 * log10(noise) : 0.0);
	return text;
}

static void print_layers(const struct quant_report *r, FILE *out)
{
	fprintf(out, "%-32s %-14s %12s %-9s %11s %10s %12s %8s\n", "layer", "operator", "MACs/image", "precision", "weights dB", "input dB", "input scale", "zero");
	for (size_t i = 0; i < r->plan.layers; i++) {
		const struct bitlet_precision *p = &r->precision[i];
		const struct quantize_result *q = &r->result[i];
		char w[16] = "-", a[16] = "-";
		fprintf(out, "%-32.32s %-14.14s %12" PRIu64 " %-9s", quant_report_name(r, i), op_of(r, i), r->macs[i], p->name);
		if (p->is_float) {
			fprintf(out, " %11s %10s\n", w, a);
			continue;
		}
		if (r->plan.constant[r->plan.layer[i].weights])
			decibel(q->weight_noise, w);
		fprintf(out, " %11s %10s %12.5g %8" PRId32 "%s\n", w, decibel(q->act_noise, a), (double)q->act.scale, q->act.zero, q->float_bias ? "  bias stays float" : "");
	}
}

static void print_search(const struct quant_report *r, FILE *out)
{
	const struct quantize_command *o = r->options;
	const char *unit = o->has_config ? "cycles" : "8x8-bit products";
	fprintf(out, "each change alone: mean relative error of the outputs, %s an image\n%-32s", unit, "layer");
	for (size_t c = 0; c < o->candidates; c++)
		fprintf(out, " %10s %12s", o->candidate[c].name, "");
	fprintf(out, "  chosen\n");
	for (size_t i = 0; i < r->plan.layers; i++) {
		fprintf(out, "%-32.32s", quant_report_name(r, i));
		for (size_t c = 0; c < o->candidates; c++)
			fprintf(out, " %9.3f%% %12.0f", 100 * r->found.error[i * o->candidates + c], r->cost[i * o->candidates + c]);
		fprintf(out, "  %s\n", o->candidate[r->found.choice[i]].name);
	}
	fprintf(out, "%s an image: %.0f with %s throughout, %.0f as chosen\n", unit, r->found.start_cost, o->candidate[0].name, r->found.end_cost);
	if (!r->found.met)
		fprintf(out, "the budget cannot be kept: %s\n", o->cycles > 0 && r->found.end_cost > o->cycles ? "the cheapest choice costs more"
		                                                                                            : "the first candidate throughout loses more");
}

static void print_verdict(const struct quant_report *r, const char *what, const struct quant_verdict *v, FILE *out)
{
	double count = (double)r->judge.count / 100;
	fprintf(out, "%-10s mean relative error %.3f%%, same class %zu of %zu (%.1f%%)", what, 100 * v->error, v->same, r->judge.count, (double)v->same / count);
	if (r->judge.labels)
		fprintf(out, ", correct %zu (%.1f%%)", v->correct, (double)v->correct / count);
	fputc('\n', out);
}

static void print_float_note(const struct quant_report *r, FILE *out)
{
	for (size_t i = 0; i < r->plan.layers; i++)
		if (r->precision[i].is_float && r->precision[i].man_bits < 23) {
			fprintf(out, "weights of %s layers are rounded in the file; their activations are rounded by the hardware when it runs them in that precision\n",
			        r->precision[i].name);
			return;
		}
}

/* ---- JSON */

static void add_verdict(cJSON *o, const char *name, const struct quant_report *r, const struct quant_verdict *v)
{
	cJSON *k = cJSON_AddObjectToObject(o, name);
	cJSON_AddNumberToObject(k, "mean_relative_error", v->error);
	cJSON_AddNumberToObject(k, "same_class", (double)v->same);
	if (r->judge.labels)
		cJSON_AddNumberToObject(k, "correct", (double)v->correct);
}

static void add_choices(cJSON *row, const struct quant_report *r, size_t layer)
{
	const struct quantize_command *o = r->options;
	cJSON *list = cJSON_AddArrayToObject(row, "candidates");
	for (size_t c = 0; c < o->candidates; c++) {
		cJSON *k = cJSON_CreateObject();
		cJSON_AddStringToObject(k, "precision", o->candidate[c].name);
		cJSON_AddNumberToObject(k, "mean_relative_error", r->found.error[layer * o->candidates + c]);
		cJSON_AddNumberToObject(k, o->has_config ? "cycles" : "products", r->cost[layer * o->candidates + c]);
		cJSON_AddItemToArray(list, k);
	}
}

static cJSON *layer_object(const struct quant_report *r, size_t i)
{
	const struct quantize_result *q = &r->result[i];
	cJSON *row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "name", quant_report_name(r, i));
	cJSON_AddStringToObject(row, "op", op_of(r, i));
	cJSON_AddNumberToObject(row, "macs", (double)r->macs[i]);
	cJSON_AddStringToObject(row, "precision", r->precision[i].name);
	if (!r->precision[i].is_float && q->act.scale > 0) {
		cJSON_AddNumberToObject(row, "weight_noise", q->weight_noise);
		cJSON_AddNumberToObject(row, "input_noise", q->act_noise);
		cJSON_AddNumberToObject(row, "input_scale", (double)q->act.scale);
		cJSON_AddNumberToObject(row, "input_zero", q->act.zero);
		cJSON_AddBoolToObject(row, "float_bias", q->float_bias);
	}
	if (r->options->search)
		add_choices(row, r, i);
	return row;
}

static bool write_json(const struct quant_report *r, FILE *err)
{
	const struct quantize_command *o = r->options;
	cJSON *all = cJSON_CreateObject(), *layers = cJSON_AddArrayToObject(all, "layers");
	cJSON_AddStringToObject(all, "network", o->model);
	cJSON_AddNumberToObject(all, "calibration_images", (double)r->calibrated);
	cJSON_AddNumberToObject(all, "images", (double)r->judge.count);
	cJSON_AddNumberToObject(all, "first_image", (double)r->judge.first);
	if (r->judge.labels)
		cJSON_AddNumberToObject(all, "float_correct", (double)quant_judge_correct(&r->judge));
	for (size_t i = 0; i < r->plan.layers; i++)
		cJSON_AddItemToArray(layers, layer_object(r, i));
	if (o->search) {
		cJSON_AddBoolToObject(all, "met", r->found.met);
		add_verdict(all, "start", r, &r->found.start);
	}
	add_verdict(all, "result", r, o->search ? &r->found.end : &r->verdict);
	bool good = json_write(all, o->json, "quantize", err);
	cJSON_Delete(all);
	return good;
}

bool quant_report(const struct quant_report *r, FILE *out, FILE *err)
{
	const struct quantize_command *o = r->options;
	if (o->search)
		print_search(r, out);
	if (!o->search || r->found.met)
		print_layers(r, out);
	fprintf(out, "calibrated on images 1 to %zu, checked on images %zu to %zu\n", r->calibrated, r->judge.first + 1, r->judge.first + r->judge.count);
	if (r->judge.labels)
		fprintf(out, "%-10s correct %zu of %zu (%.1f%%)\n", "fp32", quant_judge_correct(&r->judge), r->judge.count,
		        100 * (double)quant_judge_correct(&r->judge) / (double)r->judge.count);
	if (o->search)
		print_verdict(r, o->candidate[0].name, &r->found.start, out);
	print_verdict(r, o->search ? "chosen" : "quantised", o->search ? &r->found.end : &r->verdict, out);
	print_float_note(r, out);
	if ((!o->search || r->found.met) && o->output)
		fprintf(out, "wrote %s\n", o->output);
	return !o->json || write_json(r, err);
}

void quant_report_free(struct quant_report *r)
{
	quant_judge_free(&r->judge);
	calibration_free(&r->calibration);
	quant_plan_free(&r->plan);
	quant_search_free(&r->found);
	free(r->precision);
	free(r->result);
	free(r->macs);
	free(r->cost);
}
