`default_nettype none
// IEEE fp32 sum, combinational: round to nearest even, gradual underflow, NaN is 0x7fc00000.
module dense_fp32_add (
	input  wire [31:0] x,
	input  wire [31:0] y,
	output wire [31:0] sum
);
	//Order by magnitude
	wire swap = y[30:0] > x[30:0];
	wire [31:0] bigger = swap ? y : x;
	wire [30:0] smaller = swap ? x[30:0] : y[30:0];
	wire [7:0] bigger_exp = bigger[30:23] | {7'd0, ~(|bigger[30:23])};
	wire [7:0] smaller_exp = smaller[30:23] | {7'd0, ~(|smaller[30:23])};

	//Align: two guard bits and a sticky one
	wire [25:0] bigger_man = {|bigger[30:23], bigger[22:0], 2'b00};
	wire [25:0] smaller_man = {|smaller[30:23], smaller[22:0], 2'b00};
	wire [7:0] distance = bigger_exp - smaller_exp;
	wire [51:0] shifted = {smaller_man, 26'd0} >> (distance > 8'd26 ? 5'd26 : distance[4:0]);
	wire sticky = |shifted[25:0];
	wire minus = x[31] ^ y[31];
	wire [27:0] total = {1'b0, bigger_man, 1'b0} + ({1'b0, shifted[51:26], sticky} ^ {28{minus}}) + {27'd0, minus};

	wire nan = ((&x[30:23]) & (|x[22:0])) | ((&y[30:23]) & (|y[22:0])) | ((&x[30:23]) & (&y[30:23]) & minus);
	wire infinite = (&x[30:23]) | (&y[30:23]);
	// x - x is +0, -0 + -0 is -0
	wire sign = bigger[31] & ~(minus & ~(|total) & ~infinite);
	dense_fp32_pack #(.WIDTH(28)) pack (
		.sign(sign), .exponent({2'b00, bigger_exp} + 10'd1), .magnitude(total), .nan(nan), .infinite(infinite), .value(sum)
	);
endmodule
`default_nettype wire
