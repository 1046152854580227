#include <inttypes.h>

#include "ip_files.h"
#include "registers.h"
#include "xml_text.h"

static void put_field(const struct register_field *f, FILE *out)
{
	static const char *const access[] = { [KIND_CONSTANT] = "read-only", [KIND_STATE] = "read-only", [KIND_SETTING] = "read-write",
					      [KIND_STICKY] = "read-write", [KIND_PULSE] = "write-only" };
	fprintf(out, "          <spirit:field>\n            <spirit:name>%s</spirit:name>\n            <spirit:description>", f->name);
	xml_text(f->meaning, out);
	fprintf(out,
		"</spirit:description>\n            <spirit:bitOffset>%u</spirit:bitOffset>\n            <spirit:bitWidth spirit:format=\"long\">%u</spirit:bitWidth>\n"
		"            <spirit:access>%s</spirit:access>\n",
		f->lsb, f->width, access[f->kind]);
	if (f->kind == KIND_STICKY)
		fputs("            <spirit:modifiedWriteValue>oneToClear</spirit:modifiedWriteValue>\n", out);
	fputs("          </spirit:field>\n", out);
}

static void put_register(const struct register_map *m, const struct register_row *r, FILE *out)
{
	const char *access = !register_writable(m, r) ? "read-only" : register_write_only(m, r) ? "write-only" : "read-write";
	fprintf(out, "        <spirit:register>\n          <spirit:name>%s</spirit:name>\n          <spirit:description>", r->name);
	xml_text(r->meaning, out);
	fprintf(out,
		"</spirit:description>\n          <spirit:addressOffset>0x%03x</spirit:addressOffset>\n          <spirit:size spirit:format=\"long\">32</spirit:size>\n"
		"          <spirit:access>%s</spirit:access>\n"
		"          <spirit:reset>\n            <spirit:value spirit:format=\"long\">0x%08" PRIx32 "</spirit:value>\n          </spirit:reset>\n",
		r->offset, access, register_reset(m, r));
	for (unsigned f = r->first; f < r->first + r->fields; f++)
		put_field(&m->field[f], out);
	fputs("        </spirit:register>\n", out);
}

void ip_memory_map(const struct ip_content *c, FILE *out)
{
	static struct register_map m; /* large */
	register_map_fill(&m, c->config, c->derived);
	fprintf(out,
		"  <spirit:memoryMaps>\n    <spirit:memoryMap>\n      <spirit:name>s_axil</spirit:name>\n      <spirit:addressBlock>\n"
		"        <spirit:name>reg0</spirit:name>\n        <spirit:baseAddress spirit:format=\"long\">0</spirit:baseAddress>\n"
		"        <spirit:range spirit:format=\"long\">%u</spirit:range>\n        <spirit:width spirit:format=\"long\">32</spirit:width>\n"
		"        <spirit:usage>register</spirit:usage>\n        <spirit:access>read-write</spirit:access>\n",
		(unsigned)REGISTER_SPACE);
	for (const struct register_row *r = m.row; r < m.row + m.rows; r++)
		put_register(&m, r, out);
	fputs("      </spirit:addressBlock>\n    </spirit:memoryMap>\n  </spirit:memoryMaps>\n", out);
}
