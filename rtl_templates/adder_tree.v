//@ only if engine_classic
`default_nettype none
// Adder tree (paper section 4.2): the lanes' picks, signed, each at its significance, in one two's complement number.
// Packed precisions leave sub-word j of a pick in place, j * 24 / P bits up, so its blocks are shifted back instead of up.
// One sum a cycle; latency CUTS cycles (a register behind the blocks, one behind the combined sum).
module adder_tree #(
	parameter LANES = @{lanes},
	parameter WIDTH = @{select_bits},     // of a pick
	parameter TREE_BITS = @{select_bits + lanes + 1},
	parameter CUTS = 1
) (
	// verilator lint_off UNUSED
	input  wire                   clk,
	input  wire [@{packs-1}:0]             pack,      // one hot, the pack factor of the picks on the ports
	// verilator lint_on UNUSED
	input  wire [LANES*WIDTH-1:0] picks,     // inverted where negative
	input  wire [LANES-1:0]       negatives,
	output wire [TREE_BITS-1:0]   tree
);
	// verilator lint_off UNUSED
	wire [@{packs-1}:0] block_pack;
	// verilator lint_on UNUSED
	generate
		if (CUTS >= 1) begin : g_pack
			reg [@{packs-1}:0] pack_q;
			always @(posedge clk)
				pack_q <= pack;
			assign block_pack = pack_q;
		end else begin : g_no_pack
			assign block_pack = pack;
		end
	endgenerate

//@ for b in 0..blocks-1
	//Block @{b}: lanes @{b*block_lanes} to @{min(lanes, (b+1)*block_lanes)-1}
	localparam LANES@{b} = @{min(lanes, (b+1)*block_lanes) - b*block_lanes};
	wire [WIDTH+LANES@{b}:0] block@{b}, sum@{b};
	lane_chunk #(.LANES(LANES@{b}), .WIDTH(WIDTH)) chunk@{b} (
		.picks(picks[@{b*block_lanes}*WIDTH +: LANES@{b}*WIDTH]), .negatives(negatives[@{b*block_lanes} +: LANES@{b}]), .sum(sum@{b})
	);
	generate
		if (CUTS >= 1) begin : g_block@{b}
			reg [WIDTH+LANES@{b}:0] sum_q;
			always @(posedge clk)
				sum_q <= sum@{b};
			assign block@{b} = sum_q;
		end else begin : g_no_block@{b}
			assign block@{b} = sum@{b};
		end
	endgenerate
	wire [TREE_BITS-1:0] wide@{b};
	generate
		if (TREE_BITS > WIDTH + LANES@{b} + 1) begin : g_wide@{b}
			assign wide@{b} = {{(TREE_BITS-WIDTH-LANES@{b}-1){block@{b}[WIDTH+LANES@{b}]}}, block@{b}};
		end else begin : g_same@{b}
			assign wide@{b} = block@{b};
		end
	endgenerate
//@ if packs == 1
	wire [TREE_BITS-1:0] placed@{b} = wide@{b} << @{b*block_lanes};
//@ else
	wire [TREE_BITS-1:0] placed@{b} =
//@ for k in 0..packs-1
//@ if packing[k] == 1
		({TREE_BITS{block_pack[@{k}]}} & (wide@{b} << @{b*block_lanes})) |
//@ elif b*block_lanes < 24
//@ if b*block_lanes >= 2*(24/packing[k])*(b*block_lanes*packing[k]/24)
		({TREE_BITS{block_pack[@{k}]}} & (wide@{b} << @{b*block_lanes - 2*(24/packing[k])*(b*block_lanes*packing[k]/24)})) |
//@ else
		({TREE_BITS{block_pack[@{k}]}} & $unsigned($signed(wide@{b}) >>> @{2*(24/packing[k])*(b*block_lanes*packing[k]/24) - b*block_lanes})) |
//@ end
//@ end
//@ end
		{TREE_BITS{1'b0}};
//@ end

//@ end
	wire [TREE_BITS-1:0] combined =
//@ for b in 0..blocks-2
		placed@{b} +
//@ end
		placed@{blocks-1};
	generate
		if (CUTS >= 2) begin : g_combined
			reg [TREE_BITS-1:0] combined_q;
			always @(posedge clk)
				combined_q <= combined;
			assign tree = combined_q;
		end else begin : g_no_combined
			assign tree = combined;
		end
	endgenerate
endmodule
`default_nettype wire
