/*
 * area_command.c: `bitlet report --area`.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "area_report.h"
#include "command.h"
#include "json_file.h"
#include "report_modes.h"

enum { RUN = 1, NAND2, PES, JSON, HELP };

static const struct option long_options[] = {
	{"run", required_argument, NULL, RUN}, {"nand2", required_argument, NULL, NAND2}, {"pes", required_argument, NULL, PES},
	{"json", required_argument, NULL, JSON}, {"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0},
};

static bool parse_area(const char *text, char **end, double *value)
{
	*value = strtod(text, end);
	return *end != text && *value >= 0.001 && *value <= 1000; /* not for NaN */
}

/* "A28,A65" */
static bool parse_nand2(const char *text, struct area_report *r)
{
	char *end;
	if (parse_area(text, &end, &r->node[0].nand2_um2) && *end == ',' && parse_area(end + 1, &end, &r->node[1].nand2_um2) && !*end)
		return true;
	fprintf(stderr, "bitlet report: --nand2 '%s'; expected two areas in um2, at 28 and at 65 nm, as in 0.49,1.44\n", text);
	return false;
}

static bool parse_pes(const char *text, unsigned *pes)
{
	char *end;
	errno = 0;
	long v = strtol(text, &end, 10);
	if (end != text && !*end && !errno && v >= 1 && v <= 65536) {
		*pes = (unsigned)v;
		return true;
	}
	fprintf(stderr, "bitlet report: --pes '%s'; expected a number from 1 to 65536\n", text);
	return false;
}

/* What the command line asks for beside the summaries. */
struct request {
	struct area_report *report;
	const char *json;
	bool help;
	struct fault *f;
};

static bool take_option(int option, struct request *q)
{
	if (option == RUN)
		return area_report_add_run(q->report, optarg, q->f);
	if (option == NAND2)
		return parse_nand2(optarg, q->report);
	if (option == PES)
		return parse_pes(optarg, &q->report->pes);
	if (option == JSON)
		q->json = optarg;
	q->help = option == HELP;
	return option == JSON || option == HELP;
}

/* Options, and the runs, until --help. */
static bool take_options(int argc, char **argv, struct request *q)
{
	bool good = true;
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; good && !q->help && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
		good = take_option(option, q);
	return good;
}

static bool write_json(const struct area_report *r, const char *json)
{
	cJSON *o = area_report_object(r);
	bool good = json_write(o, json, "report", stderr);
	cJSON_Delete(o);
	return good;
}

static bool report(int argc, char **argv, struct area_report *r, struct fault *f)
{
	struct request q = {.report = r, .f = f};
	if (!take_options(argc, argv, &q))
		return false;
	if (q.help)
		return fputs(command_report_help, stdout) >= 0;
	if (optind == argc)
		return fault_set(f, "no summary given; expected build/CONFIG/asic/summary.json of make asic");
	for (int i = optind; i < argc; i++)
		if (!area_report_add_summary(r, argv[i], f))
			return false;
	area_report_print(r, stdout);
	return !q.json || write_json(r, q.json);
}

int report_area(int argc, char **argv)
{
	struct area_report r = {.pes = 32, .node = {{28, 0.49, 0.9}, {65, 1.44, 1.0}}};
	struct fault f = {""};
	bool good = report(argc, argv, &r, &f);
	if (f.text[0])
		fprintf(stderr, "bitlet report: %s\n", f.text);
	area_report_free(&r);
	return good ? EXIT_GOOD : EXIT_INPUT;
}
