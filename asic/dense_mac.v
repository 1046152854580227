`default_nettype none
// Reference for comparisons: a plain multiply-accumulate unit in fixed point, one product a cycle, no bit is ever skipped.
// Operands are two's complement and registered; `acc` holds the sum up to the pair that came two cycles before; `first` starts a new sum.
// A sum of more than 2^(ACC - 2 * WIDTH) pairs may wrap. For IEEE fp32 see dense_mac_fp32.v.
module dense_mac #(
	parameter WIDTH = 8,              // bits of either operand
	parameter ACC = 2 * WIDTH + 16    // bits of the sum, above 2 * WIDTH
) (
	input  wire                    clk,
	input  wire                    valid,
	input  wire                    first,
	input  wire signed [WIDTH-1:0] w,
	input  wire signed [WIDTH-1:0] a,
	output wire [ACC-1:0]          acc
);
	reg valid_q, first_q;
	reg signed [WIDTH-1:0] w_q, a_q;
	reg signed [ACC-1:0] acc_q;
	wire signed [2*WIDTH-1:0] product = w_q * a_q;
	assign acc = acc_q;
	always @(posedge clk) begin
		valid_q <= valid;
		first_q <= first;
		w_q <= w;
		a_q <= a;
		if (valid_q)
			acc_q <= (first_q ? {ACC{1'b0}} : acc_q) + {{ACC-2*WIDTH{product[2*WIDTH-1]}}, product};
	end
endmodule
`default_nettype wire
