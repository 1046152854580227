/*
 * icarus_top.h: bitlet_top in Icarus Verilog. The cycle model runs a program; what its ports get and show in every cycle goes into a file, which
 * sim/top_icarus.v plays to the RTL, comparing every port in every cycle. So memory, counters and cycles are the model's, bit for bit.
 */
#ifndef BITLET_ICARUS_TOP_H
#define BITLET_ICARUS_TOP_H

#include "machine.h"
#include "workspace.h"

/* Longer runs are refused: their vectors would fill disks, and Icarus would take hours. */
enum { ICARUS_MAX_CYCLES = 1000000 };

struct icarus_top {
	struct workspace workspace;
	bool open;
	const char *const *netlist; /* files in place of the RTL, NULL behind the last; or NULL */
	char folder[WORKSPACE_PATH]; /* of this process alone: vectors and logs, and the bench of a netlist */
};

/*
 * Compiles the bench when it is not there; *seconds: how long that took. netlist: as in the struct, not copied: Verilog of bitlet_top with models of its
 * cells. False after a message on err.
 */
bool icarus_top_open(struct icarus_top *t, const struct bitlet_config *c, const char *const *netlist, double *seconds, FILE *err);
void icarus_top_close(struct icarus_top *t);

/*
 * Runs a program: setup is the model's (without RTL; setup->broken may be of either side). EXIT_GOOD; EXIT_NO, explained on out, when the model does
 * not end or Icarus shows something else; EXIT_INPUT with *f set when a tool fails or the run has more than ICARUS_MAX_CYCLES cycles. *r is the model's.
 */
int icarus_top_run(struct icarus_top *t, const struct machine_setup *setup, uint64_t program, uint32_t bytes, struct machine_result *r, const char *name,
                   FILE *out, struct fault *f);

#endif
