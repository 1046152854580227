//@ only if engine_dense && !has_float
`default_nettype none
// A fixed-point field as a two's complement number of NUMBER_BITS, less a zero point of the same format if there is one; combinational.
module fixed_number #(
	parameter BITS = 8,        // of the field
	parameter SIGNED = 1,      // 1: two's complement fields
	parameter HAS_ZERO = 0,
	parameter NUMBER_BITS = 8  // BITS, one more for unsigned fields, or with a zero point; or above
) (
	input  wire [BITS-1:0]        word,
	// verilator lint_off UNUSED
	input  wire [BITS-1:0]        zero,
	// verilator lint_on UNUSED
	output wire [NUMBER_BITS-1:0] number
);
	wire [NUMBER_BITS-1:0] value, offset;
	generate
		if (NUMBER_BITS > BITS) begin : g_extend
			assign value = {{(NUMBER_BITS-BITS){(SIGNED != 0) & word[BITS-1]}}, word};
			assign offset = {{(NUMBER_BITS-BITS){(SIGNED != 0) & zero[BITS-1]}}, zero};
		end else begin : g_fit
			assign value = word;
			assign offset = zero;
		end
		if (HAS_ZERO != 0) begin : g_zero
			assign number = value - offset;
		end else begin : g_plain
			// verilator lint_off UNUSED
			wire unused = ^offset;
			// verilator lint_on UNUSED
			assign number = value;
		end
	endgenerate
endmodule
`default_nettype wire
