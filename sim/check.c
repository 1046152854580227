/*
 * check.c: `bitlet check`: do RTL and model agree?
 */
#include <inttypes.h>

#include "campaign.h"
#include "command.h"
#include "core_network.h"
#include "layer_campaign.h"
#include "report.h"

static bool open_simulator(struct simulator *s, const struct options *o, const struct workspace *w)
{
	*s = (struct simulator){.handle = NULL};
	if (o->sim != SIM_VERILATOR)
		return true;
	if (!simulator_open(s, w, &o->generated, o->top, stderr))
		return false;
	if (s->built)
		printf("built the simulator of %s in %.1f s\n", dut_top_module(o->top), s->build_seconds);
	return true;
}

static const int status_of[] = {[CAMPAIGN_GOOD] = EXIT_GOOD, [CAMPAIGN_DIFFERS] = EXIT_NO, [CAMPAIGN_FAILED] = EXIT_INPUT};

static int run_layers(const struct options *o, const struct simulator *s)
{
	static struct layer_campaign c; /* large */
	c.options = o;
	c.rtl = s->core;
	enum campaign_verdict v = layer_campaign_run(&c);
	layer_campaign_free(&c);
	return status_of[v];
}

/* Icarus instead of the simulator that is linked. */
static int run_layers_in_icarus(const struct options *o)
{
	static struct icarus_top t; /* large */
	static struct layer_campaign c;
	double seconds;
	if (!icarus_top_open(&t, &o->generated, o->netlist[0] ? o->netlist : NULL, &seconds, stderr))
		return EXIT_INPUT;
	printf("%s, %s, N = %u, %u PEs, iverilog, seed %" PRIu64 "\n", o->config.name, dut_top_module(o->top), o->config.n, o->config.pes, o->seed);
	fflush(stdout);
	c.options = o;
	c.icarus = &t;
	enum campaign_verdict v = layer_campaign_run(&c);
	layer_campaign_free(&c);
	icarus_top_close(&t);
	return status_of[v];
}

static int run_engine(const struct options *o, const struct workspace *w, const struct simulator *s)
{
	struct campaign c = {.options = o, .workspace = w, .api = s->api};
	enum campaign_verdict v = campaign_run(&c);
	if (v != CAMPAIGN_FAILED) {
		report_table(&c, stdout);
		report_mismatch(&c, stdout);
		fflush(stdout);
		if (o->json && !report_json(&c, s, o->json, stderr))
			v = CAMPAIGN_FAILED;
	}
	campaign_free(&c);
	return status_of[v];
}

static int run(const struct options *o, const struct workspace *w)
{
	struct simulator s;
	if (!open_simulator(&s, o, w))
		return EXIT_INPUT;
	printf("%s, %s, N = %u, %u PEs, %s, seed %" PRIu64 "\n", o->config.name, dut_top_module(o->top), o->config.n, o->config.pes,
	       o->sim == SIM_VERILATOR ? "verilator" : "iverilog", o->seed);
	fflush(stdout);
	int status = o->layers ? run_layers(o, &s) : o->top == TOP_CORE ? core_network(o, s.core) : run_engine(o, w, &s);
	simulator_close(&s);
	return status;
}

int command_check(int argc, char **argv)
{
	static struct options o; /* large */
	static struct workspace w;
	enum options_verdict verdict = options_parse(argc, argv, &o);
	if (verdict != OPTIONS_RUN)
		return verdict == OPTIONS_HELP ? EXIT_GOOD : EXIT_INPUT;
	if (o.layers && o.sim == SIM_IVERILOG)
		return run_layers_in_icarus(&o); /* it opens a workspace of its own */
	int status = workspace_open(&w, &o.generated, stderr) ? run(&o, &w) : EXIT_INPUT;
	workspace_close(&w);
	return status;
}
