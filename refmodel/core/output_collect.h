/*
 * output_collect.h: the part of output_path that takes results of the PEs. Twin of collector.v; for output_path.c alone.
 */
#ifndef BITLET_OUTPUT_COLLECT_H
#define BITLET_OUTPUT_COLLECT_H

#include "output_path.h"

void output_collect_reset(struct output_path *p);
/* ready[pes] */
void output_collect_out(const struct output_path *p, bool *ready);
/* issued: the oldest step leaves. */
void output_collect_clock(struct output_path *p, const struct output_path_in *in, bool issued);

#endif
