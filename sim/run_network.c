/*
 * run_network.c: `bitlet run MODEL`: loads, plans, runs all images, writes outputs and report.
 */
#include "run_network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json_file.h"
#include "network_load.h"
#include "network_report.h"
#include "network_run.h"
#include "precision_map.h"
#include "shard_report.h"
#include "workspace.h"

/* Everything of one command. */
struct job {
	struct run_network_options *o;
	struct graph *graph, *plain;
	enum network_kind kind;
	struct network_inputs in;
	struct precision_map map;
	struct network_plan plan;
	struct network_figures figures;
	struct backend *fast, *chosen;
	struct classes classes;
	struct tensor_dump dump;
	bool dumping;
	struct tensor **out;        /* [graph->outputs], of all runs */
	cJSON *verification;
	struct fault f;
};

/* ---- before the runs ---- */

static int mode_index(const struct run_network_options *o, const char *name)
{
	for (unsigned i = 0; i < o->config.precisions; i++)
		if (!strcmp(o->config.precision[i].name, name))
			return (int)i;
	return LOWER_AUTO;
}

static int mode_of(void *context, const struct graph_node *n)
{
	const struct job *j = context;
	const struct bitlet_precision *p = precision_map_find(&j->map, n->name);
	return p ? mode_index(j->o, p->name) : LOWER_AUTO;
}

/* Every precision of the file must be the configuration's, every name a node's. */
static bool load_precisions(struct job *j)
{
	const char *path = j->o->precisions;
	if (!path)
		return true;
	if (!precision_map_load(path, &j->map, &j->f))
		return false;
	for (size_t i = 0; i < j->map.rules; i++) {
		const struct precision_rule *r = &j->map.rule[i];
		if (mode_index(j->o, r->precision.name) == LOWER_AUTO)
			return fault_set(&j->f, "%s:%u:1: %s is no precision of configuration %s; see bitlet help config", path, r->line, r->precision.name,
			                 j->o->config.name);
	}
	const struct precision_rule *idle = precision_map_idle(&j->map, j->graph);
	return !idle || fault_set(&j->f, "%s:%u:1: no node is called '%.80s'; see bitlet inspect %s", path, idle->line, idle->pattern, j->o->model);
}

static bool load(struct job *j)
{
	double begin = progress_now();
	j->graph = network_load(j->o->model, false, &j->kind, &j->f);
	if (!j->graph || !load_precisions(j) || !network_inputs_load(&j->in, j->graph, j->o, stdout, &j->f))
		return false;
	if (!classes_load(&j->classes, j->o->labels, j->o->names, j->in.first, j->in.frames, &j->f))
		return false;
	j->classes.top = j->o->top;
	j->figures.load_seconds = progress_now() - begin;
	return true;
}

static bool plan(struct job *j)
{
	struct run_network_options *o = j->o;
	double begin = progress_now();
	struct schedule_options so = {
		.config = &o->config, .derived = &o->derived, .mode = o->precision ? run_network_mode(o) : LOWER_AUTO, .mode_of = o->precisions ? mode_of : NULL,
		.context = j,
	};
	if (!network_plan_new(&j->plan, j->graph, &j->in, o, &so, &j->f)) {
		if (j->in.cut && j->in.batch > 1 && !o->batch)
			fault_prefix(&j->f, "a batch of several images (try --batch 1)");
		return fault_prefix(&j->f, o->model);
	}
	if (j->plan.runs > 1 && o->tensors)
		return fault_set(&j->f, "--tensors: %zu runs; expected a single one (fewer --images, or a larger --batch)", j->plan.runs);
	if (!network_run_rows(&j->plan, &j->figures, &j->f))
		return false;
	j->figures.memory = j->plan.schedule[0].memory;
	j->figures.compile_seconds = progress_now() - begin;
	return true;
}

/* Real numbers have something to be compared with: the network as it stands in the file, or another one. */
static bool load_plain(struct job *j)
{
	const struct schedule *s = &j->plan.schedule[0];
	const char *path = j->o->reference ? j->o->reference : j->o->model;
	bool real = j->o->reference;
	for (size_t i = 0; i < s->steps; i++)
		real = real || (s->step[i].on_core && !s->step[i].layer.exact);
	if (!j->o->compare || !real)
		return true;
	enum network_kind kind;
	j->plain = network_load(path, true, &kind, &j->f);
	if (!j->plain)
		return false;
	if (j->plain->inputs != j->graph->inputs)
		return fault_set(&j->f, "%s: a network of %zu inputs; expected %zu, as %s has", path, j->plain->inputs, j->graph->inputs, j->o->model);
	return execute_check(j->plain, &j->f) || fault_prefix(&j->f, path);
}

static bool open_backends(struct job *j)
{
	const struct run_network_options *o = j->o;
	bool simulates = o->kind != BACKEND_FAST;
	j->fast = backend_open(BACKEND_FAST, &o->config, &o->derived, &o->memory, o->threads, stderr);
	j->chosen = simulates && j->fast ? backend_open(o->kind, &o->config, &o->derived, &o->memory, o->threads, stderr) : NULL;
	if (!j->fast || (simulates && !j->chosen))
		return fault_set(&j->f, "the backend cannot be used");
	j->figures.build_seconds = j->chosen ? backend_build_seconds(j->chosen) : 0;
	if (j->figures.build_seconds > 0)
		printf("built the simulator in %.1f s\n", j->figures.build_seconds);
	return true;
}

static bool hash_inputs(const struct job *j, uint64_t *h)
{
	for (size_t i = 0; i < j->graph->inputs; i++) {
		const struct tensor *t = j->in.whole[i];
		*h = hash_bytes(*h, t->data, t->count * tensor_type_bytes(t->type));
	}
	size_t rows[2] = {j->in.first, j->in.frames};
	*h = hash_bytes(*h, rows, sizeof rows);
	return true;
}

static bool begin_verification(struct job *j)
{
	const struct run_network_options *o = j->o;
	struct shard_identity id = {
		.kind = o->kind, .model = HASH_START, .config = o->derived.hash, .input = HASH_START, .sample = o->sample, .seed = o->memory.seed, .shard = o->shard,
		.shards = o->shards,
	};
	if (o->kind == BACKEND_FAST)
		return true;
	if (!shard_hash_file(o->model, &id.model) || !hash_inputs(j, &id.input))
		return fault_set(&j->f, "%s: cannot be read", o->model);
	j->verification = shard_report_new(&id);
	return true;
}

/* ---- the runs ---- */

static bool begin_reference(struct job *j, struct network_reference *r, const struct tensor *const *input)
{
	if (network_reference_begin(r, j->plain, input, j->o->threads, &j->f))
		return true;
	return fault_prefix(&j->f, j->o->reference ? j->o->reference : j->o->model);
}

static bool want_outputs(const struct job *j, struct network_reference *r)
{
	const struct schedule *s = &j->plan.schedule[0];
	for (size_t i = 0; i < s->steps; i++)
		if (s->step[i].on_core && !s->step[i].layer.exact)
			network_reference_want(r, j->graph->value[s->step[i].layer.out].name);
	for (size_t i = 0; i < j->graph->outputs; i++)
		network_reference_want(r, j->graph->value[j->graph->output[i]].name);
	return true;
}

static bool take_outputs(struct job *j, struct network_run *r, const struct execution *e)
{
	size_t at = r->number * j->plan.batch, rows = network_plan_rows(&j->plan, r->number);
	for (size_t i = 0; i < j->graph->outputs; i++) {
		const char *name = j->graph->value[j->graph->output[i]].name;
		const struct tensor *t = e->value[j->graph->output[i]], *reference = NULL;
		if (!network_outputs_add(&j->out[i], t, name, &j->in, at, rows, &j->f))
			return false;
		if (r->reference && !network_reference_get(r->reference, name, &reference, &j->f))
			return false;
		if (reference)
			network_error_add(&j->figures.output[i].error, ERROR_REAL, t, reference);
	}
	if (j->classes.top)
		progress_clear(r->progress);
	return !j->graph->outputs || classes_add(&j->classes, e->value[j->graph->output[0]], rows, stdout, &j->f);
}

static bool run_with(struct job *j, struct network_run *r, struct tensor **in)
{
	struct network_reference reference = {0};
	struct execution e;
	const struct tensor *const *input = (const struct tensor *const *)in;
	bool good = !j->plain || (begin_reference(j, &reference, input) && want_outputs(j, &reference));
	r->reference = good && j->plain ? &reference : NULL;
	if (good && network_run_once(r, input, &e, &j->f)) {
		good = take_outputs(j, r, &e);
		execution_free(&e);
	} else {
		good = good && fault_prefix(&j->f, j->o->model);
	}
	network_reference_free(&reference);
	return good;
}

static bool run_all(struct job *j)
{
	struct progress progress;
	struct network_run r = {
		.options = j->o, .plan = &j->plan, .fast = j->fast, .chosen = j->chosen, .figures = &j->figures, .dump = j->dumping ? &j->dump : NULL,
		.verification = j->verification, .progress = &progress,
	};
	struct tensor **in = calloc(j->graph->inputs + 1, sizeof *in);
	bool good = in || fault_set(&j->f, "out of memory");
	progress_start(&progress, stderr, network_plan_work(&j->plan));
	for (; good && r.number < j->plan.runs; r.number++) {
		good = network_inputs_rows(&j->in, r.number * j->plan.batch, network_plan_rows(&j->plan, r.number), in, &j->f) && run_with(j, &r, in);
		network_inputs_drop(&j->in, in);
	}
	progress_clear(&progress);
	j->figures.run_seconds = progress_now() - progress.begin;
	free(in);
	return good;
}

/* ---- after the runs ---- */

static bool write_outputs(struct job *j)
{
	struct file_names names = {0};
	bool good = true;
	for (size_t i = 0; good && i < j->graph->outputs; i++) {
		struct network_output *o = &j->figures.output[i];
		char path[WORKSPACE_PATH];
		const char *file = file_names_add(&names, o->name);
		good = (file && snprintf(path, sizeof path, "%s/%s.npy", j->o->output, file) < (int)sizeof path) || fault_set(&j->f, "--output: the name is too long");
		if (!good)
			break;
		snprintf(o->file, sizeof o->file, "%s.npy", file);
		tensor_shape_text(j->out[i]->rank, j->out[i]->dim, o->shape, sizeof o->shape);
		o->type = j->out[i]->type;
		o->crc = tensor_crc(j->out[i]);
		good = npy_save(path, j->out[i], &j->f);
	}
	file_names_free(&names);
	return good && (!j->dumping || tensor_dump_finish(&j->dump, &j->f));
}

static bool write_json(struct job *j)
{
	if (!j->o->json)
		return true;
	cJSON *report = network_report_object(&j->figures, j->verification);
	j->verification = NULL; /* the report's now */
	bool good = json_write(report, j->o->json, "run", stderr);
	cJSON_Delete(report);
	return good || fault_set(&j->f, "no report is written");
}

static bool prepare_outputs(struct job *j)
{
	size_t count = j->graph->outputs;
	j->out = calloc(count + 1, sizeof *j->out);
	j->figures.output = calloc(count + 1, sizeof *j->figures.output);
	if (!j->out || !j->figures.output)
		return fault_set(&j->f, "out of memory");
	j->figures.outputs = count;
	for (size_t i = 0; i < count; i++)
		j->figures.output[i].name = j->graph->value[j->graph->output[i]].name;
	j->figures.frames = j->in.frames;
	j->figures.runs = j->plan.runs;
	j->figures.batch = j->plan.batch;
	j->figures.classes = &j->classes;
	j->figures.kind = j->kind == NETWORK_TFLITE ? "TFLite" : "ONNX";
	j->figures.source = j->o->kind == BACKEND_FAST ? "estimated" : backend_source(j->o->kind);
	/* now, and not at the end of a day of simulation */
	if (j->o->json && !json_writable(j->o->json))
		return fault_set(&j->f, "--json %s: %s; expected a file that can be written", j->o->json, strerror(errno));
	if (!make_folder(j->o->output, NULL))
		return fault_set(&j->f, "--output %s: %s; expected a folder, or where one can be made", j->o->output, strerror(errno));
	j->dumping = j->o->tensors && tensor_dump_open(&j->dump, j->o->tensors, &j->f);
	return !j->o->tensors || j->dumping;
}

static int run_job(struct job *j)
{
	struct network_total t;
	if (!load(j) || !plan(j) || !load_plain(j) || !prepare_outputs(j) || !open_backends(j) || !begin_verification(j) || !run_all(j) || !write_outputs(j)) {
		fflush(stdout);
		fprintf(stderr, "bitlet run: %s\n", j->f.text);
		return EXIT_INPUT;
	}
	network_report(&j->figures, stdout);
	if (!write_json(j))
		return EXIT_INPUT;
	network_figures_total(&j->figures, &t);
	return t.differ || t.unequal ? EXIT_NO : EXIT_GOOD;
}

static void job_free(struct job *j)
{
	for (size_t i = 0; j->out && i < j->graph->outputs; i++)
		tensor_free(j->out[i]);
	free(j->out);
	cJSON_Delete(j->verification);
	backend_close(j->chosen);
	backend_close(j->fast);
	if (j->dumping)
		tensor_dump_free(&j->dump);
	network_figures_free(&j->figures);
	classes_free(&j->classes);
	network_plan_free(&j->plan);
	network_inputs_free(&j->in);
	precision_map_free(&j->map);
	if (j->plain)
		graph_free(j->plain);
	if (j->graph)
		graph_free(j->graph);
}

int run_network(int argc, char **argv)
{
	static struct run_network_options o; /* large */
	struct job j = {.o = &o, .figures = {.options = &o, .argc = argc, .argv = argv}};
	enum options_verdict verdict = run_network_options_parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	int status = run_job(&j);
	job_free(&j);
	return status;
}
