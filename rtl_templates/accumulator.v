`default_nettype none
// Accumulator of one unit: adds the adder tree's value of every cycle (0 when idle) and starts anew behind `unit_end` without a
// clearing cycle. In the cycle after unit_end, `sum` is the unit's final value.
module accumulator #(
	parameter TREE_BITS = 49, // two's complement bits of the tree's value
	parameter TREE_WORDS = 1, // 2: the value is tree + tree_carry - 2^(TREE_BITS - 1), neither sum below zero or above TREE_BITS
	parameter ADDS = 1,       // 0: each value is a unit of its own
	parameter SUM_BITS = 53   // two's complement bits of the sum; may be less than TREE_BITS when every value fits
) (
	input  wire                 clk,
	input  wire                 rst,
	//Data
	// verilator lint_off UNUSED
	input  wire [TREE_BITS-1:0] tree, // bits above SUM_BITS repeat the sign
	input  wire [TREE_BITS-1:0] tree_carry,
	// verilator lint_on UNUSED
	input  wire                 unit_end, // tree is the unit's last value
	output wire [SUM_BITS-1:0]  sum,
	output wire                 sum_valid // sum is the final value of the unit that ended in the cycle before
);
	reg [SUM_BITS-1:0] sum_q;
	reg started_q; // sum_q belongs to the unit that is under way
	reg ended_q;
	wire [SUM_BITS-1:0] addend;
	generate
		if (TREE_WORDS == 2 && SUM_BITS > TREE_BITS) begin : g_words
			assign addend = {{(SUM_BITS-TREE_BITS){1'b0}}, tree} + {{(SUM_BITS-TREE_BITS){1'b0}}, tree_carry} + ({SUM_BITS{1'b1}} << (TREE_BITS - 1));
		end else if (TREE_WORDS == 2) begin : g_short_words
			assign addend = tree[SUM_BITS-1:0] + tree_carry[SUM_BITS-1:0] + ({SUM_BITS{1'b1}} << (TREE_BITS - 1));
		end else if (SUM_BITS > TREE_BITS) begin : g_extend
			assign addend = {{(SUM_BITS-TREE_BITS){tree[TREE_BITS-1]}}, tree};
		end else begin : g_fit
			assign addend = tree[SUM_BITS-1:0];
		end
	endgenerate

	always @(posedge clk) begin
		sum_q <= (ADDS != 0 ? sum_q & {SUM_BITS{started_q}} : {SUM_BITS{1'b0}}) + addend;
		started_q <= ~unit_end & ~rst;
		ended_q <= unit_end & ~rst;
	end

	assign sum = sum_q;
	assign sum_valid = ended_q;
endmodule
`default_nettype wire
