/*
 * run_layer.c: `bitlet run LAYER.yaml`: one layer from files through the whole core.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core_report.h"
#include "interpret.h"
#include "json_file.h"
#include "layer_file.h"
#include "run_layer.h"
#include "run_layer_options.h"
#include "tile.h"

/* A layer on its way: what it was made into and what came out. */
struct run {
	const struct run_layer_options *options;
	struct layer_task task;
	bool channels_first;        /* of the files */
	struct compiled program;
	struct image want, image;   /* by the interpreter; by the machine */
	struct interpret_result expect;
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

static bool interpret_layer(struct run *r)
{
	const struct run_layer_options *o = r->options;
	struct fault f = {""};
	if (!image_copy(&r->want, &r->program.image, &f) ||
	    !interpret(&o->config, &o->derived, &r->want, r->program.program, r->program.program_bytes, o->threads, &r->expect, &f))
		return fail(f.text);
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

static int run_fast(struct run *r)
{
	printf("%s (interpreted: results without cycles)\n  %-26s %12" PRIu64 "\n  %-26s %12" PRIu64 "\n", r->figures.name, "MACs", r->figures.macs, "groups",
	       r->expect.groups);
	return write_output(r, &r->want) ? EXIT_GOOD : EXIT_INPUT;
}

/* A good end, and the interpreter's bytes. */
static bool is_right(const struct run *r, const struct machine_result *result)
{
	const struct core_error *e = &r->expect.error;
	if (result->error.code != e->fault || result->error.channel != e->channel || result->error.address != e->address) {
		printf("the core ended with %s, channel %s, address 0x%" PRIx64 "; expected %s\n", bitlet_error_name(result->error.code),
		       bitlet_channel_name(result->error.channel), result->error.address, bitlet_error_name(e->fault));
		return false;
	}
	if (memcmp(r->image.data, r->want.data, r->want.bytes) == 0 && result->flags == r->expect.flags)
		return true;
	printf("MISMATCH: bytes in memory or flags are not those of the interpreter\n");
	return false;
}

static int run_machine(struct run *r, const struct simulator *s)
{
	static const char *const source[] = {"modelled", "simulated", "simulated, equal to the model in every cycle"};
	const struct run_layer_options *o = r->options;
	struct machine_setup setup = {
		.config = &o->config, .derived = &o->derived, .rtl = s->core, .model = o->on != RUN_RTL, .memory = o->memory, .image = &r->image,
	};
	static struct machine m; /* large */
	struct machine_result result;
	struct fault f = {""};
	if (!image_copy(&r->image, &r->program.image, &f) || !machine_open(&m, &setup)) {
		fail(f.text[0] ? f.text : "out of memory");
		return EXIT_INPUT;
	}
	bool ended = machine_run(&m, r->program.program, r->program.program_bytes, &result);
	int status = EXIT_NO;
	memcpy(r->figures.counter, result.counter, sizeof result.counter);
	r->figures.source = source[o->on];
	if (!ended) {
		printf("%s: MISMATCH\n", r->figures.name);
		machine_explain(&m, stdout);
	} else if (is_right(r, &result)) {
		core_report(&r->figures, stdout);
		status = write_output(r, &r->image) && write_json(r) ? EXIT_GOOD : EXIT_INPUT;
	}
	machine_close(&m);
	return status;
}

static int run_simulated(struct run *r)
{
	static struct workspace w; /* large */
	struct simulator s = {.handle = NULL};
	int status = EXIT_INPUT;
	if (r->options->on == RUN_MODEL)
		return run_machine(r, &s);
	if (workspace_open(&w, &r->options->config, stderr) && simulator_open(&s, &w, &r->options->config, TOP_CORE, stderr)) {
		if (s.built)
			printf("built the simulator of %s in %.1f s\n", dut_top_module(TOP_CORE), s.build_seconds);
		status = run_machine(r, &s);
	}
	simulator_close(&s);
	workspace_close(&w);
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
	int status = interpret_layer(&r) ? o.fast ? run_fast(&r) : run_simulated(&r) : EXIT_INPUT;
	image_free(&r.want);
	image_free(&r.image);
	compiled_free(&r.program);
	layer_task_free(&r.task);
	return status;
}
