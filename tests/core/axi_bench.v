`default_nettype none
// For axi_bench.cpp: read_arbiter -> axi_read, and axi_write, each with its checker. Data is 512 bits and addresses are 64 bits wide here for all parameters.
module axi_bench #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8,
	parameter BURST = 64,
	parameter OUTSTANDING = 16,
	parameter BUFFER = 64,
	parameter PARITY = 1
) (
	input  wire         clk,
	// verilator lint_off UNUSED
	//Reads
	input  wire         rst_read,
	input  wire         fetch_run_valid,
	output wire         fetch_run_ready,
	input  wire [63:0]  fetch_run_address,
	input  wire [23:0]  fetch_run_bytes,
	output wire         fetch_beat_valid,
	input  wire         fetch_beat_ready,
	output wire [511:0] fetch_beat_data,
	input  wire         wgt_run_valid,
	output wire         wgt_run_ready,
	input  wire [63:0]  wgt_run_address,
	input  wire [23:0]  wgt_run_bytes,
	output wire         wgt_beat_valid,
	input  wire         wgt_beat_ready,
	output wire [511:0] wgt_beat_data,
	output wire         run_valid,
	output wire         run_ready,
	output wire [63:0]  run_address,
	output wire [23:0]  run_bytes,
	output wire         run_tag,
	output wire         beat_valid,
	output wire         beat_ready,
	output wire [511:0] beat_data,
	output wire         beat_tag,
	input  wire         read_stop,
	output wire         read_idle,
	output wire         read_outstanding,
	output wire         read_fail,
	output wire [1:0]   read_fail_code,
	output wire [63:0]  read_fail_address,
	output wire         read_fail_tag,
	output wire [63:0]  araddr,
	output wire [7:0]   arlen,
	output wire         arvalid,
	input  wire         arready,
	input  wire [511:0] rdata,
	input  wire [1:0]   rresp,
	input  wire         rlast,
	input  wire         rvalid,
	output wire         rready,
	output wire [10:0]  read_bad,
	//Writes
	input  wire         rst_write,
	input  wire         wrun_valid,
	output wire         wrun_ready,
	input  wire [63:0]  wrun_address,
	input  wire [8:0]   wrun_beats,
	input  wire         wbeat_valid,
	output wire         wbeat_ready,
	input  wire [511:0] wbeat_data,
	input  wire [63:0]  wbeat_strobe,
	input  wire         write_stop,
	output wire         write_idle,
	output wire         write_fail,
	output wire [1:0]   write_fail_code,
	output wire [63:0]  write_fail_address,
	input  wire         parity_test,
	output wire         parity_bad,
	output wire [63:0]  awaddr,
	output wire [7:0]   awlen,
	output wire         awvalid,
	input  wire         awready,
	output wire [511:0] wdata,
	output wire [63:0]  wstrb,
	output wire         wlast,
	output wire         wvalid,
	input  wire         wready,
	input  wire [1:0]   bresp,
	input  wire         bvalid,
	output wire         bready,
	output wire [13:0]  write_bad
	// verilator lint_on UNUSED
);
	wire [ADDRESS_BITS-1:0] run_address_, read_fail_address_, write_fail_address_, araddr_, awaddr_;
	wire [8*BYTES-1:0] fetch_data_, wgt_data_, beat_data_, wdata_;
	wire [BYTES-1:0] wstrb_;
	wire arid, arlock, awid, awlock;
	wire [2:0] arsize, arprot, awsize, awprot;
	wire [1:0] arburst, awburst;
	wire [3:0] arcache, awcache;

	read_arbiter #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES)) arbiter (.clk(clk), .rst(rst_read),
		.fetch_run_valid(fetch_run_valid), .fetch_run_ready(fetch_run_ready), .fetch_run_address(fetch_run_address[ADDRESS_BITS-1:0]),
		.fetch_run_bytes(fetch_run_bytes), .fetch_beat_valid(fetch_beat_valid), .fetch_beat_ready(fetch_beat_ready), .fetch_beat_data(fetch_data_),
		.wgt_run_valid(wgt_run_valid), .wgt_run_ready(wgt_run_ready), .wgt_run_address(wgt_run_address[ADDRESS_BITS-1:0]),
		.wgt_run_bytes(wgt_run_bytes), .wgt_beat_valid(wgt_beat_valid), .wgt_beat_ready(wgt_beat_ready), .wgt_beat_data(wgt_data_),
		.run_valid(run_valid), .run_ready(run_ready), .run_address(run_address_), .run_bytes(run_bytes), .run_tag(run_tag),
		.beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data_), .beat_tag(beat_tag));
	axi_read #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) reader (.clk(clk), .rst(rst_read),
		.run_valid(run_valid), .run_ready(run_ready), .run_address(run_address_), .run_bytes(run_bytes), .run_tag(run_tag),
		.beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data_), .beat_tag(beat_tag),
		.stop(read_stop), .idle(read_idle), .outstanding(read_outstanding), .fail(read_fail), .fail_code(read_fail_code),
		.fail_address(read_fail_address_), .fail_tag(read_fail_tag),
		.m_axi_arid(arid), .m_axi_araddr(araddr_), .m_axi_arlen(arlen), .m_axi_arsize(arsize), .m_axi_arburst(arburst), .m_axi_arlock(arlock),
		.m_axi_arcache(arcache), .m_axi_arprot(arprot), .m_axi_arvalid(arvalid), .m_axi_arready(arready),
		.m_axi_rid(1'b0), .m_axi_rdata(rdata[8*BYTES-1:0]), .m_axi_rresp(rresp), .m_axi_rlast(rlast), .m_axi_rvalid(rvalid), .m_axi_rready(rready));
	axi_read_checker #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) read_checker (.clk(clk), .rst(rst_read),
		.arid(arid), .araddr(araddr_), .arlen(arlen), .arsize(arsize), .arburst(arburst), .arlock(arlock), .arcache(arcache), .arprot(arprot),
		.arvalid(arvalid), .arready(arready), .rid(1'b0), .rdata(rdata[8*BYTES-1:0]), .rresp(rresp), .rlast(rlast), .rvalid(rvalid), .rready(rready),
		.master_bad(read_bad[5:0]), .slave_bad(read_bad[10:6]));
	axi_write #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING), .BUFFER(BUFFER), .PARITY(PARITY)) writer (
		.clk(clk), .rst(rst_write), .wrun_valid(wrun_valid), .wrun_ready(wrun_ready), .wrun_address(wrun_address[ADDRESS_BITS-1:0]),
		.wrun_beats(wrun_beats), .wbeat_valid(wbeat_valid), .wbeat_ready(wbeat_ready), .wbeat_data(wbeat_data[8*BYTES-1:0]),
		.wbeat_strobe(wbeat_strobe[BYTES-1:0]), .stop(write_stop), .idle(write_idle), .fail(write_fail), .fail_code(write_fail_code),
		.fail_address(write_fail_address_), .parity_test(parity_test), .parity_bad(parity_bad),
		.m_axi_awid(awid), .m_axi_awaddr(awaddr_), .m_axi_awlen(awlen), .m_axi_awsize(awsize), .m_axi_awburst(awburst), .m_axi_awlock(awlock),
		.m_axi_awcache(awcache), .m_axi_awprot(awprot), .m_axi_awvalid(awvalid), .m_axi_awready(awready),
		.m_axi_wdata(wdata_), .m_axi_wstrb(wstrb_), .m_axi_wlast(wlast), .m_axi_wvalid(wvalid), .m_axi_wready(wready),
		.m_axi_bid(1'b0), .m_axi_bresp(bresp), .m_axi_bvalid(bvalid), .m_axi_bready(bready));
	axi_write_checker #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) write_checker (.clk(clk), .rst(rst_write),
		.awid(awid), .awaddr(awaddr_), .awlen(awlen), .awsize(awsize), .awburst(awburst), .awlock(awlock), .awcache(awcache), .awprot(awprot),
		.awvalid(awvalid), .awready(awready), .wdata(wdata_), .wstrb(wstrb_), .wlast(wlast), .wvalid(wvalid), .wready(wready),
		.bid(1'b0), .bresp(bresp), .bvalid(bvalid), .bready(bready), .master_bad(write_bad[9:0]), .slave_bad(write_bad[13:10]));

	// verilator lint_off WIDTH
	assign run_address = run_address_;
	assign read_fail_address = read_fail_address_;
	assign write_fail_address = write_fail_address_;
	assign araddr = araddr_;
	assign awaddr = awaddr_;
	assign fetch_beat_data = fetch_data_;
	assign wgt_beat_data = wgt_data_;
	assign beat_data = beat_data_;
	assign wdata = wdata_;
	assign wstrb = wstrb_;
	// verilator lint_on WIDTH
endmodule
`default_nettype wire
