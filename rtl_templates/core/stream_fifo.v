`default_nettype none
// FIFO of a stream, in flops. What is pushed is at the output in the next cycle.
// Throughput one word a cycle, latency 1. Back-pressure: in_ready falls when DEPTH words are held; it does not look at a pop in the same cycle.
// All outputs are functions of registers. C helper: stream_fifo.h.
module stream_fifo #(
	parameter WIDTH = 8, // bits of a word
	parameter DEPTH = 2  // words, at least 2
) (
	input  wire             clk,
	input  wire             rst,
	//Data in
	input  wire             in_valid,
	output wire             in_ready,
	input  wire [WIDTH-1:0] in,
	//Data out
	output wire             out_valid,
	input  wire             out_ready,
	output wire [WIDTH-1:0] out
);
	localparam PLACE_BITS = $clog2(DEPTH);
	localparam COUNT_BITS = $clog2(DEPTH + 1);
	localparam [31:0] LAST = DEPTH - 1, ALL = DEPTH;

	reg [WIDTH-1:0] words_q [0:DEPTH-1];
	reg [PLACE_BITS-1:0] head_q, tail_q; // places of the next pop and push
	reg [COUNT_BITS-1:0] count_q;
	wire push = in_valid & in_ready;
	wire pop = out_valid & out_ready;

	always @(posedge clk)
		if (rst) begin
			head_q <= {PLACE_BITS{1'b0}};
			tail_q <= {PLACE_BITS{1'b0}};
			count_q <= {COUNT_BITS{1'b0}};
		end else begin
			if (pop)
				head_q <= head_q == LAST[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : head_q + 1'b1;
			if (push)
				tail_q <= tail_q == LAST[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : tail_q + 1'b1;
			if (push != pop)
				count_q <= push ? count_q + 1'b1 : count_q - 1'b1;
		end
	always @(posedge clk)
		if (push)
			words_q[tail_q] <= in;
	assign in_ready = count_q != ALL[COUNT_BITS-1:0];
	assign out_valid = count_q != {COUNT_BITS{1'b0}};
	assign out = words_q[head_q];

	generate
		if (DEPTH < 2) begin : g_too_shallow
			depth_must_be_at_least_2 error ();
		end
	endgenerate
endmodule
`default_nettype wire
