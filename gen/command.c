#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct command commands[] = {
	{ "gen", command_gen, "generate Verilog from a configuration",
	  "usage: bitlet gen CONFIG -o DIR\n"
	  "\n"
	  "Generates the accelerator that CONFIG describes, a YAML file or a preset's name:\n"
	  "  DIR/rtl/*.v            Verilog-2005, modules bitlet_top, bitlet_array and bitlet_pe\n"
	  "  DIR/filelist.f         the files in compile order, relative to DIR\n"
	  "  DIR/bitlet_params.vh   all parameters and derived numbers for Verilog\n"
	  "  DIR/bitlet_params.h    the same for C\n"
	  "  DIR/bitlet_regs.h      the registers for C\n"
	  "  DIR/registers.md       the registers for readers\n"
	  "  DIR/bitlet.svd         the registers as CMSIS-SVD\n"
	  "  DIR/tb/bitlet_tb.v     a first test for any simulator: registers, program fetch, interrupt\n"
	  "  DIR/component.xml      DIR as an IP of Vivado (IP-XACT)\n"
	  "  DIR/bitlet.core        DIR as a core of FuseSoC (CAPI2)\n"
	  "  DIR/driver/            host driver in C\n"
	  "An earlier output in DIR is replaced; a directory that holds only other files is refused.\n"
	  "\n"
	  "  -o, --output DIR   where to write\n"
	  "  --help             this text\n"
	  "\n"
	  "Exit status: 0 good, 2 the configuration is at fault or DIR cannot be written.\n" },
	{ "expand", command_expand, "expand a template of your own with the values of a configuration", command_expand_help },
	{ "check", command_check, "compare RTL and model in every cycle", command_check_help },
	{ "run", command_run, "run a network or a layer through the whole core from memory", command_run_help },
	{ "merge", command_merge, "join the reports of the shards of a run", command_merge_help },
	{ "inspect", command_inspect, "list what a network consists of and what is not supported", command_inspect_help },
	{ "quantize", command_quantize, "make a network of small integers from a float one", command_quantize_help },
	{ "stats", command_stats, "show the bit sparsity of a network", command_stats_help },
	{ "report", command_report, "show what synthesis tools report", command_report_help },
	{ "presets", command_presets, "list the configurations that come with the program",
	  "usage: bitlet presets\n"
	  "\n"
	  "Prints the names of the presets, one a line. Any of them can stand for CONFIG.\n"
	  "\n"
	  "  --help   this text\n" },
	{ "help", command_help, "explain a verb, the configuration's parameters, or the registers",
	  "usage: bitlet help [VERB | config | registers]\n"
	  "\n"
	  "Explains a verb. `bitlet help config` prints all parameters of a configuration as Markdown, `bitlet help registers`\n"
	  "all registers of the core.\n"
	  "\n"
	  "  --help   this text\n" },
	{ NULL, NULL, NULL, NULL },
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

int command_refuse(const char *verb, const char *format, ...)
{
	va_list arguments;
	fprintf(stderr, "bitlet %s: ", verb);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; try 'bitlet %s --help'\n", verb);
	return EXIT_INPUT;
}
