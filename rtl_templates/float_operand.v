`default_nettype none
// Unpacks one IEEE-style operand (paper section 4.1, Preprocess): hidden bit, effective exponent, class.
// Combinational. Exponent field 0 counts as 1 with hidden bit 0: subnormals are not flushed.
module float_operand #(
	parameter EXP_BITS = 8,  // bits of the exponent field
	parameter MAN_BITS = 23, // bits of the mantissa field, without the hidden bit
	parameter MAG_BITS = 24, // >= MAN_BITS + 1: width of `mag`
	parameter EXP_WIDTH = 8  // >= EXP_BITS: width of `exp`
) (
	input  wire [EXP_BITS+MAN_BITS:0] word,
	output wire [MAG_BITS-1:0]        mag,      // mantissa with its hidden bit, right-aligned
	output wire [EXP_WIDTH-1:0]       exp,      // biased exponent, at least 1
	output wire                       sign,
	output wire                       nonzero,  // finite and not zero
	output wire                       inf,
	output wire                       nan,
	output wire                       snan      // a NaN whose quiet bit is clear
);
	wire [EXP_BITS-1:0] field = word[MAN_BITS +: EXP_BITS];
	wire [MAN_BITS-1:0] man = word[MAN_BITS-1:0];
	wire normal = |field;
	wire special = &field;
	wire fraction = |man;

	generate
		if (MAG_BITS > MAN_BITS + 1) begin : g_wide
			assign mag = {{(MAG_BITS-MAN_BITS-1){1'b0}}, normal, man};
		end else begin : g_full
			assign mag = {normal, man};
		end
		if (EXP_WIDTH > EXP_BITS) begin : g_wide_exp
			assign exp = {{(EXP_WIDTH-EXP_BITS){1'b0}}, field[EXP_BITS-1:1], field[0] | ~normal};
		end else begin : g_full_exp
			assign exp = {field[EXP_BITS-1:1], field[0] | ~normal};
		end
	endgenerate
	assign sign = word[EXP_BITS+MAN_BITS];
	assign nonzero = (normal | fraction) & ~special;
	assign inf = special & ~fraction;
	assign nan = special & fraction;
	assign snan = nan & ~man[MAN_BITS-1];
endmodule
`default_nettype wire
