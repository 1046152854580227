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
	input  wire [@{n*a_field_bits-1}:0] act,       // activation registers
	// verilator lint_on UNUSED
	input  wire [@{n*a_factor_bits-1}:0] factors,   // their numbers or magnitudes, beside the aligned weights
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
	localparam A_FACTOR = @{a_factor_bits};
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

	//Data
	wire [N*W_FIELD-1:0] weights;
	dense_operand #(.N(N), .OPERAND(0), .WORD_BITS(@{w_slot_bits}), .FIELD_BITS(W_FIELD)) weight_reg (
		.clk(clk), .load(take), .mode(mode), .zero(@{zero_bits}'d0), .words(wgt), .fields(weights)
	);
	wire [N*W_FACTOR-1:0] aligned;
	wire [N-1:0] negatives;
	wire [SUM_BITS-1:0] sum;
	wire sum_valid;
	delay #(.WIDTH(1), .CYCLES(PRE_CUTS + @{pipeline.decoder + min(pipeline.tree, 1)}), .RESET(1)) delay_valid (
		.clk(clk), .rst(rst), .in(retire), .out(sum_valid)
	);
	product_sum #(
		.N(N), .A_BITS(W_FACTOR), .B_BITS(A_FACTOR), .SIGNED(@{!has_float}), .SUM_BITS(SUM_BITS), .PRODUCT_CUT(@{pipeline.decoder}),
		.TREE_CUTS(@{pipeline.tree})
	) products (
		.clk(clk), .negatives(negatives), .a(aligned), .b(factors), .valid(sum_valid), .sum(sum)
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
	wire [3:0] specials, tag_kinds;
	wire lost, tag_lost;
	dense_align #(
		.N(N), .W_BITS(W_FIELD), .A_BITS(@{a_field_bits}), .LANES(W_FACTOR), .GUARD(@{guard_bits}), .EXP_BITS(@{exp_bits}), .CUTS(PRE_CUTS)
	) align (
		.clk(clk), .act(act), .is_float(is_float), .wgt(weights), .columns(aligned), .negatives(negatives), .exp_max(exp_max),
		.specials(specials), .lost(lost)
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
	delay #(.WIDTH(4), .CYCLES(PRE_CUTS + DELAY)) delay_kinds (.clk(clk), .rst(rst), .in(specials), .out(tag_kinds));
	assign tag_specials = {tag_kinds, tag_lost} & {5{tag_float}};
//@ else
	assign aligned = weights;
	assign negatives = {N{1'b0}};
	assign tag_exp = @{post_exp_bits}'d0;
	assign tag_specials = 5'd0;
//@ end

	wire flush;
	delay #(.WIDTH(1), .CYCLES(PRE_CUTS + DELAY)) delay_flush (.clk(clk), .rst(rst), .in(rst), .out(flush));
	postprocess #(
		.HAS_FLOAT(@{has_float}), .HAS_FIXED(@{has_fixed}), .WIDE(@{accumulation_wide}), .UNITS(1), .TREE_BITS(SUM_BITS),
		.SUM_BITS(@{sum_bits}), .ACC_BITS(@{max(acc_bits, 1)}), .EXP_BITS(@{post_exp_bits}), .SCALE(@{scale_max}),
		.ACC_CUTS(@{pipeline.accumulator}), .PACK_CUTS(@{pipeline.packager}), .RESULT_BITS(@{result_bits}), .OUT_BITS(@{out_bits}),
		.RESULT_FIFO(@{result_fifo})
	) postprocess (
		.clk(clk), .rst(rst), .flush(flush), .tree(sum), .unit_end(tag_end), .unit_parity(1'b0), .out_last(tag_output), .is_float(tag_float),
		.exp(tag_exp), .specials(tag_specials), .credit_take(output_end), .credit(credit), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags)
	);
endmodule
`default_nettype wire
