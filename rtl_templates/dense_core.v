//@ only if engine_dense
`default_nettype none
// A PE of plain multipliers behind the engine contract (docs/engine.md section 12), without its activation registers, which the PEs of a broadcast
// share. One group a cycle; a group waits on the registers until its output's place is sure, nothing behind them ever stalls.
module dense_core (
	input  wire                       clk,
	input  wire                       rst,
	//Control
	input  wire                       valid,     // weights and activations of a group stand on the ports
	output wire                       can_take,
	input  wire                       take,
	input  wire [@{mode_bits-1}:0] mode,      // of the group on the ports
	input  wire                       last,      // of the group on the registers, as the next two
	// verilator lint_off UNUSED
	input  wire                       is_float,
	input  wire [@{mode_bits-1}:0] held_mode,
	// verilator lint_on UNUSED
	//Data
	input  wire [@{n*w_slot_bits-1}:0] wgt,
	// verilator lint_off UNUSED
	input  wire                       port_float, // of the group on the ports, as is its unpacked
	input  wire [@{n*a_field_bits-1}:0] act,
	// verilator lint_on UNUSED
	input  wire [@{n*a_factor_bits-1}:0] factors,   // its numbers or magnitudes, beside the aligned weights
	//Results
	output wire                       out_valid,
	input  wire                       out_ready,
	output wire [@{out_bits-1}:0] out_result,
	output wire [3:0]                 out_flags,
	//Status
	output wire                       busy,
	output wire                       blocked
); /* verilator no_inline_module */
	localparam N = @{n};
	localparam PRE_CUTS = @{pre_cuts};
	localparam DELAY = @{pipeline.decoder + pipeline.tree}; // of the products and their sum
	localparam W_FIELD = @{w_field_bits};
	localparam W_FACTOR = @{w_factor_bits};
	localparam X_BITS = @{w_factor_bits + has_float}; // in two's complement, magnitudes with a 0 on top
	localparam Y_BITS = @{a_factor_bits + has_float};
	localparam SUM_BITS = @{product_sum_bits};

	//Control: the group on the registers
	reg held_q;
	wire credit, spaced;
	wire ends_unit = last | is_float;
	wire retire = held_q & (~ends_unit | ((~last | credit) & spaced));
	wire unit_end = retire & ends_unit;
	wire output_end = retire & last;
	assign can_take = valid & ~rst & (~held_q | retire);
	assign busy = held_q;
	assign blocked = held_q & last & ~credit;
	always @(posedge clk)
		held_q <= ~rst & (take | (held_q & ~retire));
	tag_spacer #(.WAIT(@{post_wait})) spacer (.clk(clk), .rst(rst), .float_end(unit_end & is_float), .ready(spaced));

	//Data: weights, and what else of the group the registers hold
	wire [N*W_FIELD-1:0] weights;
	dense_operand #(.N(N), .OPERAND(0), .WORD_BITS(@{w_slot_bits}), .FIELD_BITS(W_FIELD)) weight (
		.mode(mode), .zero(@{zero_bits}'d0), .words(wgt), .fields(weights)
	);
	wire [N*W_FACTOR-1:0] held, aligned;
	wire [N-1:0] negatives;
//@ if has_float
	wire [N*W_FACTOR-1:0] columns;
	wire [N*@{exp_bits}-1:0] exps;
	wire [N-1:0] signs;
	wire [3:0] kinds;
	dense_pairs #(
		.N(N), .W_BITS(W_FIELD), .A_BITS(@{a_field_bits}), .LANES(W_FACTOR), .GUARD(@{guard_bits}), .EXP_BITS(@{exp_bits})
	) pairs (
		.is_float(port_float), .wgt(weights), .act(act), .columns(columns), .exps(exps), .negatives(signs), .specials(kinds)
	);
	wire [N*@{exp_bits}-1:0] held_exps;
	wire [N-1:0] held_signs;
	wire [3:0] held_kinds;
	load_reg #(.WIDTH(N * (W_FACTOR + @{exp_bits} + 1) + 4)) pairs_reg (
		.clk(clk), .load(take), .in({columns, exps, signs, kinds}), .out({held, held_exps, held_signs, held_kinds})
	);
//@ else
	load_reg #(.WIDTH(N * W_FACTOR)) weight_reg (.clk(clk), .load(take), .in(weights), .out(held));
	assign aligned = held;
	assign negatives = {N{1'b0}};
//@ end

	wire [N*X_BITS-1:0] x;
	wire [N*Y_BITS-1:0] y;
//@ if has_float
	genvar i;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_factor
			assign x[i*X_BITS +: X_BITS] = {1'b0, aligned[i*W_FACTOR +: W_FACTOR]};
			assign y[i*Y_BITS +: Y_BITS] = {1'b0, factors[i*@{a_factor_bits} +: @{a_factor_bits}]};
		end
	endgenerate
//@ else
	assign x = aligned;
	assign y = factors;
//@ end
	wire [SUM_BITS-1:0] save, carry;
	wire sum_valid;
	delay #(.WIDTH(1), .CYCLES(PRE_CUTS + @{pipeline.decoder}), .RESET(1)) delay_valid (
		.clk(clk), .rst(rst), .in(retire), .out(sum_valid)
	);
	product_sum #(
		.N(N), .X_BITS(X_BITS), .Y_BITS(Y_BITS), .WIDTH(SUM_BITS), .GATED(@{has_fixed}), .PRODUCT_CUTS(@{pipeline.decoder}),
		.TREE_CUTS(@{pipeline.tree})
	) products (
		.clk(clk), .valid(sum_valid), .x(x), .y(y), .negate(negatives), .save(save), .carry(carry)
	);

	//Exponents, and the end tag beside the products
	wire tag_end, tag_float, tag_output;
	wire [@{post_exp_bits-1}:0] tag_exp;
	wire [4:0] tag_specials;
	delay #(.WIDTH(1), .CYCLES(PRE_CUTS + DELAY), .RESET(1)) delay_end (.clk(clk), .rst(rst), .in(unit_end), .out(tag_end));
	delay #(.WIDTH(2), .CYCLES(PRE_CUTS + DELAY)) delay_tag (.clk(clk), .rst(rst), .in({is_float, output_end}), .out({tag_float, tag_output}));
//@ if has_float
	localparam CUT_MAX = PRE_CUTS >= 1 ? 1 : 0;
	wire [@{exp_bits-1}:0] exp_max;
	wire [3:0] tag_kinds;
	wire lost, tag_lost;
	dense_align #(.N(N), .LANES(W_FACTOR), .EXP_BITS(@{exp_bits}), .CUTS(PRE_CUTS)) align (
		.clk(clk), .exps(held_exps), .columns(held), .negatives(held_signs), .aligned(aligned), .late_negatives(negatives), .exp_max(exp_max),
		.lost(lost)
	);
	wire [@{mode_bits-1}:0] max_mode;
	delay #(.WIDTH(@{mode_bits}), .CYCLES(CUT_MAX)) delay_mode (.clk(clk), .rst(rst), .in(held_mode), .out(max_mode));
	wire [@{post_exp_bits-1}:0] exp_offset =
//@ for m in 0..modes-1
//@ if mode[m].is_float
		(max_mode == @{mode_bits}'d@{m} ? @{post_exp_bits}'d@{mode[m].exp_offset} : @{post_exp_bits}'d0) |
//@ end
//@ end
		@{post_exp_bits}'d0;
	// 0 stays 0: no pair took part
//@ if post_exp_bits > exp_bits
	wire [@{post_exp_bits-1}:0] exp_scaled = ({@{post_exp_bits-exp_bits}'d0, exp_max} + exp_offset) & {@{post_exp_bits}{|exp_max}};
//@ else
	wire [@{post_exp_bits-1}:0] exp_scaled = (exp_max + exp_offset) & {@{post_exp_bits}{|exp_max}};
//@ end
	delay #(.WIDTH(@{post_exp_bits}), .CYCLES(PRE_CUTS - CUT_MAX + DELAY)) delay_exp (.clk(clk), .rst(rst), .in(exp_scaled), .out(tag_exp));
	delay #(.WIDTH(1), .CYCLES(PRE_CUTS - CUT_MAX + DELAY)) delay_lost (.clk(clk), .rst(rst), .in(lost), .out(tag_lost));
	delay #(.WIDTH(4), .CYCLES(PRE_CUTS + DELAY)) delay_kinds (.clk(clk), .rst(rst), .in(held_kinds), .out(tag_kinds));
	assign tag_specials = {tag_kinds, tag_lost} & {5{tag_float}};
//@ else
	assign tag_exp = @{post_exp_bits}'d0;
	assign tag_specials = 5'd0;
//@ end

	wire flush;
	delay #(.WIDTH(1), .CYCLES(PRE_CUTS + DELAY)) delay_flush (.clk(clk), .rst(rst), .in(rst), .out(flush));
	postprocess #(
		.HAS_FLOAT(@{has_float}), .HAS_FIXED(@{has_fixed}), .WIDE(@{accumulation_wide}), .UNITS(1), .TREE_BITS(SUM_BITS), .TREE_WORDS(@{pipeline.tree < 2 ? 2 : 1}),
		.GROUPS_APART(@{!has_fixed}),
		.SUM_BITS(@{sum_bits}), .ACC_BITS(@{max(acc_bits, 1)}), .EXP_BITS(@{post_exp_bits}), .SCALE(@{scale_max}),
		.ACC_CUTS(@{pipeline.accumulator}), .PACK_CUTS(@{pipeline.packager}), .RESULT_BITS(@{result_bits}), .OUT_BITS(@{out_bits}),
		.RESULT_FIFO(@{result_fifo})
	) postprocess (
		.clk(clk), .rst(rst), .flush(flush), .tree(save), .tree_carry(carry), .unit_end(tag_end), .unit_parity(1'b0), .out_last(tag_output), .is_float(tag_float),
		.exp(tag_exp), .specials(tag_specials), .credit_take(output_end), .credit(credit), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags)
	);
endmodule
`default_nettype wire
