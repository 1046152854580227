/*
 * network_report.h: the figures of a network's runs as a table, and as JSON.
 */
#ifndef BITLET_NETWORK_REPORT_H
#define BITLET_NETWORK_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "network_figures.h"

/* A row a layer, what the host did, sums. Every figure says where it comes from. */
void network_report(const struct network_figures *n, FILE *out);

/* A new object with all of it; `verification` (shard_report.h, NULL: none) becomes its member. docs/networks.md lists the members. */
cJSON *network_report_object(const struct network_figures *n, cJSON *verification);

#endif
