//@ only if has_float
`default_nettype none
// Front of an fp32 addition: orders the operands, aligns the smaller one, adds. What comes out is for the final packager (SUM_BITS = 29).
// NaN operands are the canonical 0x7fc00000 (told from infinity by bit 22). One addition a cycle; latency CUT_IN + CUT_ORDER + CUT_TOTAL cycles.
module fp32_sum #(
	parameter CUT_IN = 0,    // register at the operands
	parameter CUT_ORDER = 0, // register before the alignment
	parameter CUT_TOTAL = 0  // register behind the sum
) (
	input  wire        clk,
	input  wire [31:0] a,
	input  wire [31:0] b,
	output wire [28:0] total, // two's complement: carry, 24 bits of significand, guard, round, sticky
	output wire [7:0]  room,  // the larger exponent field, at least 1
	output wire        sign,
	output wire [3:0]  kind   // nan, infinity, invalid, 0
);
	wire [31:0] x, y;
	delay #(.WIDTH(64), .CYCLES(CUT_IN)) cut_in (.clk(clk), .rst(1'b0), .in({a, b}), .out({x, y}));

	// order by exponent; the smaller one is aligned, by one place less when the difference comes out as one's complement
	wire [7:0] x_exp = {x[30:24], x[23] | ~|x[30:23]};
	wire [7:0] y_exp = {y[30:24], y[23] | ~|y[30:23]};
	wire [23:0] x_man = {|x[30:23], x[22:0]};
	wire [23:0] y_man = {|y[30:23], y[22:0]};
	wire [8:0] difference = {1'b0, x_exp} + {1'b1, ~y[30:23]} + {8'b0, |y[30:23]}; // y comes late, its lowest bit latest
	wire swap = difference[8];
	wire [7:0] raw_distance = difference[7:0] ^ {8{swap}};
	wire [5:0] distance = {|raw_distance[7:5], raw_distance[4:0]};
	wire [23:0] larger = swap ? y_man : x_man;
	wire [24:0] smaller = swap ? {1'b0, x_man} : {y_man, 1'b0}; // one bit below
	wire [7:0] exp = swap ? y_exp : x_exp;
	wire subtract = x[31] ^ y[31];
	wire x_full = &x[30:23];
	wire y_full = &y[30:23];
	wire clash = x_full & y_full & subtract & ~x[22] & ~y[22];
	wire nan = (x_full & x[22]) | (y_full & y[22]) | clash;
	wire infinity = x_full | y_full;
	// with exponent fields of all ones the larger one is infinite, or both are alike
	wire larger_sign = swap ? y[31] : x[31];

	// align; a distance of 32 and more (bit 5) leaves sticky only
	wire [23:0] big;
	wire [24:0] little;
	wire [5:0] shift;
	wire [7:0] big_exp;
	wire big_sign, minus, is_nan, is_infinity, is_clash;
	delay #(.WIDTH(68), .CYCLES(CUT_ORDER)) cut_order (
		.clk(clk), .rst(1'b0), .in({larger, smaller, distance, exp, larger_sign, subtract, nan, infinity, clash}),
		.out({big, little, shift, big_exp, big_sign, minus, is_nan, is_infinity, is_clash}));
	wire [26:0] aligned;
	fp32_aligner align (.in(little), .shift(shift), .out(aligned));
	wire [28:0] raw = {2'b0, big, 3'b0} + ({2'b0, aligned} ^ {29{minus}}) + {28'b0, minus};
	wire total_sign, total_minus;
	delay #(.WIDTH(42), .CYCLES(CUT_TOTAL)) cut_total (
		.clk(clk), .rst(1'b0), .in({raw, big_exp, big_sign, minus, is_nan, is_infinity, is_clash}),
		.out({total, room, total_sign, total_minus, kind[3:1]}));

	// equal magnitudes of opposite sign give plus zero
	assign sign = total_minus & ~kind[2] ? (total_sign ^ total[28]) & (|total) : total_sign;
	assign kind[0] = 1'b0;
endmodule
`default_nettype wire
