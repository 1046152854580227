#include "report.h"

#include <string.h>

#include "command.h"

/* Ends with a row whose option is NULL. */
static const struct report_mode report_modes[] = {
	{ "--vivado", report_vivado },
	{ NULL, NULL },
};

const char command_report_help[] =
	"usage: bitlet report [--vivado] DIR|FILE... [--json FILE]\n"
	"\n"
	"Reads the text reports of Vivado (report_utilization, also -hierarchical, report_timing_summary, report_power) of one\n"
	"design and prints one table: resources, instances, clocks with slack, the longest path, power. A DIR stands for all\n"
	"*.rpt in it. The clock that a path would allow is the period less the slack; all else is as Vivado reported it.\n"
	"\n"
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
