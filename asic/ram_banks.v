// Memories as ram.v wants them of macros with one port, MACRO_array (asic/macro_verilog.awk).

// A read and a write at one edge are in different halves: a bank a half.
module MACRO_halves #(
	parameter BITS = 64,
	parameter DEPTH = 64   // words, a power of two
) (
	input  wire                     clk,
	input  wire                     write,
	input  wire [$clog2(DEPTH)-1:0] write_address,
	input  wire [BITS-1:0]          in,
	input  wire                     read,
	input  wire [$clog2(DEPTH)-1:0] read_address,
	output wire [BITS-1:0]          q
);
	localparam TOP = $clog2(DEPTH) - 1;
	reg half_q; // which half q is from
	always @(posedge clk)
		if (read)
			half_q <= read_address[TOP];
	wire [2*BITS-1:0] shown;
	genvar h;
	generate
		for (h = 0; h < 2; h = h + 1) begin : g_half
			wire mine = read & (read_address[TOP] == h);
			MACRO_array #(.BITS(BITS), .DEPTH(DEPTH / 2)) words (
				.clk(clk), .read(mine), .write(write & (write_address[TOP] == h)), .address(mine ? read_address[TOP-1:0] : write_address[TOP-1:0]),
				.in(in), .q(shown[h*BITS +: BITS]));
		end
	endgenerate
	assign q = half_q ? shown[BITS +: BITS] : shown[0 +: BITS];
endmodule

// Two banks, each of all words; of each word one of them has the newest. A write goes to the bank that a read would not look into.
module MACRO_banks #(
	parameter BITS = 64,
	parameter DEPTH = 64
) (
	input  wire                     clk,
	input  wire                     write,
	input  wire [$clog2(DEPTH)-1:0] write_address,
	input  wire [BITS-1:0]          in,
	input  wire                     read,
	input  wire [$clog2(DEPTH)-1:0] read_address,
	output wire [BITS-1:0]          q
);
	reg [DEPTH-1:0] bank_q; // which bank has the word; of words never written, any
	reg shown_q;            // which bank q is from
	wire from = read & bank_q[read_address];
	always @(posedge clk) begin
		if (write)
			bank_q[write_address] <= ~from;
		if (read)
			shown_q <= from;
	end
`ifndef SYNTHESIS
	initial
		bank_q = {DEPTH{1'b0}};
`endif
	wire [2*BITS-1:0] shown;
	genvar b;
	generate
		for (b = 0; b < 2; b = b + 1) begin : g_bank
			wire mine = from == b;
			MACRO_array #(.BITS(BITS), .DEPTH(DEPTH)) words (
				.clk(clk), .read(read & mine), .write(write & ~mine), .address(mine ? read_address : write_address), .in(in), .q(shown[b*BITS +: BITS]));
		end
	endgenerate
	assign q = shown_q ? shown[BITS +: BITS] : shown[0 +: BITS];
endmodule
