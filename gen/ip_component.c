/*
 * ip_component.c: component.xml. The order of elements is the schema's.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "command.h"
#include "ip_files.h"
#include "registers.h"
#include "xml_text.h"

struct ip_bus {
	const char *name;           /* prefix of its ports, without the last _ */
	bool slave, lite;
	const char *mode;           /* READ_WRITE_MODE */
};

static const struct ip_bus buses[] = {
	{ "m_axi_act", false, false, "READ_ONLY" },
	{ "m_axi_wgt", false, false, "READ_ONLY" },
	{ "m_axi_out", false, false, "WRITE_ONLY" },
	{ "s_axil", true, true, "READ_WRITE" },
};
enum { BUSES = sizeof buses / sizeof *buses };

static const char *const families[] = { "virtex7", "kintex7", "artix7", "zynq", "spartan7", "virtexu", "kintexu", "virtexuplus", "kintexuplus", "artixuplus",
					"zynquplus", "versal" };

static void put_upper(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc(toupper((unsigned char)*text), out);
}

/* ---- bus interfaces */

static void put_type(const char *type, const char *library, const char *side, FILE *out)
{
	fprintf(out,
		"      <spirit:busType spirit:vendor=\"xilinx.com\" spirit:library=\"%s\" spirit:name=\"%s\" spirit:version=\"1.0\"/>\n"
		"      <spirit:abstractionType spirit:vendor=\"xilinx.com\" spirit:library=\"%s\" spirit:name=\"%s_rtl\" spirit:version=\"1.0\"/>\n"
		"      %s\n",
		library, type, library, type, side);
}

static void put_map(const char *logical, const char *physical, FILE *out)
{
	fputs("        <spirit:portMap>\n          <spirit:logicalPort>\n            <spirit:name>", out);
	put_upper(logical, out);
	fprintf(out, "</spirit:name>\n          </spirit:logicalPort>\n          <spirit:physicalPort>\n            <spirit:name>%s</spirit:name>\n"
		"          </spirit:physicalPort>\n        </spirit:portMap>\n", physical);
}

static void put_parameter(const char *bus, const char *name, const char *value, FILE *out)
{
	fprintf(out, "        <spirit:parameter>\n          <spirit:name>%s</spirit:name>\n          <spirit:value spirit:id=\"BUSIFPARAM_VALUE.", name);
	put_upper(bus, out);
	fprintf(out, ".%s\">%s</spirit:value>\n        </spirit:parameter>\n", name, value);
}

static void put_count(const char *bus, const char *name, unsigned value, FILE *out)
{
	char text[16];
	snprintf(text, sizeof text, "%u", value);
	put_parameter(bus, name, text, out);
}

static void put_bus(const struct ip_content *c, const struct ip_bus *b, FILE *out)
{
	char side[160];
	size_t prefix = strlen(b->name);
	if (b->slave)
		snprintf(side, sizeof side, "<spirit:slave>\n        <spirit:memoryMapRef spirit:memoryMapRef=\"%s\"/>\n      </spirit:slave>", b->name);
	else
		snprintf(side, sizeof side, "<spirit:master>\n        <spirit:addressSpaceRef spirit:addressSpaceRef=\"%s\"/>\n      </spirit:master>", b->name);
	fprintf(out, "    <spirit:busInterface>\n      <spirit:name>%s</spirit:name>\n", b->name);
	put_type("aximm", "interface", side, out);
	fputs("      <spirit:portMaps>\n", out);
	for (const struct ip_port *p = c->ports->port; p < c->ports->port + c->ports->ports; p++)
		if (!strncmp(p->name, b->name, prefix) && p->name[prefix] == '_')
			put_map(p->name + prefix + 1, p->name, out);
	fputs("      </spirit:portMaps>\n      <spirit:parameters>\n", out);
	put_parameter(b->name, "PROTOCOL", b->lite ? "AXI4LITE" : "AXI4", out);
	put_parameter(b->name, "READ_WRITE_MODE", b->mode, out);
	put_count(b->name, "DATA_WIDTH", b->lite ? 32 : 8 * c->derived->bus_bytes, out);
	put_count(b->name, "ADDR_WIDTH", b->lite ? 12 : c->config->axi_address_bits, out);
	if (!b->lite) {
		put_count(b->name, "MAX_BURST_LENGTH", c->config->axi_burst, out);
		put_count(b->name, !strcmp(b->mode, "READ_ONLY") ? "NUM_READ_OUTSTANDING" : "NUM_WRITE_OUTSTANDING", c->config->axi_outstanding, out);
		put_count(b->name, "SUPPORTS_NARROW_BURST", 0, out);
	}
	fputs("      </spirit:parameters>\n    </spirit:busInterface>\n", out);
}

static void put_signal(const char *name, const char *type, bool slave, const char *logical, FILE *out)
{
	fprintf(out, "    <spirit:busInterface>\n      <spirit:name>%s</spirit:name>\n", name);
	put_type(type, "signal", slave ? "<spirit:slave/>" : "<spirit:master/>", out);
	fputs("      <spirit:portMaps>\n", out);
	put_map(logical, name, out);
	fputs("      </spirit:portMaps>\n      <spirit:parameters>\n", out);
}

static void put_signals(FILE *out)
{
	static const char end[] = "      </spirit:parameters>\n    </spirit:busInterface>\n";
	char all[BUSES * IP_NAME_SIZE] = "";
	for (unsigned b = 0; b < BUSES; b++)
		snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", b ? ":" : "", buses[b].name);
	put_signal("clk", "clock", true, "CLK", out);
	put_parameter("clk", "ASSOCIATED_BUSIF", all, out);
	put_parameter("clk", "ASSOCIATED_RESET", "rst", out);
	fputs(end, out);
	put_signal("rst", "reset", true, "RST", out);
	put_parameter("rst", "POLARITY", "ACTIVE_HIGH", out);
	fputs(end, out);
	put_signal("irq", "interrupt", false, "INTERRUPT", out);
	put_parameter("irq", "SENSITIVITY", "LEVEL_HIGH", out);
	fputs(end, out);
}

static void put_address_spaces(const struct ip_content *c, FILE *out)
{
	unsigned bits = c->config->axi_address_bits;
	fputs("  <spirit:addressSpaces>\n", out);
	for (const struct ip_bus *b = buses; b < buses + BUSES; b++)
		if (!b->slave) {
			fprintf(out, "    <spirit:addressSpace>\n      <spirit:name>%s</spirit:name>\n      <spirit:range spirit:format=\"long\">", b->name);
			if (bits < 64)
				fprintf(out, "%" PRIu64, (uint64_t)1 << bits);
			else
				fputs("18446744073709551616", out);
			fprintf(out, "</spirit:range>\n      <spirit:width spirit:format=\"long\">%u</spirit:width>\n    </spirit:addressSpace>\n", 8 * c->derived->bus_bytes);
		}
	fputs("  </spirit:addressSpaces>\n", out);
}

/* ---- ports and files */

static void put_views(FILE *out)
{
	static const char *const view[][2] = { { "xilinx_anylanguagesynthesis", "synthesis" }, { "xilinx_anylanguagebehavioralsimulation", "simulation" } };
	fputs("    <spirit:views>\n", out);
	for (unsigned v = 0; v < 2; v++)
		fprintf(out,
			"      <spirit:view>\n        <spirit:name>%s</spirit:name>\n        <spirit:envIdentifier>:vivado.xilinx.com:%s</spirit:envIdentifier>\n"
			"        <spirit:language>Verilog</spirit:language>\n        <spirit:modelName>bitlet_top</spirit:modelName>\n"
			"        <spirit:fileSetRef>\n          <spirit:localName>%s_view_fileset</spirit:localName>\n        </spirit:fileSetRef>\n      </spirit:view>\n",
			view[v][0], view[v][1], view[v][0]);
	fputs("    </spirit:views>\n", out);
}

static void put_port(const struct ip_port *p, FILE *out)
{
	fprintf(out, "      <spirit:port>\n        <spirit:name>%s</spirit:name>\n        <spirit:wire>\n          <spirit:direction>%s</spirit:direction>\n", p->name,
		p->output ? "out" : "in");
	if (p->bits > 1)
		fprintf(out,
			"          <spirit:vector>\n            <spirit:left spirit:format=\"long\">%u</spirit:left>\n"
			"            <spirit:right spirit:format=\"long\">0</spirit:right>\n          </spirit:vector>\n",
			p->bits - 1);
	fputs("          <spirit:wireTypeDefs>\n            <spirit:wireTypeDef>\n              <spirit:typeName>wire</spirit:typeName>\n"
	      "              <spirit:viewNameRef>xilinx_anylanguagesynthesis</spirit:viewNameRef>\n"
	      "              <spirit:viewNameRef>xilinx_anylanguagebehavioralsimulation</spirit:viewNameRef>\n"
	      "            </spirit:wireTypeDef>\n          </spirit:wireTypeDefs>\n        </spirit:wire>\n      </spirit:port>\n",
	      out);
}

static void put_files(const struct ip_content *c, const char *view, FILE *out)
{
	fprintf(out, "    <spirit:fileSet>\n      <spirit:name>%s_view_fileset</spirit:name>\n", view);
	for (unsigned i = 0; i < c->files; i++)
		fprintf(out, "      <spirit:file>\n        <spirit:name>%s</spirit:name>\n        <spirit:fileType>verilogSource</spirit:fileType>\n      </spirit:file>\n",
			c->file[i]);
	fputs("    </spirit:fileSet>\n", out);
}

static void put_extensions(const struct ip_content *c, FILE *out)
{
	fputs("  <spirit:vendorExtensions>\n    <xilinx:coreExtensions>\n      <xilinx:supportedFamilies>\n", out);
	for (unsigned f = 0; f < sizeof families / sizeof *families; f++)
		fprintf(out, "        <xilinx:family xilinx:lifeCycle=\"Production\">%s</xilinx:family>\n", families[f]);
	fputs("      </xilinx:supportedFamilies>\n      <xilinx:taxonomies>\n        <xilinx:taxonomy>/UserIP</xilinx:taxonomy>\n      </xilinx:taxonomies>\n"
	      "      <xilinx:displayName>bitlet ",
	      out);
	xml_text(c->config->name, out);
	fputs("</xilinx:displayName>\n      <xilinx:coreRevision>1</xilinx:coreRevision>\n    </xilinx:coreExtensions>\n  </spirit:vendorExtensions>\n", out);
}

void ip_component(const struct ip_content *c, FILE *out)
{
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<spirit:component xmlns:xilinx=\"http://www.xilinx.com\" xmlns:spirit=\"http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
		"  <spirit:vendor>bitlet</spirit:vendor>\n  <spirit:library>user</spirit:library>\n  <spirit:name>bitlet_top</spirit:name>\n"
		"  <spirit:version>%u.%u</spirit:version>\n  <spirit:busInterfaces>\n",
		BITLET_VERSION_MAJOR, BITLET_VERSION_MINOR);
	for (const struct ip_bus *b = buses; b < buses + BUSES; b++)
		put_bus(c, b, out);
	put_signals(out);
	fputs("  </spirit:busInterfaces>\n", out);
	put_address_spaces(c, out);
	ip_memory_map(c, out);
	fputs("  <spirit:model>\n", out);
	put_views(out);
	fputs("    <spirit:ports>\n", out);
	for (const struct ip_port *p = c->ports->port; p < c->ports->port + c->ports->ports; p++)
		put_port(p, out);
	fputs("    </spirit:ports>\n  </spirit:model>\n  <spirit:fileSets>\n", out);
	put_files(c, "xilinx_anylanguagesynthesis", out);
	put_files(c, "xilinx_anylanguagebehavioralsimulation", out);
	fputs("  </spirit:fileSets>\n  <spirit:description>Bit-interleaving DNN accelerator, configuration ", out);
	xml_text(c->config->name, out);
	fputs("</spirit:description>\n  <spirit:parameters>\n    <spirit:parameter>\n      <spirit:name>Component_Name</spirit:name>\n"
	      "      <spirit:value spirit:resolve=\"user\" spirit:id=\"PARAM_VALUE.Component_Name\" spirit:order=\"1\">bitlet_top_v0</spirit:value>\n"
	      "    </spirit:parameter>\n  </spirit:parameters>\n",
	      out);
	put_extensions(c, out);
	fputs("</spirit:component>\n", out);
}
