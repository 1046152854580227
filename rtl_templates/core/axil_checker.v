`default_nettype none
// Rules of an AXI4-Lite link of 32 data bits, for simulation and proof alike: a bit of master_bad or slave_bad is 1 in the cycle in which that side breaks a rule.
// A bench stops at any 1; a proof of a slave assumes ~|master_bad and asserts ~|slave_bad, one of a master the other way round. axi_read_checker.v and
// axi_write_checker.v are the siblings for AXI4.
//
//   master_bad  0 AWVALID, 1 WVALID, 2 ARVALID: fell, or what it offers changed, before the handshake
//               3 a valid is high behind reset
//               4 more than 2 ^ COUNT_BITS - 1 requests unanswered (the checker cannot count them)
//   slave_bad   0 BVALID, 1 RVALID: fell, or what it offers changed, before the handshake
//               2 BVALID without an address and data taken before, 3 RVALID without an address taken before
//               4 BRESP, 5 RRESP: EXOKAY
//               6 a valid is high behind reset
module axil_checker #(
	parameter ADDRESS_BITS = 12,
	parameter COUNT_BITS = 4
) (
	input  wire                    clk,
	input  wire                    rst,
	input  wire [ADDRESS_BITS-1:0] awaddr,
	input  wire [2:0]              awprot,
	input  wire                    awvalid,
	input  wire                    awready,
	input  wire [31:0]             wdata,
	input  wire [3:0]              wstrb,
	input  wire                    wvalid,
	input  wire                    wready,
	input  wire [1:0]              bresp,
	input  wire                    bvalid,
	input  wire                    bready,
	input  wire [ADDRESS_BITS-1:0] araddr,
	input  wire [2:0]              arprot,
	input  wire                    arvalid,
	input  wire                    arready,
	input  wire [31:0]             rdata,
	input  wire [1:0]              rresp,
	input  wire                    rvalid,
	input  wire                    rready,
	output wire [4:0]              master_bad,
	output wire [6:0]              slave_bad
);
	localparam [1:0] EXOKAY = 2'b01;
	localparam [COUNT_BITS-1:0] NONE = {COUNT_BITS{1'b0}}, FULL = {COUNT_BITS{1'b1}}, ONE = NONE + 1'b1;

	// an offer that was not taken is made again
	wire aw_kept, w_kept, ar_kept, b_kept, r_kept;
	stable_checker #(.WIDTH(ADDRESS_BITS + 3)) aw (.clk(clk), .rst(rst), .valid(awvalid), .ready(awready), .data({awprot, awaddr}), .kept(aw_kept));
	stable_checker #(.WIDTH(36)) w (.clk(clk), .rst(rst), .valid(wvalid), .ready(wready), .data({wstrb, wdata}), .kept(w_kept));
	stable_checker #(.WIDTH(ADDRESS_BITS + 3)) ar (.clk(clk), .rst(rst), .valid(arvalid), .ready(arready), .data({arprot, araddr}), .kept(ar_kept));
	stable_checker #(.WIDTH(2)) b (.clk(clk), .rst(rst), .valid(bvalid), .ready(bready), .data(bresp), .kept(b_kept));
	stable_checker #(.WIDTH(34)) r (.clk(clk), .rst(rst), .valid(rvalid), .ready(rready), .data({rresp, rdata}), .kept(r_kept));

	// the first cycle behind reset
	reg first_q;
	always @(posedge clk)
		first_q <= rst;

	// requests taken and not answered
	reg [COUNT_BITS-1:0] aw_open_q, w_open_q, ar_open_q;
	wire b_done = bvalid & bready;
	wire r_done = rvalid & rready;
	always @(posedge clk)
		if (rst) begin
			aw_open_q <= NONE;
			w_open_q <= NONE;
			ar_open_q <= NONE;
		end else begin
			aw_open_q <= aw_open_q + (awvalid & awready ? ONE : NONE) - (b_done ? ONE : NONE);
			w_open_q <= w_open_q + (wvalid & wready ? ONE : NONE) - (b_done ? ONE : NONE);
			ar_open_q <= ar_open_q + (arvalid & arready ? ONE : NONE) - (r_done ? ONE : NONE);
		end
	wire overflow = (awvalid & awready & ~b_done & aw_open_q == FULL) | (wvalid & wready & ~b_done & w_open_q == FULL) |
		(arvalid & arready & ~r_done & ar_open_q == FULL);

	wire alive = ~rst;
	wire fresh = alive & first_q;
	assign master_bad = {alive & overflow, fresh & (awvalid | wvalid | arvalid), ~ar_kept, ~w_kept, ~aw_kept};
	assign slave_bad = {fresh & (bvalid | rvalid), alive & rvalid & rresp == EXOKAY, alive & bvalid & bresp == EXOKAY,
		alive & rvalid & ar_open_q == NONE, alive & bvalid & (aw_open_q == NONE | w_open_q == NONE), ~r_kept, ~b_kept};
endmodule
`default_nettype wire
