#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "command.h"
#include "core_types.h"
#include "registers.h"
#include "xml_text.h"

static void put_element(FILE *out, unsigned depth, const char *element, const char *text)
{
	fprintf(out, "%*s<%s>", (int)(2 * depth), "", element);
	xml_text(text, out);
	fprintf(out, "</%s>\n", element);
}

__attribute__((format(printf, 4, 5)))
static void put_number(FILE *out, unsigned depth, const char *element, const char *format, ...)
{
	char text[32];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	put_element(out, depth, element, text);
}

static void put_word(FILE *out, const char *name, const char *meaning, unsigned value)
{
	fputs("                <enumeratedValue>", out);
	fprintf(out, "<name>%s</name><description>", name);
	xml_text(meaning, out);
	fprintf(out, "</description><value>%u</value></enumeratedValue>\n", value);
}

/* The values that have names. */
static void put_words(const char *id, FILE *out)
{
	bool code = !strcmp(id, "status_code");
	if (!code && strcmp(id, "status_channel") != 0)
		return;
	fputs("              <enumeratedValues>\n", out);
	if (code) {
#define CORE_FAULT(name, code_, meaning, address) put_word(out, #name, meaning, code_);
#include "faults.def"
	} else {
#define CHANNEL(name, meaning) put_word(out, #name, meaning, CHANNEL_##name);
		REGISTER_CHANNELS(CHANNEL)
#undef CHANNEL
	}
	fputs("              </enumeratedValues>\n", out);
}

static void put_field(const struct register_field *f, FILE *out)
{
	static const char *const access[] = { [KIND_CONSTANT] = "read-only", [KIND_STATE] = "read-only", [KIND_SETTING] = "read-write",
					      [KIND_STICKY] = "read-write", [KIND_PULSE] = "write-only" };
	fputs("            <field>\n", out);
	put_element(out, 7, "name", f->name);
	put_element(out, 7, "description", f->meaning);
	put_number(out, 7, "bitOffset", "%u", f->lsb);
	put_number(out, 7, "bitWidth", "%u", f->width);
	put_element(out, 7, "access", access[f->kind]);
	if (f->kind == KIND_STICKY)
		put_element(out, 7, "modifiedWriteValues", "oneToClear");
	put_words(f->id, out);
	fputs("            </field>\n", out);
}

static void put_register(const struct register_map *m, const struct register_row *r, FILE *out)
{
	fputs("        <register>\n", out);
	put_element(out, 5, "name", r->name);
	put_element(out, 5, "description", r->meaning);
	put_number(out, 5, "addressOffset", "0x%03x", r->offset);
	put_element(out, 5, "access", !register_writable(m, r) ? "read-only" : register_write_only(m, r) ? "write-only" : "read-write");
	put_number(out, 5, "resetValue", "0x%08" PRIx32, register_reset(m, r));
	fputs("          <fields>\n", out);
	for (unsigned f = r->first; f < r->first + r->fields; f++)
		put_field(&m->field[f], out);
	fputs("          </fields>\n        </register>\n", out);
}

void registers_svd(const struct bitlet_config *c, const struct bitlet_derived *d, FILE *out)
{
	static struct register_map m;
	register_map_fill(&m, c, d);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<!-- bitlet.svd: made by bitlet; the base address is for the system to set -->\n"
	      "<device schemaVersion=\"1.3\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\" xs:noNamespaceSchemaLocation=\"CMSIS-SVD.xsd\">\n", out);
	put_element(out, 1, "name", "bitlet");
	put_element(out, 1, "version", BITLET_VERSION);
	put_element(out, 1, "description", c->name);
	fputs("  <addressUnitBits>8</addressUnitBits>\n  <width>32</width>\n  <size>32</size>\n  <resetMask>0xffffffff</resetMask>\n"
	      "  <peripherals>\n    <peripheral>\n", out);
	put_element(out, 3, "name", "BITLET");
	put_element(out, 3, "description", "bit-interleaving DNN accelerator");
	put_element(out, 3, "baseAddress", "0x00000000");
	fprintf(out, "      <addressBlock>\n        <offset>0x0</offset>\n        <size>0x%x</size>\n        <usage>registers</usage>\n      </addressBlock>\n",
		(unsigned)REGISTER_SPACE);
	fputs("      <registers>\n", out);
	for (const struct register_row *r = m.row; r < m.row + m.rows; r++)
		put_register(&m, r, out);
	fputs("      </registers>\n    </peripheral>\n  </peripherals>\n</device>\n", out);
}
