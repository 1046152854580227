/*
 * fault.h: why something could not be done, in one line, for files that users bring (networks, arrays).
 *
 *     `path: what is wrong; what was expected`
 *     `path: node 'name' (Op): what is wrong; what was expected`
 *
 * Functions that can fail take a struct fault, fill it and return false or NULL. Only the first fault is kept.
 */
#ifndef BITLET_FAULT_H
#define BITLET_FAULT_H

#include <stdbool.h>

struct fault {
	char text[512];             /* "" while nothing is wrong; else one line without newline, control characters shown as '?' */
};

/* Sets the text, unless there is one already. Returns false, so that a caller can write `return fault_set(...)`. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
bool fault_set(struct fault *f, const char *format, ...);

/* Puts `prefix: ` in front of the text. Returns false. */
bool fault_prefix(struct fault *f, const char *prefix);

#endif
