#include "report_modes.h"

#include <string.h>

#include "command.h"

/* Ends with a row whose option is NULL. */
static const struct report_mode report_modes[] = {
	{ "--vivado", report_vivado },
	{ "--area", report_area },
	{ NULL, NULL },
};

const char command_report_help[] =
	"usage: bitlet report [--vivado] DIR|FILE... [--json FILE]\n"
	"       bitlet report --area SUMMARY.json... [--run RUN.json]... [--json FILE]\n"
	"\n"
	"Reads the text reports of Vivado (report_utilization, also -hierarchical, report_timing_summary, report_power) of one\n"
	"design and prints one table: resources, instances, clocks with slack, the longest path, power. A DIR stands for all\n"
	"*.rpt in it. The clock that a path would allow is the period less the slack; all else is as Vivado reported it.\n"
	"\n"
	"With --area: what `make asic` measured (build/CONFIG/asic/summary.json) beside the paper's tables 9 and 10: shares of the five categories, area of\n"
	"an array at 28 and 65 nm, and each engine's MAC/cycle/kGE and GOP/s/W. Each figure says whether it is reported (by the paper's authors),\n"
	"synthesised, simulated or modelled.\n"
	"\n"
	"  --run RUN.json  of `bitlet run MODEL --config CONFIG --cycles --json RUN.json` or --on rtl: MAC/cycle of its layers, for the\n"
	"                  summary of the same CONFIG; may be given again\n"
	"  --nand2 A,B     area of a 2-input NAND at 28 and at 65 nm in um2; default 0.49,1.44, an assumption\n"
	"  --pes P         PEs of the array that areas are scaled to; default 32, the paper's\n"
	"  --json FILE     the same as JSON\n"
	"\n"
	"Without --area:\n"
	"  --json FILE   the same as JSON: lut, ff, carry4, bram, dsp, modules, fmax_mhz, timing, power\n"
	"  --help        this text\n"
	"\n"
	"Exit status: 0 good, 1 a clock is not met, 2 a file is no such report, damaged, or of another design.\n";

int command_report(int argc, char **argv)
{
	for (const struct report_mode *m = report_modes; argc > 1 && m->option; m++)
		if (!strcmp(argv[1], m->option))
			return m->run(argc - 1, argv + 1);
	return report_vivado(argc, argv);
}
