//@ only if engine_dense
`default_nettype none
// N slots of one operand, unpacked; combinational. Fixed point alone: two's complement numbers less their zero point. With a float
// precision: sign and magnitude, exponent, and what is special about the operand.
module dense_operand #(
	parameter N = 16,
	parameter OPERAND = 1,     // 0 weight, 1 activation
	parameter WORD_BITS = 32,  // port width of a slot word
	parameter FIELD_BITS = @{a_field_bits} // of an unpacked slot: a number; or {snan, nan, inf, nonzero, sign, exponent, magnitude}
) (
	// verilator lint_off UNUSED
	input  wire [@{mode_bits-1}:0] mode,
	input  wire [@{zero_bits-1}:0] zero,
	// verilator lint_on UNUSED
	input  wire [N*WORD_BITS-1:0]    words,
	output wire [N*FIELD_BITS-1:0]   fields
);
	genvar i;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_slot
			wire [FIELD_BITS-1:0] field;
			assign fields[i*FIELD_BITS +: FIELD_BITS] = field;
//@ if has_float
			localparam EXP_BITS = @{exp_bits-1};
			localparam MAG_BITS = FIELD_BITS - EXP_BITS - 5;
			wire [MAG_BITS-1:0] mag;
			wire [EXP_BITS-1:0] exp;
			wire sign, nonzero, inf, nan, snan;
			operand_unpack #(.OPERAND(OPERAND), .SLOT_BITS(WORD_BITS), .MAG_BITS(MAG_BITS), .EXP_WIDTH(EXP_BITS)) unpack (
				.mode(mode), .zero(zero), .word(words[i*WORD_BITS +: WORD_BITS]), .mag(mag), .sign(sign), .nonzero(nonzero), .exp(exp), .inf(inf),
				.nan(nan), .snan(snan)
			);
			assign field = {snan, nan, inf, nonzero, sign, exp, mag};
//@ else
			dense_number #(.OPERAND(OPERAND), .WORD_BITS(WORD_BITS), .NUMBER_BITS(FIELD_BITS)) unpack (
				.mode(mode), .zero(zero), .word(words[i*WORD_BITS +: WORD_BITS]), .number(field)
			);
//@ end
		end
	endgenerate
endmodule
`default_nettype wire
