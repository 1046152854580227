#include <inttypes.h>
#include <string.h>

#include "core_types.h"
#include "registers.h"

static const char *access_of(const struct register_map *m, const struct register_row *r)
{
	return !register_writable(m, r) ? "RO" : register_write_only(m, r) ? "WO" : "RW";
}

static const char *kind_name(enum register_kind kind)
{
	static const char *const names[] = { [KIND_CONSTANT] = "RO, constant", [KIND_STATE] = "RO", [KIND_SETTING] = "RW", [KIND_STICKY] = "W1C",
					     [KIND_PULSE] = "W1, reads 0" };
	return names[kind];
}

/* A number, or in the page for all configurations the parameter's name. */
static void put_value(const struct register_field *f, bool general, FILE *out)
{
	if (general && !register_field_fixed(f))
		fprintf(out, "`%s`", strstr(f->source, "->") + 2);
	else if (f->reset > 65536)
		fprintf(out, "0x%08" PRIx32, f->reset);
	else
		fprintf(out, "%" PRIu32, f->reset);
}

static void put_list(const struct register_map *m, FILE *out)
{
	fputs("| offset | register | access | meaning |\n|---|---|---|---|\n", out);
	for (const struct register_row *r = m->row; r < m->row + m->rows; r++)
		fprintf(out, "| 0x%03x | %s | %s | %s |\n", r->offset, r->name, access_of(m, r), r->meaning);
}

static void put_fields(const struct register_map *m, bool general, FILE *out)
{
	fputs("| field | bits | kind | reset | meaning |\n|---|---|---|---|---|\n", out);
	for (const struct register_row *r = m->row; r < m->row + m->rows && r->counter < 0; r++)
		for (const struct register_field *f = &m->field[r->first]; f < &m->field[r->first + r->fields]; f++) {
			fprintf(out, "| %s.%s | ", r->name, f->name);
			if (f->width > 1)
				fprintf(out, "%u:", f->lsb + f->width - 1);
			fprintf(out, "%u | %s | ", f->lsb, kind_name(f->kind));
			put_value(f, general, out);
			fprintf(out, " | %s |\n", f->meaning);
		}
}

static void put_errors(FILE *out)
{
	fputs("| STATUS.code | name | meaning | ERROR_ADDRESS |\n|---|---|---|---|\n", out);
#define CORE_FAULT(name, code, meaning, address) fprintf(out, "| %u | %s | %s | %s |\n", (unsigned)(code), #name, meaning, address);
#include "faults.def"
	fputs("\n| STATUS.channel | name | where |\n|---|---|---|\n", out);
#define CHANNEL(name, meaning) fprintf(out, "| %u | %s | %s |\n", (unsigned)CHANNEL_##name, #name, meaning);
	REGISTER_CHANNELS(CHANNEL)
#undef CHANNEL
}

void registers_markdown(const struct bitlet_config *c, const struct bitlet_derived *d, FILE *out)
{
	static struct register_map m;
	register_map_fill(&m, c, d);
	fputs("# Registers\n\n", out);
	if (c)
		fprintf(out, "Of configuration `%s`. ", c->name);
	fputs("32-bit words behind `s_axil`, 4 KiB, made by bitlet from `gen/registers.def`. The low two address bits are ignored; bits that no field has read 0.\n"
	      "Bytes whose strobe is 0 are not written. Addresses without a register, and writes to RO registers, are answered with SLVERR and do nothing.\n"
	      "A register changes at the clock edge at which BVALID rises. An event wins over a W1C write of the same edge.\n\n", out);
	put_list(&m, out);
	fputs("\n## Fields\n\n", out);
	if (!c)
		fputs("A reset value that is a name is the configuration's parameter or what is derived from it.\n\n", out);
	put_fields(&m, !c, out);
	fputs("\nKinds: RO read-only; RW read-write; W1C set by the core, cleared by writing 1; W1 writing 1 acts once.\n\n"
	      "## Counters\n\n"
	      "48 bits, of the present or the last run; a start sets them to 0. Reading a LOW keeps the upper bits of that moment; every HIGH reads what the last\n"
	      "LOW has kept. So read LOW, then HIGH, without another counter in between.\n\n"
	      "## Errors\n\n", out);
	put_errors(out);
}
