/*
 * template.h: expands the templates of rtl_templates/. A file without directives is copied as it is.
 *
 *   @{EXPRESSION}              its value, decimal, or its text (expression.h); @@{ stands for @{ itself
 *   //@ only if EXPRESSION     first line: the file is left out altogether when the value is 0
 *   //@ if EXPRESSION          lines up to the next elif, else or end are there when the value is not 0
 *   //@ elif EXPRESSION
 *   //@ else
 *   //@ for NAME in A..B       lines up to end once for each number from A to B, both included; none when B < A
 *   //@ for NAME in LIST       once for each element of a list symbol (packing)
 *   //@ for NAME in a b c      once for each word or number, separated by blanks or commas
 *   //@ end
 *   //@ # remark               nothing
 *
 * A directive stands alone on its line, blanks in front allowed; the line itself does not appear in the output.
 *
 * Symbols (values.h): every field of struct bitlet_config and struct bitlet_derived (n, pipeline.tree, lanes, ...), those of a mode and its precision as
 * mode[m].pack, mode[m].is_float, mode[m].name; packing[i] with packs; a word parameter as a text (selector == "window") and as numbers 0 and 1
 * (selector_full, selector_window, side_weight, ...); fields of a program, error codes and counters (core_symbols.h).
 */
#ifndef BITLET_TEMPLATE_H
#define BITLET_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "symbols.h"

enum {
	TEMPLATE_MAX_NESTING = 16,
	TEMPLATE_MAX_STEPS = 2000000,   /* lines and rounds of loops of one expansion */
	TEMPLATE_MAX_OUTPUT = 16777216, /* bytes */
};

/*
 * Expands text[0..size) to out. *emitted is false, and nothing written, when an `only if` leaves the file out. Returns false after the first error, reported to err
 * as `path:line:col: what is wrong`, the line, and a caret below the column; out may have got a part by then. Failed writes are the caller's
 * to notice (ferror). The symbols are as before afterwards.
 */
bool template_expand(const char *path, const char *text, size_t size, struct symbols *symbols, FILE *out, bool *emitted, FILE *err);

#endif
