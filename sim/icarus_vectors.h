/*
 * icarus_vectors.h: the ports of bitlet_top as vectors of bits for the Icarus bench: their Verilog declarations, a line a cycle, and back from bits to ports.
 *
 *     a line:   in, want, mask in hex; rows of icarus_ports.def from the highest bit down; mask is 1 where want counts
 */
#ifndef BITLET_ICARUS_VECTORS_H
#define BITLET_ICARUS_VECTORS_H

#include "config.h"
#include "machine.h"

enum { ICARUS_WORD = 4096 };        /* characters that any of the vectors fits in, with NUL */

/* icarus_size.vh: macros that sim/top_icarus.v is made with. */
void icarus_vectors_size(FILE *f, const struct bitlet_config *c);

/* One line; out NULL: nothing counts. */
void icarus_vectors_line(FILE *f, const struct bitlet_config *c, const struct top_in *in, const struct top_out *out);

/* The first port whose counting bits differ (x and z differ from everything). False when none does or the words are not of that length. */
bool icarus_vectors_difference(const struct bitlet_config *c, const char *rtl, const char *want, const char *mask, struct machine_difference *d,
                               bool *unknown);

#endif
