`default_nettype none
// Everything behind the adder tree: accumulator, final packager, accumulation over groups, saturation, result FIFO and its credits.
// Nothing here stalls: an output is started only with credit. A result is seen LATENCY cycles after the unit_end of its output:
// 2 without float, else 3 + PACK_CUTS + ACC_CUTS, for fixed results as well. With accumulation fp32 float units end at least ACC_CUTS + 1
// cycles apart.
module postprocess #(
	// verilator lint_off UNUSED
	parameter HAS_FLOAT = 0,      // the modules of an absent kind are not there, and then nothing uses its parameters
	parameter HAS_FIXED = 0,
	parameter WIDE = 0,           // float accumulation: 0 fp32, 1 wide
	parameter UNITS = 1,          // trees: 1, or 2 (one for each unit parity)
	parameter TREE_BITS = 49,     // two's complement bits of a tree's value
	parameter TREE_WORDS = 1,     // 2: a tree's value is tree + tree_carry - 2^(TREE_BITS - 1), see accumulator
	parameter GROUPS_APART = 0,   // 1: each value of a tree is a unit of its own
	parameter SUM_BITS = 53,      // two's complement bits of a unit's sum
	parameter FLOAT_BITS = SUM_BITS, // of a float group's sum, at most SUM_BITS
	parameter ACC_BITS = 65,      // two's complement bits of A (WIDE)
	parameter EXP_BITS = 9,       // bits of F
	parameter SCALE = 300,        // a float sum is worth S * 2^(F - SCALE)
	parameter ACC_CUTS = 1,       // WIDE: 0 or 1; else 0 to 3
	parameter PACK_CUTS = 1,      // 0 to 3
	parameter RESULT_BITS = 32,   // of a fixed result
	parameter OUT_BITS = 32,
	parameter RESULT_FIFO = 2     // results, at least 1
	// verilator lint_on UNUSED
) (
	input  wire                       clk,
	input  wire                       rst,
	input  wire                       flush,       // rst as late as the tree is: what it held before the reset is not summed
	//Tree, and the end tag of its unit in the same cycle
	input  wire [UNITS*TREE_BITS-1:0] tree,
	input  wire                       unit_end,
	// verilator lint_off UNUSED
	input  wire [UNITS*TREE_BITS-1:0] tree_carry,
	input  wire                       unit_parity, // which of two units ends
	input  wire                       out_last,    // the unit ends its output
	input  wire                       is_float,
	input  wire [EXP_BITS-1:0]        exp,         // F, 0 when no pair takes part
	input  wire [4:0]                 specials,    // nan, pinf, ninf, invalid, inexact
	// verilator lint_on UNUSED
	//Credits
	input  wire                       credit_take,
	output wire                       credit,
	//Results
	output wire                       out_valid,
	input  wire                       out_ready,
	output wire [OUT_BITS-1:0]        out_result,
	output wire [3:0]                 out_flags    // invalid, overflow, underflow, inexact
);
	localparam MIXED = HAS_FLOAT != 0 && HAS_FIXED != 0;
	localparam CUTS = PACK_CUTS + ACC_CUTS;
	// a fixed word carries its overflow flag, a float word all four
	localparam WORD_BITS = HAS_FLOAT != 0 ? OUT_BITS + 4 : OUT_BITS + 1;

	//Sum of the unit that ended in the cycle before
	wire [UNITS*SUM_BITS-1:0] sums;
	wire [UNITS-1:0] sum_valid;
	wire [SUM_BITS-1:0] sum;
	// verilator lint_off UNUSED
	wire valid = |sum_valid;
	// verilator lint_on UNUSED
	genvar u;
	generate
		for (u = 0; u < UNITS; u = u + 1) begin : g_unit
			accumulator #(.TREE_BITS(TREE_BITS), .TREE_WORDS(TREE_WORDS), .ADDS(GROUPS_APART == 0 ? 1 : 0), .SUM_BITS(SUM_BITS)) accumulator (
				.clk(clk), .rst(rst | flush), .tree(tree[u*TREE_BITS +: TREE_BITS]), .tree_carry(tree_carry[u*TREE_BITS +: TREE_BITS]), .unit_end(unit_end && (UNITS == 1 || unit_parity == (u == 1))),
				.sum(sums[u*SUM_BITS +: SUM_BITS]), .sum_valid(sum_valid[u]));
		end
		if (UNITS == 1) begin : g_sum
			assign sum = sums;
		end else begin : g_select
			assign sum = sum_valid[1] ? sums[SUM_BITS +: SUM_BITS] : sums[0 +: SUM_BITS];
		end
	endgenerate

	//Fixed result, in that same cycle
	wire [WORD_BITS-1:0] fixed_word;
	generate
		if (HAS_FIXED != 0) begin : g_fixed
			wire [OUT_BITS-1:0] result;
			wire overflow;
			fixed_result #(.SUM_BITS(SUM_BITS), .RESULT_BITS(RESULT_BITS), .OUT_BITS(OUT_BITS)) fixed_result (
				.sum(sum), .result(result), .overflow(overflow));
			if (HAS_FLOAT != 0) begin : g_four_flags
				assign fixed_word = {1'b0, overflow, 2'b0, result};
			end else begin : g_flag
				assign fixed_word = {overflow, result};
			end
		end else begin : g_no_fixed
			assign fixed_word = {WORD_BITS{1'b0}};
		end
	endgenerate

	//Float result, 1 + CUTS cycles later
	wire float_valid;
	wire [WORD_BITS-1:0] float_word;
	generate
		if (HAS_FLOAT != 0) begin : g_float
			wire [31:0] result;
			wire [3:0] flags;
			float_path #(
				.WIDE(WIDE), .SUM_BITS(FLOAT_BITS), .ACC_BITS(ACC_BITS), .EXP_BITS(EXP_BITS), .SCALE(SCALE), .ACC_CUTS(ACC_CUTS),
				.PACK_CUTS(PACK_CUTS)
			) float_path (
				.clk(clk), .rst(rst), .in_valid(unit_end & is_float), .exp(exp), .last(out_last), .specials(specials),
				.sum(sum[FLOAT_BITS-1:0]), .out_valid(float_valid), .out(result), .flags(flags));
			if (OUT_BITS > 32) begin : g_extend
				assign float_word = {flags, {(OUT_BITS-32){1'b0}}, result};
			end else begin : g_word
				assign float_word = {flags, result};
			end
		end else begin : g_no_float
			assign float_valid = 1'b0;
			assign float_word = {WORD_BITS{1'b0}};
		end
	endgenerate

	//Results: a fixed one of a mixed configuration waits in its place of the FIFO until a float one would be there
	wire claim, early, push;
	wire [WORD_BITS-1:0] out_word;
	generate
		if (MIXED) begin : g_mixed
			reg last_q, fixed_q;
			always @(posedge clk) begin
				last_q <= unit_end & out_last & ~rst;
				fixed_q <= ~is_float;
			end
			assign claim = last_q;
			assign early = fixed_q;
			delay #(.WIDTH(1), .CYCLES(CUTS + 1), .RESET(1)) pushes (.clk(clk), .rst(rst), .in(claim), .out(push));
			result_fifo #(.DEPTH(RESULT_FIFO), .WIDTH(WORD_BITS), .EARLY(1)) fifo (
				.clk(clk), .rst(rst), .claim(claim), .early(early), .early_word(fixed_word), .push(push), .write(float_valid),
				.word(float_word), .out_valid(out_valid), .out_ready(out_ready), .out(out_word));
		end else begin : g_single
			assign claim = 1'b0;
			assign early = 1'b0;
			assign push = HAS_FLOAT != 0 ? float_valid : valid;
			result_fifo #(.DEPTH(RESULT_FIFO), .WIDTH(WORD_BITS), .EARLY(0)) fifo (
				.clk(clk), .rst(rst), .claim(claim), .early(early), .early_word(fixed_word), .push(push), .write(1'b1),
				.word(HAS_FLOAT != 0 ? float_word : fixed_word), .out_valid(out_valid), .out_ready(out_ready), .out(out_word));
		end
		if (HAS_FLOAT != 0) begin : g_all_flags
			assign out_flags = out_word[WORD_BITS-1 -: 4];
		end else begin : g_flag
			assign out_flags = {1'b0, out_word[WORD_BITS-1], 2'b0};
		end
	endgenerate
	assign out_result = out_word[OUT_BITS-1:0];

	credit_counter #(.DEPTH(RESULT_FIFO)) credits (.clk(clk), .rst(rst), .take(credit_take), .give(out_valid & out_ready), .credit(credit));
endmodule
`default_nettype wire
