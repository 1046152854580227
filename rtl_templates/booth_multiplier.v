//@ only if engine_dense
`default_nettype none
// Product of two two's complement numbers, radix-4 Booth: half as many rows as bits of x, each 0, y or 2y, inverted where negative. Combinational.
// Rows are not sign-extended: bit Y_BITS of each comes inverted, and what that adds is taken off again by one constant.
module booth_multiplier #(
	parameter X_BITS = 16,  // recoded, at least 2
	parameter Y_BITS = 16
) (
	input  wire [X_BITS-1:0]        x,
	input  wire [Y_BITS-1:0]        y,
	output reg  [X_BITS+Y_BITS-1:0] product
);
	localparam ROWS = (X_BITS + 1) / 2;
	localparam P_BITS = X_BITS + Y_BITS;
	// digit r is worth -2 d[2] + d[1] + d[0]
	wire [2*ROWS:0] digits;
	generate
		if (2 * ROWS > X_BITS) begin : g_odd
			assign digits = {x[X_BITS-1], x, 1'b0};
		end else begin : g_even
			assign digits = {x, 1'b0};
		end
	endgenerate
	wire [Y_BITS:0] once = {y[Y_BITS-1], y};
	wire [Y_BITS:0] twice = {y, 1'b0};
	reg one, two, negative;
	reg [Y_BITS:0] row;
	reg [P_BITS+1:0] sum, bias; // two bits more than the last row's shift asks for fall off
	integer r;
	always @* begin
		sum = {(P_BITS+2){1'b0}};
		bias = {(P_BITS+2){1'b0}};
		for (r = 0; r < ROWS; r = r + 1) begin
			one = digits[2*r] ^ digits[2*r+1];
			two = (digits[2*r+2] & ~digits[2*r+1] & ~digits[2*r]) | (~digits[2*r+2] & digits[2*r+1] & digits[2*r]);
			negative = digits[2*r+2];
			row = (({(Y_BITS+1){one}} & once) | ({(Y_BITS+1){two}} & twice)) ^ {(Y_BITS+1){negative}};
			sum = sum + ({{(P_BITS+1-Y_BITS){1'b0}}, ~row[Y_BITS], row[Y_BITS-1:0]} << (2 * r)) + ({{(P_BITS+1){1'b0}}, negative} << (2 * r));
			bias = bias + ({{(P_BITS+1){1'b0}}, 1'b1} << (2 * r + Y_BITS));
		end
		sum = sum - bias;
		product = sum[P_BITS-1:0];
	end
endmodule
`default_nettype wire
