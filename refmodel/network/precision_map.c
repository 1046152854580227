#include "precision_map.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "diagnostic.h"
#include "file.h"
#include "utf8.h"

/* ---- the map */

void precision_map_free(struct precision_map *m)
{
	for (size_t i = 0; i < m->rules; i++)
		free(m->rule[i].pattern);
	free(m->rule);
	*m = (struct precision_map){NULL, 0, 0};
}

static bool same_pattern(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct precision_rule *rule_of(const struct precision_map *m, const char *pattern)
{
	for (size_t i = 0; i < m->rules; i++)
		if (same_pattern(m->rule[i].pattern, pattern))
			return &m->rule[i];
	return NULL;
}

static bool append(struct precision_map *m, const char *pattern, const struct bitlet_precision *p, unsigned line)
{
	if (m->rules == m->room) {
		size_t room = m->room ? 2 * m->room : 16;
		struct precision_rule *grown = realloc(m->rule, room * sizeof *grown);
		if (!grown)
			return false;
		m->rule = grown;
		m->room = room;
	}
	char *copy = pattern ? strdup(pattern) : NULL;
	if (pattern && !copy)
		return false;
	m->rule[m->rules++] = (struct precision_rule){copy, *p, line};
	return true;
}

bool precision_map_set(struct precision_map *m, const char *pattern, const struct bitlet_precision *p)
{
	struct precision_rule *r = rule_of(m, pattern);
	if (!r)
		return append(m, pattern, p, 0);
	r->precision = *p;
	return true;
}

const struct bitlet_precision *precision_map_find(const struct precision_map *m, const char *node)
{
	const struct precision_rule *r = rule_of(m, node);
	for (size_t i = 0; !r && i < m->rules; i++)
		if (m->rule[i].pattern && fnmatch(m->rule[i].pattern, node, 0) == 0)
			r = &m->rule[i];
	if (!r)
		r = rule_of(m, NULL);
	return r ? &r->precision : NULL;
}

const struct precision_rule *precision_map_idle(const struct precision_map *m, const struct graph *g)
{
	for (size_t i = 0; i < m->rules; i++) {
		const char *pattern = m->rule[i].pattern;
		bool met = !pattern;
		for (size_t n = 0; !met && n < g->nodes; n++)
			met = !strcmp(pattern, g->node[n].name) || fnmatch(pattern, g->node[n].name, 0) == 0;
		if (!met)
			return &m->rule[i];
	}
	return NULL;
}

/* ---- reading */

struct reader {
	const char *path;
	yaml_parser_t parser;
	yaml_event_t event;         /* the current one; owned */
	struct precision_map *map;
	struct fault *f;
};

#define COMPLAIN(r, mark, ...) complain(r, (unsigned)(mark).line + 1, (unsigned)(mark).column + 1, __VA_ARGS__)

__attribute__((format(printf, 4, 5)))
static bool complain(struct reader *r, unsigned line, unsigned column, const char *format, ...)
{
	char text[sizeof r->f->text];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fault_set(r->f, "%.200s:%u:%u: %s", r->path, line, column, text);
}

static bool next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	memset(&r->event, 0, sizeof r->event);
	return COMPLAIN(r, r->parser.problem_mark, "%s; expected YAML", r->parser.problem ? r->parser.problem : "out of memory");
}

/* The current event must be a plain piece of text: no anchor, no tag, no list. */
static const char *scalar(struct reader *r, const char *expected)
{
	const yaml_event_t *e = &r->event;
	const char *text = e->type == YAML_SCALAR_EVENT ? (const char *)e->data.scalar.value : NULL;
	if (text && !e->data.scalar.anchor && !e->data.scalar.tag && strlen(text) == e->data.scalar.length && *text)
		return text;
	COMPLAIN(r, e->start_mark, "%s; expected %s", text && !*text ? "nothing is here" : "no single word", expected);
	return NULL;
}

static bool read_rule(struct reader *r)
{
	const yaml_event_t *e = &r->event;
	const char *key = scalar(r, "a node's name, a glob or default");
	struct bitlet_precision p;
	char shown[QUOTE_SIZE];
	if (!key)
		return false;
	yaml_mark_t mark = e->start_mark;
	bool is_default = !strcmp(key, "default") && e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	char *pattern = is_default ? NULL : strdup(key);
	if (!is_default && !pattern)
		return COMPLAIN(r, mark, "out of memory");
	struct precision_rule *twin = rule_of(r->map, pattern);
	const char *name = NULL;
	bool good = !twin || COMPLAIN(r, mark, "%s is there twice, first in line %u; expected it once", quote(shown, pattern ? pattern : "default"), twin->line);
	good = good && (r->map->rules < PRECISION_MAP_RULES || COMPLAIN(r, mark, "more than %d rules; expected fewer", PRECISION_MAP_RULES));
	good = good && next(r) && (name = scalar(r, "a precision such as int8, w4a8 or bf16"));
	if (good && !bitlet_precision_parse(name, &p))
		good = COMPLAIN(r, e->start_mark, "%s is no precision; expected fp32, tf32, bf16, fp16, int8, uint8, w4a16, w8au8 and the like, widths 1 to 24", quote(shown, name));
	good = good && (append(r->map, pattern, &p, (unsigned)mark.line + 1) || COMPLAIN(r, mark, "out of memory"));
	free(pattern);
	return good;
}

static bool read_document(struct reader *r)
{
	const yaml_event_t *e = &r->event;
	if (!next(r) || !next(r)) /* stream start, document start */
		return false;
	if (e->type == YAML_STREAM_END_EVENT)
		return complain(r, 1, 1, "the file is empty; expected precisions such as 'default: int8'");
	if (!next(r))
		return false;
	if (e->type != YAML_MAPPING_START_EVENT || e->data.mapping_start.anchor || e->data.mapping_start.tag)
		return COMPLAIN(r, e->start_mark, "no mapping; expected lines such as 'default: int8'");
	for (;;) {
		if (!next(r))
			return false;
		if (e->type == YAML_MAPPING_END_EVENT)
			break;
		if (!read_rule(r))
			return false;
	}
	if (!next(r) || !next(r)) /* document end, stream end */
		return false;
	return e->type == YAML_STREAM_END_EVENT || COMPLAIN(r, e->start_mark, "a second document begins here; expected one");
}

/* utf8_check() with its line as a fault. */
static bool text_good(const char *path, const char *text, size_t size, struct fault *f)
{
	char *line = NULL;
	size_t length;
	FILE *err = open_memstream(&line, &length);
	if (!err)
		return fault_set(f, "%s:1:1: out of memory", path);
	bool good = utf8_check(path, text, size, err);
	if (fclose(err) != 0 || !good)
		good = fault_set(f, "%.*s", (int)strcspn(line, "\n"), line);
	free(line);
	return good;
}

bool precision_map_parse(const char *path, const char *text, size_t size, struct precision_map *m, struct fault *f)
{
	struct reader r = {.path = path, .map = m, .f = f};
	*m = (struct precision_map){NULL, 0, 0};
	if (size > PRECISION_MAP_BYTES)
		return complain(&r, 1, 1, "the file is larger than %d bytes; expected a list of precisions", PRECISION_MAP_BYTES);
	if (!text_good(path, text, size, f))
		return false;
	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) { /* byte order mark */
		text += 3;
		size -= 3;
	}
	if (!yaml_parser_initialize(&r.parser))
		return complain(&r, 1, 1, "out of memory");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
	bool good = read_document(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	if (!good)
		precision_map_free(m);
	return good;
}

bool precision_map_load(const char *path, struct precision_map *m, struct fault *f)
{
	size_t size;
	*m = (struct precision_map){NULL, 0, 0};
	char *text = file_load(path, PRECISION_MAP_BYTES, &size, f);
	bool good = text && precision_map_parse(path, text, size, m, f);
	free(text);
	return good;
}

/* ---- writing */

/* In double quotes, so that any name is one key; control characters as \xNN. */
static void write_key(FILE *to, const char *s)
{
	fputc('"', to);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			fprintf(to, "\\x%02x", c);
		else
			fputc(c, to);
	}
	fputs("\": ", to);
}

bool precision_map_save(const struct precision_map *m, const char *path, struct fault *f)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	if (!to)
		return fault_set(f, "%s: out of memory", path);
	for (size_t i = 0; i < m->rules; i++) {
		if (m->rule[i].pattern)
			write_key(to, m->rule[i].pattern);
		else
			fputs("default: ", to);
		fprintf(to, "%s\n", m->rule[i].precision.name);
	}
	bool good = fclose(to) == 0 || fault_set(f, "%s: out of memory", path);
	good = good && file_save(path, text, size, "", 0, f);
	free(text);
	return good;
}
