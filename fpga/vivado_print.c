#include <string.h>

#include "vivado_report.h"

struct resource_line {
	const char *key, *label;
	const struct vivado_resource *value;
};

enum { RESOURCES = 7 };

static void list(const struct vivado_report *r, struct resource_line line[RESOURCES])
{
	const struct resource_line all[RESOURCES] = {
		{ "lut", "LUT", &r->lut }, { "lut_memory", "  of these memory", &r->lut_memory }, { "ff", "flip-flops", &r->ff },
		{ "muxf", "MUXF7, MUXF8", &r->muxf }, { "carry4", "CARRY4", &r->carry }, { "bram", "block RAM (36 kbit)", &r->bram }, { "dsp", "DSP", &r->dsp },
	};
	memcpy(line, all, sizeof all);
}

static void print_resources(const struct vivado_report *r, FILE *out)
{
	struct resource_line line[RESOURCES];
	list(r, line);
	fprintf(out, "\n%-20s %10s %10s %7s\n", "resource", "used", "available", "%");
	for (unsigned i = 0; i < RESOURCES; i++) {
		const struct vivado_resource *v = line[i].value;
		if (!v->known)
			continue;
		fprintf(out, "%-20s %10.6g", line[i].label, v->used);
		if (v->available > 0)
			fprintf(out, " %10.6g %7.2f", v->available, 100 * v->used / v->available);
		fputc('\n', out);
	}
}

static void print_modules(const struct vivado_report *r, FILE *out)
{
	int width = 8;
	for (const struct vivado_module *m = r->module; m < r->module + r->modules; m++)
		if ((int)(2 * m->depth + strlen(m->instance)) > width)
			width = (int)(2 * m->depth + strlen(m->instance));
	fprintf(out, "\n%-*s %10s %10s %8s %6s  %s\n", width, "instance", "LUT", "FF", "BRAM", "DSP", "module");
	for (const struct vivado_module *m = r->module; m < r->module + r->modules; m++)
		fprintf(out, "%*s%-*s %10.6g %10.6g %8.6g %6.6g  %s\n", (int)(2 * m->depth), "", width - (int)(2 * m->depth), m->instance, m->lut, m->ff, m->bram,
			m->dsp, m->module);
}

static void print_timing(const struct vivado_timing *t, FILE *out)
{
	const struct vivado_clock *worst = vivado_worst_clock(t);
	fprintf(out, "\ntiming: %s; set-up slack %.3f ns (%.0f of %.0f endpoints fail), hold slack %.3f ns (%.0f fail)\n", t->met ? "met" : "NOT MET", t->setup_slack,
		t->setup_failing, t->setup_endpoints, t->hold_slack, t->hold_failing);
	for (const struct vivado_clock *c = t->clock; c < t->clock + t->clocks; c++) {
		fprintf(out, "  clock %-24s %8.3f ns %9.3f MHz", c->name, c->period, 1000 / c->period);
		if (c->timed)
			fprintf(out, "  slack %7.3f ns, would run at %.1f MHz%s", c->slack, vivado_fmax(c), c == worst && t->clocks > 1 ? " (worst)" : "");
		fputc('\n', out);
	}
	if (t->from[0])
		fprintf(out, "  longest path from %s to %s\n", t->from, t->to);
}

void vivado_print(const struct vivado_report *r, FILE *out)
{
	fprintf(out, "%s on %s%s%s; reported by %s\n", r->design, r->device, r->state[0] ? ", " : "", r->state, r->tool);
	if (r->lut.known)
		print_resources(r, out);
	if (r->modules)
		print_modules(r, out);
	if (r->timing.known)
		print_timing(&r->timing, out);
	if (r->power.known)
		fprintf(out, "\npower: %.3f W = %.3f W dynamic + %.3f W static; confidence %s\n", r->power.total, r->power.dynamic, r->power.fixed, r->power.confidence);
}

/* ---- JSON */

static void add_resources(const struct vivado_report *r, cJSON *o)
{
	struct resource_line line[RESOURCES];
	list(r, line);
	for (unsigned i = 0; i < RESOURCES; i++)
		cJSON_AddNumberToObject(o, line[i].key, line[i].value->used);
	cJSON *available = cJSON_AddObjectToObject(o, "available");
	for (unsigned i = 0; i < RESOURCES; i++)
		if (line[i].value->available > 0)
			cJSON_AddNumberToObject(available, line[i].key, line[i].value->available);
}

static void add_modules(const struct vivado_report *r, cJSON *o)
{
	cJSON *all = cJSON_AddArrayToObject(o, "modules");
	for (const struct vivado_module *m = r->module; m < r->module + r->modules; m++) {
		cJSON *one = cJSON_CreateObject();
		cJSON_AddStringToObject(one, "instance", m->instance);
		cJSON_AddStringToObject(one, "name", m->module);
		cJSON_AddNumberToObject(one, "depth", m->depth);
		cJSON_AddNumberToObject(one, "lut", m->lut);
		cJSON_AddNumberToObject(one, "ff", m->ff);
		cJSON_AddNumberToObject(one, "bram", m->bram);
		cJSON_AddNumberToObject(one, "dsp", m->dsp);
		cJSON_AddItemToArray(all, one);
	}
}

static void add_timing(const struct vivado_timing *t, cJSON *o)
{
	const struct vivado_clock *worst = vivado_worst_clock(t);
	cJSON *one = cJSON_AddObjectToObject(o, "timing");
	cJSON_AddBoolToObject(one, "met", t->met);
	cJSON_AddNumberToObject(one, "wns_ns", t->setup_slack);
	cJSON_AddNumberToObject(one, "tns_ns", t->setup_total);
	cJSON_AddNumberToObject(one, "whs_ns", t->hold_slack);
	cJSON_AddNumberToObject(one, "ths_ns", t->hold_total);
	cJSON_AddNumberToObject(one, "setup_failing", t->setup_failing);
	cJSON_AddNumberToObject(one, "setup_endpoints", t->setup_endpoints);
	cJSON_AddNumberToObject(one, "hold_failing", t->hold_failing);
	cJSON *clocks = cJSON_AddArrayToObject(one, "clocks");
	for (const struct vivado_clock *c = t->clock; c < t->clock + t->clocks; c++) {
		cJSON *clock = cJSON_CreateObject();
		cJSON_AddStringToObject(clock, "name", c->name);
		cJSON_AddNumberToObject(clock, "period_ns", c->period);
		if (c->timed) {
			cJSON_AddNumberToObject(clock, "wns_ns", c->slack);
			cJSON_AddNumberToObject(clock, "fmax_mhz", vivado_fmax(c));
		}
		cJSON_AddItemToArray(clocks, clock);
	}
	if (worst)
		cJSON_AddNumberToObject(o, "fmax_mhz", vivado_fmax(worst));
	if (t->from[0]) {
		cJSON *path = cJSON_AddObjectToObject(one, "longest_path");
		cJSON_AddStringToObject(path, "start", t->from);
		cJSON_AddStringToObject(path, "end", t->to);
	}
}

static void add_power(const struct vivado_power *p, cJSON *o)
{
	cJSON *one = cJSON_AddObjectToObject(o, "power");
	cJSON_AddNumberToObject(one, "total_w", p->total);
	cJSON_AddNumberToObject(one, "dynamic_w", p->dynamic);
	cJSON_AddNumberToObject(one, "static_w", p->fixed);
	cJSON_AddStringToObject(one, "confidence", p->confidence);
	cJSON_AddNumberToObject(o, "power_mw", p->total * 1000);
}

cJSON *vivado_object(const struct vivado_report *r)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "source", "reported");
	cJSON_AddStringToObject(o, "tool", r->tool);
	cJSON_AddStringToObject(o, "design", r->design);
	cJSON_AddStringToObject(o, "part", r->device);
	cJSON_AddStringToObject(o, "state", r->state);
	if (r->lut.known)
		add_resources(r, o);
	if (r->modules)
		add_modules(r, o);
	if (r->timing.known)
		add_timing(&r->timing, o);
	if (r->power.known)
		add_power(&r->power, o);
	return o;
}
