/*
 * json_file.h: a report as a JSON file.
 */
#ifndef BITLET_JSON_FILE_H
#define BITLET_JSON_FILE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/* Writes o, which stays the caller's. False after "bitlet VERB: PATH: why" on err. */
bool json_write(const cJSON *o, const char *path, const char *verb, FILE *err);

#endif
