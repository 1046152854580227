#include "template.h"

#include <inttypes.h>
#include <string.h>

#include "expression.h"
#include "template_lines.h"

struct expander {
	struct template_lines lines;
	struct symbols *symbols;
	FILE *out, *err;
	size_t steps, written;
};

static bool run(struct expander *x, size_t from, size_t to);

static bool step(struct expander *x, size_t index)
{
	x->steps += 1 + x->lines.line[index].length / 128; /* long lines cost more */
	if (x->steps > TEMPLATE_MAX_STEPS)
		return template_complain(&x->lines, index, 0, x->err, "more than %d lines and loop rounds", TEMPLATE_MAX_STEPS);
	return true;
}

static bool put(struct expander *x, size_t index, const char *text, size_t length)
{
	x->written += length;
	if (x->written > TEMPLATE_MAX_OUTPUT)
		return template_complain(&x->lines, index, 0, x->err, "more than %d bytes of output", TEMPLATE_MAX_OUTPUT);
	fwrite(text, 1, length, x->out);
	return true;
}

/* Evaluates inside a line, moving *offset. */
static bool eval(struct expander *x, size_t index, size_t *offset, struct value *v)
{
	struct expression_error error;
	const struct template_line *line = &x->lines.line[index];
	if (expression_eval(line->text, line->length, offset, x->symbols, v, &error))
		return true;
	return template_complain(&x->lines, index, error.offset, x->err, "%s", error.text);
}

static bool put_value(struct expander *x, size_t index, size_t offset, const struct value *v)
{
	char text[24];
	if (v->kind == VALUE_LIST)
		return template_complain(&x->lines, index, offset, x->err, "a list where a number or a text is needed");
	if (v->kind == VALUE_TEXT)
		return put(x, index, v->text, v->length);
	int length = snprintf(text, sizeof text, "%" PRId64, v->number);
	return put(x, index, text, (size_t)length);
}

/* At "@{"; *at moves behind "}". */
static bool substitute(struct expander *x, size_t index, size_t *at)
{
	const struct template_line *line = &x->lines.line[index];
	size_t start = *at, offset = start + 2;
	struct value v;
	if (!eval(x, index, &offset, &v))
		return false;
	if (offset >= line->length || line->text[offset] != '}')
		return template_complain(&x->lines, index, offset, x->err, "expected '}'");
	*at = offset + 1;
	return put_value(x, index, start, &v);
}

static bool starts(const struct template_line *line, size_t at, const char *token)
{
	size_t length = strlen(token);
	return line->length - at >= length && !memcmp(line->text + at, token, length);
}

static bool put_line(struct expander *x, size_t index)
{
	const struct template_line *line = &x->lines.line[index];
	size_t copied = 0, at = 0;
	while (at < line->length) {
		bool escaped = starts(line, at, "@@{");
		if (!escaped && !starts(line, at, "@{")) {
			at++;
			continue;
		}
		if (!put(x, index, line->text + copied, at - copied))
			return false;
		if (escaped) {
			copied = at + 1; /* the second @ is the one that stays */
			at += 3;
			continue;
		}
		if (!substitute(x, index, &at))
			return false;
		copied = at;
	}
	return put(x, index, line->text + copied, line->length - copied);
}

static bool at_end(const struct template_line *line, size_t offset)
{
	return offset >= line->length || line->text[offset] == '\n' || line->text[offset] == '\r';
}

/* The value of an only, if or elif. */
static bool condition(struct expander *x, size_t index, bool *yes)
{
	const struct template_line *line = &x->lines.line[index];
	size_t offset = line->argument;
	struct value v;
	if (!eval(x, index, &offset, &v))
		return false;
	if (!at_end(line, offset))
		return template_complain(&x->lines, index, offset, x->err, "unexpected text behind the expression");
	if (v.kind != VALUE_NUMBER)
		return template_complain(&x->lines, index, line->argument, x->err, "a condition must be a number");
	*yes = v.number != 0;
	return true;
}

/* Runs the branch that holds; *index moves to the block's end. */
static bool run_if(struct expander *x, size_t *index)
{
	const struct template_line *line = x->lines.line;
	bool done = false;
	size_t i = *index;
	for (; line[i].kind != LINE_END; i = line[i].partner) {
		bool yes = !done;
		if (!step(x, i))
			return false;
		if (!done && line[i].kind != LINE_ELSE && !condition(x, i, &yes))
			return false;
		if (yes && !run(x, i + 1, line[i].partner))
			return false;
		done |= yes;
	}
	*index = i;
	return true;
}

/* One round of a loop. */
static bool run_round(struct expander *x, size_t index, const char *name, struct value v)
{
	if (!step(x, index))
		return false;
	if (!symbols_push(x->symbols, name, v))
		return template_complain(&x->lines, index, x->lines.line[index].argument, x->err, "too many loop variables");
	bool good = run(x, index + 1, x->lines.line[index].partner);
	symbols_pop(x->symbols);
	return good;
}

static bool run_range(struct expander *x, size_t index, const char *name, size_t offset)
{
	const struct template_line *line = &x->lines.line[index];
	struct value a, b;
	size_t start = offset;
	if (!eval(x, index, &offset, &a))
		return false;
	if (!starts(line, offset, ".."))
		return template_complain(&x->lines, index, offset, x->err, "expected '..'");
	offset += 2;
	if (!eval(x, index, &offset, &b))
		return false;
	if (!at_end(line, offset))
		return template_complain(&x->lines, index, offset, x->err, "unexpected text behind the range");
	if (a.kind != VALUE_NUMBER || b.kind != VALUE_NUMBER)
		return template_complain(&x->lines, index, start, x->err, "a range needs two numbers");
	for (int64_t i = a.number; i <= b.number; i++) {
		if (!run_round(x, index, name, (struct value){ .kind = VALUE_NUMBER, .number = i }))
			return false;
		if (i == INT64_MAX)
			break;
	}
	return true;
}

static bool run_symbol(struct expander *x, size_t index, const char *name, const char *list, int64_t count)
{
	char element[SYMBOL_NAME_SIZE + 24];
	for (int64_t i = 0; i < count; i++) {
		snprintf(element, sizeof element, "%s[%" PRId64 "]", list, i);
		const struct value *v = symbols_find(x->symbols, element);
		if (!v)
			return template_complain(&x->lines, index, x->lines.line[index].argument, x->err, "the elements of '%s' have no value of their own", list);
		if (!run_round(x, index, name, *v))
			return false;
	}
	return true;
}

static size_t item_length(const struct template_line *line, size_t offset)
{
	size_t length = 0;
	while (offset + length < line->length && !strchr(" \t\r\n,", line->text[offset + length]))
		length++;
	return length;
}

/* A word of a list: a whole number or a text. */
static struct value item_value(const char *text, size_t length)
{
	struct value v = { .kind = VALUE_NUMBER };
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9' || length > 18)
			return (struct value){ .kind = VALUE_TEXT, .text = text, .length = length };
		v.number = 10 * v.number + text[i] - '0';
	}
	return v;
}

static bool run_words(struct expander *x, size_t index, const char *name, size_t offset)
{
	const struct template_line *line = &x->lines.line[index];
	while (!at_end(line, offset)) {
		size_t length = item_length(line, offset);
		if (!length && line->text[offset] == '\0')
			return template_complain(&x->lines, index, offset, x->err, "a NUL in a list");
		if (length && !run_round(x, index, name, item_value(line->text + offset, length)))
			return false;
		offset += length ? length : 1;
	}
	return true;
}

/* "a..b" when the first expression is followed by "..". */
static bool is_range(struct expander *x, size_t index, size_t offset)
{
	const struct template_line *line = &x->lines.line[index];
	for (size_t i = offset; i + 1 < line->length; i++)
		if (line->text[i] == '.' && line->text[i + 1] == '.')
			return true;
	return false;
}

/* What stands behind `in`. */
static bool run_over(struct expander *x, size_t index, const char *name, size_t offset)
{
	const struct template_line *line = &x->lines.line[index];
	char list[SYMBOL_NAME_SIZE];
	size_t length = item_length(line, offset);
	if (is_range(x, index, offset))
		return run_range(x, index, name, offset);
	if (!length)
		return template_complain(&x->lines, index, offset, x->err, "expected a range, a list or words");
	snprintf(list, sizeof list, "%.*s", (int)(length < sizeof list ? length : 0), line->text + offset);
	const struct value *v = symbols_find(x->symbols, list);
	if (v && v->kind == VALUE_LIST && at_end(line, offset + length))
		return run_symbol(x, index, name, list, v->number);
	return run_words(x, index, name, offset);
}

static bool run_for(struct expander *x, size_t *index)
{
	const struct template_line *line = &x->lines.line[*index];
	char name[SYMBOL_NAME_SIZE];
	size_t offset = line->argument;
	size_t length = expression_name_length(line->text + offset, line->length - offset);
	if (!length || length >= sizeof name)
		return template_complain(&x->lines, *index, offset, x->err, "expected the name of a loop variable");
	memcpy(name, line->text + offset, length);
	name[length] = '\0';
	for (offset += length; offset < line->length && (line->text[offset] == ' ' || line->text[offset] == '\t');)
		offset++;
	if (!starts(line, offset, "in ") && !starts(line, offset, "in\t"))
		return template_complain(&x->lines, *index, offset, x->err, "expected 'in'");
	for (offset += 2; offset < line->length && (line->text[offset] == ' ' || line->text[offset] == '\t');)
		offset++;
	if (!run_over(x, *index, name, offset))
		return false;
	*index = line->partner;
	return true;
}

static bool run(struct expander *x, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		enum line_kind kind = x->lines.line[i].kind;
		if (!step(x, i))
			return false;
		if (kind == LINE_TEXT && !put_line(x, i))
			return false;
		if (kind == LINE_IF && !run_if(x, &i))
			return false;
		if (kind == LINE_FOR && !run_for(x, &i))
			return false;
	}
	return true;
}

bool template_expand(const char *path, const char *text, size_t size, struct symbols *symbols, FILE *out, bool *emitted, FILE *err)
{
	struct expander x = { .symbols = symbols, .out = out, .err = err };
	*emitted = true;
	bool good = template_lines_read(&x.lines, path, text, size, err);
	if (good && x.lines.count && x.lines.line[0].kind == LINE_ONLY)
		good = condition(&x, 0, emitted);
	if (good && *emitted)
		good = run(&x, 0, x.lines.count);
	template_lines_free(&x.lines);
	return good;
}
