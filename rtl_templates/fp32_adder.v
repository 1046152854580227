`default_nettype none
// IEEE fp32 addition, round to nearest even, with subnormals. One addition a cycle; latency CUTS cycles.
// NaN operands are the canonical 0x7fc00000 (told from infinity by bit 22) and give it again; infinity minus infinity gives it with `invalid`.
// Cuts in the order in which they are put in: behind the sum, before the alignment, before rounding.
module fp32_adder #(
	parameter CUTS = 1 // 0 to 3
) (
	input  wire        clk,
	input  wire [31:0] a,
	input  wire [31:0] b,
	output wire [31:0] sum,
	output wire [3:0]  flags // invalid, overflow, underflow (never), inexact
);
	generate
		if (CUTS < 0 || CUTS > 3) begin : g_check
			fp32_adder_needs_cuts_0_to_3 bad_parameter ();
		end
	endgenerate

	// order by exponent; the smaller one is aligned, by one place less when the difference comes out as one's complement
	wire [7:0] a_exp = {a[30:24], a[23] | ~|a[30:23]};
	wire [7:0] b_exp = {b[30:24], b[23] | ~|b[30:23]};
	wire [23:0] a_man = {|a[30:23], a[22:0]};
	wire [23:0] b_man = {|b[30:23], b[22:0]};
	wire [8:0] difference = {1'b0, a_exp} - {1'b0, b_exp};
	wire swap = difference[8];
	wire [7:0] distance = difference[7:0] ^ {8{swap}};
	wire [23:0] larger = swap ? b_man : a_man;
	wire [24:0] smaller = swap ? {1'b0, a_man} : {b_man, 1'b0}; // one bit below
	wire larger_sign = swap ? b[31] : a[31];
	wire subtract = a[31] ^ b[31];
	wire [7:0] exp = swap ? b_exp : a_exp;
	wire a_full = &a[30:23];
	wire b_full = &b[30:23];
	wire clash = a_full & b_full & subtract & ~a[22] & ~b[22];
	wire nan = (a_full & a[22]) | (b_full & b[22]) | clash;
	wire infinity_sign = a_full ? a[31] : b[31];

	// align; a distance of 32 and more leaves sticky only
	wire [23:0] big;
	wire [24:0] little;
	wire [7:0] shift, big_exp;
	wire big_sign, minus, is_nan, is_infinity, inf_sign, is_clash;
	delay #(.WIDTH(71), .CYCLES(CUTS >= 2 ? 1 : 0)) cut_order (
		.clk(clk), .rst(1'b0), .in({larger, smaller, distance, exp, larger_sign, subtract, nan, a_full | b_full, infinity_sign, clash}),
		.out({big, little, shift, big_exp, big_sign, minus, is_nan, is_infinity, inf_sign, is_clash}));
	wire [26:0] aligned;
	fp32_aligner align (.in(little), .shift(shift), .out(aligned));
	wire [28:0] total = {2'b0, big, 3'b0} + ({2'b0, aligned} ^ {29{minus}}) + {28'b0, minus};

	// pack: bit 27 set means an exponent one above the larger one's
	wire [28:0] whole;
	wire [7:0] room;
	wire whole_sign, whole_minus, whole_nan, whole_infinity, whole_inf_sign, whole_clash;
	delay #(.WIDTH(43), .CYCLES(CUTS >= 1 ? 1 : 0)) cut_total (
		.clk(clk), .rst(1'b0), .in({total, big_exp, big_sign, minus, is_nan, is_infinity, inf_sign, is_clash}),
		.out({whole, room, whole_sign, whole_minus, whole_nan, whole_infinity, whole_inf_sign, whole_clash}));
	// equal magnitudes of opposite sign give plus zero
	wire plain_sign = whole_minus ? (whole_sign ^ whole[28]) & (|whole) : whole_sign;
	wire packed_sign, packed_nan, packed_infinity, packed_clash;
	wire [30:0] magnitude;
	wire overflow, inexact;
	// verilator lint_off UNUSED
	wire negative, underflow;
	// verilator lint_on UNUSED
	float_packer #(.SUM_BITS(29), .ROOM_BITS(10), .LIMIT(1), .CUT_COARSE(0), .CUT_FINE(CUTS >= 3 ? 1 : 0), .TAG_BITS(4)) packer (
		.clk(clk), .sum(whole), .room({2'b0, room}),
		.in_tag({whole_infinity ? whole_inf_sign : plain_sign, whole_nan, whole_infinity, whole_clash}),
		.tag({packed_sign, packed_nan, packed_infinity, packed_clash}),
		.negative(negative), .magnitude(magnitude), .overflow(overflow), .underflow(underflow), .inexact(inexact));
	wire full = packed_infinity | overflow;
	assign sum = {
		packed_sign & ~packed_nan,
		magnitude[30:23] | {8{full}},
		(magnitude[22] & ~full) | packed_nan,
		magnitude[21:0] & {22{~full}}};
	assign flags = {packed_clash, overflow & ~packed_infinity, 1'b0, inexact & ~packed_infinity};
endmodule
`default_nettype wire
