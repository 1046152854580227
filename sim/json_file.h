/*
 * json_file.h: a report as a JSON file.
 */
#ifndef BITLET_JSON_FILE_H
#define BITLET_JSON_FILE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/* Whether json_write() could write the file, which is left as it is, or not there. False with errno. */
bool json_writable(const char *path);

/* Writes o, which stays the caller's. False after "bitlet VERB: PATH: why" on err. */
bool json_write(const cJSON *o, const char *path, const char *verb, FILE *err);

#endif
