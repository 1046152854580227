`default_nettype none
// Rules of an AXI4 read link as axi_read makes it (one ID, INCR, full-width beats), for simulation and proof alike: a bit of master_bad or slave_bad is 1 in the
// cycle in which that side breaks a rule. A bench stops at any 1; a proof of the master assumes ~|slave_bad and asserts ~|master_bad. Siblings:
// axi_write_checker.v, axil_checker.v.
//
//   master_bad  0 ARVALID fell, or what it offers changed, before the handshake
//               1 ARVALID behind reset
//               2 a burst that crosses 4 KiB, or an address that is not a beat's
//               3 ARLEN above BURST - 1
//               4 ID, ARSIZE, ARBURST, ARLOCK, ARCACHE or ARPROT other than ours
//               5 more than OUTSTANDING bursts unanswered or offered
//   slave_bad   0 RVALID fell, or what it offers changed, before the handshake
//               1 RVALID behind reset
//               2 RVALID without a burst taken before
//               3 RLAST missing at the burst's last beat, or early
//               4 RRESP is EXOKAY, or RID not ours
module axi_read_checker #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8,      // of a beat
	parameter BURST = 64,     // beats
	parameter OUTSTANDING = 8 // bursts
) (
	input  wire                    clk,
	input  wire                    rst,
	input  wire                    arid,
	input  wire [ADDRESS_BITS-1:0] araddr,
	input  wire [7:0]              arlen,
	input  wire [2:0]              arsize,
	input  wire [1:0]              arburst,
	input  wire                    arlock,
	input  wire [3:0]              arcache,
	input  wire [2:0]              arprot,
	input  wire                    arvalid,
	input  wire                    arready,
	input  wire                    rid,
	input  wire [8*BYTES-1:0]      rdata,
	input  wire [1:0]              rresp,
	input  wire                    rlast,
	input  wire                    rvalid,
	input  wire                    rready,
	output wire [5:0]              master_bad,
	output wire [4:0]              slave_bad
);
	localparam SHIFT = $clog2(BYTES);
	localparam COUNT_BITS = $clog2(OUTSTANDING + 2);
	localparam [1:0] EXOKAY = 2'b01, INCR = 2'b01;
	localparam [31:0] LIMIT = BURST, MOST = OUTSTANDING, PAGE = 4096;

	wire ar_kept, r_kept;
	stable_checker #(.WIDTH(ADDRESS_BITS + 22)) ar (.clk(clk), .rst(rst), .valid(arvalid), .ready(arready),
		.data({arid, araddr, arlen, arsize, arburst, arlock, arcache, arprot}), .kept(ar_kept));
	stable_checker #(.WIDTH(8 * BYTES + 4)) r (.clk(clk), .rst(rst), .valid(rvalid), .ready(rready), .data({rid, rdata, rresp, rlast}), .kept(r_kept));

	// bursts taken and not answered, their lengths oldest first, and the beat that comes next
	reg [COUNT_BITS-1:0] open_q;
	reg [7:0] index_q;
	reg first_q;
	wire asked = arvalid & arready;
	wire taken = rvalid & rready;
	wire answered = taken & rlast;
	wire known;
	wire [7:0] len;
	// verilator lint_off UNUSED
	wire lens_ready;
	// verilator lint_on UNUSED
	stream_fifo #(.WIDTH(8), .DEPTH(OUTSTANDING + 1)) lens (.clk(clk), .rst(rst),
		.in_valid(asked), .in_ready(lens_ready), .in(arlen), .out_valid(known), .out_ready(answered), .out(len));
	always @(posedge clk) begin
		first_q <= rst;
		if (rst) begin
			open_q <= {COUNT_BITS{1'b0}};
			index_q <= 8'd0;
		end else begin
			if (asked != (answered & known))
				open_q <= asked ? open_q + 1'b1 : open_q - 1'b1;
			if (taken)
				index_q <= rlast ? 8'd0 : index_q + 8'd1;
		end
	end

	wire [31:0] burst_end = {20'd0, araddr[11:0]} + ({24'd0, arlen} + 32'd1) * BYTES;
	wire ours = ~arid & arsize == SHIFT[2:0] & arburst == INCR & ~arlock & arcache == 4'b0011 & arprot == 3'b000;
	wire alive = ~rst;
	wire fresh = alive & first_q;
	wire offers = alive & arvalid;
	wire answers = alive & rvalid;
	assign master_bad = {offers & open_q >= MOST[COUNT_BITS-1:0], offers & ~ours, offers & {1'b0, arlen} >= LIMIT[8:0],
		offers & (burst_end > PAGE | araddr[SHIFT-1:0] != {SHIFT{1'b0}}), fresh & arvalid, ~ar_kept};
	assign slave_bad = {answers & (rid | rresp == EXOKAY), answers & known & rlast != (index_q == len), answers & ~known, fresh & rvalid, ~r_kept};
endmodule
`default_nettype wire
