`default_nettype none
// IEEE fp32 product, combinational: round to nearest even, gradual underflow, NaN is 0x7fc00000.
module dense_fp32_multiply (
	input  wire [31:0] w,
	input  wire [31:0] a,
	output wire [31:0] product
);
	wire sign = w[31] ^ a[31];
	wire w_max = &w[30:23];
	wire a_max = &a[30:23];
	wire w_zero = ~(|w[30:0]);
	wire a_zero = ~(|a[30:0]);
	wire nan = (w_max & (|w[22:0])) | (a_max & (|a[22:0])) | (w_max & a_zero) | (a_max & w_zero);
	wire infinite = w_max | a_max;
	wire [23:0] w_man = {|w[30:23], w[22:0]};
	wire [23:0] a_man = {|a[30:23], a[22:0]};
	wire [47:0] full = w_man * a_man;
	// biased exponent of a product whose leading one is bit 47
	wire [9:0] exponent = {2'b00, w[30:23]} + {9'd0, ~(|w[30:23])} + {2'b00, a[30:23]} + {9'd0, ~(|a[30:23])} - 10'd126;
	dense_fp32_pack #(.WIDTH(48)) pack (
		.sign(sign), .exponent(exponent), .magnitude(full), .nan(nan), .infinite(infinite), .value(product)
	);
endmodule
`default_nettype wire
