#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "core_types.h"
#include "registers.h"

static void put_upper(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(toupper((unsigned char)*text), out);
}

static void put_field(const struct register_field *f, FILE *out)
{
	uint32_t mask = (f->width == 32 ? UINT32_MAX : (UINT32_C(1) << f->width) - 1) << f->lsb;
	fputs("#define BITLET_", out);
	put_upper(out, f->id);
	fprintf(out, "_LSB %u /* %s */\n#define BITLET_", f->lsb, f->meaning);
	put_upper(out, f->id);
	fprintf(out, "_MASK 0x%08" PRIx32 "u\n", mask);
	if (f->kind != KIND_CONSTANT || !register_field_fixed(f))
		return;
	fputs("#define BITLET_", out);
	put_upper(out, f->id);
	fprintf(out, "_VALUE 0x%" PRIx32 "u\n", f->reset);
}

static void put_registers(const struct register_map *m, FILE *out)
{
	for (const struct register_row *r = m->row; r < m->row + m->rows; r++) {
		if (r->counter < 0)
			fputc('\n', out);
		fprintf(out, "#define BITLET_REG_%s 0x%03xu /* %s */\n", r->name, r->offset, r->meaning);
		for (unsigned f = r->first; r->counter < 0 && f < r->first + r->fields; f++)
			put_field(&m->field[f], out);
		if (r->counter < 0 && r + 1 < m->row + m->rows && r[1].counter >= 0)
			fputs("\n/* Counters, 48 bits: HIGH belongs to the LOW that was read last. */\n", out);
	}
}

static void put_counters(const struct register_map *m, FILE *out)
{
	fprintf(out, "\n/* Counter i is at BITLET_REG_COUNTERS + 8 * i. */\n#define BITLET_REG_COUNTERS 0x%03xu\n#define BITLET_COUNTERS %u\n",
		m->row[m->rows - 2 * m->counters].offset, m->counters);
	fputs("#define BITLET_COUNTER_LIST(COUNTER)", out);
#define COUNTER(name, meaning) fprintf(out, " \\\n\tCOUNTER(%s, \"%s\")", #name, meaning);
#include "counters.def"
	fputc('\n', out);
}

static void put_error(const char *name, unsigned code, FILE *out)
{
	fprintf(out, "#define BITLET_ERROR_%s %u\n", name, code);
}

static void put_words(FILE *out)
{
	fputs("\n/* STATUS.code */\n", out);
#define CORE_FAULT(name, code, meaning, address) put_error(#name, code, out);
#include "faults.def"
	fputs("#define BITLET_ERROR_LIST(ERROR)", out);
#define CORE_FAULT(name, code, meaning, address) fprintf(out, " \\\n\tERROR(%s, %u, \"%s\")", #name, (unsigned)(code), meaning);
#include "faults.def"
	fputs("\n\n/* STATUS.channel */\n", out);
#define CHANNEL(name, meaning) fprintf(out, "#define BITLET_CHANNEL_%s %u /* %s */\n", #name, (unsigned)CHANNEL_##name, meaning);
	REGISTER_CHANNELS(CHANNEL)
#undef CHANNEL
}

void registers_header(FILE *out)
{
	static struct register_map m;
	register_map_fill(&m, NULL, NULL);
	fputs("/*\n"
	      " * bitlet_regs.h: the core's registers (registers.md), made by bitlet. The same for all configurations; what a core was configured to is in its\n"
	      " * CAPABILITY registers and in bitlet_params.h. BITLET_REG_X: byte offset. BITLET_X_Y_LSB, _MASK: field Y of register X. _VALUE: what it always reads.\n"
	      " */\n"
	      "#ifndef BITLET_REGS_H\n"
	      "#define BITLET_REGS_H\n"
	      "\n"
	      "/* Field of a value that was read, and a value with only that field: BITLET_GET(v, STATUS_CODE), BITLET_PUT(1, CONTROL_START). */\n"
	      "#define BITLET_GET(value, field) (((value) & BITLET_##field##_MASK) >> BITLET_##field##_LSB)\n"
	      "#define BITLET_PUT(number, field) (((number) << BITLET_##field##_LSB) & BITLET_##field##_MASK)\n", out);
	put_registers(&m, out);
	put_counters(&m, out);
	put_words(out);
	fputs("\n#endif\n", out);
}
