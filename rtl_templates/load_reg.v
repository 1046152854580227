//@ only if engine_dense
`default_nettype none
// Register that keeps its word until the next load.
module load_reg #(
	parameter WIDTH = 8
) (
	input  wire             clk,
	input  wire             load,
	input  wire [WIDTH-1:0] in,
	output wire [WIDTH-1:0] out
);
	reg [WIDTH-1:0] word_q;
	assign out = word_q;
	always @(posedge clk)
		if (load)
			word_q <= in;
endmodule
`default_nettype wire
