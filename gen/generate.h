/*
 * generate.h: from a configuration to Verilog.
 *
 *   DIR/rtl/X.v            the templates of rtl_templates/ that the configuration needs, expanded
 *   DIR/filelist.f         their paths relative to DIR in compile order
 *   DIR/bitlet_params.vh   every parameter and derived number as `define BITLET_...
 *   DIR/bitlet_params.h    the same as #define BITLET_...
 *   DIR/bitlet_regs.h      the registers as #define BITLET_REG_...
 *   DIR/registers.md       the registers for readers
 *   DIR/bitlet.svd         the registers as CMSIS-SVD
 *   DIR/tb/bitlet_tb.v     a first test for any simulator (fpga/tb/)
 *   DIR/component.xml      the directory as an IP of Vivado (ip_files.h)
 *   DIR/bitlet.core        the directory as a core of FuseSoC
 *   DIR/driver/            host driver in C (sim/driver/)
 *
 * The same configuration gives the same bytes.
 */
#ifndef BITLET_GENERATE_H
#define BITLET_GENERATE_H

#include <stdbool.h>
#include <stdio.h>

#include "config.h"

/*
 * Writes directory `dir`. It must be new, empty, or an earlier output, which is replaced; what else lies in it stays. False after a report
 * to err; the directory is then as it was before. c must have passed config_check().
 */
bool generate(const struct bitlet_config *c, const char *dir, FILE *err);

#endif
