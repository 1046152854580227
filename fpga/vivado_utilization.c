/*
 * vivado_utilization.c: report_utilization, the totals by resource and the hierarchy.
 */
#include <stdlib.h>
#include <string.h>

#include "vivado_report.h"

/* Rows of the totals, by device family: 7 series, UltraScale. "Slice LUTs*" has a remark below the table. */
struct resource_row {
	const char *section;        /* the title in front of its table */
	const char *name, *name_ultrascale;
	size_t place;               /* of the struct vivado_resource */
	bool must;
};

#define PLACE(field) offsetof(struct vivado_report, field)
static const struct resource_row resource_rows[] = {
	{ "1. ", "Slice LUTs", "CLB LUTs", PLACE(lut), true },
	{ "1. ", "LUT as Memory", "LUT as Memory", PLACE(lut_memory), true },
	{ "1. ", "Slice Registers", "CLB Registers", PLACE(ff), true },
	{ "1. ", "F7 Muxes", "F7 Muxes", PLACE(muxf), false },
	{ "1. ", "F8 Muxes", "F8 Muxes", PLACE(muxf), false },
	{ "Memory", "Block RAM Tile", "Block RAM Tile", PLACE(bram), true },
	{ "DSP", "DSPs", "DSPs", PLACE(dsp), true },
	{ "Primitives", "CARRY4", "CARRY8", PLACE(carry), false },
};
enum { RESOURCE_ROWS = sizeof resource_rows / sizeof *resource_rows };

static bool is_row(const char *cell, const char *name)
{
	size_t n = strlen(name);
	return !strncmp(cell, name, n) && (!cell[n] || !strcmp(cell + n, "*"));
}

/* Title of a section "3. Memory" or, as `1. `, its number, behind the table of contents. */
static size_t find_section(const struct report_text *t, const char *what)
{
	for (size_t i = 0; i + 1 < t->lines; i++) {
		const char *title = t->line[i];
		const char *dot = strstr(title, ". ");
		bool number = dot && strspn(title, "0123456789") == (size_t)(dot - title);
		if (number && !strncmp(t->line[i + 1], "--", 2) && (!strncmp(title, what, strlen(what)) || !strcmp(dot + 2, what)))
			return i;
	}
	return t->lines;
}

static bool take_resource(struct vivado_resource *v, const struct report_table *w, unsigned used, unsigned available)
{
	double n, room = 0;
	if (!report_number(w, used, &n))
		return false;
	if (available < w->columns && w->cell[available][0] && !report_number(w, available, &room))
		return false;
	v->used += n;
	v->available += room;
	v->known = true;
	return true;
}

/* Adds the table's row of that resource; *found: there is one. */
static bool take_row(struct vivado_report *r, const struct report_text *t, size_t section, const struct resource_row *row, bool *found)
{
	struct report_table w;
	enum report_row step = ROWS_END;
	*found = false;
	if (!report_table_open(&w, t, section))
		return false;
	unsigned used = report_column(&w, "Used"), available = report_column(&w, "Available");
	bool good = used < w.columns || report_fault(t, w.begin, "damaged table; expected a column \"Used\"");
	while (good && (step = report_table_next(&w)) == ROW)
		if (!*found && (is_row(w.cell[0], row->name) || is_row(w.cell[0], row->name_ultrascale))) {
			*found = true;
			good = take_resource((struct vivado_resource *)((char *)r + row->place), &w, used, available);
		}
	report_table_close(&w);
	return good && step != ROW_BAD;
}

bool vivado_utilization(struct vivado_report *r, const struct report_text *t)
{
	if (r->lut.known)
		return report_fault(t, 0, "a second report_utilization; expected one");
	for (const struct resource_row *row = resource_rows; row < resource_rows + RESOURCE_ROWS; row++) {
		size_t section = find_section(t, row->section);
		bool found = false;
		if (section < t->lines && !take_row(r, t, section, row, &found))
			return false;
		if (!found && row->must)
			return report_fault(t, section < t->lines ? section : t->lines - 1, "no row \"%s\"; expected one in the table of section \"%s\"",
					    row->name, row->section[0] == '1' ? "1. Slice Logic" : row->section);
	}
	r->carry.known = true; /* the list of primitives names only those that there are */
	return true;
}

/* ---- hierarchy */

struct hierarchy_columns {
	unsigned instance, module, lut, ff, ramb36, ramb18, dsp;
};

static bool find_columns(const struct report_table *w, struct hierarchy_columns *c)
{
	*c = (struct hierarchy_columns){ report_column(w, "Instance"), report_column(w, "Module"), report_column(w, "Total LUTs"), report_column(w, "FFs"),
					 report_column(w, "RAMB36"), report_column(w, "RAMB18"), report_column(w, "DSP48 Blocks") };
	if (c->dsp == REPORT_CELLS)
		c->dsp = report_column(w, "DSP Blocks"); /* from 2020 on */
	const unsigned all[] = { c->instance, c->module, c->lut, c->ff, c->ramb36, c->ramb18, c->dsp };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i] == REPORT_CELLS)
			return report_fault(w->text, w->begin, "damaged table; expected columns Instance, Module, Total LUTs, FFs, RAMB36, RAMB18 and DSP Blocks");
	return true;
}

static bool take_module(struct vivado_report *r, const struct report_table *w, const struct hierarchy_columns *c)
{
	struct vivado_module m = { .depth = w->depth / 2 };
	double ramb36, ramb18;
	if (w->cell[c->instance][0] == '(')
		return true; /* what the instance above has outside of its own instances */
	vivado_copy(m.instance, w->cell[c->instance]);
	vivado_copy(m.module, w->cell[c->module]);
	if (!report_number(w, c->lut, &m.lut) || !report_number(w, c->ff, &m.ff) || !report_number(w, c->ramb36, &ramb36) ||
	    !report_number(w, c->ramb18, &ramb18) || !report_number(w, c->dsp, &m.dsp))
		return false;
	m.bram = ramb36 + ramb18 / 2;
	if (!(r->modules & (r->modules + 1)) || !r->module) { /* full at 0, 1, 3, 7, ... */
		struct vivado_module *more = realloc(r->module, (2 * r->modules + 2) * sizeof *more);
		if (!more)
			return report_fault(w->text, w->at, "out of memory");
		r->module = more;
	}
	r->module[r->modules++] = m;
	return true;
}

bool vivado_hierarchy(struct vivado_report *r, const struct report_text *t)
{
	struct report_table w;
	struct hierarchy_columns c;
	enum report_row step = ROWS_END;
	if (r->modules)
		return report_fault(t, 0, "a second report_utilization -hierarchical; expected one");
	if (!report_table_open(&w, t, find_section(t, "1. ")))
		return false;
	bool good = find_columns(&w, &c);
	while (good && (step = report_table_next(&w)) == ROW)
		good = take_module(r, &w, &c);
	if (good && step == ROWS_END && !r->modules)
		good = report_fault(t, w.at, "no instance in the hierarchy; expected the top at least");
	report_table_close(&w);
	return good && step != ROW_BAD;
}
