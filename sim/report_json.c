#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "json_file.h"
#include "report.h"

static void add_number(cJSON *o, const char *name, uint64_t v)
{
	cJSON_AddNumberToObject(o, name, (double)v);
}

/* 64-bit words do not fit a JSON number. */
static void add_hex(cJSON *o, const char *name, uint64_t v)
{
	char text[24];
	snprintf(text, sizeof text, "0x%" PRIx64, v);
	cJSON_AddStringToObject(o, name, text);
}

static cJSON *run_object(const struct cosim_counts *n, enum stall_kind stall, unsigned pes)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "stall", stall_name(stall));
	add_number(o, "groups", n->beats * pes);
	add_number(o, "cycles", n->cycles);
	add_number(o, "load_cycles", n->load_cycles);
	add_number(o, "law_cycles", n->law_sum);
	add_number(o, "busiest_lane_ones", n->lane_ones);
	add_number(o, "intervals_checked", n->law_checked);
	add_number(o, "pairs", n->pairs);
	add_number(o, "essential_bits", n->essential_bits);
	add_number(o, "value_mismatches", n->values);
	add_number(o, "flag_mismatches", n->flags);
	add_number(o, "cycle_mismatches", n->timing);
	cJSON_AddNumberToObject(o, "seconds", n->seconds);
	return o;
}

static cJSON *row_object(const struct campaign *c, const struct row *r)
{
	cJSON *o = cJSON_CreateObject();
	const struct cosim_counts *n = &r->counts[row_shown(r)];
	if (c->options->network)
		cJSON_AddStringToObject(o, "layer", r->name);
	cJSON_AddStringToObject(o, "precision", options_mode_name(c->options, r->mode));
	cJSON_AddNumberToObject(o, "mac_per_cycle", n->cycles ? (double)n->pairs / (double)n->cycles : 0);
	cJSON_AddNumberToObject(o, "cycles_per_group", n->beats ? (double)n->cycles / (double)n->beats : 0);
	cJSON_AddNumberToObject(o, "limit_ratio", row_ratio(c, r));
	cJSON *runs = cJSON_AddArrayToObject(o, "runs");
	for (int i = 0; i < STALL_KINDS; i++)
		if (r->ran[i])
			cJSON_AddItemToArray(runs, run_object(&r->counts[i], (enum stall_kind)i, c->options->config.pes));
	return o;
}

static cJSON *lane_object(const struct lane_difference *l)
{
	cJSON *o = cJSON_CreateObject();
	add_number(o, "pe", l->pe);
	add_number(o, "lane", l->lane);
	add_number(o, "group", l->group);
	add_number(o, "cycle", l->cycle);
	cJSON_AddNumberToObject(o, "rtl_slot", l->rtl);
	cJSON_AddNumberToObject(o, "model_slot", l->model);
	return o;
}

static cJSON *mismatch_object(const struct campaign *c)
{
	const struct mismatch *m = &c->mismatch;
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "what", mismatch_name(m->kind));
	cJSON_AddStringToObject(o, c->options->network ? "layer" : "precision", c->row[c->mismatch_row].name);
	cJSON_AddStringToObject(o, "stall", stall_name(c->mismatch_stall));
	add_number(o, "pe", m->pe);
	add_number(o, "output", m->output);
	add_number(o, "first_group", m->first_group);
	add_number(o, "group", m->group);
	add_number(o, "cycle", m->cycle);
	add_hex(o, "rtl", m->rtl);
	add_hex(o, "model", m->model);
	add_hex(o, "oracle", m->oracle);
	if (c->explained && c->lane.found)
		cJSON_AddItemToObject(o, "lane", lane_object(&c->lane));
	return o;
}

static cJSON *report_object(const struct campaign *c, const struct simulator *s)
{
	const struct options *p = c->options;
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "config", p->config.name);
	cJSON_AddStringToObject(o, "dut", dut_top_module(p->top));
	cJSON_AddStringToObject(o, "sim", p->sim == SIM_VERILATOR ? "verilator" : "iverilog");
	add_hex(o, "seed", p->seed);
	add_number(o, "n", p->config.n);
	add_number(o, "pes", p->config.pes);
	cJSON_AddBoolToObject(o, "built", s->built);
	cJSON_AddNumberToObject(o, "build_seconds", s->build_seconds);
	cJSON_AddBoolToObject(o, "agree", c->mismatch.kind == MISMATCH_NONE);
	if (p->network)
		cJSON_AddStringToObject(o, "network", p->network);
	cJSON *rows = cJSON_AddArrayToObject(o, "rows");
	for (size_t i = 0; i < c->rows; i++)
		cJSON_AddItemToArray(rows, row_object(c, &c->row[i]));
	if (c->mismatch.kind != MISMATCH_NONE)
		cJSON_AddItemToObject(o, "mismatch", mismatch_object(c));
	return o;
}

bool report_json(const struct campaign *c, const struct simulator *s, const char *path, FILE *err)
{
	cJSON *o = report_object(c, s);
	bool good = json_write(o, path, "check", err);
	cJSON_Delete(o);
	return good;
}
