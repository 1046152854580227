#include "report.h"

#include <inttypes.h>
#include <string.h>

struct cosim_counts row_total(const struct row *r)
{
	struct cosim_counts t = {.beats = 0};
	for (int i = 0; i < STALL_KINDS; i++) {
		const struct cosim_counts *c = &r->counts[i];
		t.beats += c->beats;
		t.cycles += c->cycles;
		t.law_checked += c->law_checked;
		t.values += c->values;
		t.flags += c->flags;
		t.timing += c->timing;
		t.seconds += c->seconds;
	}
	return t;
}

enum stall_kind row_shown(const struct row *r)
{
	for (int i = 0; i < STALL_KINDS; i++)
		if (r->ran[i])
			return (enum stall_kind)i;
	return STALL_NONE;
}

double row_ratio(const struct campaign *c, const struct row *r)
{
	const struct bitlet_config *g = &c->options->config;
	const struct cosim_counts *n = &r->counts[STALL_NONE];
	double limit = (double)n->law_sum;
	if (g->run_ahead || g->array_fifo) {
		double least = (double)(n->beats * c->options->derived.group_cycles);
		limit = (double)n->lane_ones > least ? (double)n->lane_ones : least;
	}
	return limit > 0 && n->load_cycles ? (double)n->load_cycles / limit : 0;
}

static int name_width(const struct campaign *c)
{
	size_t width = 9;
	for (size_t i = 0; i < c->rows; i++)
		if (strlen(c->row[i].name) > width)
			width = strlen(c->row[i].name);
	return (int)width;
}

static void print_row(const struct campaign *c, const struct row *r, int width, FILE *out)
{
	struct cosim_counts t = row_total(r);
	const struct cosim_counts *n = &r->counts[row_shown(r)];
	unsigned pes = c->options->config.pes;
	double ratio = row_ratio(c, r);
	fprintf(out, "%-*s %9" PRIu64 " %10" PRIu64 " %9.2f %9.2f %11.2f ", width, r->name, t.beats * pes, n->cycles,
	        n->beats ? (double)n->cycles / (double)n->beats : 0, n->cycles ? (double)n->pairs / (double)n->cycles : 0,
	        n->pairs ? (double)n->essential_bits / (double)n->pairs : 0);
	if (ratio > 0)
		fprintf(out, "%8.4f", ratio);
	else
		fprintf(out, "%8s", "-");
	fprintf(out, " %9" PRIu64 " %7" PRIu64 " %6" PRIu64 " %7" PRIu64 "\n", t.law_checked, t.values, t.flags, t.timing);
}

void report_table(const struct campaign *c, FILE *out)
{
	int width = name_width(c);
	struct cosim_counts all = {.beats = 0};
	fprintf(out, "%-*s %9s %10s %9s %9s %11s %8s %9s %7s %6s %7s\n", width, c->options->network ? "layer" : "precision", "groups",
	        "cycles", "cyc/group", "MAC/cycle", "bits/weight", "to limit", "intervals", "!values", "!flags", "!cycles");
	for (size_t i = 0; i < c->rows; i++) {
		struct cosim_counts t = row_total(&c->row[i]);
		print_row(c, &c->row[i], width, out);
		all.beats += t.beats;
		all.values += t.values;
		all.flags += t.flags;
		all.timing += t.timing;
	}
	bool good = c->mismatch.kind == MISMATCH_NONE;
	fprintf(out, "%s: %s: %" PRIu64 " groups, %" PRIu64 " mismatches in values, %" PRIu64 " in flags, %" PRIu64 " in cycles\n",
	        c->options->config.name, good ? "RTL and model agree" : "MISMATCH", all.beats * c->options->config.pes, all.values,
	        all.flags, all.timing);
}

static void print_value(FILE *out, const char *who, uint64_t value, unsigned width)
{
	fprintf(out, "  %-6s 0x%0*" PRIx64 "\n", who, (int)(width + 3) / 4, value);
}

static void print_issue(FILE *out, const char *who, int index)
{
	if (index >= 0)
		fprintf(out, "  %-6s issues slot %d of the group\n", who, index);
	else
		fprintf(out, "  %-6s issues %s\n", who, index == -1 ? "nothing" : "several bits at once");
}

static void print_lane(const struct campaign *c, FILE *out)
{
	const struct lane_difference *l = &c->lane;
	if (!c->explained) {
		fprintf(out, "  lane   not known: the lanes of the RTL could not be seen\n");
		return;
	}
	if (!l->found) {
		fprintf(out, "  lane   none: all lanes agree up to cycle %" PRIu64 "; the difference arises behind the lanes\n", c->mismatch.cycle);
		return;
	}
	fprintf(out, "lanes differ first in PE %u, lane %u, group %zu, cycle %" PRIu64 "\n", l->pe, l->lane, l->group, l->cycle);
	print_issue(out, "RTL", l->rtl);
	print_issue(out, "model", l->model);
}

static void print_network(const struct options *o, FILE *out)
{
	fprintf(out, " --groups %zu --network %s --image-count %zu", o->groups, o->network, o->image_count);
	for (unsigned i = 0; i < o->inputs; i++)
		fprintf(out, " --images %s", o->input[i]);
	if (o->layer)
		fprintf(out, " --layer '%s'", o->layer);
}

static void print_reproduce(const struct campaign *c, FILE *out)
{
	const struct options *o = c->options;
	const struct row *r = &c->row[c->mismatch_row];
	fprintf(out, "reproduce: build/bitlet check %s --precision %s --stall %s --seed %" PRIu64, o->config_name,
	        options_mode_name(o, r->mode), stall_name(c->mismatch_stall), o->seed);
	if (o->exhaustive)
		fprintf(out, " --exhaustive");
	else if (o->network)
		print_network(o, out);
	else
		fprintf(out, " --groups %zu", c->reproduce_groups);
	if (o->kind != FEED_ANY)
		fprintf(out, " --stimulus %s", bitlet_stimulus_name((unsigned)o->kind));
	if (o->top == TOP_PE)
		fprintf(out, " --dut pe");
	if (o->sim == SIM_IVERILOG)
		fprintf(out, " --sim iverilog");
	if (o->broken != BREAK_NONE)
		fprintf(out, " --break %s", o->broken == BREAK_RTL ? "rtl" : "model");
	fprintf(out, "\n");
}

void report_mismatch(const struct campaign *c, FILE *out)
{
	const struct mismatch *m = &c->mismatch;
	if (m->kind == MISMATCH_NONE)
		return;
	fprintf(out, "first mismatch: %s of %s, stall %s: PE %u, output %zu, ", mismatch_name(m->kind), c->row[c->mismatch_row].name,
	        stall_name(c->mismatch_stall), m->pe, m->output);
	if (m->first_group != m->group)
		fprintf(out, "groups %zu to %zu, ", m->first_group, m->group);
	else
		fprintf(out, "group %zu, ", m->group);
	fprintf(out, "cycle %" PRIu64 "\n", m->cycle);
	if (m->kind == MISMATCH_HANG) {
		fprintf(out, "  neither inputs nor results have moved for thousands of cycles\n");
	} else if (m->kind == MISMATCH_INTERVAL) {
		fprintf(out, "  loaded in cycle %" PRIu64 ", by the law of docs/engine.md section 9 expected in cycle %" PRIu64 "\n", m->rtl, m->oracle);
	} else {
		print_value(out, "RTL", m->rtl, m->width);
		print_value(out, "model", m->model, m->width);
		if (m->kind >= MISMATCH_VALUE)
			print_value(out, "oracle", m->oracle, m->width);
	}
	print_lane(c, out);
	print_reproduce(c, out);
}
