`default_nettype none
// Rules of an AXI4 write link as axi_write makes it (one ID, INCR, full-width beats, W follows AWVALID), for simulation and proof alike: a bit of master_bad or
// slave_bad is 1 in the cycle in which that side breaks a rule. A bench stops at any 1; a proof of the master assumes ~|slave_bad and asserts ~|master_bad.
// Siblings: axi_read_checker.v, axil_checker.v.
//
//   master_bad  0 AWVALID, 1 WVALID: fell, or what it offers changed, before the handshake
//               2 AWVALID or WVALID behind reset
//               3 a burst that crosses 4 KiB, or an address that is not a beat's
//               4 AWLEN above BURST - 1
//               5 ID, AWSIZE, AWBURST, AWLOCK, AWCACHE or AWPROT other than ours
//               6 more than OUTSTANDING bursts unanswered or offered
//               7 WVALID while no burst that is taken or offered lacks a beat
//               8 WLAST missing at the burst's last beat, or early
//               9 WVALID fell within a burst (a burst's beats follow back to back)
//   slave_bad   0 BVALID fell, or what it offers changed, before the handshake
//               1 BVALID behind reset
//               2 BVALID without a burst whose address and last beat were taken before
//               3 BRESP is EXOKAY, or BID not ours
module axi_write_checker #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8,      // of a beat
	parameter BURST = 64,     // beats
	parameter OUTSTANDING = 8 // bursts
) (
	input  wire                    clk,
	input  wire                    rst,
	input  wire                    awid,
	input  wire [ADDRESS_BITS-1:0] awaddr,
	input  wire [7:0]              awlen,
	input  wire [2:0]              awsize,
	input  wire [1:0]              awburst,
	input  wire                    awlock,
	input  wire [3:0]              awcache,
	input  wire [2:0]              awprot,
	input  wire                    awvalid,
	input  wire                    awready,
	input  wire [8*BYTES-1:0]      wdata,
	input  wire [BYTES-1:0]        wstrb,
	input  wire                    wlast,
	input  wire                    wvalid,
	input  wire                    wready,
	input  wire                    bid,
	input  wire [1:0]              bresp,
	input  wire                    bvalid,
	input  wire                    bready,
	output wire [9:0]              master_bad,
	output wire [3:0]              slave_bad
);
	localparam SHIFT = $clog2(BYTES);
	localparam COUNT_BITS = $clog2(OUTSTANDING + 2);
	localparam [1:0] EXOKAY = 2'b01, INCR = 2'b01;
	localparam [31:0] LIMIT = BURST, MOST = OUTSTANDING, PAGE = 4096;
	localparam [COUNT_BITS-1:0] NONE = {COUNT_BITS{1'b0}}, ONE = NONE + 1'b1;

	wire aw_kept, w_kept, b_kept;
	stable_checker #(.WIDTH(ADDRESS_BITS + 22)) aw (.clk(clk), .rst(rst), .valid(awvalid), .ready(awready),
		.data({awid, awaddr, awlen, awsize, awburst, awlock, awcache, awprot}), .kept(aw_kept));
	stable_checker #(.WIDTH(9 * BYTES + 1)) w (.clk(clk), .rst(rst), .valid(wvalid), .ready(wready), .data({wdata, wstrb, wlast}), .kept(w_kept));
	stable_checker #(.WIDTH(3)) b (.clk(clk), .rst(rst), .valid(bvalid), .ready(bready), .data({bid, bresp}), .kept(b_kept));

	// bursts not acknowledged whose address, last beat was taken; lengths of those that were taken and lack a beat, oldest first; the beat that comes next
	reg [COUNT_BITS-1:0] asked_q, ended_q;
	reg [7:0] index_q;
	reg first_q, within_q;
	// the offered burst was counted out already, as all its beats were taken before its address
	reg early_q;
	wire asked = awvalid & awready;
	wire taken = wvalid & wready;
	wire ended = taken & wlast;
	wire answered = bvalid & bready;
	wire known, lens_ready;
	wire [7:0] known_len;
	stream_fifo #(.WIDTH(8), .DEPTH(OUTSTANDING + 1)) lens (.clk(clk), .rst(rst),
		.in_valid(asked & ~early_q & ~(ended & ~known)), .in_ready(lens_ready), .in(awlen),
		.out_valid(known), .out_ready(ended), .out(known_len));
	wire lacks = known | (awvalid & ~early_q);
	wire [7:0] len = known ? known_len : awlen;
	always @(posedge clk) begin
		first_q <= rst;
		if (rst) begin
			asked_q <= NONE;
			ended_q <= NONE;
			index_q <= 8'd0;
			early_q <= 1'b0;
			within_q <= 1'b0;
		end else begin
			asked_q <= asked_q + (asked ? ONE : NONE) - (answered ? ONE : NONE);
			ended_q <= ended_q + (ended ? ONE : NONE) - (answered ? ONE : NONE);
			if (taken)
				index_q <= wlast ? 8'd0 : index_q + 8'd1;
			early_q <= awvalid & ~awready & (early_q | (ended & ~known));
			within_q <= wvalid & ~ended;
		end
	end

	wire [31:0] burst_end = {20'd0, awaddr[11:0]} + ({24'd0, awlen} + 32'd1) * BYTES;
	wire ours = ~awid & awsize == SHIFT[2:0] & awburst == INCR & ~awlock & awcache == 4'b0011 & awprot == 3'b000;
	wire alive = ~rst;
	wire fresh = alive & first_q;
	wire offers = alive & awvalid;
	wire writes = alive & wvalid;
	wire answers = alive & bvalid;
	assign master_bad = {alive & within_q & ~wvalid, writes & lacks & wlast != (index_q == len), writes & ~lacks,
		offers & (asked_q >= MOST[COUNT_BITS-1:0] | ~lens_ready), offers & ~ours, offers & {1'b0, awlen} >= LIMIT[8:0],
		offers & (burst_end > PAGE | awaddr[SHIFT-1:0] != {SHIFT{1'b0}}), fresh & (awvalid | wvalid), ~w_kept, ~aw_kept};
	assign slave_bad = {answers & (bid | bresp == EXOKAY), answers & (asked_q == NONE | ended_q == NONE), fresh & bvalid, ~b_kept};
endmodule
`default_nettype wire
