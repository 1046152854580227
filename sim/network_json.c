/* The JSON half of network_report.h. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "network_report.h"

static double ratio(double a, double b)
{
	return b > 0 ? a / b : 0;
}

static void number(cJSON *o, const char *key, double v)
{
	if (isfinite(v))
		cJSON_AddNumberToObject(o, key, v);
	else
		cJSON_AddNullToObject(o, key); /* JSON has no infinity */
}

static void share(cJSON *o, const char *key, uint64_t a, uint64_t b)
{
	if (b)
		number(o, key, (double)a / (double)b);
}

static void add_error(cJSON *o, const struct network_error *e)
{
	if (e->kind == ERROR_UNKNOWN)
		return;
	cJSON *x = cJSON_AddObjectToObject(o, "error");
	cJSON_AddStringToObject(x, "kind", e->kind == ERROR_CODES ? "codes" : "real");
	number(x, "elements", (double)e->elements);
	number(x, "off", (double)e->off);
	number(x, "worst", e->worst);
	if (e->kind == ERROR_REAL) {
		number(x, "top", e->top);
		number(x, "relative", network_error_share(e));
	}
}

static void add_counters(cJSON *o, const uint64_t *counter)
{
	uint64_t cycles = counter[COUNT_cycles];
	share(o, "utilisation", counter[COUNT_busy], cycles);
	share(o, "wait_act", counter[COUNT_wait_act], cycles);
	share(o, "wait_wgt", counter[COUNT_wait_wgt], cycles);
	share(o, "wait_out", counter[COUNT_wait_out], cycles);
	share(o, "idle", counter[COUNT_idle], cycles);
	cJSON *all = cJSON_AddObjectToObject(o, "counters");
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		number(all, bitlet_counter_name(i), (double)counter[i]);
}

static void add_zeros(cJSON *o, const struct network_row *r)
{
	number(o, "zero_weights", bit_stats_zeros(&r->weights));
	number(o, "zero_weight_bits", bit_stats_zero_bits(&r->weights));
	number(o, "zero_activations", bit_stats_zeros(&r->acts));
	number(o, "zero_activation_bits", bit_stats_zero_bits(&r->acts));
}

static void add_core(cJSON *o, const struct network_figures *n, const struct network_row *r)
{
	cJSON_AddStringToObject(o, "precision", r->precision);
	number(o, "cycles", (double)network_row_cycles(r));
	cJSON_AddStringToObject(o, "source", r->counted ? n->source : "estimated");
	number(o, "estimate", (double)r->estimate);
	number(o, "mac_per_cycle", ratio(network_row_macs(r), (double)network_row_cycles(r)));
	if (r->units) {
		number(o, "units", (double)r->units);
		number(o, "units_run", (double)r->units_run);
	}
	if (r->counted) {
		cJSON_AddBoolToObject(o, "equal", !r->differs);
		add_counters(o, r->counter);
	}
	add_zeros(o, r);
	add_error(o, &r->error);
}

static void add_rows(cJSON *report, const struct network_figures *n)
{
	cJSON *layers = cJSON_AddArrayToObject(report, "layers");
	unsigned count = 0;
	for (size_t i = 0; i < n->rows; i++) {
		const struct network_row *r = &n->row[i];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddItemToArray(layers, o);
		cJSON_AddStringToObject(o, "name", r->name);
		cJSON_AddStringToObject(o, "op", r->op);
		cJSON_AddStringToObject(o, "where", r->on_core ? "core" : "host");
		if (r->on_core)
			cJSON_AddNumberToObject(o, "number", ++count);
		if (r->why[0])
			cJSON_AddStringToObject(o, "why", r->why);
		if (r->on_core || r->why[0])
			number(o, "macs", (double)r->macs);
		if (r->on_core)
			add_core(o, n, r);
		number(o, "seconds", r->seconds);
	}
}

static void add_total(cJSON *report, const struct network_figures *n)
{
	struct network_total t;
	network_figures_total(n, &t);
	cJSON *o = cJSON_AddObjectToObject(report, "total");
	number(o, "macs", (double)t.macs);
	share(o, "macs_on_core", t.core_macs, t.macs);
	number(o, "core_layers", (double)t.core_layers);
	number(o, "cycles", (double)t.cycles);
	cJSON_AddStringToObject(o, "source", t.counted ? n->source : "estimated");
	cJSON_AddBoolToObject(o, "whole", t.whole || !t.counted);
	number(o, "estimate", (double)t.estimate);
	if (t.whole || !t.counted) {
		number(o, "mac_per_cycle", ratio((double)t.core_macs, (double)t.cycles));
		number(o, "frames_per_second", ratio((double)n->frames * (double)n->options->memory.clock_hz, (double)t.cycles));
	}
	if (t.units) {
		number(o, "units", (double)t.units);
		number(o, "units_run", (double)t.units_run);
	}
	if (t.counted)
		add_counters(o, t.counter);
	number(o, "layers_that_differ", (double)t.differ);
	number(o, "layers_with_other_codes", (double)t.unequal);
	number(o, "host_seconds", t.host_seconds);
	number(o, "core_seconds", t.core_seconds);
}

static void add_outputs(cJSON *report, const struct network_figures *n)
{
	cJSON *outputs = cJSON_AddArrayToObject(report, "outputs");
	for (size_t i = 0; i < n->outputs; i++) {
		const struct network_output *v = &n->output[i];
		char crc[16];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddItemToArray(outputs, o);
		cJSON_AddStringToObject(o, "name", v->name);
		cJSON_AddStringToObject(o, "file", v->file);
		cJSON_AddStringToObject(o, "type", tensor_type_name(v->type));
		cJSON_AddItemToObject(o, "shape", cJSON_Parse(v->shape)); /* "[1, 10]" is an array as it stands */
		snprintf(crc, sizeof crc, "%08" PRIx32, v->crc);
		cJSON_AddStringToObject(o, "crc32", crc);
		add_error(o, &v->error);
	}
}

static void add_accuracy(cJSON *report, const struct classes *c)
{
	if (!c->label)
		return;
	cJSON *o = cJSON_AddObjectToObject(report, "accuracy");
	number(o, "images", (double)c->rows);
	number(o, "top1", (double)c->right);
	number(o, "top5", (double)c->right5);
}

static void add_command(cJSON *report, const struct network_figures *n)
{
	cJSON *a = cJSON_AddArrayToObject(report, "command");
	cJSON_AddItemToArray(a, cJSON_CreateString("bitlet"));
	for (int i = 0; i < n->argc; i++)
		cJSON_AddItemToArray(a, cJSON_CreateString(n->argv[i]));
}

static void add_memory(cJSON *report, const struct network_figures *n)
{
	const struct memory_config *m = &n->options->memory;
	cJSON *o = cJSON_AddObjectToObject(report, "memory");
	number(o, "arena", (double)n->memory.arena);
	number(o, "arena_without_reuse", (double)n->memory.arena_without_reuse);
	number(o, "weights", (double)n->memory.weights);
	number(o, "params", (double)n->memory.params);
	number(o, "programs", (double)n->memory.programs);
	number(o, "latency", m->latency);
	number(o, "outstanding", m->outstanding);
	number(o, "stalls", m->stalls);
	cJSON *rates = cJSON_AddArrayToObject(o, "bandwidth");
	for (int i = 0; i < MEMORY_CHANNELS; i++)
		cJSON_AddItemToArray(rates, cJSON_CreateNumber((double)m->bandwidth[i]));
}

cJSON *network_report_object(const struct network_figures *n, cJSON *verification)
{
	char hash[32];
	cJSON *o = cJSON_CreateObject();
	add_command(o, n);
	cJSON_AddStringToObject(o, "model", n->options->model);
	cJSON_AddStringToObject(o, "kind", n->kind);
	cJSON_AddStringToObject(o, "config", n->options->config.name);
	snprintf(hash, sizeof hash, "0x%016" PRIx64, n->options->derived.hash);
	cJSON_AddStringToObject(o, "config_hash", hash);
	number(o, "pes", n->options->config.pes);
	cJSON_AddStringToObject(o, "source", n->source);
	number(o, "images", (double)n->frames);
	number(o, "runs", (double)n->runs);
	number(o, "batch", (double)n->batch);
	number(o, "clock_hz", (double)n->options->memory.clock_hz);
	add_rows(o, n);
	add_total(o, n);
	add_memory(o, n);
	add_outputs(o, n);
	add_accuracy(o, n->classes);
	cJSON *s = cJSON_AddObjectToObject(o, "seconds");
	number(s, "load", n->load_seconds);
	number(s, "compile", n->compile_seconds);
	number(s, "run", n->run_seconds);
	number(s, "comparison", n->reference_seconds);
	number(s, "simulator", n->build_seconds);
	if (verification)
		cJSON_AddItemToObject(o, "verification", verification);
	return o;
}
