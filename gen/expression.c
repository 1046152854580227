#include "expression.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

struct parser {
	const char *source;
	size_t length, at;
	const struct symbols *symbols;
	struct expression_error *error;
	bool failed;
	unsigned depth;             /* of nested operands */
	unsigned dead;              /* > 0: the value does not count */
};

static struct value ternary(struct parser *p);

static struct value number(int64_t n)
{
	return (struct value){ .kind = VALUE_NUMBER, .number = n };
}

/* Keeps the first error; the value is then of no account. */
__attribute__((format(printf, 3, 4)))
static struct value fail(struct parser *p, size_t offset, const char *format, ...)
{
	if (!p->failed) {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(p->error->text, sizeof p->error->text, format, arguments);
		va_end(arguments);
		p->error->offset = offset;
	}
	p->failed = true;
	return number(0);
}

static char peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->length ? p->source[p->at + ahead] : '\0';
}

static void skip_blanks(struct parser *p)
{
	while (peek(p, 0) == ' ' || peek(p, 0) == '\t')
		p->at++;
}

static bool eat(struct parser *p, const char *token)
{
	size_t length = strlen(token);
	if (p->failed || p->length - p->at < length || memcmp(p->source + p->at, token, length) != 0)
		return false;
	p->at += length;
	skip_blanks(p);
	return true;
}

size_t expression_name_length(const char *text, size_t length)
{
	size_t n = 0;
	if (!length || isdigit((unsigned char)text[0]))
		return 0;
	while (n < length && (isalnum((unsigned char)text[n]) || text[n] == '_'))
		n++;
	return n;
}

static int64_t need_number(struct parser *p, const struct value *v, size_t offset)
{
	if (v->kind != VALUE_NUMBER)
		fail(p, offset, "%s where a number is needed", v->kind == VALUE_TEXT ? "a text" : "a list");
	return v->number;
}

static struct value read_number(struct parser *p)
{
	int64_t sum = 0;
	size_t start = p->at;
	while (isdigit((unsigned char)peek(p, 0))) {
		if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, peek(p, 0) - '0', &sum))
			return fail(p, start, "number too large");
		p->at++;
	}
	skip_blanks(p);
	return number(sum);
}

static struct value read_text(struct parser *p)
{
	size_t start = ++p->at;
	while (p->at < p->length && peek(p, 0) != '"')
		p->at++;
	if (p->at == p->length)
		return fail(p, start - 1, "text without closing quote");
	struct value v = { .kind = VALUE_TEXT, .text = p->source + start, .length = p->at - start };
	p->at++;
	skip_blanks(p);
	return v;
}

static int64_t clog2(int64_t n)
{
	int64_t bits = 0;
	while (bits < 62 && ((int64_t)1 << bits) < n)
		bits++;
	return bits;
}

/* Behind "clog2(", "min(" or "max(". */
static struct value call(struct parser *p, const char *name, size_t start)
{
	struct value a = ternary(p), b = number(0);
	int64_t x = need_number(p, &a, start), y = 0;
	bool two = strcmp(name, "clog2") != 0;
	if (two) {
		if (!eat(p, ","))
			return fail(p, p->at, "expected ','");
		b = ternary(p);
		y = need_number(p, &b, start);
	}
	if (!eat(p, ")"))
		return fail(p, p->at, "expected ')'");
	if (!two && x < 1 && !p->dead)
		return fail(p, start, "clog2 of %" PRId64 "; expected at least 1", x);
	if (!two)
		return number(clog2(x));
	return number((x < y) == !strcmp(name, "min") ? x : y);
}

/* Adds source[from..to) to the full name. */
static bool append(char *full, const char *text, size_t length)
{
	size_t used = strlen(full);
	if (used + length >= SYMBOL_NAME_SIZE)
		return false;
	memcpy(full + used, text, length);
	full[used + length] = '\0';
	return true;
}

static bool append_index(struct parser *p, char *full)
{
	size_t start = p->at;
	struct value v = ternary(p);
	int64_t index = need_number(p, &v, start);
	char text[24];
	if (!eat(p, "]"))
		fail(p, p->at, "expected ']'");
	int length = snprintf(text, sizeof text, "[%" PRId64 "]", index);
	return append(full, text, (size_t)length);
}

static struct value look_up(struct parser *p, const char *full, size_t start)
{
	const struct value *v = symbols_find(p->symbols, full);
	if (v)
		return *v;
	if (p->dead)
		return number(1);
	return fail(p, start, "undefined name '%s'", full);
}

static struct value read_name(struct parser *p)
{
	char full[SYMBOL_NAME_SIZE] = "";
	size_t start = p->at;
	size_t length = expression_name_length(p->source + p->at, p->length - p->at);
	bool fits = append(full, p->source + p->at, length);
	p->at += length;
	if (fits && peek(p, 0) == '(' && (!strcmp(full, "clog2") || !strcmp(full, "min") || !strcmp(full, "max"))) {
		eat(p, "(");
		return call(p, full, start);
	}
	while (fits && !p->failed) {
		if (eat(p, "[")) {
			fits = append_index(p, full);
		} else if (peek(p, 0) == '.' && peek(p, 1) != '.') {
			length = 1 + expression_name_length(p->source + p->at + 1, p->length - p->at - 1);
			fits = append(full, p->source + p->at, length);
			p->at += length;
		} else {
			break;
		}
	}
	skip_blanks(p);
	return fits ? look_up(p, full, start) : fail(p, start, "name too long");
}

static struct value primary(struct parser *p)
{
	if (eat(p, "(")) {
		struct value v = ternary(p);
		if (!eat(p, ")"))
			return fail(p, p->at, "expected ')'");
		return v;
	}
	if (isdigit((unsigned char)peek(p, 0)))
		return read_number(p);
	if (peek(p, 0) == '"')
		return read_text(p);
	if (expression_name_length(p->source + p->at, p->length - p->at))
		return read_name(p);
	return fail(p, p->at, "expected a number or a name");
}

static struct value unary(struct parser *p)
{
	size_t start = p->at;
	struct value v;
	if (p->failed)
		return number(0);
	if (++p->depth > MAX_DEPTH)
		return fail(p, start, "expression nested more than %d deep", MAX_DEPTH);
	if (peek(p, 0) == '!' && peek(p, 1) != '=') {
		eat(p, "!");
		v = unary(p);
		v = number(!need_number(p, &v, start));
	} else if (eat(p, "-")) {
		int64_t negative;
		v = unary(p);
		if (__builtin_sub_overflow(0, need_number(p, &v, start), &negative))
			v = fail(p, start, "result beyond 64 bits");
		else
			v = number(negative);
	} else {
		v = primary(p);
	}
	p->depth--;
	return v;
}

static struct value divide(struct parser *p, char operator, int64_t a, int64_t b, size_t at)
{
	if (b == 0)
		return p->dead ? number(0) : fail(p, at, "division by zero");
	if (b == -1) /* INT64_MIN / -1 does not fit */
		return operator == '%' ? number(0) : a == INT64_MIN ? fail(p, at, "result beyond 64 bits") : number(-a);
	return number(operator == '/' ? a / b : a % b);
}

static struct value product(struct parser *p)
{
	struct value v = unary(p);
	for (;;) {
		size_t at = p->at;
		char operator = eat(p, "*") ? '*' : eat(p, "/") ? '/' : eat(p, "%") ? '%' : '\0';
		if (!operator)
			return v;
		struct value w = unary(p);
		int64_t a = need_number(p, &v, at), b = need_number(p, &w, at), r = 0;
		if (operator != '*')
			v = divide(p, operator, a, b, at);
		else
			v = __builtin_mul_overflow(a, b, &r) ? fail(p, at, "result beyond 64 bits") : number(r);
	}
}

static struct value sum(struct parser *p)
{
	struct value v = product(p);
	for (;;) {
		size_t at = p->at;
		bool plus = eat(p, "+");
		if (!plus && !eat(p, "-"))
			return v;
		struct value w = product(p);
		int64_t a = need_number(p, &v, at), b = need_number(p, &w, at), r = 0;
		bool over = plus ? __builtin_add_overflow(a, b, &r) : __builtin_sub_overflow(a, b, &r);
		v = over ? fail(p, at, "result beyond 64 bits") : number(r);
	}
}

static struct value relation(struct parser *p)
{
	static const char *const operators[] = { "<=", ">=", "<", ">" };
	struct value v = sum(p);
	size_t at = p->at;
	for (unsigned i = 0; i < 4; i++) {
		if (!eat(p, operators[i]))
			continue;
		struct value w = sum(p);
		int64_t a = need_number(p, &v, at), b = need_number(p, &w, at);
		return number(i == 0 ? a <= b : i == 1 ? a >= b : i == 2 ? a < b : a > b);
	}
	return v;
}

static bool equal(struct parser *p, const struct value *a, const struct value *b, size_t at)
{
	if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
		return a->length == b->length && !memcmp(a->text, b->text, a->length);
	if (p->dead)
		return false; /* a name that nobody knows has no kind */
	if (a->kind == VALUE_TEXT || b->kind == VALUE_TEXT)
		fail(p, at, "comparison of a text with a number");
	return need_number(p, a, at) == need_number(p, b, at);
}

static struct value equality(struct parser *p)
{
	struct value v = relation(p);
	for (;;) {
		size_t at = p->at;
		bool same = eat(p, "==");
		if (!same && !eat(p, "!="))
			return v;
		struct value w = relation(p);
		v = number(equal(p, &v, &w, at) == same);
	}
}

static struct value conjunction(struct parser *p)
{
	struct value v = equality(p);
	for (;;) {
		size_t at = p->at;
		if (!eat(p, "&&"))
			return v;
		bool left = need_number(p, &v, at) != 0;
		p->dead += !left;
		struct value w = equality(p);
		bool right = need_number(p, &w, at) != 0;
		p->dead -= !left;
		v = number(left && right);
	}
}

static struct value disjunction(struct parser *p)
{
	struct value v = conjunction(p);
	for (;;) {
		size_t at = p->at;
		if (!eat(p, "||"))
			return v;
		bool left = need_number(p, &v, at) != 0;
		p->dead += left;
		struct value w = conjunction(p);
		bool right = need_number(p, &w, at) != 0;
		p->dead -= left;
		v = number(left || right);
	}
}

static struct value choose(struct parser *p, bool yes)
{
	p->dead += !yes;
	struct value a = ternary(p);
	p->dead -= !yes;
	if (!eat(p, ":"))
		return fail(p, p->at, "expected ':'");
	p->dead += yes;
	struct value b = ternary(p);
	p->dead -= yes;
	return yes ? a : b;
}

static struct value ternary(struct parser *p)
{
	if (p->depth >= MAX_DEPTH)
		return fail(p, p->at, "expression nested more than %d deep", MAX_DEPTH);
	p->depth++;
	struct value v = disjunction(p);
	size_t at = p->at;
	if (eat(p, "?"))
		v = choose(p, need_number(p, &v, at) != 0);
	p->depth--;
	return v;
}

bool expression_eval(const char *source, size_t length, size_t *offset, const struct symbols *s, struct value *value, struct expression_error *error)
{
	struct parser p = { .source = source, .length = length, .at = *offset, .symbols = s, .error = error };
	skip_blanks(&p);
	*value = ternary(&p);
	*offset = p.at;
	return !p.failed;
}
