//@ only if has_float
`default_nettype none
// What a group's or an output's specials (docs/engine.md section 3) make of its sum: sign and kind as the final packager takes them. Combinational.
module special_kind (
	input  wire [4:0] specials, // nan, pinf, ninf, invalid, inexact
	input  wire       negative, // the sum is
	output wire       sign,
	output wire [3:0] kind      // nan, infinity, invalid, inexact
);
	wire both = specials[3] & specials[2];
	wire infinity = specials[3] | specials[2];
	assign sign = infinity ? specials[2] : negative;
	assign kind = {specials[4] | both, infinity, specials[1] | both, specials[0]};
endmodule
`default_nettype wire
