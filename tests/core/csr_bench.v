`default_nettype none
// csr with the AXI4-Lite rules beside it, for csr_bench.cpp.
module csr_bench #(
	parameter COUNTERS = 21
) (
	input  wire        clk,
	input  wire        rst,
	input  wire [11:0] awaddr,
	input  wire        awvalid,
	output wire        awready,
	input  wire [31:0] wdata,
	input  wire [3:0]  wstrb,
	input  wire        wvalid,
	output wire        wready,
	output wire [1:0]  bresp,
	output wire        bvalid,
	input  wire        bready,
	input  wire [11:0] araddr,
	input  wire        arvalid,
	output wire        arready,
	output wire [31:0] rdata,
	output wire [1:0]  rresp,
	output wire        rvalid,
	input  wire        rready,
	output wire        irq,
	output wire        start,
	output wire        stop_run, // abort
	output wire        soft_reset,
	output wire [63:0] program_address,
	output wire [31:0] program_bytes,
	output wire [2:0]  parity_test,
	input  wire        idle,
	input  wire        done,
	input  wire        failed,
	input  wire [3:0]  error_code,
	input  wire [2:0]  error_channel,
	input  wire [63:0] error_address,
	input  wire [3:0]  flags_set,
	input  wire [31:0] position,
	input  wire [COUNTERS*48-1:0] counters,
	output wire [11:0] bad       // rules that are broken in this cycle
);
	csr dut (
		.clk(clk), .rst(rst), .s_axil_awaddr(awaddr), .s_axil_awprot(3'd0), .s_axil_awvalid(awvalid), .s_axil_awready(awready), .s_axil_wdata(wdata),
		.s_axil_wstrb(wstrb), .s_axil_wvalid(wvalid), .s_axil_wready(wready), .s_axil_bresp(bresp), .s_axil_bvalid(bvalid), .s_axil_bready(bready),
		.s_axil_araddr(araddr), .s_axil_arprot(3'd0), .s_axil_arvalid(arvalid), .s_axil_arready(arready), .s_axil_rdata(rdata), .s_axil_rresp(rresp),
		.s_axil_rvalid(rvalid), .s_axil_rready(rready), .irq(irq), .start(start), .abort(stop_run), .soft_reset(soft_reset),
		.program_address(program_address), .program_bytes(program_bytes), .parity_test(parity_test), .idle(idle), .done(done), .failed(failed),
		.error_code(error_code), .error_channel(error_channel), .error_address(error_address), .flags_set(flags_set), .position(position),
		.counters(counters)
	);
	axil_checker #(.ADDRESS_BITS(12)) rules (
		.clk(clk), .rst(rst), .awaddr(awaddr), .awprot(3'd0), .awvalid(awvalid), .awready(awready), .wdata(wdata), .wstrb(wstrb), .wvalid(wvalid),
		.wready(wready), .bresp(bresp), .bvalid(bvalid), .bready(bready), .araddr(araddr), .arprot(3'd0), .arvalid(arvalid), .arready(arready),
		.rdata(rdata), .rresp(rresp), .rvalid(rvalid), .rready(rready), .master_bad(bad[4:0]), .slave_bad(bad[11:5])
	);
endmodule
`default_nettype wire
