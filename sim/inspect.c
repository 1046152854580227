/*
 * inspect.c: `bitlet inspect`: what a network consists of and needs, before anything runs.
 */
#include <getopt.h>
#include <stdlib.h>

#include "command.h"
#include "config_load.h"
#include "derive.h"
#include "input_shapes.h"
#include "inspect_report.h"
#include "json_file.h"
#include "options.h"

const char command_inspect_help[] =
	"usage: bitlet inspect MODEL [options]\n"
	"\n"
	"Lists inputs, outputs, operators, the nodes' shapes, multiply-adds and weights, and everything in the network that is not supported, without running\n"
	"it. MODEL is an ONNX or TFLite file.\n"
	"  --config CONFIG        also which nodes run on the core of that configuration (file or preset's name), in which precision, and why others do not\n"
	"  --input-shape NAME=AxBx...  shape of an input whose dimensions are open; each open one counts as 1 otherwise; may come several times\n"
	"  --json FILE            the same as JSON\n"
	"Exit status: 0 good, 2 something is not supported (the list comes last), wrong usage or a file at fault.\n";

enum { CONFIG = 1, INPUT_SHAPE, JSON, HELP };

struct inspect_command {
	const char *model, *config_name, *json;
	struct input_shapes shapes;
	struct bitlet_config config;
	struct bitlet_derived derived;
};

/* ---- the command line */

static bool take_shape(struct inspect_command *o)
{
	struct fault f = {""};
	if (input_shapes_add(&o->shapes, optarg, &f))
		return true;
	fprintf(stderr, "bitlet inspect: --input-shape %s\n", f.text);
	return false;
}

static bool take(int option, struct inspect_command *o)
{
	switch (option) {
	case CONFIG:
		o->config_name = optarg;
		return true;
	case INPUT_SHAPE:
		return take_shape(o);
	case JSON:
		o->json = optarg;
		return true;
	default:
		return false; /* getopt has said why */
	}
}

static enum options_verdict parse(int argc, char **argv, struct inspect_command *o)
{
	static const struct option rows[] = {
		{"config", required_argument, NULL, CONFIG}, {"input-shape", required_argument, NULL, INPUT_SHAPE}, {"json", required_argument, NULL, JSON},
		{"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0},
	};
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "", rows, NULL)) != -1;) {
		if (option == HELP) {
			fputs(command_inspect_help, stdout);
			return OPTIONS_HELP;
		}
		if (!take(option, o))
			return OPTIONS_BAD;
	}
	if (optind + 1 != argc) {
		command_refuse("inspect", "%s; expected one network", optind < argc ? "too many arguments" : "no network given");
		return OPTIONS_BAD;
	}
	o->model = argv[optind];
	if (o->config_name && !config_load(o->config_name, &o->config, stderr))
		return OPTIONS_BAD;
	if (o->config_name)
		bitlet_derive(&o->config, &o->derived);
	return OPTIONS_RUN;
}

/* ---- the network */

static int complain(const struct inspect_command *o, const struct fault *f, bool with_model)
{
	fprintf(stderr, "bitlet inspect: %s%s%s\n", with_model ? o->model : "", with_model ? ": " : "", f->text);
	return EXIT_INPUT;
}

/* Loads once more, fused, and makes the schedule of a run; free both. */
static bool make_plan(const struct inspect_command *o, struct graph **g, struct schedule *s, struct fault *f)
{
	struct schedule_options options = {.config = &o->config, .derived = &o->derived, .mode = LOWER_AUTO};
	enum network_kind kind;
	if (!(*g = network_load(o->model, false, &kind, f)))
		return false;
	struct tensor **input = input_shapes_of(&o->shapes, *g, f);
	bool good = input && schedule_new(*g, (const struct tensor *const *)input, &options, s, f);
	input_shapes_free(input, *g);
	return good || fault_prefix(f, o->model);
}

static bool write_json(const struct inspect_command *o, const struct inspection *i, const struct schedule *s)
{
	if (!o->json)
		return true;
	cJSON *object = inspect_object(i, o->model, s);
	bool good = json_write(object, o->json, "inspect", stderr);
	cJSON_Delete(object);
	return good;
}

/* Complaints may come from sizes that nobody gave. */
static void hint_at_shapes(const struct inspect_command *o, const struct graph *g)
{
	for (size_t i = 0; !o->shapes.count && i < g->inputs; i++) {
		const struct graph_value *v = &g->value[g->input[i]];
		for (unsigned d = 0; d < v->rank; d++)
			if (v->dim[d] < 0) {
				fprintf(stderr, "bitlet inspect: %s: input '%s' leaves dimensions open, which count as 1; --input-shape gives them\n", o->model, v->name);
				return;
			}
	}
}

static int report(const struct inspect_command *o, const struct inspection *i)
{
	struct graph *g = NULL;
	struct schedule s = {.graph = NULL};
	struct fault f = {""};
	bool plan = o->config_name && !i->complaints;
	inspect_print(i, o->model, stdout);
	bool good = !plan || make_plan(o, &g, &s, &f);
	if (good && plan)
		inspect_print_plan(&s, stdout);
	if (!good)
		complain(o, &f, false);
	if (i->complaints)
		fprintf(stderr, "bitlet inspect: %s: %zu thing%s not supported\n", o->model, i->complaints, i->complaints == 1 ? "" : "s");
	if (i->complaints)
		hint_at_shapes(o, i->graph);
	good = write_json(o, i, good && plan ? &s : NULL) && good && !i->complaints;
	if (s.graph)
		schedule_free(&s);
	graph_free(g);
	return good ? EXIT_GOOD : EXIT_INPUT;
}

int command_inspect(int argc, char **argv)
{
	static struct inspect_command o; /* large */
	struct fault f = {""};
	enum network_kind kind;
	struct inspection i;
	o = (struct inspect_command){.model = NULL};
	enum options_verdict verdict = parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	struct graph *g = network_load_any(o.model, &kind, &f);
	if (!g)
		return complain(&o, &f, false);
	struct tensor **input = input_shapes_of(&o.shapes, g, &f);
	int status = EXIT_INPUT;
	if (input && inspection_new(g, kind, (const struct tensor *const *)input, &i, &f)) {
		status = report(&o, &i);
		inspection_free(&i);
	} else {
		complain(&o, &f, true);
		hint_at_shapes(&o, g);
	}
	input_shapes_free(input, g);
	graph_free(g);
	return status;
}
