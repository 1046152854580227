//@ only if engine_classic || has_float
`default_nettype none
// Unpacks one operand of one slot in whatever precision `mode` names; combinational.
// All precisions of this configuration share its outputs; docs/engine.md sections 1 to 3 and 5 give the formats.
module operand_unpack #(
	// verilator lint_off UNUSEDPARAM
	parameter OPERAND = 0,     // 0: weight, 1: activation; a float's format is the same for both
	// verilator lint_on UNUSEDPARAM
	parameter SLOT_BITS = 32,  // port width of the slot word
	parameter MAG_BITS = 24,
	parameter EXP_WIDTH = 8
) (
	// verilator lint_off UNUSED
	input  wire [@{mode_bits-1}:0] mode,
	input  wire [@{zero_bits-1}:0] zero,
	input  wire [SLOT_BITS-1:0]  word,
	// verilator lint_on UNUSED
	output wire [MAG_BITS-1:0]   mag,
	output wire [@{sign_blocks-1}:0] sign,    // one bit a sign block
	output wire [@{sign_blocks-1}:0] nonzero, // finite and not zero, likewise
	output wire [EXP_WIDTH-1:0]  exp,     // floats; 0 in fixed point
	output wire                  inf,
	output wire                  nan,
	output wire                  snan
);
//@ for m in 0..modes-1
//@ if modes > 1
	wire is@{m} = mode == @{mode_bits}'d@{m};
//@ else
	wire is@{m} = 1'b1;
//@ end
	// @{mode[m].name}
	wire [MAG_BITS-1:0] mag@{m};
	wire [@{sign_blocks-1}:0] sign@{m}, nonzero@{m};
//@ if mode[m].is_float
	wire [EXP_WIDTH-1:0] exp@{m};
	wire sign_bit@{m}, nonzero_bit@{m}, inf@{m}, nan@{m}, snan@{m};
	float_operand #(
		.EXP_BITS(@{mode[m].exp_bits}), .MAN_BITS(@{mode[m].man_bits}), .MAG_BITS(MAG_BITS), .EXP_WIDTH(EXP_WIDTH)
	) operand@{m} (
		.word(word[@{mode[m].w_word_bits-1}:0]), .mag(mag@{m}), .exp(exp@{m}), .sign(sign_bit@{m}),
		.nonzero(nonzero_bit@{m}), .inf(inf@{m}), .nan(nan@{m}), .snan(snan@{m})
	);
	assign sign@{m} = {@{sign_blocks}{sign_bit@{m}}};
	assign nonzero@{m} = {@{sign_blocks}{nonzero_bit@{m}}};
//@ else
	generate
		if (OPERAND == 0) begin : g_weight@{m}
			fixed_operand #(
				.BITS(@{mode[m].w_bits}), .SIGNED(@{mode[m].w_signed}), .PACK(@{mode[m].pack}),
//@ if mode[m].pack > 1
				.SUB_BITS(@{24/mode[m].pack}),
//@ else
				.SUB_BITS(@{mode[m].w_bits}),
//@ end
				.MAG_BITS(MAG_BITS), .SIGN_BLOCKS(@{sign_blocks}), .HAS_ZERO(0)
			) operand (
				.word(word[@{mode[m].w_word_bits-1}:0]), .zero(@{mode[m].w_bits}'d0),
				.mag(mag@{m}), .sign(sign@{m}), .nonzero(nonzero@{m})
			);
		end else begin : g_activation@{m}
			fixed_operand #(
				.BITS(@{mode[m].a_bits}), .SIGNED(@{mode[m].a_signed}), .PACK(@{mode[m].pack}),
//@ if mode[m].pack > 1
				.SUB_BITS(@{24/mode[m].pack}),
//@ else
				.SUB_BITS(@{mode[m].a_bits}),
//@ end
				.MAG_BITS(MAG_BITS), .SIGN_BLOCKS(@{sign_blocks}), .HAS_ZERO(@{zero_point})
			) operand (
				.word(word[@{mode[m].a_word_bits-1}:0]), .zero(zero[@{mode[m].a_bits-1}:0]),
				.mag(mag@{m}), .sign(sign@{m}), .nonzero(nonzero@{m})
			);
		end
	endgenerate
//@ end
//@ end

	assign mag =
//@ for m in 0..modes-1
		({MAG_BITS{is@{m}}} & mag@{m}) |
//@ end
		{MAG_BITS{1'b0}};
	assign sign =
//@ for m in 0..modes-1
		({@{sign_blocks}{is@{m}}} & sign@{m}) |
//@ end
		@{sign_blocks}'d0;
	assign nonzero =
//@ for m in 0..modes-1
		({@{sign_blocks}{is@{m}}} & nonzero@{m}) |
//@ end
		@{sign_blocks}'d0;
	assign exp =
//@ for m in 0..modes-1
//@ if mode[m].is_float
		({EXP_WIDTH{is@{m}}} & exp@{m}) |
//@ end
//@ end
		{EXP_WIDTH{1'b0}};
//@ for name in inf nan snan
	assign @{name} =
//@ for m in 0..modes-1
//@ if mode[m].is_float
		(is@{m} & @{name}@{m}) |
//@ end
//@ end
		1'b0;
//@ end
endmodule
`default_nettype wire
