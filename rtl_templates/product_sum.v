//@ only if engine_dense
`default_nettype none
// Sum of N products in two's complement, one set a cycle: multipliers, blocks of BLOCK products, all blocks. Written so that synthesis merges
// multipliers and additions into carry-save trees between the registers.
// Magnitudes (SIGNED = 0): a negative product comes inverted, x = ~p, and -p = x + 1 - 2^P, so that the signs make one more row (see lane_chunk.v).
// Latency PRODUCT_CUT + TREE_CUTS.
module product_sum #(
	parameter N = 16,
	parameter A_BITS = 8,
	parameter B_BITS = 8,
	parameter SIGNED = 1,      // 1: two's complement operands; 0: magnitudes and a sign of the product
	parameter SUM_BITS = 20,   // A_BITS + B_BITS + clog2(N), one more for magnitudes; or above
	parameter BLOCK = 4,
	parameter BOOTH = 4,       // operands a of at least so many bits are recoded: 15% less area at 8 bits, 25% at 16
	parameter PRODUCT_CUT = 1, // 1: a register behind each multiplier
	parameter TREE_CUTS = 1    // 0 to 2: behind the blocks, behind their sum
) (
	// verilator lint_off UNUSED
	input  wire                clk,
	input  wire [N-1:0]        negatives,
	// verilator lint_on UNUSED
	input  wire [N*A_BITS-1:0] a,
	input  wire [N*B_BITS-1:0] b,
	input  wire                valid,     // 0: counts as no products; late, beside the blocks' sum
	output wire [SUM_BITS-1:0] sum
);
	localparam P_BITS = A_BITS + B_BITS;
	localparam BLOCKS = (N + BLOCK - 1) / BLOCK;
	genvar i, k;

	//Products, extended
	wire [N*SUM_BITS-1:0] rows;
	wire [N-1:0] row_negatives;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_product
			wire [P_BITS-1:0] product, row;
			if (SIGNED != 0) begin : g_signed
				if (A_BITS >= BOOTH) begin : g_booth
					booth_multiplier #(.X_BITS(A_BITS), .Y_BITS(B_BITS)) multiplier (
						.x(a[i*A_BITS +: A_BITS]), .y(b[i*B_BITS +: B_BITS]), .product(product)
					);
				end else begin : g_plain
					wire signed [A_BITS-1:0] x = a[i*A_BITS +: A_BITS];
					wire signed [B_BITS-1:0] y = b[i*B_BITS +: B_BITS];
					assign product = x * y;
				end
				assign row_negatives[i] = 1'b0;
				assign rows[i*SUM_BITS +: SUM_BITS] = {{(SUM_BITS-P_BITS){row[P_BITS-1]}}, row};
			end else begin : g_magnitude
				wire [P_BITS-1:0] magnitude;
				if (A_BITS >= BOOTH) begin : g_booth
					// verilator lint_off UNUSED
					wire [P_BITS+1:0] signed_product; // of numbers that are not negative
					// verilator lint_on UNUSED
					booth_multiplier #(.X_BITS(A_BITS + 1), .Y_BITS(B_BITS + 1)) multiplier (
						.x({1'b0, a[i*A_BITS +: A_BITS]}), .y({1'b0, b[i*B_BITS +: B_BITS]}), .product(signed_product)
					);
					assign magnitude = signed_product[P_BITS-1:0];
				end else begin : g_plain
					assign magnitude = a[i*A_BITS +: A_BITS] * b[i*B_BITS +: B_BITS];
				end
				assign product = magnitude ^ {P_BITS{negatives[i]}};
				delay #(.WIDTH(1), .CYCLES(PRODUCT_CUT)) cut (.clk(clk), .rst(1'b0), .in(negatives[i]), .out(row_negatives[i]));
				assign rows[i*SUM_BITS +: SUM_BITS] = {{(SUM_BITS-P_BITS){1'b0}}, row};
			end
			delay #(.WIDTH(P_BITS), .CYCLES(PRODUCT_CUT)) cut (.clk(clk), .rst(1'b0), .in(product), .out(row));
		end
	endgenerate

	//Blocks
	wire [BLOCKS*SUM_BITS-1:0] blocks;
	generate
		for (k = 0; k < BLOCKS; k = k + 1) begin : g_block
			localparam COUNT = N - k * BLOCK < BLOCK ? N - k * BLOCK : BLOCK;
			reg [SUM_BITS-1:0] block;
			integer s;
			always @* begin
				block = {SUM_BITS{1'b0}};
				for (s = 0; s < COUNT; s = s + 1) begin
					block = block + rows[(k*BLOCK+s)*SUM_BITS +: SUM_BITS];
					if (SIGNED == 0)
						block = block + {{(SUM_BITS-1){1'b0}}, row_negatives[k*BLOCK+s]} - ({{(SUM_BITS-1){1'b0}}, row_negatives[k*BLOCK+s]} << P_BITS);
				end
			end
			delay #(.WIDTH(SUM_BITS), .CYCLES(TREE_CUTS >= 1 ? 1 : 0)) cut (.clk(clk), .rst(1'b0), .in(block), .out(blocks[k*SUM_BITS +: SUM_BITS]));
		end
	endgenerate

	//All of them
	reg [SUM_BITS-1:0] total;
	integer t;
	always @* begin
		total = {SUM_BITS{1'b0}};
		for (t = 0; t < BLOCKS; t = t + 1)
			total = total + blocks[t*SUM_BITS +: SUM_BITS];
	end
	delay #(.WIDTH(SUM_BITS), .CYCLES(TREE_CUTS >= 2 ? 1 : 0)) cut_total (.clk(clk), .rst(1'b0), .in(total & {SUM_BITS{valid}}), .out(sum));
endmodule
`default_nettype wire
