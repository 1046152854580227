`default_nettype none
// Test bench top: many configurations of the modules behind the adder tree side by side, for post_bench.cpp to drive. Each instance tells its
// parameters on `*_config`, 32 bits each, so that the program has no second copy of them.
`define PACKAGER(K, SUM, EXP, ROOM, K_SCALE, K_CUTS) \
	wire [31:0] room``K = {{(32-EXP){1'b0}}, pack_exp[EXP-1:0]} + (124 + SUM - K_SCALE); \
	wire sign``K; \
	wire [3:0] kind``K; \
	special_kind specials``K (.specials(pack_specials), .negative(pack_sum[SUM-1]), .sign(sign``K), .kind(kind``K)); \
	final_packager #(.SUM_BITS(SUM), .ROOM_BITS(ROOM), .LIMIT(124 - K_SCALE < -2 ? 1 : 0), .CUTS(K_CUTS), .TAG_BITS(9)) packager``K ( \
		.clk(clk), .sum(pack_sum[SUM-1:0]), .room(room``K[ROOM-1:0]), .sign(sign``K), .kind(kind``K), .in_tag({pack_valid, pack_tag}), \
		.tag(packed_out[K*64+36 +: 9]), .flags(packed_out[K*64+32 +: 4]), .result(packed_out[K*64 +: 32])); \
	assign packed_out[K*64+45 +: 19] = 19'd0; \
	assign pack_config[K*128 +: 128] = {32'd``K_CUTS, 32'd``K_SCALE, 32'd``EXP, 32'd``SUM};
`define FIXED(K, SUM, RESULT, OUT) \
	fixed_result #(.SUM_BITS(SUM), .RESULT_BITS(RESULT), .OUT_BITS(OUT)) fixed``K ( \
		.sum(pack_sum[SUM-1:0]), .result(fixed_out[K*128 +: OUT]), .overflow(fixed_out[K*128+64])); \
	assign fixed_out[K*128+65 +: 63] = 63'd0; \
	assign fixed_config[K*128 +: 128] = {32'd0, 32'd``OUT, 32'd``RESULT, 32'd``SUM};
`define POST(K, FLT, FIX, K_WIDE, K_UNITS, TREE, SUM, FBITS, ACC, EXP, K_SCALE, ACUTS, PCUTS, RESULT, OUT, FIFO) \
	wire [K_UNITS*TREE-1:0] tree``K; \
	assign tree``K[TREE-1:0] = post_tree[K*128 +: TREE]; \
	generate if (K_UNITS == 2) begin : g_tree``K assign tree``K[K_UNITS*TREE-1 -: TREE] = post_tree[K*128+64 +: TREE]; end endgenerate \
	postprocess #(.HAS_FLOAT(FLT), .HAS_FIXED(FIX), .WIDE(K_WIDE), .UNITS(K_UNITS), .TREE_BITS(TREE), .SUM_BITS(SUM), .FLOAT_BITS(FBITS), \
		.ACC_BITS(ACC), .EXP_BITS(EXP), .SCALE(K_SCALE), .ACC_CUTS(ACUTS), .PACK_CUTS(PCUTS), .RESULT_BITS(RESULT), .OUT_BITS(OUT), \
		.RESULT_FIFO(FIFO)) post``K ( \
		.clk(clk), .rst(rst), .flush(rst), .tree(tree``K), .tree_carry({(K_UNITS*TREE){1'b0}}), .unit_end(post_in[K*64]), .unit_parity(post_in[K*64+1]), .out_last(post_in[K*64+2]), \
		.is_float(post_in[K*64+3]), .credit_take(post_in[K*64+4]), .out_ready(post_in[K*64+5]), .specials(post_in[K*64+8 +: 5]), \
		.exp(post_in[K*64+16 +: EXP]), .credit(post_out[K*128]), .out_valid(post_out[K*128+1]), .out_flags(post_out[K*128+4 +: 4]), \
		.out_result(post_out[K*128+64 +: OUT])); \
	assign post_config[K*512 +: 512] = {32'd0, 32'd``FIFO, 32'd``OUT, 32'd``RESULT, 32'd``PCUTS, 32'd``ACUTS, 32'd``K_SCALE, 32'd``EXP, 32'd``ACC, \
		32'd``FBITS, 32'd``SUM, 32'd``TREE, 32'd``K_UNITS, 32'd``K_WIDE, 32'd``FIX, 32'd``FLT};
module post_bench (
	// verilator lint_off UNUSED
	// verilator lint_off UNDRIVEN
	input  wire            clk,
	input  wire            rst,
	//final_packager and fixed_result
	input  wire            pack_valid,
	input  wire [127:0]    pack_sum,
	input  wire [15:0]     pack_exp,
	input  wire [4:0]      pack_specials,
	input  wire [7:0]      pack_tag,
	output wire [8*64-1:0] packed_out,
	output wire [8*128-1:0] pack_config,
	output wire [4*128-1:0] fixed_out,
	output wire [4*128-1:0] fixed_config,
	//fp32_adder
	input  wire [31:0]     add_a,
	input  wire [31:0]     add_b,
	output wire [4*64-1:0] add_out,
	//postprocess
	input  wire [17*128-1:0] post_tree,
	input  wire [17*64-1:0] post_in,
	output wire [17*128-1:0] post_out,
	output wire [17*512-1:0] post_config
	// verilator lint_on UNDRIVEN
);
	`PACKAGER(0, 53, 9, 10, 300, 0)
	`PACKAGER(1, 53, 9, 10, 303, 1)
	`PACKAGER(2, 65, 9, 10, 300, 2)
	`PACKAGER(3, 21, 9, 10, 268, 3)
	`PACKAGER(4, 27, 6, 9, 50, 1)
	`PACKAGER(5, 34, 10, 11, 326, 2)
	`PACKAGER(6, 80, 9, 10, 308, 0)
	`PACKAGER(7, 26, 9, 10, 274, 1)

	`FIXED(0, 53, 32, 32)
	`FIXED(1, 20, 32, 64)
	`FIXED(2, 40, 8, 8)
	`FIXED(3, 64, 64, 64)

	genvar c;
	generate
		for (c = 0; c < 4; c = c + 1) begin : g_adder
			fp32_adder #(.CUTS(c)) adder (.clk(clk), .a(add_a), .b(add_b), .sum(add_out[c*64 +: 32]), .flags(add_out[c*64+32 +: 4]));
			assign add_out[c*64+36 +: 28] = 28'd0;
		end
	endgenerate

	//       float fixed wide units tree sum float acc exp scale acc pack result out fifo
	`POST(0, 1, 0, 0, 1, 49, 53, 53, 65, 9, 300, 2, 1, 32, 32, 1)
	`POST(1, 1, 0, 1, 1, 49, 53, 53, 65, 9, 300, 0, 1, 32, 32, 2)
	`POST(2, 0, 1, 0, 2, 36, 44, 44, 44, 2, 0, 0, 0, 32, 32, 2)
	`POST(3, 1, 1, 0, 1, 49, 53, 53, 65, 9, 303, 3, 2, 40, 40, 1)
	`POST(4, 1, 1, 1, 2, 49, 60, 53, 65, 10, 326, 1, 2, 24, 32, 2)
	`POST(5, 1, 1, 0, 2, 17, 40, 21, 30, 9, 268, 0, 0, 16, 32, 3)
	`POST(6, 0, 1, 0, 1, 9, 24, 24, 24, 2, 0, 0, 0, 16, 16, 1)
	`POST(7, 1, 0, 0, 1, 23, 27, 27, 39, 6, 50, 1, 3, 32, 32, 4)
	`POST(8, 1, 1, 1, 1, 49, 53, 53, 57, 9, 300, 1, 0, 64, 64, 1)
	`POST(9, 1, 0, 0, 1, 49, 53, 53, 65, 9, 300, 1, 2, 32, 32, 5)
	`POST(10, 1, 0, 0, 1, 49, 53, 53, 65, 9, 300, 3, 1, 32, 32, 2)
	`POST(11, 1, 1, 0, 1, 49, 53, 53, 65, 9, 302, 3, 0, 32, 32, 1)
	`POST(12, 1, 1, 0, 1, 17, 21, 21, 30, 9, 268, 1, 1, 16, 32, 2)
	`POST(13, 1, 0, 0, 1, 23, 27, 27, 39, 6, 50, 3, 3, 32, 32, 4)
	`POST(14, 1, 0, 1, 1, 49, 53, 53, 65, 9, 300, 2, 1, 32, 32, 2)
	`POST(15, 1, 1, 1, 2, 49, 60, 53, 65, 10, 326, 3, 2, 24, 32, 2)
	`POST(16, 1, 0, 1, 1, 23, 27, 27, 33, 6, 50, 3, 0, 32, 32, 1)
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
