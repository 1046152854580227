/*
 * config_help.h: the parameters of a configuration as a page in Markdown (docs/configuration.md), from the rows of params.def.
 */
#ifndef BITLET_CONFIG_HELP_H
#define BITLET_CONFIG_HELP_H

#include <stdio.h>

void config_help(FILE *out);

#endif
