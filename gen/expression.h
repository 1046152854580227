/*
 * expression.h: whole-number expressions of templates.
 *
 *   ? :   ||   &&   == !=   < <= > >=   + -   * / %   unary - !   ( )
 *   123   "text"   name   name[expr]   name[expr].field   name.field   clog2(a)   min(a, b)   max(a, b)
 *
 * Numbers are 64-bit; going beyond is an error, and so are undefined names and division by zero, except in the part of && || ? : that does
 * not count. Division truncates as in C. Texts can be compared with == and != only. clog2(a): bits to count 0 .. a-1, a >= 1.
 */
#ifndef BITLET_EXPRESSION_H
#define BITLET_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols.h"

struct expression_error {
	size_t offset;              /* into the source */
	char text[128];
};

/*
 * Evaluates the longest expression at source[*offset..length) and moves *offset behind it and the blanks that follow. A text in *value
 * points into the source or the symbols. False after filling *error.
 */
bool expression_eval(const char *source, size_t length, size_t *offset, const struct symbols *s, struct value *value, struct expression_error *error);

/* Length of the name (letter or _, then letters, digits, _) at text[0..length), 0 when there is none. */
size_t expression_name_length(const char *text, size_t length);

#endif
