#include "layer_campaign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "layer_report.h"

enum { LAYER_CYCLES = 4000, SHORT_CYCLES = 1200, BREAK_BEATS = 4 };

struct layer_row *layer_campaign_row(struct layer_campaign *c, const char *name)
{
	for (unsigned i = 0; i < c->rows; i++)
		if (!strcmp(c->row[i].name, name))
			return &c->row[i];
	if (c->rows == LAYER_ROWS)
		abort(); /* a table of the program itself */
	struct layer_row *row = &c->row[c->rows++];
	*row = (struct layer_row){.name = name};
	return row;
}

void layer_campaign_count(struct layer_row *row, const struct layer_case *l, const struct machine_result *r)
{
	row->layers++;
	row->macs += r->done ? l->program.macs : 0;
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		row->counter[i] += r->counter[i];
}

static struct machine_break draw_break(const struct options *o)
{
	struct bitlet_rng r = {feed_seed(o->seed, "break", 0)};
	return (struct machine_break){
		.on = o->broken != BREAK_NONE, .side = o->broken == BREAK_MODEL ? MACHINE_MODEL : MACHINE_RTL, .beat = bitlet_random_below(&r, BREAK_BEATS),
	};
}

static bool fail(struct layer_campaign *c, const char *message)
{
	snprintf(c->problem, sizeof c->problem, "%s", message);
	return false;
}

static struct machine_setup setup_of(struct layer_campaign *c)
{
	const struct options *o = c->options;
	return (struct machine_setup){
		.config = &o->config, .derived = &o->derived, .rtl = c->rtl, .model = true, .memory = c->present.memory, .image = &c->present.image,
		.jitter = true, .broken = draw_break(o),
	};
}

static bool open_machine(struct layer_campaign *c)
{
	struct machine_setup setup = setup_of(c);
	return c->icarus || machine_open(&c->machine, &setup) || fail(c, "out of memory");
}

static bool play_icarus(struct layer_campaign *c, struct machine_result *r)
{
	struct machine_setup setup = setup_of(c);
	struct layer_case *l = &c->present;
	struct fault f = {""};
	int status = icarus_top_run(c->icarus, &setup, l->program.program, l->program.program_bytes, r, c->options->config.name, stdout, &f);
	if (status != EXIT_GOOD)
		return fail(c, status == EXIT_NO ? "Icarus does not show what the model shows" : f.text);
	return layer_case_judge(l, r, c->problem);
}

bool layer_campaign_play(struct layer_campaign *c, struct machine_result *r)
{
	struct layer_case *l = &c->present;
	layer_case_rewind(l);
	if (c->icarus)
		return play_icarus(c, r);
	machine_memory(&c->machine, &l->memory, &l->image);
	if (!machine_run(&c->machine, l->program.program, l->program.program_bytes, r))
		return c->machine.trouble || fail(c, "the driver finds the core busy");
	return layer_case_judge(l, r, c->problem);
}

static bool play_layer(struct layer_campaign *c)
{
	struct machine_result r;
	if (!layer_campaign_play(c, &r) || c->machine.trouble)
		return false;
	layer_campaign_count(layer_campaign_row(c, layer_op_name(c->present.op)), &c->present, &r);
	c->of_mode[c->present.mode]++;
	c->done++;
	return !c->options->faults || layer_faults(c);
}

/* Does the failure come without the layers before? */
static bool fails_alone(const struct layer_campaign *failed)
{
	struct layer_campaign *again = malloc(sizeof *again);
	if (!again)
		return false;
	*again = *failed;
	again->problem[0] = '\0';
	bool good = open_machine(again) && play_layer(again);
	machine_close(&again->machine);
	free(again);
	return !good;
}

static void show_progress(const struct layer_campaign *c)
{
	if (isatty(STDERR_FILENO) && campaign_now() - c->started > 2)
		fprintf(stderr, "\r\033[Klayer %" PRIu64, c->layer);
}

static void end_progress(const struct layer_campaign *c)
{
	if (isatty(STDERR_FILENO) && campaign_now() - c->started > 2)
		fprintf(stderr, "\r\033[K");
}

/* About how long a layer may run: with many runs each, or in slow gates, it is a short one. */
static uint64_t cycles_of(const struct options *o)
{
	return o->faults || o->netlist[0] ? SHORT_CYCLES : LAYER_CYCLES;
}

static enum campaign_verdict run_layers(struct layer_campaign *c)
{
	const struct options *o = c->options;
	for (uint64_t i = 0; i < o->layers; i++) {
		c->layer = o->first_layer + i;
		show_progress(c);
		if (c->has_present)
			layer_case_free(&c->present);
		c->has_present = layer_case_make(&c->present, &o->config, &o->derived, o->seed, c->layer, cycles_of(o), stderr);
		if (!c->has_present)
			return CAMPAIGN_FAILED;
		snprintf(c->problem, sizeof c->problem, "%s", c->present.problem);
		if (c->problem[0] || (i == 0 && !open_machine(c)) || !play_layer(c)) {
			c->alone = i == 0 || c->icarus || fails_alone(c);
			return CAMPAIGN_DIFFERS;
		}
	}
	return CAMPAIGN_GOOD;
}

enum campaign_verdict layer_campaign_run(struct layer_campaign *c)
{
	c->started = campaign_now();
	enum campaign_verdict v = run_layers(c);
	end_progress(c);
	if (v == CAMPAIGN_FAILED)
		return v;
	layer_report(c, v == CAMPAIGN_GOOD, stdout);
	return c->options->json && !layer_report_json(c, v == CAMPAIGN_GOOD, c->options->json, stderr) ? CAMPAIGN_FAILED : v;
}

void layer_campaign_free(struct layer_campaign *c)
{
	machine_close(&c->machine);
	if (c->has_present)
		layer_case_free(&c->present);
	c->has_present = false;
}
