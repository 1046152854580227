/*
 * machine_compare.h: do RTL and model show the same in a cycle?
 */
#ifndef BITLET_MACHINE_COMPARE_H
#define BITLET_MACHINE_COMPARE_H

#include "machine.h"

/* Every output of bitlet_top; what belongs to a valid counts while that is high, bytes of a write where their strobe is 1. False: *d has the first one. */
bool compare_ports(const struct top_out *rtl, const struct top_out *model, unsigned bus_bytes, struct machine_difference *d);

#endif
