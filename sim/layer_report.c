#include "layer_report.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "json_file.h"

static double ratio(uint64_t a, uint64_t b)
{
	return b ? (double)a / (double)b : 0;
}

static double percent(const struct layer_row *r, enum machine_counter i)
{
	return 100 * ratio(r->counter[i], r->counter[COUNT_cycles]);
}

static void print_row(const struct layer_row *r, FILE *out)
{
	uint64_t cycles = r->counter[COUNT_cycles];
	fprintf(out, "%-15s %7" PRIu64 " %10" PRIu64 " %10" PRIu64 " %9.2f %6.1f %6.1f %6.1f %6.1f %6.1f %8" PRIu64 " %8" PRIu64 " %8" PRIu64 "\n", r->name,
	        r->layers, r->macs, cycles, ratio(r->macs, cycles), percent(r, COUNT_busy), percent(r, COUNT_wait_act), percent(r, COUNT_wait_wgt),
	        percent(r, COUNT_wait_out), percent(r, COUNT_idle), r->counter[COUNT_act_beats], r->counter[COUNT_wgt_beats], r->counter[COUNT_out_beats]);
}

static void print_memory(const struct memory_config *m, FILE *out)
{
	fprintf(out, "  memory: latency %u, %u of 100 events stall, %u bursts, %" PRIu64 ", %" PRIu64 ", %" PRIu64 " MB/s, act, wgt, out on channels %u, %u, %u\n",
	        m->latency, m->stalls, m->outstanding, m->bandwidth[0] / 1000000, m->bandwidth[1] / 1000000, m->bandwidth[2] / 1000000,
	        m->channel[MEMORY_ACT], m->channel[MEMORY_WGT], m->channel[MEMORY_OUT]);
}

static void print_reproduce(const struct layer_campaign *c, FILE *out)
{
	const struct options *o = c->options;
	uint64_t first = c->alone ? c->layer : o->first_layer;
	fprintf(out, "reproduce: build/bitlet check %s --layers %" PRIu64 " --first %" PRIu64 " --seed %" PRIu64 "%s%s%s", o->config_name,
	        c->layer - first + 1, first, o->seed, o->faults ? " --faults" : "",
	        o->broken == BREAK_RTL ? " --break rtl" : o->broken == BREAK_MODEL ? " --break model" : "", c->icarus ? " --sim iverilog" : "");
	for (size_t i = 0; o->netlist[i]; i++)
		fprintf(out, " --netlist %s", o->netlist[i]);
	fprintf(out, "\n");
}

void layer_report(const struct layer_campaign *c, bool good, FILE *out)
{
	uint64_t cycles = 0;
	fprintf(out, "%-15s %7s %10s %10s %9s %6s %6s %6s %6s %6s %8s %8s %8s\n", "", "runs", "MACs", "cycles", "MAC/cycle", "busy%", "act%", "wgt%", "out%",
	        "idle%", "act", "wgt", "out");
	for (unsigned i = 0; i < c->rows; i++) {
		print_row(&c->row[i], out);
		cycles += c->row[i].counter[COUNT_cycles];
	}
	fprintf(out, "%s: %s: %" PRIu64 " runs, %" PRIu64 " cycles\n", c->options->config.name, good ? "RTL and model agree, results are right" : "MISMATCH",
	        c->done, cycles);
	if (good)
		return;
	fprintf(out, "layer %" PRIu64 ": %s%s%s\n", c->layer, c->present.text, c->where[0] ? "; " : "", c->where);
	print_memory(&c->present.memory, out);
	if (c->problem[0])
		fprintf(out, "  %s\n", c->problem);
	machine_explain(&c->machine, out);
	print_reproduce(c, out);
}

static cJSON *row_object(const struct layer_row *r)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddNumberToObject(o, "runs", (double)r->layers);
	cJSON_AddNumberToObject(o, "macs", (double)r->macs);
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		cJSON_AddNumberToObject(o, bitlet_counter_name(i), (double)r->counter[i]);
	return o;
}

bool layer_report_json(const struct layer_campaign *c, bool good, const char *path, FILE *err)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "config", c->options->config.name);
	cJSON_AddNumberToObject(o, "seed", (double)c->options->seed);
	cJSON_AddBoolToObject(o, "agree", good);
	cJSON_AddNumberToObject(o, "runs", (double)c->done);
	cJSON *precisions = cJSON_AddObjectToObject(o, "precisions");
	for (unsigned i = 0; i < c->options->config.precisions; i++)
		cJSON_AddNumberToObject(precisions, c->options->config.precision[i].name, (double)c->of_mode[i]);
	cJSON *rows = cJSON_AddArrayToObject(o, "rows");
	for (unsigned i = 0; i < c->rows; i++)
		cJSON_AddItemToArray(rows, row_object(&c->row[i]));
	if (!good) {
		cJSON_AddNumberToObject(o, "layer", (double)c->layer);
		cJSON_AddStringToObject(o, "text", c->present.text);
		cJSON_AddStringToObject(o, "problem", c->problem[0] ? c->problem : c->machine.difference.port ? c->machine.difference.port : c->machine.rule);
	}
	bool written = json_write(o, path, "check", err);
	cJSON_Delete(o);
	return written;
}
