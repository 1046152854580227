/*
 * template_lines.h: a template cut into lines, directives recognised and matched. Inside of the expander.
 */
#ifndef BITLET_TEMPLATE_LINES_H
#define BITLET_TEMPLATE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum line_kind { LINE_TEXT, LINE_REMARK, LINE_ONLY, LINE_IF, LINE_ELIF, LINE_ELSE, LINE_FOR, LINE_END };

struct template_line {
	const char *text;
	size_t length;              /* with the line feed */
	enum line_kind kind;
	size_t argument;            /* directive: offset of what follows the keyword */
	size_t partner;             /* if, elif, else, for: index of the next elif, else or end of the same block */
};

struct template_lines {
	const char *path;
	struct template_line *line;
	size_t count;
};

/* Reports `path:line:col: message`, the line and a caret. index counts lines from 0, offset is into the line. Returns false. */
__attribute__((format(printf, 5, 6)))
bool template_complain(const struct template_lines *t, size_t index, size_t offset, FILE *err, const char *format, ...);

/* Cuts and matches. False after a report; template_lines_free() in any case. */
bool template_lines_read(struct template_lines *t, const char *path, const char *text, size_t size, FILE *err);
void template_lines_free(struct template_lines *t);

#endif
