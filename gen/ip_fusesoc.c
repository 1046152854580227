/*
 * ip_fusesoc.c: bitlet.core. FuseSoC wants "CAPI=2:" on its own as the first line; the rest is YAML.
 */
#include <ctype.h>

#include "command.h"
#include "ip_files.h"

/* Letters, digits and hyphens: what FuseSoC takes in a name. */
static void put_name(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc(isalnum((unsigned char)*text) ? *text : '-', out);
}

void ip_fusesoc(const struct ip_content *c, FILE *out)
{
	fputs("CAPI=2:\n\n# made by bitlet gen\nname: \"bitlet:ip:", out);
	put_name(c->config->name, out);
	fputs(":" BITLET_VERSION "\"\ndescription: bit-interleaving DNN accelerator\n\nfilesets:\n  rtl:\n    files:\n", out);
	for (unsigned i = 0; i < c->files; i++)
		fprintf(out, "      - %s\n", c->file[i]);
	fputs("    file_type: verilogSource\n"
	      "  tb:\n    files:\n      - tb/bitlet_tb.v\n    file_type: verilogSource\n"
	      "\ntargets:\n"
	      "  default:\n    filesets: [rtl]\n    toplevel: bitlet_top\n"
	      "  lint:\n    description: Verilator's warnings\n    default_tool: verilator\n    filesets: [rtl]\n    toplevel: bitlet_top\n"
	      "    tools:\n      verilator:\n        mode: lint-only\n        verilator_options: [-Wall]\n"
	      "  sim:\n    description: registers, program fetch and interrupt; prints PASS\n    default_tool: icarus\n    filesets: [rtl, tb]\n"
	      "    toplevel: bitlet_tb\n"
	      "    tools:\n      icarus:\n        iverilog_options: [-g2005]\n"
	      "  synth:\n    description: out of context; another part by --part\n    default_tool: vivado\n    filesets: [rtl]\n    toplevel: bitlet_top\n"
	      "    tools:\n      vivado:\n        part: xc7vx690tffg1761-2\n        pnr: none\n",
	      out);
}
