//@ only if has_float && accumulation_wide
`default_nettype none
// Sum without carry out. SPLIT = 1: the upper half is computed for both carries and selected, a shorter path for some 4 GE a bit of it. Combinational.
module split_adder #(
	parameter WIDTH = 65, // at least 2
	parameter SPLIT = 0
) (
	input  wire [WIDTH-1:0] a,
	input  wire [WIDTH-1:0] b,
	output wire [WIDTH-1:0] sum
);
	generate
		if (SPLIT != 0) begin : g_split
			localparam HALF = WIDTH / 2;
			wire carry;
			wire [HALF-1:0] low;
			assign {carry, low} = {1'b0, a[HALF-1:0]} + {1'b0, b[HALF-1:0]};
			wire [WIDTH-HALF-1:0] without = a[WIDTH-1:HALF] + b[WIDTH-1:HALF];
			wire [WIDTH-HALF-1:0] with_carry = a[WIDTH-1:HALF] + b[WIDTH-1:HALF] + 1'b1;
			assign sum = {carry ? with_carry : without, low};
		end else begin : g_whole
			assign sum = a + b;
		end
	endgenerate
endmodule
`default_nettype wire
