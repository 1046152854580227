#include "core_network.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "command.h"
#include "core_report.h"
#include "interpret.h"
#include "json_file.h"
#include "machine.h"
#include "network_task.h"
#include "tile.h"

/* One precision of the network on its way through the core. */
struct passage {
	const struct options *o;
	const struct top_api *rtl;
	struct memory_config memory;
	struct core_figures total;
	cJSON *rows;                /* of the JSON report; NULL without */
};

static bool report_fault(const struct fault *f)
{
	fprintf(stderr, "bitlet check: %s\n", f->text);
	return false;
}

/* Outputs in memory against the host's: the largest difference in parts of the largest output. */
static double distance(const struct network_layer *l, const struct compiled *p, const struct image *m)
{
	double top = 0, worst = 0;
	for (size_t i = 0; i < l->outputs; i++) {
		double expected = (double)l->expected[i], off = fabs(compiled_number(p, m, i) - expected);
		top = fmax(top, fabs(expected));
		worst = isnan(off) ? INFINITY : fmax(worst, off);
	}
	return worst == 0 ? 0 : worst / top;
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

static void print_layer(const struct network_layer *l, const struct compiled *p, const struct machine_result *r, double off)
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
static void count_layer(struct passage *a, const struct network_layer *l, const struct compiled *p, const struct machine_result *r)
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
static int run_layer(struct passage *a, const struct network_layer *l)
{
	struct compiled p;
	struct image image;
	struct fault f = {""};
	struct machine_result r;
	if (!compile_layer(&l->task, &a->o->config, &a->o->derived, &p, &f))
		return report_fault(&f), EXIT_INPUT;
	int status = image_copy(&image, &p.image, &f) ? EXIT_GOOD : EXIT_INPUT;
	if (status == EXIT_GOOD && (!run_program(a, &p, &image, &r) || !r.done || r.failed)) {
		printf("%s: the run did not end well\n", l->task.name);
		status = EXIT_NO;
	}
	if (status == EXIT_GOOD) {
		double off = distance(l, &p, &image);
		print_layer(l, &p, &r, off);
		count_layer(a, l, &p, &r);
		if ((l->exact && off != 0) || !interpreted(a, &p, &image, &f))
			status = EXIT_NO;
	}
	if (f.text[0])
		report_fault(&f);
	image_free(&image);
	compiled_free(&p);
	return status;
}

static int run_mode(const struct options *o, const struct top_api *rtl, unsigned mode, const struct network_layers *l, cJSON *report)
{
	struct passage a = {.o = o, .rtl = rtl};
	cJSON *entry = report ? cJSON_CreateObject() : NULL;
	char name[96];
	snprintf(name, sizeof name, "all layers, %s, %zu images", options_mode_name(o, (int)mode), o->image_count);
	memory_defaults(&a.memory, o->derived.bus_bytes);
	a.total = (struct core_figures){.name = name, .source = "simulated, equal to the model in every cycle", .frames = o->image_count, .memory = &a.memory};
	printf("\n%-20s %10s %9s %9s %7s %7s %7s %7s %7s  %s\n", options_mode_name(o, (int)mode), "MACs", "cycles", "MAC/cycle", "busy", "no act", "no wgt",
	       "out", "idle", "host's result");
	if (entry) {
		cJSON_AddItemToArray(report, entry);
		cJSON_AddStringToObject(entry, "precision", options_mode_name(o, (int)mode));
		a.rows = cJSON_AddArrayToObject(entry, "layers");
	}
	int status = EXIT_GOOD;
	for (size_t i = 0; status == EXIT_GOOD && i < l->count; i++)
		status = run_layer(&a, &l->layer[i]);
	if (entry)
		cJSON_AddItemToObject(entry, "total", core_report_object(&a.total));
	if (status == EXIT_GOOD) {
		core_report(&a.total, stdout);
		puts("  (convolutions and products alone; the host's operators between them are not counted)");
	}
	fflush(stdout);
	return status;
}

int core_network(const struct options *o, const struct top_api *rtl)
{
	int status = EXIT_GOOD;
	unsigned ran = 0;
	cJSON *report = o->json ? cJSON_CreateArray() : NULL;
	struct fault f = {""};
	for (unsigned mode = 0; status == EXIT_GOOD && mode < o->derived.modes; mode++) {
		struct network_layers l;
		if (o->mode != EVERY_MODE && o->mode != (int)mode)
			continue;
		f.text[0] = '\0';
		if (!network_layers_load(o->network, o->images, 0, o->image_count, &o->derived, mode, &l, &f))
			continue;
		status = run_mode(o, rtl, mode, &l, report);
		network_layers_free(&l);
		ran++;
	}
	if (!ran) {
		report_fault(&f);
		status = EXIT_INPUT;
	} else if (report && !json_write(report, o->json, "check", stderr)) {
		status = EXIT_INPUT;
	}
	cJSON_Delete(report);
	return status;
}
