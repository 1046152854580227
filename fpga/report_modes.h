/*
 * report_modes.h: `bitlet report`. A mode is chosen by the verb's first argument; without one, reports of Vivado are read.
 */
#ifndef BITLET_REPORT_MODES_H
#define BITLET_REPORT_MODES_H

/* A row a mode, in report.c. run() gets argv[0] = the option; it handles all its other arguments and returns an exit code (command.h). */
struct report_mode {
	const char *option;         /* "--area" */
	int (*run)(int argc, char **argv);
};

/* report_vivado.c: argv[1..] files, folders and --json FILE. */
int report_vivado(int argc, char **argv);

/* sim/area_command.c: argv[1..] summaries of make asic, and options. */
int report_area(int argc, char **argv);

#endif
