//@ only if engine_dense && has_float
`default_nettype none
// Exponent matching of a dense PE (the arithmetic of the paper's preprocess, section 4.1): E_max of the group on the registers, and every weight
// mantissa shifted by E_max - E_i. One group a cycle, latency CUTS: a register behind E_max, one behind the shifters. Fixed point has no exponents and
// is not shifted, nor has a shift anything to do where a float takes no part.
module dense_align #(
	parameter N = 16,
	parameter LANES = 24,      // of a magnitude
	parameter EXP_BITS = 9,    // of a sum of two biased exponents
	parameter CUTS = 0         // 0 to 2
) (
	// verilator lint_off UNUSED
	input  wire                  clk,
	// verilator lint_on UNUSED
	input  wire [N*EXP_BITS-1:0] exps,
	input  wire [N*LANES-1:0]    columns,
	input  wire [N-1:0]          negatives,
	output wire [N*LANES-1:0]    aligned,        // latency CUTS
	output wire [N-1:0]          late_negatives, // latency CUTS
	output wire [EXP_BITS-1:0]   exp_max,        // latency 1 if CUTS > 0
	output wire                  lost            // a 1 was shifted out; latency CUTS - 1, or 0
);
	localparam CUT_MAX = CUTS >= 1 ? 1 : 0;
	localparam CUT_ALIGN = CUTS >= 2 ? 1 : 0;
	wire [N-1:0] slot_lost;
	wire [EXP_BITS-1:0] max;
	exponent_max #(.COUNT(N), .WIDTH(EXP_BITS)) maximum (.exps(exps), .max(max));
	delay #(.WIDTH(EXP_BITS), .CYCLES(CUT_MAX)) cut_max (.clk(clk), .rst(1'b0), .in(max), .out(exp_max));
	delay #(.WIDTH(N), .CYCLES(CUTS)) cut_sign (.clk(clk), .rst(1'b0), .in(negatives), .out(late_negatives));
	assign lost = |slot_lost;

	genvar i;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_slot
			wire [LANES-1:0] column, shifted;
			wire [EXP_BITS-1:0] exp;
			delay #(.WIDTH(LANES + EXP_BITS), .CYCLES(CUT_MAX)) cut_slot (
				.clk(clk), .rst(1'b0), .in({exps[i*EXP_BITS +: EXP_BITS], columns[i*LANES +: LANES]}), .out({exp, column})
			);
			aligner #(.WIDTH(LANES), .SHIFT_BITS(EXP_BITS)) shifter (.in(column), .shift(exp_max - exp), .out(shifted), .lost(slot_lost[i]));
			delay #(.WIDTH(LANES), .CYCLES(CUT_ALIGN)) cut_column (.clk(clk), .rst(1'b0), .in(shifted), .out(aligned[i*LANES +: LANES]));
		end
	endgenerate
endmodule
`default_nettype wire
