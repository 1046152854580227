#include "registers.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "../refmodel/compile/program.h"
#include "command.h"

enum {
#define REGISTER(name, offset, meaning) REGISTER_##name,
#include "registers.def"
};

static void lower(char *to, const char *from)
{
	while ((*to++ = (char)tolower((unsigned char)*from++)) != '\0')
		;
}

static struct register_row *add_row(struct register_map *m, const char *name, unsigned offset, const char *meaning)
{
	assert(m->rows < REGISTER_MAX && offset % 4 == 0 && offset < REGISTER_SPACE && strlen(name) < REGISTER_NAME_SIZE);
	struct register_row *r = &m->row[m->rows++];
	*r = (struct register_row){ .offset = offset, .meaning = meaning, .first = m->fields, .counter = -1 };
	strcpy(r->name, name);
	lower(r->id, name);
	return r;
}

/* To the row that was added last. */
static void add_field(struct register_map *m, struct register_field f)
{
	struct register_row *r = &m->row[m->rows - 1];
	assert(m->fields < REGISTER_MAX_FIELDS && f.width >= 1 && f.lsb + f.width <= 32);
	assert(f.width == 32 || f.reset >> f.width == 0);
	int length = snprintf(f.id, sizeof f.id, "%s_%s", r->id, f.name);
	assert(length < (int)sizeof f.id);
	(void)length;
	m->field[m->fields++] = f;
	r->fields++;
}

static void add_counter(struct register_map *m, const char *name, const char *meaning)
{
	char text[REGISTER_NAME_SIZE];
	for (unsigned high = 0; high < 2; high++) {
		snprintf(text, sizeof text, "COUNTER_%s_%s", name, high ? "HIGH" : "LOW");
		for (char *t = text; *t; t++)
			*t = (char)toupper((unsigned char)*t);
		struct register_row *r = add_row(m, text, REGISTER_COUNTERS + 8 * m->counters + 4 * high, meaning);
		r->counter = (int)m->counters;
		r->high = high;
		add_field(m, (struct register_field){ .name = "count", .width = high ? COUNTER_BITS - 32 : 32, .kind = KIND_STATE, .source = "0",
						      .meaning = high ? "bits 47..32 of the counter whose LOW was read last" : "bits 31..0" });
	}
	m->counters++;
}

/* Rows of fields must stand behind their register's. */
static void check_owner(const struct register_map *m, unsigned owner)
{
	assert(m->rows == owner + 1);
	(void)m;
	(void)owner;
}

void register_map_fill(struct register_map *m, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	static const struct bitlet_config no_config;
	static const struct bitlet_derived nothing_derived;
	c = c ? c : &no_config;
	d = d ? d : &nothing_derived;
	memset(m, 0, sizeof *m);
#define REGISTER(name_, offset_, meaning_) add_row(m, #name_, offset_, meaning_);
#define FIELD(register_, name_, lsb_, width_, kind_, reset_, meaning_) \
	check_owner(m, REGISTER_##register_); \
	add_field(m, (struct register_field){ .name = #name_, .lsb = lsb_, .width = width_, .kind = KIND_##kind_, .reset = (uint32_t)(reset_), \
					      .source = #reset_, .meaning = meaning_ });
#include "registers.def"
#define COUNTER(name_, meaning_) add_counter(m, #name_, meaning_);
#include "counters.def"
}

bool register_writable(const struct register_map *m, const struct register_row *r)
{
	for (unsigned f = r->first; f < r->first + r->fields; f++)
		if (m->field[f].kind != KIND_CONSTANT && m->field[f].kind != KIND_STATE)
			return true;
	return false;
}

uint32_t register_reset(const struct register_map *m, const struct register_row *r)
{
	uint32_t value = 0;
	for (unsigned f = r->first; f < r->first + r->fields; f++)
		value |= m->field[f].reset << m->field[f].lsb;
	return value;
}

bool register_field_fixed(const struct register_field *f)
{
	return strstr(f->source, "->") == NULL;
}

bool register_write_only(const struct register_map *m, const struct register_row *r)
{
	for (unsigned f = r->first; f < r->first + r->fields; f++)
		if (m->field[f].kind != KIND_PULSE)
			return false;
	return true;
}
