/*
 * options.h: the command line of `bitlet check`.
 */
#ifndef BITLET_SIM_OPTIONS_H
#define BITLET_SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "derive.h"
#include "simulator.h"
#include "stall.h"

enum sim_tool { SIM_VERILATOR, SIM_IVERILOG };
enum sim_break { BREAK_NONE, BREAK_RTL, BREAK_MODEL };

enum { EVERY_MODE = -2, EVERY_STALL = -1, OPTIONS_NETLIST = 8, OPTIONS_INPUTS = 64 };

struct options {
	const char *config_name;    /* as the user gave it */
	struct bitlet_config config; /* as simulated: pes is 1 with --dut pe */
	struct bitlet_config generated; /* as generated */
	struct bitlet_derived derived; /* of config */
	int mode;                   /* index, FEED_MIXED, or EVERY_MODE */
	size_t groups;              /* times PEs; of each precision (of each layer) */
	uint64_t seed;
	enum sim_tool sim;
	enum sim_break broken;
	enum dut_top top;
	int stall;                  /* enum stall_kind or EVERY_STALL */
	int kind;                   /* enum bitlet_stimulus or FEED_ANY */
	bool exhaustive;
	const char *json;           /* file, or NULL */
	const char *network;        /* file, or NULL */
	const char *input[OPTIONS_INPUTS]; /* its inputs: "file" or "name=file" */
	unsigned inputs;            /* 0 without a network, and only then */
	size_t image_count;         /* rows of each input; 0: all */
	const char *layer;          /* list of its layers (layer_choice.h), or NULL: all */
	uint64_t layers, first_layer; /* random layers through the whole core; 0: none */
	bool faults;                /* each with faults */
	const char *netlist[OPTIONS_NETLIST + 1]; /* Verilog in place of the RTL, NULL behind the last; iverilog alone */
	const char *dump;           /* file for a VCD of all that the netlist's nets do, or NULL */
};

enum options_verdict { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_BAD };

/* argv[0] is the verb. OPTIONS_HELP after --help (the text has been printed); OPTIONS_BAD after one line on stderr. */
enum options_verdict options_parse(int argc, char **argv, struct options *o);

/* "int8", "mixed". mode: index or FEED_MIXED. */
const char *options_mode_name(const struct options *o, int mode);

#endif
