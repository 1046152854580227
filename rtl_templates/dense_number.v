//@ only if engine_dense && !has_float
`default_nettype none
// A fixed-point slot word in whatever precision `mode` names, as a two's complement number, less its zero point; combinational.
module dense_number #(
	parameter OPERAND = 0,      // 0 weight, 1 activation
	parameter WORD_BITS = 32,
	parameter NUMBER_BITS = 26  // enough for every precision
) (
	// verilator lint_off UNUSED
	input  wire [@{mode_bits-1}:0] mode,
	input  wire [@{zero_bits-1}:0] zero,
	input  wire [WORD_BITS-1:0]   word,
	// verilator lint_on UNUSED
	output wire [NUMBER_BITS-1:0] number
);
//@ for m in 0..modes-1
	// @{mode[m].name}
	wire [NUMBER_BITS-1:0] number@{m};
	generate
		if (OPERAND == 0) begin : g_weight@{m}
			fixed_number #(.BITS(@{mode[m].w_bits}), .SIGNED(@{mode[m].w_signed}), .HAS_ZERO(0), .NUMBER_BITS(NUMBER_BITS)) field (
				.word(word[@{mode[m].w_bits-1}:0]), .zero(@{mode[m].w_bits}'d0), .number(number@{m})
			);
		end else begin : g_activation@{m}
			fixed_number #(.BITS(@{mode[m].a_bits}), .SIGNED(@{mode[m].a_signed}), .HAS_ZERO(@{zero_point}), .NUMBER_BITS(NUMBER_BITS)) field (
				.word(word[@{mode[m].a_bits-1}:0]), .zero(zero[@{mode[m].a_bits-1}:0]), .number(number@{m})
			);
		end
	endgenerate
//@ end
//@ if modes == 1
	assign number = number0;
//@ else
	assign number =
//@ for m in 0..modes-1
		({NUMBER_BITS{mode == @{mode_bits}'d@{m}}} & number@{m}) |
//@ end
		{NUMBER_BITS{1'b0}};
//@ end
endmodule
`default_nettype wire
