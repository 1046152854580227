//@ only if engine_classic
`default_nettype none
// Back half of a PE: one decoder a lane, the adder tree, and everything behind it (accumulator, final packager, result FIFO).
// Driven by a distiller's selects; nothing stalls here: the distiller ends an output only when `credit` says that the FIFO has room.
// With SLOTS > 1 lanes may work for two units at once: each unit (parity) has its own tree and sum.
module pe_datapath (
	input  wire                       clk,
	input  wire                       rst,
	//Lanes
	input  wire [@{lanes*slots*n-1}:0] first,        // lane l, slot k, pair i at (l * SLOTS + k) * N + i
	input  wire [@{lanes*slots-1}:0] grant,        // lane l at l * SLOTS
	input  wire [@{slots*n*sign_blocks-1}:0] distilled_signs,
	// verilator lint_off UNUSED
	input  wire [@{slots-1}:0] slot_unit,
	input  wire [@{mode_bits-1}:0] lane_mode,
	// verilator lint_on UNUSED
	//Selected operand
	input  wire [@{slots*n*select_bits-1}:0] mags,
	input  wire [@{slots*n*sign_blocks-1}:0] selected_signs,
	//End tag, in the cycle in which the lanes issue
	input  wire                       unit_end,
	input  wire                       unit_parity,
	input  wire                       unit_float,
	input  wire                       output_end,
	input  wire [@{exp_bits-1}:0] exp_max,
	input  wire [4:0]                 specials,
	output wire                       credit,
	//Results
	output wire                       out_valid,
	input  wire                       out_ready,
	output wire [@{out_bits-1}:0] out_result,
	output wire [3:0]                 out_flags
);
	localparam N = @{n};
	localparam SLOTS = @{slots};
	localparam LANES = @{lanes};
	localparam WIDTH = @{select_bits};
	localparam SIGN_BLOCKS = @{sign_blocks};
	localparam SIGN_LANES = @{sign_lanes};
	localparam TREE_BITS = @{select_bits + lanes + 1};
	localparam DELAY = @{pipeline.decoder + pipeline.tree};
	localparam UNITS = @{min(slots, 2)};

	//Precision of the groups that the lanes hold
	wire [@{packs-1}:0] pack;
//@ if packs == 1
	assign pack = 1'b1;
//@ else
//@ for k in 0..packs-1
	assign pack[@{k}] =
//@ for m in 0..modes-1
//@ if mode[m].pack == packing[k]
		(lane_mode == @{mode_bits}'d@{m}) |
//@ end
//@ end
		1'b0;
//@ end
//@ end
	wire [@{post_exp_bits-1}:0] exp_scaled;
//@ if has_float
	wire [@{post_exp_bits-1}:0] exp_offset =
//@ for m in 0..modes-1
//@ if mode[m].is_float
		(lane_mode == @{mode_bits}'d@{m} ? @{post_exp_bits}'d@{mode[m].exp_offset} : @{post_exp_bits}'d0) |
//@ end
//@ end
		@{post_exp_bits}'d0;
	// 0 stays 0: no pair took part
//@ if post_exp_bits > exp_bits
	assign exp_scaled = ({@{post_exp_bits-exp_bits}'d0, exp_max} + exp_offset) & {@{post_exp_bits}{|exp_max}};
//@ else
	assign exp_scaled = (exp_max + exp_offset) & {@{post_exp_bits}{|exp_max}};
//@ end
//@ else
	assign exp_scaled = exp_max;
//@ end

	//Lanes: decoders
	wire [SLOTS*N*SIGN_BLOCKS-1:0] negatives = distilled_signs ^ selected_signs;
	wire [LANES*WIDTH-1:0] picks;
	wire [LANES-1:0] pick_negative;
	wire [LANES-1:0] pick_unit;      // parity of the unit that the lane works for
	genvar l, i;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			localparam BLOCK = l / SIGN_LANES < SIGN_BLOCKS ? l / SIGN_LANES : SIGN_BLOCKS - 1;
			wire [SLOTS*N-1:0] lane_negatives;
			for (i = 0; i < SLOTS; i = i + 1) begin : g_sign
				assign lane_negatives[i*N +: N] = negatives[(i*SIGN_BLOCKS+BLOCK)*N +: N];
			end
//@ if packs == 1
			wire [WIDTH-1:0] mask = {WIDTH{1'b1}};
//@ else
			wire [WIDTH-1:0] mask =
//@ for k in 0..packs-1
//@ if packing[k] == 1
				{WIDTH{pack[@{k}]}} |
//@ else
				({WIDTH{pack[@{k}]}} & (({WIDTH{1'b1}} >> (WIDTH - @{24/packing[k]})) << (@{24/packing[k]} * (BLOCK * @{packing[k]} / SIGN_BLOCKS)))) |
//@ end
//@ end
				{WIDTH{1'b0}};
//@ end
			decoder #(.N(N), .SLOTS(SLOTS), .WIDTH(WIDTH), .CUT(@{pipeline.decoder})) decoder (
				.clk(clk), .first(first[l*SLOTS*N +: SLOTS*N]), .grant(grant[l*SLOTS +: SLOTS]), .mags(mags), .negatives(lane_negatives), .mask(mask),
				.pick(picks[l*WIDTH +: WIDTH]), .negative(pick_negative[l])
			);
		end
	endgenerate

//@ if slots > 1
	wire [LANES-1:0] lane_unit;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane_unit
			assign lane_unit[l] = |(slot_unit & grant[l*SLOTS +: SLOTS]);
		end
	endgenerate
//@ else
	wire [LANES-1:0] lane_unit = {LANES{1'b0}};
//@ end
	wire [@{packs-1}:0] pick_pack;
	delay #(.WIDTH(@{packs}), .CYCLES(@{pipeline.decoder})) delay_pack (.clk(clk), .rst(rst), .in(pack), .out(pick_pack));
	delay #(.WIDTH(LANES), .CYCLES(@{pipeline.decoder})) delay_unit (.clk(clk), .rst(rst), .in(lane_unit), .out(pick_unit));

	//Adder tree: one for each unit
	wire [UNITS*TREE_BITS-1:0] tree;
	genvar u;
	generate
		for (u = 0; u < UNITS; u = u + 1) begin : g_unit
			wire [LANES*WIDTH-1:0] unit_picks;
			wire [LANES-1:0] unit_negative;
			if (UNITS == 1) begin : g_all
				assign unit_picks = picks;
				assign unit_negative = pick_negative;
				// verilator lint_off UNUSED
				wire unused = ^pick_unit;
				// verilator lint_on UNUSED
			end else begin : g_own
				for (l = 0; l < LANES; l = l + 1) begin : g_lane
					wire mine = pick_unit[l] == (u == 1);
					assign unit_picks[l*WIDTH +: WIDTH] = picks[l*WIDTH +: WIDTH] & {WIDTH{mine}};
					assign unit_negative[l] = pick_negative[l] & mine;
				end
			end
			adder_tree #(.LANES(LANES), .WIDTH(WIDTH), .TREE_BITS(TREE_BITS), .CUTS(@{pipeline.tree})) adder_tree (
				.clk(clk), .pack(pick_pack), .picks(unit_picks), .negatives(unit_negative), .tree(tree[u*TREE_BITS +: TREE_BITS])
			);
		end
	endgenerate

	//End tag beside the lanes
	wire tag_end, tag_parity, tag_float, tag_output;
	wire [@{post_exp_bits-1}:0] tag_exp;
	wire [4:0] tag_specials;
	delay #(.WIDTH(1), .CYCLES(DELAY), .RESET(1)) delay_end (.clk(clk), .rst(rst), .in(unit_end), .out(tag_end));
	wire flush;
	delay #(.WIDTH(1), .CYCLES(DELAY)) delay_flush (.clk(clk), .rst(rst), .in(rst), .out(flush));
	delay #(.WIDTH(@{post_exp_bits} + 8), .CYCLES(DELAY)) delay_tag (
		.clk(clk), .rst(rst), .in({unit_parity, unit_float, output_end, exp_scaled, specials}),
		.out({tag_parity, tag_float, tag_output, tag_exp, tag_specials})
	);

	postprocess #(
		.HAS_FLOAT(@{has_float}), .HAS_FIXED(@{has_fixed}), .WIDE(@{accumulation_wide}), .UNITS(UNITS), .TREE_BITS(TREE_BITS),
		.SUM_BITS(@{sum_bits}), .ACC_BITS(@{max(acc_bits, 1)}), .EXP_BITS(@{post_exp_bits}), .SCALE(@{scale_max}),
		.ACC_CUTS(@{pipeline.accumulator}), .PACK_CUTS(@{pipeline.packager}), .RESULT_BITS(@{result_bits}), .OUT_BITS(@{out_bits}),
		.RESULT_FIFO(@{result_fifo})
	) postprocess (
		.clk(clk), .rst(rst), .flush(flush), .tree(tree), .tree_carry({(UNITS*TREE_BITS){1'b0}}), .unit_end(tag_end), .unit_parity(tag_parity), .out_last(tag_output), .is_float(tag_float),
		.exp(tag_exp), .specials(tag_specials), .credit_take(output_end), .credit(credit), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags)
	);
endmodule
`default_nettype wire
