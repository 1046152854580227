#include "values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core_symbols.h"
#include "params.h"

static void word_values(const struct value_visitor *v, const struct param *p, int64_t value)
{
	char name[SYMBOL_NAME_SIZE];
	for (unsigned i = 0; i < p->word_count; i++)
		if (p->words[i].val == value)
			v->text(v->context, p->key, p->words[i].str);
	for (unsigned i = 0; i < p->word_count; i++) {
		snprintf(name, sizeof name, "%s_%s", p->key, p->words[i].str);
		v->number(v->context, name, p->words[i].val == value);
	}
}

static void packing_values(const struct bitlet_config *c, const struct value_visitor *v)
{
	char name[SYMBOL_NAME_SIZE];
	v->number(v->context, "packs", c->packs);
	v->list(v->context, "packing", c->packs);
	for (unsigned i = 0; i < c->packs; i++) {
		snprintf(name, sizeof name, "packing[%u]", i);
		v->number(v->context, name, c->packing[i]);
	}
}

static void config_values(const struct bitlet_config *c, const struct value_visitor *v)
{
#define PARAM_NAME(key, text_) v->text(v->context, #key, c->key);
#define PARAM_WORD(key, type, words, def, text_) word_values(v, param_find(#key), (int64_t)c->key);
#define PARAM_FLAG(key, def, text_) v->number(v->context, #key, c->key);
#define PARAM_UINT(key, min, max, def, unit, text_) v->number(v->context, #key, c->key);
#define PARAM_COUNT(key, min, max, unit, text_) v->number(v->context, #key, c->key);
#define PARAM_RATE(key, max, unit, text_) v->number(v->context, #key, c->key);
#define PARAM_PRECISIONS(key, max, text_) v->number(v->context, #key, c->key);
#define PARAM_PACKING(key, max, text_) packing_values(c, v);
#define PARAM_CUT(key, max, def, text_) v->number(v->context, "pipeline." #key, c->pipeline.key);
#include "params.def"
}

static void mode_values(const struct bitlet_mode *m, unsigned index, const struct value_visitor *v)
{
	char name[SYMBOL_NAME_SIZE];
	snprintf(name, sizeof name, "mode[%u].name", index);
	v->text(v->context, name, m->precision.name);
#define MODE_FORMAT(field) \
	snprintf(name, sizeof name, "mode[%u]." #field, index); \
	v->number(v->context, name, m->precision.field);
#define MODE(field) \
	snprintf(name, sizeof name, "mode[%u]." #field, index); \
	v->number(v->context, name, m->field);
#include "derived.def"
}

void bitlet_values(const struct bitlet_config *c, const struct bitlet_derived *d, char hash[VALUES_HASH_SIZE], const struct value_visitor *v)
{
	config_values(c, v);
#define DERIVED(field) v->number(v->context, #field, d->field);
#include "derived.def"
	snprintf(hash, VALUES_HASH_SIZE, "%016" PRIx64, d->hash);
	v->text(v->context, "hash", hash);
	v->list(v->context, "mode", d->modes);
	for (unsigned i = 0; i < d->modes; i++)
		mode_values(&d->mode[i], i, v);
}

static void set_number(void *context, const char *name, int64_t number)
{
	symbols_number(context, name, number);
}

static void set_text(void *context, const char *name, const char *text)
{
	symbols_text(context, name, text);
}

static void set_list(void *context, const char *name, int64_t count)
{
	symbols_list(context, name, count);
}

bool bitlet_symbols(const struct bitlet_config *c, const struct bitlet_derived *d, char hash[VALUES_HASH_SIZE], struct symbols *s)
{
	const struct value_visitor v = { .number = set_number, .text = set_text, .list = set_list, .context = s };
	memset(s, 0, sizeof *s);
	bitlet_values(c, d, hash, &v);
	core_symbols(s);
	return symbols_sort(s);
}
