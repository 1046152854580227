`default_nettype none
// Decoder of one lane (paper section 4.1): the one-hot select picks a magnitude and its product's sign; no select gives 0 ("fill 0").
// The sign is applied behind it, in the adder tree. CUT = 1 puts a register at the output.
module decoder #(
	parameter ENTRIES = 16,  // pairs to choose from: SLOTS * N
	parameter WIDTH = 24,
	parameter CUT = 1
) (
	input  wire                     clk,
	input  wire [ENTRIES-1:0]       select,
	input  wire [ENTRIES*WIDTH-1:0] mags,
	input  wire [ENTRIES-1:0]       negatives, // sign of each product
	input  wire [WIDTH-1:0]         mask,      // bits of the lane's sub-word
	output wire [WIDTH-1:0]         pick,
	output wire                     negative
);
	reg [WIDTH-1:0] mag;
	integer i;
	always @* begin
		mag = {WIDTH{1'b0}};
		for (i = 0; i < ENTRIES; i = i + 1)
			mag = mag | ({WIDTH{select[i]}} & mags[i*WIDTH +: WIDTH]);
		mag = mag & mask;
	end
	wire sign = |(select & negatives);

	generate
		if (CUT != 0) begin : g_cut
			reg [WIDTH-1:0] pick_q;
			reg negative_q;
			always @(posedge clk) begin
				pick_q <= mag;
				negative_q <= sign;
			end
			assign pick = pick_q;
			assign negative = negative_q;
		end else begin : g_no_cut
			// verilator lint_off UNUSED
			wire unused = clk;
			// verilator lint_on UNUSED
			assign pick = mag;
			assign negative = sign;
		end
	endgenerate
endmodule
`default_nettype wire
