/*
 * simulator.h: from a configuration's RTL to a loaded Verilator engine, PE or whole core, built once and kept in the workspace.
 */
#ifndef BITLET_SIMULATOR_H
#define BITLET_SIMULATOR_H

#include <stdbool.h>
#include <stdio.h>

#include "dut.h"
#include "top_dut.h"
#include "workspace.h"

enum dut_top { TOP_ARRAY, TOP_PE, TOP_CORE };

/* "bitlet_array", "bitlet_pe", "bitlet_top". */
const char *dut_top_module(enum dut_top top);

struct simulator {
	void *handle;
	const struct dut_api *api;  /* TOP_ARRAY, TOP_PE */
	const struct top_api *core; /* TOP_CORE */
	bool built;                 /* false: it was there already */
	double build_seconds;       /* 0 when it was there */
};

/* Builds (when RTL, harness or options have changed) and loads; c is what the RTL was generated from. False after a message. */
bool simulator_open(struct simulator *s, const struct workspace *w, const struct bitlet_config *c, enum dut_top top, FILE *err);
void simulator_close(struct simulator *s);

#endif
