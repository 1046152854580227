#include "core_network.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "command.h"
#include "core_report.h"
#include "execute.h"
#include "interpret.h"
#include "json_file.h"
#include "lower.h"
#include "machine.h"
#include "network_source.h"
#include "tile.h"

/* A network, run on the host: what its layers take and what they should give. */
struct loaded {
	struct network_source source;
	size_t frames;
	struct shapes shapes;
	struct execution e;
};

/* One precision of the network on its way through the core. */
struct passage {
	const struct options *o;
	const struct top_api *rtl;
	const struct loaded *net;
	struct memory_config memory;
	struct core_figures total;
	cJSON *rows;                /* of the JSON report; NULL without */
};

static bool report_fault(const struct fault *f)
{
	fprintf(stderr, "bitlet check: %s\n", f->text);
	return false;
}

/* Outputs in memory against the host's: the largest difference in parts of the largest output. Negative when memory runs out. */
static double distance(const struct passage *a, const struct lower_layer *l, const struct compiled *p, const struct image *m, struct fault *f)
{
	const struct tensor *expected = a->net->e.value[l->out];
	struct tensor *y = lower_result(l, expected, image_at(m, p->out, p->out_bytes), f);
	double top = 0, worst = 0;
	for (size_t i = 0; y && i < expected->count; i++) {
		double v = tensor_number(expected, i), off = fabs(tensor_number(y, i) - v);
		top = fmax(top, fabs(v));
		worst = isnan(off) ? INFINITY : fmax(worst, off);
	}
	tensor_free(y);
	return !y ? -1 : worst == 0 ? 0 : worst / top;
}

/* The program's meaning without a clock: the same bytes? */
static bool interpreted(const struct passage *a, const struct compiled *p, const struct image *ran, struct fault *f)
{
	struct image image;
	struct interpret_result r;
	if (!image_copy(&image, &p->image, f))
		return false;
	bool good = interpret(&a->o->config, &a->o->derived, &image, p->program, p->program_bytes, 1, &r, f);
	if (good && (r.error.fault != CORE_FAULT_NONE || memcmp(image_at(&image, p->out, p->out_bytes), image_at(ran, p->out, p->out_bytes), p->out_bytes)))
		good = fault_set(f, "the core's outputs are not those of the program");
	image_free(&image);
	return good;
}

static bool run_program(const struct passage *a, const struct compiled *p, struct image *image, struct machine_result *r)
{
	struct machine m;
	struct machine_setup setup = {.config = &a->o->config, .derived = &a->o->derived, .rtl = a->rtl, .model = true, .memory = a->memory, .image = image};
	if (!machine_open(&m, &setup)) {
		fputs("bitlet check: out of memory\n", stderr);
		return false;
	}
	bool good = machine_run(&m, p->program, p->program_bytes, r);
	machine_explain(&m, stdout);
	machine_close(&m);
	return good;
}

static void print_layer(const struct lower_layer *l, const struct compiled *p, const struct machine_result *r, double off)
{
	const uint64_t *n = r->counter;
	double cycles = (double)n[COUNT_cycles];
	printf("%-20.20s %10" PRIu64 " %9" PRIu64 " %9.2f %6.1f%% %6.1f%% %6.1f%% %6.1f%% %6.1f%%  ", l->task.name, p->macs, n[COUNT_cycles],
	       (double)p->macs / cycles, 100 * (double)n[COUNT_busy] / cycles, 100 * (double)n[COUNT_wait_act] / cycles,
	       100 * (double)n[COUNT_wait_wgt] / cycles, 100 * (double)n[COUNT_wait_out] / cycles, 100 * (double)n[COUNT_idle] / cycles);
	if (l->exact)
		printf("%s\n", off == 0 ? "equal" : "NOT EQUAL");
	else
		printf("%.2g\n", off);
}

/* Into the sum, and into the report when there is one. */
static void count_layer(struct passage *a, const struct lower_layer *l, const struct compiled *p, const struct machine_result *r)
{
	struct core_figures f = {.name = l->task.name, .source = a->total.source, .macs = p->macs, .frames = a->total.frames, .memory = &a->memory};
	memcpy(f.counter, r->counter, sizeof f.counter);
	a->total.macs += p->macs;
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		a->total.counter[i] += r->counter[i];
	if (a->rows)
		cJSON_AddItemToArray(a->rows, core_report_object(&f));
}

/* EXIT_GOOD, EXIT_NO, EXIT_INPUT. */
static int run_layer(struct passage *a, struct lower_layer *l)
{
	const struct tensor *const *value = a->net->e.value;
	struct compiled p;
	struct image image;
	struct fault f = {""};
	struct machine_result r;
	if (!lower_operands(l, &a->o->derived, value[l->act], l->weights == GRAPH_NONE ? NULL : value[l->weights], &f) ||
	    !compile_layer(&l->task, &a->o->config, &a->o->derived, &p, &f))
		return report_fault(&f), EXIT_INPUT;
	int status = image_copy(&image, &p.image, &f) ? EXIT_GOOD : EXIT_INPUT;
	if (status == EXIT_GOOD && (!run_program(a, &p, &image, &r) || !r.done || r.failed)) {
		printf("%s: the run did not end well\n", l->task.name);
		status = EXIT_NO;
	}
	if (status == EXIT_GOOD) {
		double off = distance(a, l, &p, &image, &f);
		print_layer(l, &p, &r, off);
		count_layer(a, l, &p, &r);
		if (off < 0)
			status = EXIT_INPUT;
		else if ((l->exact && off != 0) || !interpreted(a, &p, &image, &f))
			status = EXIT_NO;
	}
	if (f.text[0])
		report_fault(&f);
	image_free(&image);
	compiled_free(&p);
	return status;
}

/* *ran: layers that the core did. Those that this precision is not for are named in *why. */
static int run_layers(struct passage *a, unsigned mode, unsigned *ran, struct fault *why)
{
	const struct graph *g = a->net->source.graph;
	int status = EXIT_GOOD;
	for (size_t i = 0; status == EXIT_GOOD && i < g->nodes; i++) {
		struct lower_layer l;
		struct fault f = {""};
		int found = lower_node(g, &a->net->shapes, g->order[i], &a->o->config, &a->o->derived, (int)mode, &l, &f);
		if (found > 0) {
			status = run_layer(a, &l);
			(*ran)++;
			lower_free(&l);
		} else if (f.text[0]) {
			graph_node_fault(&g->node[g->order[i]], why, "%s", f.text);
			status = found < 0 ? EXIT_INPUT : EXIT_GOOD;
		}
	}
	return status;
}

/* Is there a layer for this precision? *why otherwise. */
static bool has_layer(const struct options *o, const struct loaded *net, unsigned mode, struct fault *why)
{
	const struct graph *g = net->source.graph;
	for (size_t i = 0; i < g->nodes; i++) {
		struct lower_layer l;
		struct fault f = {""};
		size_t node = g->order[i];
		if (lower_node(g, &net->shapes, node, &o->config, &o->derived, (int)mode, &l, &f) > 0) {
			lower_free(&l);
			return true;
		}
		if (f.text[0])
			graph_node_fault(&g->node[node], why, "%s", f.text);
	}
	return fault_set(why, "no convolution or product; expected at least one");
}

static int run_mode(const struct options *o, const struct top_api *rtl, unsigned mode, const struct loaded *net, cJSON *report)
{
	struct passage a = {.o = o, .rtl = rtl, .net = net};
	cJSON *entry = report ? cJSON_CreateObject() : NULL;
	struct fault why = {""};
	unsigned ran = 0;
	char name[96];
	snprintf(name, sizeof name, "all layers, %s, %zu images", options_mode_name(o, (int)mode), net->frames);
	memory_defaults(&a.memory, o->derived.bus_bytes);
	a.total = (struct core_figures){.name = name, .source = "simulated, equal to the model in every cycle", .frames = net->frames, .memory = &a.memory};
	printf("\n%-20s %10s %9s %9s %7s %7s %7s %7s %7s  %s\n", options_mode_name(o, (int)mode), "MACs", "cycles", "MAC/cycle", "busy", "no act", "no wgt",
	       "out", "idle", "host's result");
	if (entry) {
		cJSON_AddItemToArray(report, entry);
		cJSON_AddStringToObject(entry, "precision", options_mode_name(o, (int)mode));
		a.rows = cJSON_AddArrayToObject(entry, "layers");
	}
	int status = run_layers(&a, mode, &ran, &why);
	if (entry)
		cJSON_AddItemToObject(entry, "total", core_report_object(&a.total));
	if (status == EXIT_GOOD) {
		if (why.text[0])
			printf("  not in this precision: %s\n", why.text);
		core_report(&a.total, stdout);
		puts("  (convolutions and products alone; the host's operators between them are not counted)");
	} else if (why.text[0]) {
		report_fault(&why);
	}
	fflush(stdout);
	return status;
}

/* ---- the network */

static bool load(const struct options *o, struct loaded *net, struct fault *f)
{
	*net = (struct loaded){.frames = 0};
	if (!network_source_load(&net->source, o, f))
		return false;
	const struct tensor *const *input = network_source_input(&net->source);
	net->frames = net->source.inputs.frames;
	return (shapes_of(net->source.graph, input, &net->shapes, f) && execute(net->source.graph, input, NULL, &net->e, f)) || fault_prefix(f, o->network);
}

static void unload(struct loaded *net)
{
	if (net->e.graph)
		execution_free(&net->e);
	if (net->shapes.graph)
		shapes_free(&net->shapes);
	network_source_free(&net->source);
}

static int run_modes(const struct options *o, const struct top_api *rtl, const struct loaded *net, cJSON *report)
{
	int status = EXIT_GOOD;
	unsigned ran = 0;
	struct fault f = {""};
	for (unsigned mode = 0; status == EXIT_GOOD && mode < o->derived.modes; mode++) {
		if (o->mode != EVERY_MODE && o->mode != (int)mode)
			continue;
		f.text[0] = '\0';
		if (!has_layer(o, net, mode, &f))
			continue;
		status = run_mode(o, rtl, mode, net, report);
		ran++;
	}
	if (ran)
		return status;
	fault_prefix(&f, o->network);
	report_fault(&f);
	return EXIT_INPUT;
}

int core_network(const struct options *o, const struct top_api *rtl)
{
	struct loaded net;
	struct fault f = {""};
	cJSON *report = o->json ? cJSON_CreateArray() : NULL;
	int status = load(o, &net, &f) ? run_modes(o, rtl, &net, report) : EXIT_INPUT;
	if (f.text[0])
		report_fault(&f);
	if (status != EXIT_INPUT && report && !json_write(report, o->json, "check", stderr))
		status = EXIT_INPUT;
	unload(&net);
	cJSON_Delete(report);
	return status;
}
