`default_nettype none
// product_block against the formula of its header, at random and at the ends of the range: save + carry without wrap. Prints the faults.
module product_bench;
	parameter COUNT = 2;
	parameter X_BITS = 8;
	parameter Y_BITS = 8;
	parameter OFFSET = 0;
	parameter VECTORS = 400;
	localparam DIGITS = (X_BITS + 1) / 2;
	localparam WIDTH = 2 * DIGITS + Y_BITS + $clog2(COUNT) + (OFFSET > 0 ? 1 : 0);
	reg [COUNT*X_BITS-1:0] x;
	reg [COUNT*Y_BITS-1:0] y;
	reg [COUNT-1:0] negate;
	wire [WIDTH-1:0] save, carry;
	product_block #(.COUNT(COUNT), .X_BITS(X_BITS), .Y_BITS(Y_BITS), .WIDTH(WIDTH), .OFFSET(OFFSET)) dut (
		.x(x), .y(y), .negate(negate), .save(save), .carry(carry)
	);
	wire [WIDTH-1:0] word_save, word_carry;
	word_compressor #(.COUNT(COUNT + 2), .WIDTH(X_BITS)) words (
		.words({x, y[X_BITS-1:0], ~x[X_BITS-1:0]}), .save(word_save[X_BITS-1:0]), .carry(word_carry[X_BITS-1:0])
	);

	reg signed [X_BITS-1:0] factor;
	reg signed [Y_BITS-1:0] other;
	reg signed [95:0] want, product;
	reg [X_BITS-1:0] sum, words_sum;
	integer i, k, faults;
	initial begin
		faults = 0;
		for (i = 0; i < VECTORS; i = i + 1) begin
			want = OFFSET;
			for (k = 0; k < COUNT; k = k + 1) begin
				factor = {$random, $random};
				other = {$random, $random};
				if (i % 4 == 1)
					factor = {1'b1, {(X_BITS-1){1'b0}}} - (i / 4) % 2;
				if (i % 3 == 1)
					other = {1'b1, {(Y_BITS-1){1'b0}}} - (i / 3) % 2;
				x[k*X_BITS +: X_BITS] = factor;
				y[k*Y_BITS +: Y_BITS] = other;
				negate[k] = i % 5 == 0 ? i / 5 : $random;
				product = factor * other;
				want = negate[k] ? want - product : want + product;
			end
			for (k = 0; k < DIGITS; k = k + 1)
				want = want + (COUNT << (2 * k + Y_BITS));
			sum = y[X_BITS-1:0] - x[X_BITS-1:0] - 1'b1;
			for (k = 0; k < COUNT; k = k + 1)
				sum = sum + x[k*X_BITS +: X_BITS];
			#1 words_sum = word_save[X_BITS-1:0] + word_carry[X_BITS-1:0];
			if ({1'b0, save} + {1'b0, carry} !== want || words_sum !== sum)
				faults = faults + 1;
		end
		$display("%0d faults", faults);
	end
endmodule
`default_nettype wire
