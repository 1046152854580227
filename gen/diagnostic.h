/*
 * diagnostic.h: how every complaint about a user's file looks: `path:line:col: what is wrong; what was expected`.
 */
#ifndef BITLET_DIAGNOSTIC_H
#define BITLET_DIAGNOSTIC_H

#include <stddef.h>
#include <stdio.h>

enum { QUOTE_SIZE = 80 };

/* Prints one diagnostic as one line. Lines and columns count from 1. */
__attribute__((format(printf, 5, 6)))
void diagnostic(FILE *err, const char *path, unsigned line, unsigned column, const char *format, ...);

/* Puts 'text' into single quotes for a message: unprintable bytes as \xNN, long text cut with "...". Returns out. */
const char *quote(char out[QUOTE_SIZE], const char *text);

#endif
