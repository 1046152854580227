/*
 * config_value.h: is one value of the file what its parameter's row asks for?
 */
#ifndef BITLET_CONFIG_VALUE_H
#define BITLET_CONFIG_VALUE_H

#include "config_tree.h"

/*
 * Checks every entry by itself (type, range, spelling), then that the required parameters are there, reporting the first error. After
 * success libcyaml reads the same text without complaint.
 */
bool config_values_check(const struct config_tree *tree);

/* Reads a plain decimal number: digits only, no leading zero. False when it is none; one beyond 32 bits gives UINT32_MAX. */
bool config_number(const char *text, unsigned *number);

#endif
