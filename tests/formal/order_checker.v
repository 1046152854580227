`default_nettype none
// Order and no loss of a stream through a queue, for proofs: one arbitrary word (`pick` is free) is remembered with the number of words ahead of it; it must
// come out, unchanged, as the pop behind as many others. Nothing may come out that did not go in.
module order_checker #(
	parameter WIDTH = 8,
	parameter COUNT_BITS = 4 // the count of words inside must not wrap
) (
	input  wire                  clk,
	input  wire                  rst,
	input  wire                  pick,
	input  wire                  push,
	input  wire [WIDTH-1:0]      in,
	input  wire                  pop,
	input  wire [WIDTH-1:0]      out,
	output wire [COUNT_BITS-1:0] count, // words inside
	output wire                  bad
);
	reg [COUNT_BITS-1:0] count_q, ahead_q;
	reg picked_q;                       // the word is inside
	reg [WIDTH-1:0] word_q;
	always @(posedge clk)
		if (rst) begin
			count_q <= 0;
			picked_q <= 1'b0;
		end else begin
			count_q <= count_q + (push ? 1'b1 : 1'b0) - (pop ? 1'b1 : 1'b0);
			if (push & pick & ~picked_q) begin
				picked_q <= 1'b1;
				ahead_q <= count_q - (pop ? 1'b1 : 1'b0);
				word_q <= in;
			end else if (pop & picked_q) begin
				picked_q <= ahead_q != 0;
				ahead_q <= ahead_q - 1'b1;
			end
		end
	assign count = count_q;
	assign bad = ~rst & pop & (count_q == 0 | (picked_q & ahead_q == 0 & out != word_q));
endmodule
`default_nettype wire
