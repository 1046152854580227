/*
 * utf8.h: refuses what is not UTF-8 text, before any parser sees it.
 */
#ifndef BITLET_UTF8_H
#define BITLET_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * True when text[0..size) is UTF-8 (no overlong forms, no surrogates) without control characters other than tab, line feed and carriage
 * return; otherwise reports the first fault with its line and column to err.
 */
bool utf8_check(const char *path, const char *text, size_t size, FILE *err);

#endif
