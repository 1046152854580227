#include "registers.h"

#include <stdarg.h>

__attribute__((format(printf, 3, 4)))
static void put(struct symbols *s, int64_t number, const char *format, ...)
{
	char name[SYMBOL_NAME_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(name, sizeof name, format, arguments);
	va_end(arguments);
	symbols_number(s, name, number);
}

static void put_text(struct symbols *s, const char *list, unsigned index, const char *member, const char *text)
{
	char name[SYMBOL_NAME_SIZE];
	snprintf(name, sizeof name, "%s[%u].%s", list, index, member);
	symbols_text(s, name, text);
}

static void row_symbols(const struct register_map *m, unsigned r, struct symbols *s)
{
	const struct register_row *row = &m->row[r];
	put_text(s, "register", r, "name", row->name);
	put_text(s, "register", r, "id", row->id);
	put(s, row->offset, "register[%u].offset", r);
	put(s, register_writable(m, row), "register[%u].writable", r);
	put(s, row->counter, "register[%u].counter", r);
	put(s, row->high, "register[%u].high", r);
	put(s, row->first, "register[%u].first", r);
	put(s, (int64_t)row->first + row->fields - 1, "register[%u].last", r);
}

static void field_symbols(const struct register_map *m, unsigned i, struct symbols *s)
{
	const struct register_field *f = &m->field[i];
	put_text(s, "field", i, "id", f->id);
	put(s, f->lsb, "field[%u].lsb", i);
	put(s, f->lsb + f->width - 1, "field[%u].msb", i);
	put(s, f->width, "field[%u].width", i);
	put(s, f->reset, "field[%u].reset", i);
	put(s, f->kind == KIND_CONSTANT, "field[%u].constant", i);
	put(s, f->kind == KIND_STATE, "field[%u].state", i);
	put(s, f->kind == KIND_SETTING, "field[%u].setting", i);
	put(s, f->kind == KIND_STICKY, "field[%u].sticky", i);
	put(s, f->kind == KIND_PULSE, "field[%u].pulse", i);
}

void registers_symbols(const struct register_map *m, struct symbols *s)
{
	symbols_number(s, "counters", m->counters);
	symbols_number(s, "counter_bits", COUNTER_BITS);
	symbols_number(s, "registers", m->rows);
	symbols_number(s, "fields", m->fields);
	for (unsigned r = 0; r < m->rows; r++)
		row_symbols(m, r, s);
	for (unsigned i = 0; i < m->fields; i++)
		field_symbols(m, i, s);
}
