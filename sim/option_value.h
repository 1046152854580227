/*
 * option_value.h: values on the command line of `bitlet run`. Each function complains on stderr ("bitlet run: --x 'text'; expected ...") and returns
 * false when the text is not what is expected.
 */
#ifndef BITLET_OPTION_VALUE_H
#define BITLET_OPTION_VALUE_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

bool option_complain(const char *name, const char *text, const char *expected);

/* A number from least to most. */
bool option_real(const char *name, const char *text, double least, double most, double *value);
bool option_whole(const char *name, const char *text, double least, double most, unsigned *value);
/* 0 to 2^64 - 1. */
bool option_seed(const char *name, const char *text, uint64_t *value);
/* 1 to `most` numbers between commas. */
bool option_reals(const char *name, const char *text, unsigned most, double *value, unsigned *count);
/* Index of one of the words (NULL-terminated); `expected` lists them. */
bool option_word(const char *name, const char *text, const char *const *word, const char *expected, int *index);

/* Rows of the memory's options for a table of getopt_long(), and what takes them: values from OPTION_MEMORY on. */
enum { OPTION_CLOCK = 1000, OPTION_BANDWIDTH, OPTION_LATENCY, OPTION_OUTSTANDING, OPTION_STALLS, OPTION_SEED, OPTION_MEMORY = OPTION_CLOCK };
#define OPTION_MEMORY_ROWS \
	{"clock", required_argument, NULL, OPTION_CLOCK}, {"bandwidth", required_argument, NULL, OPTION_BANDWIDTH}, \
	{"latency", required_argument, NULL, OPTION_LATENCY}, {"outstanding", required_argument, NULL, OPTION_OUTSTANDING}, \
	{"stalls", required_argument, NULL, OPTION_STALLS}, {"seed", required_argument, NULL, OPTION_SEED}
bool option_memory(int option, const char *text, struct memory_config *m);

#endif
