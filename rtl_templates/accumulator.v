`default_nettype none
// Accumulator of one unit: adds the adder tree's value of every cycle (0 when idle) and starts anew behind `unit_end` without a
// clearing cycle. In the cycle after unit_end, `sum` is the unit's final value.
module accumulator #(
	parameter TREE_BITS = 49, // two's complement bits of the tree's value
	parameter SUM_BITS = 53   // two's complement bits of the sum; may be less than TREE_BITS when every value fits
) (
	input  wire                 clk,
	input  wire                 rst,
	//Data
	// verilator lint_off UNUSED
	input  wire [TREE_BITS-1:0] tree, // bits above SUM_BITS repeat the sign
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
		if (SUM_BITS > TREE_BITS) begin : g_extend
			assign addend = {{(SUM_BITS-TREE_BITS){tree[TREE_BITS-1]}}, tree};
		end else begin : g_fit
			assign addend = tree[SUM_BITS-1:0];
		end
	endgenerate

	always @(posedge clk) begin
		sum_q <= (sum_q & {SUM_BITS{started_q}}) + addend;
		started_q <= ~unit_end & ~rst;
		ended_q <= unit_end & ~rst;
	end

	assign sum = sum_q;
	assign sum_valid = ended_q;
endmodule
`default_nettype wire
