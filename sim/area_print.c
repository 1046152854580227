/*
 * area_print.c: the tables of area_report.h as text. What a figure is stands in its heading: reported, synthesised, modelled or simulated.
 */
#include <math.h>
#include <string.h>

#include "area_paper.h"

static void print_percent(double share, FILE *out)
{
	fprintf(out, " %12.1f%%", 100 * share);
}

/* A figure that may be missing. */
static void print_number(double value, int decimals, int width, FILE *out)
{
	if (value > 0)
		fprintf(out, " %*.*f", width, decimals, value);
	else
		fprintf(out, " %*s", width, "-");
}

/* ---- shares ---- */

static void print_paper_shares(const struct area_paper *p, FILE *out)
{
	double sum = 0;
	char name[64];
	for (size_t i = 0; i < PAPER_CATEGORIES; i++)
		sum += p->mm2[i];
	snprintf(name, sizeof name, "%s, as printed", p->name);
	fprintf(out, "%-34s %-12s", name, "reported");
	for (size_t i = 0; i < PAPER_CATEGORIES; i++)
		print_percent(p->share[i], out);
	fprintf(out, " %13s\n", "-");
	snprintf(name, sizeof name, "%s, of its mm2", p->name);
	fprintf(out, "%-34s %-12s", name, "reported");
	for (size_t i = 0; i < PAPER_CATEGORIES; i++)
		print_percent(p->mm2[i] / sum, out);
	fprintf(out, " %13s\n", "-");
}

static void print_shares(const struct area_report *r, FILE *out)
{
	fprintf(out, "Area of a PE by category, in share\n%-34s %-12s %13s %13s %13s %13s %13s %13s\n", "", "", "preprocessing", "orch, decoder", "RR-reg, check", "adder tree",
	        "postprocess", "other");
	for (size_t i = 0; i < AREA_NODES; i++)
		print_paper_shares(&area_paper[i], out);
	for (size_t k = 0; k < r->summaries; k++) {
		const struct area_summary *s = &r->summary[k];
		if (!s->has_categories)
			continue;
		fprintf(out, "%-34.34s %-12s", s->name, "synthesised");
		for (size_t i = 0; i < AREA_CATEGORIES; i++)
			print_percent(s->share[i], out);
		fprintf(out, "\n");
	}
	fprintf(out, "The paper contradicts itself here: table 9's percentages do not follow from its areas (0.570 of 1.542 mm2 is 37.0%%, printed 35.9%%; 0.131 is 8.5%%,\n"
	             "printed 9.6%%), and table 10's areas sum to 5.843 mm2 beside a total of 5.8.\n");
}

/* ---- scaling ---- */

static double scaled_mm2(const struct area_report *r, const struct area_summary *s, const struct area_node *n)
{
	return s->kge * 1000 * n->nand2_um2 * r->pes * 1e-6;
}

static void print_scaling(const struct area_report *r, FILE *out)
{
	const struct area_node *a = &r->node[0], *b = &r->node[1];
	fprintf(out, "\nArea of %u PEs\n%-34s %14s %16s %15s %15s\n", r->pes, "", "kGE a PE", "um2 a PE", "mm2 at 28 nm", "mm2 at 65 nm");
	fprintf(out, "%-34s %14s %16s %15s %15s\n", "", "synthesised", "synthesised", "modelled", "modelled");
	fprintf(out, "%-34s %14s %16s %15.3f %15.3f  reported\n", "paper, 32 PEs, N = 64", "-", "-", area_paper[0].total_mm2, area_paper[1].total_mm2);
	for (size_t k = 0; k < r->summaries; k++) {
		const struct area_summary *s = &r->summary[k];
		fprintf(out, "%-34.34s %14.3f %16.1f %15.3f %15.3f  %s\n", s->name, s->kge, s->area_um2, scaled_mm2(r, s, a), scaled_mm2(r, s, b), s->library);
	}
	fprintf(out, "Model of area: kGE x the node's 2-input NAND, %.3g um2 at 28 nm and %.3g um2 at 65 nm (assumed: usual nine-track libraries; --nand2 sets them),\n"
	             "no wires, no utilisation. The two are in a ratio of %.2f; the paper's two totals, of one design, in one of %.2f, so no such model can meet both.\n",
	        a->nand2_um2, b->nand2_um2, b->nand2_um2 / a->nand2_um2, area_paper[1].total_mm2 / area_paper[0].total_mm2);
}

/* ---- figures of merit ---- */

static const struct area_run *run_of(const struct area_report *r, const struct area_summary *s, size_t *at)
{
	for (; *at < r->runs; ++*at)
		if (!strcmp(r->run[*at].config, s->name))
			return &r->run[(*at)++];
	return NULL;
}

static void print_merit_row(const struct area_summary *s, const struct area_run *run, FILE *out)
{
	double rate = run ? area_run_rate(run) : 0;
	fprintf(out, "%-24.24s %-8s %-24.24s %-6s %-9s", s->name, s->engine, run ? run->layer : "-", run ? run->precision : "-", run ? run->source : "-");
	print_number(rate, 3, 9, out);
	print_number(s->kge, 2, 8, out);
	print_number(rate / s->kge, 4, 10, out);
	print_number(s->fmax_mhz, 0, 8, out);
	print_number(2 * rate * s->fmax_mhz / 1000, 2, 8, out);
	fprintf(out, "\n");
}

static void print_merits(const struct area_report *r, FILE *out)
{
	fprintf(out, "\nThroughput of one PE by area; a MAC counts as two operations\n");
	fprintf(out, "%-24s %-8s %-24s %-6s %-9s %9s %8s %10s %8s %8s\n", "configuration", "engine", "layer", "", "cycles", "MAC/cycle", "kGE", "MAC/c/kGE", "MHz", "GOP/s");
	for (size_t k = 0; k < r->summaries; k++) {
		size_t at = 0;
		const struct area_run *run = run_of(r, &r->summary[k], &at);
		do
			print_merit_row(&r->summary[k], run, out);
		while (run && (run = run_of(r, &r->summary[k], &at)));
	}
	fprintf(out, "kGE and MHz (clock of the timing mapping, ideal clock, no wires): synthesised. MAC/cycle: as the column `cycles` says. Products: of both.\n");
}

static void print_powers(const struct area_report *r, FILE *out)
{
	fprintf(out, "\nPower of one PE\n%-34s %11s %8s %9s %9s %10s %15s %15s\n", "", "mW", "at MHz", "MAC/cycle", "pJ/MAC", "GOP/s/W", "GOP/s/W, 28 nm", "GOP/s/W, 65 nm");
	for (size_t i = 0; i < PAPER_PRECISIONS; i++)
		fprintf(out, "paper, %-4s, peak / power of 32 PEs  %8s %8d %9s %9s %10s %15.0f %15.0f  reported\n", area_paper_precision[i], "-", 1000, "-", "-", "-",
		        area_paper_gops[i] * 1000 / area_paper[0].power_mw[i], area_paper_gops[i] * 1000 / area_paper[1].power_mw[i]);
	for (size_t k = 0; k < r->summaries; k++) {
		const struct area_summary *s = &r->summary[k];
		const struct area_node *own = area_library_node(s->library);
		double energy = area_energy(s);
		fprintf(out, "%-34.34s", s->name);
		print_number(s->power_mw, 4, 11, out);
		print_number(s->power_mhz, 0, 8, out);
		print_number(s->power_mac, 3, 9, out);
		print_number(energy, 3, 9, out);
		print_number(energy > 0 ? 2000 / energy : 0, 0, 10, out);
		for (size_t i = 0; i < AREA_NODES; i++)
			print_number(own && energy > 0 ? 2000 / (energy * area_energy_factor(own, &r->node[i])) : 0, 0, 15, out);
		fprintf(out, "\n");
	}
	fprintf(out, "mW, pJ/MAC, GOP/s/W: synthesised, with the activity of a simulated layer. 28 and 65 nm: modelled, energy x (nm / library's nm) x (V / library's V)^2 at\n"
	             "%.2g and %.2g V, leakage scaled alike. The paper contradicts itself here, too: tables 6 and 7 imply one constant power of 0.201 W for 16b and 8b.\n",
	        r->node[0].volt, r->node[1].volt);
}

void area_report_print(const struct area_report *r, FILE *out)
{
	print_shares(r, out);
	print_scaling(r, out);
	print_merits(r, out);
	print_powers(r, out);
}

/* ---- JSON ---- */

/* Rounded to six significant digits: no more are meant. */
static void add_number(cJSON *o, const char *name, double value)
{
	char text[32];
	snprintf(text, sizeof text, "%.6g", value);
	if (value > 0)
		cJSON_AddRawToObject(o, name, text);
}

static void add_shares(cJSON *o, const double *share, size_t count)
{
	cJSON *list = cJSON_AddObjectToObject(o, "share");
	for (size_t i = 0; i < count; i++)
		cJSON_AddNumberToObject(list, area_category_key[i], round(1e4 * share[i]) / 1e4);
}

static cJSON *paper_object(const struct area_paper *p)
{
	cJSON *o = cJSON_CreateObject(), *gops = cJSON_AddObjectToObject(o, "gops_per_watt");
	cJSON_AddStringToObject(o, "name", p->name);
	cJSON_AddStringToObject(o, "source", "reported");
	add_shares(o, p->share, PAPER_CATEGORIES);
	cJSON *mm2 = cJSON_AddObjectToObject(o, "mm2");
	for (size_t i = 0; i < PAPER_CATEGORIES; i++)
		cJSON_AddNumberToObject(mm2, area_category_key[i], p->mm2[i]);
	cJSON_AddNumberToObject(o, "total_mm2", p->total_mm2);
	for (size_t i = 0; i < PAPER_PRECISIONS; i++)
		add_number(gops, area_paper_precision[i], area_paper_gops[i] * 1000 / p->power_mw[i]);
	return o;
}

static cJSON *run_object(const struct area_summary *s, const struct area_run *run)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "model", run->model);
	cJSON_AddStringToObject(o, "layer", run->layer);
	cJSON_AddStringToObject(o, "precision", run->precision);
	cJSON_AddStringToObject(o, "cycles_source", run->source);
	add_number(o, "mac_per_cycle", area_run_rate(run));
	add_number(o, "mac_per_cycle_per_kge", area_run_rate(run) / s->kge);
	add_number(o, "gops_at_fmax", 2 * area_run_rate(run) * s->fmax_mhz / 1000);
	return o;
}

static cJSON *modelled_object(const struct area_report *r, const struct area_summary *s)
{
	const struct area_node *own = area_library_node(s->library);
	cJSON *list = cJSON_CreateArray();
	for (size_t i = 0; i < AREA_NODES; i++) {
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "source", "modelled");
		cJSON_AddNumberToObject(o, "nm", r->node[i].nm);
		cJSON_AddNumberToObject(o, "nand2_um2", r->node[i].nand2_um2);
		cJSON_AddNumberToObject(o, "volt", r->node[i].volt);
		cJSON_AddNumberToObject(o, "pes", r->pes);
		add_number(o, "mm2", scaled_mm2(r, s, &r->node[i]));
		if (own && area_energy(s) > 0) {
			add_number(o, "energy_factor", area_energy_factor(own, &r->node[i]));
			add_number(o, "gops_per_watt", 2000 / (area_energy(s) * area_energy_factor(own, &r->node[i])));
		}
		cJSON_AddItemToArray(list, o);
	}
	return list;
}

static cJSON *summary_object(const struct area_report *r, const struct area_summary *s)
{
	cJSON *o = cJSON_CreateObject(), *runs;
	cJSON_AddStringToObject(o, "name", s->name);
	cJSON_AddStringToObject(o, "file", s->path);
	cJSON_AddStringToObject(o, "engine", s->engine);
	cJSON_AddStringToObject(o, "library", s->library);
	cJSON_AddStringToObject(o, "source", "synthesised");
	add_number(o, "kge", s->kge);
	add_number(o, "area_um2", s->area_um2);
	add_number(o, "fmax_mhz", s->fmax_mhz);
	add_number(o, "power_mw", s->power_mw);
	add_number(o, "energy_pj_per_mac", area_energy(s));
	add_number(o, "gops_per_watt", area_energy(s) > 0 ? 2000 / area_energy(s) : 0);
	if (s->has_categories)
		add_shares(o, s->share, AREA_CATEGORIES);
	cJSON_AddItemToObject(o, "scaled", modelled_object(r, s));
	runs = cJSON_AddArrayToObject(o, "layers");
	size_t at = 0;
	for (const struct area_run *run; (run = run_of(r, s, &at)) != NULL;)
		cJSON_AddItemToArray(runs, run_object(s, run));
	return o;
}

cJSON *area_report_object(const struct area_report *r)
{
	cJSON *o = cJSON_CreateObject(), *paper = cJSON_AddArrayToObject(o, "paper"), *list = cJSON_AddArrayToObject(o, "configurations");
	for (size_t i = 0; i < AREA_NODES; i++)
		cJSON_AddItemToArray(paper, paper_object(&area_paper[i]));
	for (size_t k = 0; k < r->summaries; k++)
		cJSON_AddItemToArray(list, summary_object(r, &r->summary[k]));
	return o;
}
