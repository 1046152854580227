//@ only if engine_dense && has_float
`default_nettype none
// What a dense PE keeps of the pairs of a group on the ports; combinational: one exponent and one sign for both operands, the weight's magnitude,
// and the specials of the whole group.
module dense_pairs #(
	parameter N = 16,
	parameter W_BITS = 37,     // of a field of dense_operand: {snan, nan, inf, nonzero, sign, exponent, magnitude}
	parameter A_BITS = 37,
	parameter LANES = 24,      // of a magnitude
	parameter GUARD = 0,       // guard bits below a float mantissa
	parameter EXP_BITS = 9     // of a sum of two biased exponents
) (
	input  wire                  is_float,
	input  wire [N*W_BITS-1:0]   wgt,
	// verilator lint_off UNUSED
	input  wire [N*A_BITS-1:0]   act,       // the magnitudes go another way
	// verilator lint_on UNUSED
	output wire [N*LANES-1:0]    columns,   // 0 for a float that takes no part
	output wire [N*EXP_BITS-1:0] exps,      // 0 likewise, and in fixed point
	output wire [N-1:0]          negatives, // of the products
	output wire [3:0]            specials   // {nan, pinf, ninf, invalid}
);
	localparam E_BITS = EXP_BITS - 1;
	localparam W_MAG = W_BITS - E_BITS - 5;
	localparam A_MAG = A_BITS - E_BITS - 5;
	wire [N-1:0] slot_nan, slot_pinf, slot_ninf, slot_invalid;
	assign specials = {|slot_nan, |slot_pinf, |slot_ninf, |slot_invalid};

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
			assign negatives[i] = negative;
			assign exps[i*EXP_BITS +: EXP_BITS] = {EXP_BITS{is_float & pair}} & ({1'b0, w_exp} + {1'b0, a_exp});
			if (GUARD > 0) begin : g_guard
				assign columns[i*LANES +: LANES] = is_float ? {w_mag[LANES-1-GUARD:0], {GUARD{1'b0}}} & {LANES{pair}} : w_mag;
			end else begin : g_no_guard
				assign columns[i*LANES +: LANES] = w_mag & {LANES{~is_float | pair}};
			end
		end
	endgenerate
endmodule
`default_nettype wire
