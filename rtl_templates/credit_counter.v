`default_nettype none
// Credits of the result FIFO: one an output that may still be started. Registered: `credit` is of the count before this cycle's changes.
module credit_counter #(
	parameter DEPTH = 2 // results, at least 1
) (
	input  wire clk,
	input  wire rst,
	input  wire take, // an output's end tag is emitted; only with credit
	input  wire give, // a result has left
	output wire credit
);
	localparam BITS = $clog2(DEPTH + 1);
	localparam [31:0] FULL = DEPTH;
	reg [BITS-1:0] count_q;
	always @(posedge clk)
		if (rst)
			count_q <= FULL[BITS-1:0];
		else if (take != give)
			count_q <= give ? count_q + 1'b1 : count_q - 1'b1;
	assign credit = count_q != {BITS{1'b0}};
endmodule
`default_nettype wire
