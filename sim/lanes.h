/*
 * lanes.h: what the lanes of an engine issue in a cycle against what the model's lanes issue.
 */
#ifndef BITLET_LANES_H
#define BITLET_LANES_H

#include "cosim.h"

/* Distillers of an array: one a PE, or one for all with distilled activations. */
unsigned lanes_distillers(const struct bitlet_config *c);

/* Compares all lanes of PE pe in the cycle that the traffic has played last; select as in dut.h. Leaves *d alone when they agree. */
void lanes_compare(const struct traffic *t, unsigned pe, const uint32_t *select, struct lane_difference *d);

#endif
