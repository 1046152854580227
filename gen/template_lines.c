#include "template_lines.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "expression.h"
#include "template.h"

bool template_complain(const struct template_lines *t, size_t index, size_t offset, FILE *err, const char *format, ...)
{
	const struct template_line *line = &t->line[index];
	size_t length = line->length;
	va_list arguments;
	while (length && (line->text[length - 1] == '\n' || line->text[length - 1] == '\r'))
		length--;
	if (offset > length)
		offset = length;
	fprintf(err, "%s:%zu:%zu: ", t->path, index + 1, offset + 1);
	va_start(arguments, format);
	vfprintf(err, format, arguments);
	va_end(arguments);
	fprintf(err, "\n%.*s\n", (int)length, line->text);
	for (size_t i = 0; i < offset; i++)
		fputc(line->text[i] == '\t' ? '\t' : ' ', err); /* tabs keep the caret in place */
	fputs("^\n", err);
	return false;
}

static size_t blanks(const char *text, size_t length)
{
	size_t n = 0;
	while (n < length && (text[n] == ' ' || text[n] == '\t' || text[n] == '\r' || text[n] == '\n'))
		n++;
	return n;
}

static const struct { const char *word; enum line_kind kind; } keywords[] = {
	{ "only", LINE_ONLY }, { "if", LINE_IF }, { "elif", LINE_ELIF }, { "else", LINE_ELSE }, { "for", LINE_FOR }, { "end", LINE_END },
};

/* Finds out what a line is; for a directive that is none returns false. */
static bool classify(struct template_line *line, size_t *offset)
{
	size_t at = blanks(line->text, line->length);
	line->kind = LINE_TEXT;
	if (line->length - at < 3 || memcmp(line->text + at, "//@", 3) != 0)
		return true;
	at += 3;
	at += blanks(line->text + at, line->length - at);
	*offset = at;
	line->kind = LINE_REMARK;
	if (at < line->length && line->text[at] == '#')
		return true;
	size_t length = expression_name_length(line->text + at, line->length - at);
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (strlen(keywords[i].word) == length && !memcmp(line->text + at, keywords[i].word, length)) {
			line->kind = keywords[i].kind;
			line->argument = at + length + blanks(line->text + at + length, line->length - at - length);
			return true;
		}
	return false;
}

/* else and end take nothing, the others something; `only if` drops its second word. */
static bool check_argument(struct template_lines *t, size_t i, FILE *err)
{
	struct template_line *line = &t->line[i];
	if (line->kind == LINE_ONLY) {
		const char *rest = line->text + line->argument;
		size_t left = line->length - line->argument;
		if (i != 0)
			return template_complain(t, i, line->argument, err, "'only if' is not on the first line");
		if (expression_name_length(rest, left) != 2 || memcmp(rest, "if", 2) != 0)
			return template_complain(t, i, line->argument, err, "expected 'only if'");
		line->argument += 2;
	}
	bool takes = line->kind != LINE_ELSE && line->kind != LINE_END;
	if (!takes && line->argument < line->length)
		return template_complain(t, i, line->argument, err, "unexpected text behind '%s'", line->kind == LINE_ELSE ? "else" : "end");
	return true;
}

struct block {
	size_t opener, last;        /* indices of if or for, and of the latest branch */
};

static bool match_line(struct template_lines *t, size_t i, struct block *stack, size_t *depth, FILE *err)
{
	enum line_kind kind = t->line[i].kind;
	size_t column = blanks(t->line[i].text, t->line[i].length);
	struct block *top = *depth ? &stack[*depth - 1] : NULL;
	if (kind == LINE_IF || kind == LINE_FOR) {
		if (*depth == TEMPLATE_MAX_NESTING)
			return template_complain(t, i, column, err, "blocks nested more than %d deep", TEMPLATE_MAX_NESTING);
		stack[(*depth)++] = (struct block){ i, i };
	} else if (kind == LINE_ELIF || kind == LINE_ELSE) {
		if (!top || t->line[top->opener].kind != LINE_IF || t->line[top->last].kind == LINE_ELSE)
			return template_complain(t, i, column, err, "'%s' without an 'if' before it", kind == LINE_ELIF ? "elif" : "else");
		t->line[top->last].partner = i;
		top->last = i;
	} else if (kind == LINE_END) {
		if (!top)
			return template_complain(t, i, column, err, "'end' without an 'if' or 'for' before it");
		t->line[top->last].partner = i;
		(*depth)--;
	}
	return true;
}

static bool match(struct template_lines *t, FILE *err)
{
	struct block stack[TEMPLATE_MAX_NESTING];
	size_t depth = 0;
	for (size_t i = 0; i < t->count; i++) {
		size_t offset = 0;
		if (!classify(&t->line[i], &offset))
			return template_complain(t, i, offset, err, "unknown directive; expected only, if, elif, else, for, end or #");
		if (t->line[i].kind >= LINE_ONLY && !check_argument(t, i, err))
			return false;
		if (!match_line(t, i, stack, &depth, err))
			return false;
	}
	if (depth) {
		size_t opener = stack[depth - 1].opener;
		const struct template_line *line = &t->line[opener];
		return template_complain(t, opener, blanks(line->text, line->length), err, "'%s' without 'end'", line->kind == LINE_IF ? "if" : "for");
	}
	return true;
}

bool template_lines_read(struct template_lines *t, const char *path, const char *text, size_t size, FILE *err)
{
	size_t count = 1;
	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	*t = (struct template_lines){ .path = path, .line = calloc(count, sizeof *t->line) };
	if (!t->line) {
		fprintf(err, "%s:1:1: out of memory\n", path);
		return false;
	}
	while (size) {
		const char *feed = memchr(text, '\n', size);
		size_t length = feed ? (size_t)(feed - text) + 1 : size;
		t->line[t->count++] = (struct template_line){ .text = text, .length = length };
		text += length;
		size -= length;
	}
	return match(t, err);
}

void template_lines_free(struct template_lines *t)
{
	free(t->line);
	t->line = NULL;
	t->count = 0;
}
