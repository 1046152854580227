//@ only if engine_dense
`default_nettype none
// Sum of N products, one set a cycle: products, blocks of BLOCK products, all blocks. Between the registers everything is two words whose sum
// counts, carry-save, so that no carry runs before the last addition, which is here with TREE_CUTS = 2, and else behind `save` and `carry`.
// Words are never negative (see product_block.v): with TREE_CUTS < 2 the sum is save + carry - 2^(WIDTH - 1), without wrap, with 2 it is save in
// two's complement, and carry is 0. Latency PRODUCT_CUTS + TREE_CUTS.
module product_sum #(
	parameter N = 16,
	parameter X_BITS = 8,       // of a factor in two's complement; this one is recoded
	parameter Y_BITS = 8,
	parameter WIDTH = 20,       // X_BITS to the next even number + Y_BITS + clog2(N)
	parameter GATED = 1,        // 0: `valid` does not count
	parameter BLOCK = 4,
	parameter PRODUCT_CUTS = 1, // 0 to 2: behind the blocks, behind each product
	parameter TREE_CUTS = 1     // 0 to 2: behind the sum of the blocks, behind its two words' sum
) (
	// verilator lint_off UNUSED
	input  wire                clk,
	input  wire                valid,  // 0: counts as no products; PRODUCT_CUTS cycles late
	// verilator lint_on UNUSED
	input  wire [N*X_BITS-1:0] x,
	input  wire [N*Y_BITS-1:0] y,
	input  wire [N-1:0]        negate, // the product counts negative
	output wire [WIDTH-1:0]    save,
	output wire [WIDTH-1:0]    carry
);
	localparam DIGITS = (X_BITS + 1) / 2;
	localparam BLOCKS = (N + BLOCK - 1) / BLOCK;
	localparam UNIT = PRODUCT_CUTS >= 2 ? 1 : BLOCK; // products in one product_block
	localparam UNITS = (N + UNIT - 1) / UNIT;

	// the first unit adds what is missing to 2^(WIDTH - 1): no other needs words as wide as the sum
	function [WIDTH-1:0] first_offset;
		input integer unused;
		integer r;
		begin
			first_offset = {1'b1, {(WIDTH-1){1'b0}}};
			for (r = 0; r < DIGITS; r = r + 1)
				first_offset = first_offset - (N << (2 * r + Y_BITS));
		end
	endfunction
	localparam [WIDTH-1:0] OFFSET = first_offset(0);

	//Units
	wire [UNITS*WIDTH-1:0] unit_saves, unit_carries;
	genvar i;
	generate
		for (i = 0; i < UNITS; i = i + 1) begin : g_unit
			localparam COUNT = N - i * UNIT < UNIT ? N - i * UNIT : UNIT;
			localparam NARROW = 2 * DIGITS + Y_BITS + $clog2(COUNT);
			localparam BITS = i == 0 ? WIDTH : NARROW < WIDTH ? NARROW : WIDTH;
			wire [BITS-1:0] unit_save, unit_carry, late_save, late_carry;
			product_block #(.COUNT(COUNT), .X_BITS(X_BITS), .Y_BITS(Y_BITS), .WIDTH(BITS), .OFFSET(i == 0 ? OFFSET[BITS-1:0] : {BITS{1'b0}})) products (
				.x(x[i*UNIT*X_BITS +: COUNT*X_BITS]), .y(y[i*UNIT*Y_BITS +: COUNT*Y_BITS]), .negate(negate[i*UNIT +: COUNT]),
				.save(unit_save), .carry(unit_carry)
			);
			delay #(.WIDTH(2 * BITS), .CYCLES(PRODUCT_CUTS >= 1 ? 1 : 0)) cut (
				.clk(clk), .rst(1'b0), .in({unit_carry, unit_save}), .out({late_carry, late_save})
			);
			assign unit_saves[i*WIDTH +: BITS] = late_save;
			assign unit_carries[i*WIDTH +: BITS] = late_carry;
			if (BITS < WIDTH) begin : g_extend
				assign unit_saves[i*WIDTH+BITS +: WIDTH-BITS] = {(WIDTH-BITS){1'b0}};
				assign unit_carries[i*WIDTH+BITS +: WIDTH-BITS] = {(WIDTH-BITS){1'b0}};
			end
		end
	endgenerate

	//Blocks
	wire [2*BLOCKS*WIDTH-1:0] blocks;
	generate
		for (i = 0; i < BLOCKS; i = i + 1) begin : g_block
			if (UNIT == BLOCK) begin : g_unit
				assign blocks[2*i*WIDTH +: 2*WIDTH] = {unit_carries[i*WIDTH +: WIDTH], unit_saves[i*WIDTH +: WIDTH]};
			end else begin : g_units
				localparam COUNT = N - i * BLOCK < BLOCK ? N - i * BLOCK : BLOCK;
				wire [WIDTH-1:0] block_save, block_carry;
				word_compressor #(.COUNT(2 * COUNT), .WIDTH(WIDTH)) adder (
					.words({unit_carries[i*BLOCK*WIDTH +: COUNT*WIDTH], unit_saves[i*BLOCK*WIDTH +: COUNT*WIDTH]}),
					.save(block_save), .carry(block_carry)
				);
				delay #(.WIDTH(2 * WIDTH), .CYCLES(1)) cut (
					.clk(clk), .rst(1'b0), .in({block_carry, block_save}), .out(blocks[2*i*WIDTH +: 2*WIDTH])
				);
			end
		end
	endgenerate

	//All of them
	wire [WIDTH-1:0] total_save, total_carry, gated_save, gated_carry, sum_save, sum_carry;
	word_compressor #(.COUNT(2 * BLOCKS), .WIDTH(WIDTH)) total_adder (.words(blocks), .save(total_save), .carry(total_carry));
	generate
		if (GATED != 0) begin : g_gated
			assign gated_save = {total_save[WIDTH-1] | ~valid, total_save[WIDTH-2:0] & {(WIDTH-1){valid}}};
			assign gated_carry = total_carry & {WIDTH{valid}};
		end else begin : g_open
			assign gated_save = total_save;
			assign gated_carry = total_carry;
		end
	endgenerate
	delay #(.WIDTH(2 * WIDTH), .CYCLES(TREE_CUTS >= 1 ? 1 : 0)) cut_total (
		.clk(clk), .rst(1'b0), .in({gated_carry, gated_save}), .out({sum_carry, sum_save})
	);
	generate
		if (TREE_CUTS >= 2) begin : g_sum
			wire [WIDTH-1:0] sum = sum_save + sum_carry;
			delay #(.WIDTH(WIDTH), .CYCLES(1)) cut (.clk(clk), .rst(1'b0), .in({~sum[WIDTH-1], sum[WIDTH-2:0]}), .out(save));
			assign carry = {WIDTH{1'b0}};
		end else begin : g_words
			assign save = sum_save;
			assign carry = sum_carry;
		end
	endgenerate
endmodule
`default_nettype wire
