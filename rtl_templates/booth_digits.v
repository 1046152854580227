//@ only if engine_dense
`default_nettype none
// Radix-4 Booth recoding of a two's complement number: digit r, worth -2 to 2, counts 4^r. Combinational.
module booth_digits #(
	parameter X_BITS = 16,
	parameter DIGITS = 8      // half of X_BITS, rounded up
) (
	input  wire [X_BITS-1:0] x,
	input  wire              negate,  // of -x
	output wire [DIGITS-1:0] one,     // the digit is 1 or -1
	output wire [DIGITS-1:0] two,     // 2 or -2
	output wire [DIGITS-1:0] negative // may be set for a 0 as well
);
	wire [2*DIGITS:0] bits;
	genvar r;
	generate
		if (2 * DIGITS > X_BITS) begin : g_odd
			assign bits = {x[X_BITS-1], x, 1'b0};
		end else begin : g_even
			assign bits = {x, 1'b0};
		end
		for (r = 0; r < DIGITS; r = r + 1) begin : g_digit
			wire [2:0] three = bits[2*r +: 3]; // worth -2, 1, 1
			assign one[r] = three[0] ^ three[1];
			assign two[r] = (three[2] & ~three[1] & ~three[0]) | (~three[2] & three[1] & three[0]);
			assign negative[r] = three[2] ^ negate;
		end
	endgenerate
endmodule
`default_nettype wire
