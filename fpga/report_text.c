#include "report_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

bool report_fault(const struct report_text *t, size_t line, const char *format, ...)
{
	va_list arguments;
	fprintf(t->err, "bitlet report: %s:%zu: ", t->path, line + 1);
	va_start(arguments, format);
	vfprintf(t->err, format, arguments);
	va_end(arguments);
	fputc('\n', t->err);
	return false;
}

static bool no_memory(const struct report_text *t)
{
	fprintf(t->err, "bitlet report: %s: out of memory\n", t->path);
	return false;
}

static bool split(struct report_text *t, size_t size)
{
	size_t room = 1;
	for (const char *p = t->buffer; p < t->buffer + size; p++)
		room += *p == '\n';
	t->line = calloc(room + 1, sizeof *t->line);
	char *more = realloc(t->buffer, size + 1); /* for the last line's end */
	if (more)
		t->buffer = more;
	if (!t->line || !more)
		return no_memory(t);
	for (char *p = t->buffer; p < t->buffer + size;) {
		char *end = memchr(p, '\n', (size_t)(t->buffer + size - p));
		if (!end)
			end = t->buffer + size;
		*end = '\0';
		t->line[t->lines++] = p;
		if (end > p && end[-1] == '\r')
			end[-1] = '\0';
		p = end + 1;
	}
	return true;
}

bool report_text_read(struct report_text *t, const char *path, FILE *err)
{
	struct fault f = { "" };
	size_t size = 0;
	*t = (struct report_text){ .path = path, .err = err };
	t->buffer = file_load(path, REPORT_SIZE_LIMIT, &size, &f);
	if (!t->buffer || !size) {
		fprintf(err, "bitlet report: %s%s\n", t->buffer ? path : "", t->buffer ? ": empty; expected a report" : f.text);
		return false;
	}
	const char *nul = memchr(t->buffer, '\0', size);
	if (!nul)
		return split(t, size);
	size_t line = 0;
	for (const char *p = t->buffer; p < nul; p++)
		line += *p == '\n';
	return report_fault(t, line, "holds bytes that are no text; expected a report");
}

void report_text_free(struct report_text *t)
{
	free(t->buffer);
	free(t->line);
	t->buffer = NULL;
	t->line = NULL;
	t->lines = 0;
}

size_t report_find(const struct report_text *t, size_t from, const char *what)
{
	for (size_t i = from; i < t->lines; i++) {
		const char *p = t->line[i];
		while (*p == ' ')
			p++;
		if (!strncmp(p, what, strlen(what)))
			return i;
	}
	return t->lines;
}

/* ---- tables */

static bool is_border(const char *line)
{
	return line[0] == '+' && line[strspn(line, "+-")] == '\0' && strlen(line) > 2;
}

static char *trim(char *p)
{
	while (*p == ' ')
		p++;
	for (char *end = p + strlen(p); end > p && end[-1] == ' ';)
		*--end = '\0';
	return p;
}

/* Cuts a line "| a | b |" into its cells. Returns their number, 0 when it is no such line or has too many. */
static unsigned cut(char *copy, char *cell[REPORT_CELLS], unsigned *depth)
{
	unsigned n = 0;
	if (copy[0] != '|')
		return 0;
	*depth = (unsigned)strspn(copy + 1, " ");
	*depth -= *depth > 0;
	for (char *p = copy + 1, *end; (end = strchr(p, '|')); p = end + 1) {
		if (n == REPORT_CELLS)
			return 0;
		*end = '\0';
		cell[n++] = trim(p);
	}
	return n;
}

static char *copy_of(const char *line)
{
	char *copy = malloc(strlen(line) + 1);
	return copy ? strcpy(copy, line) : NULL;
}

bool report_table_open(struct report_table *w, const struct report_text *t, size_t from)
{
	size_t i = from;
	unsigned depth;
	*w = (struct report_table){ .text = t };
	while (i < t->lines && !is_border(t->line[i]))
		i++;
	if (i + 2 >= t->lines)
		return report_fault(t, t->lines - 1, "ends too early; expected a table");
	w->begin = i + 1;
	w->names = copy_of(t->line[i + 1]);
	if (!w->names)
		return no_memory(t);
	w->columns = cut(w->names, w->name, &depth);
	if (!w->columns) {
		report_table_close(w);
		return report_fault(t, i + 1, "damaged table; expected | between two names");
	}
	/* a table without names, as that of the power summary: its first row is the first line */
	bool headed = is_border(t->line[i + 2]);
	w->at = headed ? i + 2 : i;
	return true;
}

void report_table_close(struct report_table *w)
{
	free(w->names);
	free(w->cells);
	w->names = w->cells = NULL;
}

enum report_row report_table_next(struct report_table *w)
{
	const struct report_text *t = w->text;
	if (++w->at >= t->lines) {
		report_fault(t, t->lines - 1, "table cut short; expected its lower border");
		return ROW_BAD;
	}
	if (is_border(t->line[w->at]))
		return ROWS_END;
	free(w->cells);
	w->cells = copy_of(t->line[w->at]);
	if (!w->cells) {
		no_memory(t);
		return ROW_BAD;
	}
	unsigned n = cut(w->cells, w->cell, &w->depth);
	if (n == w->columns)
		return ROW;
	report_fault(t, w->at, "damaged table; expected %u cells between |, found %u", w->columns, n);
	return ROW_BAD;
}

unsigned report_column(const struct report_table *w, const char *name)
{
	for (unsigned c = 0; c < w->columns; c++)
		if (!strcmp(w->name[c], name))
			return c;
	return REPORT_CELLS;
}

bool report_number(const struct report_table *w, unsigned column, double *value)
{
	const char *text = w->cell[column];
	const char *digits = text + (text[0] == '<');
	char *end;
	bool good = isdigit((unsigned char)digits[0]) && digits[strspn(digits, "0123456789.")] == '\0';
	*value = good ? strtod(digits, &end) : 0;
	if (good && *end == '\0')
		return true;
	return report_fault(w->text, w->at, "'%s' is no number; expected that of \"%s\"", text, w->cell[0]);
}
