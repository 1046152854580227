/*
 * report_text.h: a report of a tool as lines, and the tables in it, which look like this:
 *
 *   +-----------+------+
 *   | Site Type | Used |
 *   +-----------+------+
 *   | LUTs      |   12 |
 *   +-----------+------+
 *
 * Every complaint is one line "bitlet report: PATH:LINE: what is wrong; what was expected".
 */
#ifndef BITLET_REPORT_TEXT_H
#define BITLET_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { REPORT_SIZE_LIMIT = 64 << 20, REPORT_CELLS = 32 };

struct report_text {
	const char *path;           /* the caller's */
	char *buffer;
	char **line;                /* NUL-terminated, without CR and LF */
	size_t lines;
	FILE *err;
};

/* Reads a file. False after a complaint: it cannot be read, is empty, or holds NUL bytes. Free with report_text_free(), also after a failure. */
bool report_text_read(struct report_text *t, const char *path, FILE *err);
void report_text_free(struct report_text *t);

/* Complains about line `line` (from 0); returns false. */
__attribute__((format(printf, 3, 4)))
bool report_fault(const struct report_text *t, size_t line, const char *format, ...);

/* The first line from `from` on that, without blanks at both ends, is `what` or begins with it; t->lines when there is none. */
size_t report_find(const struct report_text *t, size_t from, const char *what);

/* A table, or one of its rows. Texts are copies of this struct's; valid until the next row. */
struct report_table {
	const struct report_text *text;
	size_t at;                  /* line of the row, then that of the border below the table */
	size_t begin;               /* line of the column names */
	unsigned columns;
	char *name[REPORT_CELLS];   /* column names, trimmed */
	char *cell[REPORT_CELLS];   /* the row's cells, trimmed */
	unsigned depth;             /* blanks in front of the first cell's text, less the one that all have */
	char *names, *cells;
};

/* Opens the first table from line `from` on. False after a complaint when there is none or its head is damaged. Close with report_table_close(). */
bool report_table_open(struct report_table *w, const struct report_text *t, size_t from);
void report_table_close(struct report_table *w);

enum report_row { ROW, ROWS_END, ROW_BAD };
/* Steps to the next row: ROW, ROWS_END at the border below, ROW_BAD after a complaint (cut short, other number of cells). */
enum report_row report_table_next(struct report_table *w);

/* The column of that name, REPORT_CELLS when there is none. */
unsigned report_column(const struct report_table *w, const char *name);

/* The row's number in a column: digits and a decimal point; "<0.001" is 0.001. False after a complaint. */
bool report_number(const struct report_table *w, unsigned column, double *value);

#endif
