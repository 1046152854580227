//@ only if engine_classic
`default_nettype none
// Preprocess (paper section 4.1): unpacks the group on the ports, finds E_max, shifts each distilled mantissa by E_max - E_i.
//
// The ports hold still until the group is taken, so nothing of it is copied: an exponent pass and then an alignment pass read it slice by
// slice. Aligned columns go to a bank of registers, but those of the last slice, which are read from the aligners while the ports still hold.
// Throughput: one group every GROUP_CYCLES; `done` in the last of them and from then on until `take`. Fixed point has the second pass only.
module preprocess #(
	parameter N = 16,             // slots a group
	parameter DISTILLED = 0,      // which operand is distilled: 0 weight, 1 activation
	parameter D_BITS = 32,        // port width of a distilled slot word
	parameter O_BITS = 32,        // port width of the other operand's slot word
	parameter MODE_BITS = 1,
	parameter ZERO_BITS = 1,
	parameter O_MAG = 24,         // width of the other operand's magnitude
	parameter LANES = 24,
	parameter SIGN_BLOCKS = 1,
	parameter SIGN_LANES = 24,   // lanes a sign block
	parameter HAS_FLOAT = 1,
	parameter GATE = 0,           // 1: fixed point drops bits whose other operand is zero
	parameter GUARD = 0,          // guard bits below a float mantissa
	parameter EXP_BITS = 9,       // width of a sum of two biased exponents
	parameter GROUP_CYCLES = 8,
	parameter EXP_CYCLES = 3,     // slices of the exponent pass; 0: E_max is combinational
	parameter ALIGN_CYCLES = 3,   // slices of the alignment pass
	parameter SLICE = 6,          // slots a slice
	parameter CUTS = 2            // pipeline registers: 1 before the shifters, 2 within the maximum too
) (
	// verilator lint_off UNUSED
	input  wire                     clk,       // (at full rate fixed point is wires and gates only)
	input  wire                     rst,
	input  wire                     take,      // the group goes to the lanes at this edge
	// verilator lint_on UNUSED
	input  wire                     valid,     // a group stands on the ports
	input  wire                     is_float,
	input  wire [MODE_BITS-1:0]     mode,
	input  wire [ZERO_BITS-1:0]     zero,
	input  wire [N*D_BITS-1:0]      distilled,
	input  wire [N*O_BITS-1:0]      other,
	output wire                     done,
	output wire [N*LANES-1:0]       columns,   // slot i's bits at i * LANES
	output wire [N*SIGN_BLOCKS-1:0] signs,     // of the distilled operand: slot i, block b at b * N + i
	output wire [EXP_BITS-1:0]      exp_max,   // 0: no pair takes part
	output wire [4:0]               specials   // {nan, pinf, ninf, invalid, inexact} of the group
);
	localparam STEP_BITS = GROUP_CYCLES > 1 ? $clog2(GROUP_CYCLES) : 1;
	localparam CUT_ALIGN = CUTS >= 1 ? 1 : 0;
	localparam CUT_EXP = CUTS >= 2 ? 1 : 0;
	localparam ALIGN_STEP = GROUP_CYCLES - CUT_ALIGN - ALIGN_CYCLES; // step of the alignment pass's first slice
	localparam PADDED = ALIGN_CYCLES * SLICE;
	localparam BANKED = PADDED - SLICE;   // slots whose columns wait in the bank
	localparam E_BITS = EXP_BITS > 1 ? EXP_BITS - 1 : 1;
	localparam COLUMN = LANES + SIGN_BLOCKS;

	genvar i, l;

	//Control: the slice that the unpackers see
	// verilator lint_off UNUSED
	wire [31:0] step;              // 0 to GROUP_CYCLES - 1, as wide as the constants it is compared with
	// verilator lint_on UNUSED
	wire [ALIGN_CYCLES-1:0] slice; // one hot
	generate
		if (GROUP_CYCLES > 1) begin : g_step
			reg [STEP_BITS-1:0] step_q;
			always @(posedge clk)
				if (rst || take)
					step_q <= {STEP_BITS{1'b0}};
				else if (valid && !done)
					step_q <= step_q + {{(STEP_BITS-1){1'b0}}, 1'b1};
			assign step = {{(32-STEP_BITS){1'b0}}, step_q};
			assign done = valid && step == GROUP_CYCLES - 1;
		end else begin : g_no_step
			assign step = 32'd0;
			assign done = valid;
		end
		if (ALIGN_CYCLES > 1) begin : g_slices
			// registered: many gates hang on it
			reg [ALIGN_CYCLES-1:0] slice_q;
			for (i = 0; i < ALIGN_CYCLES; i = i + 1) begin : g_slice
				localparam START = i == 0 && (EXP_CYCLES > 0 || ALIGN_STEP == 0) ? 1 : 0;
				localparam LAST = i == ALIGN_CYCLES - 1; // stays until the group is taken
				always @(posedge clk)
					if (rst || take)
						slice_q[i] <= START != 0;
					else if (valid && !done)
						slice_q[i] <= step + 1 == ALIGN_STEP + i || (LAST && step + 1 > ALIGN_STEP + i) || (EXP_CYCLES > 0 && step + 1 == i);
			end
			assign slice = slice_q;
		end else begin : g_whole
			assign slice = 1'b1;
		end
	endgenerate

	//Data: one slice of words, unpacked
	wire [PADDED*D_BITS-1:0] padded_distilled;
	wire [PADDED*O_BITS-1:0] padded_other;
	generate
		if (PADDED > N) begin : g_pad
			assign padded_distilled = {{((PADDED-N)*D_BITS){1'b0}}, distilled};
			assign padded_other = {{((PADDED-N)*O_BITS){1'b0}}, other};
		end else begin : g_no_pad
			assign padded_distilled = distilled;
			assign padded_other = other;
		end
	endgenerate

	// verilator lint_off UNUSED
	wire [SLICE*EXP_BITS-1:0] slice_exp;      // E_i, 0 where the pair does not take part; floats only
	// verilator lint_on UNUSED
	wire [SLICE*2*E_BITS-1:0] slice_biased;   // both operands' biased exponents, 0 in fixed point
	wire [SLICE*COLUMN-1:0] slice_column;     // {signs, bits before the shift}
	wire [SLICE-1:0] slice_nan, slice_pinf, slice_ninf, slice_invalid;
	generate
		for (i = 0; i < SLICE; i = i + 1) begin : g_slot
			reg [D_BITS-1:0] d_word;
			reg [O_BITS-1:0] o_word;
			integer s;
			always @* begin
				d_word = {D_BITS{1'b0}};
				o_word = {O_BITS{1'b0}};
				for (s = 0; s < ALIGN_CYCLES; s = s + 1) begin
					d_word = d_word | ({D_BITS{slice[s]}} & padded_distilled[(s*SLICE+i)*D_BITS +: D_BITS]);
					o_word = o_word | ({O_BITS{slice[s]}} & padded_other[(s*SLICE+i)*O_BITS +: O_BITS]);
				end
			end
			wire [LANES-1:0] d_mag;
			wire [SIGN_BLOCKS-1:0] d_sign;
			wire [E_BITS-1:0] d_exp, o_exp;
			wire d_inf, o_inf, d_nan, o_nan, d_snan, o_snan;
			// verilator lint_off UNUSED
			wire [O_MAG-1:0] o_mag; // operand_reg unpacks the selected operand's magnitudes
			wire [SIGN_BLOCKS-1:0] o_sign, d_nonzero, o_nonzero; // floats look at bit 0 only
			// verilator lint_on UNUSED
			operand_unpack #(
				.OPERAND(DISTILLED), .SLOT_BITS(D_BITS), .MAG_BITS(LANES), .EXP_WIDTH(E_BITS)
			) unpack_distilled (
				.mode(mode), .zero(zero), .word(d_word), .mag(d_mag), .sign(d_sign), .nonzero(d_nonzero),
				.exp(d_exp), .inf(d_inf), .nan(d_nan), .snan(d_snan)
			);
			operand_unpack #(
				.OPERAND(1 - DISTILLED), .SLOT_BITS(O_BITS), .MAG_BITS(O_MAG), .EXP_WIDTH(E_BITS)
			) unpack_other (
				.mode(mode), .zero(zero), .word(o_word), .mag(o_mag), .sign(o_sign), .nonzero(o_nonzero),
				.exp(o_exp), .inf(o_inf), .nan(o_nan), .snan(o_snan)
			);

			wire pair = d_nonzero[0] & o_nonzero[0];
			wire d_zero = ~(d_nonzero[0] | d_inf | d_nan);
			wire o_zero = ~(o_nonzero[0] | o_inf | o_nan);
			wire inf_zero = (d_inf & o_zero) | (o_inf & d_zero);
			wire product_inf = (d_inf & ~o_zero & ~o_nan) | (o_inf & ~d_zero & ~d_nan);
			wire product_sign = d_sign[0] ^ o_sign[0];
			assign slice_nan[i] = d_nan | o_nan | inf_zero;
			assign slice_pinf[i] = product_inf & ~product_sign;
			assign slice_ninf[i] = product_inf & product_sign;
			assign slice_invalid[i] = d_snan | o_snan | inf_zero;
			assign slice_biased[2*i*E_BITS +: 2*E_BITS] = {o_exp, d_exp};
			assign slice_exp[i*EXP_BITS +: EXP_BITS] =
				{EXP_BITS{is_float & pair}} & ({1'b0, d_exp} + {1'b0, o_exp});

			// a bit is kept when its pair takes part (float), or when the other operand is not zero (gated fixed point)
			wire [SIGN_BLOCKS-1:0] keep;
			if (GATE != 0)
				assign keep = is_float ? {SIGN_BLOCKS{pair}} : o_nonzero;
			else
				assign keep = {SIGN_BLOCKS{~is_float | pair}};
			wire [LANES-1:0] bits;
			if (GUARD > 0)
				assign bits = is_float ? {d_mag[LANES-1-GUARD:0], {GUARD{1'b0}}} : d_mag;
			else
				assign bits = d_mag;
			for (l = 0; l < LANES; l = l + SIGN_LANES) begin : g_keep // lanes behind the last sign block go with it
				localparam COUNT = LANES - l < SIGN_LANES ? LANES - l : SIGN_LANES;
				localparam BLOCK = l / SIGN_LANES < SIGN_BLOCKS ? l / SIGN_LANES : SIGN_BLOCKS - 1;
				assign slice_column[i*COLUMN+l +: COUNT] = bits[l +: COUNT] & {COUNT{keep[BLOCK]}};
			end
			assign slice_column[i*COLUMN+LANES +: SIGN_BLOCKS] = d_sign;
		end
	endgenerate

	//Exponent pass
	wire [EXP_BITS-1:0] pass_max;    // E_max, settled when the alignment pass begins
	wire [3:0] pass_specials;
	// verilator lint_off UNUSED
	wire [3:0] slice_specials; // floats only
	// verilator lint_on UNUSED
	assign slice_specials = {|slice_nan, |slice_pinf, |slice_ninf, |slice_invalid};
	generate
		if (HAS_FLOAT == 0) begin : g_no_exp
			assign pass_max = {EXP_BITS{1'b0}};
			assign pass_specials = 4'd0;
		end else if (EXP_CYCLES == 0) begin : g_comb_exp
			exponent_max #(.COUNT(SLICE), .WIDTH(EXP_BITS)) maximum (.exps(slice_exp), .max(pass_max));
			assign pass_specials = slice_specials;
		end else begin : g_exp
			wire active = step < EXP_CYCLES;
			wire first = step == 0;
			// the cut lies behind the maxima of two neighbours: fewer registers than exponents
			localparam PAIRS = (SLICE + 1) / 2;
			wire [PAIRS*EXP_BITS-1:0] pair_max, maxima;
			for (i = 0; i < PAIRS; i = i + 1) begin : g_pair
				localparam COUNT = SLICE - 2 * i < 2 ? SLICE - 2 * i : 2;
				exponent_max #(.COUNT(COUNT), .WIDTH(EXP_BITS)) maximum (
					.exps(slice_exp[2*i*EXP_BITS +: COUNT*EXP_BITS]), .max(pair_max[i*EXP_BITS +: EXP_BITS])
				);
			end
			wire max_active, max_first;
			delay #(.WIDTH(PAIRS*EXP_BITS+2), .CYCLES(CUT_EXP)) cut (
				.clk(clk), .rst(rst), .in({pair_max, active, first}), .out({maxima, max_active, max_first})
			);
			reg [EXP_BITS-1:0] max_q;
			reg [3:0] specials_q;
			wire [EXP_BITS-1:0] max_d;
			exponent_max #(.COUNT(PAIRS + 1), .WIDTH(EXP_BITS)) maximum (
				.exps({maxima, max_q & {EXP_BITS{~max_first}}}), .max(max_d)
			);
			always @(posedge clk) begin
				if (max_active)
					max_q <= max_d;
				if (active)
					specials_q <= (first ? 4'd0 : specials_q) | slice_specials;
			end
			assign pass_max = max_q;
			assign pass_specials = specials_q;
		end
	endgenerate

	//Alignment pass
	wire [SLICE*COLUMN-1:0] aligned; // {signs, column}
	wire [SLICE-1:0] slice_lost;
	generate
		for (i = 0; i < SLICE; i = i + 1) begin : g_align
			// not from slice_exp: one sum of three is shorter, and a pair that takes no part has no bits to shift
			wire [EXP_BITS-1:0] distance = pass_max - {1'b0, slice_biased[2*i*E_BITS +: E_BITS]} - {1'b0, slice_biased[(2*i+1)*E_BITS +: E_BITS]};
			wire [COLUMN-1:0] column;
			wire [EXP_BITS-1:0] shift;
			// with a single slice the ports hold the column, and only the shift needs the register
			delay #(.WIDTH(COLUMN), .CYCLES(ALIGN_CYCLES > 1 ? CUT_ALIGN : 0)) cut_column (
				.clk(clk), .rst(rst), .in(slice_column[i*COLUMN +: COLUMN]), .out(column)
			);
			delay #(.WIDTH(EXP_BITS), .CYCLES(HAS_FLOAT != 0 ? CUT_ALIGN : 0)) cut_shift (
				.clk(clk), .rst(rst), .in(distance), .out(shift)
			);
			assign aligned[i*COLUMN+LANES +: SIGN_BLOCKS] = column[LANES +: SIGN_BLOCKS];
			if (HAS_FLOAT != 0) begin : g_aligner
				aligner #(.WIDTH(LANES), .SHIFT_BITS(EXP_BITS)) shifter (
					.in(column[LANES-1:0]), .shift(shift), .out(aligned[i*COLUMN +: LANES]), .lost(slice_lost[i])
				);
			end else begin : g_no_aligner
				// verilator lint_off UNUSED
				wire unused = ^shift;
				// verilator lint_on UNUSED
				assign aligned[i*COLUMN +: LANES] = column[LANES-1:0];
				assign slice_lost[i] = 1'b0;
			end
		end
	endgenerate

	//State: the bank of aligned columns
	// verilator lint_off UNUSED
	wire [PADDED*COLUMN-1:0] bank; // the last slice may have more slots than are left
	// verilator lint_on UNUSED
	assign bank[BANKED*COLUMN +: SLICE*COLUMN] = aligned;
	wire lost_before;
	generate
		if (BANKED > 0) begin : g_bank
			reg [BANKED*COLUMN-1:0] bank_q;
			reg lost_q;
			for (i = 0; i < ALIGN_CYCLES - 1; i = i + 1) begin : g_write
				always @(posedge clk)
					if (step == ALIGN_STEP + CUT_ALIGN + i)
						bank_q[i*SLICE*COLUMN +: SLICE*COLUMN] <= aligned;
			end
			always @(posedge clk)
				if (step == ALIGN_STEP + CUT_ALIGN)
					lost_q <= |slice_lost;
				else if (step > ALIGN_STEP + CUT_ALIGN && step < ALIGN_STEP + CUT_ALIGN + ALIGN_CYCLES - 1)
					lost_q <= lost_q | (|slice_lost);
			assign bank[BANKED*COLUMN-1:0] = bank_q;
			assign lost_before = lost_q;
		end else begin : g_no_bank
			assign lost_before = 1'b0;
		end
		for (i = 0; i < N; i = i + 1) begin : g_out
			assign columns[i*LANES +: LANES] = bank[i*COLUMN +: LANES];
			for (l = 0; l < SIGN_BLOCKS; l = l + 1) begin : g_sign
				assign signs[l*N+i] = bank[i*COLUMN+LANES+l];
			end
		end
	endgenerate
	assign exp_max = pass_max;
	assign specials = {pass_specials, lost_before | (|slice_lost)};
endmodule
`default_nettype wire
