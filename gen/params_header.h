/*
 * params_header.h: the two generated headers, for Verilog and for C.
 */
#ifndef BITLET_PARAMS_HEADER_H
#define BITLET_PARAMS_HEADER_H

#include <stdio.h>

#include "derive.h"

enum header_language { HEADER_VERILOG, HEADER_C };

/* A C header begins with this line; by it an earlier output is known. */
#define PARAMS_SIGNATURE "/* bitlet_params.h: made by bitlet; "

/*
 * Prints the header. "mode[1].pack" becomes BITLET_MODE1_PACK, "pipeline.tree" BITLET_PIPELINE_TREE; BITLET_PRECISION_INT8 is the index of int8
 * on the mode port.
 */
void params_header(const struct bitlet_config *c, const struct bitlet_derived *d, enum header_language language, FILE *out);

#endif
