#include "config_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "diagnostic.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;             /* the current one; owned */
	struct config_tree *tree;
};

#define COMPLAIN(r, mark, ...) \
	diagnostic((r)->tree->err, (r)->tree->path, (unsigned)(mark).line + 1, (unsigned)(mark).column + 1, __VA_ARGS__)

/* Goes to the next event; reports what libyaml finds wrong. */
static bool next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	memset(&r->event, 0, sizeof r->event);
	if (r->parser.error == YAML_MEMORY_ERROR)
		COMPLAIN(r, r->parser.mark, "out of memory; expected a smaller file");
	else
		COMPLAIN(r, r->parser.problem_mark, "%s%s%s; expected YAML", r->parser.problem ? r->parser.problem : "syntax error",
			 r->parser.context ? " " : "", r->parser.context ? r->parser.context : "");
	return false;
}

static const char *event_noun(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SEQUENCE_START_EVENT:
		return "a sequence";
	case YAML_MAPPING_START_EVENT:
		return "a mapping";
	default:
		return "a single value";
	}
}

/* Anchors, aliases and tags are refused, so no file can unfold into more than it holds. */
static bool check_node(const struct reader *r)
{
	const yaml_event_t *e = &r->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;
	char name[QUOTE_SIZE];
	if (e->type == YAML_ALIAS_EVENT) {
		COMPLAIN(r, e->start_mark, "alias %s; expected the value itself, aliases are not allowed", quote(name, (const char *)e->data.alias.anchor));
		return false;
	} else if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor)
		COMPLAIN(r, e->start_mark, "anchor %s; expected the value alone, anchors are not allowed", quote(name, (const char *)anchor));
	else if (tag)
		COMPLAIN(r, e->start_mark, "tag %s; expected the value alone, tags are not allowed", quote(name, (const char *)tag));
	return !anchor && !tag;
}

static bool next_node(struct reader *r)
{
	return next(r) && check_node(r);
}

const struct config_entry *config_tree_find(const struct config_tree *tree, const char *key)
{
	for (unsigned i = 0; i < tree->entries; i++)
		if (!strcmp(tree->entry[i].key, key))
			return &tree->entry[i];
	return NULL;
}

/* Adds an entry at the current event; a scalar's text is copied. NULL after a report. */
static struct config_entry *add(struct reader *r, const char *key, const struct param *p)
{
	struct config_tree *tree = r->tree;
	const yaml_event_t *e = &r->event;
	assert(tree->entries < CONFIG_TREE_ENTRIES && strlen(key) < CONFIG_KEY_SIZE);
	struct config_entry *entry = &tree->entry[tree->entries];
	memset(entry, 0, sizeof *entry);
	strcpy(entry->key, key);
	entry->param = p;
	entry->line = (unsigned)e->start_mark.line + 1;
	entry->column = (unsigned)e->start_mark.column + 1;
	if (e->type == YAML_SCALAR_EVENT) {
		const char *text = (const char *)e->data.scalar.value;
		if (strlen(text) != e->data.scalar.length) {
			COMPLAIN(r, e->start_mark, "%s holds a NUL character; expected text", key);
			return NULL;
		}
		entry->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
		entry->text = strdup(text);
		if (!entry->text) {
			COMPLAIN(r, e->start_mark, "out of memory; expected a smaller file");
			return NULL;
		}
	}
	tree->entries++;
	return entry;
}

/* At the sequence's start; ends at its end event. */
static bool read_sequence(struct reader *r, const struct param *p)
{
	struct config_entry *whole = add(r, p->key, p);
	char key[CONFIG_KEY_SIZE];
	if (!whole)
		return false;
	for (unsigned count = 0;; count++) {
		if (!next_node(r))
			return false;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		snprintf(key, sizeof key, "%s[%u]", p->key, count);
		if (r->event.type != YAML_SCALAR_EVENT) {
			COMPLAIN(r, r->event.start_mark, "%s is %s; expected a single value", key, event_noun(&r->event));
			return false;
		}
		if (count == p->max) {
			COMPLAIN(r, r->event.start_mark, "%s has more than %u entries; expected at most %u", p->key, p->max, p->max);
			return false;
		}
		if (!add(r, key, p))
			return false;
		whole->count = count + 1;
	}
}

static void complain_expected(const struct reader *r, const struct param *p)
{
	const yaml_mark_t *at = &r->event.start_mark;
	fprintf(r->tree->err, "%s:%u:%u: %s is %s; expected ", r->tree->path, (unsigned)at->line + 1, (unsigned)at->column + 1, p->key,
		event_noun(&r->event));
	param_print_expected(p, r->tree->err);
	fputc('\n', r->tree->err);
}

/* A parameter's value, at its first event. */
static bool read_value(struct reader *r, const struct param *p)
{
	bool sequence = r->event.type == YAML_SEQUENCE_START_EVENT;
	bool scalar = r->event.type == YAML_SCALAR_EVENT;
	if (sequence && param_is_sequence(p))
		return read_sequence(r, p);
	if (scalar && !param_is_sequence(p))
		return add(r, p->key, p) != NULL;
	complain_expected(r, p);
	return false;
}

static void complain_unknown(const struct reader *r, const char *group, const char *key)
{
	char text[QUOTE_SIZE], inside[CONFIG_KEY_SIZE * 2];
	const char *near = param_nearest(group, key);
	bool dotted = !strncmp(key, "pipeline.", 9);
	quote(text, key);
	snprintf(inside, sizeof inside, "%s%.31s", dotted ? "" : "pipeline.", key);
	if (near)
		COMPLAIN(r, r->event.start_mark, "unknown parameter %s%s%s; did you mean '%s'?", text, *group ? " in " : "", *group ? "pipeline" : "", near);
	else if (!*group && param_find(inside))
		COMPLAIN(r, r->event.start_mark, "unknown parameter %s; expected '%s' inside 'pipeline:'", text, inside + 9);
	else if (*group && param_find(key))
		COMPLAIN(r, r->event.start_mark, "unknown parameter %s in pipeline; expected it outside of 'pipeline:'", text);
	else
		COMPLAIN(r, r->event.start_mark, "unknown parameter %s%s; expected one that 'bitlet help config' lists", text, *group ? " in pipeline" : "");
}

/* Reads a key: the full one goes to key[]. */
static bool read_key(struct reader *r, const char *group, char key[CONFIG_KEY_SIZE])
{
	const yaml_event_t *e = &r->event;
	if (e->type != YAML_SCALAR_EVENT) {
		COMPLAIN(r, e->start_mark, "%s as a key; expected the name of a parameter", event_noun(e));
		return false;
	}
	const char *name = (const char *)e->data.scalar.value;
	if (strlen(name) != e->data.scalar.length) {
		COMPLAIN(r, e->start_mark, "a key holds a NUL character; expected the name of a parameter");
		return false;
	}
	int length = snprintf(key, CONFIG_KEY_SIZE, "%s%s", group, name);
	bool fits = length < CONFIG_KEY_SIZE && !strchr(name, '.');
	bool mapping = !*group && !strcmp(name, "pipeline");
	if (!fits || (!mapping && !param_find(key))) {
		complain_unknown(r, group, name);
		return false;
	}
	const struct config_entry *earlier = config_tree_find(r->tree, key);
	if (earlier)
		COMPLAIN(r, e->start_mark, "%s is given twice, first in line %u; expected it once", key, earlier->line);
	return !earlier;
}

/* At the mapping's start; ends at its end event. group is "" or "pipeline.". */
static bool read_mapping(struct reader *r, const char *group)
{
	char key[CONFIG_KEY_SIZE];
	for (;;) {
		if (!next_node(r))
			return false;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return true;
		if (!read_key(r, group, key) || !next_node(r))
			return false;
		const struct param *p = param_find(key);
		if (p) {
			if (!read_value(r, p))
				return false;
		} else if (r->event.type != YAML_MAPPING_START_EVENT) {
			COMPLAIN(r, r->event.start_mark, "pipeline is %s; expected a mapping such as {tree: 1}", event_noun(&r->event));
			return false;
		} else if (!add(r, key, NULL) || !read_mapping(r, "pipeline.")) {
			return false;
		}
	}
}

static bool read_document(struct reader *r)
{
	struct config_tree *tree = r->tree;
	if (!next(r) || !next(r)) /* stream start, document start */
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		diagnostic(tree->err, tree->path, 1, 1, "the file is empty; expected parameters such as 'n: 16'");
		return false;
	}
	if (!next_node(r))
		return false;
	tree->line = (unsigned)r->event.start_mark.line + 1;
	tree->column = (unsigned)r->event.start_mark.column + 1;
	if (r->event.type != YAML_MAPPING_START_EVENT) {
		COMPLAIN(r, r->event.start_mark, "the document is %s; expected a mapping of parameters such as 'n: 16'", event_noun(&r->event));
		return false;
	}
	if (!read_mapping(r, "") || !next(r) || !next(r)) /* document end, stream end */
		return false;
	if (r->event.type != YAML_STREAM_END_EVENT) {
		COMPLAIN(r, r->event.start_mark, "a second document begins here; expected one document");
		return false;
	}
	return true;
}

bool config_tree_read(struct config_tree *tree, const char *path, const char *text, size_t size, FILE *err)
{
	struct reader r = { .tree = tree };
	memset(tree, 0, sizeof *tree);
	tree->path = path;
	tree->err = err;
	if (!yaml_parser_initialize(&r.parser)) {
		diagnostic(err, path, 1, 1, "out of memory; expected a smaller file");
		return false;
	}
	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) { /* byte order mark: libyaml skips it only when it may guess the encoding */
		text += 3;
		size -= 3;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
	bool good = read_document(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return good;
}

void config_tree_free(struct config_tree *tree)
{
	for (unsigned i = 0; i < tree->entries; i++)
		free(tree->entry[i].text);
	tree->entries = 0;
}
