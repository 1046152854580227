// bitlet_top with the checkers of AXI4-Lite and AXI4 on all its ports, for Verilator (sim/top_harness.cpp). violation: 32 bits a port (s_axil, m_axi_act,
// m_axi_wgt, m_axi_out), the master's rules from bit 0, the slave's from bit 16; a bit is 1 in the cycle in which its rule is broken.
`include "bitlet_params.vh"
`default_nettype none
module top_bench (
	input  wire                                clk,
	input  wire                                rst,
	input  wire [11:0]                         s_axil_awaddr,
	input  wire                                s_axil_awvalid,
	output wire                                s_axil_awready,
	input  wire [31:0]                         s_axil_wdata,
	input  wire [3:0]                          s_axil_wstrb,
	input  wire                                s_axil_wvalid,
	output wire                                s_axil_wready,
	output wire [1:0]                          s_axil_bresp,
	output wire                                s_axil_bvalid,
	input  wire                                s_axil_bready,
	input  wire [11:0]                         s_axil_araddr,
	input  wire                                s_axil_arvalid,
	output wire                                s_axil_arready,
	output wire [31:0]                         s_axil_rdata,
	output wire [1:0]                          s_axil_rresp,
	output wire                                s_axil_rvalid,
	input  wire                                s_axil_rready,
	output wire                                irq,
	output wire                                act_arvalid,
	input  wire                                act_arready,
	output wire [`BITLET_AXI_ADDRESS_BITS-1:0] act_araddr,
	output wire [7:0]                          act_arlen,
	input  wire                                act_rvalid,
	output wire                                act_rready,
	input  wire [`BITLET_AXI_BITS-1:0]         act_rdata,
	input  wire [1:0]                          act_rresp,
	input  wire                                act_rlast,
	output wire                                wgt_arvalid,
	input  wire                                wgt_arready,
	output wire [`BITLET_AXI_ADDRESS_BITS-1:0] wgt_araddr,
	output wire [7:0]                          wgt_arlen,
	input  wire                                wgt_rvalid,
	output wire                                wgt_rready,
	input  wire [`BITLET_AXI_BITS-1:0]         wgt_rdata,
	input  wire [1:0]                          wgt_rresp,
	input  wire                                wgt_rlast,
	output wire                                out_awvalid,
	input  wire                                out_awready,
	output wire [`BITLET_AXI_ADDRESS_BITS-1:0] out_awaddr,
	output wire [7:0]                          out_awlen,
	output wire                                out_wvalid,
	input  wire                                out_wready,
	output wire [`BITLET_AXI_BITS-1:0]         out_wdata,
	output wire [`BITLET_AXI_BITS/8-1:0]       out_wstrb,
	output wire                                out_wlast,
	input  wire                                out_bvalid,
	output wire                                out_bready,
	input  wire [1:0]                          out_bresp,
	output wire [127:0]                        violation
);
	localparam ADDRESS = `BITLET_AXI_ADDRESS_BITS;
	localparam BYTES = `BITLET_AXI_BITS / 8;
	localparam BURST = `BITLET_AXI_BURST;
	localparam OUTSTANDING = `BITLET_AXI_OUTSTANDING;

	wire act_arid, act_arlock, wgt_arid, wgt_arlock, out_awid, out_awlock;
	wire [2:0] act_arsize, act_arprot, wgt_arsize, wgt_arprot, out_awsize, out_awprot;
	wire [1:0] act_arburst, wgt_arburst, out_awburst;
	wire [3:0] act_arcache, wgt_arcache, out_awcache;
	// verilator lint_off UNUSED
	wire [3:0] act_arqos, wgt_arqos, out_awqos; // no rule is about them
	// verilator lint_on UNUSED

	bitlet_top dut (
		.clk(clk), .rst(rst),
		.s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(3'b000), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
		.s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
		.s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr),
		.s_axil_arprot(3'b000), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata),
		.s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .irq(irq),
		.m_axi_act_arid(act_arid), .m_axi_act_araddr(act_araddr), .m_axi_act_arlen(act_arlen), .m_axi_act_arsize(act_arsize),
		.m_axi_act_arburst(act_arburst), .m_axi_act_arlock(act_arlock), .m_axi_act_arcache(act_arcache), .m_axi_act_arprot(act_arprot),
		.m_axi_act_arqos(act_arqos), .m_axi_act_arvalid(act_arvalid), .m_axi_act_arready(act_arready), .m_axi_act_rid(1'b0), .m_axi_act_rdata(act_rdata),
		.m_axi_act_rresp(act_rresp), .m_axi_act_rlast(act_rlast), .m_axi_act_rvalid(act_rvalid), .m_axi_act_rready(act_rready),
		.m_axi_wgt_arid(wgt_arid), .m_axi_wgt_araddr(wgt_araddr), .m_axi_wgt_arlen(wgt_arlen), .m_axi_wgt_arsize(wgt_arsize),
		.m_axi_wgt_arburst(wgt_arburst), .m_axi_wgt_arlock(wgt_arlock), .m_axi_wgt_arcache(wgt_arcache), .m_axi_wgt_arprot(wgt_arprot),
		.m_axi_wgt_arqos(wgt_arqos), .m_axi_wgt_arvalid(wgt_arvalid), .m_axi_wgt_arready(wgt_arready), .m_axi_wgt_rid(1'b0), .m_axi_wgt_rdata(wgt_rdata),
		.m_axi_wgt_rresp(wgt_rresp), .m_axi_wgt_rlast(wgt_rlast), .m_axi_wgt_rvalid(wgt_rvalid), .m_axi_wgt_rready(wgt_rready),
		.m_axi_out_awid(out_awid), .m_axi_out_awaddr(out_awaddr), .m_axi_out_awlen(out_awlen), .m_axi_out_awsize(out_awsize),
		.m_axi_out_awburst(out_awburst), .m_axi_out_awlock(out_awlock), .m_axi_out_awcache(out_awcache), .m_axi_out_awprot(out_awprot),
		.m_axi_out_awqos(out_awqos), .m_axi_out_awvalid(out_awvalid), .m_axi_out_awready(out_awready), .m_axi_out_wdata(out_wdata), .m_axi_out_wstrb(out_wstrb),
		.m_axi_out_wlast(out_wlast), .m_axi_out_wvalid(out_wvalid), .m_axi_out_wready(out_wready), .m_axi_out_bid(1'b0),
		.m_axi_out_bresp(out_bresp), .m_axi_out_bvalid(out_bvalid), .m_axi_out_bready(out_bready)
	);

	wire [4:0] axil_master, act_slave, wgt_slave;
	wire [6:0] axil_slave;
	wire [5:0] act_master, wgt_master;
	wire [9:0] out_master;
	wire [3:0] out_slave;
	axil_checker axil_rules (
		.clk(clk), .rst(rst), .awaddr(s_axil_awaddr), .awprot(3'b000), .awvalid(s_axil_awvalid), .awready(s_axil_awready), .wdata(s_axil_wdata),
		.wstrb(s_axil_wstrb), .wvalid(s_axil_wvalid), .wready(s_axil_wready), .bresp(s_axil_bresp), .bvalid(s_axil_bvalid), .bready(s_axil_bready),
		.araddr(s_axil_araddr), .arprot(3'b000), .arvalid(s_axil_arvalid), .arready(s_axil_arready), .rdata(s_axil_rdata), .rresp(s_axil_rresp),
		.rvalid(s_axil_rvalid), .rready(s_axil_rready), .master_bad(axil_master), .slave_bad(axil_slave)
	);
	axi_read_checker #(.ADDRESS_BITS(ADDRESS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) act_rules (
		.clk(clk), .rst(rst), .arid(act_arid), .araddr(act_araddr), .arlen(act_arlen), .arsize(act_arsize), .arburst(act_arburst),
		.arlock(act_arlock), .arcache(act_arcache), .arprot(act_arprot), .arvalid(act_arvalid), .arready(act_arready), .rid(1'b0),
		.rdata(act_rdata), .rresp(act_rresp), .rlast(act_rlast), .rvalid(act_rvalid), .rready(act_rready), .master_bad(act_master),
		.slave_bad(act_slave)
	);
	axi_read_checker #(.ADDRESS_BITS(ADDRESS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) wgt_rules (
		.clk(clk), .rst(rst), .arid(wgt_arid), .araddr(wgt_araddr), .arlen(wgt_arlen), .arsize(wgt_arsize), .arburst(wgt_arburst),
		.arlock(wgt_arlock), .arcache(wgt_arcache), .arprot(wgt_arprot), .arvalid(wgt_arvalid), .arready(wgt_arready), .rid(1'b0),
		.rdata(wgt_rdata), .rresp(wgt_rresp), .rlast(wgt_rlast), .rvalid(wgt_rvalid), .rready(wgt_rready), .master_bad(wgt_master),
		.slave_bad(wgt_slave)
	);
	axi_write_checker #(.ADDRESS_BITS(ADDRESS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) out_rules (
		.clk(clk), .rst(rst), .awid(out_awid), .awaddr(out_awaddr), .awlen(out_awlen), .awsize(out_awsize), .awburst(out_awburst),
		.awlock(out_awlock), .awcache(out_awcache), .awprot(out_awprot), .awvalid(out_awvalid), .awready(out_awready), .wdata(out_wdata),
		.wstrb(out_wstrb), .wlast(out_wlast), .wvalid(out_wvalid), .wready(out_wready), .bid(1'b0), .bresp(out_bresp), .bvalid(out_bvalid),
		.bready(out_bready), .master_bad(out_master), .slave_bad(out_slave)
	);
	assign violation = {12'd0, out_slave, 6'd0, out_master, 11'd0, wgt_slave, 10'd0, wgt_master, 11'd0, act_slave, 10'd0, act_master, 9'd0,
		axil_slave, 11'd0, axil_master};
endmodule
`default_nettype wire
