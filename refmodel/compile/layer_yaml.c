#include "layer_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "diagnostic.h"
#include "utf8.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;         /* the current one; owned */
	struct layer_yaml *y;
	struct fault *f;
};

static const char *const key_name[LAYER_KEYS] = {
#define LAYER_KEY(id, key, kind, meaning) key,
#include "layer_file.def"
};

const char *layer_key_name(enum layer_key k)
{
	return key_name[k];
}

bool layer_yaml_fault(const struct layer_yaml *y, enum layer_key k, struct fault *f, const char *format, ...)
{
	const struct layer_value *v = &y->value[k];
	char text[sizeof f->text];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fault_set(f, "%s:%u:%u: %s", y->path, v->given ? v->line : 1, v->given ? v->column : 1, text);
}

#define COMPLAIN(r, mark, format, ...) \
	fault_set((r)->f, "%s:%u:%u: " format, (r)->y->path, (unsigned)(mark).line + 1, (unsigned)(mark).column + 1, __VA_ARGS__)

static bool next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	memset(&r->event, 0, sizeof r->event);
	return COMPLAIN(r, r->parser.problem_mark, "%s; expected YAML", r->parser.problem ? r->parser.problem : "out of memory");
}

/* Anchors, aliases and tags are refused, so no file can unfold into more than it holds. */
static bool next_node(struct reader *r)
{
	const yaml_event_t *e = &r->event;
	if (!next(r))
		return false;
	bool scalar = e->type == YAML_SCALAR_EVENT, sequence = e->type == YAML_SEQUENCE_START_EVENT, mapping = e->type == YAML_MAPPING_START_EVENT;
	const void *anchor = scalar ? e->data.scalar.anchor : sequence ? e->data.sequence_start.anchor : mapping ? e->data.mapping_start.anchor : NULL;
	const void *tag = scalar ? e->data.scalar.tag : sequence ? e->data.sequence_start.tag : mapping ? e->data.mapping_start.tag : NULL;
	if (anchor || tag || e->type == YAML_ALIAS_EVENT)
		return COMPLAIN(r, e->start_mark, "%s; expected the value alone", tag ? "a tag" : anchor ? "an anchor" : "an alias");
	if (scalar && strlen((const char *)e->data.scalar.value) != e->data.scalar.length)
		return COMPLAIN(r, e->start_mark, "%s; expected text", "a NUL character");
	return true;
}

static const char *event_noun(const yaml_event_t *e)
{
	return e->type == YAML_SEQUENCE_START_EVENT ? "a list" : e->type == YAML_MAPPING_START_EVENT ? "a mapping" : "a single value";
}

static bool add_text(struct reader *r, struct layer_value *v, enum layer_key k)
{
	const yaml_event_t *e = &r->event;
	if (e->type != YAML_SCALAR_EVENT)
		return COMPLAIN(r, e->start_mark, "%s holds %s; expected single values", key_name[k], event_noun(e));
	if (v->count == LAYER_YAML_LIST)
		return COMPLAIN(r, e->start_mark, "%s has more than %d entries; expected fewer", key_name[k], LAYER_YAML_LIST);
	if (v->count == 0)
		v->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	v->text[v->count] = strdup((const char *)e->data.scalar.value);
	if (!v->text[v->count])
		return COMPLAIN(r, e->start_mark, "%s", "out of memory");
	v->count++;
	return true;
}

static bool read_value(struct reader *r, enum layer_key k)
{
	struct layer_value *v = &r->y->value[k];
	const yaml_event_t *e = &r->event;
	if (v->given)
		return COMPLAIN(r, e->start_mark, "%s is given twice, first in line %u; expected it once", key_name[k], v->line);
	v->given = true;
	v->line = (unsigned)e->start_mark.line + 1;
	v->column = (unsigned)e->start_mark.column + 1;
	v->list = e->type == YAML_SEQUENCE_START_EVENT;
	if (!v->list)
		return add_text(r, v, k);
	for (;;) {
		if (!next_node(r))
			return false;
		if (e->type == YAML_SEQUENCE_END_EVENT)
			return true;
		if (!add_text(r, v, k))
			return false;
	}
}

/* LAYER_KEYS after a complaint. */
static enum layer_key read_key(struct reader *r, const char *group)
{
	const yaml_event_t *e = &r->event;
	char key[LAYER_YAML_KEY], name[QUOTE_SIZE];
	if (e->type != YAML_SCALAR_EVENT) {
		COMPLAIN(r, e->start_mark, "%s as a key; expected a word", event_noun(e));
		return LAYER_KEYS;
	}
	int length = snprintf(key, sizeof key, "%s%s", group, (const char *)e->data.scalar.value);
	for (unsigned k = 0; k < LAYER_KEYS && length < (int)sizeof key; k++)
		if (!strcmp(key, key_name[k]) && !strchr((const char *)e->data.scalar.value, '.'))
			return (enum layer_key)k;
	COMPLAIN(r, e->start_mark, "unknown key %s%s; expected one that docs/layers.md lists", quote(name, (const char *)e->data.scalar.value), *group ? " in output" : "");
	return LAYER_KEYS;
}

static bool read_mapping(struct reader *r, const char *group)
{
	const yaml_event_t *e = &r->event;
	while (next_node(r)) {
		if (e->type == YAML_MAPPING_END_EVENT)
			return true;
		bool inner = !*group && e->type == YAML_SCALAR_EVENT && !strcmp((const char *)e->data.scalar.value, "output");
		enum layer_key k = inner ? LAYER_KEYS : read_key(r, group);
		if ((!inner && k == LAYER_KEYS) || !next_node(r))
			return false;
		if (inner && e->type != YAML_MAPPING_START_EVENT)
			return COMPLAIN(r, e->start_mark, "output is %s; expected a mapping such as {format: int8}", event_noun(e));
		if (inner ? !read_mapping(r, "output.") : !read_value(r, k))
			return false;
	}
	return false;
}

static bool read_document(struct reader *r)
{
	if (!next(r) || !next(r)) /* stream start, document start */
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return fault_set(r->f, "%s:1:1: the file is empty; expected a layer such as 'op: conv'", r->y->path);
	if (!next_node(r))
		return false;
	if (r->event.type != YAML_MAPPING_START_EVENT)
		return COMPLAIN(r, r->event.start_mark, "the document is %s; expected a mapping such as 'op: conv'", event_noun(&r->event));
	if (!read_mapping(r, "") || !next(r) || !next(r)) /* document end, stream end */
		return false;
	return r->event.type == YAML_STREAM_END_EVENT || COMPLAIN(r, r->event.start_mark, "%s; expected one document", "a second document begins here");
}

/* utf8_check() with its line as a fault. */
static bool check_utf8(const char *path, const char *text, size_t size, struct fault *f)
{
	char *complaint = NULL;
	size_t length;
	FILE *err = open_memstream(&complaint, &length);
	if (!err)
		return fault_set(f, "%s:1:1: out of memory", path);
	bool good = utf8_check(path, text, size, err);
	if (fclose(err) != 0 || !good)
		fault_set(f, "%.*s", (int)strcspn(complaint, "\n"), complaint);
	free(complaint);
	return good;
}

bool layer_yaml_read(struct layer_yaml *y, const char *path, const char *text, size_t size, struct fault *f)
{
	struct reader r = { .y = y, .f = f };
	memset(y, 0, sizeof *y);
	y->path = path;
	if (size > LAYER_YAML_BYTES)
		return fault_set(f, "%s:1:1: the file is larger than %d bytes; expected a layer description", path, LAYER_YAML_BYTES);
	if (!check_utf8(path, text, size, f))
		return false;
	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) { /* byte order mark: libyaml skips it only when it may guess the encoding */
		text += 3;
		size -= 3;
	}
	if (!yaml_parser_initialize(&r.parser))
		return fault_set(f, "%s:1:1: out of memory", path);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
	bool good = read_document(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return good;
}

void layer_yaml_free(struct layer_yaml *y)
{
	for (unsigned k = 0; k < LAYER_KEYS; k++)
		for (unsigned i = 0; i < y->value[k].count; i++)
			free(y->value[k].text[i]);
	memset(y->value, 0, sizeof y->value);
}
