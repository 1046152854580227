/*
 * ip_files.h: what makes the output directory an IP of other tools: component.xml (IP-XACT 1685-2009 as Vivado reads it) and bitlet.core (FuseSoC,
 * CAPI2). Both take ports and files from what was generated, so that they cannot disagree with it.
 */
#ifndef BITLET_IP_FILES_H
#define BITLET_IP_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "derive.h"

enum { IP_NAME_SIZE = 40, IP_MAX_PORTS = 128 };

struct ip_port {
	char name[IP_NAME_SIZE];
	bool output;
	unsigned bits;
};

struct ip_ports {
	struct ip_port port[IP_MAX_PORTS];
	unsigned ports;
};

/* Reads the ANSI port list of generated Verilog: lines "input  wire [11:0] name,". False: it holds a line in another form, or too many. */
bool ip_ports_read(struct ip_ports *p, const char *verilog);

struct ip_content {
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	const struct ip_ports *ports;
	const char *const *file;    /* of the RTL, in compile order, relative to the directory */
	unsigned files;
};

void ip_component(const struct ip_content *c, FILE *out);
void ip_fusesoc(const struct ip_content *c, FILE *out);

/* <spirit:memoryMaps> of s_axil: a register a row of registers.def. */
void ip_memory_map(const struct ip_content *c, FILE *out);

#endif
