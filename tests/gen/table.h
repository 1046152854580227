/*
 * table.h: test cases as text. A file is a list of
 *
 *     == name of the case
 *     input, any number of lines; \xNN is that byte
 *     -- or !!
 *     expected output (--) or expected complaint (!!), up to the next case; lines before the first case are remarks
 */
#ifndef TEST_TABLE_H
#define TEST_TABLE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct table_case {
	char *name, *input, *expected;
	size_t size;                /* of input */
	bool complaint;             /* !! */
};

struct table {
	char *text;
	struct table_case *cases;
	size_t count;
};

/* Decodes \xNN in place; returns the new size. */
static inline size_t table_decode(char *text)
{
	size_t size = 0;
	for (const char *s = text; *s; s++) {
		unsigned byte;
		if (s[0] == '\\' && s[1] == 'x' && sscanf(s + 2, "%2x", &byte) == 1) {
			text[size++] = (char)byte;
			s += 3;
		} else {
			text[size++] = *s;
		}
	}
	text[size] = '\0';
	return size;
}

static inline char *table_slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);
	if (!f || !text || fread(text, 1, (1 << 20) - 1, f) == 0) {
		fprintf(stderr, "%s cannot be read; tests run in the top folder\n", path);
		exit(2);
	}
	fclose(f);
	return text;
}

/* Ends a piece of text before the line at `line`, and returns what follows the marker there. */
static inline char *table_cut(char *line)
{
	*line = '\0';
	return line + 3;
}

/* Cuts "name\ninput-- or !!\nexpected" apart. */
static inline void table_case_read(struct table_case *c, char *text)
{
	char *feed = strchr(text, '\n');
	*feed = '\0';
	c->name = text;
	c->input = feed + 1;
	char *mark = c->input;
	while (*mark && strncmp(mark, "--\n", 3) != 0 && strncmp(mark, "!!\n", 3) != 0)
		mark = strchr(mark, '\n') + 1;
	c->complaint = *mark == '!';
	c->expected = *mark ? table_cut(mark) : mark;
	c->size = table_decode(c->input);
	table_decode(c->expected);
}

static inline struct table table_read(const char *path)
{
	struct table t = { .text = table_slurp(path) };
	char *line = t.text;
	t.cases = calloc(1024, sizeof *t.cases);
	while (*line && strncmp(line, "== ", 3) != 0)
		line = strchr(line, '\n') + 1;
	while (*line && t.count < 1024) {
		char *start = table_cut(line), *next = start;
		while (*next && strncmp(next, "== ", 3) != 0)
			next = strchr(next, '\n') + 1;
		bool more = *next != '\0';
		*next = '\0'; /* table_cut() of the next round does the same */
		table_case_read(&t.cases[t.count++], start);
		if (!more)
			break;
		*next = '=';
		line = next;
	}
	return t;
}

static inline void table_free(struct table *t)
{
	free(t->text);
	free(t->cases);
}

#endif
