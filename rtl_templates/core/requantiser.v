`default_nettype none
// Product to int32 output: right shift by `amount` with one of three roundings, saturated, then the zero point added, saturated again. For TFLite the product
// comes with 2^30 added, amount is at least 31, and what is below bit 31 is cut off before the rounding. One a cycle; latency 3; `zero` comes with the
// last cycle's operand.
module requantiser (
	input  wire        clk,
	input  wire [62:0] product,
	input  wire [5:0]  amount,
	input  wire        half_even,
	input  wire        tflite,  // neither: half up
	input  wire [31:0] zero,
	output wire [31:0] result
);
	// shift; bit 0 is the half
	wire [63:0] placed = {product[62:31], product[30:0] & {31{~tflite}}, 1'b0};
	// verilator lint_off UNUSED
	wire [63:0] shifted = $signed(placed) >>> amount;
	// verilator lint_on UNUSED
	wire negative = product[62];
	wire rest = |(placed & ~({64{1'b1}} << amount));
	reg [31:0] floor_q;
	reg half_q, rest_q, over_q, negative_q, even_q, tflite_q;
	always @(posedge clk) begin
		floor_q <= shifted[32:1];
		half_q <= shifted[0];
		rest_q <= rest;
		over_q <= shifted[63:33] != {31{shifted[32]}};
		negative_q <= negative;
		even_q <= half_even;
		tflite_q <= tflite;
	end

	// round and saturate
	wire up = half_q & (even_q ? rest_q | floor_q[0] : ~tflite_q | rest_q | ~negative_q);
	wire [31:0] rounded = floor_q + {31'd0, up};
	wire clip = over_q | (~negative_q & rounded[31]);
	reg [31:0] rounded_q;
	always @(posedge clk)
		rounded_q <= clip ? {negative_q, {31{~negative_q}}} : rounded;

	// zero point
	wire [32:0] moved = {rounded_q[31], rounded_q} + {zero[31], zero};
	reg [31:0] moved_q;
	always @(posedge clk)
		moved_q <= moved[32] != moved[31] ? {moved[32], {31{~moved[32]}}} : moved[31:0];
	assign result = moved_q;
endmodule
`default_nettype wire
