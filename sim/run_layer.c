/*
 * run_layer.c: `bitlet run LAYER.yaml`: one layer from files through the whole core.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "command.h"
#include "core_report.h"
#include "json_file.h"
#include "layer_file.h"
#include "run_layer.h"
#include "run_layer_options.h"
#include "simulator.h"
#include "tile.h"

/* A layer on its way: what it was made into and what came out. */
struct run {
	const struct run_layer_options *options;
	struct layer_task task;
	bool channels_first;        /* of the files */
	struct compiled program;
	struct core_figures figures;
};

static bool fail(const char *text)
{
	fprintf(stderr, "bitlet run: %s\n", text);
	return false;
}

static bool load(struct run *r)
{
	const struct run_layer_options *o = r->options;
	struct fault f = {""};
	if (!layer_file_load_input(o->layer, o->input, &o->config, &o->derived, &r->task, &r->channels_first, &f))
		return fail(f.text);
	if (!compile_layer(&r->task, &o->config, &o->derived, &r->program, &f)) {
		fault_prefix(&f, o->layer);
		layer_task_free(&r->task);
		return fail(f.text);
	}
	r->figures = (struct core_figures){.name = r->task.name[0] ? r->task.name : o->layer, .macs = r->program.macs, .frames = r->task.batch, .memory = &o->memory};
	return true;
}

/* The outputs of an image as DIR/output.npy. */
static bool write_output(const struct run *r, const struct image *m)
{
	char path[WORKSPACE_PATH];
	struct fault f = {""};
	if (snprintf(path, sizeof path, "%s/output.npy", r->options->output) >= (int)sizeof path)
		return fail("--output: the name is too long");
	struct tensor *t = layer_result(&r->program, m, r->channels_first, &f);
	if (!t)
		return fail(f.text);
	bool good = npy_save(path, t, &f);
	tensor_free(t);
	return good || fail(f.text);
}

static bool write_json(const struct run *r)
{
	const char *path = r->options->json;
	if (!path)
		return true;
	cJSON *o = core_report_object(&r->figures);
	cJSON_AddStringToObject(o, "config", r->options->config.name);
	bool good = json_write(o, path, "run", stderr);
	cJSON_Delete(o);
	return good;
}

static void print_fast(const struct run *r, const struct backend_result *result)
{
	printf("%s (interpreted: results without cycles)\n  %-26s %12" PRIu64 "\n  %-26s %12" PRIu64 "\n", r->figures.name, "MACs", r->figures.macs, "groups",
	       result->expect.groups);
}

static int run_program(struct run *r, struct backend *b, enum backend_kind kind)
{
	struct compiled *p = &r->program;
	struct backend_result result;
	struct fault f = {""};
	int status = backend_run(b, r->figures.name, &p->image, p->program, p->program_bytes, NULL, 0, &result, stdout, &f);
	if (status != EXIT_GOOD) {
		if (status == EXIT_INPUT)
			fail(f.text);
		return status;
	}
	memcpy(r->figures.counter, result.counter, sizeof result.counter);
	r->figures.source = backend_source(kind);
	if (kind == BACKEND_FAST)
		print_fast(r, &result);
	else
		core_report(&r->figures, stdout);
	return write_output(r, &p->image) && (kind == BACKEND_FAST || write_json(r)) ? EXIT_GOOD : EXIT_INPUT;
}

static int run_on_backend(struct run *r)
{
	static const enum backend_kind kinds[] = {
		[RUN_MODEL] = BACKEND_MODEL, [RUN_RTL] = BACKEND_RTL_ALONE, [RUN_BOTH] = BACKEND_RTL, [RUN_ICARUS] = BACKEND_ICARUS,
	};
	const struct run_layer_options *o = r->options;
	enum backend_kind kind = o->fast ? BACKEND_FAST : kinds[o->on];
	struct backend *b = backend_open(kind, &o->config, &o->derived, &o->memory, o->threads, stderr);
	if (!b)
		return EXIT_INPUT;
	if (backend_build_seconds(b) > 0)
		printf("built the simulator of %s in %.1f s\n", dut_top_module(TOP_CORE), backend_build_seconds(b));
	int status = run_program(r, b, kind);
	backend_close(b);
	return status;
}

int run_layer(int argc, char **argv)
{
	static struct run_layer_options o; /* large */
	static struct run r;
	enum options_verdict verdict = run_layer_options_parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	memset(&r, 0, sizeof r);
	r.options = &o;
	if (!make_folder(o.output, stderr) || !load(&r))
		return EXIT_INPUT;
	int status = run_on_backend(&r);
	compiled_free(&r.program);
	layer_task_free(&r.task);
	return status;
}
