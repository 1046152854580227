//@ only if engine_dense && has_float
`default_nettype none
// Exponent matching of a dense PE (the arithmetic of the paper's preprocess, section 4.1): E_max of the group on the registers, and every weight
// mantissa shifted by E_max - E_i. One group a cycle, latency CUTS: a register behind E_max, one behind the shifters. Fixed point is not shifted.
module dense_align #(
	parameter N = 16,
	parameter W_BITS = 37,     // of a field of dense_operand: {snan, nan, inf, nonzero, sign, exponent, magnitude}
	parameter A_BITS = 37,
	parameter LANES = 24,      // of an aligned magnitude
	parameter GUARD = 0,       // guard bits below a float mantissa
	parameter EXP_BITS = 9,    // of a sum of two biased exponents
	parameter CUTS = 0         // 0 to 2
) (
	// verilator lint_off UNUSED
	input  wire                clk,
	input  wire [N*A_BITS-1:0] act,       // the magnitudes go another way
	// verilator lint_on UNUSED
	input  wire                is_float,
	input  wire [N*W_BITS-1:0] wgt,
	output wire [N*LANES-1:0]  columns,   // latency CUTS
	output wire [N-1:0]        negatives, // of the products; latency CUTS
	output wire [EXP_BITS-1:0] exp_max,   // latency 1 if CUTS > 0
	output wire [3:0]          specials,  // {nan, pinf, ninf, invalid}; latency 0
	output wire                lost       // a 1 was shifted out; latency CUTS - 1, or 0
);
	localparam CUT_MAX = CUTS >= 1 ? 1 : 0;
	localparam CUT_ALIGN = CUTS >= 2 ? 1 : 0;
	localparam E_BITS = EXP_BITS - 1;
	localparam W_MAG = W_BITS - E_BITS - 5;
	localparam A_MAG = A_BITS - E_BITS - 5;
	wire [N*EXP_BITS-1:0] exps;
	wire [N-1:0] slot_nan, slot_pinf, slot_ninf, slot_invalid, slot_lost;
	wire [EXP_BITS-1:0] max;
	exponent_max #(.COUNT(N), .WIDTH(EXP_BITS)) maximum (.exps(exps), .max(max));
	delay #(.WIDTH(EXP_BITS), .CYCLES(CUT_MAX)) cut_max (.clk(clk), .rst(1'b0), .in(max), .out(exp_max));
	assign specials = {|slot_nan, |slot_pinf, |slot_ninf, |slot_invalid};
	assign lost = |slot_lost;

	genvar i;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_slot
			wire [W_MAG-1:0] w_mag;
			wire [E_BITS-1:0] w_exp, a_exp;
			wire w_sign, w_nonzero, w_inf, w_nan, w_snan, a_sign, a_nonzero, a_inf, a_nan, a_snan;
			assign {w_snan, w_nan, w_inf, w_nonzero, w_sign, w_exp, w_mag} = wgt[i*W_BITS +: W_BITS];
			assign {a_snan, a_nan, a_inf, a_nonzero, a_sign, a_exp} = act[i*A_BITS+A_MAG +: A_BITS-A_MAG];

			wire pair = w_nonzero & a_nonzero;
			wire w_zero = ~(w_nonzero | w_inf | w_nan);
			wire a_zero = ~(a_nonzero | a_inf | a_nan);
			wire inf_zero = (w_inf & a_zero) | (a_inf & w_zero);
			wire product_inf = (w_inf & ~a_zero & ~a_nan) | (a_inf & ~w_zero & ~w_nan);
			wire negative = w_sign ^ a_sign;
			assign slot_nan[i] = w_nan | a_nan | inf_zero;
			assign slot_pinf[i] = product_inf & ~negative;
			assign slot_ninf[i] = product_inf & negative;
			assign slot_invalid[i] = w_snan | a_snan | inf_zero;
			wire [EXP_BITS-1:0] exp = {EXP_BITS{is_float & pair}} & ({1'b0, w_exp} + {1'b0, a_exp});
			assign exps[i*EXP_BITS +: EXP_BITS] = exp;

			// a float takes part only with its pair
			wire [LANES-1:0] bits;
			if (GUARD > 0) begin : g_guard
				assign bits = is_float ? {w_mag[LANES-1-GUARD:0], {GUARD{1'b0}}} & {LANES{pair}} : w_mag;
			end else begin : g_no_guard
				assign bits = w_mag & {LANES{~is_float | pair}};
			end
			wire [LANES-1:0] column, aligned;
			wire [EXP_BITS-1:0] own_exp;
			wire matched;
			delay #(.WIDTH(LANES + EXP_BITS + 1), .CYCLES(CUT_MAX)) cut_slot (
				.clk(clk), .rst(1'b0), .in({is_float & pair, exp, bits}), .out({matched, own_exp, column})
			);
			wire [EXP_BITS-1:0] shift = (exp_max - own_exp) & {EXP_BITS{matched}};
			aligner #(.WIDTH(LANES), .SHIFT_BITS(EXP_BITS)) shifter (.in(column), .shift(shift), .out(aligned), .lost(slot_lost[i]));
			delay #(.WIDTH(LANES), .CYCLES(CUT_ALIGN)) cut_column (.clk(clk), .rst(1'b0), .in(aligned), .out(columns[i*LANES +: LANES]));
			delay #(.WIDTH(1), .CYCLES(CUTS)) cut_sign (.clk(clk), .rst(1'b0), .in(negative), .out(negatives[i]));
		end
	endgenerate
endmodule
`default_nettype wire
