/*
 * top_dut.h: what a simulated bitlet_top looks like to the machine (sim/machine.h): one C table in a shared object that Verilator makes of
 * sim/top_harness.cpp, sim/top_bench.v (bitlet_top with the protocol checkers on every port) and a configuration's RTL.
 *
 *     a cycle:   sample() the outputs, which are registers -> drive() the inputs and settle -> clock() the rising edge
 */
#ifndef BITLET_TOP_DUT_H
#define BITLET_TOP_DUT_H

#include "core_types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TOP_DUT_ABI = 1 };       /* goes up with every change of this file and of core_types.h */

/* s_axil_*: what the host drives and sees. */
struct top_axil_in {
	bool awvalid, wvalid, bready, arvalid, rready;
	uint8_t wstrb;
	uint32_t awaddr, wdata, araddr;
};

struct top_axil_out {
	bool awready, wready, bvalid, arready, rvalid;
	uint8_t bresp, rresp;
	uint32_t rdata;
};

struct top_in {
	bool rst;
	struct top_axil_in axil;
	struct axi_read_reply act, wgt;
	struct axi_write_reply out;
};

struct top_out {
	struct top_axil_out axil;
	struct axi_read_port act, wgt;
	struct axi_write_port out;
	bool irq;
};

struct top_dut;                     /* one simulated core */

struct top_api {
	unsigned abi;               /* TOP_DUT_ABI */
	struct top_dut *(*open)(void);
	void (*close)(struct top_dut *);
	void (*sample)(struct top_dut *, struct top_out *);
	void (*drive)(struct top_dut *, const struct top_in *);
	void (*clock)(struct top_dut *);
	/* First rule of a protocol that a checker saw broken, "port: rule"; NULL while there is none. Seen after drive(). */
	const char *(*violation)(struct top_dut *);
};

#define TOP_DUT_SYMBOL "bitlet_top_dut" /* the table's name in the shared object */

#ifdef __cplusplus
}
#endif

#endif
