/*
 * inspect_report.h: an inspection, and where a configuration would run each node, as text and as JSON.
 */
#ifndef BITLET_INSPECT_REPORT_H
#define BITLET_INSPECT_REPORT_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "inspection.h"
#include "schedule.h"

void inspect_print(const struct inspection *i, const char *model, FILE *out);

/* What `bitlet run` would do with the network (fused, so that nodes are fewer). */
void inspect_print_plan(const struct schedule *s, FILE *out);

/*
 * model, kind, opset (ONNX), inputs[], outputs[] (name, type, shape), nodes[] (name, op, shape, macs, weight_bytes, parameters), operators{name: count}, macs,
 * parameters, weight_bytes, unsupported[]; with a schedule config, steps[] (name, op, where, precision, macs, why) and memory{}. shape is null where it is not
 * known.
 */
cJSON *inspect_object(const struct inspection *i, const char *model, const struct schedule *s);

#endif
